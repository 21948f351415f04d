//! One snapshot file: insta's `.snap` format, read and written by ourselves.
//!
//! insta itself is no way to do this in a shipped program: its reader prints to stderr and takes a
//! file without a header for one, its macros print, panic and start cargo, and what would write a
//! file is hidden. So lcrun depends on the format and not on the crate, and
//! `tests/it/insta_contract.rs` proves with the crate that both sides still agree.

use std::fmt::{self, Write as _};
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::yaml::{self, Node};

/// What the header says the file was written by; nothing else is ever touched.
const TOOL: &str = "lcrun";

/// The line before and behind the header.
const FENCE: &str = "---";

/// No header that lcrun or insta writes is longer: whatever is, is no snapshot.
const MAX_HEADER: usize = 1 << 20;

/// What stands above the recorded response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// The collection's path, as the project sees it, with `/` between its parts.
    pub source: String,
    /// The line of the step in the collection, counted from 1; pending files alone have it.
    pub assertion_line: Option<u32>,
    /// The name of the step.
    pub description: String,
    /// The method and the URL's template.
    pub expression: String,
    /// The id of the step.
    pub step: String,
}

/// A snapshot: the header and the recorded response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SnapshotFile {
    /// The header.
    pub header: Header,
    /// The recorded response, its line ends made equal and without any at its end.
    pub contents: String,
}

/// Why a text is no snapshot of lcrun's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It does not begin with a header, or the header does not end.
    #[error("it has no header between two lines `---`")]
    NoHeader,
    /// The header can't be read.
    #[error("its header can't be read: {0}")]
    BadHeader(String),
    /// It is no text.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// Something else wrote it, insta most likely.
    #[error("its header does not say `tool: lcrun`: something else wrote it")]
    NotOurs,
}

impl SnapshotFile {
    /// Reads the text of a file; the line ends of a checkout on Windows don't matter.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let (header, contents) = split(text).ok_or(FormatError::NoHeader)?;
        Ok(Self {
            header: Header::parse(header)?,
            contents: normalized(contents),
        })
    }

    /// The text of the file once it is accepted: without the line of the step, which moves
    /// whenever somebody edits the collection.
    ///
    /// The rest of the header stays byte for byte, whoever wrote it.
    pub fn accepted(text: &str) -> Result<String, FormatError> {
        let (header, contents) = split(text).ok_or(FormatError::NoHeader)?;
        Header::parse(header)?;
        let mut accepted = format!("{FENCE}\n");
        for line in header.lines() {
            if !line.starts_with("assertion_line:") {
                accepted.push_str(line);
                accepted.push('\n');
            }
        }
        accepted.push_str(FENCE);
        accepted.push('\n');
        accepted.push_str(&normalized(contents));
        accepted.push('\n');
        Ok(accepted)
    }
}

/// The text of the file, as insta would write it.
impl fmt::Display for SnapshotFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = &self.header;
        writeln!(f, "{FENCE}\nsource: {}", scalar(&header.source))?;
        if let Some(line) = header.assertion_line {
            writeln!(f, "assertion_line: {line}")?;
        }
        writeln!(f, "description: {}", scalar(&header.description))?;
        writeln!(f, "expression: {}", scalar(&header.expression))?;
        writeln!(f, "info:\n  step: {}\n  tool: {TOOL}", scalar(&header.step))?;
        writeln!(f, "{FENCE}\n{}", normalized(&self.contents))
    }
}

impl Header {
    /// Reads the YAML between the fences.
    fn parse(yaml: &str) -> Result<Self, FormatError> {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let id = sources.add("header", yaml);
        let root = yaml::parse(&sources, id, &mut diagnostics);
        let mut errors = diagnostics.into_sorted().into_iter();
        if let Some(error) = errors.find(crate::diagnostic::Diagnostic::is_error) {
            return Err(FormatError::BadHeader(error.message));
        }
        let root = root.ok_or(FormatError::NotOurs)?;
        let info = root.get("info").ok_or(FormatError::NotOurs)?;
        if info.get("tool").and_then(Node::as_text) != Some(TOOL) {
            return Err(FormatError::NotOurs);
        }
        let text = |node: &Node, key: &str| {
            let value = node.get(key).and_then(Node::as_text);
            value.unwrap_or_default().to_owned()
        };
        let line = root.get("assertion_line").and_then(Node::as_text);
        Ok(Self {
            source: text(&root, "source"),
            assertion_line: line.and_then(|line| line.parse().ok()),
            description: text(&root, "description"),
            expression: text(&root, "expression"),
            step: text(info, "step"),
        })
    }

    /// Reads the header of a file and nothing behind it; `None` if it is no snapshot of ours.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let mut reader = BufReader::new(std::fs::File::open(path)?);
        let mut text = Vec::new();
        loop {
            let start = text.len();
            let mut line = io::Read::take(&mut reader, (MAX_HEADER - start) as u64);
            if line.read_until(b'\n', &mut text)? == 0 {
                return Ok(None);
            }
            let is_fence = is_fence(&String::from_utf8_lossy(&text[start..]));
            if start == 0 && !is_fence {
                return Ok(None);
            }
            if start > 0 && is_fence {
                break;
            }
        }
        let text = String::from_utf8(text).ok();
        Ok(text.and_then(|text| SnapshotFile::parse(&text).ok().map(|file| file.header)))
    }
}

/// The header and the contents.
fn split(text: &str) -> Option<(&str, &str)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|line| is_fence(line))?;
    let mut end = first.len();
    for line in lines {
        if is_fence(line) {
            return Some((&text[first.len()..end], &text[end + line.len()..]));
        }
        end += line.len();
    }
    None
}

