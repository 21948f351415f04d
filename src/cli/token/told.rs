//! What was answered about a token, for people and for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::credentials::Credentials;
use super::lookup::{Answer, Info};
use super::needs::Need;
use crate::diagnostic::Diagnostic;
use crate::explain::explanation::explain;
use crate::explain::find::{Facts, find};
use crate::explain::scopes::AnyOf;
use crate::explain::{Seen, livechat};
use crate::http::message::Exchange;

/// A collection by its file, and what its steps need.
pub struct Wanted<'c> {
    /// The file.
    pub file: String,
    /// The steps.
    pub needs: Vec<Need<'c>>,
}

/// The scopes that a token holds; `None` where the API does not say.
pub fn held(answer: &Answer) -> Option<Vec<&str>> {
    match answer {
        Answer::Agent(info) => Some(info.scopes()),
        Answer::Customer(_) => Some(Vec::new()),
        _ => None,
    }
}

/// Whether a step needs what the token has not, as far as that is known.
pub fn lacks_scope(answer: &Answer, wanted: &[Wanted<'_>]) -> bool {
    held(answer).is_some_and(|held| {
        let mut needs = wanted.iter().flat_map(|one| &one.needs);
        needs.any(|need| !need.missing(&held).is_empty())
    })
}

/// The answer for a person, in the API's words.
pub fn for_people(
    answer: &Answer,
    credentials: &Credentials,
    server: &str,
    wanted: &[Wanted<'_>],
) -> String {
    let mut text = String::new();
    let mut row = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(text, "{name:<16} {value}");
        }
    };
    let info_rows = |info: &Info, row: &mut dyn FnMut(&str, Option<&str>)| {
        let app = info.client_id.as_ref();
        let app = app.map(|id| format!("{id}  (the app that it belongs to)"));
        row("client_id", app.as_deref());
        row("account_id", info.account_id.as_deref());
        row("entity_id", info.entity_id.as_deref());
        row("organization_id", info.organization_id.as_deref());
    };
    match answer {
        Answer::Agent(info) | Answer::Customer(info) => {
            info_rows(info, &mut row);
            let kind = info.token_type.as_deref().unwrap_or("Bearer");
            let whose = match answer {
                Answer::Agent(_) => "an agent's access token",
                _ => "a customer's access token: for the Customer Chat API, and no other",
            };
            row("token_type", Some(&format!("{kind}, {whose}")));
            row("region", credentials.region());
            let left = info
                .expires_in
                .map(|seconds| format!("in {}", span(seconds)));
            row("expires", left.as_deref());
            if let Answer::Agent(_) = answer {
                let scopes = info.scopes().join("\n                 ");
                row(
                    "scopes",
                    Some(if scopes.is_empty() { "none" } else { &scopes }),
                );
            } else {
                row("scopes", Some("none, as customers have none"));
            }
        }
        Answer::Personal(account) => {
            row("account_id", account.account_id.as_deref());
            row("name", account.name.as_deref());
            row("email", account.email.as_deref());
        }
        Answer::PersonalWithoutAccount => {
            row(
                "account",
                Some("not known: the token works, but lacks the scope `accounts--my:ro`"),
            );
        }
        Answer::Refused(_) | Answer::Unusable(_) => {}
    }
    if let Answer::Personal(_) | Answer::PersonalWithoutAccount = answer {
        row("token_type", Some("Basic, a personal access token"));
        row("region", credentials.region());
        row(
            "scopes",
            Some("the API does not tell those of personal access tokens; Developer Console does"),
        );
    }
    row("asked", Some(server));
    for one in wanted {
        text.push('\n');
        collection(&mut text, one, held(answer).as_deref());
    }
    text
}

fn collection(text: &mut String, wanted: &Wanted<'_>, held: Option<&[&str]>) {
    let Wanted { file, needs } = wanted;
    let calls = match needs.len() {
        0 => {
            let _ = writeln!(text, "{file}: no call that is known to need a scope");
            return;
        }
        1 => "1 call".to_owned(),
        count => format!("{count} calls"),
    };
    let missing = |need: &Need<'_>| match held {
        Some(held) => need.missing(held),
        None => need.needs.iter().collect(),
    };
    let rows: Vec<(&Need<'_>, Vec<&AnyOf>)> = needs
        .iter()
        .map(|need| (need, missing(need)))
        .filter(|(_, missing)| !missing.is_empty())
        .collect();
    let _ = match (held, rows.len()) {
        (None, _) => writeln!(text, "{file}: {calls} that need these scopes"),
        (Some(_), 0) => writeln!(text, "{file}: the token has the scopes of its {calls}"),
        (Some(_), lacking) => {
            writeln!(
                text,
                "{file}: of {calls} the token lacks the scope of {lacking}"
            )
        }
    };
    for (need, missing) in rows {
        let _ = writeln!(text, "  {}", need.step);
        let _ = writeln!(text, "      {} needs {}", need.call, alternatives(&missing));
    }
}

