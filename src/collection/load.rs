//! Paths to collections: files are read and decoded, `extends` is resolved.

use std::collections::HashMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::foreign;
use super::hints;
use super::model::{
    Collection, Defaults, Environment, Gaps, Head, Input, LongInput, Name, Shared, Step, StepSpec,
};
use crate::diagnostic::{Diagnostic, Diagnostics, closest};
use crate::explain::{self, Catalogue};
use crate::source::{SourceId, Sources, Span, Spanned};
use crate::yaml::{self, Data, Decoder, Entries, Node, OneOrMany, Rest, Text};

/// How many files may extend each other.
const MAX_EXTENDS: usize = 16;

/// Reads collections and everything that they extend.
#[derive(Debug, Default)]
pub struct Loader {
    /// Every file that was read.
    pub sources: Sources,
    /// Everything that is wrong with them.
    pub diagnostics: Diagnostics,
    /// The files by their paths, so that one that many extend is read, and told of, once.
    read: HashMap<PathBuf, SourceId>,
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
        self.read.iter().map(|(path, id)| (path.as_path(), *id))
    }

    /// Reads a collection from a file; `None` if it can't be used, which is then in `diagnostics`.
    pub fn load(&mut self, path: &Path) -> Option<Collection> {
        let id = self.read(path, None)?;
        self.decode(id, Some(path.to_owned()), &mut vec![path.to_owned()])
    }

    /// Reads a collection that has no file, such as standard input.
    pub fn load_text(&mut self, name: &str, text: String) -> Option<Collection> {
        let id = self.sources.add(name, text);
        self.decode(id, None, &mut Vec::new())
    }

    /// Reads a file; `asked` is the place in a collection that names it.
    fn read(&mut self, path: &Path, asked: Option<Span>) -> Option<SourceId> {
        let whole = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if let Some(known) = self.read.get(&whole) {
            return Some(*known);
        }
        let name = path.display().to_string();
        let bytes = match self.replaced.get(&whole) {
            Some(text) => Ok(text.clone().into_bytes()),
            None => read_bytes(path),
        };
        match bytes {
            Ok(bytes) => {
                let id = yaml::add_source(&mut self.sources, &name, bytes, &mut self.diagnostics)?;
                self.read.insert(whole, id);
                Some(id)
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
        let decoder = Decoder::new(sources, "").hints(hints::FILE);
        let head = decode_named(&decoder, &root, &mut self.diagnostics).map(|rest| rest.value);
        let mut shared = decode_shared(&root, sources, &mut self.diagnostics);
        // A broken head is told already; the steps are checked all the same.
        let head: Head = head.unwrap_or_else(|| Head::unreadable(root.span));
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

/// The top-level lists whose items are decoded one by one.
const LISTS: [&str; 2] = ["steps", "finally"];

impl Gaps {
    /// Notes what a step would have captured that could not be decoded.
    fn captures_of(&mut self, step: &Node) {
        let captures = step.get("capture").map_or(&[][..], Node::entries);
        self.captures
            .extend(captures.iter().map(|entry| entry.key.name.to_string()));
        for inner in step.get("steps").map_or(&[][..], Node::items) {
            self.captures_of(inner);
        }
    }
}

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
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let files = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
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

/// Decodes a step; `fallback` is its id where its name gives none.
fn decode_step(
    node: &Node,
    fallback: &str,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Step> {
    let decoder = Decoder::new(sources, what).hints(hints::STEP);
    let spec: Option<Rest<StepSpec>> = decode_named(&decoder, node, diagnostics);
    let mut steps = Vec::new();
    let mut lacks_steps = false;
    if let Some(list) = node.get("steps") {
        if list.is_list() {
            for (index, item) in list.items().iter().enumerate() {
                let what = format!("{what}.steps[{index}]");
                let fallback = format!("{fallback}_{}", index + 1);
                steps.extend(decode_step(item, &fallback, &what, sources, diagnostics));
            }
            lacks_steps = steps.len() < list.items().len();
        } else {
            wrong_list("steps", list, diagnostics);
            lacks_steps = true;
        }
    }
    let Rest {
        value: spec,
        is_whole,
        is_misspelt,
    } = spec?;
    let id = match &spec.id {
        Some(id) => id.value.as_str().into(),
        None => default_id(&spec.name.value).unwrap_or_else(|| fallback.into()),
    };
    let keys = node.entries().iter();
    let keys = keys.map(|entry| (entry.key.name.as_ref().into(), entry.key.span));
    Some(Step {
        spec,
        id,
        steps,
        keys: keys.collect(),
        place: node.span,
        is_whole: is_whole && !is_misspelt && !lacks_steps,
    })
}

/// Decodes what must have a `name` as far as it fits; what else is wrong is found though it has none.
fn decode_named<T: DeserializeOwned>(
    decoder: &Decoder<'_>,
    node: &Node,
    diagnostics: &mut Diagnostics,
) -> Option<Rest<T>> {
    decoder.decode_rest(node, diagnostics).or_else(|| {
        let named = node.is_map().then(|| node.with_text("name", ""))?;
        let rest = decoder.decode_rest(&named, &mut Diagnostics::default())?;
        Some(Rest {
            is_whole: false,
            ..rest
        })
    })
}

fn wrong_list(key: &str, node: &Node, diagnostics: &mut Diagnostics) {
    tell_wrong("a list", key, node, diagnostics, |diagnostic| {
        diagnostic.help("write each step as an item: `- name: …`")
    });
}

/// Tells that a part of the file has the wrong type, unless that it is broken was told.
fn tell_wrong(
    expected: &str,
    what: &str,
    node: &Node,
    diagnostics: &mut Diagnostics,
    help: impl Fn(Diagnostic) -> Diagnostic,
) {
    if !node.is_broken() {
        let message = format!(
            "expected {expected} for `{what}`, found {}",
            node.described()
        );
        diagnostics.push(help(Diagnostic::error("wrong-type", message, node.span)));
    }
}

/// The name of a step in `snake_case`, if that makes an id.
pub(super) fn default_id(name: &str) -> Option<Box<str>> {
    let mut id = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            id.push(c.to_ascii_lowercase());
        } else if !id.is_empty() && !id.ends_with('_') {
            id.push('_');
        }
    }
    let id = id.trim_end_matches('_');
    id.starts_with(|c: char| c.is_ascii_lowercase())
        .then(|| id.into())
}

fn decode_shared(root: &Node, sources: &Sources, diagnostics: &mut Diagnostics) -> Shared {
    let mut shared = Shared::default();
    for key in LISTS {
        if let Some(node) = root.get(key).filter(|node| !node.is_list()) {
            wrong_list(key, node, diagnostics);
        }
    }
    if let Some(node) = given(root, "inputs") {
        each(
            node,
            "inputs",
            diagnostics,
            &mut |name, node, what, diagnostics| {
                let input = decode_input(node, what, sources, diagnostics);
                shared.inputs.extend(input.map(|input| (name, input)));
            },
        );
    }
    if let Some(node) = given(root, "environments") {
        each(
            node,
            "environments",
            diagnostics,
            &mut |name, node, what, diagnostics| {
                let environment = decode_environment(node, what, sources, diagnostics);
                shared.environments.extend(environment.map(|it| (name, it)));
            },
        );
    }
    if let Some(node) = given(root, "variables") {
        let variables: Option<Entries<Data>> = decode(node, "variables", sources, diagnostics);
        shared.variables = variables.map(|entries| entries.0).unwrap_or_default();
    }
    if let Some(node) = given(root, "secrets") {
        let secrets: Option<Vec<Text>> = decode(node, "secrets", sources, diagnostics);
        shared.secrets = secrets.unwrap_or_default();
    }
    if let Some(node) = given(root, "defaults") {
        let defaults: Option<Defaults> = Decoder::new(sources, "defaults")
            .hints(hints::STEP)
            .decode(node, diagnostics);
        shared.defaults.extend(defaults);
    }
    shared
}

/// Decodes a part of the file outside of its steps.
fn decode<T: DeserializeOwned>(
    node: &Node,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    Decoder::new(sources, what)
        .hints(hints::FILE)
        .decode(node, diagnostics)
}

/// The value of a key, if it is there and not `null`.
fn given<'n>(root: &'n Node, key: &str) -> Option<&'n Node> {
    root.get(key).filter(|node| !node.is_null())
}

