//! The tutorials in `collections/`: each runs, alone and beside others, against the sandbox and as if
//! against the real API, blames the right step, and keeps the rules that all of them share.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lcrun::collection::load::Loader;
use lcrun::collection::model::{Action, Collection, Step};
use lcrun::sandbox::{Options, Sandbox};

use crate::lab::{Lab, Ran};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("collections")
}

/// A collection of the folder, and the text of its own file.
struct Tutorial {
    name: String,
    text: String,
    collection: Collection,
}

impl Tutorial {
    fn path(&self) -> String {
        format!("collections/{}.yaml", self.name)
    }

    fn has_tag(&self, tag: &str) -> bool {
        let mut tags = self.collection.head.tags.iter();
        tags.any(|one| one.value == tag)
    }
}

/// Every collection that has steps, by name.
fn tutorials() -> Vec<Tutorial> {
    let files = std::fs::read_dir(folder()).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "yaml")
    });
    files.sort();
    let tutorials = files.into_iter().filter_map(|file| {
        let collection = Loader::default().load(&file).unwrap();
        (!collection.steps.is_empty()).then(|| Tutorial {
            name: file.file_stem().unwrap().to_str().unwrap().to_owned(),
            text: std::fs::read_to_string(&file).unwrap(),
            collection,
        })
    });
    tutorials.collect()
}

/// The names of the tutorials: those of their files, without the folder and the ending.
pub fn names() -> Vec<String> {
    tutorials().into_iter().map(|one| one.name).collect()
}

fn paths() -> Vec<String> {
    tutorials().iter().map(Tutorial::path).collect()
}

/// A folder with the tutorials in which nothing new is recorded.
fn ci() -> Lab {
    let mut lab = Lab::with_collections();
    lab.variable("CI", "1");
    lab
}

fn run_with(lab: &Lab, arguments: &[&str], paths: &[String]) -> Ran {
    let arguments = arguments.iter().map(|argument| (*argument).to_owned());
    lab.run(arguments.chain(paths.iter().cloned()))
}

#[test]
fn each_tutorial_passes_by_itself_without_a_warning() {
    let lab = ci();
    for path in paths() {
        lab.run([&path])
            .exits(0)
            .never_says("warning")
            .never_says("not compared");
    }
}

#[test]
fn they_pass_in_any_order_and_again() {
    let lab = ci();
    let mut paths = paths();
    for _ in 0..3 {
        run_with(&lab, &[], &paths).exits(0);
        paths.reverse();
        run_with(&lab, &[], &paths).exits(0);
        let middle = paths.len() / 3;
        paths.rotate_left(middle);
    }
}

#[test]
fn the_responses_are_the_same_whatever_the_seed() {
    let lab = ci();
    for seed in ["0", "1", "7", "42", "18446744073709551615"] {
        run_with(&lab, &["--seed", seed], &["collections/".to_owned()]).exits(0);
    }
}

