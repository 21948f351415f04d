//! `lcrun new`: writes a tutorial that comes with lcrun, so that it can be run and edited.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::cli::args::NewArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::diagnostic::{closest, list};
use crate::snapshot::place::Home;

/// The files that all tutorials extend, and their texts.
const SHARED: [(&str, &str); 2] = [
    (
        "sandbox.yaml",
        include_str!("../../../collections/sandbox.yaml"),
    ),
    (
        "livechat.yaml",
        include_str!("../../../collections/livechat.yaml"),
    ),
];

/// The tutorials that come with lcrun.
const TUTORIALS: [Tutorial; 4] = [
    Tutorial {
        name: "agent-flow",
        about: "from an app's Client Id to the first List Chats response",
        text: include_str!("../../../collections/agent-flow.yaml"),
        snapshots: &[
            (
                "token",
                include_str!("../../../collections/snapshots/agent-flow__token.snap"),
            ),
            (
                "list_chats",
                include_str!("../../../collections/snapshots/agent-flow__list_chats.snap"),
            ),
        ],
    },
    Tutorial {
        name: "token-refresh",
        about: "a new access token from the refresh token",
        text: include_str!("../../../collections/token-refresh.yaml"),
        snapshots: &[(
            "refresh",
            include_str!("../../../collections/snapshots/token-refresh__refresh.snap"),
        )],
    },
    Tutorial {
        name: "personal-access-token",
        about: "the easiest way in, and where it is refused",
        text: include_str!("../../../collections/personal-access-token.yaml"),
        snapshots: &[
            (
                "as_a_bearer_token",
                include_str!(
                    "../../../collections/snapshots/personal-access-token__as_a_bearer_token.snap"
                ),
            ),
            (
                "cut_off",
                include_str!("../../../collections/snapshots/personal-access-token__cut_off.snap"),
            ),
            (
                "by_the_customer_chat_api",
                include_str!(
                    "../../../collections/snapshots/personal-access-token__by_the_customer_chat_api.snap"
                ),
            ),
        ],
    },
    Tutorial {
        name: "wrong-token",
        about: "why a token is answered with \"Invalid access token\"",
        text: include_str!("../../../collections/wrong-token.yaml"),
        snapshots: &[
            (
                "customer_api",
                include_str!("../../../collections/snapshots/wrong-token__customer_api.snap"),
            ),
            (
                "agent_api",
                include_str!("../../../collections/snapshots/wrong-token__agent_api.snap"),
            ),
            (
                "configuration_api",
                include_str!("../../../collections/snapshots/wrong-token__configuration_api.snap"),
            ),
            (
                "percent_encoded",
                include_str!("../../../collections/snapshots/wrong-token__percent_encoded.snap"),
            ),
            (
                "truncated",
                include_str!("../../../collections/snapshots/wrong-token__truncated.snap"),
            ),
            (
                "no_scheme",
                include_str!("../../../collections/snapshots/wrong-token__no_scheme.snap"),
            ),
            (
                "no_header",
                include_str!("../../../collections/snapshots/wrong-token__no_header.snap"),
            ),
        ],
    },
];

struct Tutorial {
    name: &'static str,
    about: &'static str,
    text: &'static str,
    /// The reviewed responses of its steps on the sandbox.
    snapshots: &'static [(&'static str, &'static str)],
}

impl Tutorial {
    fn file(&self) -> PathBuf {
        PathBuf::from(format!("{}.yaml", self.name))
    }

    /// Every file to write for the tutorial as `file`, and its text.
    fn files(&self, file: &Path) -> Vec<(PathBuf, &'static str)> {
        let home = Home::of(file, None);
        let snapshots = self.snapshots.iter();
        let snapshots = snapshots.map(|(step, text)| (home.file(step, &[]), *text));
        let shared = SHARED.iter();
        let shared = shared.map(|(name, text)| (file.with_file_name(name), *text));
        shared
            .chain([(file.to_owned(), self.text)])
            .chain(snapshots)
            .collect()
    }
}

/// Writes a tutorial and what it extends, or lists all of them.
pub fn execute(context: &mut Context, args: &NewArgs) -> Result<Exit> {
    let Some(name) = &args.name else {
        for tutorial in &TUTORIALS {
            writeln!(context.stdout, "{:<22} {}", tutorial.name, tutorial.about)?;
        }
        writeln!(context.stdout, "\nWrite one with `lcrun new NAME`.")?;
        context.stdout.flush()?;
        return Ok(Exit::Passed);
    };
    let Some(tutorial) = TUTORIALS.iter().find(|tutorial| tutorial.name == name) else {
        let names = TUTORIALS.iter().map(|tutorial| tutorial.name);
        match closest(name, names.clone()) {
            Some(near) => bail!("there is no tutorial `{name}`; did you mean `{near}`?"),
            None => bail!("there is no tutorial `{name}`; there are {}", list(names)),
        }
    };
    let file = args.output.clone().unwrap_or_else(|| tutorial.file());
    if SHARED
        .iter()
        .any(|(name, _)| file.file_name() == Some(name.as_ref()))
    {
        bail!(
            "`{}` is a file that the tutorial extends; choose another name",
            file.display()
        );
    }
    // What is there already and the same need not be written; nothing of a person is overwritten.
    let mut files = tutorial.files(&file);
    files.retain(|(file, text)| !same_text(file, text));
    if let Some((taken, _)) = files.iter().find(|(file, _)| file.exists() && !args.force) {
        bail!(
            "`{}` is there already; `--force` overwrites it",
            taken.display()
        );
    }
    for (file, text) in &files {
        write(context, file, text)?;
    }
    writeln!(context.stdout, "\nRun it with `lcrun {}`.", file.display())?;
    context.stdout.flush()?;
    Ok(Exit::Passed)
}

fn same_text(file: &Path, text: &str) -> bool {
    std::fs::read_to_string(file).is_ok_and(|there| there == text)
}

fn write(context: &mut Context, file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new(""));
    if let Err(error) = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(file, text)) {
        bail!("`{}` can't be written: {error}", file.display());
    }
    writeln!(context.stdout, "wrote {}", file.display())?;
    Ok(())
}
