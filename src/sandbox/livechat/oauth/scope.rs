//! Scopes: their grammar, which of them include which, and what a method asks for.
//! Who holds a scope is the business of [`super::grant`].

use std::fmt;

use crate::sandbox::livechat::organization::Role::{self, Administrator, Normal, Owner};

/// The scopes that exist and the least role that may use each, as Developer Console lists them.
/// `chats--my` and `chats.conversation` are left out: no version that is served needs them any more.
const KNOWN: &[(&str, Role)] = &[
    ("access_rules:ro", Administrator),
    ("access_rules:rw", Administrator),
    ("accounts--all:rc", Normal),
    ("accounts--all:ro", Normal),
    ("accounts--all:rw", Administrator),
    ("accounts--my:ro", Normal),
    ("accounts--my:rw", Normal),
    ("accounts.roles--all:ro", Normal),
    ("accounts.roles--all:rw", Administrator),
    ("accounts.roles.lc--all:rw", Administrator),
    ("agents--all:ro", Normal),
    ("agents--all:rw", Administrator),
    ("agents--my:ro", Normal),
    ("agents--my:rw", Normal),
    ("agents-bot--all:ro", Normal),
    ("agents-bot--all:rw", Administrator),
    ("agents-bot--my:ro", Administrator),
    ("agents-bot--my:rw", Administrator),
    ("canned_responses--all:ro", Administrator),
    ("canned_responses--all:rw", Administrator),
    ("canned_responses--groups:ro", Normal),
    ("canned_responses--groups:rw", Administrator),
    ("chats--access:ro", Normal),
    ("chats--access:rw", Normal),
    ("chats--all:ro", Administrator),
    ("chats--all:rw", Administrator),
    ("customers.ban:rw", Normal),
    ("customers:own", Administrator),
    ("customers:ro", Normal),
    ("customers:rw", Normal),
    ("groups--all:ro", Normal),
    ("groups--all:rw", Administrator),
    ("groups--my:ro", Normal),
    ("groups--my:rw", Administrator),
    ("multicast:rw", Normal),
    ("organization--my:rw", Owner),
    ("properties--all:ro", Administrator),
    ("properties--my:ro", Administrator),
    ("properties--my:rw", Administrator),
    ("properties.configuration:rw", Administrator),
    ("properties.group.value--all:rw", Administrator),
    ("properties.group.value--my:rw", Administrator),
    ("properties.license.value--all:rw", Administrator),
    ("properties.license.value--my:rw", Administrator),
    ("sessions--my:ro", Normal),
    ("sessions--my:rw", Normal),
    ("tags--all:ro", Normal),
    ("tags--all:rw", Administrator),
    ("tags--groups:ro", Normal),
    ("tags--groups:rw", Normal),
    ("webhooks--all:ro", Administrator),
    ("webhooks--all:rw", Administrator),
    ("webhooks--my:ro", Administrator),
    ("webhooks--my:rw", Administrator),
    ("webhooks.configuration:rw", Administrator),
    ("webhooks.state:ro", Administrator),
    ("webhooks.state:rw", Administrator),
];

/// How much of a resource a scope reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    All,
    Access,
    Groups,
    My,
    /// A scope without `--…`, such as `customers:ro`.
    Unstated,
}

/// What a scope lets one do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Read,
    Create,
    Write,
    /// `customers:own`, which stands for itself.
    Own,
}

/// What a scope's name says: `resource[.sub][--reach]:mode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts<'a> {
    resource: &'a str,
    reach: Reach,
    mode: Mode,
}

impl<'a> Parts<'a> {
    fn of(name: &'a str) -> Option<Self> {
        let (subject, mode) = name.split_once(':')?;
        let mode = match mode {
            "ro" => Mode::Read,
            "rc" => Mode::Create,
            "rw" => Mode::Write,
            "own" => Mode::Own,
            _ => return None,
        };
        let (resource, reach) = match subject.split_once("--") {
            Some((resource, "all")) => (resource, Reach::All),
            Some((resource, "access")) => (resource, Reach::Access),
            Some((resource, "groups")) => (resource, Reach::Groups),
            Some((resource, "my")) => (resource, Reach::My),
            Some(_) => return None,
            None => (subject, Reach::Unstated),
        };
        Some(Self {
            resource,
            reach,
            mode,
        })
    }

