//! A step's response and its snapshot: recorded, compared, and told.

use super::taint::SharedSecrets;
use crate::collection::flow::Reached;
use crate::collection::model::Collection;
use crate::diagnostic::Diagnostic;
use crate::event::RecordedText;
use crate::http::message::Response;
use crate::snapshot::file::Header;
use crate::snapshot::place::Home;
use crate::snapshot::policy::{self, Done, Place, Settled, Update, Verdict};
use crate::snapshot::store::StoreError;
use crate::snapshot::{Difference, Recorded, Rules, record};
use crate::source::Sources;

/// What a run does about snapshots.
#[derive(Debug, Clone)]
pub enum Snapshots {
    /// Nothing, for this reason.
    NotCompared(String),
    /// It only tells what each would hold.
    Told,
    /// It compares them.
    Compared(Policy),
}

/// How snapshots are compared and written.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Where those of the collection lie.
    pub home: Home,
    /// The collection's path as the files name it.
    pub source: String,
    /// Which files are written.
    pub update: Update,
    /// Whether additions to a response pass.
    pub additions_pass: bool,
}

/// What came of a step's snapshot.
#[derive(Debug, Default)]
pub struct Looked {
    /// Why the step fails, if it does.
    pub failure: Option<Diagnostic>,
    /// What is odd about its rules.
    pub warnings: Vec<Diagnostic>,
    /// What the user should know although nothing is wrong.
    pub note: Option<String>,
    /// What differs, or what is new and can be seen nowhere else, a line each.
    pub changes: Vec<String>,
    /// The whole texts, line by line, where they differ.
    pub text_lines: Vec<String>,
    /// Whether there was no snapshot yet, so that the response is worth seeing.
    pub is_new: bool,
    /// The response as a snapshot holds it, where it was recorded.
    pub recorded: Option<RecordedText>,
}

impl Looked {
    fn noted(note: impl Into<String>) -> Self {
        Self {
            note: Some(note.into()),
            ..Self::default()
        }
    }
}

/// The rules of a step's snapshot, if it takes one.
pub fn rules(reached: &Reached<'_, '_>) -> Option<Rules> {
    let own = reached.step.spec.snapshot.as_deref()?;
    let below = reached.defaults.iter();
    Rules::of(
        below.filter_map(|defaults| defaults.snapshot.as_deref()),
        own,
    )
}

impl Snapshots {
    /// Compares a response with the snapshot of its step.
    pub fn look(
        &self,
        reached: &Reached<'_, '_>,
        response: &Response,
        secrets: &SharedSecrets,
        sources: &Sources,
    ) -> Looked {
        let Some(rules) = rules(reached) else {
            return Looked::default();
        };
        match self {
            Snapshots::NotCompared(reason) => {
                Looked::noted(format!("snapshot not compared ({reason})"))
            }
            Snapshots::Told => Looked {
                recorded: Some(text_of(record(response, &rules, &secrets.lock()))),
                ..Looked::default()
            },
            Snapshots::Compared(policy) => {
                let recorded = record(response, &rules, &secrets.lock());
                let looked = policy.look(reached, &recorded, (secrets, sources));
                Looked {
                    recorded: Some(text_of(recorded)),
                    ..looked
                }
            }
        }
    }
}

fn text_of(recorded: Recorded) -> RecordedText {
    RecordedText {
        contents: recorded.contents,
        is_json: recorded.is_json,
    }
}

impl Policy {
    fn look(
        &self,
        reached: &Reached<'_, '_>,
        recorded: &Recorded,
        (secrets, sources): (&SharedSecrets, &Sources),
    ) -> Looked {
        let place = self.place(reached, secrets, sources);
        let mut looked = match policy::settle(&place, recorded, self.update) {
            Ok(settled) => self.judge(reached, &settled, recorded),
            Err(error) => Looked {
                failure: Some(unusable(reached, &error)),
                ..Looked::default()
            },
        };
        looked.warnings = recorded
            .unmatched
            .iter()
            .map(crate::snapshot::rules::Unmatched::diagnostic)
            .collect();
        if recorded.is_large && looked.note.is_none() {
            looked.note = Some("large body: length and SHA-256 compared".to_owned());
        }
        looked
    }

