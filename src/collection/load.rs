//! Paths to collections: files are read and decoded, `extends` is resolved.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::decode::{LISTS, decode_head, decode_shared, decode_step};
use super::foreign;
use super::model::{Collection, Gaps, Head};
use crate::atomic_file::folder_of;
use crate::diagnostic::{Diagnostic, Diagnostics, closest};
use crate::explain::{self, Catalogue};
use crate::source::{SourceId, Sources, Span};
use crate::yaml::{self, Node, OneOrMany, Text};

/// How many files may extend each other.
const MAX_EXTENDS: usize = 16;

/// Reads collections and everything that they extend.
#[derive(Debug, Default)]
pub struct Loader {
    /// Every file that was read.
    pub sources: Sources,
    /// Everything that is wrong with them.
    pub diagnostics: Diagnostics,
    /// The files by their paths, so that one that many extend is read, and told of, once; `None` is
    /// one that is no text.
    read: HashMap<PathBuf, Option<SourceId>>,
    /// Those that have no file, such as standard input; `None` is one that is no text.
    inputs: Vec<Option<SourceId>>,
    /// Texts that stand for those of files.
    replaced: HashMap<PathBuf, String>,
}

impl Loader {
    /// A loader that takes these texts for those of files.
    pub fn with_texts(replaced: HashMap<PathBuf, String>) -> Self {
        Self {
            replaced,
            ..Self::default()
        }
    }

    /// The files that were read and where each lies.
    pub fn files(&self) -> impl Iterator<Item = (&Path, SourceId)> {
        let read = self.read.iter();
        read.filter_map(|(path, id)| Some((path.as_path(), (*id)?)))
    }

    /// What was read that has no file.
    pub fn inputs(&self) -> impl Iterator<Item = SourceId> {
        self.inputs.iter().copied().flatten()
    }

    /// How many collections were looked at, those included that are no text.
    pub fn count(&self) -> usize {
        self.read.len() + self.inputs.len()
    }

    /// Reads a collection from a file; `None` if it can't be used, which is then in `diagnostics`.
    pub fn load(&mut self, path: &Path) -> Option<Collection> {
        let id = self.read(path, None)?;
        self.decode(id, Some(path.to_owned()), &mut vec![path.to_owned()])
    }

    /// Reads a collection that has no file, such as standard input.
    pub fn load_bytes(&mut self, name: &str, bytes: Vec<u8>) -> Option<Collection> {
        let id = yaml::add_source(&mut self.sources, name, bytes, &mut self.diagnostics);
        self.inputs.push(id);
        self.decode(id?, None, &mut Vec::new())
    }

