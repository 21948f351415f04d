//! What a run tells its reporters.
//!
//! Every text in an event is masked already, so that no reporter can leak a secret; nothing in one
//! refers back to the run. Events are told as things happen and kept by nobody.

use std::time::Duration;

use crate::diagnostic::Diagnostic;
pub use crate::explain::Explanation;

/// Something that happened.
#[derive(Debug)]
pub enum Event<'e> {
    /// A collection begins.
    CollectionStarted(&'e CollectionStart),
    /// A step begins; it may take a while.
    StepStarted(&'e StepInfo),
    /// A step ended, was skipped or was not run.
    StepFinished(&'e StepOutcome),
    /// A collection ended.
    CollectionFinished(&'e CollectionEnd),
}

/// What is known when a collection begins.
#[derive(Debug, Clone, Default)]
pub struct CollectionStart {
    /// The file as it was named.
    pub file: String,
    /// Its name.
    pub name: String,
    /// Its prose.
    pub description: Option<String>,
    /// What a person must have before it can be followed.
    pub requires: Vec<String>,
    /// The chosen environment.
    pub environment: Option<String>,
    /// Where each value from outside came from: a name and a place.
    pub origins: Vec<(String, String)>,
    /// What the user should know.
    pub notes: Vec<String>,
    /// The longest step name in characters, for columns.
    pub name_width: usize,
    /// The names that more than one of its steps has: where they are to be told apart, the number
    /// does it.
    pub repeated_names: Vec<String>,
}

/// Which step it is.
#[derive(Debug, Clone, Default)]
pub struct StepInfo {
    /// Its number as `--only` takes it: `3`, or `3.1` in a group.
    pub number: String,
    /// How deep in groups it lies.
    pub depth: usize,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its prose.
    pub description: Option<String>,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Everything was as it should be.
    Passed,
    /// Something was not.
    Failed,
    /// It was its turn, but there was a reason to pass over it.
    Skipped(String),
    /// It was not its turn any more.
    NotRun(String),
    /// Prose: there was nothing to do.
    Told,
    /// A group: its steps follow.
    Opened,
}

/// What happened in a step.
#[derive(Debug, Clone)]
pub struct StepOutcome {
    /// Which one.
    pub step: StepInfo,
    /// How it ended.
    pub status: Status,
    /// The method and the path of its request.
    pub request: Option<RequestLine>,
    /// The status of the response.
    pub response_status: Option<u16>,
    /// How long the exchange took.
    pub duration: Option<Duration>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// What is odd in the collection, now that there is a response.
    pub warnings: Vec<Diagnostic>,
    /// What of the response differs from its snapshot, a change a line.
    pub snapshot_changes: Vec<String>,
    /// The line diff of a snapshot that differs.
    pub snapshot_diff: Vec<String>,
    /// The response as its snapshot holds it, where it was recorded.
    pub recorded: Option<RecordedText>,
    /// What the user should know although nothing is wrong.
    pub notes: Vec<String>,
    /// What the error that the server answered means.
    pub explanations: Vec<Explanation>,
    /// What was captured: a name and a value in one line.
    pub captures: Vec<(String, String)>,
    /// The asserts that were looked at and whether each held; there where a reporter asked for it.
    pub checks: Vec<(String, bool)>,
    /// Request and response; there where a reporter asked for it or something is wrong.
    pub exchange: Option<ExchangeText>,
    /// Whether the response is to be seen although nothing is wrong.
    pub show_response: bool,
    /// A command line that repeats the request.
    pub curl: Option<String>,
}

/// A response as its snapshot holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedText {
    /// Status line, header fields and body.
    pub contents: String,
    /// Whether the body is a JSON document, so that its values can be redacted.
    pub is_json: bool,
}

/// The first line of a request, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The method.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The whole URL.
    pub url: String,
}

/// Something that is wrong in a step.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What sort of bad news it is.
    pub kind: ProblemKind,
    /// What is wrong and where it stands in the collection.
    pub diagnostic: Diagnostic,
}

/// The sorts of bad news within a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The request could not be made or rendered.
    Request,
    /// A check failed.
    Check,
    /// The snapshot is missing or differs; the run goes on.
    Snapshot,
}

/// A request and its response as texts.
#[derive(Debug, Clone, Default)]
pub struct ExchangeText {
    /// The request line and header fields, each a line.
    pub request_head: Vec<String>,
    /// The request's body.
    pub request_body: String,
    /// The redirects that were followed.
    pub redirects: Vec<String>,
    /// The status line and header fields, each a line.
    pub response_head: Vec<String>,
    /// The response's body, pretty-printed if it is JSON.
    pub response_body: String,
    /// How long the parts took, in words.
    pub timings: String,
}

/// How many steps ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub passed: usize,
    /// Failed.
    pub failed: usize,
    /// Passed over for a reason.
    pub skipped: usize,
    /// Not run after a stop.
    pub not_run: usize,
}

impl Counts {
    /// Counts one more step.
    pub fn add(&mut self, status: &Status) {
        match status {
            Status::Passed => self.passed += 1,
            Status::Failed => self.failed += 1,
            Status::Skipped(_) => self.skipped += 1,
            Status::NotRun(_) => self.not_run += 1,
            Status::Told | Status::Opened => {}
        }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.not_run += other.not_run;
    }
}

/// How a collection ended.
#[derive(Debug, Clone, Default)]
pub struct CollectionEnd {
    /// Its steps.
    pub counts: Counts,
    /// How long all of it took.
    pub duration: Duration,
    /// Whether Ctrl-C ended it.
    pub interrupted: bool,
    /// What is wrong with the run as a whole, such as a sandbox that did not start.
    pub error: Option<String>,
}

/// A length of time as people read it: `0.4 ms`, `12 ms`, `3.2 s`.
pub fn duration_text(duration: Duration) -> String {
    let ms = duration.as_secs_f64() * 1000.0;
    if ms < 10.0 {
        format!("{ms:.1} ms")
    } else if ms < 10_000.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.1} s", ms / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_as_long_as_people_read_it() {
        let text = |ms: f64| duration_text(Duration::from_secs_f64(ms / 1000.0));
        assert_eq!(text(0.42), "0.4 ms");
        assert_eq!(text(12.4), "12 ms");
        assert_eq!(text(12_345.0), "12.3 s");
    }
}
