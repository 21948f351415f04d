//! Syntax errors in plain words, with the operator that was meant.

use std::ops::Range;

use super::blocks;
use super::error::{Cause, TemplateError};
use super::foreign;
use super::syntax;

/// Explains why a text can't be read.
pub(super) fn explain(text: &str, in_expression: bool, error: &minijinja::Error) -> TemplateError {
    let at = syntax::error_range(text, error).unwrap_or(text.len()..text.len());
    let region = if in_expression {
        0..text.len()
    } else {
        region(text, at.start)
    };
    let around = if in_expression {
        braces(text)
    } else {
        blocks::explain(text, &region, error)
    };
    if in_expression && text.trim().is_empty() {
        return syntax_error("an expression is missing", 0..text.len())
            .help("write one, such as `body.id`, or remove it");
    }
    let marks = Marks::of(text, region);
    around
        .or_else(|| marks.operator(text, &at))
        .or_else(|| marks.unclosed(text, in_expression))
        .or_else(|| foreign::explain(text, &at))
        .or_else(|| word(text, &marks, &at))
        .unwrap_or_else(|| plain(text, error, &at))
}

pub(super) fn syntax_error(message: impl Into<String>, at: Range<usize>) -> TemplateError {
    TemplateError::new(Cause::Syntax, "syntax", message).at(at)
}

/// The bytes between the marks around a place: behind the last `{{` or `{%`, and up to the next
/// `}}` or `%}` behind the place, if there is one.
fn region(text: &str, at: usize) -> Range<usize> {
    let before = &text[..at.min(text.len())];
    let start = ["{{", "{%"]
        .iter()
        .filter_map(|mark| before.rfind(mark))
        .max();
    let Some(start) = start else {
        return 0..text.len();
    };
    let close = if text[start..].starts_with("{{") {
        "}}"
    } else {
        "%}"
    };
    let inside = start + 2;
    let end = text[inside..]
        .find(close)
        .map_or(text.len(), |at| inside + at);
    inside..end
}

/// `{{ }}` where an expression is expected.
fn braces(text: &str) -> Option<TemplateError> {
    let marks = Marks::of(text, 0..text.len());
    let open = marks.find(text, "{{")?;
    // GitHub Actions writes `${{ x }}`.
    let open = open - usize::from(text[..open].ends_with('$'));
    let close = text[open..]
        .find("}}")
        .map_or(text.len(), |at| open + at + 2);
    let error = TemplateError::new(
        Cause::Syntax,
        "braces-in-expression",
        "an expression is written without `{{ }}`",
    )
    .at(open..close);
    let bare = text.replace("${{", "").replace("{{", "").replace("}}", "");
    let words: Vec<&str> = bare.split_whitespace().collect();
    let quoted = bare.contains(['"', '\'']);
    let fixed = if quoted {
        bare.trim().to_owned()
    } else {
        words.join(" ")
    };
    if bare.contains(['{', '}']) {
        return Some(error);
    }
    Some(error.fix("leave them out", 0..text.len(), fixed).certain())
}

/// The bytes of an expression that stand outside of its texts.
struct Marks {
    /// Byte offsets that are not in quotes, ascending.
    bare: Vec<usize>,
    /// Where a text begins that never ends.
    open_quote: Option<usize>,
    end: usize,
}

impl Marks {
    fn of(text: &str, region: Range<usize>) -> Self {
        let bytes = text.as_bytes();
        let mut bare = Vec::new();
        let mut quote: Option<(usize, u8)> = None;
        let mut at = region.start;
        while at < region.end {
            match (quote, bytes[at]) {
                (Some(_), b'\\') => at += 1,
                (Some((_, open)), byte) if byte == open => quote = None,
                (Some(_), _) => {}
                (None, byte @ (b'"' | b'\'')) => quote = Some((at, byte)),
                (None, _) => bare.push(at),
            }
            at += 1;
        }
        Self {
            bare,
            open_quote: quote.map(|(at, _)| at),
            end: region.end,
        }
    }

