//! A step's end, masked for the reporters. Nothing of a response leaves the run but through here.

use std::fmt::Write as _;

use super::checks;
use super::job::Settings;
use super::pretty;
use super::step::Walked;
use crate::authorize::way::Back;
use crate::collection::model::{Show, Step};
use crate::diagnostic::Diagnostic;
use crate::event::{
    ExchangeText, Problem, ProblemKind, RequestLine, Status, StepInfo, StepOutcome, duration_text,
};
use crate::http::client::ClientOptions;
use crate::http::curl::CurlParts;
use crate::http::message::{Exchange, Headers, Request, Timings};
use crate::secrets::Secrets;
use crate::source::Sources;

/// The longest body that is turned into text for a report, in bytes; the rest is counted.
const SHOWN_BODY: usize = 256 * 1024;

/// The end of a step that sent nothing.
pub(super) fn without_exchange(step: StepInfo, status: Status) -> StepOutcome {
    StepOutcome {
        step,
        status,
        request: None,
        response_status: None,
        duration: None,
        problems: Vec::new(),
        warnings: Vec::new(),
        snapshot_changes: Vec::new(),
        snapshot_diff: Vec::new(),
        recorded: None,
        notes: Vec::new(),
        explanations: Vec::new(),
        captures: Vec::new(),
        checks: Vec::new(),
        exchange: None,
        show_response: false,
        curl: None,
    }
}

/// The end of a step that was walked.
pub(super) fn of_step(
    info: StepInfo,
    step: &Step,
    mut walked: Walked,
    settings: &Settings,
    (secrets, sources): (&Secrets, &Sources),
) -> StepOutcome {
    let looked = walked.looked;
    let detail = settings.detail;
    let troubled = walked.problem.is_some() || !walked.findings.wrong.is_empty();
    let status = if troubled || looked.failure.is_some() {
        Status::Failed
    } else {
        Status::Passed
    };
    let mut outcome = without_exchange(info, status);
    let problem = |kind: ProblemKind, diagnostic: Diagnostic| Problem {
        kind,
        diagnostic: mask_diagnostic(diagnostic, secrets, sources),
    };
    let has_no_answer = walked.problem.is_some();
    let errors = walked.problem.into_iter();
    let errors = errors.map(|diagnostic| problem(ProblemKind::Request, diagnostic));
    let checks = std::mem::take(&mut walked.findings.wrong).into_iter();
    let checks = checks.map(|one| problem(ProblemKind::Check, one.diagnostic(secrets)));
    let snapshot = looked.failure.into_iter();
    let snapshot = snapshot.map(|diagnostic| problem(ProblemKind::Snapshot, diagnostic));
    outcome.problems = errors.chain(checks).chain(snapshot).collect();
    outcome.warnings = looked.warnings;
    outcome.snapshot_changes = looked.changes;
    outcome.snapshot_diff = looked.text_lines;
    outcome.recorded = looked.recorded;
    outcome.notes.extend(looked.note);
    let explanations = walked.explanations.into_iter();
    let explanations = explanations.map(|one| one.map(|text| secrets.mask(&text).into_owned()));
    outcome.explanations = explanations.collect();
    if let Some(by_hand) = walked.by_hand.filter(|_| !has_no_answer) {
        let word = match by_hand.back {
            Back::Listener => "in the browser",
            Back::Paste => "pasted",
        };
        outcome.notes.push(word.to_owned());
        outcome.notes.extend(by_hand.note.map(str::to_owned));
    }
    let show = step.spec.show.map(|show| show.value);
    outcome.show_response = show == Some(Show::Response);
    if detail.checks {
        let checked = walked.findings.checked.iter();
        outcome.checks = checked
            .filter_map(|(place, holds)| {
                let mut asserts = step.spec.assert.iter();
                let assert = asserts.find(|assert| assert.span == *place)?;
                Some((secrets.mask(&assert.value).into_owned(), *holds))
            })
            .collect();
    }
    if detail.captures {
        let captures = walked.findings.captures.iter();
        outcome.captures = captures
            .map(|(name, value)| (name.clone(), checks::masked(value, secrets)))
            .collect();
    }
    if let Some(exchange) = &walked.exchange {
        outcome.response_status = Some(exchange.response.status);
        outcome.duration = Some(exchange.timings.total);
        if troubled || looked.is_new || detail.exchange || outcome.show_response {
            outcome.exchange = Some(exchange_text(exchange, secrets));
        }
    }
    if let Some(request) = &walked.request {
        outcome.request = Some(request_line(request, secrets));
        if (troubled || detail.exchange) && walked.by_hand.is_none() {
            // As it was sent it has the cookies of the run; behind redirects it is another one.
            let sent = walked.exchange.as_ref();
            let sent = sent.filter(|exchange| exchange.redirects.is_empty());
            let request = sent.map_or(request, |exchange| &exchange.request);
            outcome.curl = Some(curl_line(request, &settings.client, secrets));
        }
    }
    outcome
}

