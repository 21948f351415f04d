//! The way in: decodes a node into a Rust type and points at what does not fit.
//!
//! Unknown keys are told and passed over; so is, in a second round, a value that does not fit, so
//! that all mistakes come at once.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;

use serde::de::DeserializeOwned;

use super::hints::Hints;
use super::mistake::Mistake;
use super::path::{Path, Step};
use super::value::De;
use crate::diagnostic::{Diagnostic, Diagnostics, list};
use crate::source::{Sources, Span};
use crate::yaml::tree::Node;

/// How many values one call may decode, aliases counted as often as they are used.
const MAX_VALUES: usize = 1_000_000;

/// How often a value is decoded again to find more mistakes in it.
const MAX_ROUNDS: usize = 50;

/// Decodes nodes into Rust types.
#[derive(Debug, Clone, Copy)]
pub struct Decoder<'a> {
    sources: &'a Sources,
    what: &'a str,
    hints: Hints<'a>,
}

/// What could be decoded of a node.
#[derive(Debug)]
pub struct Rest<T> {
    /// The value.
    pub value: T,
    /// Whether nothing was left out.
    pub is_whole: bool,
    /// Whether a key seems to be misspelt, so that what it says is missing.
    pub is_misspelt: bool,
}

impl<'a> Decoder<'a> {
    /// A decoder whose messages call the value `what`, as in `steps[2]`; `""` is the whole file.
    pub fn new(sources: &'a Sources, what: &'a str) -> Self {
        Self {
            sources,
            what,
            hints: Hints::NONE,
        }
    }

    /// What the format knows of its keys, for help.
    #[must_use]
    pub fn hints(self, hints: Hints<'a>) -> Self {
        Self { hints, ..self }
    }

    /// Decodes a node; `None` if it can't be, which is then told.
    ///
    /// Everything that does not fit is told, not only the first: serde stops at a mistake, so the
    /// node is decoded again without the value that it stands in. There may be errors although
    /// there is a value: unknown keys, and numbers that do not print back as they were written.
    pub fn decode<T: DeserializeOwned>(
        &self,
        node: &Node,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        let decoded = self.decode_rest(node, diagnostics);
        decoded.filter(|one| one.is_whole).map(|one| one.value)
    }

    /// Decodes a node as far as it fits: what does not is told and left out.
    pub fn decode_rest<T: DeserializeOwned>(
        &self,
        node: &Node,
        diagnostics: &mut Diagnostics,
    ) -> Option<Rest<T>> {
        let mut state = State {
            sources: self.sources,
            hints: self.hints,
            told: RefCell::default(),
            values: Cell::new(0),
            left_out: RefCell::default(),
            listed: RefCell::default(),
            misspelt: Cell::new(false),
        };
        for _ in 0..MAX_ROUNDS {
            let left_out = state.left_out.borrow().len();
            let decoded = self.decode_once(node, &state);
            diagnostics.extend(state.told.take());
            match decoded {
                Ok(value) => {
                    return Some(Rest {
                        value,
                        is_whole: left_out == 0,
                        is_misspelt: state.misspelt.get(),
                    });
                }
                Err(mistake) => diagnostics.extend(mistake.into_diagnostic()),
            }
            if state.left_out.get_mut().len() == left_out {
                break;
            }
        }
        None
    }

    fn decode_once<T: DeserializeOwned>(
        &self,
        node: &Node,
        state: &State<'_>,
    ) -> Result<T, Mistake> {
        state.values.set(0);
        let path = Path {
            parent: None,
            step: Step::Root(self.what),
        };
        let value = De {
            node,
            path: &path,
            via: None,
            state,
        };
        T::deserialize(value).map_err(|mistake| value.place(mistake))
    }
}

impl Node {
    /// Decodes the node; `what` is what messages call it, as in `steps[2]`. See
    /// [`Decoder::decode`].
    pub fn decode<T: DeserializeOwned>(
        &self,
        sources: &Sources,
        what: &str,
        diagnostics: &mut Diagnostics,
    ) -> Option<T> {
        Decoder::new(sources, what).decode(self, diagnostics)
    }
}

/// A node's own address: the tree stays where it is while it is decoded.
fn address(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

/// What all values of one call share.
pub(super) struct State<'a> {
    pub(super) sources: &'a Sources,
    pub(super) hints: Hints<'a>,
    /// What was told so far, in the order of the file.
    told: RefCell<Vec<Diagnostic>>,
    values: Cell<usize>,
    /// The values that hold a mistake, by the address of their node: passed over from then on.
    left_out: RefCell<HashSet<usize>>,
    /// The structs whose keys were listed, by the address of the list: once is enough.
    listed: RefCell<HashSet<usize>>,
    /// Whether a key was told that seems to be a known one misspelt.
    pub(super) misspelt: Cell<bool>,
}

impl State<'_> {
    pub(super) fn tell(&self, diagnostic: Diagnostic) {
        self.told.borrow_mut().push(diagnostic);
    }

    /// The note that lists the keys of a struct, where it was not given yet.
    pub(super) fn list_keys(&self, known: &'static [&'static str]) -> Option<String> {
        let is_first = self.listed.borrow_mut().insert(known.as_ptr().addr());
        let usable = known.iter().filter(|key| !self.hints.later.contains(key));
        is_first.then(|| format!("the keys are {}", list(usable.copied())))
    }

    /// Whether an unknown key was told that stands in a place.
    pub(super) fn told_unknown_key_in(&self, place: Span) -> bool {
        let is_inside = |span: Span| {
            span.source == place.source && place.start <= span.start && span.end <= place.end
        };
        let told = self.told.borrow();
        let mut unknown = told.iter().filter(|one| one.code == "unknown-key");
        unknown.any(|one| {
            one.primary
                .as_ref()
                .is_some_and(|label| is_inside(label.span))
        })
    }

    /// Whether a value is passed over because of a mistake in it.
    pub(super) fn is_left_out(&self, node: &Node) -> bool {
        let left_out = self.left_out.borrow();
        !left_out.is_empty() && left_out.contains(&address(node))
    }

    /// Passes a value over from now on if it is the innermost one that holds the mistake.
    pub(super) fn leave_out(&self, node: &Node, mistake: Mistake) -> Mistake {
        if mistake.is_contained() {
            return mistake;
        }
        self.left_out.borrow_mut().insert(address(node));
        mistake.contained()
    }

    /// Counts a value; `place` is what to point at if there are too many.
    pub(super) fn count(&self, place: Span) -> Result<(), Mistake> {
        let values = self.values.get() + 1;
        self.values.set(values);
        if values <= MAX_VALUES {
            return Ok(());
        }
        let message = format!("more than {MAX_VALUES} values, aliases counted at each use");
        let mistake = Mistake::from(
            Diagnostic::error("too-large", message, place)
                .help("use fewer aliases within aliases, or split the file"),
        );
        Err(mistake.contained())
    }
}
