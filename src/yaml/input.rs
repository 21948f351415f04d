//! From the bytes of a file to a source: at most 16 MiB of UTF-8.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{SourceId, Sources, Span};

/// The largest file that is read, in bytes: 16 MiB.
pub const MAX_FILE_BYTES: usize = 16 * 1024 * 1024;

/// Adds the bytes of a file to the sources; `None` if they are no text or too many, which is told.
///
/// So as not to read a huge file only to refuse it, read at most [`MAX_FILE_BYTES`] and one more.
pub fn add_source(
    sources: &mut Sources,
    name: &str,
    bytes: Vec<u8>,
    diagnostics: &mut Diagnostics,
) -> Option<SourceId> {
    if bytes.len() > MAX_FILE_BYTES {
        let message = format!("`{name}` is larger than 16 MiB");
        diagnostics.push(
            Diagnostic::without_place("too-large", message)
                .help("split it into several collections"),
        );
        return None;
    }
    let (bytes, valid) = match String::from_utf8(bytes) {
        Ok(text) => return Some(sources.add(name, text)),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            (error.into_bytes(), valid)
        }
    };
    let id = sources.add(name, String::from_utf8_lossy(&bytes));
    let place = Span::new(id, valid..valid + '\u{fffd}'.len_utf8());
    let message = match bytes.get(..2) {
        Some([0xff, 0xfe] | [0xfe, 0xff]) => "the file is in UTF-16".to_owned(),
        _ => format!("the byte 0x{:02x} is not UTF-8", bytes[valid]),
    };
    diagnostics.push(Diagnostic::error("not-utf8", message, place).help("save the file in UTF-8"));
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> String {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let id = add_source(&mut sources, "a.yaml", bytes.to_vec(), &mut diagnostics);
        assert_eq!(id, None);
        let all = diagnostics.into_sorted();
        assert_eq!(all.len(), 1);
        all[0].render(&sources, false)
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_refused_at_their_place() {
        insta::assert_snapshot!(refused(b"name: x\nurl: caf\xe9 y\n"), @r"
        error[not-utf8]: the byte 0xe9 is not UTF-8
         --> a.yaml:2:9
          |
        2 | url: caf� y
          |         ^
          |
          = help: save the file in UTF-8
        ");
        assert!(refused(b"\xff\xfea\0:\0").contains("the file is in UTF-16"));
    }

    #[test]
    fn a_file_over_16_mib_is_refused() {
        let large = vec![b' '; MAX_FILE_BYTES + 1];
        assert!(refused(&large).contains("`a.yaml` is larger than 16 MiB"));
    }
}
