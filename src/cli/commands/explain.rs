//! `lcrun explain`: the page of a diagnostic code, an error of an API, or what speaks of some words.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use anyhow::{Result, bail};

use crate::cli::args::ExplainArgs;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::markdown::{self, Layout};
use crate::cli::voice::use_color;
use crate::collection::load::Loader;
use crate::explain::article::article;
use crate::explain::catalogue::{Catalogue, Entry};
use crate::explain::question::{Answer, answer};
use crate::explain::search::Hit;
use crate::explain::{explanation, livechat, pages};
use crate::run::checks::cut_middle;

/// The columns where nobody says how many there are, and the most that prose is filled into.
const COLUMNS: usize = 80;
const MOST_COLUMNS: usize = 100;

/// Explains what was asked, or lists all that can be.
pub fn execute(context: &mut Context, args: &ExplainArgs) -> Result<Exit> {
    let Some(given) = given(context, args)? else {
        return Ok(Exit::Invalid);
    };
    let catalogues: Vec<&Catalogue> = given.iter().chain([livechat()]).collect();
    let layout = layout(context, args);
    let text = if args.list {
        list(&catalogues, layout)
    } else {
        let asked = asked(args)?;
        match answer(&asked, &catalogues) {
            Answer::Page(page) => {
                markdown::render(&format!("## `{}`\n\n{}", page.code, page.text), layout)
            }
            Answer::Entries(entries) => articles(&entries, layout),
            Answer::Hits(hits) => found(&asked, &hits, layout),
            Answer::NoError => {
                bail!("this carries no error that is known; `lcrun explain --list` lists them")
            }
            Answer::Unknown(meant) => {
                let asked = cut_middle(&asked, COLUMNS / 2);
                match meant {
                    Some(meant) => bail!("nothing is known of `{asked}`; did you mean `{meant}`?"),
                    None => {
                        bail!("nothing is known of `{asked}`; `lcrun explain --list` lists what is")
                    }
                }
            }
        }
    };
    context.stdout.write_all(text.as_bytes())?;
    context.stdout.flush()?;
    Ok(Exit::Passed)
}

/// The catalogues that were named; `None` if one can't be used, which was told.
fn given(context: &mut Context, args: &ExplainArgs) -> Result<Option<Vec<Catalogue>>> {
    let mut loader = Loader::default();
    let read: Vec<Catalogue> = args
        .catalogue
        .iter()
        .filter_map(|file| loader.catalogue(file, None))
        .collect();
    let broken = loader.diagnostics.has_errors();
    let color = use_color(args.color, context, context.stderr_is_terminal);
    for diagnostic in loader.diagnostics.into_sorted() {
        writeln!(
            context.stderr,
            "{}",
            diagnostic.render(&loader.sources, color)
        )?;
    }
    Ok((!broken).then_some(read))
}

fn asked(args: &ExplainArgs) -> Result<String> {
    if args.words.len() == 1 && args.words[0] == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        if text.trim().is_empty() {
            bail!("standard input is empty; give it a code, a message, an address or a body");
        }
        return Ok(text.trim().to_owned());
    }
    let text = args.words.join(" ");
    if text.trim().is_empty() {
        bail!("there is nothing to explain; `lcrun explain --list` lists what there is");
    }
    Ok(text)
}

fn layout(context: &Context, args: &ExplainArgs) -> Layout {
    let terminal = context.terminal.as_ref();
    let columns = terminal.map_or(COLUMNS, |terminal| terminal.size().1);
    Layout {
        columns: columns.clamp(COLUMNS / 2, MOST_COLUMNS),
        color: use_color(args.color, context, context.stdout_is_terminal),
    }
}

fn articles(entries: &[Entry<'_>], layout: Layout) -> String {
    let mut texts: Vec<String> = entries.iter().map(article).collect();
    if let [first, _, ..] = entries
        && entries.iter().all(|entry| entry.code == first.code)
    {
        let name = first.code;
        texts.insert(
            0,
            format!("`{name}` is the name of {} errors.\n", entries.len()),
        );
    }
    markdown::render(&texts.join("\n"), layout)
}

/// Pages and entries that speak of some words; one alone is printed whole.
fn found(asked: &str, hits: &[Hit<'_>], layout: Layout) -> String {
    match hits {
        [Hit::Page(page)] => {
            markdown::render(&format!("## `{}`\n\n{}", page.code, page.text), layout)
        }
        [Hit::Entry(entry)] => markdown::render(&article(entry), layout),
        _ => {
            let asked = cut_middle(asked, COLUMNS / 2);
            let mut text = format!("{} pages speak of `{asked}`:\n\n", hits.len());
            let rows: Vec<(String, String)> = hits
                .iter()
                .map(|hit| match hit {
                    Hit::Page(page) => (
                        format!("lcrun explain {}", page.code),
                        page.gist().to_owned(),
                    ),
                    Hit::Entry(entry) => (explanation::command(entry), gist(entry)),
                })
                .collect();
            table(&mut text, &rows, layout);
            text
        }
    }
}

/// All codes and errors, counted.
fn list(catalogues: &[&Catalogue], layout: Layout) -> String {
    let pages: Vec<(String, String)> = pages::all()
        .map(|page| (page.code.to_owned(), page.gist().to_owned()))
        .collect();
    let mut text = String::new();
    section(&mut text, "Diagnostics of lcrun", &pages, layout);
    for catalogue in catalogues {
        for (name, table) in &catalogue.tables {
            let rows: Vec<(String, String)> = catalogue
                .entries()
                .filter(|entry| entry.table_name == name.value)
                .map(|entry| match &entry.error.title {
                    Some(title) => (entry.code.to_owned(), title.value.clone()),
                    None => (entry.code.to_owned(), gist(&entry)),
                })
                .collect();
            let title = format!("{}: {}", catalogue.name.value, table.title.value);
            section(&mut text, &title, &rows, layout);
        }
    }
    text
}

fn section(text: &mut String, title: &str, rows: &[(String, String)], layout: Layout) {
    if !text.is_empty() {
        text.push('\n');
    }
    let heading = format!("## {title} ({})", rows.len());
    text.push_str(&markdown::render(&heading, layout));
    table(text, rows, layout);
}

/// The first sentence of what an error means.
fn gist(entry: &Entry<'_>) -> String {
    let means = entry.error.means.value.trim();
    let first = means.split_once(". ").map_or(means, |(first, _)| first);
    first.trim_end_matches('.').to_owned()
}

/// Two columns; the second is cut where the line ends.
fn table(text: &mut String, rows: &[(String, String)], layout: Layout) {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max();
    let width = width.unwrap_or(0);
    for (name, gist) in rows {
        let room = layout.columns.saturating_sub(width + 4).max(16);
        let mut gist = gist.clone();
        if gist.chars().count() > room {
            gist = gist.chars().take(room - 1).collect();
            gist.push('…');
        }
        let _ = writeln!(text, "  {name:<width$}  {gist}");
    }
}
