//! Secrets in URLs, which servers and proxies log, and secrets over plain HTTP.

use std::collections::HashMap;

use super::address::Beginning;
use super::code::Lint;
use super::look::Look;
use crate::collection::flow::Reached;
use crate::collection::merged::Merged;
use crate::collection::model::{Action, Step, Text};
use crate::collection::request::{Auth, Values};
use crate::secrets::{is_secret_field, is_secret_header, is_secret_value};
use crate::source::Span;
use crate::template::{exposed_names, literal_parts};

/// The addresses that were looked at already.
#[derive(Default)]
pub(super) struct Exposed {
    /// For the text of a URL at each place, the hosts that it reaches over plain HTTP and where
    /// that is written.
    plain: HashMap<Span, Vec<(String, Span)>>,
}

impl Exposed {
    pub(super) fn step<'c>(&mut self, look: &mut Look<'_, 'c>, reached: &Reached<'_, 'c>) {
        let step = reached.step;
        if let Action::Authorize(spec) = step.action() {
            in_url(look, step, &spec.url);
            for (name, values) in &spec.query {
                in_query(look, step, &name.value, values);
            }
        }
        let Some(request) = reached.request() else {
            return;
        };
        if let Some(url) = request.url {
            in_url(look, step, url);
        }
        for (name, values) in &request.query {
            in_query(look, step, &name.value, values);
        }
        if let Some(url) = request.url {
            self.over_http(look, step, &request, url);
        }
    }

    fn over_http<'c>(
        &mut self,
        look: &mut Look<'_, 'c>,
        step: &'c Step,
        request: &Merged<'c>,
        url: &'c Text,
    ) {
        let hosts = self
            .plain
            .entry(url.span)
            .or_insert_with(|| plain_hosts(look, url));
        if hosts.is_empty() || !carries_secret(look, request) {
            return;
        }
        for (host, place) in hosts {
            let message = format!("a secret goes to `{host}` unencrypted");
            let diagnostic = Lint::SecretOverHttp.at(*place, message);
            let diagnostic = if *place == url.span {
                diagnostic
            } else {
                diagnostic.also(url.span, "sent here")
            };
            look.tell(Some(step), diagnostic.help("use `https://`"));
        }
    }
}

fn plain_hosts(look: &Look<'_, '_>, url: &Text) -> Vec<(String, Span)> {
    let collection = look.collection;
    let environments = &collection.shared.environments;
    let mut chosen: Vec<_> = environments.iter().map(|(_, one)| Some(one)).collect();
    if chosen.is_empty() {
        chosen.push(None);
    }
    let beginnings = chosen
        .into_iter()
        .map(|environment| Beginning::of(collection, environment, url));
    let mut hosts: Vec<(String, Span)> = beginnings
        .filter_map(|beginning| {
            let (host, place) = beginning.foreign_plain_host()?;
            Some((host.to_owned(), place))
        })
        .collect();
    hosts.dedup();
    hosts
}

/// Whether a request holds something that nobody else should read.
fn carries_secret<'c>(look: &Look<'_, 'c>, request: &Merged<'c>) -> bool {
    let has_auth = matches!(request.auth, Some(Auth::Bearer(_) | Auth::Basic { .. }));
    let mut headers = request.headers.iter();
    if has_auth || headers.any(|(name, _)| is_secret_header(&name.value)) {
        return true;
    }
    let mut found = false;
    request.templates(&mut |text| found |= secret_in(look, text).is_some());
    found
}

/// A secret name whose value can be read in what a text becomes, and where it stands.
fn secret_in<'c>(look: &Look<'_, 'c>, text: &'c Text) -> Option<(&'c str, Span)> {
    let mut mentioned = false;
    look.compiled.template_names(text, &mut |name, _| {
        mentioned |= look.collection.is_secret(name);
    });
    if !mentioned {
        return None;
    }
    let names = exposed_names(&text.value).into_iter();
    let mut secret = names.filter(|range| look.collection.is_secret(&text.value[range.clone()]));
    let range = secret.next()?;
    Some((&text.value[range.clone()], look.place(text, range)))
}

fn in_url<'c>(look: &mut Look<'_, 'c>, step: &'c Step, url: &'c Text) {
    if let Some((name, place)) = secret_in(look, url) {
        tell(look, step, place, &format!("`{name}` is put in the URL"));
    }
}

fn in_query<'c>(look: &mut Look<'_, 'c>, step: &'c Step, key: &str, values: &'c Values) {
    for text in values.iter() {
        if let Some((name, place)) = secret_in(look, text) {
            let message = format!("`{name}` goes into the query of the URL");
            tell(look, step, place, &message);
        } else if is_secret_field(key) && literal_parts(&text.value).any(is_secret_value) {
            let message = format!("the `{key}` goes into the query of the URL");
            tell(look, step, text.span, &message);
        }
    }
}

fn tell<'c>(look: &mut Look<'_, 'c>, step: &'c Step, place: Span, message: &str) {
    let message = format!("{message}, which servers and proxies log");
    let diagnostic = Lint::SecretInUrl.at(place, message);
    look.tell(
        Some(step),
        diagnostic
            .help("send it in the body or in a header field, unless the API knows no other way"),
    );
}
