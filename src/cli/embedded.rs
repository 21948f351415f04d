//! The embedded server of a run.

use anyhow::Result;

use crate::collection::model::SandboxKind;
use crate::run::job::Job;

/// The embedded server that a run needs, if it needs one; it ends when this is dropped.
#[derive(Debug, Default)]
pub struct Embedded {
    /// Kept for its end.
    #[cfg(feature = "sandbox")]
    _sandbox: Option<crate::sandbox::Sandbox>,
}

impl Embedded {
    /// Starts what the environment of a job asks for and gives the job what it supplies.
    pub fn start(job: &mut Job<'_>, seed: Option<u64>) -> Result<Self> {
        match job.inputs.sandbox {
            None => Ok(Self::default()),
            Some(SandboxKind::Livechat) => Self::livechat(job, seed),
        }
    }

    #[cfg(feature = "sandbox")]
    fn livechat(job: &mut Job<'_>, seed: Option<u64>) -> Result<Self> {
        use anyhow::Context as _;

        let options = crate::sandbox::Options {
            seed,
            ..Default::default()
        };
        let sandbox = crate::sandbox::Sandbox::start(&options)
            .context("the sandbox can't listen on a port of 127.0.0.1")?;
        job.supplied = sandbox.inputs();
        Ok(Self {
            _sandbox: Some(sandbox),
        })
    }

    #[cfg(not(feature = "sandbox"))]
    fn livechat(_: &mut Job<'_>, _: Option<u64>) -> Result<Self> {
        anyhow::bail!("this lcrun was built without the sandbox")
    }
}