#[test]
fn processes_side_by_side_do_not_disturb_each_other() {
    let lab = Lab::with_collections();
    let before = files(&lab);
    let runs: Vec<_> = (0..4)
        .map(|_| {
            let mut command = lab.command();
            command.arg("collections/");
            command.stdout(std::process::Stdio::piped());
            command.stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for run in runs {
        Ran::of(&run.wait_with_output().unwrap()).exits(0);
    }
    assert_eq!(
        files(&lab),
        before,
        "a run that passes leaves nothing behind"
    );
}

fn files(lab: &Lab) -> BTreeSet<PathBuf> {
    let folders = ["collections", "collections/snapshots"];
    let entries = folders.map(|folder| std::fs::read_dir(lab.path(folder)).unwrap());
    let entries = entries.into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The values that a person would give for the real API, here those of a sandbox that stands in for it.
fn credentials(sandbox: &Sandbox) -> Vec<String> {
    let inputs = sandbox.inputs().into_iter();
    let inputs = inputs.filter(|(name, _)| *name != "admin_url");
    let flags = inputs.flat_map(|(name, value)| {
        let secret = ["client_secret", "pat"].contains(&name);
        let flag = if secret { "--secret" } else { "--variable" };
        [flag.to_owned(), format!("{name}={value}")]
    });
    flags.collect()
}

#[test]
fn what_is_safe_passes_in_the_live_environment_without_the_sandboxs_controls() {
    let lab = ci();
    let mut ran = 0;
    for tutorial in tutorials() {
        if !tutorial.has_tag("real-safe") {
            continue;
        }
        let sandbox = Sandbox::start(&Options::default()).unwrap();
        let mut arguments = vec!["--env".to_owned(), "live".to_owned()];
        arguments.extend(credentials(&sandbox));
        arguments.push(tutorial.path());
        lab.run(arguments).exits(0).never_says("_admin");
        ran += 1;
    }
    assert!(ran >= 15, "{ran} tutorials can be run live");
}

#[test]
fn a_live_run_without_credentials_says_which_ones_it_needs_and_sends_nothing() {
    let lab = ci();
    for tutorial in tutorials() {
        let ran = lab.run(["--env", "live", &tutorial.path()]);
        ran.exits(1);
        if tutorial.has_tag("sandbox-only") {
            ran.says("has no environment `live`")
                .says("it has `sandbox`");
        } else {
            ran.says("no value").never_says("(no description)");
        }
    }
}

#[test]
fn each_is_either_safe_for_a_real_account_or_knows_none() {
    for tutorial in tutorials() {
        let environments = &tutorial.collection.shared.environments;
        let environments: Vec<&str> = environments
            .iter()
            .map(|(name, _)| name.value.as_str())
            .collect();
        let name = &tutorial.name;
        match (
            tutorial.has_tag("real-safe"),
            tutorial.has_tag("sandbox-only"),
        ) {
            (true, false) => {
                assert_eq!(environments, ["sandbox", "live"], "{name}");
                assert!(!tutorial.text.contains("admin_url"), "{name}");
                assert!(!tutorial.collection.head.requires.is_empty(), "{name}");
            }
            (false, true) => assert_eq!(environments, ["sandbox"], "{name}"),
            tags => panic!("{name}: {tags:?}"),
        }
    }
}

#[test]
fn what_moves_the_scene_is_for_the_sandbox_only() {
    for tutorial in tutorials() {
        if tutorial.text.contains("admin_url") {
            assert!(tutorial.has_tag("sandbox-only"), "{}", tutorial.name);
        }
    }
}

#[test]
fn editors_find_the_schema_and_readers_the_prose() {
    for tutorial in tutorials() {
        let name = &tutorial.name;
        let first = tutorial.text.lines().next().unwrap();
        let schema = "# yaml-language-server: $schema=../collection.schema.json";
        assert_eq!(first, schema, "{name}");
        assert!(tutorial.collection.head.description.is_some(), "{name}");
        for step in &tutorial.collection.steps {
            let told = flat(step).any(|step| step.spec.description.is_some());
            assert!(told, "{name}: `{}` explains nothing", step.id);
        }
    }
}

#[test]
fn every_step_that_sends_something_checks_or_records_or_captures_it() {
    for tutorial in tutorials() {
        for step in tutorial.collection.steps.iter().flat_map(flat) {
            if !matches!(step.action(), Action::Request(_)) {
                continue;
            }
            let spec = &step.spec;
            let checked = !spec.assert.is_empty()
                || spec.snapshot.is_some()
                || spec.capture.iter().count() > 0;
            let sets_the_scene = format!("{:?}", spec.request).contains("admin_url");
            assert!(checked || sets_the_scene, "{}: {}", tutorial.name, step.id);
        }
    }
}

fn flat(step: &Step) -> Box<dyn Iterator<Item = &Step> + '_> {
    Box::new(std::iter::once(step).chain(step.steps.iter().flat_map(flat)))
}

#[test]
fn no_secret_stands_in_a_collection_or_a_snapshot() {
    // Tokens and codes of a region, Basic and Bearer with a value of their own, hashes and keys.
    let secret = regex::Regex::new(
        r"\b(?:dal|fra|us-south1)(?::|%3A)[A-Za-z0-9_-]{20,}|(?:Basic|Bearer) [A-Za-z0-9+/=_-]{16,}|\b[0-9a-f]{32,}\b",
    )
    .unwrap();
    let public = [
        // The Client Ids of the sandbox's apps, and one that no app has.
        "81e8a326ec4a63252faa0ae6f660c0c8",
        "6d2b7c1f94e0a85337c9be20d1f4a6e8",
        "00000000000000000000000000000000",
    ];
    let lab = Lab::with_collections();
    for file in files(&lab).iter().filter(|file| file.is_file()) {
        let text = std::fs::read_to_string(file).unwrap();
        for found in secret.find_iter(&text) {
            let found = found.as_str();
            assert!(public.contains(&found), "{}: {found}", file.display());
        }
    }
}

#[test]
fn list_shows_every_step_of_a_tutorial_with_the_id_to_call_it_by() {
    let lab = ci();
    for tutorial in tutorials() {
        let ran = lab.run(["--list", &tutorial.path()]);
        ran.exits(0)
            .says(&tutorial.collection.head.name.value)
            .says("environments: sandbox");
        let called = tutorial
            .collection
            .all_steps()
            .filter(|step| !step.is_prose());
        for step in called {
            let (name, id) = (&step.spec.name.value, &step.id);
            let shown = ran.stdout.lines().any(|line| {
                let (name_there, id_there) = line.rsplit_once("  ").unwrap_or_default();
                let id_there = id_there.strip_suffix(" (when needed)").unwrap_or(id_there);
                name_there.trim_end().ends_with(name.as_str()) && id_there == &**id
            });
            assert!(shown, "{}: {name}, {id}\n{}", tutorial.name, ran.stdout);
        }
    }
}

/// The name of the first step that failed.
fn blamed(ran: &Ran) -> &str {
    let line = ran.stdout.lines().find(|line| line.trim().starts_with('✗'));
    let line = line.unwrap_or_else(|| panic!("nothing failed:\n{}", ran.stdout));
    let name = line.trim().trim_start_matches("✗ ");
    name.split("  ").next().unwrap()
}

#[test]
fn a_wrong_secret_or_code_blames_the_exchange_and_nothing_before_it() {
    let lab = ci();
    let mut blamed_exchanges = 0;
    for tutorial in tutorials() {
        let steps: Vec<&Step> = tutorial.collection.steps.iter().flat_map(flat).collect();
        let exchange = steps.iter().find(|step| step.id.as_ref() == "token");
        let Some(exchange) = exchange.filter(|_| tutorial.text.contains("code: \"{{ code }}\""))
        else {
            continue;
        };
        let mut mistakes = vec!["code=dal:k0FTiZgtBkTLnzXlatwt6Fgvpp4"];
        if tutorial.text.contains("{{ client_secret }}") {
            mistakes.push("client_secret=of-another-app");
        }
        for mistake in mistakes {
            let ran = lab.run(["--secret", mistake, &tutorial.path()]);
            ran.exits(4).says("unauthorized_client");
            assert_eq!(blamed(&ran), exchange.spec.name.value, "{}", tutorial.name);
            blamed_exchanges += 1;
        }
    }
    assert!(blamed_exchanges > 20, "{blamed_exchanges}");
}

#[test]
fn a_wrong_client_id_or_redirect_uri_blames_the_browser_step() {
    let lab = ci();
    for mistake in [
        "client_id=00000000000000000000000000000000",
        "redirect_uri=https://www.livechat.com",
    ] {
        let ran = lab.run(["--variable", mistake, "collections/agent-flow.yaml"]);
        ran.exits(4).says("oauth_exception");
        assert_eq!(blamed(&ran), "Acquire the code");
    }
}

#[test]
fn the_example_of_credentials_names_inputs_that_exist_and_all_of_them() {
    let text = std::fs::read_to_string(folder().join(".env.example")).unwrap();
    let lines = text.lines().map(|line| line.trim_start_matches("# "));
    let given: BTreeSet<&str> = lines
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .filter(|name| !name.contains(' '))
        .collect();
    let tutorials = tutorials();
    let inputs = tutorials
        .iter()
        .flat_map(|tutorial| &tutorial.collection.shared.inputs);
    let inputs: BTreeSet<&str> = inputs.map(|(name, _)| name.value.as_str()).collect();
    assert_eq!(given, inputs);

    // As it is, it is a file that lcrun reads.
    let lab = ci();
    lab.write("collections/.env", &text);
    lab.run(["collections/agent-flow.yaml"]).exits(0);
}

#[test]
fn the_page_of_tutorials_lists_each_once_in_the_order_to_take_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/tutorials.md")).unwrap();
    let row = regex::Regex::new(
        r"(?m)^\| \[`([a-z0-9-]+)`\]\(\.\./collections/([a-z0-9-]+)\.yaml\) \| \S.* \| (.*) \|$",
    )
    .unwrap();
    let mut listed = Vec::new();
    for found in row.captures_iter(&page) {
        assert_eq!(found[1], found[2]);
        listed.push((found[1].to_owned(), found[3].to_owned()));
    }
    let mut sorted: Vec<&String> = listed.iter().map(|(name, _)| name).collect();
    sorted.sort();
    assert_eq!(sorted, names().iter().collect::<Vec<_>>());
    assert_eq!(listed[0].0, "personal-access-token", "the easiest start");
    assert_eq!(listed[1].0, "agent-flow");
    for tutorial in tutorials() {
        let (_, live) = listed
            .iter()
            .find(|(name, _)| *name == tutorial.name)
            .unwrap();
        let is_sandbox_only = live == "sandbox only";
        assert_eq!(
            is_sandbox_only,
            tutorial.has_tag("sandbox-only"),
            "{}",
            tutorial.name
        );
    }
}

#[test]
fn a_tutorial_sends_its_reader_only_to_tutorials_that_are_there() {
    let names: BTreeSet<String> = names().into_iter().collect();
    let tutorials = tutorials();
    let reference =
        regex::Regex::new(r"tutorials? `([a-z0-9-]+)`|\(`([a-z0-9-]+-[a-z0-9-]+)`\)").unwrap();
    let mut seen = 0;
    for tutorial in &tutorials {
        for found in reference.captures_iter(&tutorial.text) {
            let name = found.get(1).or(found.get(2)).unwrap().as_str();
            assert!(names.contains(name), "{}: `{name}`", tutorial.name);
            seen += 1;
        }
    }
    assert!(seen > 20);
}

/// The links of a page in `docs/`: what each points to, and the step, test or heading in it.
fn links(page: &str) -> Vec<(PathBuf, String)> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let text = std::fs::read_to_string(docs.join(page)).unwrap();
    let link = regex::Regex::new(r"\]\(([^)#]*)(?:#([^)]*))?\)").unwrap();
    link.captures_iter(&text)
        .map(|found| {
            let target = match &found[1] {
                "" => docs.join(page),
                path => docs.join(path),
            };
            let inside = found.get(2).map_or("", |inside| inside.as_str());
            (target, inside.to_owned())
        })
        .collect()
}

