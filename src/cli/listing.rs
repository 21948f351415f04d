//! `--list`: collections and their steps, nothing sent.

use std::io::Write;

use anyhow::Result;

use super::context::Context;
use super::exit::Exit;
use super::prepare::Call;
use crate::collection::model::Collection;
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
        for (place, listed) in plan::list(collection).iter().enumerate() {
            if plan.contains(place) {
                let indent = "  ".repeat(listed.depth + 1);
                let spec = &listed.step.spec;
                let tags: String = spec
                    .tags
                    .iter()
                    .map(|tag| format!(" #{}", tag.value))
                    .collect();
                let id = if listed.step.is_prose() {
                    ""
                } else {
                    &*listed.step.id
                };
                writeln!(
                    out,
                    "{indent}{:<4} {}  {id}{tags}",
                    listed.number, spec.name.value
                )?;
            }
        }
        for step in &collection.finally {
            writeln!(out, "  finally {}  {}", step.spec.name.value, step.id)?;
        }
    }
    out.flush()?;
    Ok(Exit::Passed)
}
