//! The process that we run in: the only reader of environment, clock and terminal.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use super::terminal::Terminal;

/// What the rest of the program may know of the process.
pub struct Context {
    /// The command line, the program first.
    pub args: Vec<OsString>,
    /// The environment; variables that are no Unicode are left out.
    pub environment: BTreeMap<String, String>,
    /// Standard output.
    pub stdout: Box<dyn Write>,
    /// Standard error.
    pub stderr: Box<dyn Write>,
    /// Whether a person sees standard output.
    pub stdout_is_terminal: bool,
    /// Whether a person sees standard error.
    pub stderr_is_terminal: bool,
    /// The terminal of a person who sees standard output and types into standard input.
    pub terminal: Option<Terminal>,
    /// The terminal of a person who sees standard error and types into standard input: who can be
    /// asked, wherever the results go.
    pub asking: Option<Terminal>,
    /// The folder that relative paths start from.
    pub folder: PathBuf,
    /// The folder for what this user's runs leave to later ones, if the environment names one.
    pub state: Option<PathBuf>,
}

impl Context {
    /// The context of this process.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the process"
    )]
    pub fn of_process() -> Self {
        let stdout_is_terminal = std::io::stdout().is_terminal();
        let stderr_is_terminal = std::io::stderr().is_terminal();
        let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
        let is_attended = std::io::stdin().is_terminal();
        Self {
            args: std::env::args_os().collect(),
            environment: std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
            stdout: Box::new(std::io::BufWriter::new(std::io::stdout())),
            stderr: Box::new(std::io::stderr()),
            stdout_is_terminal,
            stderr_is_terminal,
            terminal: (is_attended && stdout_is_terminal).then(Terminal::stdout),
            asking: (is_attended && stderr_is_terminal).then(Terminal::stderr),
            folder: std::env::current_dir().unwrap_or_default(),
            state: state_folder(variable),
        }
    }

    /// A variable of the environment.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }

    /// Whether this is CI, where nobody can be asked.
    pub fn is_ci(&self) -> bool {
        is_ci(self.variable("CI"), self.variable("TF_BUILD"))
    }

    /// The time.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that reads the clock"
    )]
    pub fn now() -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

/// The folder for state: `LCRUN_STATE_DIR`; else where the system has such things, as the XDG Base
/// Directory Specification, Apple and Microsoft say. Relative paths there don't count (XDG).
fn state_folder(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).filter(|path| path.is_absolute());
    if let Some(folder) = variable("LCRUN_STATE_DIR").filter(|path| !path.as_os_str().is_empty()) {
        return Some(folder);
    }
    let of_system = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        absolute("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        let home = || absolute("HOME").map(|home| home.join(".local/state"));
        absolute("XDG_STATE_HOME").or_else(home)
    };
    of_system.map(|folder| folder.join("lcrun"))
}

/// What the variables `CI` and `TF_BUILD` say: it is CI if `CI` is set and not empty, `0` or `false`,
/// or, without it, if `TF_BUILD` is set.
fn is_ci(ci: Option<&str>, tf_build: Option<&str>) -> bool {
    match ci {
        Some(value) => !matches!(value, "" | "0" | "false"),
        None => tf_build.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn state_lies_where_the_user_or_the_system_says() {
        let folder = |set: &[(&str, &str)]| {
            let found = state_folder(|name| {
                let entry = set.iter().find(|(key, _)| *key == name);
                entry.map(|(_, value)| PathBuf::from(value))
            });
            found.map(|path| path.display().to_string())
        };
        let home = ("HOME", "/home/ann");
        let xdg = ("XDG_STATE_HOME", "/state");
        assert_eq!(folder(&[]), None);
        assert_eq!(folder(&[home]).unwrap(), "/home/ann/.local/state/lcrun");
        assert_eq!(folder(&[home, xdg]).unwrap(), "/state/lcrun");
        let relative = ("XDG_STATE_HOME", "state");
        assert_eq!(folder(&[relative]), None);
        let own = ("LCRUN_STATE_DIR", "here");
        assert_eq!(folder(&[home, xdg, own]).unwrap(), "here");
    }

    #[test]
    fn it_is_ci_where_a_variable_says_so() {
        for (ci, tf_build, expected) in [
            (None, None, false),
            (Some(""), None, false),
            (Some("0"), Some("True"), false),
            (Some("false"), None, false),
            (Some("1"), None, true),
            (Some("true"), None, true),
            (None, Some("True"), true),
        ] {
            assert_eq!(is_ci(ci, tf_build), expected, "{ci:?}");
        }
    }
}
