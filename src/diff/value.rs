//! The changes between two documents.

use std::sync::Arc;

use super::change::{Change, Path, Segment};
use super::exact::{Exact, Lookup};
use super::pairs::{Fate, fates};

/// What changed from one document to another, in the order of the documents; nothing if they are
/// equal, and only then.
///
/// An array's elements are put together by what they are: an insertion at its front is one change.
pub fn diff(old: &Exact, new: &Exact) -> Vec<Change> {
    diff_at(Path::default(), old, new)
}

/// The same for a part of something, whose paths begin there.
pub fn diff_at(path: Path, old: &Exact, new: &Exact) -> Vec<Change> {
    let mut walk = Walk {
        path,
        changes: Vec::new(),
    };
    walk.value(old, new);
    walk.changes
}

struct Walk {
    path: Path,
    changes: Vec<Change>,
}

impl Walk {
    fn value(&mut self, old: &Exact, new: &Exact) {
        match (old, new) {
            (Exact::Object(old), Exact::Object(new)) => self.object(old, new),
            (Exact::Array(old), Exact::Array(new)) => self.array(old, new),
            (old, new) if old == new => {}
            (old, new) => {
                let change = Change::of_value(self.path.clone(), old.clone(), new.clone());
                self.changes.push(change);
            }
        }
    }

    fn object(&mut self, old: &[(Box<str>, Exact)], new: &[(Box<str>, Exact)]) {
        let key_of = |key: &str| Segment::Key(Arc::from(key));
        let in_new = Lookup::of(new);
        for (at, (key, value)) in old.iter().enumerate() {
            if let Some(now) = in_new.get(key, at) {
                self.path.push(key_of(key));
                self.value(value, now);
                self.path.pop();
            } else {
                let path = self.path.then(key_of(key));
                self.changes.push(Change::removed(path, value.clone()));
            }
        }
        let in_old = Lookup::of(old);
        for (at, (key, value)) in new.iter().enumerate() {
            if in_old.get(key, at).is_none() {
                let path = self.path.then(key_of(key));
                self.changes.push(Change::added(path, value.clone()));
            }
        }
    }

    fn array(&mut self, old: &[Exact], new: &[Exact]) {
        for fate in fates(old, new) {
            match fate {
                Fate::Removed(at) => {
                    let path = self.path.then(Segment::Index(at));
                    self.changes.push(Change::removed(path, old[at].clone()));
                }
                Fate::Added(at) => {
                    let path = self.path.then(Segment::Index(at));
                    self.changes.push(Change::added(path, new[at].clone()));
                }
                Fate::Stayed { old: from, new: to } => self.element(to, &old[from], &new[to]),
                Fate::Moved { old: from, new: to } => {
                    let change = Change::moved(
                        self.path.then(Segment::Index(from)),
                        self.path.then(Segment::Index(to)),
                        old[from].clone(),
                        new[to].clone(),
                    );
                    self.changes.push(change);
                    self.element(to, &old[from], &new[to]);
                }
            }
        }
    }

