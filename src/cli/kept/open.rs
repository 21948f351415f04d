//! The state that a call begins with, and whether it fits the collection.

use std::cell::RefCell;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use sha2::{Digest, Sha256};

use super::file::{Owner, Private, StateFile, Treatment};
use super::seal::Key;
use crate::atomic_file::folder_of;
use crate::cli::args::{RunArgs, StateSecrets};
use crate::cli::context::Context;
use crate::collection::flow;
use crate::collection::model::Collection;
use crate::diagnostic::list;
use crate::hex;
use crate::run::guide::{Guide, Question};
use crate::run::inputs::Resume;
use crate::run::plan::{self, Plan};
use crate::run::state::{Ended, Keeping, State};
use crate::source::Sources;

/// The variable that holds the passphrase.
const PASSPHRASE: &str = "LCRUN_STATE_KEY";

/// The state file of a call.
pub struct Kept {
    path: PathBuf,
    owner: Owner,
    treatment: Treatment,
    begin: Option<State>,
    left_out: Vec<String>,
    notes: Vec<String>,
    next: Next,
    /// Why the file could not be written, the first time.
    failed: RefCell<Option<io::Error>>,
}

/// Where a run goes on that was not told where.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    /// At its beginning.
    Beginning,
    /// At the step with this id.
    Step(String),
    /// Nowhere: every step passed.
    Nowhere,
}

impl Kept {
    /// Reads the state that the arguments name; `None` if they name none.
    ///
    /// # Errors
    ///
    /// If it can't be read or opened, or belongs to something else.
    pub fn open(
        args: &RunArgs,
        context: &Context,
        (collections, sources): (&[Collection], &Sources),
        guide: &mut dyn Guide,
    ) -> Result<Option<Self>> {
        let Some(path) = &args.state else {
            return Ok(None);
        };
        let [collection] = collections else {
            bail!("`--state` keeps the state of one collection; name one file");
        };
        let folder = folder_of(path);
        ensure!(
            folder.is_dir(),
            "`{}` can't be written: there is no folder `{}`",
            path.display(),
            folder.display()
        );
        let owner = owner(collection, sources, args)?;
        let file = StateFile::read(path)?;
        let mut notes = Vec::new();
        if let Some(file) = &file {
            notes.extend(fits(&file.owner, &owner, path)?);
        }
        let mut locksmith = Locksmith {
            context,
            guide,
            passphrase: None,
        };
        let opened = file.as_ref().map(|file| locksmith.open(file, path));
        let private = opened.transpose()?.unwrap_or_default();
        let treatment = locksmith.treatment(args.state_secrets, file.as_ref())?;
        let left_out = file
            .as_ref()
            .map_or_else(Vec::new, |one| one.left_out.clone());
        let begin = file.map(|file| State {
            steps: file.steps,
            values: file.values,
            secrets: private.values,
            cookies: private.cookies,
            lost: Vec::new(),
        });
        if let Some(begin) = &begin {
            notes.extend(about(begin, &left_out, collection));
        }
        let kept = Self {
            path: path.clone(),
            owner,
            treatment,
            next: next(collection, begin.as_ref()),
            begin,
            left_out,
            notes,
            failed: RefCell::default(),
        };
        Ok(Some(kept))
    }

    /// The step that a run begins with which was not told where.
    pub fn next_step(&self) -> Option<&str> {
        match &self.next {
            Next::Step(id) => Some(id),
            Next::Beginning | Next::Nowhere => None,
        }
    }

    /// Why a run that was not told where to begin has nothing to do, if it has not.
    pub fn nothing_left(&self) -> Option<String> {
        let path = self.path.display();
        (self.next == Next::Nowhere).then(|| {
            format!(
                "nothing is left to do: by `{path}` every step has passed; \
                 `--from-step` does part of it again, and without the file it begins anew"
            )
        })
    }

    /// Whether a value was left out, so that it may be given.
    pub fn leaves_out(&self, name: &str) -> bool {
        self.left_out.iter().any(|one| one == name)
    }

    /// What a run of these steps takes from the state and what has to be given to it.
    pub fn resume<'c>(&self, collection: &'c Collection, plan: &Plan) -> Resume<'c> {
        let mut resume = Resume::default();
        let Some(begin) = &self.begin else {
            return resume;
        };
        let listed = plan::list(collection);
        let planned = listed.iter().enumerate();
        let planned = planned.filter(|(place, _)| plan.contains(*place));
        let captured: Vec<&str> = planned
            .flat_map(|(_, one)| one.step.spec.capture.iter())
            .map(|(name, _)| name.value.as_str())
            .collect();
        let variables = collection.shared.variables.iter();
        let variables = variables.map(|(name, _)| name.value.as_str());
        let producers = flow::producers(collection);
        for name in producers.keys().copied().chain(variables) {
            if begin.values.contains_key(name) || begin.secrets.contains_key(name) {
                resume.restored.insert(name);
            } else if self.leaves_out(name) && !captured.contains(&name) {
                let from = producers.get(name).map(|step| &*step.id);
                resume.open.insert(name, from);
            }
        }
        resume
    }

    /// What the run does about it.
    pub fn keeping(&self) -> Keeping<'_> {
        Keeping {
            begin: self.begin.clone(),
            notes: self.notes.clone(),
            keep: Box::new(|state| {
                let file = StateFile::of(self.owner.clone(), state, &self.treatment);
                if let Err(error) = file.and_then(|file| file.write(&self.path)) {
                    self.failed.borrow_mut().get_or_insert(error);
                }
            }),
        }
    }

    /// Whether everything could be written.
    ///
    /// # Errors
    ///
    /// If it could not, the first reason.
    pub fn finish(&self) -> Result<()> {
        match self.failed.borrow_mut().take() {
            None => Ok(()),
            Some(error) => {
                Err(error).with_context(|| format!("`{}` can't be written", self.path.display()))
            }
        }
    }
}

