//! What is wrong with the marks of a template: `{{ }}`, `{% %}` and `{# #}` that are empty, nested,
//! never closed or of no use here.

use std::ops::Range;

use super::error::{Cause, TemplateError};
use super::hints::syntax_error;

/// Explains what is wrong with the marks around a region, if anything is.
pub(super) fn explain(
    text: &str,
    region: &Range<usize>,
    error: &minijinja::Error,
) -> Option<TemplateError> {
    let detail = error.detail().unwrap_or_default();
    if detail == "unexpected end of comment" {
        let open = text.rfind("{#")?;
        let message = "`{#` is never closed: there is no `#}`";
        return Some(syntax_error(message, open..open + 2).help("close the comment with `#}`"));
    }
    if detail == "unexpected end of raw block" {
        let open = text.rfind("{%")?;
        return Some(never_ended("raw", tag(text, open)));
    }
    if let Some(name) = detail.strip_prefix("unknown statement ") {
        return unknown(text, region, name);
    }
    let open = region.start.checked_sub(2)?;
    let mark = &text[open..region.start];
    if region.end == text.len() && !matches!(mark, "{{" | "{%") {
        return None;
    }
    let close = if mark == "{{" { "}}" } else { "%}" };
    if !text[region.end..].starts_with(close) {
        let message = format!("`{mark}` is never closed: there is no `{close}`");
        let help = format!("write `{close}` where the expression ends");
        return Some(syntax_error(message, open..region.start).help(help));
    }
    let whole = open..region.end + 2;
    if mark == "{{" {
        return braces(text, region, whole);
    }
    unended(text).filter(|_| detail.starts_with("unexpected end of input"))
}

/// What is wrong with `{{ }}` as such.
fn braces(text: &str, region: &Range<usize>, whole: Range<usize>) -> Option<TemplateError> {
    let inside = text[region.clone()].trim();
    if inside.is_empty() {
        return Some(
            syntax_error("`{{ }}` is empty: an expression is missing", whole)
                .help("write one, such as `{{ base_url }}`"),
        );
    }
    let before = &text[..whole.start];
    let outer = before.rfind("{{")?;
    if before[outer..].contains("}}") {
        return None;
    }
    let message = "`{{` is inside `{{ }}` already";
    let error = TemplateError::new(Cause::Syntax, "braces-in-expression", message);
    Some(
        error
            .at(whole.clone())
            .fix("leave the inner ones out", whole, inside)
            .certain(),
    )
}

/// The bytes of the tag that begins at a place.
fn tag(text: &str, open: usize) -> Range<usize> {
    let end = text[open..]
        .find("%}")
        .map_or(text.len(), |at| open + at + 2);
    open..end
}

fn never_ended(name: &str, at: Range<usize>) -> TemplateError {
    let message = format!("`{{% {name} %}}` is never ended: there is no `{{% end{name} %}}`");
    syntax_error(message, at).help(format!("write `{{% end{name} %}}` where it ends"))
}

/// A block that templates don't have.
fn unknown(text: &str, region: &Range<usize>, name: &str) -> Option<TemplateError> {
    let at = tag(text, region.start.checked_sub(2)?);
    if let Some(block) = name.strip_prefix("end") {
        let message = match open_blocks(&text[..at.start]).pop() {
            Some((open, _)) if open != block => {
                format!("`{{% {open} %}}` is still open: `{{% end{open} %}}` comes before this")
            }
            _ => format!("there is no `{{% {block} %}}` that `{{% {name} %}}` could end"),
        };
        return Some(syntax_error(message, at).help("remove it, or begin the block before it"));
    }
    let message = match name {
        "include" | "extends" | "import" | "from" | "block" => {
            format!("`{{% {name} %}}` can't be used here: a template has no other files")
        }
        _ => format!("there is no block `{{% {name} %}}`"),
    };
    let error = TemplateError::new(Cause::Syntax, "unknown-block", message).at(at);
    Some(error.help("templates have `if`, `for`, `set`, `with`, `filter` and `raw`"))
}

/// The last block that is opened and never ended.
fn unended(text: &str) -> Option<TemplateError> {
    let (name, at) = open_blocks(text).pop()?;
    Some(never_ended(name, tag(text, at)))
}

/// The blocks that are open at the end of a text, and where they begin.
fn open_blocks(text: &str) -> Vec<(&str, usize)> {
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (at, _) in text.match_indices("{%") {
        let inside = text[at + 2..].trim_start_matches(['-', '+']).trim_start();
        let length = inside.bytes().take_while(u8::is_ascii_alphanumeric).count();
        match &inside[..length] {
            name @ ("if" | "for" | "with" | "filter") => open.push((name, at)),
            name if name.starts_with("end") => _ = open.pop(),
            _ => {}
        }
    }
    open
}
