//! The integration tests, in one binary.

// `cfg(test)` tells clippy that what stands beside the tests may unwrap as well.

/// The house: layers, engines, and who reads the process.
#[cfg(test)]
mod architecture;
/// Failed asserts: the expression with the value of each part under it.
#[cfg(test)]
mod asserts;
/// The browser step, with a browser and without.
#[cfg(test)]
mod authorize;
/// Broken collections and what is said of them.
#[cfg(test)]
mod bad_files;
/// `lcrun check`, the warnings, and what it mends.
#[cfg(test)]
mod check;
/// `lcrun new` and `lcrun sandbox`.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod commands;
/// Collections that were damaged at random.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod damage;
/// A page for every code of a diagnostic, and every page true.
#[cfg(test)]
mod diagnostics;
/// The README and the pages: what they show is run.
#[cfg(test)]
mod docs;
/// Errors of an API: what they mean, and what a run says of them.
#[cfg(test)]
mod explain;
/// Collections in their canonical form.
#[cfg(test)]
mod format;
/// The HTTP client, against servers that misbehave.
#[cfg(test)]
mod http_client;
/// Snapshot files against insta's own reader and writer.
#[cfg(test)]
mod insta_contract;
/// The JUnit report: what it holds, and the rules of its schemas.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod junit;
/// A folder, the real binary in it, and what it printed.
#[cfg(test)]
mod lab;
/// Secrets: nothing that is printed holds one.
#[cfg(test)]
mod leaks;
/// Tokens kept between runs.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod login;
/// How what is wrong is told: for people, in one line, and as JSON.
#[cfg(test)]
mod messages;
/// The tutorial with one mistake in it.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod mutations;
/// A terminal, the real binary in it, and what it shows.
#[cfg(test)]
#[cfg(unix)]
mod pty;
/// A server on a raw socket that says exactly what a test wants it to.
#[cfg(test)]
mod raw_server;
/// Recording: what changes from run to run, and the rules that are written.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod record;
/// Reviewing pending snapshots, in a terminal and without one.
#[cfg(test)]
mod review;
/// Runs: what they do, print and end with.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod run;
/// The embedded sandbox, over real sockets.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox;
/// The JSON Schema of collections.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod schema;
/// Which collections and steps run.
#[cfg(test)]
mod selection;
/// Snapshots as a run meets them.
#[cfg(test)]
mod snapshot_runs;
/// Snapshot files in real folders.
#[cfg(test)]
mod snapshots;
/// A person at the terminal: what is asked, step by step, and what is kept between runs.
#[cfg(test)]
#[cfg(unix)]
mod step;
/// Templates and expressions.
mod template;
/// `lcrun token`, against the sandbox.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod token;
/// The tutorials in `collections/`: each runs, alone and beside others, and keeps the rules.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tutorials;
/// Values from outside.
#[cfg(test)]
mod values;
/// What a run sends, and how it takes what comes back.
#[cfg(test)]
mod wire;
/// Reading YAML: trees, decoding, and what is said of broken files.
#[cfg(test)]
mod yaml;
