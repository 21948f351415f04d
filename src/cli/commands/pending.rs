//! `lcrun pending`: lists the snapshots that wait for somebody to accept or reject them.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use crate::cli::args::ListPendingArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::snapshots::{self, shown};
use crate::snapshot::store::Pending;

/// Prints a line for each: the file, the place of the step, and the step.
pub fn execute(context: &mut Context, args: &ListPendingArgs) -> Result<Exit> {
    let found = snapshots::pending(&args.pending)?;
    let out = &mut context.stdout;
    if args.json {
        for one in &found {
            writeln!(out, "{}", serde_json::to_string(&Entry::of(one))?)?;
        }
    } else if found.is_empty() {
        writeln!(out, "{}", snapshots::nothing(&args.pending)?)?;
    } else {
        let rows: Vec<[String; 3]> = found
            .iter()
            .map(|one| {
                let place = snapshots::place(one);
                [shown(&one.path), place, one.header.step.clone()]
            })
            .collect();
        let width = |column: usize| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            widths.max().unwrap_or(0)
        };
        let (file, place) = (width(0), width(1));
        for row in &rows {
            writeln!(out, "{:<file$}  {:<place$}  {}", row[0], row[1], row[2])?;
        }
    }
    out.flush()?;
    Ok(Exit::Passed)
}

/// A pending snapshot for programs.
#[derive(Debug, Serialize)]
struct Entry<'p> {
    path: String,
    collection: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    step: &'p str,
    name: &'p str,
    request: &'p str,
    /// Whether the step has no snapshot yet.
    new: bool,
}

impl<'p> Entry<'p> {
    fn of(pending: &'p Pending) -> Self {
        let header = &pending.header;
        Self {
            path: shown(&pending.path),
            collection: shown(&snapshots::collection(pending)),
            line: header.assertion_line,
            step: &header.step,
            name: &header.description,
            request: &header.expression,
            new: !pending.target().exists(),
        }
    }
}
