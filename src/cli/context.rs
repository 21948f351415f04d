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
    use super::is_ci;

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