    /// Whether holding this gives what `needed` gives: `rw` ⊃ `rc` ⊃ `ro`, `all` ⊃ `access` ⊃ `my`.
    fn covers(self, needed: Parts<'_>) -> bool {
        let mode = match self.mode {
            Mode::Own => needed.mode == Mode::Own,
            Mode::Write => needed.mode != Mode::Own,
            Mode::Create => matches!(needed.mode, Mode::Create | Mode::Read),
            Mode::Read => needed.mode == Mode::Read,
        };
        let reach = match self.reach {
            Reach::All => needed.reach != Reach::Unstated,
            Reach::Access => matches!(needed.reach, Reach::Access | Reach::My),
            Reach::Groups | Reach::My | Reach::Unstated => needed.reach == self.reach,
        };
        mode && reach && self.resource == needed.resource
    }
}

/// A scope that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Scope {
    name: &'static str,
    parts: Parts<'static>,
    role: Role,
}

impl Scope {
    fn parse(text: &str) -> Option<Self> {
        let (name, role) = KNOWN.iter().find(|(name, _)| *name == text)?;
        Some(Self {
            name,
            parts: Parts::of(name)?,
            role: *role,
        })
    }
}

/// A set of scopes, in alphabetical order as the API returns them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// Reads a list separated by commas or blanks.
    ///
    /// # Errors
    /// With the name of the first scope that does not exist.
    pub fn parse(list: &str) -> Result<Self, String> {
        let mut scopes = Vec::new();
        for name in list.split([',', ' ']).filter(|name| !name.is_empty()) {
            scopes.push(Scope::parse(name).ok_or_else(|| name.to_owned())?);
        }
        scopes.sort_unstable_by_key(|scope: &Scope| scope.name);
        scopes.dedup();
        Ok(Self(scopes))
    }

    /// Whether an agent of the given role may do, by these, what the scope `needed` stands for.
    /// A scope that is beyond the role is no use, not even for less than it says.
    pub fn allow(&self, needed: &str, role: Role) -> bool {
        Parts::of(needed).is_some_and(|needed| {
            self.0
                .iter()
                .any(|held| held.role <= role && held.parts.covers(needed))
        })
    }

    /// Whether these cover each of `others`.
    pub fn cover_all(&self, others: &Self) -> bool {
        others
            .0
            .iter()
            .all(|needed| self.0.iter().any(|held| held.parts.covers(needed.parts)))
    }

    /// The least role that may use all of these.
    pub fn least_role(&self) -> Role {
        self.0
            .iter()
            .map(|scope| scope.role)
            .max()
            .unwrap_or(Role::Normal)
    }

    /// The scopes' names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|scope| scope.name)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, name) in self.names().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(name)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_scopes_cover_narrower_ones() {
        let rows = [
            ("chats--all:rw", "chats--access:ro", true),
            ("chats--access:rw", "chats--all:ro", false),
            ("chats--all:ro", "chats--all:rw", false),
            ("customers:rw", "customers:ro", true),
            ("customers:rw", "customers:own", false),
            ("customers:own", "customers:ro", false),
            ("customers:rw", "customers.ban:rw", false),
            ("agents--all:ro", "agents--my:ro", true),
            ("agents--my:ro", "agents-bot--my:ro", false),
            ("accounts--all:rc", "accounts--my:ro", true),
            ("tags--groups:rw", "tags--all:ro", false),
        ];
        for (held, needed, covered) in rows {
            let scopes = Scopes::parse(held).unwrap();
            assert_eq!(
                scopes.allow(needed, Role::Owner),
                covered,
                "{held} covers {needed}"
            );
        }
    }

    #[test]
    fn a_scope_is_no_use_to_an_agent_below_its_role() {
        let scopes = Scopes::parse("chats--all:ro").unwrap();
        assert!(scopes.allow("chats--access:ro", Role::Administrator));
        assert!(!scopes.allow("chats--access:ro", Role::Normal));
        assert_eq!(scopes.least_role(), Role::Administrator);
        assert_eq!(Scopes::default().least_role(), Role::Normal);
    }

    #[test]
    fn every_known_scope_follows_the_grammar() {
        for (name, _) in KNOWN {
            assert!(Scope::parse(name).is_some(), "{name}");
        }
        assert!(KNOWN.is_sorted());
    }

    #[test]
    fn lists_are_sorted_and_joined_by_commas() {
        let scopes = Scopes::parse("customers:own chats--all:ro,customers:own").unwrap();
        assert_eq!(scopes.to_string(), "chats--all:ro,customers:own");
    }

    #[test]
    fn an_unknown_scope_is_named() {
        assert_eq!(
            Scopes::parse("chats--all:ro,nope--all:ro"),
            Err("nope--all:ro".to_owned())
        );
        assert_eq!(Scopes::parse("chats--all"), Err("chats--all".to_owned()));
    }
}
