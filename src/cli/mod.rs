//! The command line: what was typed, what it means, and what is printed.
//!
//! - [`args`]: what can be typed
//! - [`context`]: the process that we run in; the only reader of environment, clock and terminal
//! - [`terminal`]: the keys that a person presses; [`guide`]: the person, as a run knows them
//! - [`ctrl_c`]: ending in order
//! - [`app`]: from arguments to an exit code; the only place that prints what went wrong
//! - [`exit`]: the exit codes
//! - [`paths`]: the collections that paths name
//! - [`outside`]: values from flags, files and the environment
//! - [`settings`]: what the flags mean for the run
//! - [`browser`]: whether a browser can be opened here
//! - [`checked`]: collections that were read and checked, with their values;
//!   [`preflight`]: what is doubtful about those
//! - [`mend`]: mistakes that are certain to mend, mended in the files
//! - [`ready`]: all that comes before the first collection begins
//! - [`prepare`]: what each collection of a call would do; [`listing`]: shown, not done
//! - [`logins`]: what is kept between runs
//! - [`missing`]: inputs without a value, asked for or told
//! - [`embedded`]: the embedded server of a run
//! - [`recording`]: where the snapshots of a collection lie, and which no step owns
//! - [`rewrite`]: rules for snapshots on their way into the file of a collection
//! - [`kept`]: the state of a run in a file
//! - [`voice`]: where diagnostics go
//! - [`snapshots`]: the pending snapshots that a call is about
//! - [`review`]: what `lcrun review` shows of one of them
//! - [`markdown`]: pages and articles for the terminal
//! - [`editor`]: a file in the editor of the person
//! - [`tutorials`]: the collections that come with lcrun
//! - [`token`]: what `lcrun token` asks and tells
//! - [`commands`]: one file a command

pub mod app;
pub mod args;
pub mod browser;
pub mod checked;
pub mod commands;
pub mod context;
pub mod ctrl_c;
pub mod editor;
pub mod embedded;
pub mod exit;
pub mod guide;
pub mod kept;
pub mod listing;
pub mod logins;
pub mod markdown;
pub mod mend;
pub mod missing;
pub mod outside;
pub mod paths;
pub mod preflight;
pub mod prepare;
pub mod ready;
pub mod recording;
pub mod review;
pub mod rewrite;
pub mod settings;
pub mod snapshots;
pub mod terminal;
pub mod token;
pub mod tutorials;
pub mod voice;
