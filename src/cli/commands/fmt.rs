//! `lcrun fmt`: collections in their canonical form.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use anyhow::Result;

use crate::cli::args::FmtArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::paths::{self, Place, STDIN, Wanted};
use crate::cli::rewrite;
use crate::cli::voice::{Voice, use_color};
use crate::collection::format::Formatter;
use crate::collection::load::Loader;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::diff::line_diff;
use crate::source::Sources;
use crate::yaml;

/// Formats what the paths name, or says what would change.
pub fn execute(context: &mut Context, args: &FmtArgs) -> Result<Exit> {
    let mut voice = Voice::new(context, &args.messages);
    let places = match paths::find(&args.paths, Wanted::All) {
        Ok(places) => places,
        Err(problem) => {
            let problem = Diagnostic::without_place("no-collection", problem);
            return Ok(voice.refuse(context, &[problem], &Sources::default()));
        }
    };
    let mut call = Call {
        voice,
        color: use_color(args.messages.color, context, context.stdout_is_terminal),
        formatter: Formatter::default(),
        check: args.check,
        changed: 0,
        broken: 0,
        failed: 0,
    };
    let files = places.len();
    for place in places {
        match place {
            Place::File(path) => call.file(context, &path)?,
            Place::Stdin(bytes) => call.stdin(context, bytes)?,
        }
    }
    let told = call.summary(files);
    if args.paths.iter().all(|path| path.as_os_str() != "-") {
        writeln!(context.stdout, "{told}")?;
    }
    context.stdout.flush()?;
    Ok(if call.failed > 0 {
        Exit::Usage
    } else if call.broken > 0 {
        Exit::Invalid
    } else if args.check && call.changed > 0 {
        Exit::Check
    } else {
        Exit::Passed
    })
}

struct Call {
    voice: Voice,
    color: bool,
    formatter: Formatter,
    check: bool,
    changed: usize,
    broken: usize,
    /// How many can't be read or written.
    failed: usize,
}

impl Call {
    fn file(&mut self, context: &mut Context, path: &Path) -> Result<()> {
        let name = path.display().to_string();
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = format!("`{name}` can't be read: {error}");
                self.fail(
                    context,
                    &Diagnostic::without_place("unreadable-file", message),
                );
                return Ok(());
            }
        };
        let Some((old, new)) = self.formatted(context, &name, bytes) else {
            return Ok(());
        };
        if old == new {
            return Ok(());
        }
        if self.check {
            self.changed += 1;
            return self.show(context, &name, &old, &new);
        }
        if let Err(error) = rewrite::replace(&name, path, &old, &new) {
            self.fail(context, &rewrite::told(&error));
            return Ok(());
        }
        self.changed += 1;
        writeln!(context.stdout, "formatted {name}")?;
        Ok(())
    }

    /// Tells why a file is left as it is; the others are formatted all the same.
    fn fail(&mut self, context: &mut Context, why: &Diagnostic) {
        self.failed += 1;
        self.voice.tell(context, why, &Sources::default());
    }

    fn stdin(&mut self, context: &mut Context, bytes: Vec<u8>) -> Result<()> {
        let Some((old, new)) = self.formatted(context, STDIN, bytes) else {
            return Ok(());
        };
        self.changed += usize::from(old != new);
        if !self.check {
            context.stdout.write_all(new.as_bytes())?;
        } else if old != new {
            self.show(context, STDIN, &old, &new)?;
        }
        Ok(())
    }

    /// A text and its canonical form; `None` if it can't be read, which is told.
    fn formatted(
        &mut self,
        context: &mut Context,
        name: &str,
        bytes: Vec<u8>,
    ) -> Option<(String, String)> {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let id = yaml::add_source(&mut sources, name, bytes, &mut diagnostics);
        if let Some(id) = id {
            yaml::parse(&sources, id, &mut diagnostics);
        }
        let mut errors = diagnostics.into_sorted();
        errors.retain(Diagnostic::is_error);
        let mut left = None;
        if let (Some(id), true) = (id, errors.is_empty()) {
            let text = sources.get(id).text();
            match self.formatter.format(text) {
                Ok(new) => return Some((text.to_owned(), new)),
                Err(why) => left = Some(why),
            }
        }
        self.broken += 1;
        if let Some(id) = id {
            self.hide(sources.get(id).text());
        }
        for error in &errors {
            self.voice.tell(context, error, &sources);
        }
        if let Some(why) = left {
            // Nobody is left to tell where standard error is gone.
            let _ = writeln!(context.stderr, "error: `{name}` is left as it is: {why}");
        }
        None
    }

    /// Masks the secrets that stand in a text whose lines are about to be shown.
    fn hide(&mut self, text: &str) {
        let mut sources = Sources::default();
        let file = sources.add(STDIN, text);
        self.voice.hide_written(&BTreeSet::from([file]), &sources);
        if let Some(collection) = Loader::default().load_bytes(STDIN, text.into()) {
            self.voice.hide_literals(&collection);
        }
    }

    fn show(&mut self, context: &mut Context, name: &str, old: &str, new: &str) -> Result<()> {
        self.hide(old);
        writeln!(context.stdout, "{name} would change")?;
        let lines = line_diff(old, new, self.color);
        if lines.is_empty() {
            writeln!(context.stdout, "  the ends of its lines")?;
        }
        for line in lines {
            writeln!(context.stdout, "{}", self.voice.mask(&line))?;
        }
        writeln!(context.stdout)?;
        Ok(())
    }

    fn summary(&self, files: usize) -> String {
        let count = |count: usize, what: &str| match count {
            1 => format!("1 file {what}"),
            count => format!("{count} files {what}"),
        };
        let done = if self.check {
            "would change"
        } else {
            "formatted"
        };
        let mut parts = Vec::new();
        if self.changed > 0 {
            parts.push(count(self.changed, done));
        }
        match self.broken + self.failed {
            0 => {}
            1 => parts.push("1 file left as it is".to_owned()),
            left => parts.push(count(left, "left as they are")),
        }
        let rest = files - self.changed - self.broken - self.failed;
        if rest > 0 || parts.is_empty() {
            parts.push(count(rest, "in canonical form"));
        }
        parts.join(", ")
    }
}
