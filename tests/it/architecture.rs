//! The house: layers point one way, and each third-party engine is named in its own file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

/// The modules of each layer, lowest first; a module imports only from lower layers.
const LAYERS: &[&[&str]] = &[
    &["ansi", "atomic_file", "hex"],
    &["json", "pattern", "private", "source"],
    &["kinds", "sandbox", "secrets"],
    &["diff", "http"],
    &["diagnostic"],
    &["yaml"],
    &["variables"],
    &["template"],
    &["explain", "snapshot"],
    &["collection"],
    &["event"],
    &["authorize"],
    &["run"],
    &["report"],
    &["cli"],
    &["main"],
];

/// What `report` may import: what it gets is masked already, so that no reporter can leak.
const REPORT_MAY_IMPORT: [&str; 7] = [
    "ansi",
    "atomic_file",
    "source",
    "diagnostic",
    "diff",
    "http",
    "event",
];

/// Third-party engines and the files that may name them.
const ENGINES: &[(&str, &[&str])] = &[
    ("annotate_snippets", &["diagnostic/human.rs"]),
    ("clap", &["cli"]),
    (
        "clap_complete",
        &["cli/args", "cli/commands/completions.rs"],
    ),
    ("cookie_store", &["http/cookies.rs"]),
    ("ctrlc", &["cli"]),
    ("flate2", &["http/client"]),
    ("globset", &["cli/paths.rs"]),
    ("granit_parser", &["yaml"]),
    ("httparse", &["authorize/loopback/wire.rs"]),
    ("hyper", &["sandbox/server"]),
    ("ignore", &["cli/paths.rs"]),
    ("minijinja", &["template"]),
    ("pulldown_cmark", &["cli/guide/markdown.rs"]),
    ("rcgen", &["sandbox/server/tls.rs"]),
    (
        "ring",
        &[
            "cli/kept/seal.rs",
            "http/client/tls.rs",
            "sandbox/server/tls.rs",
        ],
    ),
    ("rustix", &["cli/terminal"]),
    ("rustls", &["http/client", "sandbox/server/tls.rs"]),
    (
        "schemars",
        &["collection", "snapshot/spec.rs", "yaml/schema.rs"],
    ),
    ("serde_json_path", &["pattern.rs", "template", "snapshot"]),
    ("similar", &["diff/align.rs"]),
    (
        "tempfile",
        &[
            "atomic_file.rs",
            "cli/commands/sandbox.rs",
            "report/target.rs",
        ],
    ),
    ("tokio", &["sandbox/server"]),
    ("tokio_rustls", &["sandbox/server/tls.rs"]),
    ("ureq", &["http/client"]),
    ("webbrowser", &["authorize/browser.rs"]),
];

#[test]
fn a_module_imports_only_from_lower_layers() {
    let height: BTreeMap<&str, usize> = LAYERS
        .iter()
        .enumerate()
        .flat_map(|(height, modules)| modules.iter().map(move |module| (*module, height)))
        .collect();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = module_of(&file);
        if own == "lib" {
            continue;
        }
        let own_height = *height
            .get(own.as_str())
            .unwrap_or_else(|| panic!("`{own}` has no layer: add it to LAYERS in this test"));
        for used in imports(&text, own == "main") {
            let used_height = height[used.as_str()];
            if used != own && used_height >= own_height {
                wrong.push(format!("{} imports {used}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn reporters_know_neither_the_run_nor_its_secrets() {
    for (file, text) in sources() {
        if module_of(&file) == "report" {
            for used in imports(&text, false) {
                assert!(
                    used == "report" || REPORT_MAY_IMPORT.contains(&used.as_str()),
                    "{} imports {used}",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn the_sandbox_imports_nothing_of_the_rest() {
    for (file, text) in sources() {
        if module_of(&file) == "sandbox" {
            for used in imports(&text, false) {
                assert_eq!(used, "sandbox", "{} imports {used}", file.display());
            }
        }
    }
}

#[test]
fn each_engine_is_named_only_where_it_could_be_replaced() {
    let mut wrong = Vec::new();
    let sources = sources();
    for (engine, allowed) in ENGINES {
        let named = Regex::new(&format!(r"\b{engine}::")).unwrap();
        for (file, text) in &sources {
            let inside = allowed.iter().any(|place| file.starts_with(place));
            if !inside && code_lines(text).any(|line| named.is_match(line)) {
                wrong.push(format!("{} names {engine}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_context_reads_the_process() {
    let reads = Regex::new(r"std::env::|env::var|SystemTime::now|Timestamp::now\(|is_terminal\(\)")
        .unwrap();
    for (file, text) in sources() {
        if file != Path::new("cli/context.rs") {
            let line = code_lines(&text).find(|line| reads.is_match(line));
            assert_eq!(line, None, "{}", file.display());
        }
    }
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    for (file, text) in sources() {
        assert!(text.starts_with("//! "), "{} has no `//!`", file.display());
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            !["utils", "util", "helpers", "common", "manager"].contains(&name.as_str()),
            "{} says nothing by its name",
            file.display()
        );
    }
}

/// Every file under `src/`: its path there and its text without the tests at its end.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let own = text.split("#[cfg(test)]\nmod tests").next().unwrap();
                files.push((path.strip_prefix(&root).unwrap().to_owned(), own.to_owned()));
            }
        }
    }
    assert!(files.len() > 50, "the sources were not found");
    files
}

/// The top-level module that a file belongs to.
fn module_of(file: &Path) -> String {
    let first = file
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The top-level modules that a file imports or names.
fn imports(text: &str, from_main: bool) -> Vec<String> {
    static OF_THE_LIBRARY: LazyLock<[Regex; 2]> = LazyLock::new(|| patterns("crate"));
    static OF_MAIN: LazyLock<[Regex; 2]> = LazyLock::new(|| patterns("lcrun"));
    let [direct, grouped] = if from_main {
        &*OF_MAIN
    } else {
        &*OF_THE_LIBRARY
    };
    let mut found: Vec<String> = code_lines(text)
        .flat_map(|line| direct.captures_iter(line))
        .filter_map(|captures| captures.get(1))
        .map(|name| name.as_str().to_owned())
        .collect();
    for group in grouped.captures_iter(text) {
        for part in group[1].split(',') {
            let name: String = part
                .trim()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.extend((!name.is_empty()).then_some(name));
        }
    }
    found
}

/// An import by itself and several in braces, in a crate that is named so.
fn patterns(root: &str) -> [Regex; 2] {
    [
        Regex::new(&format!(r"\b{root}::(?:\{{|(\w+))")).unwrap(),
        Regex::new(&format!(r"(?s)\b{root}::\{{([^;]*)\}};")).unwrap(),
    ]
}

fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}
