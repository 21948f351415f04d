//! Snapshot files in real folders: written as the mode says, listed, accepted, rejected, found to
//! be nobody's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use lcrun::diff::Class;
use lcrun::http::message::{Headers, Response};
use lcrun::secrets::Secrets;
use lcrun::snapshot::file::{Header, SnapshotFile};
use lcrun::snapshot::place::{Home, pending_file};
use lcrun::snapshot::store::{self, Owner, StoreError, Turns};
use lcrun::snapshot::{
    Done, Place, Recorded, Rules, Settled, SnapshotSpec, Update, Verdict, record, settle,
};
use tempfile::TempDir;

/// A project with snapshots of several collections, and one of insta's.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn collection(&self, name: &str) -> PathBuf {
        self.text(name, "name: x\n")
    }

    /// Writes a pending or accepted snapshot.
    fn snapshot(&self, name: &str, source: &str, step: &str, contents: &str) -> PathBuf {
        let path = self.path(name);
        let is_pending = path.extension().is_some_and(|extension| extension == "new");
        let header = Header {
            source: source.to_owned(),
            assertion_line: is_pending.then_some(7),
            description: "A step".to_owned(),
            expression: "GET {{ url }}".to_owned(),
            step: step.to_owned(),
        };
        let contents = contents.to_owned();
        store::write(&path, &SnapshotFile { header, contents }).unwrap();
        path
    }

    fn pending(&self, names: &[&str]) -> Vec<String> {
        let paths: Vec<_> = names.iter().map(|name| self.path(name)).collect();
        let found = store::pending(&paths).unwrap();
        self.names(found.iter().map(|one| &*one.path))
    }

    fn names<'p>(&self, paths: impl IntoIterator<Item = &'p Path>) -> Vec<String> {
        let inside = |path: &'p Path| path.strip_prefix(self.folder.path()).unwrap();
        let paths = paths.into_iter().map(inside);
        paths
            .map(|path| path.to_str().unwrap().replace('\\', "/"))
            .collect()
    }
}

impl Project {
    /// The place of the step `token` of `c/a.yaml`.
    fn place(&self) -> Place {
        let collection = self.path("c/a.yaml");
        Place {
            file: Home::of(&collection, None).file("token", &[]),
            header: Header {
                source: "c/a.yaml".to_owned(),
                assertion_line: Some(12),
                description: "Exchange the code".to_owned(),
                expression: "POST {{ url }}".to_owned(),
                step: "token".to_owned(),
            },
        }
    }

    /// Every file of the project with the last line of its text.
    fn files(&self) -> Vec<(String, String)> {
        let folder = self.path("c/snapshots");
        let Ok(entries) = std::fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut files: Vec<(String, String)> = entries
            .map(|entry| {
                let entry = entry.unwrap();
                let text = std::fs::read_to_string(entry.path()).unwrap();
                let last = text.lines().last().unwrap_or("").to_owned();
                (entry.file_name().into_string().unwrap(), last)
            })
            .collect();
        files.sort();
        files
    }
}

/// What is recorded of a JSON body where the step says `snapshot: true`.
fn recorded(body: &str) -> Recorded {
    let response = Response {
        status: 200,
        reason: "OK".to_owned(),
        headers: [("Content-Type", "application/json")]
            .into_iter()
            .collect::<Headers>(),
        body: body.as_bytes().into(),
        bytes_received: 0,
    };
    let rules = Rules::of([], &SnapshotSpec::default()).unwrap();
    record(&response, &rules, &Secrets::default())
}

const ACCEPTED: &str = "a__token.snap";
const PENDING: &str = "a__token.snap.new";

/// Settles `body` where the accepted snapshot, if there is one, holds `accepted` and another
/// response is pending; gives the files that are there then.
fn settled(update: Update, accepted: Option<&str>, body: &str) -> (Settled, Vec<(String, String)>) {
    let project = Project::new();
    let place = project.place();
    if let Some(accepted) = accepted {
        settle(&place, &recorded(accepted), Update::Always).unwrap();
    }
    settle(&place, &recorded("\"stale\""), Update::New).unwrap();
    let settled = settle(&place, &recorded(body), update).unwrap();
    (settled, project.files())
}

/// The mode, the accepted snapshot, the files after `1` came, and whether the step passes.
type Row<'a> = (Update, Option<&'a str>, &'a [(&'a str, &'a str)], bool);

