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
        let is_attended = stdout_is_terminal && std::io::stdin().is_terminal();
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
            stderr_is_terminal: std::io::stderr().is_terminal(),
            terminal: is_attended.then(Terminal::stdout),
            folder: std::env::current_dir().unwrap_or_default(),
        }
    }

    /// A variable of the environment.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
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
