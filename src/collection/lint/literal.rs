//! What a text holds that nobody meant to send: placeholders, colons that are still
//! percent-encoded, personal access tokens after `Bearer`, and secrets.

use std::ops::Range;

use super::code::Lint;
use super::look::Look;
use super::shapes;
use super::slots::{self, Slot};
use crate::collection::model::{Collection, Step, Text, named};
use crate::diagnostic::Diagnostic;
use crate::secrets::is_secret_value;
use crate::template::{literal_parts, lone_name};
use crate::yaml::Data;

/// How deep variables may refer to each other.
const DEPTH: usize = 16;

/// What stands between a credential and the scheme, the name or the URL around it.
const SEPARATORS: [char; 12] = [' ', ';', '=', '/', '@', '?', '&', '\'', '"', '(', ')', ','];

/// Looks at every text of a collection.
pub(super) fn collection(look: &mut Look<'_, '_>) {
    slots::all(look.collection, &mut |step, slot, text| {
        one(look, step, slot, text);
    });
}

fn one<'c>(look: &mut Look<'_, 'c>, step: Option<&Step>, slot: Slot<'c>, text: &'c Text) {
    if let Some(range) = placeholder(&text.value) {
        let diagnostic = unreplaced(look, slot, text, range);
        look.tell(step, diagnostic);
        return;
    }
    if let Some(range) = encoded(look.collection, slot, &text.value) {
        let place = look.place(text, range);
        let message = "this holds `%3A` where a colon is meant";
        let diagnostic = Lint::PercentEncodedToken.at(place, message).help(
            "it was copied out of an address, in which `:` is written `%3A`: `dal%3A…` is `dal:…`",
        );
        let diagnostic = if text.value.contains("{{") {
            diagnostic
        } else {
            diagnostic.fix("write the colon", place, ":")
        };
        look.tell(step, diagnostic);
    }
    if let Some(diagnostic) = pat(look, slot, text) {
        look.tell(step, diagnostic);
        return;
    }
    if is_literal_secret(look.collection, slot, text) {
        let name = suggested_name(slot);
        let message = "a secret is written in the file";
        let help = match slot {
            Slot::Value(name) => format!(
                "remove the value and give it with `--secret {name}=…`, or as `{name}=…` in a file `.env` beside the collection"
            ),
            _ => format!(
                "declare an input `{name}:`, write `{{{{ {name} }}}}` here, and give it with `--secret {name}=…`"
            ),
        };
        look.tell(step, Lint::LiteralSecret.at(text.span, message).help(help));
    }
}

/// A placeholder in a text, but not within its templates.
fn placeholder(text: &str) -> Option<Range<usize>> {
    if !text.contains("{{") {
        return shapes::placeholder(text);
    }
    literal_parts(text).find_map(|part| {
        let start = part.as_ptr().addr() - text.as_ptr().addr();
        let range = shapes::placeholder(part)?;
        Some(start + range.start..start + range.end)
    })
}

fn unreplaced(look: &Look<'_, '_>, slot: Slot<'_>, text: &Text, range: Range<usize>) -> Diagnostic {
    let message = format!(
        "the placeholder `{}` was never replaced",
        &text.value[range.clone()]
    );
    let help = match slot {
        Slot::Value(name) => {
            let flag = if look.collection.is_secret(name) {
                "--secret"
            } else {
                "--variable"
            };
            format!("put the value here, or leave it empty and give it with `{flag} {name}=…`")
        }
        _ => "put the value here, or declare an input and write `{{ its_name }}`".to_owned(),
    };
    Lint::UnreplacedPlaceholder
        .at(look.place(text, range), message)
        .help(help)
}

/// An encoded colon: anywhere in a token or code, else only in what looks like one.
fn encoded(collection: &Collection, slot: Slot<'_>, text: &str) -> Option<Range<usize>> {
    if !text.contains('%') || slot == Slot::Url {
        return None;
    }
    if slot.is_token(collection) {
        shapes::encoded_colon(text)
    } else {
        shapes::encoded_token(text)
    }
}

