//! A numbered list of conditions of the documentation, and a table of what provokes each.

use std::collections::BTreeSet;

use super::{More, Provoke, assert_error};
use crate::sandbox::client::{Reply, Scene};

/// A status, a code, and what the body says beside it.
pub type Said = (u16, &'static str, More);

pub const UNAUTHORIZED: Said = (401, "unauthorized_client", More::Nothing);
pub const INVALID_GRANT: Said = (401, "invalid_grant", More::Nothing);

/// What is said of a parameter that is missing or is not what it should be.
pub const fn invalid(name: &'static str, problem: &'static str) -> Said {
    (422, "invalid_request", More::InvalidField(name, problem))
}

pub const fn missing(name: &'static str) -> Said {
    invalid(name, "is required")
}

pub struct Table {
    /// In their order.
    pub conditions: &'static [&'static str],
    /// Sends a good request but for one parameter.
    pub send: fn(&mut Scene, &str, &str) -> Reply,
    /// The number of a condition, the parameter and its value that provoke it, and what comes of it.
    pub parameters: &'static [(usize, &'static str, &'static str, Said)],
    /// What one parameter can't provoke.
    pub others: &'static [(usize, &'static str, Provoke, Said)],
}

impl Table {
    /// Every row holds, each in a sandbox of its own, and every condition has one.
    pub fn holds(&self) {
        let row = |number: usize, case: &str| {
            let condition = self.conditions[number - 1];
            format!("{number} {condition}: {case}")
        };
        for (number, name, value, said) in self.parameters {
            let reply = (self.send)(&mut Scene::new(), name, value);
            assert_error(&row(*number, &format!("{name}={value}")), &reply, *said);
        }
        for (number, case, provoke, said) in self.others {
            assert_error(&row(*number, case), &provoke(&mut Scene::new()), *said);
        }
        let parameters = self.parameters.iter().map(|(number, ..)| *number);
        let others = self.others.iter().map(|(number, ..)| *number);
        let seen: BTreeSet<usize> = parameters.chain(others).collect();
        let all = (1..=self.conditions.len()).collect();
        assert_eq!(seen, all, "a row is missing");
    }
}
