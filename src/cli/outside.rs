//! Values from outside the collections: flags, files and the environment, as [`Given`] texts.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use super::args::ValueArgs;
use super::context::Context;
use crate::collection::model::Collection;
use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::variables::{FileKind, Given, Origin, read_file};

/// The prefixes of environment variables, and whether they give secrets.
const PREFIXES: [(&str, bool); 2] = [("LCRUN_VARIABLE_", false), ("LCRUN_SECRET_", true)];

/// What was given from outside: to all collections, by the `.env` beside each, and by a person who
/// was asked.
#[derive(Debug)]
pub struct Values {
    shared: Vec<Given>,
    beside: Vec<Vec<Given>>,
    typed: OnceCell<Vec<Given>>,
}

impl Values {
    /// Gathers what is given to the collections that were loaded.
    pub fn gather(
        args: &ValueArgs,
        context: &Context,
        loaded: &[Collection],
        sources: &mut Sources,
    ) -> Result<Self, Vec<Diagnostic>> {
        let shared = gather(args, context, sources)?;
        let mut beside = Vec::new();
        for collection in loaded {
            beside.push(if args.env_file.is_some() {
                Vec::new()
            } else {
                dot_env(collection.folder(), sources)?
            });
        }
        Ok(Self {
            shared,
            beside,
            typed: OnceCell::new(),
        })
    }

    /// Notes what a person typed who was asked, once a call.
    pub fn answered(&self, given: Vec<Given>) {
        self.typed
            .set(given)
            .expect("everything that is missing is asked for at once");
    }

    /// Everything that was given.
    pub fn all(&self) -> impl Iterator<Item = &Given> {
        let typed = self.typed.get().into_iter().flatten();
        typed
            .chain(&self.shared)
            .chain(self.beside.iter().flatten())
    }

    /// Everything that is given to the collection at this place.
    pub fn of(&self, index: usize) -> Vec<Given> {
        let typed = self.typed.get().map_or(&[][..], Vec::as_slice);
        [typed, &self.shared, &self.beside[index]].concat()
    }
}

/// What is given to every collection of a call, the `.env` of each aside.
fn gather(
    args: &ValueArgs,
    context: &Context,
    sources: &mut Sources,
) -> Result<Vec<Given>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut given = Vec::new();
    for (texts, flag, secret) in [
        (&args.variable, "--variable", false),
        (&args.secret, "--secret", true),
    ] {
        for text in texts {
            match assignment(text, flag, secret) {
                Ok(one) => given.push(one),
                Err(problem) => problems.push(*problem),
            }
        }
    }
    for (name, text) in &context.environment {
        for (prefix, secret) in PREFIXES {
            if let Some(input) = name.strip_prefix(prefix) {
                given.push(Given {
                    name: input.to_owned(),
                    text: text.clone(),
                    origin: Origin::Process(name.clone()),
                    secret,
                });
            }
        }
    }
    let files = args
        .variables_file
        .iter()
        .map(|file| (file, FileKind::Variables));
    let files = files.chain(
        args.secrets_file
            .iter()
            .map(|file| (file, FileKind::Secrets)),
    );
    for (file, kind) in files.chain(args.env_file.iter().map(|file| (file, FileKind::DotEnv))) {
        match read(file, kind, sources) {
            Ok(more) => given.extend(more),
            Err(more) => problems.extend(more),
        }
    }
    if problems.is_empty() {
        Ok(given)
    } else {
        Err(problems)
    }
}

/// What the `.env` beside a collection gives; nothing where there is none.
fn dot_env(folder: &Path, sources: &mut Sources) -> Result<Vec<Given>, Vec<Diagnostic>> {
    let file: PathBuf = folder.join(".env");
    if file.is_file() {
        read(&file, FileKind::DotEnv, sources)
    } else {
        Ok(Vec::new())
    }
}

fn assignment(text: &str, flag: &'static str, secret: bool) -> Result<Given, Box<Diagnostic>> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok(Given {
            name: name.to_owned(),
            text: value.to_owned(),
            origin: Origin::Flag(flag),
            secret,
        }),
        // What stands there may be the secret itself.
        _ if secret => Err(Box::new(
            Diagnostic::without_place(
                "bad-assignment",
                format!("`{flag}` takes a name and a value"),
            )
            .help(format!("write `{flag} NAME=VALUE`")),
        )),
        Some(_) => Err(Box::new(
            Diagnostic::without_place("bad-assignment", format!("`{flag} {text}` names no input"))
                .help(format!("write `{flag} NAME=VALUE`")),
        )),
        None => Err(Box::new(
            Diagnostic::without_place("bad-assignment", format!("`{flag} {text}` gives no value"))
                .help(format!("write `{flag} {text}=VALUE`")),
        )),
    }
}

fn read(file: &Path, kind: FileKind, sources: &mut Sources) -> Result<Vec<Given>, Vec<Diagnostic>> {
    match std::fs::read_to_string(file) {
        Ok(text) => {
            let id = sources.add(file.display().to_string(), text);
            read_file(sources, id, kind)
        }
        Err(error) => {
            let message = format!("`{}` can't be read: {error}", file.display());
            Err(vec![Diagnostic::without_place("unreadable-file", message)])
        }
    }
}