    /// Reads a file; `asked` is the place in a collection that names it.
    fn read(&mut self, path: &Path, asked: Option<Span>) -> Option<SourceId> {
        let whole = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Some(known) = self.read.get(&whole) {
            return *known;
        }
        let name = path.display().to_string();
        let bytes = match self.replaced.get(&whole) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => read_bytes(path),
        };
        match bytes {
            Ok(bytes) => {
                let id = yaml::add_source(&mut self.sources, &name, bytes, &mut self.diagnostics);
                self.read.insert(whole, id);
                id
            }
            Err(problem) => {
                let message = format!("`{name}` {problem}");
                self.diagnostics.push(match asked {
                    Some(span) if name.contains("://") => {
                        let message = "a path is wanted here, not an address";
                        Diagnostic::error("unreadable-file", message, span)
                            .help("save the file beside this one, and write its name")
                    }
                    Some(span) => {
                        let diagnostic = Diagnostic::error("unreadable-file", message, span)
                            .help("the path starts from the folder of this file");
                        match near_file(path) {
                            Some(near) => {
                                diagnostic.help(format!("did you mean `{near}` of that folder?"))
                            }
                            None => diagnostic,
                        }
                    }
                    None => Diagnostic::without_place("unreadable-file", message),
                });
                None
            }
        }
    }

    fn decode(
        &mut self,
        id: SourceId,
        path: Option<PathBuf>,
        chain: &mut Vec<PathBuf>,
    ) -> Option<Collection> {
        let mut steps = Vec::new();
        let mut finally = Vec::new();
        let mut counts = [0, 0];
        let mut gaps = Gaps::default();
        let sources = &self.sources;
        let mut take = |list: usize, node: Node, diagnostics: &mut Diagnostics| {
            counts[list] += 1;
            let what = format!("{}[{}]", LISTS[list], counts[list] - 1);
            let fallback = format!("{}_{}", ["step", "finally"][list], counts[list]);
            let told = diagnostics.len();
            let step = decode_step(&node, &fallback, &what, sources, diagnostics);
            if diagnostics.len() > told {
                gaps.captures_of(&node);
            }
            [&mut steps, &mut finally][list].extend(step);
        };
        let root = yaml::parse_streaming(sources, id, &LISTS, &mut take, &mut self.diagnostics)?;
        if let Some(diagnostic) = foreign::explain(&root) {
            self.diagnostics.push(diagnostic);
            return None;
        }
        let head = decode_head(&root, sources, &mut self.diagnostics);
        let mut shared = decode_shared(&root, sources, &mut self.diagnostics);
        shared.allow = head.allow.iter().map(|lint| (id, lint.value)).collect();
        let folder = path.as_deref().and_then(Path::parent);
        let folder = folder.unwrap_or(Path::new(""));
        shared.catalogues = self.catalogues(&head, folder);
        let mut extended = Vec::new();
        if let Some(extends) = &head.extends {
            match self.extended(extends, folder, chain) {
                Some(below) => {
                    extended = below.files();
                    shared = shared.over(below.shared);
                }
                None => gaps.shared = true,
            }
        }
        Some(Collection {
            source: id,
            extended,
            path,
            head,
            shared,
            steps,
            finally,
            gaps,
        })
    }

    /// Reads a catalogue of errors; `asked` is the place in a collection that names it.
    pub fn catalogue(&mut self, path: &Path, asked: Option<Span>) -> Option<Catalogue> {
        let id = self.read(path, asked)?;
        let catalogue = Catalogue::read(&self.sources, id, &mut self.diagnostics)?;
        Some(Catalogue {
            file: Some(path.display().to_string()),
            ..catalogue
        })
    }

    fn catalogues(&mut self, head: &Head, folder: &Path) -> Vec<Arc<Catalogue>> {
        let named = match &head.explain {
            None => &[][..],
            Some(OneOrMany::One(one)) => std::slice::from_ref(one),
            Some(OneOrMany::Many(many)) => many,
        };
        let read = |name: &Text| {
            if &**name == LIVECHAT {
                // It was named, so that it holds for every host.
                return Some(Catalogue {
                    hosts: Vec::new(),
                    ..explain::livechat().clone()
                });
            }
            self.catalogue(&folder.join(&name.value), Some(name.span))
        };
        named.iter().filter_map(read).map(Arc::new).collect()
    }

    fn extended(
        &mut self,
        extends: &Text,
        folder: &Path,
        chain: &mut Vec<PathBuf>,
    ) -> Option<Collection> {
        let path = folder.join(&extends.value);
        let circle = chain.iter().any(|seen| same_file(seen, &path));
        if circle || chain.len() > MAX_EXTENDS {
            let files = chain.iter().chain([&path]);
            let files: Vec<String> = files.map(|file| file.display().to_string()).collect();
            self.diagnostics.push(
                Diagnostic::error("extends-circle", "this file extends itself", extends.span)
                    .note(files.join(" → "))
                    .help("remove one of these `extends`"),
            );
            return None;
        }
        let id = self.read(&path, Some(extends.span))?;
        chain.push(path.clone());
        let below = self.decode(id, Some(path), chain);
        chain.pop();
        below
    }
}

/// The catalogue that comes with lcrun, as `explain` names it.
const LIVECHAT: &str = "livechat";

/// The bytes of a file, but not many more than can be used.
fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let said = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => "does not exist".to_owned(),
        std::io::ErrorKind::PermissionDenied => "may not be read".to_owned(),
        std::io::ErrorKind::IsADirectory => "is a folder".to_owned(),
        _ => format!("can't be read: {error}"),
    };
    let file = std::fs::File::open(path).map_err(said)?;
    let mut bytes = Vec::new();
    let most = yaml::MAX_FILE_BYTES as u64 + 1;
    file.take(most).read_to_end(&mut bytes).map_err(said)?;
    Ok(bytes)
}

/// The name of a file of the same folder that a path was probably meant to end with.
fn near_file(path: &Path) -> Option<String> {
    let files = std::fs::read_dir(folder_of(path)).ok()?;
    let names: Vec<String> = files
        .flatten()
        .filter_map(|file| file.file_name().into_string().ok())
        .filter(|name| Path::new(name).extension() == path.extension())
        .collect();
    let wanted = path.file_name()?.to_str()?;
    closest(wanted, names.iter().map(String::as_str)).map(str::to_owned)
}

fn same_file(one: &Path, other: &Path) -> bool {
    one == other
        || match (std::fs::canonicalize(one), std::fs::canonicalize(other)) {
            (Ok(one), Ok(other)) => one == other,
            _ => false,
        }
}
