//! A pending snapshot with all that helps to judge it: whose it is, what the collection says of the
//! step, and what differs from the snapshot that was accepted.

use std::path::PathBuf;

use super::values::value_diff;
use crate::ansi::clean;
use crate::cli::snapshots::{self, shown};
use crate::collection::load::Loader;
use crate::diff::line_diff;
use crate::snapshot::file::SnapshotFile;
use crate::snapshot::store::{Pending, StoreError};

/// What of a snapshot is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The values that differ.
    Values,
    /// The lines that differ.
    Lines,
    /// The snapshot that was accepted.
    Old,
    /// The snapshot that is pending.
    New,
}

impl View {
    /// What `d` shows next.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Values => Self::Lines,
            Self::Lines => Self::Old,
            Self::Old => Self::New,
            Self::New => Self::Values,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Values => "value diff",
            Self::Lines => "line diff",
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// A pending snapshot that somebody is to judge.
#[derive(Debug)]
pub struct Subject {
    /// The collection's file; it need not be there any more.
    pub file: PathBuf,
    /// The line of the step in it, counted from 1.
    pub line: usize,
    /// The name of the collection, where that can be read.
    pub collection: Option<String>,
    /// The step: its id and its name.
    pub step: (String, String),
    /// What the collection says of the step.
    pub prose: Option<String>,
    /// The method and the URL's template.
    pub request: String,
    /// What should be known although it can be judged without.
    pub note: Option<String>,
    old: Option<SnapshotFile>,
    new: SnapshotFile,
}

impl Subject {
    /// Reads a pending snapshot, the accepted one and the collection, as it is now.
    pub fn read(pending: &Pending) -> Result<Self, StoreError> {
        let new = pending.recorded()?;
        let (old, note) = match pending.accepted() {
            Ok(old) => (old, None),
            Err(error) => (None, Some(error.to_string())),
        };
        let header = &new.header;
        let mut subject = Self {
            file: snapshots::collection(pending),
            line: header.assertion_line.map_or(1, |line| line as usize),
            collection: None,
            step: (header.step.clone(), header.description.clone()),
            prose: None,
            request: header.expression.clone(),
            note,
            old,
            new,
        };
        subject.read_collection();
        Ok(subject)
    }

    /// Takes from the collection what a snapshot does not hold. Without it, that is missing.
    fn read_collection(&mut self) {
        let mut loader = Loader::default();
        let Some(collection) = loader.load(&self.file) else {
            return;
        };
        self.collection = Some(collection.head.name.value.clone());
        let mut steps = collection.all_steps();
        if let Some(step) = steps.find(|step| *step.id == *self.step.0) {
            let place = step.span();
            let source = loader.sources.get(place.source);
            self.line = source.position(place.start as usize).line;
            let prose = step.spec.description.as_ref();
            self.prose = prose.map(|prose| prose.value.clone());
        }
    }

    /// Where the step is written: `collections/agent-flow.yaml:37`.
    pub fn place(&self) -> String {
        format!("{}:{}", shown(&self.file), self.line)
    }

    /// Whether the step has no snapshot yet.
    pub fn is_new(&self) -> bool {
        self.old.is_none()
    }

    /// The view that is shown where somebody wants `wanted`: what is new has no difference.
    pub fn view(&self, wanted: View) -> View {
        if self.is_new() { View::New } else { wanted }
    }

    /// The lines of a view.
    pub fn lines(&self, view: View, color: bool) -> Vec<String> {
        match (view, &self.old) {
            (View::Values, Some(old)) => value_diff(&old.contents, &self.new.contents, color),
            (View::Lines, Some(old)) => line_diff(&old.contents, &self.new.contents, color),
            (View::Old, Some(old)) => old.contents.lines().map(clean).collect(),
            _ => self.new.contents.lines().map(clean).collect(),
        }
    }
}
