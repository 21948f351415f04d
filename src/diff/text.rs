//! A line diff of two texts, as `diff -u` prints it.

use std::collections::HashMap;
use std::ops::Range;

use super::align::align;
use super::render::{ADDED, REMOVED, visible};
use crate::ansi::painted;

/// How many lines around a change are shown.
const CONTEXT: usize = 3;

/// The lines of a unified diff without a file header; none if the texts have the same lines. How a
/// line ends does not count.
pub fn line_diff(old: &str, new: &str, color: bool) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let steps = steps(&old, &new);
    let mut lines = Vec::new();
    for hunk in hunks(&steps) {
        lines.push(hunk_header(&steps[hunk.clone()]));
        for step in &steps[hunk] {
            lines.push(match *step {
                Step::Same(at, _) if old[at].is_empty() => String::new(),
                Step::Same(at, _) => format!("  {}", visible(old[at])),
                Step::Removed(at, _) => painted(REMOVED, &format!("- {}", visible(old[at])), color),
                Step::Added(_, at) => painted(ADDED, &format!("+ {}", visible(new[at])), color),
            });
        }
    }
    lines
}

/// A line and where both texts stand at it.
#[derive(Debug, Clone, Copy)]
enum Step {
    Same(usize, usize),
    Removed(usize, usize),
    Added(usize, usize),
}

fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let (old_tokens, new_tokens) = tokens(old, new);
    let end = (old.len(), new.len());
    let mut steps = Vec::with_capacity(old.len().max(new.len()));
    let mut from = (0, 0);
    for to in align(&old_tokens, &new_tokens).into_iter().chain([end]) {
        steps.extend((from.0..to.0).map(|at| Step::Removed(at, from.1)));
        steps.extend((from.1..to.1).map(|at| Step::Added(to.0, at)));
        if to != end {
            steps.push(Step::Same(to.0, to.1));
        }
        from = (to.0 + 1, to.1 + 1);
    }
    steps
}

/// A number for each text, the same for equal ones.
pub(super) fn tokens(old: &[&str], new: &[&str]) -> (Vec<u64>, Vec<u64>) {
    let mut numbers: HashMap<String, u64> = HashMap::new();
    let mut of = |texts: &[&str]| -> Vec<u64> {
        let number = |text: &&str| {
            let next = numbers.len() as u64;
            match numbers.get(*text) {
                Some(number) => *number,
                None => *numbers.entry((*text).to_owned()).or_insert(next),
            }
        };
        texts.iter().map(number).collect()
    };
    (of(old), of(new))
}

/// The steps that are shown: changes with some lines around them.
fn hunks(steps: &[Step]) -> Vec<Range<usize>> {
    let mut hunks: Vec<Range<usize>> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        if matches!(step, Step::Same(..)) {
            continue;
        }
        let start = at.saturating_sub(CONTEXT);
        let end = (at + CONTEXT + 1).min(steps.len());
        match hunks.last_mut() {
            Some(last) if last.end >= start => last.end = end,
            _ => hunks.push(start..end),
        }
    }
    hunks
}

/// As in `@@ -1,4 +1,5 @@`: the first line and how many there are, of both texts.
fn hunk_header(steps: &[Step]) -> String {
    let place = |of_old: bool| {
        let has_line = |step: &Step| match step {
            Step::Same(..) => true,
            Step::Removed(..) => of_old,
            Step::Added(..) => !of_old,
        };
        let count = steps.iter().filter(|step| has_line(step)).count();
        let first =
            steps.first().map_or(0, |step| match *step {
                Step::Same(old, new) | Step::Removed(old, new) | Step::Added(old, new) => {
                    if of_old { old } else { new }
                }
            });
        format!("{},{count}", first + usize::from(count > 0))
    };
    format!("@@ -{} +{} @@", place(true), place(false))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(old: &str, new: &str) -> String {
        line_diff(old, new, false).join("\n")
    }

    #[test]
    fn changes_are_shown_with_the_lines_around_them() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14";
        let new = "0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\nzwölf\n13\n14\n";
        insta::assert_snapshot!(drawn(old, new), @r"
        @@ -1,3 +1,4 @@
        + 0
          1
          2
          3
        @@ -9,6 +10,6 @@
          9
          10
          11
        - 12
        + zwölf
          13
          14
        ");
    }

    #[test]
    fn texts_with_the_same_lines_have_no_diff_whatever_ends_them() {
        assert_eq!(drawn("a\r\nb\r\n", "a\nb"), "");
        assert_eq!(drawn("", ""), "");
    }

    #[test]
    fn a_text_that_is_new_is_all_added() {
        assert_eq!(drawn("", "a\nb"), "@@ -0,0 +1,2 @@\n+ a\n+ b");
        assert_eq!(drawn("a", ""), "@@ -1,1 +0,0 @@\n- a");
    }

    #[test]
    fn no_text_can_write_to_the_terminal_but_letters() {
        assert_eq!(
            drawn("", "a\u{1b}[2J\tb"),
            "@@ -0,0 +1,1 @@\n+ a\\u001b[2J\tb"
        );
    }
}
