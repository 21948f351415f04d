//! Catalogues for other APIs: `explain:` in a collection, and `--catalogue`.

use crate::lab::Lab;
use crate::raw_server::{RawServer, response};

const CATALOGUE: &str = "name: Pets
documents: { guide: The guide to pets }
tables:
  errors:
    title: Errors
    fields: [problem.code]
    errors:
      no_such_pet:
        means: There is no pet of this name.
        causes: [it was given away, { cause: it ran off, from: guide }]
        likely:
          - { when: no-token, cause: nobody said who asks, do: log in }
        do: [Look under the sofa]
        from: [guide]
";

fn server() -> RawServer {
    RawServer::always(response(
        "404 Not Found",
        &["Content-Type: application/json"],
        r#"{"problem":{"code":"no_such_pet"}}"#,
    ))
}

fn collection(server: &RawServer, head: &str, keys: &str) -> String {
    format!(
        "name: Pets\n{head}steps:\n  - name: Pet\n    request: {{ url: \"{}\"{keys} }}\n",
        server.url("/pets/rex")
    )
}

#[test]
fn a_collection_brings_a_catalogue_of_its_own() {
    let server = server();
    let lab = Lab::new();
    lab.write("api/pets.yaml", CATALOGUE).write(
        "api/a.yaml",
        &collection(
            &server,
            "explain: pets.yaml\n",
            ", auth: { bearer: abcdefgh }",
        ),
    );
    lab.run(["api/a.yaml"])
        .exits(4)
        .says("explained: no_such_pet")
        .says("perhaps:\n      - it was given away\n")
        .says("→ Look under the sofa")
        .says("more: `lcrun explain --catalogue api/pets.yaml no_such_pet`");
    lab.edit("api/a.yaml", ", auth: { bearer: abcdefgh }", "");
    lab.run(["api/a.yaml"])
        .exits(4)
        .says("likely: nobody said who asks")
        .says("→ log in");
    lab.run(["explain", "--catalogue", "api/pets.yaml", "no_such_pet"])
        .exits(0)
        .says("it ran off (The guide to pets)");
    lab.run(["explain", "--catalogue", "api/pets.yaml", "--list"])
        .exits(0)
        .says("Pets: Errors (1)");
}

#[test]
fn catalogues_come_by_extends_and_several_may_be_named() {
    let server = server();
    let lab = Lab::new();
    lab.write("shared/pets.yaml", CATALOGUE)
        .write(
            "shared/shared.yaml",
            "name: Shared\nexplain: [pets.yaml, livechat]\n",
        )
        .write(
            "a.yaml",
            &collection(&server, "extends: shared/shared.yaml\n", ""),
        );
    lab.run(["a.yaml"]).exits(4).says("explained: no_such_pet");
    lab.edit(
        "shared/pets.yaml",
        "documents:",
        "hosts: [pets.example]\ndocuments:",
    );
    lab.run(["a.yaml"]).exits(4).never_says("explained");
}

#[test]
fn a_mistake_in_a_catalogue_is_told_at_its_place_before_anything_is_sent() {
    let server = server();
    let lab = Lab::new();
    lab.write("a.yaml", &collection(&server, "explain: pets.yaml\n", ""));
    lab.run(["a.yaml"])
        .exits(2)
        .says("`pets.yaml` does not exist")
        .says("a.yaml:2:10");
    for (from, to, code) in [
        ("means:", "meens:", "unknown-key"),
        ("when: no-token", "when: no-tokn", "unknown-fact"),
        ("from: [guide]", "from: [giude]", "unknown-document"),
        (
            "from: [guide]",
            "see: [errors.no_such_pett]",
            "unknown-error",
        ),
        ("from: [guide]", "hides: [erors]", "unknown-error"),
        (
            "fields: [problem.code]",
            "fields: problem.code",
            "wrong-type",
        ),
    ] {
        lab.write("pets.yaml", &CATALOGUE.replacen(from, to, 1));
        lab.run(["a.yaml"])
            .exits(2)
            .says(&format!("error[{code}]"))
            .says("--> pets.yaml:")
            .says(if code == "wrong-type" {
                "a list"
            } else {
                "did you mean"
            });
        lab.run(["explain", "--catalogue", "pets.yaml", "no_such_pet"])
            .exits(2)
            .says(code);
    }
    assert!(server.heard().is_empty());
}

/// The blocks of `docs/explain.md` of a language.
fn documented(language: &str) -> String {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explain.md");
    let text = std::fs::read_to_string(file).unwrap();
    let fence = format!("```{language}\n");
    let (_, rest) = text.split_once(&fence).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_documented_catalogue_is_one_and_belongs_to_the_documented_collection() {
    let lab = Lab::new();
    lab.write("errors.yaml", &documented("yaml catalogue"))
        .write("a.yaml", &documented("yaml with errors.yaml"));
    lab.run(["--list", "a.yaml"]).exits(0).never_says("error[");
    lab.run(["explain", "--catalogue", "errors.yaml", "Come back later"])
        .exits(0)
        .says("The pets are fed");
    lab.run(["explain", "--catalogue", "errors.yaml", "dog"])
        .exits(0)
        .says("no_such_pet");
}

#[test]
fn every_fact_is_documented_with_what_it_says() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explain.md");
    let text = std::fs::read_to_string(file).unwrap();
    let rows: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    for (name, says) in lcrun::explain::fact::FACTS {
        let row = format!("| `{name}` | {says} |");
        assert!(rows.contains(&row.as_str()), "{row} is not in the page");
    }
}