    /// Where a mark stands outside of texts.
    fn find(&self, text: &str, mark: &str) -> Option<usize> {
        self.bare
            .iter()
            .copied()
            .find(|&at| text.as_bytes()[at..].starts_with(mark.as_bytes()))
    }

    /// An operator of another language, at the place of the error or before it.
    fn operator(&self, text: &str, error: &Range<usize>) -> Option<TemplateError> {
        let bytes = text.as_bytes();
        let assigns = self.bare.first().is_some_and(|&start| {
            let inside = text[start..self.end]
                .trim_start_matches(['-', '+'])
                .trim_start();
            inside.starts_with("set ") || inside.starts_with("with ")
        });
        let mut depth = usize::from(assigns);
        let mut at = 0;
        while let Some(&offset) = self.bare.get(at) {
            let rest = &bytes[offset..self.end];
            match bytes[offset] {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if let Some((operator, meant)) = foreign(rest) {
                let range = offset..offset + operator.len();
                // Inside a call `name=value` gives an argument its name.
                let is_argument = operator == "=" && depth > 0 && !error.contains(&offset);
                if operator == "=>" && depth > 0 {
                    let error = syntax_error("an expression has no functions of its own", range);
                    return Some(error.help(
                        "use a filter, as in `body.items | map(attribute=\"id\")` or `| selectattr(\"id\", \"eq\", 1)`",
                    ));
                }
                if !is_argument {
                    return Some(wrong_operator(text, operator, meant, range, self.end));
                }
            }
            // `==`, `!=`, `<=` and `>=` are passed whole.
            let two = matches!(rest.get(..2), Some(b"==" | b"!=" | b"<=" | b">="));
            at += if two { 2 } else { 1 };
        }
        None
    }

    /// A text or a bracket that is never closed.
    fn unclosed(&self, text: &str, in_expression: bool) -> Option<TemplateError> {
        if let Some(open) = self.open_quote {
            let quote = &text[open..=open];
            let error = syntax_error("this string is never closed", open..self.end);
            return Some(error.help(format!("add a `{quote}` after it")));
        }
        let mut open: Vec<usize> = Vec::new();
        for &at in &self.bare {
            match text.as_bytes()[at] {
                b'(' | b'[' | b'{' => open.push(at),
                b')' | b']' | b'}' => match open.pop() {
                    Some(before) if closes(text, before) == &text[at..=at] => {}
                    Some(before) => {
                        let message = format!(
                            "`{}` does not close the `{}` before it",
                            &text[at..=at],
                            &text[before..=before]
                        );
                        let help = format!("write `{}` in its place", closes(text, before));
                        return Some(syntax_error(message, at..at + 1).help(help));
                    }
                    None => {
                        let message = format!("`{}` closes nothing", &text[at..=at]);
                        let error = syntax_error(message, at..at + 1);
                        return Some(error.help("remove it, or open a bracket before it"));
                    }
                },
                _ => {}
            }
        }
        let last = open.pop()?;
        let closing = closes(text, last);
        let message = format!("`{}` is never closed", &text[last..=last]);
        let error = syntax_error(message, last..last + 1);
        if in_expression && open.is_empty() {
            let end = text.trim_end().len();
            return Some(error.fix(format!("add a `{closing}` after it"), end..end, closing));
        }
        Some(error.help(format!("add a `{closing}` after it")))
    }
}

/// The bracket that closes the one at a place.
fn closes(text: &str, open: usize) -> &'static str {
    match text.as_bytes()[open] {
        b'(' => ")",
        b'[' => "]",
        _ => "}",
    }
}