#[test]
fn each_mode_writes_what_insta_would_write() {
    let stale = (PENDING, "\"stale\"");
    let (accepted, pending) = ((ACCEPTED, "1"), (PENDING, "1"));
    let old = (ACCEPTED, "0");
    let rows: [Row; 15] = [
        (Update::No, None, &[stale], false),
        (Update::No, Some("0"), &[old, stale], false),
        (Update::No, Some("1.0"), &[(ACCEPTED, "1.0"), stale], true),
        (Update::New, None, &[pending], false),
        (Update::New, Some("0"), &[old, pending], false),
        (Update::New, Some("1.0"), &[(ACCEPTED, "1.0")], true),
        (Update::Unseen, None, &[accepted], true),
        (Update::Unseen, Some("0"), &[old, pending], false),
        (Update::Unseen, Some("1.0"), &[(ACCEPTED, "1.0")], true),
        (Update::Always, None, &[accepted], true),
        (Update::Always, Some("0"), &[accepted], true),
        (Update::Always, Some("1.0"), &[(ACCEPTED, "1.0")], true),
        (Update::Force, None, &[accepted], true),
        (Update::Force, Some("0"), &[accepted], true),
        (Update::Force, Some("1.0"), &[accepted], true),
    ];
    for (update, before, files, passes) in rows {
        let (settled, found) = settled(update, before, "1");
        let found: Vec<_> = found
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        assert_eq!(found, files, "{update:?} {before:?}");
        assert_eq!(settled.passes(), passes, "{update:?} {before:?}");
        let expected = match before {
            None => settled.verdict == Verdict::New,
            Some("0") => matches!(settled.verdict, Verdict::Different(_)),
            _ => settled.verdict == Verdict::Same,
        };
        assert!(expected, "{update:?} {before:?} {:?}", settled.verdict);
    }
}

#[test]
fn a_response_is_recorded_reviewed_and_compared() {
    let project = Project::new();
    project.collection("c/a.yaml");
    let place = project.place();
    let body = r#"{"token_type":"Bearer","expires_in":28800}"#;

    let first = settle(&place, &recorded(body), Update::New).unwrap();
    assert_eq!(first.done, Done::Pending(pending_file(&place.file)));
    let waiting = store::pending(&[project.path("c/a.yaml")]).unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].header, place.header);
    waiting[0].accept().unwrap();
    let text = std::fs::read_to_string(&place.file).unwrap();
    assert!(!text.contains("assertion_line"), "{text}");

    let again = r#"{ "expires_in": 28800.0, "token_type": "Bearer" }"#;
    let same = settle(&place, &recorded(again), Update::New).unwrap();
    assert_eq!(
        (&same.verdict, &same.done),
        (&Verdict::Same, &Done::Nothing)
    );

    std::fs::write(&place.file, text.replace("28800", "3600")).unwrap();
    let other = settle(&place, &recorded(body), Update::No).unwrap();
    let Verdict::Different(difference) = other.verdict else {
        panic!("{other:?}");
    };
    assert_eq!(difference.lines(false), ["  $.expires_in: 3600 → 28800"]);
    assert_eq!(difference.changes[0].class, Class::ValueChanged);
    assert_eq!(project.files().len(), 1);
}

#[test]
fn a_snapshot_of_something_else_is_told_and_left_alone() {
    let project = Project::new();
    let place = project.place();
    project.text("c/snapshots/a__token.snap", INSTA);
    for update in [Update::No, Update::New, Update::Force] {
        let error = settle(&place, &recorded("1"), update).unwrap_err();
        assert!(matches!(error, StoreError::Format { .. }), "{error}");
    }
    assert_eq!(project.files(), [(ACCEPTED.to_owned(), "1".to_owned())]);

    std::fs::remove_file(&place.file).unwrap();
    project.text("c/snapshots/a__token.snap.new", INSTA);
    assert!(settle(&place, &recorded("2"), Update::New).is_err());
    let accepted = settle(&place, &recorded("2"), Update::Always).unwrap();
    assert!(accepted.passes());
    let text = std::fs::read_to_string(pending_file(&place.file)).unwrap();
    assert_eq!(text, INSTA);
}

const INSTA: &str = "---\nsource: src/lib.rs\nexpression: x\n---\n1\n";