/// A personal access token after `Bearer`.
fn pat<'c>(look: &Look<'_, 'c>, slot: Slot<'c>, text: &'c Text) -> Option<Diagnostic> {
    let token = match slot {
        Slot::Bearer => text.value.as_str(),
        Slot::Header(name) if name.eq_ignore_ascii_case("authorization") => {
            let (scheme, token) = text.value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then_some(token)?
        }
        _ => return None,
    };
    let name = lone_name(token).and_then(|name| pat_behind(look.collection, name, DEPTH));
    if name.is_none() && !shapes::is_basic_pair(token.trim()) {
        return None;
    }
    let message = "a personal access token is sent as a bearer token";
    let diagnostic = Lint::PatAsBearer.at(text.span, message);
    Some(diagnostic.help(format!(
        "it goes with HTTP Basic: `auth: {{ basic: {{ username: \"{{{{ account_id }}}}\", password: \"{{{{ {} }}}}\" }} }}`",
        name.unwrap_or("pat")
    )))
}

/// The name of a personal access token that a name stands for, by itself or through variables.
pub(super) fn pat_behind<'c>(
    collection: &'c Collection,
    name: &'c str,
    depth: usize,
) -> Option<&'c str> {
    if shapes::is_pat_name(name) {
        return Some(name);
    }
    let (_, value) = named(&collection.shared.variables, name)?;
    match value {
        Data::Text(text) if depth > 0 => pat_behind(collection, lone_name(&text.value)?, depth - 1),
        _ => None,
    }
}

fn is_literal_secret(collection: &Collection, slot: Slot<'_>, text: &Text) -> bool {
    let value = text.value.as_str();
    // What a template is a part of is looked at without it: `Bearer {{ token }}`.
    let parts = || literal_parts(value);
    let by_place = slot.is_secret(collection)
        && match slot {
            Slot::Header(_) => parts().any(|part| part.split([' ', '=', ';']).any(is_random)),
            _ => !value.contains("{{") && is_secret_value(value) && is_random(value),
        };
    by_place
        || slot != Slot::Url && parts().any(shapes::is_credential)
        || password_in(slot, value).is_some()
}

/// Whether a word has the look of a credential, and not that of a scheme or of `wrong-token`.
fn is_random(word: &str) -> bool {
    word.len() >= 8 && word.contains(|c: char| c.is_ascii_digit()) || word.len() >= 24
}

/// The password of `https://user:password@host/`.
fn password_in<'t>(slot: Slot<'_>, value: &'t str) -> Option<&'t str> {
    if !matches!(slot, Slot::Url | Slot::Value(_)) {
        return None;
    }
    let (_, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let (user, _) = authority.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    (!password.is_empty() && !password.contains("{{")).then_some(password)
}

/// What an input for the secret could be called.
fn suggested_name(slot: Slot<'_>) -> &str {
    match slot {
        Slot::Field(name) | Slot::Value(name) => name,
        Slot::Password => "password",
        Slot::Bearer | Slot::Header(_) | Slot::Url | Slot::Other => "api_token",
    }
}

/// Calls `visit` with every credential that stands in a collection where it should not, so that
/// messages can hide it.
pub fn written_secrets(collection: &Collection, visit: &mut dyn FnMut(&str)) {
    slots::all(collection, &mut |_, slot, text| {
        let is_meant = encoded(collection, slot, &text.value).is_some()
            || shapes::is_basic_pair(text.value.trim())
            || is_literal_secret(collection, slot, text);
        if !is_meant || placeholder(&text.value).is_some() {
            return;
        }
        if let Some(password) = password_in(slot, &text.value) {
            visit(password);
        }
        for part in literal_parts(&text.value) {
            // A scheme, a name and a URL around the credential stay readable.
            let words = part.split(SEPARATORS);
            words.filter(|word| is_random(word)).for_each(&mut *visit);
            if shapes::is_credential(part) {
                visit(part);
            }
        }
    });
}

/// Calls `visit` with every credential in a text, whatever it stands for: one by its looks, and the
/// password of a URL.
pub fn credentials(text: &str, visit: &mut dyn FnMut(&str)) {
    for part in literal_parts(text) {
        let words = part.split(['"', '\'', '(', ')', ',', ' ']);
        words
            .filter_map(|word| password_in(Slot::Url, word))
            .for_each(&mut *visit);
        let words = part.split(SEPARATORS);
        words
            .filter(|word| shapes::is_credential(word))
            .for_each(&mut *visit);
    }
}
