//! `lcrun check --fix`: what can be mended in one way only is mended in the files, all else in them
//! left as it is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;

use super::args::CheckArgs;
use super::checked::Read;
use super::commands::check::{Stream, report};
use super::context::Context;
use super::exit::Exit;
use super::paths::Place;
use super::rewrite;
use super::voice::Voice;
use crate::diagnostic::{Applicability, Diagnostic, Diagnostics, Fix};
use crate::source::{SourceId, Sources};

/// How often a file is read again, since a mended mistake may have hidden another one.
const ROUNDS: usize = 50;

/// A text on its way to be mended.
#[derive(Debug)]
struct Draft {
    /// What messages call it.
    name: String,
    /// As it was found.
    original: String,
    /// What became of it.
    text: String,
    /// What was done to it: places and words.
    done: Vec<String>,
    /// What it was before the last round.
    before: Option<Before>,
    /// Whether several fixes at once made it worse, so that they are tried one by one.
    is_careful: bool,
    /// The fixes that made it worse.
    avoided: HashSet<String>,
}

#[derive(Debug)]
struct Before {
    text: String,
    done: usize,
    /// How often each error was told.
    errors: BTreeMap<&'static str, usize>,
    /// Whether it could be read.
    was_read: bool,
    /// What was mended in the round.
    mended: Vec<String>,
}

/// The drafts, by path; standard input has none.
type Drafts = BTreeMap<Option<PathBuf>, Draft>;

/// Mends what is certain, writes the files, and tells what is left.
pub fn mend(
    context: &mut Context,
    voice: &mut Voice,
    places: &[Place],
    args: &CheckArgs,
) -> Result<Exit> {
    let mut drafts = Drafts::new();
    let mut again = places.to_vec();
    for _ in 0..ROUNDS {
        let read = (with_stdin(&again, &drafts), texts(&drafts));
        let (read, mut diagnostics) = match Read::new(context, voice, read, &args.values) {
            Ok(read) => read,
            Err(exit) => return Ok(exit),
        };
        let engines = read.engines(context);
        let compiled = read.compiled(&engines);
        read.check(&compiled, None, voice, &mut diagnostics);
        let changed = round(&read, &diagnostics, &mut drafts);
        again.retain(|place| concerns(place, &changed, &read));
        if again.is_empty() {
            break;
        }
    }
    drafts.retain(|_, draft| draft.text != draft.original);
    let written = write(context, voice, &mut drafts);
    let has_stdin = places.iter().any(|place| matches!(place, Place::Stdin(_)));
    let stream = if has_stdin {
        print_stdin(context, places, &drafts)?;
        Stream::Error
    } else {
        Stream::Output
    };
    if voice.is_for_people() {
        for done in drafts.values().flat_map(|draft| &draft.done) {
            writeln!(stream.of(context), "mended {done}")?;
        }
    }
    let read = (with_stdin(places, &drafts), texts(&drafts));
    let left = match Read::new(context, voice, read, &args.values) {
        Ok(read) => report(context, voice, read, args, stream)?,
        Err(exit) => exit,
    };
    Ok(if written { left } else { Exit::Usage })
}

/// The places to read, with what became of standard input.
fn with_stdin(places: &[Place], drafts: &Drafts) -> Vec<Place> {
    let stdin = drafts.get(&None);
    let places = places.iter().map(|place| match (place, stdin) {
        (Place::Stdin(_), Some(draft)) => Place::Stdin(draft.text.clone().into_bytes()),
        _ => place.clone(),
    });
    places.collect()
}

fn texts(drafts: &Drafts) -> HashMap<PathBuf, String> {
    let files = drafts.iter();
    files
        .filter_map(|(path, draft)| Some((path.clone()?, draft.text.clone())))
        .collect()
}

/// Whether a place is one of the texts that were changed, or extends one of them: nothing else can
/// have become another.
fn concerns(place: &Place, changed: &HashSet<Option<PathBuf>>, read: &Read) -> bool {
    let Place::File(path) = place else {
        return changed.contains(&None);
    };
    let files = read.files.iter();
    let mut changed_files = files.filter(|(path, _)| changed.contains(&Some(path.clone())));
    let mut collections = read.collections.iter();
    match collections.find(|one| one.path.as_ref() == Some(path)) {
        Some(collection) => {
            let own = collection.files();
            changed_files.any(|(_, id)| own.contains(id))
        }
        None => path
            .canonicalize()
            .is_ok_and(|path| changed.contains(&Some(path))),
    }
}

