//! `--report-junit`: what the report holds, and that it keeps the rules of the schemas in use.

use std::path::Path;

use roxmltree::{Document, Node};

use crate::lab::Lab;

/// Reads the report of a run and checks what every report must keep.
#[track_caller]
fn report(lab: &Lab, file: impl AsRef<Path>, look: impl FnOnce(&Document<'_>)) {
    let text = lab.read(file);
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
    keeps_the_rules(&document);
    look(&document);
}

/// The rules of Windy Road's schema, which is the stricter one, and of `junit-10` of Jenkins.
fn keeps_the_rules(document: &Document<'_>) {
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    assert_eq!(root.attributes().len(), 0);
    for (index, suite) in elements(root).into_iter().enumerate() {
        assert_eq!(suite.tag_name().name(), "testsuite");
        assert_eq!(suite.attribute("id"), Some(&*index.to_string()));
        for name in ["name", "package", "hostname"] {
            assert!(is_token(suite.attribute(name).unwrap()), "{suite:?}");
        }
        assert!(matches(
            r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$",
            suite.attribute("timestamp").unwrap()
        ));
        assert!(is_time(suite.attribute("time").unwrap()), "{suite:?}");
        let order: Vec<&str> = elements(suite)
            .iter()
            .map(|child| child.tag_name().name())
            .collect();
        let cases = order.len() - 3;
        assert_eq!(order[0], "properties");
        assert!(order[1..=cases].iter().all(|name| *name == "testcase"));
        assert_eq!(order[cases + 1..], ["system-out", "system-err"]);
        counts_add_up(suite);
    }
    let names = cases(document)
        .into_iter()
        .map(|case| (case.attribute("classname"), case.attribute("name")));
    let distinct: std::collections::BTreeSet<_> = names.clone().collect();
    assert_eq!(distinct.len(), names.count(), "a name stands for two cases");
}

fn counts_add_up(suite: Node<'_, '_>) {
    let mut counted = [0, 0, 0, 0];
    for case in named(suite, "testcase") {
        counted[0] += 1;
        assert!(is_token(case.attribute("name").unwrap()), "{case:?}");
        assert!(is_token(case.attribute("classname").unwrap()), "{case:?}");
        assert!(is_time(case.attribute("time").unwrap()), "{case:?}");
        let children = elements(case);
        assert!(children.len() <= 1, "{case:?}");
        for child in children {
            assert!(child.attribute("message").is_some());
            match child.tag_name().name() {
                "failure" => counted[1] += 1,
                "error" => counted[2] += 1,
                "skipped" => counted[3] += 1,
                other => panic!("<{other}> in a case"),
            }
            let skipped = child.tag_name().name() == "skipped";
            assert_eq!(child.attribute("type").is_none(), skipped);
        }
    }
    let told: [u32; 4] = ["tests", "failures", "errors", "skipped"]
        .map(|name| suite.attribute(name).unwrap().parse().unwrap());
    assert_eq!(counted, told);
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> Vec<Node<'a, 'i>> {
    node.children().filter(Node::is_element).collect()
}

fn named<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Vec<Node<'a, 'i>> {
    let mut all = elements(node);
    all.retain(|child| child.tag_name().name() == name);
    all
}

fn cases<'a, 'i>(document: &'a Document<'i>) -> Vec<Node<'a, 'i>> {
    let suites = elements(document.root_element());
    suites
        .into_iter()
        .flat_map(|suite| named(suite, "testcase"))
        .collect()
}

/// What a case holds besides its name: the element and its message.
fn endings(document: &Document<'_>) -> Vec<String> {
    let ending = |case: Node<'_, '_>| {
        let name = case.attribute("name").unwrap().to_owned();
        match elements(case).first() {
            None => name,
            Some(child) => {
                let message = child.attribute("message").unwrap();
                format!("{name} · {} · {message}", child.tag_name().name())
            }
        }
    };
    cases(document).into_iter().map(ending).collect()
}

/// The text in the only element of a case.
fn text_of<'a>(case: Node<'a, '_>) -> &'a str {
    case.first_element_child().unwrap().text().unwrap()
}

/// A text without its layout: on the console, names stand in columns.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn matches(pattern: &str, text: &str) -> bool {
    regex::Regex::new(pattern).unwrap().is_match(text)
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && one_line(text) == text
}

fn is_time(text: &str) -> bool {
    matches(r"^\d+\.\d{3}$", text)
}

#[test]
fn every_step_that_is_no_prose_is_a_test_case_of_its_collection() {
    let lab = Lab::with_collections();
    lab.run(["--report-junit", "junit.xml", "collections/agent-flow.yaml"])
        .exits(0)
        .says("3 passed");
    report(&lab, "junit.xml", |document| {
        assert_eq!(
            endings(document),
            [
                "Acquire the code",
                "Exchange the code for an access token",
                "List chats"
            ]
        );
        for case in cases(document) {
            let file = case.attribute("classname");
            assert_eq!(file, Some("collections/agent-flow.yaml"));
        }
        let suite = elements(document.root_element())[0];
        assert_eq!(suite.attribute("name"), Some("Authorization in practice"));
        let environment = elements(named(suite, "properties")[0])[0];
        assert_eq!(environment.attribute("name"), Some("environment"));
        assert_eq!(environment.attribute("value"), Some("sandbox"));
    });
}

#[test]
fn a_failure_holds_all_that_the_console_shows_and_no_secret() {
    let lab = Lab::with_collections();
    let place = lab.place("collections/agent-flow.yaml", "Exchange the code for");
    let ran = lab.run([
        "--report-junit=junit.xml",
        "--secret",
        "client_secret=hunter2-not-it",
        "collections/agent-flow.yaml",
    ]);
    ran.exits(4);
    report(&lab, "junit.xml", |document| {
        let failure = cases(document)[1].first_element_child().unwrap();
        assert_eq!(failure.tag_name().name(), "failure");
        assert_eq!(failure.attribute("type"), Some("bad-status"));
        let text = text_of(cases(document)[1]);
        let shown = one_line(&ran.stdout);
        assert!(shown.contains(&one_line(text)), "not shown:\n{text}");
        for part in [
            "POST /v2/token",
            "error[bad-status]",
            &place,
            "unauthorized_client",
            "curl",
        ] {
            assert!(text.contains(part), "no {part} in:\n{text}");
        }
        assert_eq!(
            endings(document)[2],
            "List chats · skipped · not run: stopped after token"
        );
    });
    assert!(!lab.read("junit.xml").contains("hunter2"));
}

#[test]
fn a_failed_assert_reads_as_on_the_console_whatever_its_texts_hold() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        r#"
name: "Values & <marks>"
variables: { n: 1, text: "\u001b[31mred ]]>" }
steps:
  - name: "Is \"n\"  two?"
    assert: [n == 2, text == "blue"]
"#,
    );
    let ran = lab.run(["--report-junit", "junit.xml", "a.yaml"]);
    ran.exits(4);
    report(&lab, "junit.xml", |document| {
        let text = text_of(cases(document)[0]);
        assert!(ran.stdout.contains(text), "not shown:\n{text}");
        assert!(text.contains("`text == \"blue\"` does not hold"));
        assert_eq!(
            endings(document),
            ["Is \"n\" two? · failure · `n == 2` does not hold"]
        );
    });
}

