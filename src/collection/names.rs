//! Which names are known where, so that a misspelt one is found before anything is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::flow::{Reached, definitions, file_defaults, input_names, names_of, producers, walk};
use super::keys::Literals;
use super::model::{Action, Collection, Environment, Step, Text};
use crate::diagnostic::{Diagnostic, Diagnostics, Vocabulary, list};
use crate::source::Span;
use crate::template::{Compiled, NameUse, POSTMAN};
use crate::yaml::Data;

/// What an expression sees of the answer to a request.
pub const RESPONSE_NAMES: [&str; 6] = [
    "status", "headers", "body", "cookies", "redirect", "response",
];

/// What an expression sees of the answer to a browser step.
pub const LANDING_NAMES: [&str; 2] = ["redirect", "response"];

/// Names that a collection can't give to anything, besides those of the functions.
pub const RESERVED: [&str; 13] = [
    "status",
    "headers",
    "body",
    "cookies",
    "redirect",
    "response",
    "outputs",
    "omit",
    "environment",
    "null",
    "true",
    "false",
    "none",
];

/// Checks that every name is known where it is used, and that no value hangs on itself.
pub fn check<'c>(
    collection: &'c Collection,
    compiled: &Compiled<'c>,
    diagnostics: &mut Diagnostics,
) {
    let mut known = Vocabulary::default();
    let variables = collection.shared.variables.iter();
    input_names(collection)
        .into_iter()
        .chain(variables.map(|(name, _)| name.value.as_str()))
        .chain(collection.gaps.captures.iter().map(String::as_str))
        .for_each(|name| known.insert(name));
    let producers = producers(collection);
    let mut flow = Flow {
        known,
        literals: Literals::new(collection, &producers),
        producers,
        current: None,
        incomplete: collection.gaps.shared || defines_more(collection),
        compiled,
        diagnostics,
    };
    flow.definitions(collection);
    flow.cycles(collection);
    let mut defaults = file_defaults(collection);
    for steps in [&collection.steps, &collection.finally] {
        walk(steps, &mut defaults, &mut |reached| {
            flow.step(reached);
            true
        });
    }
}

/// Whether keys that are not supported yet define names, so that nothing is blamed for using them.
fn defines_more(collection: &Collection) -> bool {
    collection
        .all_steps()
        .any(|step| step.spec.for_each.is_some() || step.spec.uses.is_some())
}

struct Flow<'a, 'c> {
    /// Inputs and variables, and what was captured so far.
    known: Vocabulary<'c>,
    literals: Literals<'c>,
    producers: BTreeMap<&'c str, &'c Step>,
    /// The step that is looked at.
    current: Option<&'c Step>,
    /// Whether a file is missing that may define any name.
    incomplete: bool,
    compiled: &'a Compiled<'c>,
    diagnostics: &'a mut Diagnostics,
}

/// How many names a message lists: beyond these nobody reads on, and a mistake in every step of a
/// large file would fill the screen with them.
pub(super) const LISTED: usize = 20;

/// What other tools call the parts of an answer.
const NAME_HABITS: &[(&str, &str)] = &[
    ("status_code", "status"),
    ("statusCode", "status"),
    ("code", "status"),
    ("res", "response"),
    ("resp", "response"),
    ("header", "headers"),
    ("json", "body"),
    ("data", "body"),
    ("payload", "body"),
    ("env", "environment"),
];

/// `headers.content-type`, of which the name at `range` is the end: all of it, and how it is written.
fn hyphenated(text: &str, range: &Range<usize>) -> Option<(Range<usize>, String)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let before = text.get(..range.start)?.strip_suffix('-')?;
    let dot = before.trim_end_matches(is_part).strip_suffix('.')?;
    let start = dot.trim_end_matches(|c: char| is_part(c) || c == '.').len();
    let rest = text.get(range.end..)?;
    let end = range.end + rest.len() - rest.trim_start_matches(is_part).len();
    let (holder, name) = (&text[start..dot.len()], &text[dot.len() + 1..end]);
    let is_name = holder.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    is_name.then(|| (start..end, format!("{holder}[\"{name}\"]")))
}

