//! The README and the pages in `docs/`: every command and every YAML example is run, so that none
//! goes stale.

use std::path::Path;

use clap::{CommandFactory, Parser};
use lcrun::cli::args::Cli;

use crate::lab::Lab;
#[cfg(feature = "sandbox")]
use crate::lab::settle;

/// A fenced block: its language, its text, and the file it stands in.
pub(crate) struct Block {
    language: String,
    pub(crate) text: String,
    pub(crate) file: String,
}

fn pages() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
    for entry in std::fs::read_dir(root.join("docs")).unwrap() {
        files.push(entry.unwrap().path());
    }
    files
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "md"))
        .map(|file| {
            (
                file.display().to_string(),
                std::fs::read_to_string(file).unwrap(),
            )
        })
        .collect()
}

pub(crate) fn blocks(language: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for (file, text) in pages() {
        let mut open: Option<Block> = None;
        for line in text.lines() {
            match (line.strip_prefix("```"), &mut open) {
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(language), None) => {
                    open = Some(Block {
                        language: language.to_owned(),
                        text: String::new(),
                        file: file.clone(),
                    });
                }
                (None, Some(block)) => {
                    block.text.push_str(line);
                    block.text.push('\n');
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "a block of {file} is not closed");
    }
    blocks.retain(|block| block.language == language);
    blocks
}

/// The arguments of a command that is `lcrun …` or `cargo run -- …`.
fn arguments(command: &str) -> Option<Vec<String>> {
    let rest = command
        .strip_prefix("cargo run -- ")
        .or_else(|| command.strip_prefix("lcrun "))?;
    Some(rest.split_whitespace().map(str::to_owned).collect())
}

#[test]
fn every_yaml_example_is_a_collection_without_mistakes() {
    let blocks = blocks("yaml");
    assert!(blocks.len() >= 3);
    for block in blocks {
        let ran = Lab::new().run_with_input(["--list", "-"], &block.text);
        assert_eq!(
            ran.code, 0,
            "{}:\n{}\n{}",
            block.file, block.text, ran.stderr
        );
    }
}

#[cfg(feature = "sandbox")]
#[test]
fn the_collection_that_the_readme_explains_runs_on_the_sandbox() {
    let block = blocks("yaml")
        .into_iter()
        .find(|block| block.file.ends_with("README.md"));
    Lab::new()
        .run_with_input(["-"], &block.unwrap().text)
        .exits(0)
        .says("3 passed");
}

#[cfg(feature = "sandbox")]
#[test]
fn every_command_in_a_console_block_prints_what_stands_below_it() {
    let mut compared = 0;
    for block in blocks("console") {
        for part in block.text.split("$ ").skip(1) {
            let (command, expected) = part.split_once('\n').unwrap();
            let Some(arguments) = arguments(command) else {
                continue;
            };
            let ran = Lab::with_collections().run(&arguments);
            assert_eq!(ran.code, 0, "{command}:\n{}", ran.stderr);
            if !expected.trim().is_empty() {
                assert_eq!(
                    settle(&ran.stdout).trim(),
                    settle(expected).trim(),
                    "{command}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 1);
}

#[test]
fn every_command_in_the_text_can_be_typed() {
    let mut seen = 0;
    for (file, text) in pages() {
        for span in text.split('`').skip(1).step_by(2) {
            if let Some(arguments) = arguments(span) {
                let line = ["lcrun".to_owned()].into_iter().chain(arguments);
                // Words such as `lcrun --list` are named without the path that they need.
                let line: Vec<String> = line.collect();
                let with_path = line.iter().cloned().chain(["a.yaml".to_owned()]);
                let fine =
                    Cli::try_parse_from(&line).is_ok() || Cli::try_parse_from(with_path).is_ok();
                assert!(fine, "{file}: `{span}` can't be typed");
                seen += 1;
            }
        }
    }
    assert!(seen >= 5);
}

#[test]
fn every_flag_that_the_readme_names_is_there_and_every_flag_is_named() {
    let readme = pages().remove(0).1;
    let help = Lab::new().run(["--help"]).stdout;
    let flags = |text: &str| -> std::collections::BTreeSet<String> {
        let found = regex::Regex::new(r"(?:^|[\s`(|,])(--[a-z][a-z-]+)").unwrap();
        found
            .captures_iter(text)
            .map(|flag| flag[1].to_owned())
            .collect()
    };
    let there = flags(&help);
    let anywhere: std::collections::BTreeSet<String> = Cli::command()
        .get_subcommands()
        .flat_map(clap::Command::get_arguments)
        .filter_map(|argument| Some(format!("--{}", argument.get_long()?)))
        .collect();
    // That one is cargo's.
    for flag in flags(&readme).iter().filter(|flag| *flag != "--path") {
        assert!(
            there.contains(flag) || anywhere.contains(flag),
            "{flag} is in the README only"
        );
    }
    for flag in there {
        assert!(
            readme.contains(&flag)
                || ["--help", "--version", "--force", "--output"].contains(&flag.as_str()),
            "{flag} is not in the README"
        );
    }
}
