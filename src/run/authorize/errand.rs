//! What a browser step asks for, rendered, and the port that its answer comes back to.

use rand::Rng;
use rand::distr::Alphanumeric;

use super::trouble;
use crate::authorize::loopback::{Listener, LoopbackUri};
use crate::collection::model::Step;
use crate::collection::request::AuthorizeSpec;
use crate::http::message::Request;
use crate::run::step::{Early, Walked, Walker};
use crate::template::Value;

/// The length of a `state` that is added: beyond any guess (RFC 6749 §10.10).
const STATE_LENGTH: usize = 32;

/// A browser step that is about to be walked.
pub(super) struct Errand<'c> {
    pub(super) step: &'c Step,
    pub(super) spec: &'c AuthorizeSpec,
    pub(super) request: Request,
    pub(super) redirect_uri: Option<String>,
    /// The address to listen on, if a listener can.
    pub(super) loopback: Option<LoopbackUri>,
    /// Taken before the rest was known, where the port was not.
    pub(super) listener: Option<Listener>,
}

impl Errand<'_> {
    /// The value of a parameter of the address.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.request.url.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// Adds a `state` where the collection says nothing about one: what comes back from a browser
    /// may come from anybody (RFC 8252 §8.9).
    pub(super) fn add_state(&mut self) {
        let is_said = self.spec.query.get("state").is_some() || self.parameter("state").is_some();
        if !is_said {
            let letters = rand::rng().sample_iter(Alphanumeric);
            let state: String = letters.take(STATE_LENGTH).map(char::from).collect();
            let mut query = self.request.url.query_pairs_mut();
            query.append_pair("state", &state);
        }
    }
}

/// What a browser step says, rendered.
struct Rendered {
    request: Request,
    redirect_uri: Option<String>,
    loopback: Option<LoopbackUri>,
}

impl<'c> Walker<'_, 'c> {
    /// Renders what a step asks for. Where the port to listen on is 0, a free one is taken first, and
    /// every value that is this address has that port from then on.
    pub(super) fn errand(
        &self,
        step: &'c Step,
        spec: &'c AuthorizeSpec,
    ) -> Result<Errand<'c>, Early> {
        let first = self.rendered(spec)?;
        let Some(open) = first.loopback.as_ref().filter(|uri| uri.port() == 0) else {
            return Ok(first.of(step, spec, None));
        };
        let listener = Listener::bind(open).map_err(|error| {
            let problem = trouble::not_listening(step, open, &error);
            Early::Failed(Box::new(Walked {
                problem: Some(problem),
                ..Walked::default()
            }))
        })?;
        self.replace(open.as_str(), listener.address().as_str());
        let second = self.rendered(spec)?;
        if second.redirect_uri.as_deref() == Some(open.as_str()) {
            return Err(Early::Failed(Box::new(Walked {
                problem: Some(trouble::open_port(step, open)),
                ..Walked::default()
            })));
        }
        Ok(second.of(step, spec, Some(listener)))
    }

    /// Gives every value that is this text another one, for the rest of the run.
    fn replace(&self, text: &str, by: &str) {
        for name in self.scope.names() {
            let value = self.scope.get(&name);
            if value.is_some_and(|value| value.as_str() == Some(text)) {
                self.scope.set(&name, Value::from(by));
            }
        }
    }

    fn rendered(&self, spec: &'c AuthorizeSpec) -> Result<Rendered, Early> {
        let value = self.scope.value();
        let renderer = self.renderer(&value);
        let fail = |failure| self.not_rendered(failure);
        let (request, redirect_uri) = renderer.authorize(spec).map_err(fail)?;
        let listen = match &spec.listen {
            Some(listen) => Some(renderer.text(listen).map_err(fail)?),
            None => redirect_uri.clone(),
        };
        Ok(Rendered {
            request,
            redirect_uri,
            loopback: listen.as_deref().and_then(LoopbackUri::parse),
        })
    }
}

impl Rendered {
    fn of<'c>(
        self,
        step: &'c Step,
        spec: &'c AuthorizeSpec,
        listener: Option<Listener>,
    ) -> Errand<'c> {
        Errand {
            step,
            spec,
            request: self.request,
            redirect_uri: self.redirect_uri,
            loopback: self.loopback,
            listener,
        }
    }
}
