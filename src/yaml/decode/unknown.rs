//! What is said of a key that no struct knows: the one that was meant, where it belongs, or which
//! there are.

use super::entries::Keys;
use crate::diagnostic::{Diagnostic, closest};
use crate::source::Span;
use crate::yaml::advice::{glued_key, shorten};
use crate::yaml::tree::Key;

impl Keys<'_> {
    /// Tells of a key that is none of `known`; `via` is the merge that brought it.
    pub(super) fn tell_unknown(
        &self,
        key: &Key,
        via: Option<Span>,
        known: &'static [&'static str],
    ) {
        let message = format!("unknown key `{}`", shorten(&key.name));
        let mut diagnostic = self.map.error("unknown-key", message, key.span);
        if let (Some(via), None) = (via, self.map.via()) {
            diagnostic = diagnostic.also(via, "merged in here");
        }
        if !self.map.path.is_empty() {
            diagnostic = diagnostic.label(format!("not a key of `{}`", self.map.path));
        }
        let advice = self
            .respaced(key, known)
            .or_else(|| self.respelt(key, known))
            .or_else(|| self.without_odd_start(key))
            .or_else(|| self.replaced(key));
        self.map.state.tell(match advice {
            Some(Advice::Help(help)) => diagnostic.help(help),
            Some(Advice::Fix(message, place, text)) => diagnostic.fix(message, place, text),
            Some(Advice::CertainFix(message, place, text)) => {
                diagnostic.fix(message, place, text).certain()
            }
            None => self.listed(diagnostic, known),
        });
    }

    /// Notes which key was probably meant, so that it is not called missing as well.
    fn means(&self, meant: &'static str) {
        self.meant.borrow_mut().push(meant);
        self.map.state.misspelt.set(true);
    }

    /// `url:http://…` lacks a space.
    fn respaced(&self, key: &Key, known: &[&'static str]) -> Option<Advice> {
        let colon = glued_key(&key.name).filter(|colon| self.has_start(key, colon + 1));
        let meant = colon.and_then(|colon| known.iter().find(|name| **name == &key.name[..colon]));
        self.means(meant?);
        let after = key.span.range().start + colon? + 1;
        let after = Span::new(key.span.source, after..after);
        let message = "add a space after the `:`".to_owned();
        Some(Advice::CertainFix(message, after, " ".to_owned()))
    }

    /// A key is misspelt, or what another tool calls it.
    fn respelt(&self, key: &Key, known: &[&'static str]) -> Option<Advice> {
        let hints = self.map.state.hints;
        let near = closest(&key.name, known.iter().copied());
        let near = near.filter(|_| hints.home(&key.name).is_none());
        let near = || known.iter().copied().find(|name| Some(*name) == near);
        let meant = hints.habit(&key.name, known).or_else(near)?;
        self.means(meant);
        let message = format!("did you mean `{meant}`?");
        Some(Advice::Fix(message, key.span, meant.to_owned()))
    }

    /// Spaces that YAML takes for a part of the key, and `//` for a comment.
    fn without_odd_start(&self, key: &Key) -> Option<Advice> {
        let start = |length: usize| {
            let start = key.span.range().start;
            Span::new(key.span.source, start..start + length)
        };
        let is_odd = |c: char| c.is_whitespace() || c == '\u{200b}';
        let odd = key.name.len() - key.name.trim_start_matches(is_odd).len();
        if odd > 0 && self.has_start(key, odd) {
            let ordinary = " ".repeat(key.name[..odd].chars().count());
            let message = "write ordinary spaces: others do not indent".to_owned();
            Some(Advice::Fix(message, start(odd), ordinary))
        } else if key.name.starts_with("//") && self.has_start(key, 2) {
            let message = "begin a comment with `#`".to_owned();
            Some(Advice::Fix(message, start(2), "#".to_owned()))
        } else {
            None
        }
    }

    /// A key of another part of the format, or of another tool.
    fn replaced(&self, key: &Key) -> Option<Advice> {
        let hints = self.map.state.hints;
        if let Some(home) = hints.home(&key.name) {
            return Some(Advice::Help(format!(
                "it is a key of {home}: move it there"
            )));
        }
        let advice = hints.advice(&key.name)?;
        self.map.state.misspelt.set(true);
        Some(Advice::Help(advice.to_owned()))
    }

    /// The keys that there are.
    fn listed(&self, diagnostic: Diagnostic, known: &'static [&'static str]) -> Diagnostic {
        let diagnostic = match self.map.state.list_keys(known) {
            Some(keys) => diagnostic.note(keys),
            None => diagnostic,
        };
        diagnostic.help("begin the key with `x-` if it is a note or holds an anchor")
    }

    /// Whether the file has the first bytes of a key in so many letters: not in quotes or escaped.
    fn has_start(&self, key: &Key, length: usize) -> bool {
        let source = self.map.state.sources.get(key.span.source);
        let written = source.text().get(key.span.range()).unwrap_or("");
        written.get(..length).is_some() && written.get(..length) == key.name.get(..length)
    }
}

/// What to do about an unknown key.
enum Advice {
    Help(String),
    /// What to do, and the place and the text that replaces it.
    Fix(String, Span, String),
    /// One that nothing speaks against.
    CertainFix(String, Span, String),
}
