//! Why there is no answer to a browser step, and what to do about it.

use std::time::Duration;

use super::errand::Errand;
use crate::authorize::loopback::{BindError, LoopbackUri};
use crate::collection::model::Step;
use crate::diagnostic::{Diagnostic, list};
use crate::event::duration_text;
use crate::http::message::Exchange;
use crate::secrets::Secrets;

/// The server shows a page, and nobody is there to see it.
pub(super) fn needs_browser(errand: &Errand<'_>, exchange: &Exchange) -> Diagnostic {
    let status = exchange.response.status;
    let message = match exchange.location() {
        Some(url) if status < 400 => {
            format!("a browser is needed: the server redirects to `{url}`, a page for a person")
        }
        _ if status < 400 => {
            format!(
                "a browser is needed: the server answered {status} with a page and did not redirect"
            )
        }
        _ => format!("the server answered {status} where a redirect was expected"),
    };
    give_it(
        errand,
        Diagnostic::error("needs-browser", message, errand.step.span()),
    )
}

/// The way that was asked for needs a person.
pub(super) fn nobody_there(errand: &Errand<'_>) -> Diagnostic {
    let message = "the answer has to be pasted, and nobody can be asked: there is no terminal";
    give_it(
        errand,
        Diagnostic::error("needs-browser", message, errand.step.span()),
    )
}

/// A person was asked and gave nothing.
pub(super) fn nothing_pasted(errand: &Errand<'_>) -> Diagnostic {
    let message = "the address that the browser ended on was not given";
    give_it(
        errand,
        Diagnostic::error("no-answer", message, errand.step.span()),
    )
}

/// Says how the answer can be given to another run.
fn give_it(errand: &Errand<'_>, diagnostic: Diagnostic) -> Diagnostic {
    let captures = errand.step.spec.capture.iter();
    let flags: Vec<String> = captures
        .map(|(name, _)| format!("--secret {}=…", name.value))
        .collect();
    if errand.parameter("code_challenge").is_some() {
        return diagnostic.help(
            "run it where a terminal or a browser is: its `code_challenge` binds the code to this run, \
             so that it can't be given to another one",
        );
    }
    if flags.is_empty() {
        return diagnostic.help("run it where a terminal or a browser is");
    }
    diagnostic
        .note(format!("the address: {}", errand.request.url))
        .help(format!(
            "open the address in a browser, log in, and give what the redirect carries, decoded (`%3A` is `:`): `{}`",
            flags.join(" ")
        ))
        .help("or run it where a terminal or a browser is")
}

/// Nothing came in time.
pub(super) fn timed_out(step: &Step, timeout: Duration) -> Diagnostic {
    let message = format!(
        "the browser did not come back within {}",
        length_of(timeout)
    );
    Diagnostic::error("no-answer", message, step.span())
        .help(
            "if it shows an error, the server refused and says why there; else run the step again, \
             with `timeout: 15m` for more time",
        )
        .help("`--authorize paste` takes the address that the browser ended on by hand")
}

/// Somebody pressed Ctrl-C.
pub(super) fn interrupted(step: &Step) -> Diagnostic {
    Diagnostic::error(
        "no-answer",
        "the wait for the browser was interrupted",
        step.span(),
    )
}

/// There is no listener.
pub(super) fn not_listening(step: &Step, address: &LoopbackUri, error: &BindError) -> Diagnostic {
    let message = format!("`{}` can't be listened on: {error}", address.as_str());
    let diagnostic = Diagnostic::error("not-listening", message, step.span());
    match error {
        BindError::Busy(_) => diagnostic
            .help("end that program, perhaps an earlier lcrun, or take another port that the server allows")
            .help("`--authorize paste` needs no port"),
        BindError::Forbidden(_) => diagnostic.help("take a port above 1023 that the server allows"),
        BindError::Other(..) => diagnostic.help("`--authorize paste` needs no port"),
    }
}

/// The port that was found has no way into the request.
pub(super) fn open_port(step: &Step, address: &LoopbackUri) -> Diagnostic {
    let message = format!(
        "a free port was found for `{}`, but the `redirect_uri` of the query still has port 0",
        address.as_str()
    );
    Diagnostic::error("open-port", message, step.span()).help(
        "give the address as an input, and use it here and in the later steps: `redirect_uri: \"{{ redirect_uri }}\"`",
    )
}

/// The redirect carries another `state` than the request.
pub(super) fn other_state(step: &Step) -> Diagnostic {
    Diagnostic::error(
        "wrong-state",
        "the redirect carries another `state` than the request",
        step.span(),
    )
    .help("the answer may belong to another request (RFC 6749 §10.12); run the step again")
}

/// The parameters of the address whose values are secret.
pub(super) fn hidden(errand: &Errand<'_>, secrets: &Secrets) -> Vec<String> {
    let pairs = errand.request.url.query_pairs();
    pairs
        .filter(|(_, value)| secrets.contains(value))
        .map(|(name, _)| name.into_owned())
        .collect()
}

/// A person would have to see a secret.
pub(super) fn hidden_address(step: &Step, hidden: &[String]) -> Diagnostic {
    let what = if hidden.is_empty() {
        "a secret".to_owned()
    } else {
        format!("a secret in {}", list(hidden.iter().map(String::as_str)))
    };
    let message = format!("the address holds {what}, so that it can't be shown");
    Diagnostic::error("hidden-address", message, step.span())
        .help("give a value that is not a secret with `--variable` in place of `--secret`")
        .help("or have it opened without being shown: `--authorize browser`")
}

/// A length of time, in whole minutes or seconds if it is.
pub(super) fn length_of(time: Duration) -> String {
    let plural =
        |count: u64, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (time.as_secs(), time.subsec_nanos()) {
        (seconds @ 60.., 0) if seconds % 60 == 0 => plural(seconds / 60, "minute"),
        (seconds @ 1.., 0) => plural(seconds, "second"),
        _ => duration_text(time),
    }
}
