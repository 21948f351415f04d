//! Who is asked: the accounts server of the call, of an environment, or the real one.

use url::Url;

use crate::cli::args::ValueArgs;
use crate::cli::prepare::no_environment;
use crate::collection::model::{Collection, Environment};
use crate::diagnostic::Diagnostic;
use crate::source::Sources;
use crate::variables::{Given, winner};
use crate::yaml::Data;

/// The accounts server of the real API.
pub const LIVE: &str = "https://accounts.livechat.com";

/// The server: what is given as `accounts_url`, else what the environment has that was asked for, else
/// what the first one has that has any, else [`LIVE`].
///
/// # Errors
/// If there is no such environment, it names no server, or what is named is no address.
pub fn choose(
    args: &ValueArgs,
    given: &[Given],
    collection: Option<&Collection>,
    sources: &Sources,
) -> Result<Url, Box<Diagnostic>> {
    if let Some(given) = winner(given, "accounts_url") {
        return parse(&given.text);
    }
    let Some(collection) = collection else {
        return match args.env.as_deref() {
            None | Some("live") => parse(LIVE),
            Some(name) => Err(Box::new(
                Diagnostic::without_place(
                    "no-environment",
                    format!("without a collection there is no environment `{name}`"),
                )
                .help("use `--env live`, or name the server: `--variable accounts_url=…`"),
            )),
        };
    };
    let environments = &collection.shared.environments;
    let Some(name) = args.env.as_deref() else {
        let found = environments.iter().find_map(|(_, one)| address(one));
        return parse(found.unwrap_or(LIVE));
    };
    let Some((_, environment)) = collection.environment(Some(name)) else {
        let there: Vec<String> = environments
            .iter()
            .map(|(name, _)| name.value.clone())
            .collect();
        let file = sources.get(collection.source).name();
        return Err(Box::new(no_environment(file, Some(name), &there)));
    };
    match address(environment) {
        Some(url) => parse(url),
        None => Err(Box::new(
            Diagnostic::without_place(
                "missing-input",
                format!("the environment `{name}` names no server that could be asked"),
            )
            .help("name one: `--variable accounts_url=…`; that of a running `lcrun sandbox` does"),
        )),
    }
}

/// The address that an environment gives to `accounts_url`, as it is written.
fn address(environment: &Environment) -> Option<&str> {
    let mut values = environment.values.iter();
    let (_, data) = values.find(|(name, _)| name.value == "accounts_url")?;
    match data {
        Data::Text(text) => Some(&text.value),
        _ => None,
    }
}

fn parse(text: &str) -> Result<Url, Box<Diagnostic>> {
    let problem = |why: String| {
        Box::new(
            Diagnostic::without_place("bad-url", format!("`accounts_url` is `{text}`, {why}"))
                .help("name the server: `--variable accounts_url=https://accounts.livechat.com`"),
        )
    };
    let url = Url::parse(text.trim_end_matches('/'))
        .map_err(|error| problem(format!("which is not an address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(problem("which is not an HTTP address".to_owned()));
    }
    Ok(url)
}
