//! The lines of a file that a diagnostic shows: only as many as it points at, without secrets and
//! without what would steer a terminal.

use std::ops::Range;

use crate::ansi::steers;
use crate::secrets::Secrets;
use crate::source::{BYTE_ORDER_MARK, Source, floor_boundary};

/// What stands for a secret.
const STARS: &str = "***";

/// What stands for a character that would steer a terminal.
const NOTHING_TO_SEE: &str = "\u{fffd}";

/// The lines from the first place to the last one, so that a large file costs nothing to draw.
pub(super) struct Window {
    /// What is shown of the lines.
    pub(super) text: String,
    /// The number of the first line.
    pub(super) first_line: usize,
    /// Where the lines begin in the file.
    start: usize,
    /// How many bytes of the file they are.
    length: usize,
    /// What is shown in place of something else, in order.
    covers: Vec<Cover>,
}

/// A part of the lines that is not shown as it is; places count from the start of the window.
struct Cover {
    /// The part in the file.
    written: Range<usize>,
    /// What is shown.
    shown: Range<usize>,
}

impl Window {
    /// The lines around places.
    pub(super) fn around(
        source: &Source,
        places: impl IntoIterator<Item = Range<usize>>,
        secrets: &Secrets,
    ) -> Self {
        let lines = lines(source, places);
        let written = &source.text()[lines.clone()];
        let mut window = Self {
            text: String::with_capacity(written.len()),
            first_line: source.position(lines.start).line,
            start: lines.start,
            length: written.len(),
            covers: Vec::new(),
        };
        let mut done = 0;
        for secret in secrets.places(written) {
            window.show(written, done..secret.start);
            window.cover(secret.clone(), STARS);
            done = secret.end;
        }
        window.show(written, done..written.len());
        window
    }

    fn show(&mut self, written: &str, part: Range<usize>) {
        let begin = part.start;
        for (at, c) in written[part].char_indices() {
            let at = begin + at;
            if self.start + at == 0 && c == BYTE_ORDER_MARK {
                self.cover(at..at + c.len_utf8(), "");
            } else if ends_line(&written[at..]) {
                self.cover(at..at + 1, "");
            } else if is_unseen(c) {
                self.cover(at..at + c.len_utf8(), NOTHING_TO_SEE);
            } else {
                self.text.push(c);
            }
        }
    }

    fn cover(&mut self, written: Range<usize>, by: &str) {
        let start = self.text.len();
        self.text.push_str(by);
        let shown = start..self.text.len();
        self.covers.push(Cover { written, shown });
    }

    /// A place of the file in what is shown, clamped to whole characters.
    pub(super) fn relative(&self, place: &Range<usize>) -> Range<usize> {
        let (start, end) = (self.shown_at(place.start), self.shown_at(place.end));
        // A place that ends within something covered ends behind it.
        start.start..end.end.max(start.start)
    }

    /// Whether a place of the file touches what is shown as something else.
    pub(super) fn masks(&self, place: &Range<usize>) -> bool {
        let place = place.start.saturating_sub(self.start)..place.end.saturating_sub(self.start);
        self.covers.iter().any(|one| {
            let touches = one.written.start < place.end && place.start < one.written.end;
            touches && !one.shown.is_empty()
        })
    }

    /// The column, from 1, in which a byte of the file is shown.
    pub(super) fn column(&self, offset: usize) -> usize {
        let before = &self.text[..self.shown_at(offset).start];
        let line = before.rfind('\n').map_or(0, |end| end + 1);
        before[line..].chars().count() + 1
    }

    /// Where a byte of the file is shown: a range where it lies within something covered.
    fn shown_at(&self, offset: usize) -> Range<usize> {
        let at = offset.saturating_sub(self.start).min(self.length);
        let before = self.covers.partition_point(|one| one.written.end <= at);
        if let Some(cover) = self.covers.get(before)
            && cover.written.start < at
        {
            return cover.shown.clone();
        }
        let shown = match before.checked_sub(1).map(|last| &self.covers[last]) {
            None => at,
            Some(last) => last.shown.end + (at - last.written.end),
        };
        let shown = floor_boundary(&self.text, shown);
        shown..shown
    }
}

/// Whether a text begins with the carriage return of a line end; the line feed of the last line is
/// not a part of the window.
fn ends_line(text: &str) -> bool {
    text == "\r" || text.starts_with("\r\n")
}

/// The whole lines from the first place to the last one.
pub(super) fn lines(
    source: &Source,
    places: impl IntoIterator<Item = Range<usize>>,
) -> Range<usize> {
    let text = source.text();
    let (first, last) = places
        .into_iter()
        .fold((text.len(), 0), |(first, last), place| {
            (first.min(place.start), last.max(place.end))
        });
    let first = floor_boundary(text, first);
    let last = floor_boundary(text, last).max(first);
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find('\n').map_or(text.len(), |at| last + at);
    start..end
}

/// A text of one or more lines without what would steer a terminal.
pub(super) fn visible(text: &str) -> String {
    let visible = text.chars().map(|c| match c {
        '\n' => '\n',
        '\t' => ' ',
        c if steers(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    });
    visible.collect()
}

/// A text that is written as lines of a file, without what the drawing does not make visible.
pub(super) fn unturned(text: &str) -> String {
    text.replace(is_unseen, NOTHING_TO_SEE)
}

/// Whether a character steers a terminal and is not made visible by the drawing itself, as those of
/// ASCII are.
fn is_unseen(c: char) -> bool {
    !c.is_ascii() && steers(c)
}
