//! `docs/diagnostics.md`: a page for every code, and every page true.
//!
//! What a page shows is run: ```` ```yaml broken ```` gives exactly its code, ```` ```yaml ```` none
//! (```` ```yaml catalogue ```` is one of errors), and so do the commands of ```` ```console fails ````
//! and ```` ```console ````. `sandbox: livechat` in an example means that it is sent.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use crate::lab::{Lab, Ran};
use crate::raw_server::{RawServer, response};

/// A page: its prose and its fenced blocks with their languages.
struct Page {
    code: String,
    prose: String,
    blocks: Vec<(String, String)>,
}

impl Page {
    fn block(&self, language: &str) -> Option<&str> {
        let mut blocks = self.blocks.iter();
        blocks
            .find(|(of, _)| of == language)
            .map(|(_, text)| text.as_str())
    }

    fn needs_sandbox(&self) -> bool {
        let text = self.block("yaml broken").unwrap_or_default();
        text.contains("sandbox: livechat") || self.block("console fails").is_some()
    }
}

fn pages() -> Vec<Page> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics.md");
    let text = std::fs::read_to_string(file).unwrap();
    let mut pages: Vec<Page> = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        let code = line
            .strip_prefix("## `")
            .and_then(|rest| rest.strip_suffix('`'));
        match (&mut open, line.strip_prefix("```"), code) {
            (Some(_), Some(_), _) => pages.last_mut().unwrap().blocks.extend(open.take()),
            (Some((_, block)), None, _) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, Some(language), _) => open = Some((language.to_owned(), String::new())),
            (None, None, Some(code)) => pages.push(Page {
                code: code.to_owned(),
                prose: String::new(),
                blocks: Vec::new(),
            }),
            (None, None, None) => {
                if let Some(page) = pages.last_mut() {
                    page.prose.push_str(line);
                }
            }
        }
    }
    assert!(open.is_none(), "the last block is not closed");
    assert!(pages.len() > 80, "the pages were not found");
    pages
}

/// Every code in the sources and where it stands, as far as it is written as a text.
fn codes_of_the_source() -> BTreeMap<String, BTreeSet<String>> {
    const CODE: &str = r#""([a-z][a-z0-9]*(?:-[a-z0-9]+)*)""#;
    let makers = [
        // The constructors of `Diagnostic`, and functions that pass a code on to one.
        r"\b(?:error|warning|without_place|complaint|problem)\(\s*CODE\s*,",
        r"\bCause::\w+,\s*CODE",
        r"CODE,\s*Cause::\w+",
        r"\bcode(?:: | = | == )CODE",
        r"(?s)fn code\(self\) -> &'static str \{[^}]*?\}",
    ];
    let makers = makers.map(|maker| Regex::new(&maker.replace("CODE", CODE)).unwrap());
    let written = Regex::new(CODE).unwrap();
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file = path.strip_prefix(&root).unwrap().display().to_string();
            if file.starts_with("sandbox") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            // Lines of comments show codes too, and tests make some up.
            let text: String = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .unwrap()
                .lines()
                .filter(|line| {
                    let line = line.trim_start();
                    !line.starts_with("//") && !line.starts_with("#[error")
                })
                .map(|line| format!("{line}\n"))
                .collect();
            for found in makers.iter().flat_map(|maker| maker.find_iter(&text)) {
                for code in written.captures_iter(found.as_str()) {
                    let places = codes.entry(code[1].to_owned()).or_default();
                    places.insert(file.clone());
                }
            }
        }
    }
    codes
}

/// The codes of what was told.
fn told(ran: &Ran) -> BTreeSet<String> {
    static MARK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\b(?:error|warning)\[([a-z0-9-]+)\]").unwrap());
    let text = format!("{}{}", ran.stdout, ran.stderr);
    MARK.captures_iter(&text)
        .map(|found| found[1].to_owned())
        .collect()
}

