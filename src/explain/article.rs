//! All that a catalogue says of an error, as Markdown.

use std::fmt::Write as _;

use super::catalogue::{Entry, Table};
use super::explanation::command;
use crate::diagnostic::list;
use crate::yaml::Text;

/// The article of an error, its heading first.
pub fn article(entry: &Entry<'_>) -> String {
    let error = entry.error;
    let mut text = format!("## {}\n\n", entry.title());
    paragraph(&mut text, &error.means);
    if !error.causes.is_empty() {
        text.push_str("It may be that\n\n");
        for one in &error.causes {
            let _ = write!(text, "- {}", one.cause);
            let documents: Vec<&str> = entry.documents(&one.from).collect();
            if !documents.is_empty() {
                let _ = write!(text, " ({})", documents.join(", "));
            }
            text.push('\n');
        }
        text.push('\n');
    }
    if !error.todo.is_empty() {
        text.push_str("What to do\n\n");
        for todo in &error.todo {
            let _ = writeln!(text, "- {}", todo.value);
        }
        text.push('\n');
    }
    paragraph(&mut text, &met(entry));
    if !error.spellings.is_empty() {
        let spellings = list(error.spellings.iter().map(|one| &*one.value));
        paragraph(&mut text, &format!("Also written {spellings}."));
    }
    for related in related(entry) {
        let _ = writeln!(text, "- {related}");
    }
    if !error.see.is_empty() {
        text.push('\n');
    }
    let documents: Vec<&str> = entry.documents(&error.from).collect();
    if !documents.is_empty() {
        paragraph(&mut text, &format!("Source: {}.", documents.join("; ")));
    }
    text
}

fn paragraph(text: &mut String, paragraph: &str) {
    text.push_str(paragraph.trim());
    text.push_str("\n\n");
}

/// Where it is met: the table, and how a response or an address carries it.
fn met(entry: &Entry<'_>) -> String {
    let Table {
        title,
        about,
        parameters,
        fields,
        ..
    } = entry.table;
    let names = |names: &[Text]| {
        let names = list(names.iter().map(|name| &*name.value));
        names.replace(" and ", " or ")
    };
    let mut places = Vec::new();
    if !parameters.is_empty() {
        places.push(format!("as {} of an address", names(parameters)));
    }
    if !fields.is_empty() {
        places.push(format!("as {} of a JSON body", names(fields)));
    }
    for words in &entry.error.text {
        places.push(format!("by the words “{}”", words.value));
    }
    let catalogue = &entry.catalogue.name.value;
    let mut met = format!("{catalogue}: {}.", title.value);
    if let Some(about) = about {
        let _ = write!(met, " {}", about.value);
    }
    if !places.is_empty() {
        let _ = write!(met, " It is met {}.", places.join(", "));
    }
    met
}

/// The errors that it refers to, each with the command that explains it: those that share its name
/// are told apart by their tables.
fn related(entry: &Entry<'_>) -> Vec<String> {
    let all: Vec<Entry<'_>> = entry.catalogue.entries().collect();
    let related = entry.error.see.iter().filter_map(|reference| {
        let other = all
            .iter()
            .find(|other| other.full_name() == reference.value)?;
        let word = if other.code == entry.code {
            format!("The same name is in “{}”", other.table.title.value)
        } else {
            format!("See also “{}”", other.title())
        };
        Some(format!("{word}: `{}`", command(other)))
    });
    related.collect()
}
