//! `lcrun new`: writes a tutorial that comes with lcrun, so that it can be run and edited.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};

use super::schema;
use crate::cli::args::NewArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::tutorials::{self, Tutorial};
use crate::diagnostic::{closest, list};

/// The schema beside a tutorial, which its first line names.
const SCHEMA_FILE: &str = "collection.schema.json";

/// Writes a tutorial and what it needs, or lists all of them.
pub fn execute(context: &mut Context, args: &NewArgs) -> Result<Exit> {
    let tutorials = tutorials::all();
    let Some(name) = &args.name else {
        return show(context, &tutorials);
    };
    let Some(tutorial) = tutorials.iter().find(|tutorial| tutorial.name == name) else {
        let names = tutorials.iter().map(|tutorial| tutorial.name);
        let meant = name.strip_suffix(".yaml").unwrap_or(name);
        match closest(meant, names.clone()) {
            Some(near) => bail!("there is no tutorial `{name}`; did you mean `{near}`?"),
            None => bail!("there is no tutorial `{name}`; there are {}", list(names)),
        }
    };
    let file = match &args.output {
        None => tutorial.file(),
        Some(output) if output.as_os_str() == "-" => {
            let files = tutorial.files(&tutorial.file(), SCHEMA_FILE);
            context.stdout.write_all(files[0].1.as_bytes())?;
            context.stdout.flush()?;
            return Ok(Exit::Passed);
        }
        Some(folder) if is_folder(folder) => folder.join(tutorial.file()),
        Some(file) => file.clone(),
    };
    let mut files = tutorial.files(&file, SCHEMA_FILE);
    if let Some((shared, _)) = files[1..].iter().find(|(other, _)| *other == file) {
        bail!(
            "`{}` is a file that the tutorial needs; choose another name",
            shared.display()
        );
    }
    files.push((file.with_file_name(SCHEMA_FILE), schema::text()?));
    // What is there already and the same need not be written; nothing of a person is overwritten.
    files.retain(|(file, text)| !same_text(file, text));
    let is_taken = |file: &Path| file.exists() && !args.force && !is_our_schema(file);
    if let Some((taken, _)) = files.iter().find(|(file, _)| is_taken(file)) {
        bail!(
            "`{}` is there already; `--force` overwrites it",
            taken.display()
        );
    }
    for (file, text) in &files {
        write(context, file, text)?;
    }
    if files.is_empty() {
        writeln!(context.stdout, "{} is there already", file.display())?;
    }
    writeln!(context.stdout, "\nRun it with `lcrun {}`.", file.display())?;
    context.stdout.flush()?;
    Ok(Exit::Passed)
}

fn show(context: &mut Context, tutorials: &[Tutorial]) -> Result<Exit> {
    let width = tutorials.iter().map(|tutorial| tutorial.name.len()).max();
    let width = width.unwrap_or(0);
    for tutorial in tutorials {
        writeln!(
            context.stdout,
            "{:<width$}  {}",
            tutorial.name, tutorial.about
        )?;
    }
    writeln!(context.stdout, "\nWrite one with `lcrun new NAME`.")?;
    context.stdout.flush()?;
    Ok(Exit::Passed)
}

/// Whether a path is a folder, or written as one.
fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.as_os_str().as_encoded_bytes().ends_with(b"/")
}

/// Whether a file is a schema that an lcrun has written, perhaps an older one.
fn is_our_schema(file: &Path) -> bool {
    file.file_name() == Some(SCHEMA_FILE.as_ref())
        && std::fs::read(file)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok())
            .is_some_and(|schema| schema["title"] == crate::collection::schema::TITLE)
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
