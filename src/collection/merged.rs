//! How defaults are merged into a request: a nearer one wins key by key, and `null` removes what is
//! farther away.

use super::model::{Name, Text};
use super::request::{Auth, Duration, RequestSpec, Setting, Values};
use crate::yaml::{Data, Entries};

/// The names and values of a query, form, headers or cookies, in order.
pub type Pairs<'c> = Vec<(&'c Name, &'c Values)>;

/// A JSON body and what nearer layers put over it, without copying either.
#[derive(Debug)]
pub enum Overlay<'c> {
    /// As one layer has it.
    Data(&'c Data),
    /// A mapping whose keys come from more than one layer.
    Map(Vec<(&'c Name, Overlay<'c>)>),
}

impl<'c> Overlay<'c> {
    /// Puts a nearer layer over this one: mappings key by key, where `null` takes a key away that
    /// is there; anything else replaces the whole.
    fn covered_by(self, above: &'c Data) -> Self {
        let Data::Map(entries) = above else {
            return Overlay::Data(above);
        };
        let mut merged = match self {
            Overlay::Map(merged) => merged,
            Overlay::Data(Data::Map(below)) => below
                .value
                .iter()
                .map(|(name, value)| (name, Overlay::Data(value)))
                .collect(),
            Overlay::Data(_) => return Overlay::Data(above),
        };
        for (name, value) in &entries.value {
            match merged.iter().position(|(key, _)| key.value == name.value) {
                Some(at) if matches!(value, Data::Null(_)) => {
                    merged.remove(at);
                }
                Some(at) => {
                    let below = std::mem::replace(&mut merged[at].1, Overlay::Map(Vec::new()));
                    merged[at] = (name, below.covered_by(value));
                }
                None => merged.push((name, Overlay::Data(value))),
            }
        }
        Overlay::Map(merged)
    }

    /// Calls `visit` with every text of it that may be a template.
    pub fn visit_texts(&self, visit: &mut dyn FnMut(&'c Text)) {
        match self {
            Overlay::Data(data) => data.visit_texts(visit),
            Overlay::Map(entries) => {
                for (_, value) in entries {
                    value.visit_texts(visit);
                }
            }
        }
    }
}

/// The body of a request after merging.
#[derive(Debug)]
pub enum Body<'c> {
    /// Any JSON.
    Json(Overlay<'c>),
    /// As HTML forms send it.
    Form(Pairs<'c>),
    /// As it is.
    Text(&'c Text),
}

/// A request with everything that its step takes from defaults.
#[derive(Debug, Default)]
pub struct Merged<'c> {
    /// The method, if one was given.
    pub method: Option<&'c Text>,
    /// Where to.
    pub url: Option<&'c Text>,
    /// What is added to the query of the URL.
    pub query: Pairs<'c>,
    /// Header fields.
    pub headers: Pairs<'c>,
    /// Cookies besides those of the run.
    pub cookies: Pairs<'c>,
    /// Who sends it.
    pub auth: Option<&'c Auth>,
    /// The body.
    pub body: Option<Body<'c>>,
    /// How long the exchange may take.
    pub timeout: Option<Duration>,
    /// How many redirects are followed, if the collection says.
    pub follow_redirects: Option<u32>,
}

impl<'c> Merged<'c> {
    /// Merges requests, the farthest default first, the step's own last.
    pub fn of(layers: impl IntoIterator<Item = &'c RequestSpec>) -> Self {
        let mut merged = Self::default();
        for layer in layers {
            replace(&mut merged.method, &layer.method, |text| text);
            replace(&mut merged.url, &layer.url, |text| text);
            replace(&mut merged.auth, &layer.auth, |auth| auth);
            replace(&mut merged.timeout, &layer.timeout, |timeout| timeout.value);
            replace(
                &mut merged.follow_redirects,
                &layer.follow_redirects,
                |one| one.0,
            );
            merge_pairs(&mut merged.query, &layer.query, str::eq);
            merge_pairs(
                &mut merged.headers,
                &layer.headers,
                str::eq_ignore_ascii_case,
            );
            merge_pairs(&mut merged.cookies, &layer.cookies, str::eq);
            merged.merge_body(layer);
        }
        merged
    }

    fn merge_body(&mut self, layer: &'c RequestSpec) {
        match &layer.json {
            Setting::Removed if matches!(self.body, Some(Body::Json(_))) => self.body = None,
            Setting::Absent | Setting::Removed => {}
            Setting::Given(json) => {
                self.body = Some(Body::Json(match self.body.take() {
                    Some(Body::Json(below)) => below.covered_by(json),
                    _ => Overlay::Data(json),
                }));
            }
        }
        if layer.form.is_set() {
            let mut form = match self.body.take_if(|body| matches!(body, Body::Form(_))) {
                Some(Body::Form(form)) => form,
                _ => Vec::new(),
            };
            match layer.form.given() {
                Some(given) => {
                    merge_entries(&mut form, given, str::eq);
                    self.body = Some(Body::Form(form));
                }
                None => form.clear(),
            }
        }
        match &layer.text {
            Setting::Removed if matches!(self.body, Some(Body::Text(_))) => self.body = None,
            Setting::Absent | Setting::Removed => {}
            Setting::Given(text) => self.body = Some(Body::Text(text)),
        }
    }

    /// The texts of the request that are templates.
    pub fn templates(&self, visit: &mut dyn FnMut(&'c Text)) {
        for text in self.method.into_iter().chain(self.url) {
            visit(text);
        }
        for (_, values) in self.query.iter().chain(&self.headers).chain(&self.cookies) {
            values.iter().for_each(&mut *visit);
        }
        match self.auth {
            Some(Auth::Bearer(token)) => visit(token),
            Some(Auth::Basic { username, password }) => {
                visit(username);
                visit(password);
            }
            Some(Auth::None | Auth::Later(_)) | None => {}
        }
        match &self.body {
            Some(Body::Form(form)) => {
                for (_, values) in form {
                    values.iter().for_each(&mut *visit);
                }
            }
            Some(Body::Text(text)) => visit(text),
            Some(Body::Json(data)) => data.visit_texts(visit),
            None => {}
        }
    }
}

fn replace<'c, T, U>(
    below: &mut Option<U>,
    setting: &'c Setting<T>,
    value: impl FnOnce(&'c T) -> U,
) {
    match setting {
        Setting::Absent => {}
        Setting::Removed => *below = None,
        Setting::Given(given) => *below = Some(value(given)),
    }
}

fn merge_pairs<'c>(
    below: &mut Pairs<'c>,
    setting: &'c Setting<Entries<Values>>,
    same: fn(&str, &str) -> bool,
) {
    match setting {
        Setting::Absent => {}
        Setting::Removed => below.clear(),
        Setting::Given(entries) => merge_entries(below, entries, same),
    }
}

fn merge_entries<'c>(
    below: &mut Pairs<'c>,
    entries: &'c Entries<Values>,
    same: fn(&str, &str) -> bool,
) {
    for (name, values) in entries {
        let place = below.iter().position(|(key, _)| same(key, name));
        match (place, &values.0) {
            (Some(at), None) => {
                below.remove(at);
            }
            (Some(at), Some(_)) => below[at] = (name, values),
            (None, None) => {}
            (None, Some(_)) => below.push((name, values)),
        }
    }
}
