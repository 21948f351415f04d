//! What a login keeps between runs: a private file per collection and environment, in the user's
//! state folder and never in the project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::hex;
use crate::json::Json;
use crate::private::{self, PrivateError};

/// How long before its end a token counts as ended, in seconds: a run takes a while.
const MARGIN: i64 = 60;

/// The capture that says for how many seconds the access token is valid (RFC 6749 §5.1).
const EXPIRES_IN: &str = "expires_in";

/// What a login kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tokens {
    /// The collection, for people who look into the file.
    pub collection: String,
    /// The environment.
    pub environment: Option<String>,
    /// When it was captured.
    pub at: Timestamp,
    /// The inputs of the login that are no secrets: for other values of them it is of no use.
    pub inputs: BTreeMap<String, Json>,
    /// The captures by their names.
    pub values: BTreeMap<String, Json>,
}

impl Tokens {
    /// The first input that has another value now; one without a value now does not count.
    pub fn other_input<'k>(&'k self, now: &BTreeMap<String, Json>) -> Option<&'k str> {
        let mut inputs = self.inputs.iter();
        let other = inputs.find(|(name, value)| now.get(*name).is_some_and(|now| now != *value));
        other.map(|(name, _)| name.as_str())
    }

    /// Whether the token has ended by now, or is about to. Without `expires_in` nobody can tell, and
    /// the server will say.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        let seconds = match self.values.get(EXPIRES_IN) {
            Some(Json::Number(number)) => number.as_f64(),
            Some(Json::String(text)) => text.parse().ok(),
            _ => None,
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "a time in seconds is far below 2^52"
        )]
        let age = now.duration_since(self.at).as_secs() as f64;
        #[expect(clippy::cast_precision_loss, reason = "it is a small constant")]
        let margin = MARGIN as f64;
        seconds.is_some_and(|seconds| age + margin >= seconds)
    }
}

/// Why what is kept can't be used.
#[derive(Debug, thiserror::Error)]
pub enum TokensError {
    /// The file can't be used.
    #[error(transparent)]
    File(#[from] PrivateError),
    /// The file holds something else.
    #[error("`{}` does not hold what a login keeps: {source}; delete it and log in again", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// Where what is kept for one collection and environment lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawer {
    path: PathBuf,
}

impl Drawer {
    /// The place for a collection and an environment in the user's state folder.
    ///
    /// The file is called after the collection, with a digest of its whole path and the environment,
    /// so that two collections of one name are apart.
    pub fn new(state: &Path, collection: &Path, environment: Option<&str>) -> Self {
        let whole = collection.canonicalize();
        let whole = whole.as_deref().unwrap_or(collection);
        let mut digest = Sha256::new();
        digest.update(whole.as_os_str().as_encoded_bytes());
        digest.update([0]);
        digest.update(environment.unwrap_or_default());
        let stem = collection.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{stem}-{}.json", hex::lower(&digest.finalize()[..8]));
        Self {
            path: state.join("logins").join(name),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is kept there, if anything is.
    pub fn load(&self) -> Result<Option<Tokens>, TokensError> {
        let Some(text) = private::read(&self.path)? else {
            return Ok(None);
        };
        match serde_json::from_str(&text) {
            Ok(kept) => Ok(Some(kept)),
            // serde's words may quote the file, which holds secrets: only the place is told.
            Err(source) => Err(TokensError::Unreadable {
                path: self.path.clone(),
                source: place_only(&source),
            }),
        }
    }

    /// Keeps this in place of what was kept.
    pub fn save(&self, kept: &Tokens) -> Result<(), TokensError> {
        let text = serde_json::to_string_pretty(kept).expect("texts and numbers can be written");
        Ok(private::write(&self.path, &(text + "\n"))?)
    }

    /// Forgets what is kept; says whether there was something.
    pub fn forget(&self) -> Result<bool, TokensError> {
        Ok(private::remove(&self.path)?)
    }
}

fn place_only(error: &serde_json::Error) -> serde_json::Error {
    let place = format!("line {} column {}", error.line(), error.column());
    serde::de::Error::custom(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(expires_in: &str) -> Tokens {
        let values = BTreeMap::from([
            ("access_token".to_owned(), Json::from("dal:x".to_owned())),
            (
                "expires_in".to_owned(),
                Json::parse(expires_in.as_bytes()).unwrap(),
            ),
        ]);
        Tokens {
            collection: "a.yaml".to_owned(),
            environment: Some("live".to_owned()),
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
            inputs: BTreeMap::new(),
            values,
        }
    }

    #[test]
    fn a_token_ends_a_minute_before_its_time() {
        let now = |time: &str| format!("2026-01-01T{time}Z").parse().unwrap();
        let eight_hours = kept("28800");
        assert!(!eight_hours.has_ended(now("07:58:59")));
        assert!(eight_hours.has_ended(now("07:59:00")));
        assert!(kept("\"60\"").has_ended(now("00:00:00")));
        assert!(!kept("null").has_ended(now("23:59:59")));
    }

    #[test]
    fn what_is_kept_comes_back_and_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let drawer = Drawer::new(folder.path(), Path::new("c/a.yaml"), Some("live"));
        assert_eq!(drawer.load().unwrap(), None);
        drawer.save(&kept("1")).unwrap();
        assert_eq!(drawer.load().unwrap(), Some(kept("1")));
        assert!(drawer.forget().unwrap());
        assert!(!drawer.forget().unwrap());
    }

    #[test]
    fn collections_and_environments_are_kept_apart() {
        let place = |path: &str, environment| {
            let drawer = Drawer::new(Path::new("s"), Path::new(path), environment);
            drawer.path().to_owned()
        };
        let places = [
            place("a/x.yaml", None),
            place("b/x.yaml", None),
            place("a/x.yaml", Some("live")),
        ];
        assert!(places[0] != places[1] && places[0] != places[2]);
        assert!(places[0].starts_with("s/logins"));
    }

    #[test]
    fn a_file_that_holds_something_else_is_told_without_what_it_holds() {
        let folder = tempfile::tempdir().unwrap();
        let drawer = Drawer::new(folder.path(), Path::new("a.yaml"), None);
        private::write(drawer.path(), "{\"at\": \"a-secret\"}").unwrap();
        let error = drawer.load().unwrap_err().to_string();
        assert!(
            error.contains("line 1") && !error.contains("a-secret"),
            "{error}"
        );
    }
}
