//! What of a JSON body is recorded, and how: narrowed, sorted, redacted, free of secrets.
//!
//! All paths are those of the body as the server sent it, whatever is left out or moved.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::Value;
use serde_json_path::{JsonPath, NormalizedPath, PathElement};

use super::rules::{Rules, Target};
use crate::diff::Exact;
use crate::kinds::Shape;
use crate::secrets::Secrets;

/// Which rules found something in a response.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) only: Vec<bool>,
    pub(super) redact: Vec<bool>,
    pub(super) sort: Vec<bool>,
}

impl Used {
    /// None of them yet.
    pub(super) fn none_of(rules: &Rules) -> Self {
        Self {
            only: vec![false; rules.only.as_ref().map_or(0, Vec::len)],
            redact: vec![false; rules.redact.len()],
            sort: vec![false; rules.sort.len()],
        }
    }
}

/// The part of a body that is recorded; `None` if `only` leaves nothing.
pub(super) fn body(
    body: Exact,
    text: &str,
    rules: &Rules,
    secrets: &Secrets,
    used: &mut Used,
) -> Option<Exact> {
    let marks = Marks::of(text, rules, used);
    let fields = rules.redact.iter().enumerate();
    let fields = fields.filter_map(|(number, rule)| match &rule.key {
        Target::Field(name) => Some((name.as_str(), number)),
        Target::Path(_) | Target::Header(_) => None,
    });
    let mut walk = Walk {
        rules,
        secrets,
        fields: fields.collect(),
        used,
    };
    let place = Place {
        key: None,
        marks: Some(&marks),
        kept: rules.only.is_none(),
    };
    walk.value(body, place)
}

/// What a redaction puts in the place of a value: `[uuid]`; where `null` will do as well it is
/// `[uuid?]` for both, so that the snapshot is the same whichever comes.
pub(super) fn placeholder(shape: &Shape) -> String {
    let or_null = if shape.or_null { "?" } else { "" };
    format!("[{}{or_null}]", shape.kind.word())
}

/// What the paths of the rules say about a value and about those inside it.
#[derive(Debug, Default)]
struct Marks {
    by_key: HashMap<Box<str>, Marks>,
    by_index: HashMap<usize, Marks>,
    /// `only` names it.
    kept: bool,
    /// `only` names it or something inside it.
    leads_to_kept: bool,
    /// The redaction whose path leads here, by its number.
    redaction: Option<usize>,
    /// The rule that sorts it, by its number.
    sort: Option<usize>,
}

impl Marks {
    fn of(text: &str, rules: &Rules, used: &mut Used) -> Self {
        let mut marks = Self::default();
        let has_paths = |target: &Target| matches!(target, Target::Path(_));
        let needed = rules.only.is_some()
            || !rules.sort.is_empty()
            || rules.redact.iter().any(|rule| has_paths(&rule.key));
        // What can be read with every digit can be read without.
        let Some(document) = needed
            .then(|| serde_json::from_str::<Value>(text).ok())
            .flatten()
        else {
            return marks;
        };
        for (number, rule) in rules.only.iter().flatten().enumerate() {
            for location in locations(&rule.key, &document) {
                used.only[number] = true;
                marks.keep(&location);
            }
        }
        for (number, rule) in rules.redact.iter().enumerate() {
            if let Target::Path(path) = &rule.key {
                for location in locations(path, &document) {
                    marks.at(&location).redaction = Some(number);
                    used.redact[number] = true;
                }
            }
        }
        for (number, rule) in rules.sort.iter().enumerate() {
            for location in locations(&rule.key, &document) {
                marks.at(&location).sort = Some(number);
            }
        }
        marks
    }

    fn at(&mut self, location: &NormalizedPath<'_>) -> &mut Self {
        location.iter().fold(self, Self::inside)
    }

    fn keep(&mut self, location: &NormalizedPath<'_>) {
        self.leads_to_kept = true;
        let end = location.iter().fold(self, |marks, step| {
            let marks = marks.inside(step);
            marks.leads_to_kept = true;
            marks
        });
        end.kept = true;
    }

