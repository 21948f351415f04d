//! Scopes of the LiveChat API: which of them its calls need, and which of them include which.
//! The table is data, `scopes.json`; its source is `livechat.md` §3.

use std::sync::OnceLock;

use serde::Deserialize;

/// Calls that need the same scopes.
#[derive(Debug, Deserialize)]
struct Row {
    /// How their paths end; a method stands before it where it makes a difference.
    calls: Vec<String>,
    needs: Vec<AnyOf>,
}

/// Scopes of which one is enough.
pub type AnyOf = Vec<String>;

fn table() -> &'static [Row] {
    static TABLE: OnceLock<Vec<Row>> = OnceLock::new();
    TABLE.get_or_init(|| {
        serde_json::from_str(include_str!("scopes.json")).expect("a test reads the same text")
    })
}

/// What a call needs by its method and path: one scope of each list. `None` where the table does not
/// know the call, or it needs none.
pub fn needed_by(method: &str, path: &str) -> Option<&'static [AnyOf]> {
    let path = path.trim_end_matches('/');
    let is_meant = |call: &String| {
        let (of, end) = match call.split_once(' ') {
            Some((of, end)) => (Some(of), end),
            None => (None, call.as_str()),
        };
        let is_whole = |rest: &str| rest.is_empty() || rest.ends_with('/');
        of.is_none_or(|of| of.eq_ignore_ascii_case(method))
            && path.strip_suffix(end).is_some_and(is_whole)
    };
    let row = table().iter().find(|row| row.calls.iter().any(is_meant))?;
    Some(&row.needs)
}

/// Whether holding a scope gives what another one gives: `rw` includes `rc` and `ro`; `all` includes
/// `access`, `groups` and `my`, and `access` includes `my`. Any scope includes itself.
pub fn covers(held: &str, needed: &str) -> bool {
    let (Some(held_parts), Some(needed_parts)) = (parts(held), parts(needed)) else {
        return held == needed;
    };
    let (resource, reach, mode) = held_parts;
    let (needed_resource, needed_reach, needed_mode) = needed_parts;
    let reaches = reach == needed_reach
        || matches!(
            (reach, needed_reach),
            ("all", "access" | "groups" | "my") | ("access", "my")
        );
    let may =
        mode == needed_mode || matches!((mode, needed_mode), ("rw", "rc" | "ro") | ("rc", "ro"));
    resource == needed_resource && reaches && may
}

/// A scope's resource, reach and mode: `resource[.sub][--reach]:mode`.
fn parts(scope: &str) -> Option<(&str, &str, &str)> {
    let (subject, mode) = scope.split_once(':')?;
    let (resource, reach) = subject.split_once("--").unwrap_or((subject, ""));
    Some((resource, reach, mode))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_scope_covers_a_narrower_one_and_no_other() {
        for (held, needed, expected) in [
            ("chats--all:rw", "chats--access:ro", true),
            ("chats--access:rw", "chats--all:ro", false),
            ("chats--all:ro", "chats--all:rw", false),
            ("customers:rw", "customers:ro", true),
            ("customers:rw", "customers:own", false),
            ("customers:own", "customers:ro", false),
            ("customers:rw", "customers.ban:rw", false),
            ("agents--all:ro", "agents-bot--all:ro", false),
            ("accounts--all:rc", "accounts--my:ro", true),
            ("of_another_kind", "of_another_kind", true),
        ] {
            assert_eq!(covers(held, needed), expected, "{held} covers {needed}");
        }
    }

    #[test]
    fn a_call_is_known_by_the_end_of_its_path_and_the_method_where_it_counts() {
        let of = |method, path| needed_by(method, path).map(|needs| needs.concat().join(" "));
        let one = |text: &str| Some(text.to_owned());
        assert_eq!(
            of("POST", "/v3.6/agent/action/list_chats"),
            one("chats--all:ro chats--access:ro")
        );
        assert_eq!(of("GET", "/v2/sessions"), one("sessions--my:ro"));
        assert_eq!(of("DELETE", "/v2/sessions/"), one("sessions--my:rw"));
        assert_eq!(of("POST", "/v2/customer/token"), one("customers:own"));
        assert_eq!(of("POST", "/v3.6/agent/action/upload_file"), None);
        assert_eq!(of("POST", "/v3.6/customer/action/list_chats"), None);
        assert_eq!(of("POST", "/v2/noncustomer/token"), None);
    }
}