    fn place(
        &self,
        reached: &Reached<'_, '_>,
        secrets: &SharedSecrets,
        sources: &Sources,
    ) -> Place {
        let secrets = secrets.lock();
        let step = reached.step;
        let request = reached.request();
        let text = |text: Option<&crate::collection::model::Text>| {
            text.map_or_else(String::new, |text| text.value.clone())
        };
        let expression = request.map_or_else(String::new, |request| {
            let method = match (request.method, &request.body) {
                (Some(method), _) => method.value.clone(),
                (None, Some(_)) => "POST".to_owned(),
                (None, None) => "GET".to_owned(),
            };
            format!("{method} {}", text(request.url))
        });
        let span = step.span();
        let line = sources.get(span.source).position(span.start as usize).line;
        Place {
            file: self.home.file(&step.id, &[]),
            header: Header {
                source: self.source.clone(),
                assertion_line: u32::try_from(line).ok(),
                description: secrets.redact(&step.spec.name.value).into_owned(),
                expression: secrets.redact(&expression).into_owned(),
                step: step.id.to_string(),
            },
        }
    }

    fn judge(&self, reached: &Reached<'_, '_>, settled: &Settled, recorded: &Recorded) -> Looked {
        let pending = matches!(settled.done, Done::Pending(_));
        match &settled.verdict {
            Verdict::Same => Looked::default(),
            _ if settled.passes() => Looked::noted("snapshot written"),
            Verdict::New => Looked {
                failure: Some(hinted(
                    Diagnostic::error(
                        "snapshot-missing",
                        "the response has no snapshot yet",
                        reached.step.span(),
                    ),
                    pending,
                )),
                // Where no file was written, as in CI, the report is all there is to see it.
                changes: if pending {
                    Vec::new()
                } else {
                    recorded.contents.lines().map(str::to_owned).collect()
                },
                is_new: pending,
                ..Looked::default()
            },
            Verdict::Different(difference) if self.additions_pass && !difference.is_breaking() => {
                Looked::noted(format!(
                    "snapshot: {} (additions pass)",
                    counted(difference.changes.len(), "addition")
                ))
            }
            Verdict::Different(difference) => Looked {
                failure: Some(hinted(different(reached, difference), pending)),
                changes: difference.lines(false),
                text_lines: difference.text_lines(false),
                ..Looked::default()
            },
        }
    }
}

fn different(reached: &Reached<'_, '_>, difference: &Difference) -> Diagnostic {
    let message = match difference.changes.len() {
        0 => "the response differs from its snapshot".to_owned(),
        count => format!(
            "the response differs from its snapshot in {}",
            counted(count, "place")
        ),
    };
    Diagnostic::error("snapshot-differs", message, reached.step.span())
}

fn counted(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

fn hinted(diagnostic: Diagnostic, pending: bool) -> Diagnostic {
    diagnostic.help(if pending {
        "run `lcrun review` to accept or reject it"
    } else {
        "run it with `--update=new` (the default but where `CI` is set), then `lcrun review`"
    })
}

fn unusable(reached: &Reached<'_, '_>, error: &StoreError) -> Diagnostic {
    let diagnostic = Diagnostic::error("snapshot-file", error.to_string(), reached.step.span());
    match std::error::Error::source(error) {
        Some(source) => diagnostic.note(source.to_string()),
        None => diagnostic,
    }
}

/// The snapshot files of every step of a collection that takes one, and the step.
pub fn files<'c>(collection: &'c Collection, home: &Home) -> Vec<(std::path::PathBuf, &'c str)> {
    let mut files = Vec::new();
    let mut defaults = crate::collection::flow::file_defaults(collection);
    for steps in [&collection.steps, &collection.finally] {
        crate::collection::flow::walk(steps, &mut defaults, &mut |reached| {
            if rules(reached).is_some() {
                files.push((home.file(&reached.step.id, &[]), &*reached.step.id));
            }
            true
        });
    }
    files
}
