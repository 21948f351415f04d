//! `lcrun sandbox`: where it listens.

use std::path::PathBuf;

use clap::Args;

/// How to run the sandbox.
#[derive(Debug, Clone, Args)]
pub struct SandboxArgs {
    /// Listen on this port of 127.0.0.1; 0 is a free one.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub port: u16,
    /// Make tokens, codes and ids the same in every run.
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Speak HTTPS, with a certificate of an authority that is made for this run.
    #[arg(long)]
    pub tls: bool,
    /// Write the authority's certificate here rather than into a temporary folder.
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub ca_file: Option<PathBuf>,
}