#[test]
fn pending_snapshots_are_found_by_folder_by_collection_and_by_file() {
    let project = Project::new();
    project.collection("c/a.yaml");
    project.collection("c/b.yaml");
    project.snapshot("c/snapshots/a__one.snap.new", "c/a.yaml", "one", "1");
    project.snapshot("c/snapshots/a__two.snap.new", "c/a.yaml", "two", "1");
    project.snapshot("c/snapshots/a__two.snap", "c/a.yaml", "two", "1");
    project.snapshot("c/snapshots/b__one.snap.new", "c/b.yaml", "one", "1");
    project.snapshot("c/snapshots/live/a__one.snap.new", "c/a.yaml", "one", "1");
    project.snapshot("c/.git/a__one.snap.new", "c/a.yaml", "one", "1");
    project.text("target/CACHEDIR.TAG", "");
    project.snapshot("target/a__one.snap.new", "c/a.yaml", "one", "1");
    project.text("c/snapshots/lib__x.snap.new", INSTA);
    project.text("c/snapshots/binary.snap.new", "\u{0}\u{1}");

    let of_a = [
        "c/snapshots/a__one.snap.new",
        "c/snapshots/a__two.snap.new",
        "c/snapshots/live/a__one.snap.new",
    ];
    assert_eq!(project.pending(&["c/a.yaml"]), of_a);
    assert_eq!(project.pending(&["", "c"]).len(), 4);
    assert_eq!(project.pending(&["c/snapshots/a__two.snap"]), of_a[1..2]);
    assert_eq!(project.pending(&["c/snapshots/a__one.snap"]), of_a[..1]);
    assert_eq!(
        project.pending(&["c/snapshots/a__one.snap.new", "c/a.yaml"]),
        of_a
    );
    let missing = store::pending(&[project.path("c/z.yaml")]).unwrap_err();
    assert!(matches!(missing, StoreError::Read { .. }), "{missing}");
}

#[test]
fn an_accepted_snapshot_takes_the_place_of_the_old_one() {
    let project = Project::new();
    let old = project.snapshot("snapshots/a__one.snap", "a.yaml", "one", "old");
    let new = project.snapshot("snapshots/a__one.snap.new", "a.yaml", "one", "new");
    let one = &store::pending(&[project.path("")]).unwrap()[0];
    assert_eq!(one.target(), old);
    assert_eq!(one.header.assertion_line, Some(7));
    assert_eq!(one.accepted().unwrap().unwrap().contents, "old");
    assert_eq!(one.recorded().unwrap().contents, "new");

    one.accept().unwrap();
    let accepted = store::read(&old).unwrap().unwrap();
    assert_eq!(accepted.contents, "new");
    assert_eq!(accepted.header.assertion_line, None);
    assert!(!new.exists());
    let again = one.accept().unwrap_err();
    assert!(matches!(again, StoreError::Read { .. }), "{again}");
    let left = std::fs::read_dir(project.path("snapshots"))
        .unwrap()
        .count();
    assert_eq!(left, 1, "a temporary file was left");
}

#[test]
fn a_rejected_snapshot_is_gone_and_the_old_one_stays() {
    let project = Project::new();
    let old = project.snapshot("snapshots/a__one.snap", "a.yaml", "one", "old");
    let new = project.snapshot("snapshots/a__one.snap.new", "a.yaml", "one", "new");
    let one = &store::pending(&[&new]).unwrap()[0];
    one.reject().unwrap();
    one.reject().unwrap();
    assert!(!new.exists());
    assert_eq!(store::read(&old).unwrap().unwrap().contents, "old");
}

#[test]
fn what_lcrun_did_not_write_is_never_changed() {
    let project = Project::new();
    for text in [INSTA, "", "no header", "---\na: [\n---\n"] {
        let theirs = project.text("snapshots/a__one.snap", text);
        let new = project.snapshot("snapshots/a__one.snap.new", "a.yaml", "one", "new");
        let one = &store::pending(&[&new]).unwrap()[0];
        assert!(one.accept().is_err(), "{text:?}");
        assert!(store::remove(&theirs).is_err(), "{text:?}");
        assert!(store::read(&theirs).is_err(), "{text:?}");
        assert_eq!(std::fs::read_to_string(&theirs).unwrap(), text);
        assert!(new.exists());
    }
    let theirs = project.path("snapshots/a__one.snap");
    std::fs::write(&theirs, INSTA).unwrap();
    let error = store::read(&theirs).unwrap_err().to_string();
    assert!(error.ends_with(
        "a__one.snap` is not a snapshot that lcrun can use: its header does not say `tool: lcrun`: \
         something else wrote it; repair it, or move it away"
    ));
}