    fn element(&mut self, at: usize, old: &Exact, new: &Exact) {
        self.path.push(Segment::Index(at));
        self.value(old, new);
        self.path.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::change::Class;
    use crate::diff::render;

    fn parse(text: &str) -> Exact {
        Exact::parse(text).unwrap()
    }

    fn drawn(old: &str, new: &str) -> String {
        render::lines(&diff(&parse(old), &parse(new)), false).join("\n")
    }

    #[test]
    fn a_change_says_where_and_from_what_to_what() {
        let old = r#"{"expires_in":3600,"legacy":true,"scope":"a","n":null,"same":[1,{"x":2}]}"#;
        let new =
            r#"{"scope":"b","expires_in":28800,"n":12,"same":[1.0,{"x":2}],"client_id":"81e8"}"#;
        insta::assert_snapshot!(drawn(old, new), @r#"
          $.expires_in: 3600 → 28800
        - $.legacy
          $.scope: "a" → "b"
          $.n: null → 12 (null became number)
        + $.client_id: "81e8"
        "#);
    }

    #[test]
    fn integers_of_more_than_64_bits_differ_if_their_digits_do() {
        let old = r#"{"id":36893488147419103232}"#;
        let new = r#"{"id":36893488147419103233}"#;
        assert_eq!(
            drawn(old, new),
            "  $.id: 36893488147419103232 → 36893488147419103233"
        );
        assert_eq!(drawn("[1,100]", "[1.0,1e2]"), "");
    }

    #[test]
    fn an_insertion_at_the_front_is_one_change() {
        let old: Vec<String> = (0..50)
            .map(|n| format!(r#"{{"id":{n},"name":"n{n}"}}"#))
            .collect();
        let mut new = old.clone();
        new.insert(0, r#"{"id":99,"name":"new"}"#.to_owned());
        new[20] = r#"{"id":19,"name":"other"}"#.to_owned();
        let list = |items: &[String]| format!("[{}]", items.join(","));
        assert_eq!(
            drawn(&list(&old), &list(&new)),
            "+ $[0]: {\"id\":99,\"name\":\"new\"}\n  $[20].name: \"n19\" → \"other\""
        );
    }

    #[test]
    fn elements_without_an_identity_are_matched_by_what_they_hold() {
        assert_eq!(drawn("[1,2,3,4]", "[9,1,2,4]"), "+ $[0]: 9\n- $[2]: 3");
        let old = r#"[{"a":1,"b":2,"c":3},{"a":4,"b":5,"c":6}]"#;
        let new = r#"[{"a":0},{"a":1,"b":2,"c":9},{"a":4,"b":5,"c":6}]"#;
        assert_eq!(drawn(old, new), "+ $[0]: {\"a\":0}\n  $[1].c: 3 → 9");
        assert_eq!(drawn("[1]", "[2]"), "  $[0]: 1 → 2");
        assert_eq!(
            drawn("[1]", "[\"1\"]"),
            "  $[0]: 1 → \"1\" (number became string)"
        );
    }

    #[test]
    fn a_move_is_one_change_and_what_changed_inside_another() {
        let old = r#"{"chats":[{"id":"A","n":1},{"id":"B","n":2},{"id":"C","n":3}]}"#;
        let new = r#"{"chats":[{"id":"C","n":4},{"id":"A","n":1},{"id":"B","n":2}]}"#;
        insta::assert_snapshot!(drawn(old, new), @r#"
          $.chats[2] → $.chats[0]: moved {"id":"C","n":4}
          $.chats[0].n: 3 → 4
        "#);
        assert_eq!(drawn("[1,2,3]", "[3,1,2]"), "  $[2] → $[0]: moved 3");
    }

    #[test]
    fn elements_that_were_replaced_are_not_compared() {
        let old = r#"[{"id":1,"a":1,"b":1,"c":1},{"id":2,"a":2,"b":2,"c":2}]"#;
        let new = r#"[{"id":7,"a":7,"b":7,"c":7},{"id":2,"a":2,"b":2,"c":2}]"#;
        assert_eq!(
            drawn(old, new),
            "- $[0]: {\"id\":1,\"a\":1,\"b\":1,\"c\":1}\n+ $[0]: {\"id\":7,\"a\":7,\"b\":7,\"c\":7}"
        );
    }

    #[test]
    fn the_same_change_in_many_elements_is_one_line() {
        let list = |version: u32, extra: &str| {
            let item = |n: u32| {
                let version = if n == 5 { 9 } else { version };
                format!(r#"{{"id":{n},"v":{version}{extra}}}"#)
            };
            let items: Vec<String> = (0..10).map(item).collect();
            format!("{{\"items\":[{}]}}", items.join(","))
        };
        assert_eq!(
            drawn(&list(1, ",\"legacy\":1"), &list(2, "")),
            "  $.items[0-4,6-9].v: 1 → 2\n- $.items[0-9].legacy"
        );
    }

    #[test]
    fn additions_alone_break_nothing() {
        let changes = diff(
            &parse(r#"{"a":1,"b":2,"c":3}"#),
            &parse(r#"{"b":"2","c":4,"d":5}"#),
        );
        let classes: Vec<_> = changes
            .iter()
            .map(|one| (one.class, one.is_breaking()))
            .collect();
        assert_eq!(
            classes,
            [
                (Class::Removed, true),
                (Class::TypeChanged, true),
                (Class::ValueChanged, true),
                (Class::Added, false)
            ]
        );
        let names: Vec<String> = changes.iter().map(|one| one.class.to_string()).collect();
        assert_eq!(names, ["removed", "type changed", "value changed", "added"]);
    }

    /// A small generator of numbers (xorshift) and of documents.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % sides as u64).unwrap()
        }

        fn value(&mut self, depth: u32) -> Exact {
            let sides = if depth == 0 { 5 } else { 8 };
            match self.roll(sides) {
                0 => Exact::Null,
                1 => Exact::Bool(self.roll(2) == 0),
                2 => Exact::Number(["1", "1.0", "2", "-0", "0", "1e1"][self.roll(6)].into()),
                3 | 4 => Exact::string(["a", "b", "", "c d"][self.roll(4)]),
                5 | 6 => {
                    let length = self.roll(6);
                    Exact::Array((0..length).map(|_| self.value(depth - 1)).collect())
                }
                _ => {
                    let mut entries = Vec::new();
                    for key in ["id", "a", "b", "c", "x_id"] {
                        if self.roll(2) == 0 {
                            entries.push((key.into(), self.value(depth - 1)));
                        }
                    }
                    if self.roll(2) == 0 {
                        entries.reverse();
                    }
                    Exact::Object(entries)
                }
            }
        }

        /// The same value with a part replaced here and there.
        fn mutated(&mut self, value: &Exact, depth: u32) -> Exact {
            if self.roll(8) == 0 {
                return self.value(depth);
            }
            match value {
                Exact::Array(items) => {
                    let mut items: Vec<Exact> = items
                        .iter()
                        .map(|item| self.mutated(item, depth.saturating_sub(1)))
                        .collect();
                    if self.roll(3) == 0 && items.len() > 1 {
                        let one = self.roll(items.len());
                        let item = items.remove(one);
                        items.insert(self.roll(items.len() + 1), item);
                    }
                    Exact::Array(items)
                }
                Exact::Object(entries) => {
                    let entries = entries.iter();
                    let changed = entries.map(|(key, value)| {
                        (key.clone(), self.mutated(value, depth.saturating_sub(1)))
                    });
                    Exact::Object(changed.collect())
                }
                other => other.clone(),
            }
        }
    }

    #[test]
    fn there_is_a_change_if_and_only_if_the_documents_differ() {
        let mut dice = Dice(0x5eed_1234_5678_9abc);
        let (mut equal, mut different) = (0, 0);
        for _ in 0..20_000 {
            let old = dice.value(4);
            let new = dice.mutated(&old, 4);
            let changes = diff(&old, &new);
            assert_eq!(changes.is_empty(), old == new, "{old} {new} {changes:?}");
            assert_eq!(render::lines(&changes, false).is_empty(), old == new);
            assert!(diff(&old, &old.clone()).is_empty());
            assert_eq!(diff(&new, &old).is_empty(), old == new);
            *(if old == new {
                &mut equal
            } else {
                &mut different
            }) += 1;
        }
        assert!(equal > 1000 && different > 1000, "{equal} {different}");
    }

    #[test]
    fn a_change_holds_what_stands_at_its_path() {
        fn at<'v>(value: &'v Exact, path: &Path) -> &'v Exact {
            path.segments()
                .iter()
                .fold(value, |value, segment| match (value, segment) {
                    (Exact::Array(items), Segment::Index(at)) => &items[*at],
                    (value, Segment::Key(key)) => value.get(key).unwrap(),
                    _ => panic!("{value} has no {segment}"),
                })
        }
        let mut dice = Dice(99);
        for _ in 0..5_000 {
            let old = dice.value(4);
            let new = dice.mutated(&old, 4);
            for change in diff(&old, &new) {
                if let Some(value) = &change.new {
                    assert_eq!(at(&new, &change.path).to_string(), value.to_string());
                }
            }
        }
    }

    #[test]
    fn large_documents_without_anything_in_common_are_compared() {
        let list = |from: u32, count: u32| {
            let items = (from..from + count).map(|n| format!(r#"{{"id":{n},"v":"{}"}}"#, n * 7));
            parse(&format!("[{}]", items.collect::<Vec<_>>().join(",")))
        };
        assert_eq!(diff(&list(0, 10_000), &list(50_000, 10_000)).len(), 20_000);
        assert_eq!(
            diff(&list(0, 10_000), &list(50_000, 9_000)).len(),
            9_000 * 2 + 1_000
        );
        assert_eq!(
            diff(&list(0, 10_000), &list(9_999, 10_000)).len(),
            2 * 9_999 + 1 - 1
        );
    }
}
