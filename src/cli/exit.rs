//! The exit codes. They are Hurl's, but for a failed capture, which is a failed check here.

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was as it should be.
    Passed,
    /// The command line, a missing input, file or environment.
    Usage,
    /// A collection is not valid; nothing was sent.
    Invalid,
    /// A request could not be made or rendered.
    Request,
    /// A check failed.
    Check,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Passed => 0,
            Exit::Usage => 1,
            Exit::Invalid => 2,
            Exit::Request => 3,
            Exit::Check => 4,
            Exit::Interrupted => 130,
        }
    }
}