/// Masks every text of a diagnostic. Where a line that it would show holds a secret, which should
/// not stand in a file, the place is told in words.
pub(super) fn mask_diagnostic(
    diagnostic: Diagnostic,
    secrets: &Secrets,
    sources: &Sources,
) -> Diagnostic {
    let lines = diagnostic.shown_lines(sources);
    let mut masked = diagnostic.map_texts(|text| secrets.mask(&text).into_owned());
    if lines.iter().any(|line| secrets.contains(line)) {
        masked.secondary.clear();
        masked.fix = None;
        if let Some(primary) = masked.primary.take() {
            masked.notes.push(format!(
                "at {}, a line that is not shown because it holds a secret",
                sources.locate(primary.span)
            ));
        }
    }
    masked
}

/// The first line of a request.
fn request_line(request: &Request, secrets: &Secrets) -> RequestLine {
    RequestLine {
        method: secrets.mask(&request.method).into_owned(),
        path: secrets.mask(request.url.path()).into_owned(),
        url: secrets.mask_url(request.url.as_str()),
    }
}

/// A request and its response as texts.
fn exchange_text(exchange: &Exchange, secrets: &Secrets) -> ExchangeText {
    let request = &exchange.request;
    let response = &exchange.response;
    let (request_head, request_body) = request_text(request, secrets);
    let status = format!(
        "HTTP/1.1 {} {}",
        response.status,
        secrets.mask(&response.reason)
    );
    let mut response_head = vec![status.trim_end().to_owned()];
    header_lines(&response.headers, secrets, &mut response_head);
    ExchangeText {
        request_head,
        request_body,
        redirects: exchange
            .redirects
            .iter()
            .map(|hop| format!("{} {}", hop.status, secrets.mask_url(hop.url.as_str())))
            .collect(),
        response_head,
        response_body: body_text(
            &response.body,
            response.headers.get("content-type"),
            secrets,
        ),
        timings: timings_text(&exchange.timings),
    }
}

/// The request line and header fields, each a line, and the body.
pub(super) fn request_text(request: &Request, secrets: &Secrets) -> (Vec<String>, String) {
    let mut head = vec![format!(
        "{} {}",
        secrets.mask(&request.method),
        secrets.mask_url(request.url.as_str())
    )];
    header_lines(&request.headers, secrets, &mut head);
    let body = request.body.as_ref().map_or_else(String::new, |body| {
        body_text(body, request.headers.get("content-type"), secrets)
    });
    (head, body)
}

fn header_lines(headers: &Headers, secrets: &Secrets, lines: &mut Vec<String>) {
    for (name, value) in headers.iter() {
        lines.push(format!("{name}: {}", secrets.mask_header(name, value)));
    }
}

/// A body for people: JSON on several lines, other text as it is, bytes counted. Secrets are masked
/// before anything is escaped or cut.
fn body_text(body: &[u8], content_type: Option<&str>, secrets: &Secrets) -> String {
    if body.is_empty() {
        return String::new();
    }
    if let Some(document) = pretty::json(body, secrets) {
        return document;
    }
    let Ok(text) = std::str::from_utf8(body) else {
        let kind = content_type.unwrap_or("no content type");
        return format!("({} bytes, {kind})", body.len());
    };
    let text = secrets.mask_body(content_type, text);
    if text.len() <= SHOWN_BODY {
        return text;
    }
    let end = crate::source::floor_boundary(&text, SHOWN_BODY);
    format!("{}\n({} more bytes)", &text[..end], text.len() - end)
}

fn timings_text(timings: &Timings) -> String {
    let parts = [
        ("name look-up", timings.dns),
        ("connect", timings.connect),
        ("TLS", timings.tls),
        ("wait", timings.wait),
        ("receive", timings.receive),
    ];
    let mut text = format!("total {}", duration_text(timings.total));
    for (name, duration) in parts {
        if let Some(duration) = duration {
            let _ = write!(text, ", {name} {}", duration_text(duration));
        }
    }
    text
}

/// The command line that repeats a request, its secrets masked before they are quoted.
pub(super) fn curl_line(request: &Request, client: &ClientOptions, secrets: &Secrets) -> String {
    CurlParts::masked(request, client, secrets).to_string()
}