#[test]
fn a_request_that_can_not_be_sent_is_an_error_and_a_skipped_step_says_why() {
    let lab = Lab::new();
    // A port that was free a moment ago: nobody listens on it.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    lab.write(
        "a.yaml",
        &format!(
            "
name: Errors
steps:
  - name: Nobody answers
    request: {{ url: \"http://{address}/\" }}
  - name: Not today
    when: 1 == 2
    assert: [1 == 1]
  - name: Fine
    assert: [1 == 1]
"
        ),
    );
    lab.run([
        "--continue-on-error",
        "--report-junit",
        "junit.xml",
        "a.yaml",
    ])
    .exits(3);
    report(&lab, "junit.xml", |document| {
        let endings = endings(document);
        assert!(endings[0].starts_with("Nobody answers · error · "));
        assert_eq!(endings[1], "Not today · skipped · `1 == 2` is false");
        assert_eq!(endings[2], "Fine");
    });
}

#[test]
fn steps_of_one_name_are_told_apart_by_their_number() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "
name: Twins
steps:
  - name: Same
  - name: Alone
    assert: [1 == 1]
  - name: Same
    id: b
    assert: [1 == 1]
  - name: Group
    steps:
      - name: Same
        id: c
        assert: [1 == 1]
finally:
  - name: Same
    id: d
    assert: [1 == 1]
",
    );
    lab.run(["--report-junit", "junit.xml", "a.yaml"]).exits(0);
    report(&lab, "junit.xml", |document| {
        assert_eq!(
            endings(document),
            ["Alone", "Same (3)", "Same (4.1)", "Same (finally 1)"]
        );
    });
}