fn alternatives(missing: &[&AnyOf]) -> String {
    let each: Vec<String> = missing.iter().map(|any| any.join(" or ")).collect();
    each.join(", and ")
}

/// Seconds in the two largest units that they have.
fn span(seconds: u64) -> String {
    let units = [("d", 86400), ("h", 3600), ("min", 60), ("s", 1)];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, length) in units {
        if rest >= length {
            parts.push(format!("{} {unit}", rest / length));
            rest %= length;
        }
    }
    parts.truncate(2);
    if parts.is_empty() {
        return "0 s".to_owned();
    }
    parts.join(" ")
}

/// The answer for a program. Only fields that are no secrets are in it.
pub fn for_programs(
    answer: &Answer,
    credentials: &Credentials,
    server: &str,
    wanted: &[Wanted<'_>],
) -> Value {
    let mut object = match answer {
        Answer::Agent(info) | Answer::Customer(info) => json!({
            "kind": if matches!(answer, Answer::Agent(_)) { "agent" } else { "customer" },
            "client_id": info.client_id,
            "account_id": info.account_id,
            "entity_id": info.entity_id,
            "organization_id": info.organization_id,
            "token_type": info.token_type,
            "expires_in": info.expires_in,
        }),
        Answer::Personal(account) => json!({
            "kind": "personal",
            "account_id": account.account_id,
            "name": account.name,
            "email": account.email,
        }),
        Answer::PersonalWithoutAccount => json!({ "kind": "personal" }),
        Answer::Refused(exchange) => {
            json!({ "kind": "refused", "status": exchange.response.status })
        }
        Answer::Unusable(exchange) => {
            json!({ "kind": "unknown", "status": exchange.response.status })
        }
    };
    let held = held(answer);
    let steps = |one: &Wanted<'_>| {
        let steps = one.needs.iter().map(|need| {
            let missing = held.as_deref().map(|held| need.missing(held));
            json!({ "step": need.step, "call": need.call, "needs": need.needs, "missing": missing })
        });
        json!({ "file": one.file, "steps": steps.collect::<Vec<_>>() })
    };
    object["scopes"] = json!(held);
    object["region"] = json!(credentials.region());
    object["asked"] = json!(server);
    object["collections"] = wanted.iter().map(steps).collect();
    object
}

/// Why a token is refused: what the answer says, explained, and what else it may be.
pub fn refusal(exchange: &Exchange, credentials: &Credentials) -> Diagnostic {
    let status = exchange.response.status;
    let path = exchange.request.url.path();
    let what = match credentials {
        Credentials::Bearer(_) => "token",
        Credentials::Basic { .. } => "personal access token",
    };
    let message = format!("the {what} is refused: `{path}` answers with {status}");
    let mut diagnostic = Diagnostic::without_place("token-refused", message);
    let entries = find([livechat()], &Seen::of_exchange(exchange), &Facts::new());
    if let Some(entry) = entries.first() {
        let told = explain(entry, &Facts::new());
        diagnostic = diagnostic
            .note(format!("the answer is {}: {}", told.title, told.means))
            .help(format!("all of it: `{}`", told.command));
    }
    match credentials {
        Credentials::Bearer(_) => diagnostic
            .note("it may have expired or been revoked, or be a part of a token; refresh tokens and personal access tokens can't be looked up as access tokens")
            .help("get a new one, with `grant_type=refresh_token` or from the authorize step on")
            .help("for a personal access token give `pat` and `account_id`"),
        Credentials::Basic { .. } => diagnostic
            .note("it may have been deleted, or be a part of a token, or `account_id` is not the account that made it")
            .help("compare both with Developer Console, Settings, Authorization, PAT"),
    }
}

/// What is said of a token that still holds `%3A`, which is not sent.
pub fn percent_encoded() -> Diagnostic {
    Diagnostic::without_place(
        "percent-encoded-token",
        "the token holds `%3A`, so it was copied from an address as it stands there",
    )
    .note("every API refuses it so; nothing was sent")
    .help("change `%3A` to `:`")
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn the_time_that_is_left_is_said_in_two_units() {
        for (seconds, told) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (28_799, "7 h 59 min"),
            (86_400 * 3 + 7, "3 d 7 s"),
        ] {
            assert_eq!(span(seconds), told);
        }
    }
}
