//! The secrets that stand in a file, whether or not the file can be used: its lines are about to
//! be shown.
//!
//! What could be decoded is no help here: a wrong type beside a secret, or one bracket too many,
//! and the part that holds it is missing from the collection.

use std::collections::HashSet;

use super::lint;
use crate::diagnostic::Diagnostics;
use crate::secrets::{Secrets, is_secret_name};
use crate::source::{SourceId, Sources};
use crate::template::{RESPONSE_NAMES, literal_parts};
use crate::yaml::{self, Kind, Node};

/// The keys under which expressions and rules stand and no values.
const NO_VALUES: [&str; 6] = ["allow", "assert", "capture", "keep", "secrets", "snapshot"];

/// What stands for the key where names are those of captures and rules.
const RULES: &str = "(rules)";

/// How many lines below its key a secret is looked for in a file that can't be parsed.
const LINES: usize = 100;

/// Takes every secret that files hold: the values of names that are secret, of secret header
/// fields and of secret fields, and what is a credential by its looks.
///
/// A file is looked at as the tree that it is; one that can't be parsed line by line.
pub fn secrets(sources: &Sources, files: &[SourceId], secrets: &mut Secrets) {
    let read: Vec<Read<'_>> = files.iter().map(|id| Read::new(sources, *id)).collect();
    let mut written = Written {
        listed: read.iter().flat_map(Read::listed).collect(),
        seen: HashSet::new(),
        secrets,
    };
    for one in &read {
        if let Some(root) = &one.tree {
            written.node(one.text, None, root);
        }
        if !one.is_whole {
            written.lines(one.text);
        }
    }
}

/// A file, and its tree as far as it has one.
struct Read<'s> {
    text: &'s str,
    tree: Option<Node>,
    /// Whether all of the text is in the tree.
    is_whole: bool,
}

impl<'s> Read<'s> {
    fn new(sources: &'s Sources, id: SourceId) -> Self {
        let mut diagnostics = Diagnostics::default();
        let tree = yaml::parse(sources, id, &mut diagnostics);
        Self {
            text: sources.get(id).text(),
            is_whole: tree.is_some() && !diagnostics.has_errors(),
            tree,
        }
    }

    /// The names under `secrets:`.
    fn listed(&self) -> Vec<String> {
        match self.tree.as_ref().and_then(|root| root.get("secrets")) {
            Some(names) => {
                let items = names.items().iter().chain([names]);
                items
                    .filter_map(|item| item.as_text().map(str::to_owned))
                    .collect()
            }
            None => listed_names(self.text),
        }
    }
}

struct Written<'s> {
    /// The names under `secrets:`.
    listed: Vec<String>,
    /// The lists and mappings that were looked at, each by its address and the key that holds it:
    /// aliases of aliases bring the same ones again and again.
    seen: HashSet<(usize, Option<String>)>,
    secrets: &'s mut Secrets,
}

