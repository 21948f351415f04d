//! The format of our snapshot files is insta's: it loads what lcrun wrote, and lcrun what it wrote.

use std::path::Path;

use insta::Snapshot;
use insta::internals::Content;
use lcrun::snapshot::file::{Header, SnapshotFile};
use lcrun::snapshot::store;

/// Texts that YAML could take for something else.
const TEXTS: [&str; 12] = [
    "Exchange the code",
    "POST {{ accounts_url }}/v2/token",
    "yes",
    "0123",
    "a: b # c",
    "two\nlines\ttabbed",
    "\"quoted\" \\ 'twice'",
    "ż – “x”",
    "\u{7}\u{7f}\u{85}\u{2028}",
    "- item",
    "",
    ".5",
];

const CONTENTS: [&str; 5] = [
    "HTTP/1.1 200\ncontent-type: application/json\n\n{\n  \"a\": 1\n}",
    "HTTP/1.1 204",
    "---\nnot: a header\n---",
    "HTTP/1.1 200\n\n  indented\n\n\nlast\ra",
    "",
];

fn file(text: &str, contents: &str) -> SnapshotFile {
    SnapshotFile {
        header: Header {
            source: format!("collections/{text}.yaml"),
            assertion_line: Some(12),
            description: text.to_owned(),
            expression: text.to_owned(),
            step: text.to_owned(),
        },
        contents: contents.to_owned(),
    }
}

fn each(check: impl Fn(&Path, &SnapshotFile)) {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for text in TEXTS {
        for contents in CONTENTS {
            count += 1;
            let path = folder.path().join(format!("{count}__step.snap"));
            check(&path, &file(text, contents));
        }
    }
}

#[test]
fn insta_loads_what_lcrun_wrote() {
    each(|path, file| {
        store::write(path, file).unwrap();
        let loaded = Snapshot::from_file(path).unwrap();
        let metadata = loaded.metadata();
        let header = &file.header;
        assert_eq!(loaded.as_text().unwrap().to_string(), file.contents);
        assert_eq!(metadata.source(), Some(&*header.source));
        assert_eq!(metadata.assertion_line(), Some(12));
        assert_eq!(metadata.description().unwrap_or(""), header.description);
        assert_eq!(metadata.expression(), Some(&*header.expression));
        let Some(Content::Map(info)) = metadata.private_info() else {
            panic!("{metadata:?}");
        };
        let info: Vec<_> = info
            .iter()
            .map(|(key, value)| (key.as_str().unwrap(), value.as_str().unwrap()))
            .collect();
        assert_eq!(info, [("step", &*header.step), ("tool", "lcrun")]);
    });
}

#[test]
fn lcrun_loads_what_insta_wrote_and_both_accept_a_file_into_the_same_bytes() {
    each(|path, file| {
        // Of control characters insta writes some as they are, which is no YAML.
        if file.header.step.contains('\u{7}') {
            return;
        }
        store::write(path, file).unwrap();
        let by_lcrun = SnapshotFile::accepted(&std::fs::read_to_string(path).unwrap()).unwrap();
        Snapshot::from_file(path).unwrap().save(path).unwrap();
        let mut accepted = file.clone();
        accepted.header.assertion_line = None;
        assert_eq!(store::read(path).unwrap(), Some(accepted));
        assert_eq!(std::fs::read_to_string(path).unwrap(), by_lcrun);
    });
}
