//! The texts that are sent or kept as values, and what each is for.

use crate::collection::model::{Collection, Defaults, Step, Text};
use crate::collection::request::{Auth, AuthorizeSpec, RequestSpec, Values};
use crate::secrets::{is_secret_field, is_secret_header};
use crate::yaml::{Data, Entries};

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot<'c> {
    /// A URL, whose values are percent-encoded by right.
    Url,
    /// The token of `auth: {bearer: …}`.
    Bearer,
    /// The password of `auth: {basic: …}`.
    Password,
    /// A header field or cookie.
    Header(&'c str),
    /// A field of a query, a form or a JSON body.
    Field(&'c str),
    /// The value of an input, a variable or an environment, and what it is called.
    Value(&'c str),
    /// Anything else.
    Other,
}

impl Slot<'_> {
    /// Whether a credential stands here, and nothing else.
    pub(super) fn is_secret(self, collection: &Collection) -> bool {
        match self {
            Slot::Bearer | Slot::Password => true,
            Slot::Header(name) => is_secret_header(name),
            Slot::Field(name) => is_secret_field(name),
            Slot::Value(name) => collection.is_secret(name),
            Slot::Url | Slot::Other => false,
        }
    }

    /// Whether a token or a code stands here.
    pub(super) fn is_token(self, collection: &Collection) -> bool {
        match self {
            Slot::Field(name) | Slot::Value(name) => name == "code" || self.is_secret(collection),
            _ => self.is_secret(collection),
        }
    }
}

type Visit<'v, 'c> = &'v mut dyn FnMut(Option<&'c Step>, Slot<'c>, &'c Text);

/// Calls `visit` with every such text of a collection, and the step that it stands in.
pub(super) fn all<'c>(collection: &'c Collection, visit: Visit<'_, 'c>) {
    let shared = &collection.shared;
    let defaults = shared.inputs.iter();
    let defaults = defaults.filter_map(|(name, input)| Some((name, input.default.as_ref()?)));
    let variables = shared.variables.iter().map(|(name, data)| (name, data));
    let values = shared.environments.iter();
    let values = values.flat_map(|(_, environment)| &environment.values);
    let values = values.map(|(name, data)| (name, data));
    for (name, value) in defaults.chain(variables).chain(values) {
        match value {
            Data::Text(text) => visit(None, Slot::Value(&name.value), text),
            _ => data(value, None, visit),
        }
    }
    for one in &shared.defaults {
        of_defaults(one, None, visit);
    }
    for step in collection.all_steps() {
        let own = Some(step);
        if let Some(one) = &step.spec.defaults {
            of_defaults(one, own, visit);
        }
        if let Some(one) = &step.spec.request {
            request(one, own, visit);
        }
        if let Some(one) = &step.spec.authorize {
            authorize(one, own, visit);
        }
    }
}

fn of_defaults<'c>(defaults: &'c Defaults, step: Option<&'c Step>, visit: Visit<'_, 'c>) {
    if let Some(one) = &defaults.request {
        request(one, step, visit);
    }
}

fn authorize<'c>(spec: &'c AuthorizeSpec, step: Option<&'c Step>, visit: Visit<'_, 'c>) {
    visit(step, Slot::Url, &spec.url);
    fields(&spec.query, step, visit);
}

fn request<'c>(request: &'c RequestSpec, step: Option<&'c Step>, visit: Visit<'_, 'c>) {
    if let Some(url) = request.url.given() {
        visit(step, Slot::Url, url);
    }
    let form = request.form.given().map(|form| &form.value);
    for entries in request.query.given().into_iter().chain(form) {
        fields(entries, step, visit);
    }
    for entries in [&request.headers, &request.cookies] {
        for (name, values) in entries.given().into_iter().flatten() {
            for text in values.iter() {
                visit(step, Slot::Header(&name.value), text);
            }
        }
    }
    match request.auth.given() {
        Some(Auth::Bearer(token)) => visit(step, Slot::Bearer, token),
        Some(Auth::Basic { username, password }) => {
            visit(step, Slot::Other, username);
            visit(step, Slot::Password, password);
        }
        Some(Auth::None | Auth::Later(_)) | None => {}
    }
    if let Some(text) = request.text.given() {
        visit(step, Slot::Other, text);
    }
    if let Some(json) = request.json.given() {
        data(json, step, visit);
    }
}

fn fields<'c>(entries: &'c Entries<Values>, step: Option<&'c Step>, visit: Visit<'_, 'c>) {
    for (name, values) in entries {
        for text in values.iter() {
            visit(step, Slot::Field(&name.value), text);
        }
    }
}

fn data<'c>(value: &'c Data, step: Option<&'c Step>, visit: Visit<'_, 'c>) {
    match value {
        Data::Text(text) => visit(step, Slot::Other, text),
        Data::List(items) => {
            for item in &items.value {
                data(item, step, visit);
            }
        }
        Data::Map(entries) => {
            for (name, value) in &entries.value {
                match value {
                    Data::Text(text) => visit(step, Slot::Field(&name.value), text),
                    _ => data(value, step, visit),
                }
            }
        }
        Data::Null(_) | Data::Bool(_) | Data::Number(_) => {}
    }
}