/// Whether a file has the step, the test, the heading or the key of this name.
fn has(file: &Path, name: &str) -> bool {
    let text = std::fs::read_to_string(file).unwrap();
    let extension = file.extension().and_then(|extension| extension.to_str());
    let in_collections = file
        .components()
        .any(|part| part.as_os_str() == "collections");
    match extension {
        Some("rs") => text.contains(&format!("fn {name}(")),
        Some("md") => text.lines().any(|line| {
            let heading = line
                .strip_prefix('#')
                .map(|line| line.trim_start_matches('#'));
            heading.is_some_and(|heading| anchor(heading.trim()) == name)
        }),
        Some("yaml") if in_collections => {
            let collection = Loader::default().load(file).unwrap();
            collection.all_steps().any(|step| &*step.id == name)
        }
        Some("yaml") => text
            .lines()
            .any(|line| line.trim_start().starts_with(&format!("{name}:"))),
        _ => false,
    }
}

/// What a heading is called in an address.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || "_- ".contains(*c));
    kept.collect::<String>().replace(' ', "-")
}

#[test]
fn the_pages_of_tutorials_and_of_the_documents_link_only_to_what_is_there() {
    let mut missing = Vec::new();
    let mut followed = 0;
    for page in ["livechat.md", "tutorials.md"] {
        for (file, inside) in links(page) {
            followed += 1;
            if !file.is_file() || !(inside.is_empty() || has(&file, &inside)) {
                missing.push(format!("{page}: {}#{inside}", file.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(followed > 100, "{followed}");
}

#[test]
fn every_statement_of_the_documents_is_somewhere_or_named_as_not_built() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/livechat.md")).unwrap();
    let mut counts = Vec::new();
    for line in page.lines() {
        if line.starts_with("## ") {
            counts.push(0);
        }
        if !line.starts_with("| ") || line.starts_with("| statement") {
            continue;
        }
        let place = line.trim_end_matches(" |").rsplit_once(" | ").unwrap().1;
        assert!(
            place.contains("](") || place.starts_with("*not built yet*"),
            "{line}"
        );
        *counts.last_mut().unwrap() += 1;
    }
    // As many as the pages make, and none in the last part, which is about the sandbox.
    assert_eq!(counts, [16, 5, 17, 5, 2, 0]);
}
