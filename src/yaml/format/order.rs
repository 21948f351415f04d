//! The order of keys.

use std::collections::HashSet;

use super::part::{Child, Document, Group, Part, Shape};

/// In which order the keys of a mapping are written, and those of what is inside it.
pub trait Order: Sized {
    /// The place of a key among the keys of this mapping; `None` if it has no place of its own.
    fn rank(&self, key: &str) -> Option<usize>;

    /// The order inside the value of a key.
    #[must_use]
    fn under(&self, key: &str) -> Self;

    /// The order inside an item of a list.
    #[must_use]
    fn item(&self) -> Self;
}

/// Puts the keys of a document into their order.
pub(super) fn arrange<O: Order>(document: &mut Document, order: &O) {
    // The blank line below the comments at the top stays there.
    let blank = match &document.root.shape {
        Shape::Group(group) => group.children.first().is_some_and(|child| child.blank),
        _ => false,
    };
    arrange_part(&mut document.root, order);
    if let Shape::Group(group) = &mut document.root.shape
        && let Some(first) = group.children.first_mut()
    {
        first.blank = blank;
    }
}

fn arrange_part<O: Order>(part: &mut Part, order: &O) {
    let is_odd = part.is_odd;
    let Shape::Group(group) = &mut part.shape else {
        return;
    };
    if is_odd {
        return;
    }
    for child in &mut group.children {
        let inner = match name(child) {
            Some(name) => order.under(name),
            None => order.item(),
        };
        arrange_part(&mut child.value, &inner);
    }
    if group.is_map {
        sort(group, order);
    }
    if let Some(first) = group.children.first_mut() {
        first.blank &= !first.above.is_empty();
    }
}

/// Sorts the entries of a mapping. A key without a place stays behind the one that it stands
/// behind.
fn sort<O: Order>(group: &mut Group, order: &O) {
    let mut rank = None;
    let ranks: Vec<Option<usize>> = group
        .children
        .iter()
        .map(|child| {
            rank = name(child).and_then(|name| order.rank(name)).or(rank);
            rank
        })
        .collect();
    if ranks.is_sorted() || !can_move(&group.children, &ranks) {
        return;
    }
    let mut ranked: Vec<_> = ranks
        .into_iter()
        .zip(std::mem::take(&mut group.children))
        .collect();
    if let Some((_, first)) = ranked.first_mut() {
        first.blank = false;
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    group.children = ranked.into_iter().map(|(_, child)| child).collect();
}

/// Whether no alias would come before its anchor.
fn can_move(children: &[Child], ranks: &[Option<usize>]) -> bool {
    let names: Vec<Names> = children
        .iter()
        .map(|child| {
            let mut names = Names::default();
            names.of(&child.value);
            names
        })
        .collect();
    let pairs = (0..children.len()).flat_map(|one| (0..one).map(move |other| (other, one)));
    pairs
        .filter(|(first, second)| ranks[*first] > ranks[*second])
        .all(|(first, second)| !names[first].clash(&names[second]))
}

/// The anchors and aliases of a part.
#[derive(Default)]
struct Names {
    anchors: HashSet<String>,
    aliases: bool,
}

impl Names {
    fn of(&mut self, part: &Part) {
        self.anchors.extend(part.anchor().map(str::to_owned));
        match &part.shape {
            Shape::Alias => self.aliases = true,
            Shape::Group(group) => {
                for child in &group.children {
                    child.key.iter().for_each(|key| self.of(key));
                    self.of(&child.value);
                }
            }
            Shape::Empty | Shape::Scalar(..) => {}
        }
    }

    fn clash(&self, other: &Names) -> bool {
        let defines = |one: &Names, other: &Names| {
            !one.anchors.is_empty() && (other.aliases || !one.anchors.is_disjoint(&other.anchors))
        };
        defines(self, other) || defines(other, self)
    }
}

/// The key of a child, as a text.
fn name(child: &Child) -> Option<&str> {
    match &child.key.as_ref()?.shape {
        Shape::Scalar(_, text) => Some(text),
        _ => None,
    }
}
