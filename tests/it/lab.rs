//! A folder of its own, the real binary in it, and what it printed.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use regex::Regex;
use tempfile::TempDir;

/// A folder in which a test runs the binary.
pub struct Lab {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

/// What a call printed and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Lab {
    pub fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            variables: Vec::new(),
        }
    }

    /// With the shipped collections in `collections/`.
    pub fn with_collections() -> Self {
        let lab = Self::new();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("collections");
        for entry in std::fs::read_dir(&shipped).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let name = Path::new("collections").join(path.file_name().unwrap());
                lab.write(name, &std::fs::read_to_string(&path).unwrap());
            }
        }
        for entry in std::fs::read_dir(shipped.join("snapshots")).unwrap() {
            let path = entry.unwrap().path();
            let name = Path::new("collections/snapshots").join(path.file_name().unwrap());
            lab.write(name, &std::fs::read_to_string(&path).unwrap());
        }
        lab
    }

    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: impl AsRef<Path>, text: &str) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Where a text is in a file, as messages say it: `file:line:column`.
    #[cfg(feature = "sandbox")]
    pub fn place(&self, name: &str, wanted: &str) -> String {
        let text = self.read(name);
        let at = text
            .find(wanted)
            .unwrap_or_else(|| panic!("`{wanted}` is not in {name}"));
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let number = text[..at].matches('\n').count() + 1;
        format!("{name}:{number}:{}", at - line + 1)
    }

    pub fn read(&self, name: impl AsRef<Path>) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Makes a file one that may not be written.
    pub fn protect(&self, name: &str) -> &Self {
        let mut permissions = self.path(name).metadata().unwrap().permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(self.path(name), permissions).unwrap();
        self
    }

    /// Changes a file: `from` must be there.
    pub fn edit(&self, name: impl AsRef<Path>, from: &str, to: &str) -> &Self {
        let text = self.read(&name);
        assert!(text.contains(from), "`{from}` is not in the file:\n{text}");
        self.write(name, &text.replacen(from, to, 1))
    }

    pub fn variable(&mut self, name: &str, value: &str) -> &mut Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The binary, about to run in the folder with a clean environment.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lcrun"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    pub fn run<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ran {
        let output = self.command().args(args).output().unwrap();
        Ran::of(&output)
    }

    /// Runs with a text as standard input.
    pub fn run_with_input<A: AsRef<OsStr>>(
        &self,
        args: impl IntoIterator<Item = A>,
        input: &str,
    ) -> Ran {
        let mut child = self
            .command()
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        Ran::of(&child.wait_with_output().unwrap())
    }
}

impl Ran {
    pub fn of(output: &std::process::Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Both outputs and the exit code, with what differs from run to run put aside.
    pub fn told(&self) -> String {
        let text = format!("{}{}exit {}", self.stdout, self.stderr, self.code);
        settle(&text)
    }

    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "{}\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert!(all.contains(text), "`{text}` is not said:\n{all}");
        self
    }

    #[track_caller]
    pub fn never_says(&self, text: &str) -> &Self {
        let all = format!("{}{}", self.stdout, self.stderr);
        assert!(!all.contains(text), "`{text}` is said:\n{all}");
        self
    }
}

/// A text without what differs from run to run: ports, times, ids, blanks at line ends.
pub fn settle(text: &str) -> String {
    static PATTERNS: LazyLock<[(Regex, &str); 4]> = LazyLock::new(|| {
        [
            (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
            (r"\b\d+(\.\d+)? (ms|s)\b", "TIME"),
            (
                r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "UUID",
            ),
            (r"(?m)[ \t]+$", ""),
        ]
        .map(|(from, to)| (Regex::new(from).unwrap(), to))
    });
    PATTERNS.iter().fold(text.to_owned(), |text, (from, to)| {
        from.replace_all(&text, *to).into_owned()
    })
}

/// The collections in a folder of `tests/fixtures`: names and texts, sorted.
pub fn fixtures(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let entries = std::fs::read_dir(&folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut files: Vec<(String, String)> = paths
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            Some((name, std::fs::read_to_string(&path).ok()?))
        })
        .collect();
    files.sort();
    files
}