/// Judges what the last round did and mends more; the texts that are new to read.
fn round(read: &Read, diagnostics: &Diagnostics, drafts: &mut Drafts) -> HashSet<Option<PathBuf>> {
    let all: Vec<&Diagnostic> = diagnostics.iter().collect();
    let readable: HashSet<SourceId> = read
        .collections
        .iter()
        .flat_map(crate::collection::model::Collection::files)
        .collect();
    let files = read
        .files
        .iter()
        .map(|(path, id)| (Some(path.clone()), *id));
    let mut changed = HashSet::new();
    for (path, id) in files.chain(read.stdin.map(|id| (None, id))) {
        let own: Vec<&Diagnostic> = all
            .iter()
            .copied()
            .filter(|one| {
                one.primary
                    .as_ref()
                    .is_some_and(|label| label.span.source == id)
            })
            .collect();
        let is_read = readable.contains(&id);
        let text = read.sources.get(id).text();
        let draft = drafts.entry(path.clone()).or_insert_with(|| Draft {
            name: read.sources.get(id).name().to_owned(),
            original: text.to_owned(),
            text: text.to_owned(),
            done: Vec::new(),
            before: None,
            is_careful: false,
            avoided: HashSet::new(),
        });
        if draft.judge(&own, is_read) || draft.apply(&own, is_read, &read.sources) {
            changed.insert(path);
        }
    }
    changed
}

impl Draft {
    /// Takes the last round back if it made the file worse; whether it did.
    ///
    /// Other errors are no harm where they were hidden so far, behind a file that could not be read,
    /// nor where they can be mended in turn.
    fn judge(&mut self, told: &[&Diagnostic], is_read: bool) -> bool {
        let Some(before) = self.before.take() else {
            return false;
        };
        let after = errors(told);
        let total = |errors: &BTreeMap<&str, usize>| errors.values().sum::<usize>();
        let more =
            |code: &str, count: usize| before.errors.get(code).is_none_or(|old| *old < count);
        let is_stuck = after.iter().any(|(code, count)| {
            let mut own = told.iter().filter(|one| one.code == *code);
            more(code, *count) && !own.all(|one| is_certain(one))
        });
        let is_worse =
            before.was_read && (!is_read || total(&after) > total(&before.errors) || is_stuck);
        if !is_worse {
            return false;
        }
        self.text = before.text;
        self.done.truncate(before.done);
        self.is_careful = true;
        if let [only] = &*before.mended {
            self.avoided.insert(only.clone());
        }
        true
    }

    /// Applies what is certain, but of what overlaps only the first; whether there was anything.
    fn apply(&mut self, told: &[&Diagnostic], is_read: bool, sources: &Sources) -> bool {
        let mut fixes: Vec<(&Diagnostic, &Fix)> = told
            .iter()
            .filter_map(|one| Some((*one, one.fix.as_ref()?)))
            .filter(|(one, fix)| {
                let here = one.primary.as_ref().map(|label| label.span.source);
                is_certain(one) && Some(fix.span.source) == here
            })
            .collect();
        fixes.sort_by_key(|(_, fix)| fix.span);
        let mut mended = String::with_capacity(self.text.len());
        let mut end = 0;
        let done = self.done.len();
        let mut applied = Vec::new();
        for (diagnostic, fix) in fixes {
            let range = fix.span.range();
            let is_apart = range.start > end || range.start == end && end == 0;
            let there = self.text.get(end..range.start).filter(|_| is_apart);
            let (Some(between), Some(replaced)) = (there, self.text.get(range.clone())) else {
                continue;
            };
            let line = sources.get(fix.span.source).line(range.start);
            let mark = format!("{line}\n{replaced}\n{}", fix.replacement);
            if self.avoided.contains(&mark) || self.is_careful && !applied.is_empty() {
                continue;
            }
            mended.push_str(between);
            mended.push_str(&fix.replacement);
            end = range.end;
            let place = sources.locate(fix.span);
            let what = format!("{place}: {} ({})", fix.message, diagnostic.code);
            self.done.push(what);
            applied.push(mark);
        }
        if applied.is_empty() {
            return false;
        }
        mended.push_str(&self.text[end..]);
        self.before = Some(Before {
            text: std::mem::replace(&mut self.text, mended),
            done,
            errors: errors(told),
            was_read: is_read,
            mended: applied,
        });
        true
    }
}

/// Whether it can be mended in one way only.
fn is_certain(diagnostic: &Diagnostic) -> bool {
    let fix = diagnostic.fix.as_ref();
    fix.is_some_and(|fix| fix.applicability == Applicability::Certain)
}

/// How often each error was told.
fn errors(told: &[&Diagnostic]) -> BTreeMap<&'static str, usize> {
    let mut errors = BTreeMap::new();
    for one in told.iter().filter(|one| one.is_error()) {
        *errors.entry(one.code).or_default() += 1;
    }
    errors
}

/// Writes the files; whether all could be. What can't be written is told, is a draft no more, and
/// keeps nothing else back.
fn write(context: &mut Context, voice: &Voice, drafts: &mut Drafts) -> bool {
    let count = drafts.len();
    drafts.retain(|path, draft| {
        let Some(path) = path else { return true };
        let written = rewrite::replace(&draft.name, path, &draft.original, &draft.text);
        if let Err(error) = &written {
            voice.tell(context, &rewrite::told(error), &Sources::default());
        }
        written.is_ok()
    });
    drafts.len() == count
}

/// Prints standard input, mended or not, as formatters do.
fn print_stdin(context: &mut Context, places: &[Place], drafts: &Drafts) -> Result<()> {
    for place in with_stdin(places, drafts) {
        if let Place::Stdin(bytes) = place {
            context.stdout.write_all(&bytes)?;
        }
    }
    context.stdout.flush()?;
    Ok(())
}