/// A byte order mark, which some editors write, may stand before it.
fn is_fence(line: &str) -> bool {
    line.trim_start_matches('\u{feff}').trim_end() == FENCE
}

/// The contents as they count: insta drops white space at the end whenever it rewrites a file, and
/// git may write every line end as two bytes, so neither can be told from the other. A single
/// carriage return is no line end.
pub(super) fn normalized(contents: &str) -> String {
    let trimmed = contents.trim_end();
    if !trimmed.contains("\r\n") {
        return trimmed.to_owned();
    }
    let mut text = String::with_capacity(trimmed.len());
    for line in trimmed.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some(line) => {
                text.push_str(line.trim_end_matches('\r'));
                text.push('\n');
            }
            None => text.push_str(line),
        }
    }
    text
}

/// A YAML scalar that is this text; plain wherever insta writes it plain, so that `cargo insta`
/// rewrites none of our headers.
fn scalar(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if must_be_escaped(c) => {
                write!(quoted, "\\u{:04x}", u32::from(c)).expect("a string takes any text");
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 20] = [
        "yes", "Yes", "YES", "no", "No", "NO", "True", "TRUE", "true", "False", "FALSE", "false",
        "on", "On", "ON", "off", "Off", "OFF", "null", "Null",
    ];
    const SPECIAL: &[char] = &[':', '{', '}', '[', ']', ',', '#', '`', '"', '\'', '\\'];
    const FIRST: &[char] = &[
        '&', '*', '?', '|', '-', '<', '>', '=', '!', '%', '@', '.', '~',
    ];
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(FIRST)
        && !text.contains(SPECIAL)
        && !text.contains(must_be_escaped)
        && !WORDS.contains(&text)
        && text != "NULL"
        && !text.starts_with("0x")
        && text.parse::<f64>().is_err()
}

/// What YAML does not count as printable (1.2 §5.1), or counts as a line end in 1.1.
fn must_be_escaped(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> SnapshotFile {
        SnapshotFile {
            header: Header {
                source: "collections/agent-flow.yaml".to_owned(),
                assertion_line: Some(37),
                description: "Exchange the code".to_owned(),
                expression: "POST {{ accounts_url }}/v2/token".to_owned(),
                step: "token".to_owned(),
            },
            contents: "HTTP/1.1 200\ncontent-type: application/json\n\n{}".to_owned(),
        }
    }

    #[test]
    fn a_file_has_instas_header_and_then_the_response() {
        insta::assert_snapshot!(token(), @r#"
        ---
        source: collections/agent-flow.yaml
        assertion_line: 37
        description: Exchange the code
        expression: "POST {{ accounts_url }}/v2/token"
        info:
          step: token
          tool: lcrun
        ---
        HTTP/1.1 200
        content-type: application/json

        {}
        "#);
    }

    #[test]
    fn a_file_reads_back_as_it_was_written_whatever_the_texts_are() {
        let texts = [
            "",
            " ",
            "a: b",
            "yes",
            "null",
            "~",
            "12",
            "1e3",
            "- x",
            "#",
            "a #b",
            "\"",
            "'",
            "\\n",
            "two\nlines",
            "---",
            "tab\there",
            "\u{7f}\u{85}\u{2028}\u{feff}",
            "ż {{ x }}",
            "0x10",
            "*a",
            "&a",
            "!t",
            "|",
            "%",
            "@",
            "`",
            ".5",
            "-",
            "?",
            "inf",
            "nan",
            "=",
        ];
        for text in texts {
            let mut file = token();
            file.header.source = text.to_owned();
            file.header.description = text.to_owned();
            file.header.expression = text.to_owned();
            file.header.step = text.to_owned();
            assert_eq!(SnapshotFile::parse(&file.to_string()), Ok(file), "{text:?}");
        }
    }

    #[test]
    fn a_checkout_with_the_line_ends_of_windows_reads_the_same() {
        let mut file = token();
        file.contents.push_str("\n\nlast line");
        let windows = format!("\u{feff}{}", file.to_string().replace('\n', "\r\n"));
        assert_eq!(SnapshotFile::parse(&windows), Ok(file));
    }

    #[test]
    fn an_accepted_file_loses_the_line_of_the_step_and_nothing_else() {
        let text = token()
            .to_string()
            .replace("  tool", "  more: assertion_line\n  tool");
        let accepted = SnapshotFile::accepted(&text).unwrap();
        assert_eq!(accepted, text.replace("assertion_line: 37\n", ""));
    }

    #[test]
    fn what_lcrun_did_not_write_is_not_read() {
        let insta = "---\nsource: src/lib.rs\nexpression: x\n---\n1\n";
        assert_eq!(SnapshotFile::parse(insta), Err(FormatError::NotOurs));
        let other = "---\ninfo:\n  tool: other\n---\n1\n";
        assert_eq!(SnapshotFile::parse(other), Err(FormatError::NotOurs));
        for text in ["", "{}", "---\ninfo: {tool: lcrun}\n", "x\n---\n---\n"] {
            assert_eq!(SnapshotFile::parse(text), Err(FormatError::NoHeader));
        }
        let conflict = "---\nsource: a\n<<<<<<< HEAD\nb: [\n=======\n---\n1\n";
        let error = SnapshotFile::parse(conflict).unwrap_err();
        assert!(matches!(error, FormatError::BadHeader(_)), "{error:?}");
    }

    #[test]
    fn contents_may_hold_a_fence_and_carriage_returns() {
        let mut file = token();
        file.contents = "---\na\rb\n---".to_owned();
        assert_eq!(SnapshotFile::parse(&file.to_string()), Ok(file));
    }
}