#[test]
fn a_file_that_would_not_change_is_not_written() {
    let project = Project::new();
    let path = project.snapshot("snapshots/a__one.snap", "a.yaml", "one", "1");
    let file = store::read(&path).unwrap().unwrap();
    assert!(!store::write(&path, &file).unwrap());
    let other = SnapshotFile {
        contents: "2".to_owned(),
        ..file
    };
    assert!(store::write(&path, &other).unwrap());
}

#[cfg(unix)]
#[test]
fn a_snapshot_can_be_read_by_whoever_can_read_other_files() {
    use std::os::unix::fs::PermissionsExt;

    let project = Project::new();
    let path = project.snapshot("snapshots/a__one.snap", "a.yaml", "one", "1");
    let usual = project.text("usual", "");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode();
    assert_eq!(mode(&path), mode(&usual));
}

#[test]
fn snapshots_that_no_step_owns_are_found() {
    let project = Project::new();
    let a = project.collection("a.yaml");
    project.collection("b.yaml");
    let home = Home::of(&a, None);
    let live = Home::of(&a, Some("live"));
    let files = [
        ("snapshots/a__plain.snap", "a.yaml", "plain"),
        ("snapshots/a__plain.snap.new", "a.yaml", "plain"),
        ("snapshots/a__row-1.snap", "a.yaml", "row"),
        ("snapshots/a__row-2.snap", "a.yaml", "row"),
        ("snapshots/a__row.snap", "a.yaml", "row"),
        ("snapshots/a__many-7.snap", "a.yaml", "many"),
        ("snapshots/a__gone.snap", "a.yaml", "gone"),
        ("snapshots/a__gone.snap.new", "a.yaml", "gone"),
        ("snapshots/a__renamed_by_hand.snap", "a.yaml", "plain"),
        ("snapshots/b__other.snap", "b.yaml", "other"),
        ("snapshots/c__orphan.snap", "c.yaml", "orphan"),
        ("snapshots/live/a__plain.snap", "a.yaml", "plain"),
        ("snapshots/staging/a__plain.snap", "a.yaml", "plain"),
    ];
    for (name, source, step) in files {
        project.snapshot(name, source, step, "1");
    }
    project.text("snapshots/lib__gone.snap", INSTA);
    let exactly = |all: &[&[usize]]| {
        let all: BTreeSet<Vec<usize>> = all.iter().map(|turns| turns.to_vec()).collect();
        Turns::Exactly(all)
    };
    let steps = [
        ("plain", exactly(&[&[]])),
        ("row", exactly(&[&[1]])),
        ("many", Turns::Unknown),
    ];
    let owner = Owner {
        collection: a,
        homes: vec![home, live],
        steps: steps.map(|(id, turns)| (id.to_owned(), turns)).into(),
    };
    let lost = store::unreferenced(std::slice::from_ref(&owner)).unwrap();
    let expected = [
        "snapshots/a__gone.snap",
        "snapshots/a__gone.snap.new",
        "snapshots/a__renamed_by_hand.snap",
        "snapshots/a__row-2.snap",
        "snapshots/a__row.snap",
        "snapshots/staging/a__plain.snap",
    ];
    assert_eq!(project.names(lost.iter().map(|path| &**path)), expected);

    let nothing = Owner {
        collection: project.path("elsewhere/x.yaml"),
        homes: vec![Home::of(&project.path("elsewhere/x.yaml"), None)],
        steps: BTreeMap::new(),
    };
    assert!(store::unreferenced(&[nothing]).unwrap().is_empty());
}

#[test]
fn a_pending_file_lies_beside_its_snapshot() {
    let project = Project::new();
    let home = Home::of(&project.collection("a.yaml"), None);
    let file = home.file("one", &[]);
    assert_eq!(
        project.names([&*pending_file(&file)]),
        ["snapshots/a__one.snap.new"]
    );
}

#[test]
fn the_root_of_a_project_is_where_its_repository_is() {
    let project = Project::new();
    project.text("p/.git/HEAD", "");
    project.collection("p/collections/a.yaml");
    let root = project.path("p");
    assert_eq!(
        store::project_root(&project.path("p/collections")),
        Some(&*root)
    );
}
