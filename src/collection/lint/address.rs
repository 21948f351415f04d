//! The part of a URL that is known before anything runs, under each environment.

use crate::collection::flow::definitions;
use crate::collection::model::{Collection, Environment, Text, named};
use crate::source::Span;
use crate::template::lone_name;
use crate::yaml::Data;

/// How deep values may refer to each other.
const DEPTH: usize = 16;

/// The beginning of a text under an environment, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Beginning {
    /// The text.
    text: String,
    /// Where its first characters are written.
    origin: Option<Span>,
    /// Whether this is all of it.
    is_whole: bool,
}

impl Beginning {
    /// Works out the beginning of a template.
    pub(super) fn of(
        collection: &Collection,
        environment: Option<&Environment>,
        text: &Text,
    ) -> Self {
        let mut beginning = Self::default();
        beginning.is_whole = beginning.add((collection, environment), text, DEPTH);
        beginning
    }

    /// The host, if it is known that this is reached over `http://` and is not this machine, and
    /// where the scheme is written.
    pub(super) fn foreign_plain_host(&self) -> Option<(&str, Span)> {
        let scheme = self.text.get(..7)?;
        if !scheme.eq_ignore_ascii_case("http://") {
            return None;
        }
        let rest = &self.text[7..];
        let end = rest.find(['/', '?', '#', '\\']);
        if end.is_none() && !self.is_whole {
            return None;
        }
        let authority = &rest[..end.unwrap_or(rest.len())];
        let host = authority
            .rsplit_once('@')
            .map_or(authority, |(_, host)| host);
        let name = match host.strip_prefix('[') {
            Some(address) => address.split(']').next().unwrap_or(""),
            None => host.split(':').next().unwrap_or(""),
        };
        (!name.is_empty() && !is_loopback(name)).then_some((host, self.origin?))
    }

    /// Adds a text; whether all of it is known.
    fn add(
        &mut self,
        place: (&Collection, Option<&Environment>),
        text: &Text,
        depth: usize,
    ) -> bool {
        if depth == 0 || text.value.contains("{%") || text.value.contains("{#") {
            return false;
        }
        let mut rest = text.value.as_str();
        while let Some(open) = rest.find("{{") {
            self.push(&rest[..open], text.span);
            let Some(close) = rest.find("}}").filter(|close| *close > open) else {
                return false;
            };
            let Some(name) = lone_name(&rest[open..close + 2]) else {
                return false;
            };
            let Some(value) = value_of(place, name) else {
                return false;
            };
            if !self.add(place, value, depth - 1) {
                return false;
            }
            rest = &rest[close + 2..];
        }
        self.push(rest, text.span);
        true
    }

    fn push(&mut self, text: &str, origin: Span) {
        if self.text.is_empty() && !text.is_empty() {
            self.origin = Some(origin);
        }
        self.text.push_str(text);
    }
}

/// The text that a name has under an environment, unless that is decided later.
fn value_of<'c>(
    (collection, environment): (&'c Collection, Option<&'c Environment>),
    name: &str,
) -> Option<&'c Text> {
    let sandbox = environment.and_then(|environment| environment.sandbox);
    if sandbox.is_some_and(|kind| kind.value.inputs().contains(&name)) {
        return None;
    }
    let declared = named(&collection.shared.inputs, name);
    let default = declared.and_then(|(_, input)| input.default.as_ref());
    match definitions(collection, environment, name)
        .next()
        .or(default)
    {
        Some(Data::Text(text)) => Some(text),
        _ => None,
    }
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_has_many_names() {
        for host in [
            "localhost",
            "LOCALHOST.",
            "api.localhost",
            "127.0.0.9",
            "::1",
            "0.0.0.0",
        ] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "localhost.example.com",
            "128.0.0.1",
            "10.0.0.1",
            "api",
            "fe80::1",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
