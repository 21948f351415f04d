//! Several JSON documents gone through at once: what stands at each place, and where they differ.

use std::collections::{BTreeMap, BTreeSet};

use super::guess::{Guess, Sample};
use super::path::{Part, Path};
use crate::diff::Exact;
use crate::kinds::Leaf;

/// A value at one path in all recordings.
pub(super) struct Place {
    pub(super) path: Path,
    pub(super) samples: Vec<Sample>,
    pub(super) differs: bool,
}

/// The places of a document by what a rule can call them.
pub(super) struct Places<'p> {
    by_name: BTreeMap<&'p str, Vec<&'p Place>>,
    by_pattern: BTreeMap<String, Vec<&'p Place>>,
}

impl<'p> Places<'p> {
    pub(super) fn of(places: &'p [Place]) -> Self {
        let mut by_name: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
        let mut by_pattern: BTreeMap<String, Vec<&Place>> = BTreeMap::new();
        for place in places {
            if let Some(name) = place.path.field() {
                by_name.entry(name).or_default().push(place);
            }
            let pattern = place.path.any_element().to_string();
            by_pattern.entry(pattern).or_default().push(place);
        }
        Self {
            by_name,
            by_pattern,
        }
    }

    /// The kind of all values of a field, if those that differ are of one kind and the others too.
    pub(super) fn kind_of_name(&self, name: &str) -> Option<Guess> {
        let places = self.by_name.get(name)?;
        let differing = places.iter().filter(|place| place.differs);
        let mut by_pattern: BTreeMap<String, Vec<&Sample>> = BTreeMap::new();
        for place in differing {
            let pattern = place.path.any_element().to_string();
            by_pattern
                .entry(pattern)
                .or_default()
                .extend(&place.samples);
        }
        let kinds = by_pattern.into_values().map(Guess::of);
        let kind = kinds.reduce(|one, other| Guess {
            word: if one.word == other.word {
                one.word
            } else {
                "any"
            },
            or_null: one.or_null || other.or_null,
        })?;
        let is_of_all = places.iter().all(|place| match kind.word {
            // It takes whatever is there: what does not differ would be lost for nothing.
            "any" => place.differs && Guess::of(&place.samples).word == "any",
            _ => place.samples.iter().all(|sample| kind.accepts(sample)),
        });
        is_of_all.then_some(kind)
    }

    /// The kind of the values that a path leads to and that differ.
    pub(super) fn kind_of_pattern(&self, pattern: &str) -> Guess {
        let places = self.by_pattern.get(pattern).map_or(&[][..], Vec::as_slice);
        let differing = places.iter().filter(|place| place.differs);
        Guess::of(differing.flat_map(|place| &place.samples))
    }
}

/// Goes through all recordings of a body at once.
#[derive(Default)]
pub(super) struct Walk {
    path: Path,
    /// What stands where, in the order of the documents.
    pub(super) places: Vec<Place>,
    /// Arrays that hold the same elements in another order, and the field that tells which is which.
    pub(super) sorts: Vec<(Path, String)>,
    /// What no rule can help with, or what a rule hides wholly.
    pub(super) notes: Vec<String>,
}

impl Walk {
    pub(super) fn values(&mut self, values: &[&Exact]) {
        let is_branch = |value: &&Exact| matches!(value, Exact::Array(_) | Exact::Object(_));
        let objects: Option<Vec<_>> = values.iter().map(|value| value.entries()).collect();
        let arrays: Option<Vec<_>> = values.iter().map(|value| items(value)).collect();
        if let Some(objects) = objects
            // Nothing can redact the root as a whole, but what all have in common still can be.
            && (self.have_same_keys(&objects) || self.path.0.is_empty())
        {
            self.push(values, false);
            for (key, _) in objects[0] {
                let inner: Vec<&Exact> = values.iter().filter_map(|it| it.get(key)).collect();
                if inner.len() == values.len() {
                    self.below(Part::Key(key.clone()), &inner);
                }
            }
        } else if let Some(arrays) = arrays
            && arrays.iter().all(|items| items.len() == arrays[0].len())
        {
            self.push(values, false);
            self.elements(&arrays);
        } else if !values.iter().any(is_branch) {
            let differs = values.iter().any(|value| *value != values[0]);
            self.push(values, differs);
        } else if self.path.0.is_empty() {
            self.notes.push(
                "the whole body has another shape from run to run: narrow it with `only`, such as \
                 `only: [$.error.type]`"
                    .to_owned(),
            );
        } else {
            self.push(values, true);
        }
    }

