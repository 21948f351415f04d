//! `--list`: collections and their steps, nothing sent.

use std::io::Write;

use anyhow::Result;

use super::context::Context;
use super::exit::Exit;
use super::prepare::Call;
use crate::collection::keep;
use crate::collection::model::{Collection, Step};
use crate::run::plan::{self, Plan};

/// Prints collections and their steps.
pub fn list(context: &mut Context, call: &Call<'_>, loaded: &[Collection]) -> Result<Exit> {
    let out = &mut context.stdout;
    let selection = call.selection();
    for (index, collection) in loaded.iter().enumerate() {
        let file = call.sources.get(collection.source).name();
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}  {file}", collection.head.name.value)?;
        let environments = &collection.shared.environments;
        if !environments.is_empty() {
            let names: Vec<&str> = environments
                .iter()
                .map(|(name, _)| name.value.as_str())
                .collect();
            writeln!(out, "  environments: {}", names.join(", "))?;
        }
        let Some(plan) = Plan::choose(collection, &selection) else {
            continue;
        };
        let listed = plan::list(collection);
        let chosen = listed.iter().enumerate();
        // A step that waits until it is needed is listed where nothing was selected.
        let all = selection.is_all();
        let waits = |step: &Step| all && keep::waits(collection, step);
        let chosen = chosen.filter(|(place, listed)| plan.contains(*place) || waits(listed.step));
        let rows: Vec<(String, String)> = chosen
            .map(|(_, listed)| {
                let indent = "  ".repeat(listed.depth + 1);
                let (name, words) = row(&format!("{indent}{:<4}", listed.number), listed.step);
                let when = if waits(listed.step) {
                    " (when needed)"
                } else {
                    ""
                };
                (name, words + when)
            })
            .chain(collection.finally.iter().map(|step| row("  finally", step)))
            .collect();
        let widths = rows.iter().map(|(name, _)| name.chars().count());
        let width = widths.max().unwrap_or(0).min(NAME_WIDTH);
        for (name, rest) in &rows {
            let line = format!("{name:<width$}  {rest}");
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    out.flush()?;
    Ok(Exit::Passed)
}

/// The widest column of names, in characters; a longer name moves only its own line.
const NAME_WIDTH: usize = 60;

/// What stands for a step: its number and name, and the words to select it by.
fn row(number: &str, step: &Step) -> (String, String) {
    let spec = &step.spec;
    let id = (!step.is_prose()).then(|| step.id.to_string());
    let tags = spec.tags.iter().map(|tag| format!("#{}", tag.value));
    let words: Vec<String> = id.into_iter().chain(tags).collect();
    (format!("{number} {}", spec.name.value), words.join(" "))
}
