//! The rules of the format that types can't state, each with its message.

use std::collections::HashMap;

use super::decode::default_id;
use super::flow::{self, Reached};
use super::keep;
use super::lint;
use super::merged::Merged;
use super::model::{Action, Collection, Defaults, Input, InputType, Later, Name, Step, Text};
use super::names::{self, RESERVED};
use super::request::{Auth, AuthorizeSpec, RequestSpec, Setting};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Span;
use crate::template::Compiled;
use crate::yaml::Data;

/// Checks a collection that was decoded; everything that is wrong is told.
pub fn check<'c>(
    collection: &'c Collection,
    compiled: &Compiled<'c>,
    diagnostics: &mut Diagnostics,
) {
    let mut check = Check {
        compiled,
        diagnostics,
    };
    check.head(collection);
    check.shared(collection);
    check.ids(collection);
    let mut defaults = flow::file_defaults(collection);
    for steps in [&collection.steps, &collection.finally] {
        flow::walk(steps, &mut defaults, &mut |reached| {
            check.step(reached.step);
            if reached.step.is_whole && !collection.gaps.shared {
                check.has_url(reached);
            }
            true
        });
    }
    keep::check(collection, diagnostics);
    names::check(collection, compiled, diagnostics);
    lint::check(collection, compiled, diagnostics);
}

struct Check<'a, 'c> {
    compiled: &'a Compiled<'c>,
    diagnostics: &'a mut Diagnostics,
}

