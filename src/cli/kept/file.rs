//! A state as it is written down: JSON, replaced whole, for nobody else to read.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::seal::{Key, Sealed};
use crate::atomic_file::{self, Access};
use crate::json::Json;
use crate::run::state::{Ended, State};

/// What the file says of its own form; another form gets another number.
pub const FORM: &str = "lcrun state 1";

/// A state file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateFile {
    /// [`FORM`].
    pub form: String,
    /// Whose state it is.
    #[serde(flatten)]
    pub owner: Owner,
    /// How steps ended, by their ids.
    pub steps: BTreeMap<String, Ended>,
    /// The values that anybody may see.
    pub values: BTreeMap<String, Json>,
    /// The names whose values were left out; `cookies` are all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
    /// The secrets as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Private>,
    /// The secrets, sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Sealed>,
}

/// Whose state it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The name of the collection's file.
    pub collection: String,
    /// The environment.
    pub environment: Option<String>,
    /// The SHA-256 of the file's text and of all that it extends.
    pub digest: String,
}

/// What of a state nobody may see.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Private {
    /// The values.
    pub values: BTreeMap<String, Json>,
    /// The cookies.
    pub cookies: Vec<Json>,
}

/// What is done about secrets.
pub enum Treatment {
    /// They are left out.
    Omit,
    /// They are written as they are.
    Keep,
    /// They are sealed with this key.
    Seal(Box<Key>),
}

impl Owner {
    /// What a seal is bound to, so that it opens in no other file. A collection may change.
    pub fn context(&self) -> String {
        let environment = self.environment.as_deref().unwrap_or_default();
        format!("{FORM}\n{}\n{environment}", self.collection)
    }
}

impl StateFile {
    /// Reads a file; `None` where there is none.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        let text = match std::fs::read(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("`{}` can't be read", path.display()));
            }
        };
        let read: Self = serde_json::from_slice(&text).with_context(|| {
            let path = path.display();
            format!("`{path}` is not the state of a run; give `--state` a file of its own")
        })?;
        anyhow::ensure!(
            read.form == FORM,
            "`{}` was written by another version of lcrun",
            path.display()
        );
        Ok(Some(read))
    }

    /// A state as it is to be written.
    pub fn of(owner: Owner, state: &State, treatment: &Treatment) -> io::Result<Self> {
        let private = Private {
            values: state.secrets.clone(),
            cookies: state.cookies.clone(),
        };
        let mut left_out = state.lost.clone();
        let mut secrets = None;
        let mut sealed = None;
        match treatment {
            Treatment::Omit => {
                left_out.extend(state.secrets.keys().cloned());
                if !state.cookies.is_empty() {
                    left_out.push("cookies".to_owned());
                }
            }
            Treatment::Keep => secrets = Some(private),
            Treatment::Seal(key) => {
                let text = serde_json::to_vec(&private)?;
                sealed = Some(key.seal(&text, &owner.context())?);
            }
        }
        Ok(Self {
            form: FORM.to_owned(),
            owner,
            steps: state.steps.clone(),
            values: state.values.clone(),
            left_out,
            secrets,
            sealed,
        })
    }

    /// Replaces the file; it is whole at any time, and only its owner can read it.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        atomic_file::replace(path, Access::Owner, |file| file.write_all(&text))
    }
}
