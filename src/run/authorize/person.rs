//! The ways on which a person takes part: the browser comes back to a listener, or what it ended on
//! is pasted.

use std::time::Duration;

use super::errand::Errand;
use super::trouble;
use super::walk::{Landed, Missed};
use crate::authorize::loopback::{Expected, Listener, WaitError};
use crate::authorize::paste::{self, Asked};
use crate::authorize::way::{self, Back};
use crate::authorize::{Landing, StateCheck, browser};
use crate::diagnostic::Diagnostic;
use crate::run::guide::{Guide, Question};
use crate::run::step::{ByHand, Walker};
use crate::run::taint;

/// How long a browser is waited for where the step does not say.
const WAIT: Duration = Duration::from_secs(5 * 60);

impl<'c> Walker<'_, 'c> {
    /// Has a person get the answer.
    pub(super) fn by_hand(
        &mut self,
        errand: &mut Errand<'c>,
        way: way::ByHand,
        guide: &mut dyn Guide,
    ) -> Result<Landed, Missed> {
        errand.add_state();
        let landing = match way.back {
            Back::Listener => self.listen(errand, guide),
            Back::Paste => self.paste(errand, way.opens, guide),
        };
        let by_hand = Some(ByHand {
            back: way.back,
            note: None,
        });
        match landing {
            Ok(landing) => Ok(Landed {
                landing,
                exchange: None,
                by_hand,
            }),
            Err(problem) => Err(Missed { problem, by_hand }),
        }
    }

    /// Opens the address and waits for the browser to come back.
    fn listen(
        &self,
        errand: &mut Errand<'c>,
        guide: &mut dyn Guide,
    ) -> Result<Landing, Box<Diagnostic>> {
        let listener = listener(errand)?;
        self.interrupt.watch_wait(listener.stopper());
        let wait = errand.spec.timeout.as_ref();
        let wait = wait.map_or(WAIT, |timeout| timeout.value.0);
        let place = listener.address().as_str().to_owned();
        let state = errand.parameter("state");
        let waiting = listener.serve(&Expected {
            state: state.as_deref(),
            redirect_uri: errand.redirect_uri.as_deref(),
        });
        let how = format!(
            "it comes back to {place} within {}; Ctrl-C ends the wait",
            trouble::length_of(wait)
        );
        self.show(errand, true, &how, guide)?;
        waiting.wait(wait).map_err(|error| {
            Box::new(match error {
                WaitError::Stopped => trouble::interrupted(errand.step),
                WaitError::TimedOut => trouble::timed_out(errand.step, wait),
            })
        })
    }

    /// Asks for the address that the browser ended on, until it is an answer or nobody answers.
    fn paste(
        &mut self,
        errand: &Errand<'c>,
        opens: bool,
        guide: &mut dyn Guide,
    ) -> Result<Landing, Box<Diagnostic>> {
        let how = "log in there, and come back with the address that the browser ends on";
        self.show(errand, opens, how, guide)?;
        let asked = Asked {
            address: &errand.request.url,
            redirect_uri: errand.redirect_uri.as_deref(),
        };
        let state = errand.parameter("state");
        let question = Question {
            help: Some(
                "Paste all of it, even if its page shows an error or nothing; what stands behind `code=` is \
                 enough.",
            ),
            several_lines: true,
            ..Question::new("the address that the browser ended on")
        };
        let mut refused = None;
        while let Some(text) = guide.ask(&question) {
            let landing = match paste::read(&text, asked) {
                Ok(landing) => landing,
                Err(why) => {
                    guide.tell(&why.to_string());
                    continue;
                }
            };
            taint::url(&mut self.job.secrets.lock(), &landing.url, Some("code"));
            if landing.state(state.as_deref()) != StateCheck::Other {
                return Ok(landing);
            }
            refused = Some(landing);
            guide.tell(
                "this answer carries another `state`: it belongs to another request, perhaps of an earlier run; \
                 paste the one of the address above",
            );
        }
        match refused {
            _ if self.interrupt.is_asked() => Err(Box::new(trouble::interrupted(errand.step))),
            Some(landing) => Ok(landing),
            None => Err(Box::new(trouble::nothing_pasted(errand))),
        }
    }

    /// Tells the address and `how` it goes on, and opens it if that is wanted. A secret in it is
    /// hidden, and then it must be opened from here.
    fn show(
        &self,
        errand: &Errand<'c>,
        opens: bool,
        how: &str,
        guide: &mut dyn Guide,
    ) -> Result<(), Box<Diagnostic>> {
        let address = &errand.request.url;
        let secrets = self.job.secrets.lock();
        let shown = secrets.mask_url(address.as_str());
        let hidden = trouble::hidden(errand, &secrets);
        drop(secrets);
        let is_hidden = shown != address.as_str();
        let cannot_be_seen = || Box::new(trouble::hidden_address(errand.step, &hidden));
        if is_hidden && !opens {
            return Err(cannot_be_seen());
        }
        let what = if opens {
            "a browser opens this address; if it does not, open it yourself:"
        } else {
            "open this address in a browser:"
        };
        guide.tell(&format!("{what}\n\n  {shown}\n\n{how}"));
        if opens && let Err(why) = browser::open(address) {
            if is_hidden {
                return Err(cannot_be_seen());
            }
            guide.tell(&format!("no browser could be opened: {why}"));
        }
        Ok(())
    }
}

/// The listener that was made already, or one on the port that is asked for.
fn listener(errand: &mut Errand<'_>) -> Result<Listener, Box<Diagnostic>> {
    if let Some(listener) = errand.listener.take() {
        return Ok(listener);
    }
    let address = errand.loopback.as_ref();
    let address = address.expect("a way with a listener is taken only where it has an address");
    Listener::bind(address)
        .map_err(|error| Box::new(trouble::not_listening(errand.step, address, &error)))
}