/// Codes that no example on a page can bring, and what brings each.
fn own_example(code: &str) -> Option<Ran> {
    let lab = Lab::new();
    let bytes: Vec<u8> = match code {
        "body-not-json" => {
            let server = RawServer::always(response(
                "200 OK",
                &["Content-Type: application/json"],
                "<html>",
            ));
            return Some(asking(&server, "assert: [body.id == 1]"));
        }
        "expression-too-long" => {
            let sum = vec!["1"; 300].join(" + ");
            format!("name: A sum\nsteps: [{{ name: Add, assert: ['{sum} == 300'] }}]\n").into()
        }
        "no-sandbox" if cfg!(feature = "sandbox") => return None,
        "no-sandbox" => "name: Sandbox\nenvironments: { sandbox: { sandbox: livechat } }\n\
                         steps: [{ name: Look }]\n"
            .into(),
        "not-utf8" => b"name: caf\xe9\nsteps: [{ name: Look }]\n".to_vec(),
        "snapshot-file" => {
            let server = RawServer::always(response("200 OK", &[], "{}"));
            lab.write("snapshots/a__look.snap", "no header\n");
            return Some(asking_in(&lab, &server, "snapshot: true"));
        }
        // It takes a terminal, where `authorize/paste.rs` looks at it.
        "hidden-address" => return None,
        "no-answer" => return Some(coming_back("http://127.0.0.1:0/cb", "{{ redirect_uri }}")),
        "open-port" => {
            let uri = "http://127.0.0.1:0/cb";
            return Some(coming_back(uri, uri));
        }
        "not-listening" => {
            let other = TcpListener::bind("127.0.0.1:0").unwrap();
            let uri = format!("http://{}/cb", other.local_addr().unwrap());
            return Some(coming_back(&uri, "{{ redirect_uri }}"));
        }
        "token-refused" => {
            let server =
                RawServer::always(response("422 No", &[], r#"{"error":"invalid_request"}"#));
            let accounts = format!("accounts_url={}", server.url(""));
            let token = "access_token=dal:abcdefgh12";
            return Some(lab.run(["token", "--secret", token, "--variable", &accounts]));
        }
        "wrong-state" => {
            let location = "Location: https://app.example/cb?code=abc&state=another";
            let server = RawServer::always(response("302 Found", &[location], ""));
            let text = format!(
                "name: State\nsecrets: [code]\nsteps:\n  - name: Ask\n    authorize:\n      \
                 url: \"{}/\"\n      query: {{ redirect_uri: https://app.example/cb, state: one }}\n    \
                 capture: {{ code: redirect.query.code }}\n  - name: Look\n    assert: [code is string]\n",
                server.url("")
            );
            lab.write("a.yaml", &text);
            return Some(lab.run(["a.yaml"]));
        }
        _ => panic!("`{code}` has neither an example on its page nor one in this test"),
    };
    std::fs::write(lab.path("a.yaml"), bytes).unwrap();
    Some(lab.run(["a.yaml"]))
}

/// A browser step with a listener, and a browser that never comes back to it.
fn coming_back(redirect_uri: &str, in_query: &str) -> Ran {
    let mut lab = Lab::new();
    lab.variable("BROWSER", "/bin/true");
    let text = format!(
        "name: Back\ninputs: {{ redirect_uri: \"{redirect_uri}\" }}\nsecrets: [code]\nsteps:\n  \
         - name: Ask\n    authorize:\n      url: http://127.0.0.1:1/\n      timeout: 10ms\n      \
         listen: \"{{{{ redirect_uri }}}}\"\n      query: {{ redirect_uri: \"{in_query}\" }}\n    \
         capture: {{ code: redirect.query.code }}\n  - name: Look\n    assert: [code is string]\n"
    );
    lab.write("a.yaml", &text);
    lab.run(["--authorize", "browser", "a.yaml"])
}

fn asking(server: &RawServer, check: &str) -> Ran {
    asking_in(&Lab::new(), server, check)
}

fn asking_in(lab: &Lab, server: &RawServer, check: &str) -> Ran {
    let text = format!(
        "name: Ask\nsteps:\n  - name: Look\n    request: {{ url: \"{}/\" }}\n    {check}\n",
        server.url("")
    );
    lab.write("a.yaml", &text);
    lab.run(["a.yaml"])
}

/// Runs the commands of a block; the last one counts.
fn run_commands(lab: &Lab, block: &str) -> Ran {
    let mut last = None;
    for line in block.lines() {
        let command = line
            .strip_prefix("$ lcrun ")
            .unwrap_or_else(|| panic!("`{line}` is no command"));
        last = Some(lab.run(command.split_whitespace()));
    }
    last.expect("a block of commands has one")
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes = codes_of_the_source();
    assert!(codes.len() > 80, "{} codes were found", codes.len());
    let pages: BTreeSet<String> = pages().into_iter().map(|page| page.code).collect();
    let without: Vec<_> = codes
        .iter()
        .filter(|(code, _)| !pages.contains(*code))
        .collect();
    assert!(
        without.is_empty(),
        "codes without a page in docs/diagnostics.md: {without:#?}"
    );
    let gone: Vec<_> = pages
        .iter()
        .filter(|page| !codes.contains_key(*page))
        .collect();
    assert!(
        gone.is_empty(),
        "pages of codes that nothing gives: {gone:#?}"
    );
}

#[test]
fn the_pages_are_in_alphabetical_order_and_say_something() {
    let pages = pages();
    let codes: Vec<&str> = pages.iter().map(|page| page.code.as_str()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    for page in &pages {
        assert!(page.prose.len() > 30, "{} says nothing", page.code);
    }
}

#[test]
fn the_example_of_a_page_gives_exactly_its_code() {
    let mut wrong = Vec::new();
    for page in pages() {
        if !cfg!(feature = "sandbox") && page.needs_sandbox() {
            continue;
        }
        let broken = page.block("yaml broken");
        let commands = page.block("console fails");
        let lab = if commands.is_some() {
            Lab::with_collections()
        } else {
            Lab::new()
        };
        if let Some(text) = broken {
            lab.write("a.yaml", text);
        }
        let ran = match (broken, commands) {
            (_, Some(commands)) => run_commands(&lab, commands),
            // What can be said without sending is said by `--list` too, warnings as well.
            (Some(_), None) => {
                let listed = lab.run(["--list", "a.yaml"]);
                if told(&listed).is_empty() {
                    lab.run(["a.yaml"])
                } else {
                    listed
                }
            }
            (None, None) => match own_example(&page.code) {
                Some(ran) => ran,
                None => continue,
            },
        };
        if told(&ran) != BTreeSet::from([page.code.clone()]) {
            wrong.push(format!("## {}\n{}", page.code, ran.told()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_mended_example_gives_no_code() {
    let mut mended = 0;
    for page in pages() {
        if let Some(catalogue) = page.block("yaml catalogue") {
            assert_is_a_catalogue(&page.code, catalogue);
        }
        let Some(text) = page.block("yaml") else {
            continue;
        };
        mended += 1;
        let lab = Lab::new();
        lab.write("a.yaml", text);
        let ran = if text.contains("sandbox: livechat") {
            if !cfg!(feature = "sandbox") {
                continue;
            }
            lab.run(["a.yaml"])
        } else {
            lab.run(["--list", "a.yaml"])
        };
        assert_eq!(ran.code, 0, "{}:\n{}", page.code, ran.told());
        assert_eq!(
            told(&ran),
            BTreeSet::new(),
            "{}:\n{}",
            page.code,
            ran.told()
        );
    }
    assert!(mended > 50);
}

fn assert_is_a_catalogue(code: &str, text: &str) {
    let lab = Lab::new();
    lab.write("a.yaml", text);
    let ran = lab.run(["explain", "--catalogue", "a.yaml", "--list"]);
    assert_eq!(ran.code, 0, "{code}:\n{}", ran.told());
    assert_eq!(told(&ran), BTreeSet::new(), "{code}:\n{}", ran.told());
}

#[test]
fn every_code_that_a_reviewed_message_shows_has_a_page() {
    let pages: BTreeSet<String> = pages().into_iter().map(|page| page.code).collect();
    let mark = Regex::new(r"\b(?:error|warning)\[([a-z0-9-]+)\]:").unwrap();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "snap")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                for found in mark.captures_iter(&text) {
                    seen += 1;
                    let code = &found[1];
                    assert!(
                        pages.contains(code),
                        "`{code}` of {} has no page",
                        path.display()
                    );
                }
            }
        }
    }
    assert!(seen > 50);
}
