//! `lcrun sandbox`: the embedded server in the foreground.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::cli::args::SandboxArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::sandbox::{Options, Sandbox};

/// Starts the sandbox, prints how to reach it, and waits for Ctrl-C.
pub fn execute(context: &mut Context, args: &SandboxArgs) -> Result<Exit> {
    let options = Options {
        port: args.port,
        seed: args.seed,
        tls: args.tls.then(|| Context::now().into()),
    };
    let sandbox = Sandbox::start(&options)
        .with_context(|| format!("the sandbox can't listen on 127.0.0.1:{}", args.port))?;
    let authority = sandbox
        .authority()
        .map(|pem| Authority::write(context, args.ca_file.as_deref(), pem))
        .transpose()?;
    introduce(&mut context.stdout, &sandbox, authority.as_ref())?;
    let stopper = sandbox.stopper();
    ctrlc::set_handler(move || stopper.stop()).context("Ctrl-C can't be watched")?;
    sandbox.wait();
    Ok(Exit::Passed)
}

fn introduce(
    out: &mut dyn Write,
    sandbox: &Sandbox,
    authority: Option<&Authority>,
) -> std::io::Result<()> {
    let url = sandbox.base_url();
    writeln!(out, "The LiveChat sandbox listens on {url}")?;
    writeln!(
        out,
        "Its state is in memory and gone with it; nothing here is a real credential.\n"
    )?;
    for (name, value) in sandbox.inputs() {
        writeln!(out, "{name}={value}")?;
    }
    let trust = authority.map_or(String::new(), |authority| {
        format!(" --cacert {}", authority.file.display())
    });
    writeln!(out, "\nTry it:")?;
    writeln!(
        out,
        "  curl{trust} -u \"$account_id:$pat\" -H 'Content-Type: application/json' -d '{{}}' {url}/v3.6/agent/action/list_chats"
    )?;
    if let Some(authority) = authority {
        let file = authority.file.display();
        writeln!(out, "\nClients must be told to trust {file}:")?;
        writeln!(out, "  lcrun --cacert {file}")?;
        writeln!(
            out,
            "  SSL_CERT_FILE={file}         OpenSSL, Go, Ruby, Python's httpx"
        )?;
        writeln!(out, "  REQUESTS_CA_BUNDLE={file}    Python's requests")?;
        writeln!(out, "  NODE_EXTRA_CA_CERTS={file}   Node")?;
    }
    writeln!(out, "\nPress Ctrl-C to stop.")?;
    out.flush()
}

/// The certificate that clients must trust, in a file.
struct Authority {
    file: PathBuf,
    /// Kept for its end: the folder goes with the sandbox.
    _folder: Option<TempDir>,
}

impl Authority {
    /// Writes the certificate where the user wants it, or into a folder that nobody else can read.
    fn write(context: &Context, wanted: Option<&Path>, pem: &str) -> Result<Self> {
        let (file, folder) = if let Some(path) = wanted {
            (context.folder.join(path), None)
        } else {
            let folder = private_folder().context("a temporary folder can't be made")?;
            (folder.path().join("ca.pem"), Some(folder))
        };
        std::fs::write(&file, pem)
            .with_context(|| format!("`{}` can't be written", file.display()))?;
        Ok(Self {
            file,
            _folder: folder,
        })
    }
}

fn private_folder() -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix("lcrun-sandbox-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o700));
    }
    builder.tempdir()
}
