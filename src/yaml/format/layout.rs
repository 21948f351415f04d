//! From a text to its canonical form.

use super::comments;
use super::order::{Order, arrange};
use super::part::{Child, Document, Group, Part, Shape};
use super::read::read;
use super::write::Writer;
use crate::yaml::scalar::{self, Core};
use crate::yaml::tree::Style;

/// Why a text is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// The text can't be read.
    #[error("it can't be read as YAML")]
    Unreadable,
    /// It is written in a way that nothing here keeps the meaning of.
    #[error("it is written in a form that is not formatted")]
    Form,
}

/// The canonical form of a document that can be read without an error.
///
/// What comes out has been read again: it means the same, and has the same comments.
pub fn format<O: Order>(text: &str, order: &O) -> Result<String, Unfit> {
    let (mark, rest) = match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    };
    let is_crlf = rest.contains("\r\n");
    let unix = rest.replace("\r\n", "\n");
    let mut document = read(&unix)?;
    if !matches!(document.root.shape, Shape::Group(_)) || document.root.is_odd {
        return Ok(text.to_owned());
    }
    comments::attach(&mut document, &unix);
    arrange(&mut document, order);
    let new = Writer::new(&unix).document(&document);
    if !is_same(&document, &unix, &new) {
        return Err(Unfit::Form);
    }
    let new = if is_crlf {
        new.replace('\n', "\r\n")
    } else {
        new
    };
    Ok(format!("{mark}{new}"))
}

/// Whether a text means what a document does, and has its comments.
fn is_same(old: &Document, old_text: &str, new_text: &str) -> bool {
    let Ok(new) = read(new_text) else {
        return false;
    };
    let comments = |document: &Document, text: &str| {
        let comments = document.comments.iter();
        let mut comments: Vec<String> = comments
            .map(|comment| text[comment.clone()].trim_end().to_owned())
            .collect();
        comments.sort();
        comments
    };
    old.before == new.before
        && old.behind.trim_end() == new.behind.trim_end()
        && comments(old, old_text) == comments(&new, new_text)
        && is_same_part(&old.root, old_text, &new.root, new_text)
}

fn is_same_part(old: &Part, old_text: &str, new: &Part, new_text: &str) -> bool {
    old.properties == new.properties
        && match (&old.shape, &new.shape) {
            (Shape::Empty, Shape::Empty) => true,
            (Shape::Alias, Shape::Alias) => old_text[old.at.clone()] == new_text[new.at.clone()],
            (Shape::Scalar(old_style, old_text), Shape::Scalar(new_style, new_text)) => {
                // A text is a text in quotes and without.
                let is_text = scalar::resolve(old_text) == Core::Text && old.properties.is_empty();
                let typed = |style: Style| style == Style::Plain && !is_text;
                old_text == new_text && typed(*old_style) == typed(*new_style)
            }
            (Shape::Group(old), Shape::Group(new)) => is_same_group(old, old_text, new, new_text),
            _ => false,
        }
}

fn is_same_group(old: &Group, old_text: &str, new: &Group, new_text: &str) -> bool {
    let is_same_child = |(old, new): (&Child, &Child)| {
        let is_same_key = match (&old.key, &new.key) {
            (None, None) => true,
            (Some(old), Some(new)) => is_same_part(old, old_text, new, new_text),
            _ => false,
        };
        is_same_key && is_same_part(&old.value, old_text, &new.value, new_text)
    };
    old.is_map == new.is_map
        && old.children.len() == new.children.len()
        && old.children.iter().zip(&new.children).all(is_same_child)
}