/// Calls `take` with each entry of a mapping: its name, value and what messages call it.
fn each(
    node: &Node,
    key: &str,
    diagnostics: &mut Diagnostics,
    take: &mut dyn FnMut(Name, &Node, &str, &mut Diagnostics),
) {
    if !node.is_map() {
        tell_wrong("a mapping", key, node, diagnostics, |diagnostic| {
            diagnostic.help("write each as `name: …`")
        });
    }
    for entry in node.entries() {
        let name = Spanned {
            value: entry.key.name.to_string(),
            span: entry.key.span,
        };
        let what = format!("{key}.{}", entry.key.name);
        take(name, &entry.value, &what, diagnostics);
    }
}

/// `name: default`, `name:` or `name: {description, default, type}`.
fn decode_input(
    node: &Node,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Input> {
    if node.is_map() {
        let long: LongInput = decode(node, what, sources, diagnostics)?;
        return Some(Input {
            description: long.description,
            default: long.default,
            kind: long.r#type,
        });
    }
    Some(Input {
        default: Some(decode(node, what, sources, diagnostics)?),
        ..Input::default()
    })
}

/// `sandbox`, `snapshots`, and values for inputs.
fn decode_environment(
    node: &Node,
    what: &str,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Option<Environment> {
    let mut environment = Environment::default();
    if node.is_null() {
        return Some(environment);
    }
    if !node.is_map() {
        tell_wrong("a mapping", what, node, diagnostics, |diagnostic| {
            diagnostic.help("write each value as `input: value`, or `sandbox: livechat`")
        });
        return None;
    }
    for entry in node.entries() {
        let what = format!("{what}.{}", entry.key.name);
        match &*entry.key.name {
            "sandbox" => environment.sandbox = decode(&entry.value, &what, sources, diagnostics),
            "snapshots" => {
                let on = decode(&entry.value, &what, sources, diagnostics);
                environment.snapshots = on.unwrap_or_default();
            }
            key if key.starts_with("x-") => {}
            key => {
                let name = Spanned {
                    value: key.to_owned(),
                    span: entry.key.span,
                };
                let value: Option<Data> = decode(&entry.value, &what, sources, diagnostics);
                environment.values.extend(value.map(|value| (name, value)));
            }
        }
    }
    Some(environment)
}

impl Shared {
    /// This part over that of an extended file: key by key, the nearer wins.
    fn over(self, below: Shared) -> Shared {
        let mut environments = below.environments;
        for (name, nearer) in self.environments {
            match environments
                .iter_mut()
                .find(|(key, _)| key.value == name.value)
            {
                Some((_, environment)) => environment.take(nearer),
                None => environments.push((name, nearer)),
            }
        }
        Shared {
            inputs: merged(below.inputs, self.inputs),
            variables: merged(below.variables, self.variables),
            environments,
            secrets: [below.secrets, self.secrets].concat(),
            defaults: [below.defaults, self.defaults].concat(),
            allow: [below.allow, self.allow].concat(),
            catalogues: [self.catalogues, below.catalogues].concat(),
        }
    }
}

impl Environment {
    fn take(&mut self, nearer: Environment) {
        if nearer.sandbox.is_some() {
            self.sandbox = nearer.sandbox;
        }
        self.snapshots |= nearer.snapshots;
        self.values = merged(std::mem::take(&mut self.values), nearer.values);
    }
}

fn merged<T>(mut below: Vec<(Name, T)>, nearer: Vec<(Name, T)>) -> Vec<(Name, T)> {
    for (name, value) in nearer {
        match below.iter().position(|(key, _)| key.value == name.value) {
            Some(at) => below[at] = (name, value),
            None => below.push((name, value)),
        }
    }
    below
}

#[cfg(test)]
mod tests {
    use super::default_id;

    #[test]
    fn an_id_is_the_name_in_snake_case() {
        assert_eq!(default_id("List chats").as_deref(), Some("list_chats"));
        assert_eq!(default_id("  Who am I?").as_deref(), Some("who_am_i"));
        assert_eq!(default_id("日本"), None);
        assert_eq!(default_id("2nd try"), None);
    }
}