    fn push(&mut self, values: &[&Exact], differs: bool) {
        self.places.push(Place {
            path: self.path.clone(),
            samples: values.iter().map(|value| Sample::of(value)).collect(),
            differs,
        });
    }

    fn below(&mut self, part: Part, values: &[&Exact]) {
        self.path.0.push(part);
        self.values(values);
        self.path.0.pop();
    }

    /// Whether objects have the same keys; tells those that come and go.
    fn have_same_keys(&mut self, objects: &[&[(Box<str>, Exact)]]) -> bool {
        let keys = |object: &[(Box<str>, Exact)]| -> BTreeSet<Box<str>> {
            object.iter().map(|(key, _)| key.clone()).collect()
        };
        let first = keys(objects[0]);
        let mut unsteady = BTreeSet::new();
        for object in &objects[1..] {
            unsteady.extend(first.symmetric_difference(&keys(object)).cloned());
        }
        for key in &unsteady {
            let note = format!(
                "`{}` is there in some runs and not in others",
                self.path.then(Part::Key(key.clone()))
            );
            self.notes.push(note);
        }
        unsteady.is_empty()
    }

    fn elements(&mut self, arrays: &[&[Exact]]) {
        let mut orders: Vec<Vec<&Exact>> =
            arrays.iter().map(|array| array.iter().collect()).collect();
        if let Some(field) = sorting_field(&orders) {
            self.sorts.push((self.path.clone(), field.clone()));
            for order in &mut orders {
                order.sort_by_cached_key(|item| item.get(&field).map(ToString::to_string));
            }
        }
        for index in 0..arrays[0].len() {
            let inner = orders.iter().map(|order| order[index]);
            self.below(Part::Index(index), &inner.collect::<Vec<_>>());
        }
    }
}

fn items(value: &Exact) -> Option<&[Exact]> {
    match value {
        Exact::Array(items) => Some(items),
        _ => None,
    }
}

/// The field that tells the elements of an array apart, if they are the same ones in every run but
/// not in the same order.
fn sorting_field(orders: &[Vec<&Exact>]) -> Option<String> {
    let first = orders[0].first()?.entries()?;
    let mut fields: Vec<&str> = first.iter().map(|(key, _)| &**key).collect();
    // `id` is what arrays are sorted by wherever there is one.
    fields.sort_by_key(|field| (*field != "id", !field.ends_with("id")));
    let is_order = |field: &&&str| {
        let mut columns = orders.iter().map(|order| column(order, field));
        let Some(Some(first)) = columns.next() else {
            return false;
        };
        let as_set: BTreeSet<&String> = first.iter().collect();
        let mut is_moved = false;
        as_set.len() == first.len()
            && columns.all(|column| {
                column.is_some_and(|column| {
                    is_moved |= column != first;
                    column.iter().collect::<BTreeSet<_>>() == as_set
                })
            })
            && is_moved
    };
    fields
        .iter()
        .find(is_order)
        .map(|field| (*field).to_owned())
}

/// The values of a field in each element, if all have it and none is a list or an object.
fn column(order: &[&Exact], field: &str) -> Option<Vec<String>> {
    let values = order.iter().map(|item| {
        let value = item.get(field)?;
        (!matches!(Leaf::from(value), Leaf::Branch | Leaf::Null)).then(|| value.to_string())
    });
    values.collect()
}