#[test]
fn each_collection_is_a_suite_also_one_that_was_passed_over() {
    let lab = Lab::with_collections();
    lab.write(
        "collections/other.yaml",
        "name: Other\nenvironments: { here: {} }\nsteps:\n  - name: One\n    assert: [1 == 1]\n",
    );
    lab.run([
        "--report-junit",
        "reports.xml",
        "--env",
        "sandbox",
        "collections/agent-flow.yaml",
        "collections/other.yaml",
        "collections/wrong-token.yaml",
    ])
    .exits(0);
    report(&lab, "reports.xml", |document| {
        let suites = elements(document.root_element());
        let packages: Vec<_> = suites
            .iter()
            .map(|suite| suite.attribute("package").unwrap())
            .collect();
        assert_eq!(
            packages,
            [
                "collections/agent-flow.yaml",
                "collections/other.yaml",
                "collections/wrong-token.yaml"
            ]
        );
        let passed_over = named(suites[1], "testcase")[0];
        let why = passed_over.first_element_child().unwrap();
        assert_eq!(
            why.attribute("message"),
            Some("it has no environment sandbox")
        );
    });
}

#[test]
fn a_report_that_can_not_be_written_ends_the_call_before_anything_is_sent() {
    let lab = Lab::with_collections();
    lab.run([
        "--report-junit",
        "nowhere/junit.xml",
        "collections/agent-flow.yaml",
    ])
    .exits(1)
    .says("`nowhere/junit.xml` can't be written: there is no folder `nowhere`; make it first")
    .never_says("Acquire the code");
    lab.run([
        "--report-junit",
        "collections",
        "collections/agent-flow.yaml",
    ])
    .exits(1)
    .says("`collections` can't be written: it is a folder");
}

#[test]
fn a_report_takes_the_place_of_the_last_one_and_leaves_nothing_beside_it() {
    let lab = Lab::new();
    lab.write("junit.xml", &"x".repeat(100_000));
    lab.write(
        "a.yaml",
        "name: A\nsteps:\n  - name: B\n    assert: [1 == 1]\n",
    );
    lab.run(["--report-junit", "junit.xml", "a.yaml"]).exits(0);
    report(&lab, "junit.xml", |document| {
        assert_eq!(endings(document), ["B"]);
    });
    let mut names: Vec<_> = std::fs::read_dir(lab.path("."))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, ["a.yaml", "junit.xml"]);
}

#[cfg(unix)]
#[test]
fn a_report_is_as_readable_as_other_files_and_a_link_to_it_stays_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let lab = Lab::new();
    lab.write("real.xml", "old");
    symlink("real.xml", lab.path("link.xml")).unwrap();
    lab.write(
        "a.yaml",
        "name: A\nsteps:\n  - name: B\n    assert: [1 == 1]\n",
    );
    lab.run(["--report-junit", "link.xml", "a.yaml"]).exits(0);
    assert!(lab.path("link.xml").is_symlink());
    report(&lab, "real.xml", |_| {});
    let mode = |name| {
        std::fs::metadata(lab.path(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("real.xml"), mode("a.yaml"));
}

#[cfg(unix)]
#[test]
fn a_report_can_go_into_a_pipe() {
    let lab = Lab::new();
    lab.write(
        "a.yaml",
        "name: A\nsteps:\n  - name: B\n    assert: [1 == 1]\n",
    );
    let ran = lab.run(["-q", "--report-junit", "/dev/stdout", "a.yaml"]);
    let document = Document::parse(&ran.exits(0).stdout).unwrap();
    keeps_the_rules(&document);
    assert_eq!(endings(&document), ["B"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_still_writes_the_report() {
    use std::io::Read;
    use std::process::{Command, Stdio};

    let lab = Lab::new();
    let stalls = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = stalls.local_addr().unwrap();
    lab.write(
        "a.yaml",
        &format!(
            "
name: Stalls
steps:
  - name: Waits
    request: {{ url: \"http://{address}/\" }}
  - name: Never
    assert: [1 == 1]
finally:
  - name: Cleans up
    assert: [1 == 1]
"
        ),
    );
    lab.write(
        "b.yaml",
        "name: B\nsteps:\n  - name: C\n    assert: [1 == 1]\n",
    );
    let child = lab
        .command()
        .args(["--report-junit", "junit.xml", "a.yaml", "b.yaml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut connection, _) = stalls.accept().unwrap();
    assert_eq!(connection.read(&mut [0; 1]).unwrap(), 1);
    let pid = child.id().to_string();
    let killed = Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    crate::lab::Ran::of(&output).exits(130).says("interrupted");
    report(&lab, "junit.xml", |document| {
        let endings = endings(document);
        assert!(endings[0].starts_with("Waits · error · "), "{endings:?}");
        assert_eq!(endings[1], "Never · skipped · not run: interrupted");
        assert_eq!(endings[2], "Cleans up");
        assert_eq!(endings[3], "b.yaml · skipped · interrupted");
    });
}