impl<'c> Check<'_, 'c> {
    fn tell(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn later(&mut self, key: &str, value: &Later) {
        if let Some(value) = value {
            self.not_supported(key, value.span);
        }
    }

    fn not_supported(&mut self, key: &str, span: Span) {
        let message = format!("`{key}` is not supported yet");
        self.tell(
            Diagnostic::error("not-supported", message, span)
                .help("it is part of the format, but this version of lcrun can't do it"),
        );
    }

    fn head(&mut self, collection: &Collection) {
        let head = &collection.head;
        self.later("for_each", &head.for_each);
    }

    fn shared(&mut self, collection: &'c Collection) {
        let shared = &collection.shared;
        for (name, input) in &shared.inputs {
            self.name("an input", name);
            self.input(input);
        }
        for (name, data) in &shared.variables {
            self.name("a variable", name);
            self.data(data);
            if let Some((input, _)) = shared
                .inputs
                .iter()
                .find(|(key, _)| key.value == name.value)
            {
                let message = format!("`{}` is an input and a variable", name.value);
                self.tell(
                    Diagnostic::error("two-meanings", message, name.span)
                        .also(input.span, "the input")
                        .help("remove one of them: a variable can't be given from outside"),
                );
            }
        }
        for (_, environment) in &shared.environments {
            for (name, data) in &environment.values {
                self.name("a value of an environment", name);
                self.data(data);
            }
            if let Some(kind) = &environment.sandbox
                && !cfg!(feature = "sandbox")
            {
                let message = "this lcrun was built without the sandbox";
                self.tell(Diagnostic::error("no-sandbox", message, kind.span));
            }
        }
        for defaults in &shared.defaults {
            self.defaults(defaults);
        }
    }

    fn name(&mut self, what: &str, name: &Name) {
        if RESERVED.contains(&name.value.as_str()) || self.compiled.is_function(&name.value) {
            let message = format!("{what} can't be called `{}`", name.value);
            self.tell(
                Diagnostic::error("reserved-name", message, name.span)
                    .label("this name has a meaning of its own in templates")
                    .help("choose another name"),
            );
        } else if !is_identifier(&name.value) {
            let message = format!("`{}` can't be used as a name in templates", name.value);
            let diagnostic = Diagnostic::error("bad-name", message, name.span)
                .help("a name has letters, digits and `_`, and begins with no digit");
            let meant = name.value.replace(['-', ' ', '.'], "_");
            self.tell(if is_identifier(&meant) {
                diagnostic.fix(format!("write `{meant}`"), name.span, meant)
            } else {
                diagnostic
            });
        }
    }

    fn input(&mut self, input: &Input) {
        let (Some(kind), Some(default)) = (&input.kind, &input.default) else {
            return;
        };
        let (word, example, fits) = match kind.value {
            InputType::String => ("string", "it in quotes", matches!(default, Data::Text(_))),
            InputType::Number => {
                let fits = matches!(default, Data::Number(_));
                ("number", "a number without quotes", fits)
            }
            InputType::Boolean => (
                "boolean",
                "`true` or `false`",
                matches!(default, Data::Bool(_)),
            ),
            InputType::Json => ("json", "anything", true),
        };
        if !fits && !matches!(default, Data::Null(_)) {
            self.tell(
                Diagnostic::error(
                    "wrong-type",
                    format!(
                        "the default is {}, but the type is `{word}`",
                        described(default)
                    ),
                    default.span(),
                )
                .also(kind.span, "the type")
                .help(format!("write {example}, or another type")),
            );
        }
    }

    /// Two steps with one id can't be told apart.
    fn ids(&mut self, collection: &Collection) {
        let mut seen: HashMap<&str, &Step> = HashMap::new();
        for step in collection.all_steps() {
            if let Some(id) = &step.spec.id
                && !is_id(&id.value)
            {
                let message = format!("`{}` is not an id", id.value);
                let diagnostic = Diagnostic::error("bad-id", message, id.span)
                    .help("an id has small letters, digits and `_`, and begins with no digit");
                self.tell(match default_id(&id.value) {
                    Some(meant) if id.value.is_ascii() => {
                        diagnostic.fix(format!("write `{meant}`"), id.span, meant)
                    }
                    _ => diagnostic,
                });
            }
            if !step.is_whole || step.is_prose() && step.spec.id.is_none() {
                continue;
            }
            let place = |step: &Step| step.spec.id.as_ref().map_or(step.span(), |id| id.span);
            if let Some(first) = seen.insert(&step.id, step) {
                let message = format!("two steps have the id `{}`", step.id);
                self.tell(
                    Diagnostic::error("duplicate-id", message, place(step))
                        .also(place(first), "the first one")
                        .help("give one of them an `id` of its own"),
                );
            }
        }
    }

    fn step(&mut self, step: &'c Step) {
        self.step_later(step);
        // What is missing may be what could not be decoded.
        if step.is_whole {
            self.actions(step);
        }
        let spec = &step.spec;
        if let Some(request) = &spec.request {
            self.request(request);
        }
        if let Some(authorize) = &spec.authorize {
            self.authorize(authorize);
        }
        if let Some(defaults) = &spec.defaults {
            self.defaults(defaults);
        }
        if let Some(snapshot) = &spec.snapshot {
            snapshot.check(self.diagnostics);
        }
        for (name, _) in &spec.capture {
            self.name("a capture", name);
        }
        for expression in flow::expressions(step) {
            if let Err(problem) = self.compiled.expression(expression) {
                self.diagnostics.push(*problem);
            }
        }
    }

    /// A request gets its URL from the step itself or from a default.
    fn has_url(&mut self, reached: &Reached<'_, 'c>) {
        if reached
            .request()
            .is_some_and(|request| request.url.is_none())
        {
            let span = reached.step.place_of("request");
            self.tell(
                Diagnostic::error("missing-key", "the request has no `url`", span)
                    .help("add `url:` to it, or to the `defaults` of the file or the group"),
            );
        }
    }

    fn step_later(&mut self, step: &Step) {
        let spec = &step.spec;
        for (key, value) in [
            ("for_each", &spec.for_each),
            ("repeat", &spec.repeat),
            ("retry", &spec.retry),
            ("delay", &spec.delay),
            ("use", &spec.uses),
            ("with", &spec.with),
            ("once", &spec.once),
        ] {
            self.later(key, value);
        }
    }

    /// At most one action, and no keys that need another one.
    fn actions(&mut self, step: &Step) {
        let spec = &step.spec;
        let actions: Vec<&str> = [
            ("request", spec.request.is_some()),
            ("authorize", spec.authorize.is_some()),
            ("steps", spec.steps.is_some()),
            ("use", spec.uses.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, there)| there.then_some(key))
        .collect();
        if let [first, second, ..] = actions[..] {
            let message = format!("a step does one thing, but this has `{first}` and `{second}`");
            self.tell(
                Diagnostic::error("two-actions", message, step.place_of(second))
                    .also(step.place_of(first), "the first one")
                    .help("write them as two steps"),
            );
            return;
        }
        let action = step.action();
        let group = matches!(action, Action::Group);
        if let Some(place) = spec
            .steps
            .as_ref()
            .filter(|_| group && step.steps.is_empty())
        {
            self.tell(
                Diagnostic::error("empty-group", "a group needs steps", place.span)
                    .help("write one, as in `- name: What the step does`, or remove `steps`"),
            );
        }
        if spec.defaults.is_some() && !group {
            self.tell(
                Diagnostic::error(
                    "misplaced-key",
                    "only a group has `defaults`",
                    step.place_of("defaults"),
                )
                .help("put the keys into the `request` itself, or add `steps:`"),
            );
        }
        if group && !(spec.capture.is_empty() && spec.assert.is_empty()) {
            let keys = [
                ("capture", spec.capture.is_empty()),
                ("assert", spec.assert.is_empty()),
            ];
            for (key, _) in keys.into_iter().filter(|(_, is_empty)| !is_empty) {
                let message = format!("a group has no response of its own for `{key}`");
                self.tell(
                    Diagnostic::error("misplaced-key", message, step.place_of(key))
                        .help("move it into one of the group's steps"),
                );
            }
        }
        if !matches!(action, Action::Request(_)) && (spec.snapshot.is_some() || spec.show.is_some())
        {
            let keys = [
                ("snapshot", spec.snapshot.is_some()),
                ("show", spec.show.is_some()),
            ];
            for (key, _) in keys.into_iter().filter(|(_, is_there)| *is_there) {
                let message = format!("`{key}` needs a `request` in the same step");
                self.tell(
                    Diagnostic::error("misplaced-key", message, step.place_of(key))
                        .help("move it into the step that sends the request, or remove it"),
                );
            }
        }
    }

    fn defaults(&mut self, defaults: &'c Defaults) {
        if let Some(request) = &defaults.request {
            self.request(request);
        }
        if let Some(snapshot) = &defaults.snapshot {
            snapshot.check(self.diagnostics);
        }
    }

    fn request(&mut self, request: &'c RequestSpec) {
        for (key, value) in [
            ("multipart", &request.multipart),
            ("file", &request.file),
            ("graphql", &request.graphql),
            ("output", &request.output),
        ] {
            self.later(key, value);
        }
        if let Setting::Given(Auth::Later(kind)) = &request.auth {
            self.not_supported(kind.value, kind.span);
        }
        self.bodies(request);
        let layer = Merged::of([request]);
        layer.templates(&mut |text| self.template(text));
    }

    fn bodies(&mut self, request: &RequestSpec) {
        let bodies: Vec<(&str, Span)> = [
            ("json", request.json.given().map(Data::span)),
            ("form", request.form.given().map(|form| form.span)),
            ("text", request.text.given().map(|text| text.span)),
        ]
        .into_iter()
        .filter_map(|(key, place)| place.map(|place| (key, place)))
        .collect();
        if let [(first, first_place), (second, second_place), ..] = bodies[..] {
            let message = format!("a request has one body, but this has `{first}` and `{second}`");
            self.tell(
                Diagnostic::error("two-bodies", message, second_place)
                    .label(format!("`{second}`"))
                    .also(first_place, format!("`{first}`"))
                    .help("remove one of them"),
            );
        }
    }

    fn authorize(&mut self, authorize: &'c AuthorizeSpec) {
        authorize.templates(&mut |text| self.template(text));
    }

    fn data(&mut self, data: &'c Data) {
        data.visit_texts(&mut |text| self.template(text));
    }

    fn template(&mut self, text: &'c Text) {
        if let Err(problem) = self.compiled.template(text) {
            self.diagnostics.push(*problem);
        }
    }
}

/// What a value is, in words.
fn described(data: &Data) -> &'static str {
    match data {
        Data::Null(_) => "nothing",
        Data::Bool(_) => "`true` or `false`",
        Data::Number(_) => "a number",
        Data::Text(_) => "a string",
        Data::List(..) => "a list",
        Data::Map(..) => "a mapping",
    }
}

/// Whether a name can be used in a template.
fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_id(id: &str) -> bool {
    is_identifier(id) && !id.contains(|c: char| c.is_ascii_uppercase())
}