    fn inside(&mut self, step: &PathElement<'_>) -> &mut Self {
        match step {
            PathElement::Name(name) => self.by_key.entry((*name).into()).or_default(),
            PathElement::Index(index) => self.by_index.entry(*index).or_default(),
        }
    }
}

fn locations<'v>(path: &JsonPath, document: &'v Value) -> impl Iterator<Item = NormalizedPath<'v>> {
    let found = path.query_located(document).all().into_iter();
    found.map(serde_json_path::LocatedNode::to_location)
}

struct Walk<'a> {
    rules: &'a Rules,
    secrets: &'a Secrets,
    /// The redactions of fields, by their names.
    fields: HashMap<&'a str, usize>,
    used: &'a mut Used,
}

/// Where the walk stands.
#[derive(Clone, Copy)]
struct Place<'m> {
    /// The field that holds the value, if one does.
    key: Option<&'m str>,
    marks: Option<&'m Marks>,
    /// `only` names something that the value is part of, or is not there.
    kept: bool,
}

impl Walk<'_> {
    fn value(&mut self, value: Exact, place: Place<'_>) -> Option<Exact> {
        let marks = place.marks;
        let kept = place.kept || marks.is_some_and(|marks| marks.kept);
        if !kept && !marks.is_some_and(|marks| marks.leads_to_kept) {
            return None;
        }
        if let Some(shape) = self.redaction(place)
            && shape.accepts(&value)
        {
            return Some(Exact::string(placeholder(shape)));
        }
        Some(match value {
            Exact::String(text) => Exact::string(self.secrets.redact(&text)),
            Exact::Number(digits) => match self.secrets.redact(&digits) {
                text if *text == *digits => Exact::Number(digits),
                text => Exact::string(text),
            },
            Exact::Array(items) => self.array(items, marks, kept),
            Exact::Object(entries) => self.object(entries, marks, kept),
            other => other,
        })
    }

    /// The redaction for a place: that of a path before that of a field.
    fn redaction(&mut self, place: Place<'_>) -> Option<&Shape> {
        let by_field = place.key.and_then(|key| self.fields.get(key)).copied();
        if let Some(number) = by_field {
            self.used.redact[number] = true;
        }
        let by_path = place.marks.and_then(|marks| marks.redaction);
        let rules = self.rules;
        by_path
            .or(by_field)
            .map(|number| &rules.redact[number].value)
    }

    fn array(&mut self, items: Vec<Exact>, marks: Option<&Marks>, kept: bool) -> Exact {
        let mut items: Vec<(usize, Exact)> = items.into_iter().enumerate().collect();
        if let Some(number) = marks.and_then(|marks| marks.sort) {
            self.used.sort[number] = true;
            let field = &self.rules.sort[number].value;
            items.sort_by(|(_, one), (_, other)| order(one, other, field));
        }
        let items = items.into_iter().filter_map(|(index, item)| {
            let place = Place {
                key: None,
                marks: marks.and_then(|marks| marks.by_index.get(&index)),
                kept,
            };
            self.value(item, place)
        });
        Exact::Array(items.collect())
    }

    fn object(
        &mut self,
        entries: Vec<(Box<str>, Exact)>,
        marks: Option<&Marks>,
        kept: bool,
    ) -> Exact {
        let entries = entries.into_iter().filter_map(|(key, value)| {
            let place = Place {
                key: Some(&key),
                marks: marks.and_then(|marks| marks.by_key.get(&key)),
                kept,
            };
            let value = self.value(value, place)?;
            Some((self.secrets.redact(&key).into(), value))
        });
        Exact::Object(entries.collect())
    }
}

/// The order of two elements: by the field, and where they agree or have none, by all they hold.
fn order(one: &Exact, other: &Exact, field: &str) -> Ordering {
    let by_field = match (one.get(field), other.get(field)) {
        (Some(one), Some(other)) => one.order(other),
        (one, other) => one.is_some().cmp(&other.is_some()),
    };
    by_field.then_with(|| one.order(other))
}
