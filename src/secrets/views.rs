//! Texts with their escapes undone, so that a secret is found however it is escaped, and the way
//! back to where it stands in the text itself.

use std::ops::Range;

use memchr::{memchr, memchr_iter};

/// A text with its escapes undone.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) bytes: Vec<u8>,
    /// In order.
    escapes: Vec<Escape>,
}

/// An escape that was undone.
#[derive(Debug)]
struct Escape {
    /// Where the bytes that it stands for are in the view.
    shown: Range<usize>,
    /// Where it is in the text.
    origin: Range<usize>,
}

impl View {
    /// Percent-encoding undone, and pluses read as blanks as forms write them; `None` if there
    /// is nothing to undo. Pluses alone count only if `plus_counts`.
    pub(super) fn percent(text: &[u8], plus_counts: bool) -> Option<View> {
        let mut view = View::default();
        let mut copied = 0;
        for at in memchr_iter(b'%', text) {
            if let Some([high, low]) = text.get(at + 1..at + 3)
                && let (Some(high), Some(low)) = (digit(*high), digit(*low))
            {
                view.copy_form(&text[copied..at]);
                copied = at + 3;
                view.undo(at..copied, &[high * 16 + low]);
            }
        }
        let has_pluses = plus_counts && memchr(b'+', text).is_some();
        if view.escapes.is_empty() && !has_pluses {
            return None;
        }
        view.copy_form(&text[copied..]);
        Some(view)
    }

    /// Takes over text without escapes, with blanks for pluses.
    fn copy_form(&mut self, text: &[u8]) {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(text);
        for byte in &mut self.bytes[begin..] {
            if *byte == b'+' {
                *byte = b' ';
            }
        }
    }

    /// The escapes of JSON strings undone, wherever they are; `None` if there are none.
    pub(super) fn json(text: &[u8]) -> Option<View> {
        let mut view = View::default();
        let mut copied = 0;
        let mut at = 0;
        while let Some(next) = memchr(b'\\', &text[at..]) {
            at += next;
            match json_escape(&text[at..]) {
                Some((stands_for, length)) => {
                    view.bytes.extend_from_slice(&text[copied..at]);
                    let mut utf8 = [0; 4];
                    view.undo(
                        at..at + length,
                        stands_for.encode_utf8(&mut utf8).as_bytes(),
                    );
                    at += length;
                    copied = at;
                }
                None => at += 1,
            }
        }
        if view.escapes.is_empty() {
            return None;
        }
        view.bytes.extend_from_slice(&text[copied..]);
        Some(view)
    }

    fn undo(&mut self, origin: Range<usize>, stands_for: &[u8]) {
        let begin = self.bytes.len();
        self.bytes.extend_from_slice(stands_for);
        self.escapes.push(Escape {
            shown: begin..self.bytes.len(),
            origin,
        });
    }

    /// Where bytes of the view stand in the text; all of an escape counts if part of it does.
    pub(super) fn origin(&self, shown: &Range<usize>) -> Range<usize> {
        if shown.is_empty() {
            return 0..0;
        }
        self.origin_of(shown.start).start..self.origin_of(shown.end - 1).end
    }

    fn origin_of(&self, at: usize) -> Range<usize> {
        let before = self
            .escapes
            .partition_point(|escape| escape.shown.start <= at);
        match before.checked_sub(1).map(|last| &self.escapes[last]) {
            Some(escape) if at < escape.shown.end => escape.origin.clone(),
            Some(escape) => {
                let begin = escape.origin.end + (at - escape.shown.end);
                begin..begin + 1
            }
            None => at..at + 1,
        }
    }
}

/// The character that a JSON escape stands for, and how long the escape is.
fn json_escape(text: &[u8]) -> Option<(char, usize)> {
    let simple = match text.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => return unicode_escape(text),
        _ => return None,
    };
    Some((simple, 2))
}

/// `\u0041`, or two of them for a character beyond the first 65536 (RFC 8259 §7).
fn unicode_escape(text: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| -> Option<u16> {
        let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
        digits
            .iter()
            .try_fold(0, |unit, hex| Some(unit * 16 + u16::from(digit(*hex)?)))
    };
    let first = unit(0)?;
    if let Some(c) = char::from_u32(first.into()) {
        return Some((c, 6));
    }
    let pair = [first, unit(6)?];
    let c = char::decode_utf16(pair).next()?.ok()?;
    Some((c, 12))
}

fn digit(hex: u8) -> Option<u8> {
    let value = char::from(hex).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(text: &str) -> String {
        View::percent(text.as_bytes(), true)
            .map_or("-".into(), |view| String::from_utf8(view.bytes).unwrap())
    }

    fn json(text: &str) -> String {
        View::json(text.as_bytes())
            .map_or("-".into(), |view| String::from_utf8(view.bytes).unwrap())
    }

    #[test]
    fn percent_encoding_is_undone_where_it_is_one() {
        assert_eq!(percent("a%3Ab%3ac+d"), "a:b:c d");
        assert_eq!(percent("%C5%82%%41%4"), "ł%A%4");
        assert_eq!(percent("100% of %zz"), "-");
        assert!(View::percent(b"a+b", false).is_none());
    }

    #[test]
    fn json_escapes_are_undone_where_they_are_some() {
        assert_eq!(json(r#"a\"b\\c\/d\n\u0142\ud83d\ude00"#), "a\"b\\c/d\nł😀");
        assert_eq!(json(r"C:\dir \x \u12 \ud83d"), "-");
        assert_eq!(json(r"\q\t"), "\\q\t");
        assert_eq!(json("plain"), "-");
    }

    #[test]
    fn every_byte_knows_where_it_came_from() {
        let text = r"ab\u0142cd\\e";
        let view = View::json(text.as_bytes()).unwrap();
        let shown = std::str::from_utf8(&view.bytes).unwrap();
        for (at, c) in shown.char_indices() {
            let origin = view.origin(&(at..at + c.len_utf8()));
            let expected = match c {
                'ł' => r"\u0142",
                '\\' => r"\\",
                _ => &shown[at..at + c.len_utf8()],
            };
            assert_eq!(&text[origin], expected);
        }
        assert_eq!(&text[view.origin(&(3..5))], r"\u0142c");
    }
}
