//! The command line: what was typed, what it means, and what is printed.
//!
//! - [`args`]: what can be typed
//! - [`context`]: the process that we run in; the only reader of environment, clock and terminal
//! - [`terminal`]: the keys that a person presses
//! - [`app`]: from arguments to an exit code; the only place that prints what went wrong
//! - [`exit`]: the exit codes
//! - [`paths`]: the collections that paths name
//! - [`outside`]: values from flags, files and the environment
//! - [`settings`]: what the flags mean for the run
//! - [`ready`]: all that comes before the first collection begins
//! - [`prepare`]: what each collection of a call would do; [`listing`]: shown, not done
//! - [`embedded`]: the embedded server of a run
//! - [`recording`]: where the snapshots of a collection lie, and which no step owns
//! - [`rewrite`]: rules for snapshots on their way into the file of a collection
//! - [`voice`]: where diagnostics go
//! - [`snapshots`]: the pending snapshots that a call is about
//! - [`review`]: what `lcrun review` shows of one of them
//! - [`editor`]: a file in the editor of the person
//! - [`tutorials`]: the collections that come with lcrun
//! - [`commands`]: one file a command

pub mod app;
pub mod args;
pub mod commands;
pub mod context;
pub mod editor;
pub mod embedded;
pub mod exit;
pub mod listing;
pub mod outside;
pub mod paths;
pub mod prepare;
pub mod ready;
pub mod recording;
pub mod review;
pub mod rewrite;
pub mod settings;
pub mod snapshots;
pub mod terminal;
pub mod tutorials;
pub mod voice;