/// An operator of another language and ours; empty where there is none to put in its place.
fn foreign(rest: &[u8]) -> Option<(&'static str, &'static str)> {
    const OPERATORS: &[(&str, &str)] = &[
        ("===", "=="),
        ("!==", "!="),
        ("=~", "is matching(…)"),
        ("=>", ">="),
        ("=<", "<="),
        ("<>", "!="),
        ("&&", "and"),
        ("||", "or"),
        ("??", "| default(…)"),
        ("?.", "."),
    ];
    let known = OPERATORS
        .iter()
        .find(|(operator, _)| rest.starts_with(operator.as_bytes()));
    match (known, rest) {
        (Some(&known), _) => Some(known),
        (None, [b'=' | b'!', b'=', ..]) => None,
        (None, [b'=', ..]) => Some(("=", "==")),
        (None, [b'!', ..]) => Some(("!", "not")),
        (None, [b'&', ..]) => Some(("&", "and")),
        (None, [b'?', ..]) => Some(("?", "")),
        (None, [b'%', b'}', ..] | [b'{', b'%', ..]) => Some(("{%", "")),
        (None, _) => None,
    }
}

fn wrong_operator(
    text: &str,
    operator: &'static str,
    meant: &str,
    range: Range<usize>,
    end: usize,
) -> TemplateError {
    if operator == "?" {
        return ternary(text, range, end);
    }
    if operator == "{%" {
        return syntax_error("an expression has no `{% %}` blocks", range)
            .help("write `value if condition else other`, or the condition alone");
    }
    let message = format!("`{operator}` is not an operator here: write `{meant}`");
    let error = TemplateError::new(Cause::Syntax, "wrong-operator", message).at(range.clone());
    if meant.contains('…') {
        return error.help(format!("write it as in `body.name {meant}`"));
    }
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let is_word = meant.bytes().all(|byte| byte.is_ascii_alphabetic());
    let left = is_word && before.is_some_and(|char| !char.is_whitespace() && char != '(');
    let right = is_word && after.is_some_and(|char| !char.is_whitespace());
    let replacement = format!(
        "{}{meant}{}",
        if left { " " } else { "" },
        if right { " " } else { "" }
    );
    error
        .fix(format!("write `{meant}`"), range, replacement)
        .certain()
}

/// `a ? b : c`
fn ternary(text: &str, range: Range<usize>, end: usize) -> TemplateError {
    let message = "`?` is not an operator here: write `value if condition else other`";
    let error = TemplateError::new(Cause::Syntax, "wrong-operator", message).at(range.clone());
    // Only where it is certain which parts belong together.
    let is_simple = end == text.len() && !text.contains(['(', ')', '{', '}', '"', '\'']);
    let parts: Vec<&str> = text.split(['?', ':']).map(str::trim).collect();
    match parts[..] {
        [condition, value, other] if is_simple => {
            let fixed = format!("{value} if {condition} else {other}");
            error
                .fix(format!("write `{fixed}`"), 0..text.len(), fixed)
                .certain()
        }
        _ => error.help("as in `\"big\" if count > 10 else \"small\"`"),
    }
}

/// A word that is an operator in other languages: `x contains "y"`.
fn word(text: &str, marks: &Marks, at: &Range<usize>) -> Option<TemplateError> {
    const WORDS: &[(&str, &str)] = &[
        ("contains", "is containing"),
        ("includes", "is containing"),
        ("startswith", "is startingwith"),
        ("endswith", "is endingwith"),
        ("matches", "is matching"),
        ("exists", "is defined"),
        ("equals", "=="),
        ("eq", "=="),
        ("ne", "!="),
        ("lt", "<"),
        ("gt", ">"),
        ("lte", "<="),
        ("gte", ">="),
        ("and", "and"),
        ("or", "or"),
        ("not", "not"),
        ("is", "is"),
        ("in", "in"),
    ];
    let found = words(text, marks).find_map(|range| {
        let word = &text[range.clone()];
        let lower = word.to_ascii_lowercase();
        let (_, meant) = WORDS.iter().find(|(known, _)| *known == lower)?;
        (range.start <= at.end && word != *meant && range.start > 0).then_some((range, *meant))
    });
    let (mut range, meant) = found?;
    // `-eq`, as shells have it.
    if text[..range.start].ends_with(" -") {
        range.start -= 1;
    }
    let message = format!(
        "`{}` is not an operator here: write `{meant}`",
        &text[range.clone()]
    );
    let error = TemplateError::new(Cause::Syntax, "wrong-operator", message).at(range.clone());
    Some(
        error
            .fix(format!("write `{meant}`"), range, meant)
            .certain(),
    )
}

