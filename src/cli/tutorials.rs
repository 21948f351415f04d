//! The tutorials that come with lcrun, and what each of them needs beside it.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;
use crate::snapshot::place::Home;
use crate::source::Sources;
use crate::yaml::{self, Node};

/// A file that comes with lcrun.
#[derive(Debug)]
struct Embedded {
    /// Its path from its folder, with `/`.
    name: &'static str,
    /// Its text.
    text: &'static str,
}

// `COLLECTIONS` and `STARTER`: all files of the folders, by `build.rs`.
include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// A collection with steps that comes with lcrun.
#[derive(Debug)]
pub struct Tutorial {
    /// What to call it: its file without the ending.
    pub name: &'static str,
    /// What it shows, in a line.
    pub about: String,
    text: &'static str,
    /// The folder that it comes from.
    folder: &'static [Embedded],
}

/// All of them: the starter first, then those of `collections/` by name.
pub fn all() -> Vec<Tutorial> {
    let mut tutorials = Vec::new();
    for folder in [STARTER, COLLECTIONS] {
        for file in folder {
            let Some(name) = file.name.strip_suffix(".yaml") else {
                continue;
            };
            // What has no steps is there to be extended.
            if let Some(root) = root(file.text)
                && root.get("steps").is_some()
            {
                let about = root.get("name").and_then(Node::as_text);
                tutorials.push(Tutorial {
                    name,
                    about: about.unwrap_or_default().to_owned(),
                    text: file.text,
                    folder,
                });
            }
        }
    }
    tutorials
}

impl Tutorial {
    /// The file that it is written into where nothing else is said.
    pub fn file(&self) -> PathBuf {
        PathBuf::from(format!("{}.yaml", self.name))
    }

    /// Every file to write for the tutorial as `file`, and its text: the tutorial first, then what
    /// it needs. Each names the schema in `schema`, which stands beside it.
    pub fn files(&self, file: &Path, schema: &str) -> Vec<(PathBuf, String)> {
        let mut files = vec![(file.to_owned(), with_schema(self.text, schema))];
        for needed in self.needed() {
            let path = file.with_file_name(needed.name);
            files.push((path, with_schema(needed.text, schema)));
        }
        let home = Home::of(file, None);
        let prefix = format!("snapshots/{}__", self.name);
        for embedded in self.folder {
            let step = embedded.name.strip_prefix(&prefix);
            if let Some(step) = step.and_then(|rest| rest.strip_suffix(".snap")) {
                files.push((home.file(step, &[]), embedded.text.to_owned()));
            }
        }
        files
    }

    /// The files of its folder that it names, and those that they name.
    fn needed(&self) -> Vec<&'static Embedded> {
        let mut needed: Vec<&Embedded> = Vec::new();
        let mut open = vec![self.text];
        while let Some(text) = open.pop() {
            let Some(root) = root(text) else {
                continue;
            };
            let named = |file: &&Embedded| names(&root, file.name);
            for file in self.folder.iter().filter(named) {
                if file.text != self.text && !needed.iter().any(|one| one.name == file.name) {
                    needed.push(file);
                    open.push(file.text);
                }
            }
        }
        needed
    }
}

/// Whether a value of a collection is the name of a file.
fn names(node: &Node, file: &str) -> bool {
    node.as_text() == Some(file)
        || node.items().iter().any(|item| names(item, file))
        || node.entries().iter().any(|entry| names(&entry.value, file))
}

fn root(text: &str) -> Option<Node> {
    let mut sources = Sources::default();
    let id = sources.add("", text);
    yaml::parse(&sources, id, &mut Diagnostics::default())
}

/// A text whose first line names the schema that stands beside the file.
fn with_schema(text: &str, schema: &str) -> String {
    const MARK: &str = "# yaml-language-server: $schema=";
    match text
        .strip_prefix(MARK)
        .and_then(|rest| rest.split_once('\n'))
    {
        Some((_, rest)) => format!("{MARK}{schema}\n{rest}"),
        None => text.to_owned(),
    }
}
