//! `lcrun check`, the warnings, and what it mends.

/// `allow`: warnings that a step or a file does not want to hear.
mod allow;
/// What it looks at, prints and ends with.
mod command;
/// `--fix`.
mod fix;
/// Values from outside that nobody meant to send.
mod outside;
/// One file a family of warnings, and what is said of it.
mod warnings;
