//! One change between two documents: where, of which class, from what to what.

use std::fmt;
use std::sync::Arc;

use super::exact::Exact;

/// A change.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Where it is: in the new document, but for what was removed.
    pub path: Path,
    /// Where it was, if an array's element moved; the path is where it is now.
    pub from: Option<Path>,
    /// What kind of change it is.
    pub class: Class,
    /// The value before, unless it was added.
    pub old: Option<Exact>,
    /// The value now, unless it was removed.
    pub new: Option<Exact>,
}

impl Change {
    /// A change of a value: of its type, if that is another one.
    pub fn of_value(path: Path, old: Exact, new: Exact) -> Self {
        let class = if old.type_name() == new.type_name() {
            Class::ValueChanged
        } else {
            Class::TypeChanged
        };
        Self {
            path,
            from: None,
            class,
            old: Some(old),
            new: Some(new),
        }
    }

    /// A value that is new.
    pub fn added(path: Path, new: Exact) -> Self {
        Self {
            path,
            from: None,
            class: Class::Added,
            old: None,
            new: Some(new),
        }
    }

    /// A value that is gone.
    pub fn removed(path: Path, old: Exact) -> Self {
        Self {
            path,
            from: None,
            class: Class::Removed,
            old: Some(old),
            new: None,
        }
    }

    /// An element that stands elsewhere in its array. What else changed in it are other changes.
    pub fn moved(from: Path, path: Path, old: Exact, new: Exact) -> Self {
        Self {
            path,
            from: Some(from),
            class: Class::ValueChanged,
            old: Some(old),
            new: Some(new),
        }
    }

    /// Whether it can break what reads the response: everything but an addition.
    pub fn is_breaking(&self) -> bool {
        self.class != Class::Added
    }
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Something is new.
    Added,
    /// Something is gone.
    Removed,
    /// The value is of another type.
    TypeChanged,
    /// The value is another one of the same type, or stands elsewhere.
    ValueChanged,
}

/// As in "type changed".
impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Added => "added",
            Class::Removed => "removed",
            Class::TypeChanged => "type changed",
            Class::ValueChanged => "value changed",
        })
    }
}

/// A step into a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// To the value of a key.
    Key(Arc<str>),
    /// To an element.
    Index(usize),
}

/// A place in a document: it prints as a `JSONPath` (RFC 9535), `$.chats_summary[0].id`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Path {
    root: Arc<str>,
    segments: Vec<Segment>,
}

/// The document itself.
impl Default for Path {
    fn default() -> Self {
        Self::named("$")
    }
}

impl Path {
    /// What is no part of a document, such as `status`.
    pub fn named(root: impl Into<Arc<str>>) -> Self {
        Self {
            root: root.into(),
            segments: Vec::new(),
        }
    }

    /// The steps from the document to the place.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The place that a step leads to from here.
    #[must_use]
    pub fn then(&self, segment: Segment) -> Self {
        let mut path = self.clone();
        path.push(segment);
        path
    }

    pub(super) fn push(&mut self, segment: Segment) {
        self.segments.push(segment);
    }

    pub(super) fn pop(&mut self) {
        self.segments.pop();
    }

    /// The text of it, with `indexes` in the place of the segment number `at`.
    pub(super) fn with_indexes(&self, at: usize, indexes: &str) -> String {
        let mut text = self.root.to_string();
        for (number, segment) in self.segments.iter().enumerate() {
            if number == at {
                text.extend(["[", indexes, "]"]);
            } else {
                text.push_str(&segment.to_string());
            }
        }
        text
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        self.segments.iter().try_for_each(|segment| segment.fmt(f))
    }
}

/// As it stands in a path: `.id`, `['a b']`, `[0]`.
impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) if is_shorthand(key) => write!(f, ".{key}"),
            Segment::Key(key) => {
                let json = serde_json::to_string(&**key).map_err(|_| fmt::Error)?;
                let inside = json[1..json.len() - 1].replace("\\\"", "\"");
                write!(f, "['{}']", inside.replace('\'', "\\'"))
            }
        }
    }
}

/// RFC 9535 §2.5.1.1, `member-name-shorthand`.
fn is_shorthand(key: &str) -> bool {
    let is_first =
        |c: char| c.is_ascii_alphabetic() || c == '_' || (!c.is_ascii() && !c.is_control());
    key.starts_with(is_first) && key.chars().all(|c| is_first(c) || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_json_path() {
        let document = serde_json::json!({"a'\"\\\n b": [[{"ż_1": 7}]], "x": 8});
        let mut path = Path::default();
        for segment in [
            Segment::Key("a'\"\\\n b".into()),
            Segment::Index(0),
            Segment::Index(0),
            Segment::Key("ż_1".into()),
        ] {
            path.push(segment);
        }
        assert_eq!(path.to_string(), r#"$['a\'"\\\n b'][0][0].ż_1"#);
        let parsed = serde_json_path::JsonPath::parse(&path.to_string()).unwrap();
        assert_eq!(parsed.query(&document).all(), [&serde_json::json!(7)]);
        assert_eq!(
            path.with_indexes(1, "0-3"),
            r#"$['a\'"\\\n b'][0-3][0].ż_1"#
        );
    }
}