impl Written<'_> {
    fn is_secret(&self, key: &str) -> bool {
        key == "bearer" || is_secret_name(key) || self.listed.iter().any(|name| name == key)
    }

    /// Whether a part of a tree was not looked at yet as the value of a key.
    fn is_new(&mut self, key: Option<&str>, node: &Node) -> bool {
        let address = match &node.kind {
            Kind::List(items) => items.as_ptr().addr(),
            Kind::Map(entries) => entries.as_ptr().addr(),
            Kind::Broken | Kind::Scalar(_) => return true,
        };
        self.seen.insert((address, key.map(str::to_owned)))
    }

    /// Looks at a part of a tree; `key` is what it is the value of.
    fn node(&mut self, text: &str, key: Option<&str>, node: &Node) {
        if !self.is_new(key, node) {
            return;
        }
        match &node.kind {
            Kind::Broken => {}
            Kind::Scalar(scalar) => {
                self.looks(&scalar.text);
                let Some(key) = key.filter(|_| !node.is_null()) else {
                    return;
                };
                self.value(key, &scalar.text);
                // Of a value on several lines each is shown by itself.
                let raw = text.get(node.span.range()).unwrap_or("");
                if raw.contains('\n') && self.is_secret(key) {
                    raw.lines().for_each(|line| self.piece(key, line));
                }
            }
            Kind::List(items) => items.iter().for_each(|item| self.node(text, key, item)),
            Kind::Map(entries) => {
                for entry in entries.iter() {
                    let name = &*entry.key.name;
                    match key {
                        Some(outer) if name == "default" && self.is_secret(outer) => {
                            self.node(text, key, &entry.value);
                        }
                        _ if NO_VALUES.contains(&name) => self.rules(&entry.value),
                        _ => self.node(text, Some(name), &entry.value),
                    }
                }
            }
        }
    }

    /// Looks at a part of a tree in which names are those of captures and rules.
    fn rules(&mut self, node: &Node) {
        if !self.is_new(Some(RULES), node) {
            return;
        }
        match &node.kind {
            Kind::Broken => {}
            Kind::Scalar(scalar) => self.looks(&scalar.text),
            Kind::List(items) => items.iter().for_each(|item| self.rules(item)),
            Kind::Map(entries) => entries.iter().for_each(|entry| self.rules(&entry.value)),
        }
    }

    /// Takes the value of a key, if it is one that is secret. A placeholder is none, and what is
    /// said of it names it.
    fn value(&mut self, key: &str, value: &str) {
        let is_secret = self.is_secret(key);
        for part in literal_parts(value) {
            if lint::placeholder(part).is_some() {
                continue;
            }
            if is_secret && !is_path(part) {
                self.secrets.add(key, part.trim());
            }
            self.secrets.learn_header(key, part);
            self.secrets.learn_field(key, part);
        }
    }

    /// Takes one line of a value.
    fn piece(&mut self, key: &str, line: &str) {
        let line = line
            .trim()
            .trim_matches(['"', '\''])
            .trim_start_matches("- ");
        if !matches!(line, "" | "|" | "|-" | "|+" | ">" | ">-" | ">+") {
            self.value(key, line);
        }
    }

    /// Takes what is a credential by its looks, and the secret fields of a URL.
    fn looks(&mut self, text: &str) {
        lint::credentials(text, &mut |secret| self.secrets.add("secret", secret));
        for pair in text.split(['?', '&', '#', ' ', '"', '\'']) {
            if let Some((name, value)) = pair.split_once('=') {
                self.value(name, value);
            }
        }
    }

    /// Looks at a text that is no YAML.
    fn lines(&mut self, text: &str) {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            self.looks(line);
            for (key, rest) in pairs(line) {
                let below = lines.get(at + 1..).unwrap_or_default();
                self.pair(key, rest, indent(line), below);
            }
        }
    }

    /// Looks at a key and the rest of its line.
    fn pair(&mut self, key: &str, rest: &str, depth: usize, below: &[&str]) {
        let rest = rest.trim();
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let closed = quote.and_then(|quote| rest[1..].split_once(quote));
        let plain = rest.split(" #").next().unwrap_or(rest);
        if let Some((value, _)) = closed {
            self.value(key, value);
        } else {
            // Brackets end it only if it stands in some.
            let plain = plain.trim_start_matches(['"', '\'', '[', '{']);
            for value in [plain, plain.split([',', '}', ']']).next().unwrap_or(plain)] {
                self.piece(key, value);
            }
        }
        let goes_on = rest.is_empty()
            || rest.starts_with(['|', '>', '[', '{', '&', '!'])
            || quote.is_some() && closed.is_none();
        if !goes_on || !self.is_secret(key) {
            return;
        }
        let deeper = |line: &&&str| line.trim().is_empty() || indent(line) > depth;
        for line in below.iter().take(LINES).take_while(deeper) {
            match pairs(line).next() {
                Some(("default", rest)) => self.piece(key, rest),
                Some(_) => {}
                None => self.piece(key, line),
            }
        }
    }
}

/// Whether a value is a path into a response, as a capture has it.
fn is_path(value: &str) -> bool {
    let name = value.trim().split(['.', '[', ' ']).next().unwrap_or("");
    RESPONSE_NAMES.contains(&name)
}

/// How many spaces and dashes a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t', '-']).len()
}

/// What could be a key on a line, and what stands after it.
fn pairs(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = line.match_indices(':').filter_map(|(at, _)| {
        let rest = &line[at + 1..];
        let before = line[..at].trim_end();
        let is_quoted = before.ends_with(['"', '\'']);
        (rest.is_empty() || is_quoted || rest.starts_with([' ', '\t'])).then_some((before, rest))
    });
    ends.filter_map(|(before, rest)| {
        let before = before.trim_end_matches(['"', '\'']);
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let start = before.trim_end_matches(is_part).len();
        (start < before.len()).then_some((&before[start..], rest))
    })
}

/// The names under `secrets:` in a text that is no YAML.
fn listed_names(text: &str) -> Vec<String> {
    let mut lines = text
        .lines()
        .skip_while(|line| !line.starts_with("secrets:"));
    let Some(first) = lines.next() else {
        return Vec::new();
    };
    let items = lines.take_while(|line| line.trim_start().starts_with("- "));
    let inline = first["secrets:".len()..].split([' ', ',', '[', ']']);
    let items = items.map(|line| line.trim_start().trim_start_matches("- "));
    inline
        .chain(items)
        .map(|name| name.trim().trim_matches(['"', '\'']).to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}
