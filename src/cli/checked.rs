//! Collections that were read and checked, with the values that are given to them: where every
//! command that looks at collections begins.

use std::collections::HashMap;
use std::path::PathBuf;

use super::args::ValueArgs;
use super::context::Context;
use super::exit::Exit;
use super::outside::Values;
use super::paths::{Place, STDIN};
use super::voice::Voice;
use super::{preflight, settings};
use crate::collection::model::Collection;
use crate::collection::{check, load::Loader};
use crate::diagnostic::Diagnostics;
use crate::run::taint::SharedSecrets;
use crate::source::{SourceId, Sources};
use crate::template::{Compiled, Engine};

/// Collections that were read, with the values that are given to them.
pub struct Read {
    /// The collections; those that could not be read are missing.
    pub collections: Vec<Collection>,
    /// The secrets of each.
    pub secrets: Vec<SharedSecrets>,
    /// What was given to them.
    pub values: Values,
    /// Every file that was read.
    pub sources: Sources,
    /// The files of collections among them, and where each lies.
    pub files: Vec<(PathBuf, SourceId)>,
    /// Standard input, if it was read and is a text.
    pub stdin: Option<SourceId>,
    /// How many collections were looked at, those that others extend and those that are no text
    /// included.
    pub count: usize,
}

impl Read {
    /// Reads collections; `replaced` are texts that stand for those of files. What is wrong with
    /// the collections comes with them, what is wrong with the values is told.
    pub fn new(
        context: &mut Context,
        voice: &mut Voice,
        (places, replaced): (Vec<Place>, HashMap<PathBuf, String>),
        args: &ValueArgs,
    ) -> Result<(Self, Diagnostics), Exit> {
        let mut loader = Loader::with_texts(replaced);
        let collections: Vec<Collection> = places
            .into_iter()
            .filter_map(|place| match place {
                Place::File(path) => loader.load(&path),
                Place::Stdin(bytes) => loader.load_bytes(STDIN, bytes),
            })
            .collect();
        let files = loader.files().map(|(path, id)| (path.to_owned(), id));
        let mut files: Vec<(PathBuf, SourceId)> = files.collect();
        files.sort_by_key(|(_, id)| *id);
        let (stdin, count) = (loader.inputs().next(), loader.count());
        let values = Values::gather(args, context, &collections, &mut loader.sources)
            .map_err(|problems| voice.refuse(context, &problems, &loader.sources))?;
        voice.hide(&values, &collections);
        let read = Self {
            secrets: collections
                .iter()
                .map(|_| SharedSecrets::default())
                .collect(),
            collections,
            values,
            sources: loader.sources,
            files,
            stdin,
            count,
        };
        Ok((read, loader.diagnostics))
    }

    /// What evaluates the templates of each collection.
    pub fn engines(&self, context: &Context) -> Vec<Engine> {
        let secrets = self.secrets.iter();
        secrets
            .map(|secrets| Engine::new(settings::engine_options(context, secrets.clone())))
            .collect()
    }

    /// The texts of each collection.
    pub fn compiled<'a>(&'a self, engines: &'a [Engine]) -> Vec<Compiled<'a>> {
        let engines = engines.iter();
        engines
            .map(|engine| Compiled::new(engine, &self.sources))
            .collect()
    }

    /// Adds what is wrong with the collections, or doubtful about them and their values; literal
    /// secrets are masked from then on.
    pub fn check<'a>(
        &'a self,
        compiled: &[Compiled<'a>],
        environment: Option<&str>,
        voice: &mut Voice,
        diagnostics: &mut Diagnostics,
    ) {
        for (index, (collection, compiled)) in self.collections.iter().zip(compiled).enumerate() {
            check::check(collection, compiled, diagnostics);
            let given = self.values.of(index);
            let place = (collection, compiled);
            diagnostics.extend(preflight::doubts(place, &given, environment, &self.sources));
        }
        if !diagnostics.is_empty() {
            for collection in &self.collections {
                voice.hide_literals(collection);
            }
        }
    }
}
