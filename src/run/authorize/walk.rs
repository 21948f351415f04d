//! A browser step from its beginning to its end.

use std::sync::Arc;

use super::errand::Errand;
use super::trouble;
use crate::authorize::way::{Back, Means};
use crate::authorize::{Landing, StateCheck, direct};
use crate::collection::model::Step;
use crate::collection::request::AuthorizeSpec;
use crate::diagnostic::Diagnostic;
use crate::explain::Seen;
use crate::http::message::Exchange;
use crate::run::checks::{Answer, Findings};
use crate::run::guide::Guide;
use crate::run::step::{ByHand, Early, Walked, Walker, not_sent};
use crate::run::taint;
use crate::template::ExchangeView;

/// An answer and how it was got.
pub(super) struct Landed {
    pub(super) landing: Landing,
    pub(super) exchange: Option<Box<Exchange>>,
    pub(super) by_hand: Option<ByHand>,
}

/// Why there is no answer.
pub(super) struct Missed {
    pub(super) problem: Box<Diagnostic>,
    pub(super) by_hand: Option<ByHand>,
}

impl<'c> Walker<'_, 'c> {
    /// Walks a browser step.
    pub(in crate::run) fn authorize(
        &mut self,
        step: &'c Step,
        spec: &'c AuthorizeSpec,
        guide: &mut dyn Guide,
    ) -> Result<Box<Walked>, Early> {
        if let Some(reason) = self.given_already(step) {
            return Err(Early::Skipped(reason));
        }
        let mut errand = self.errand(step, spec)?;
        let means = Means {
            asked: self.settings.browser.way,
            has_browser: self.settings.browser.is_at_hand,
            has_person: guide.is_there(),
            is_loopback: errand.loopback.is_some(),
            is_sandbox: self.job.inputs.sandbox.is_some(),
        };
        let course = means.course();
        let mut landed = None;
        if course.direct {
            landed = self.directly(&errand, course.by_hand.is_some())?;
        }
        let landed = match (landed, course.by_hand) {
            (Some(landed), _) => Ok(landed),
            (None, Some(by_hand)) => self.by_hand(&mut errand, by_hand, guide),
            (None, None) => Err(Missed {
                problem: Box::new(trouble::nobody_there(&errand)),
                by_hand: None,
            }),
        };
        match landed {
            Ok(landed) => Ok(self.landed(errand, landed)),
            Err(missed) => Err(Early::Failed(Box::new(Walked {
                request: Some(errand.request),
                problem: Some(*missed.problem),
                by_hand: missed.by_hand,
                ..Walked::default()
            }))),
        }
    }

    /// Asks the server and looks at where it redirects to; `None` if it shows a page for the person
    /// who is there.
    fn directly(&mut self, errand: &Errand<'c>, has_person: bool) -> Result<Option<Landed>, Early> {
        let redirect_uri = errand.redirect_uri.as_deref();
        let exchange = match direct::ask(&mut self.client, &errand.request, redirect_uri) {
            Ok(direct::Answer::Landed(landing, exchange)) => {
                return Ok(Some(Landed {
                    landing,
                    exchange: Some(exchange),
                    by_hand: None,
                }));
            }
            Ok(direct::Answer::NeedsBrowser(exchange)) => exchange,
            Err(error) => return Err(not_sent(errand.step, errand.request.clone(), &error)),
        };
        if has_person && exchange.response.status < 400 {
            return Ok(None);
        }
        taint::response(&mut self.job.secrets.lock(), &exchange);
        Err(Early::Failed(Box::new(Walked {
            explanations: self.explain(&errand.request, &Seen::of_exchange(&exchange)),
            problem: Some(trouble::needs_browser(errand, &exchange)),
            request: Some(errand.request.clone()),
            exchange: Some(Arc::new(*exchange)),
            ..Walked::default()
        })))
    }

    /// Checks an answer and captures from it.
    fn landed(&mut self, errand: Errand<'c>, landed: Landed) -> Box<Walked> {
        let Landed {
            landing,
            exchange,
            mut by_hand,
        } = landed;
        {
            let mut secrets = self.job.secrets.lock();
            if let Some(exchange) = &exchange {
                taint::response(&mut secrets, exchange);
            }
            taint::url(&mut secrets, &landing.url, Some("code"));
        }
        let refusal = landing.refusal();
        let state = landing.state(errand.parameter("state").as_deref());
        let is_other = match (state, &mut by_hand) {
            (StateCheck::Same, _) => false,
            // Some sites lose it on the way, and a person has seen where the address came from.
            (StateCheck::Missing, Some(by_hand)) if by_hand.back == Back::Paste => {
                by_hand.note = Some("it carried no `state`");
                false
            }
            (StateCheck::Missing | StateCheck::Other, _) => true,
        };
        let answer = match refusal {
            Some((parameter, value)) => Answer::Refusal(parameter, value),
            None => Answer::Fine,
        };
        let is_other = is_other && matches!(answer, Answer::Fine);
        let seen = Seen::of_url(&landing.url);
        self.memory.keep_landing(&errand.request, &landing.url);
        self.scope
            .set_exchange(Some(ExchangeView::authorized(landing.url)));
        let findings = if is_other {
            Findings::of(trouble::other_state(errand.step))
        } else {
            self.judge(errand.step, &answer)
        };
        self.scope.set_exchange(None);
        let explanations = if findings.wrong.is_empty() {
            Vec::new()
        } else {
            self.explain(&errand.request, &seen)
        };
        Box::new(Walked {
            explanations,
            request: Some(errand.request),
            exchange: exchange.map(|exchange| Arc::new(*exchange)),
            findings,
            by_hand,
            ..Walked::default()
        })
    }

    /// Why a browser step has nothing to do: all that it captures was given from outside.
    fn given_already(&self, step: &Step) -> Option<String> {
        let names: Vec<&str> = step
            .spec
            .capture
            .iter()
            .map(|(name, _)| name.value.as_str())
            .collect();
        let all = !names.is_empty()
            && names
                .iter()
                .all(|name| self.job.inputs.given_captures.contains(name));
        all.then(|| match &names[..] {
            [name] => format!("{name} was given"),
            _ => format!("{} were given", names.join(", ")),
        })
    }
}
