//! Whether an edited file means what it should: the same as before but for the keys that were set.

use std::collections::HashSet;
use std::rc::Rc;

use super::place::Part;
use crate::yaml::scalar::{self, Core};
use crate::yaml::tree::{Kind, Node};

/// Compares what two trees mean. A part that aliases share is compared once.
#[derive(Default)]
pub(super) struct Comparison {
    equal: HashSet<(usize, usize)>,
}

impl Comparison {
    /// Whether `new` is `old` but for the keys that were set at `place`.
    pub(super) fn is_edited(
        &mut self,
        old: Option<&Node>,
        new: &Node,
        place: &[Part],
        entries: &[(String, String)],
    ) -> bool {
        if let [Part::Item(index), rest @ ..] = place {
            let old = old.map_or(&[][..], Node::items);
            return new.items().len() == old.len()
                && old.iter().zip(new.items()).enumerate().all(|(at, pair)| {
                    if at == *index {
                        self.is_edited(Some(pair.0), pair.1, rest, entries)
                    } else {
                        self.is_same(pair.0, pair.1)
                    }
                });
        }
        let is_touched = |name: &str| match place {
            [Part::Key(key), ..] => name == key,
            _ => entries.iter().any(|(key, _)| name == key),
        };
        let old_entries = match old {
            Some(old) if !old.is_map() && !gives_way(old) => return false,
            Some(old) => old.entries(),
            None => &[],
        };
        let kept = old_entries.iter().filter(|one| !is_touched(&one.key.name));
        let stayed = new
            .entries()
            .iter()
            .filter(|one| !is_touched(&one.key.name));
        let (kept, stayed): (Vec<_>, Vec<_>) = (kept.collect(), stayed.collect());
        let is_rest_same = kept.len() == stayed.len()
            && kept.iter().zip(&stayed).all(|(old, new)| {
                old.key.name == new.key.name && self.is_same(&old.value, &new.value)
            });
        is_rest_same
            && match place {
                [Part::Key(key), rest @ ..] => new.get(key).is_some_and(|value| {
                    let before = old.and_then(|old| old.get(key));
                    self.is_edited(before, value, rest, entries)
                }),
                _ => entries
                    .iter()
                    .all(|(key, value)| new.get(key).and_then(Node::as_text) == Some(value)),
            }
    }

    fn is_same(&mut self, old: &Node, new: &Node) -> bool {
        match (&old.kind, &new.kind) {
            (Kind::Scalar(old), Kind::Scalar(new)) => {
                old.text == new.text && old.typed == new.typed
            }
            (Kind::List(olds), Kind::List(news)) => {
                let pair = (address(olds), address(news));
                olds.len() == news.len()
                    && (self.equal.contains(&pair)
                        || olds.iter().zip(&**news).all(|(a, b)| self.is_same(a, b))
                            && self.remember(pair))
            }
            (Kind::Map(olds), Kind::Map(news)) => {
                let pair = (address(olds), address(news));
                olds.len() == news.len()
                    && (self.equal.contains(&pair)
                        || olds.iter().zip(&**news).all(|(a, b)| {
                            a.key.name == b.key.name && self.is_same(&a.value, &b.value)
                        }) && self.remember(pair))
            }
            _ => false,
        }
    }

    fn remember(&mut self, pair: (usize, usize)) -> bool {
        self.equal.insert(pair);
        true
    }
}

/// A number that is the same for what is shared and for nothing else in the two trees.
fn address<T>(shared: &Rc<[T]>) -> usize {
    Rc::as_ptr(shared).cast::<()>().addr()
}

/// Whether a value says no more than that it is there: `true` or nothing.
pub(super) fn gives_way(node: &Node) -> bool {
    node.scalar().is_some_and(|scalar| {
        scalar.typed && matches!(scalar::resolve(&scalar.text), Core::Null | Core::Bool(true))
    })
}