impl<'c> Flow<'_, 'c> {
    /// Values of variables and environments see inputs and each other, but no captures.
    fn definitions(&mut self, collection: &'c Collection) {
        let shared = &collection.shared;
        let environments = shared.environments.iter();
        let values = environments.flat_map(|(_, environment)| &environment.values);
        for (_, data) in shared.variables.iter().chain(values) {
            data.visit_texts(&mut |text| self.template(text));
        }
    }

    fn step(&mut self, reached: &Reached<'_, 'c>) {
        let step = reached.step;
        self.current = Some(step);
        if let Some(when) = &step.spec.when {
            self.expression(when, &[]);
        }
        reached.templates(&mut |text| self.template(text));
        let answer: &[&'static str] = match step.action() {
            // What it does may be what could not be decoded.
            _ if !step.is_whole => &RESPONSE_NAMES,
            Action::Request(_) => &RESPONSE_NAMES,
            Action::Authorize(_) => &LANDING_NAMES,
            Action::Prose | Action::Group => &[],
        };
        // What a group captures or asserts is misplaced, which is told.
        let is_group = step.is_whole && matches!(step.action(), Action::Group);
        for (name, expression) in &step.spec.capture {
            if !is_group {
                self.expression(expression, answer);
            }
            self.known.insert(&name.value);
        }
        if is_group {
            return;
        }
        for assert in &step.spec.assert {
            self.expression(assert, answer);
        }
    }

    fn template(&mut self, text: &'c Text) {
        let compiled = self.compiled;
        if let Ok(template) = compiled.template(text) {
            let names = template.uses().names();
            names.for_each(|one| self.name(text, &one, &[]));
        }
    }

    fn expression(&mut self, text: &'c Text, answer: &[&'static str]) {
        let compiled = self.compiled;
        if let Ok(expression) = compiled.expression(text) {
            let names = expression.uses().names();
            names.for_each(|one| self.name(text, &one, answer));
        }
    }

    fn name(&mut self, text: &Text, one: &NameUse<'_>, answer: &[&'static str]) {
        let name = one.name;
        let known = self.incomplete
            || self.known.contains(name)
            || answer.contains(&name)
            || name == "environment";
        if !known {
            let span = self.compiled.locate(text, one.range.clone());
            let diagnostic = match hyphenated(&text.value, &one.range) {
                Some((whole, fixed)) => {
                    let whole = self.compiled.locate(text, whole);
                    let message = "a name with `-` is written in brackets";
                    Diagnostic::error("undefined-name", message, whole)
                        .label("this is read as a subtraction")
                        .fix(format!("write `{fixed}`"), whole, fixed)
                }
                None => self.unknown(name, span, answer),
            };
            self.diagnostics.push(diagnostic);
        } else if !one.is_asked_for
            && let Some(wrong) = self.literals.wrong_key(one, answer == LANDING_NAMES)
        {
            let span = self.compiled.locate(text, wrong.range.clone());
            self.diagnostics.push(wrong.diagnostic(span));
        }
    }

    fn unknown(&mut self, name: &str, span: Span, answer: &[&'static str]) -> Diagnostic {
        if RESPONSE_NAMES.contains(&name) {
            return if answer.is_empty() {
                Diagnostic::error(
                    "undefined-name",
                    format!("`{name}` is not there until a request is answered"),
                    span,
                )
                .help("capture what you need in an earlier step, and use that name here")
            } else {
                Diagnostic::error(
                    "undefined-name",
                    format!("`{name}` is not there in a browser step"),
                    span,
                )
                .help("a browser step ends on a redirect: use `redirect`, such as `redirect.query.code`")
            };
        }
        if let Some(step) = self.producers.get(name) {
            let captures = step.spec.capture.iter();
            let place = captures.into_iter().find(|(key, _)| key.value == name);
            let own = self.current.is_some_and(|own| std::ptr::eq(own, *step));
            let (when, help) = match (own, answer.is_empty()) {
                (true, true) => (
                    "by this step, once its request is answered".to_owned(),
                    "capture it in an earlier step",
                ),
                (true, false) => (
                    "further down in this step".to_owned(),
                    "captures are made from top to bottom: move that one up",
                ),
                (false, _) => (
                    format!("by `{}`", step.id),
                    "move that step up, or capture it in an earlier one",
                ),
            };
            let message = format!("`{name}` is captured only later, {when}");
            let diagnostic = Diagnostic::error("undefined-name", message, span).help(help);
            return match place {
                Some((key, _)) => diagnostic.also(key.span, "captured here"),
                None => diagnostic,
            };
        }
        let diagnostic =
            Diagnostic::error("undefined-name", format!("`{name}` is not defined"), span)
                .note(self.defined(answer));
        let is_known = |meant: &str| self.known.contains(meant) || answer.contains(&meant);
        let habit = NAME_HABITS
            .iter()
            .find(|(habit, meant)| *habit == name && is_known(meant));
        match habit
            .map(|(_, meant)| *meant)
            .or_else(|| self.known.closest(name, answer))
        {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), span, near),
            None if name == "pm" => diagnostic.help(POSTMAN),
            None if name == "undefined" => {
                diagnostic.help("write `x is undefined`, or `x is not defined`")
            }
            None => diagnostic
                .help("declare it in `inputs` or `variables`, or capture it in an earlier step"),
        }
    }

    /// The names that are defined at a place, for a message.
    fn defined(&self, answer: &[&'static str]) -> String {
        // As many of each as are listed can be among the first.
        let first = self.known.names().take(LISTED);
        let first: BTreeSet<&str> = first.chain(answer.iter().copied()).collect();
        let is_new = |name: &&&str| !self.known.contains(name);
        let count = self.known.names().len() + answer.iter().filter(is_new).count();
        let names = list(first.into_iter().take(LISTED));
        match count.saturating_sub(LISTED) {
            _ if count == 0 => "nothing is defined here".to_owned(),
            0 => format!("defined here: {names}"),
            more => format!("defined here: {names}, and {more} more"),
        }
    }

    /// A value that hangs on itself, under some environment, is told with the way around.
    fn cycles(&mut self, collection: &'c Collection) {
        let shared = &collection.shared;
        let environments = shared
            .environments
            .iter()
            .map(|(_, environment)| Some(environment));
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for environment in environments.chain([None]) {
            let values = environment.map_or(&[][..], |environment| &environment.values);
            for (name, data) in values.iter().chain(&shared.variables) {
                if told.contains(name.value.as_str()) {
                    continue;
                }
                let mut way = vec![name.value.as_str()];
                let mut seen = BTreeSet::new();
                if self.comes_back((collection, environment), data, &mut way, &mut seen) {
                    told.extend(&way);
                    let message = format!("`{}` depends on itself", name.value);
                    let diagnostic = Diagnostic::error("cycle", message, name.span);
                    self.diagnostics.push(if way.len() == 2 {
                        diagnostic.help("give it a value that does not use its own name")
                    } else {
                        diagnostic
                            .note(way.join(" → "))
                            .help("give one of them a value that does not use the others")
                    });
                }
            }
        }
    }

    /// Whether the first name of `way` is reached again from some data; then `way` is the cycle.
    fn comes_back(
        &self,
        place: (&'c Collection, Option<&'c Environment>),
        data: &'c Data,
        way: &mut Vec<&'c str>,
        seen: &mut BTreeSet<&'c str>,
    ) -> bool {
        for name in names_of(data, self.compiled) {
            if name == way[0] {
                way.push(name);
                return true;
            }
            if !seen.insert(name) {
                continue;
            }
            way.push(name);
            for inner in definitions(place.0, place.1, name) {
                if self.comes_back(place, inner, way, seen) {
                    return true;
                }
            }
            way.pop();
        }
        false
    }
}
