//! Faults that a test has asked for: requests that fail, come late or get no answer at all.

use std::time::Duration;

use super::wire::Delivery;

/// What happens to certain requests, for a number of times.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The start of the path that is affected; empty for all.
    pub path: String,
    /// How often it still happens.
    pub times: u32,
    /// The error that is answered instead of what would be answered.
    pub error: Option<String>,
    /// The region that a `misdirected_request` names.
    pub region: Option<String>,
    /// How long the answer takes.
    pub delay: Option<Duration>,
    /// Whether the connection is closed instead.
    pub hang_up: bool,
}

impl Fault {
    /// How an answer goes on its way.
    pub fn delivery(&self) -> Delivery {
        match self.delay {
            _ if self.hang_up => Delivery::Never,
            Some(delay) => Delivery::Late(delay),
            None => Delivery::Prompt,
        }
    }
}

/// The faults that still wait for their requests, the first come first.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    /// Takes all back.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The faults that wait.
    pub fn waiting(&self) -> &[Fault] {
        &self.0
    }

    /// The fault that a request to `path` meets.
    pub fn take(&mut self, path: &str) -> Option<Fault> {
        let position = self
            .0
            .iter()
            .position(|fault| path.starts_with(&fault.path))?;
        let fault = &mut self.0[position];
        fault.times = fault.times.saturating_sub(1);
        if fault.times == 0 {
            return Some(self.0.remove(position));
        }
        Some(fault.clone())
    }
}
