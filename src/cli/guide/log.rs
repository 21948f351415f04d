//! Nobody is there: what is told is kept on standard error for whoever reads it later.

use std::io::{self, Write};

use crate::ansi::clean;
use crate::run::guide::{Guide, Question};

/// Standard error, without anybody who could answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Log;

impl Guide for Log {
    fn ask(&mut self, _question: &Question<'_>) -> Option<String> {
        None
    }

    fn is_there(&self) -> bool {
        false
    }

    fn tell(&mut self, notice: &str) {
        let lines: Vec<String> = notice.lines().map(clean).collect();
        // Nobody is left to tell where standard error is gone.
        let _ = writeln!(io::stderr(), "{}", lines.join("\n"));
    }
}
