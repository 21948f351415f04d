//! The integration tests, in one binary.

// `cfg(test)` tells clippy that what stands beside the tests may unwrap as well.

/// The house: layers, engines, and who reads the process.
#[cfg(test)]
mod architecture;
/// The HTTP client, against servers that misbehave.
#[cfg(test)]
mod http_client;
/// Snapshot files against insta's own reader and writer.
#[cfg(test)]
mod insta_contract;
/// A server on a raw socket that says exactly what a test wants it to.
#[cfg(test)]
mod raw_server;
/// The embedded sandbox, over real sockets.
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox;
/// Snapshot files in real folders.
#[cfg(test)]
mod snapshots;
/// Templates and expressions.
mod template;
/// Reading YAML: trees, decoding, and what is said of broken files.
mod yaml;