/// The words outside of texts that stand by themselves, not as an attribute, a filter or a test.
fn words<'t>(text: &'t str, marks: &'t Marks) -> impl Iterator<Item = Range<usize>> + 't {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let bytes = text.as_bytes();
    marks.bare.iter().filter_map(move |&start| {
        if !is_word(bytes[start]) || (start > 0 && is_word(bytes[start - 1])) {
            return None;
        }
        let word = bytes[start..].iter().take_while(|byte| is_word(**byte));
        let length = word.count();
        let before = text[..start].trim_end();
        let belongs = [".", "|", " is", " not"];
        let alone = !belongs.iter().any(|end| before.ends_with(end));
        alone.then_some(start..start + length)
    })
}

/// What minijinja says, in our words where its own are about tokens.
fn plain(text: &str, error: &minijinja::Error, at: &Range<usize>) -> TemplateError {
    let detail = error.detail().unwrap_or("the template can't be read");
    let place = if at.start == text.len() {
        let end = text.trim_end();
        let last = end.chars().next_back().map_or(0, char::len_utf8);
        end.len() - last..end.len()
    } else {
        at.clone()
    };
    let found = &text[place.clone()];
    let expected = detail
        .strip_prefix("unexpected ")
        .and_then(|detail| detail.split_once(", expected "));
    let is_over = detail == "unexpected input after expression"
        || matches!(expected, Some((_, "end of variable block")));
    if is_over {
        let message = format!("expected the end of the expression, found `{found}`");
        let help = foreign::behind_the_end(text, place.start);
        return syntax_error(message, place).maybe_help(help);
    }
    if let Some(("end of input", _)) = expected {
        return breaks_off(found, place);
    }
    let is_filter = text[..place.start].trim_end().ends_with('|');
    let (message, help) = match (detail, expected) {
        (_, Some((_, "in"))) => (
            format!("expected `in` after `not`, found `{found}`"),
            Some("write `x not in y`, or `x is not none`"),
        ),
        (_, Some((_, "identifier"))) if is_filter => (
            format!("expected a filter after `|`, found `{found}`"),
            Some("write one, such as `| length`, or remove the `|`"),
        ),
        (_, Some((_, "identifier" | "identifier or integer"))) => (
            format!("expected a name after `.`, found `{found}`"),
            Some("write a key, such as `.id`, or an index, such as `[0]`"),
        ),
        (_, Some((_, "`,`"))) if found == "for" => (
            "a list is not made by `for`".to_owned(),
            Some(
                "use a filter, as in `body.items | map(attribute=\"id\")` or `| selectattr(\"id\", \"eq\", 1)`",
            ),
        ),
        (_, Some((_, "`,`"))) => (
            format!("expected `,`, found `{found}`"),
            Some("write a `,` between two values, or an operator such as `==`"),
        ),
        (_, Some((_, expected))) => (format!("expected {expected}, found `{found}`"), None),
        (_, None) if detail.starts_with("unexpected ") => {
            let is_operator = found.starts_with(['=', '!', '<', '>', '+', '*', '/', '|']);
            let help = is_operator.then_some("a value is missing before it");
            (format!("unexpected `{found}`"), help)
        }
        (detail, None) => (detail.to_owned(), None),
    };
    syntax_error(message, place).maybe_help(help)
}

/// An expression that ends too early; `found` is its last token or character.
fn breaks_off(found: &str, place: Range<usize>) -> TemplateError {
    let (missing, help) = match found {
        "|" => ("a filter", "write one, such as `| length`"),
        "." => ("a key", "write one, such as `.id`"),
        "is" => ("a test", "write one, such as `is string`"),
        _ => ("a value", "write what it is compared or joined with"),
    };
    let message = format!("the expression ends early: {missing} is missing after `{found}`");
    syntax_error(message, place).help(help)
}