/// Whose state it would be.
fn owner(collection: &Collection, sources: &Sources, args: &RunArgs) -> Result<Owner> {
    let chosen = collection.environment(args.values.env.as_deref());
    if let Some((name, environment)) = chosen {
        ensure!(
            environment.sandbox.is_none(),
            "`--state` can't go on in the environment `{name}`: its sandbox ends with the run, and \
             with it every token and chat; use `lcrun sandbox` and an environment with its addresses"
        );
    }
    let source = sources.get(collection.source);
    let name = Path::new(source.name()).file_name();
    let name = name.map_or_else(|| source.name().into(), |name| name.to_string_lossy());
    let digest = Sha256::digest(source.text().as_bytes());
    Ok(Owner {
        collection: name.into_owned(),
        environment: chosen.map(|(name, _)| name.to_owned()),
        digest: hex::lower(&digest),
    })
}

/// Whether a file belongs to a collection; what should be known where it does.
fn fits(file: &Owner, now: &Owner, path: &Path) -> Result<Option<String>> {
    let path = path.display();
    ensure!(
        file.collection == now.collection,
        "`{path}` is the state of `{}`, not of `{}`",
        file.collection,
        now.collection
    );
    let named = |environment: &Option<String>| match environment {
        Some(name) => format!("the environment `{name}`"),
        None => "no environment".to_owned(),
    };
    ensure!(
        file.environment == now.environment,
        "`{path}` is the state of a run in {}, not in {}",
        named(&file.environment),
        named(&now.environment)
    );
    Ok((file.digest != now.digest)
        .then(|| format!("the collection was changed since `{path}` was written")))
}

/// What a person should know of a state.
fn about(state: &State, left_out: &[String], collection: &Collection) -> Vec<String> {
    let mut notes = Vec::new();
    if left_out.iter().any(|name| name == "cookies") {
        notes.push("the state holds no cookies, which are secrets".to_owned());
    }
    let finally = collection.finally.iter().map(|step| &*step.id);
    let done: Vec<&str> = finally
        .filter(|id| state.steps.get(*id) == Some(&Ended::Passed))
        .collect();
    if !done.is_empty() {
        notes.push(format!(
            "the last run did its `finally` steps ({}): what they undo is gone",
            list(done)
        ));
    }
    notes
}

fn next(collection: &Collection, state: Option<&State>) -> Next {
    let Some(state) = state else {
        return Next::Beginning;
    };
    let listed = plan::list(collection);
    let mut does = listed
        .iter()
        .filter(|one| !one.step.is_prose() && one.step.steps.is_empty());
    let open = does.find(|one| {
        let ended = state.steps.get(&*one.step.id);
        !matches!(ended, Some(Ended::Passed | Ended::Skipped))
    });
    open.map_or(Next::Nowhere, |one| Next::Step(one.step.id.to_string()))
}

/// Knows the passphrase, or asks for it.
struct Locksmith<'a> {
    context: &'a Context,
    guide: &'a mut dyn Guide,
    passphrase: Option<String>,
}

impl Locksmith<'_> {
    /// The secrets of a file.
    fn open(&mut self, file: &StateFile, path: &Path) -> Result<Private> {
        let Some(sealed) = &file.sealed else {
            return Ok(file.secrets.clone().unwrap_or_default());
        };
        let passphrase = self.passphrase(false)?;
        let text = sealed
            .open(&passphrase, &file.owner.context())
            .with_context(|| format!("the secrets of `{}` can't be opened", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("`{}` is broken", path.display()))
    }

    /// What is done about secrets: as asked for, else as the file has it, else they are left out.
    fn treatment(
        &mut self,
        asked: Option<StateSecrets>,
        file: Option<&StateFile>,
    ) -> Result<Treatment> {
        let as_before = match file {
            Some(file) if file.sealed.is_some() => StateSecrets::Encrypt,
            Some(file) if file.secrets.is_some() => StateSecrets::Keep,
            _ => StateSecrets::Omit,
        };
        Ok(match asked.unwrap_or(as_before) {
            StateSecrets::Omit => Treatment::Omit,
            StateSecrets::Keep => Treatment::Keep,
            StateSecrets::Encrypt => {
                let key = Key::new(&self.passphrase(true)?)?;
                Treatment::Seal(Box::new(key))
            }
        })
    }

    /// The passphrase; a new one is asked for twice.
    fn passphrase(&mut self, is_new: bool) -> Result<String> {
        if let Some(known) = &self.passphrase {
            return Ok(known.clone());
        }
        let given = self.context.variable(PASSPHRASE);
        let passphrase = match given.filter(|given| !given.is_empty()) {
            Some(given) => given.to_owned(),
            None => self.ask(is_new)?,
        };
        Ok(self.passphrase.insert(passphrase).clone())
    }

    fn ask(&mut self, is_new: bool) -> Result<String> {
        let question = |asked| Question {
            secret: true,
            ..Question::new(asked)
        };
        loop {
            let first = self.guide.ask(&question("passphrase of the state"));
            let Some(first) = first else {
                bail!("the secrets of the state need a passphrase: set `{PASSPHRASE}`");
            };
            if !is_new || self.guide.ask(&question("once more")).as_ref() == Some(&first) {
                return Ok(first);
            }
            self.guide.tell("the two are not the same");
            ensure!(self.guide.is_there(), "no passphrase was given");
        }
    }
}
