//! What the flags mean for the run, the client and the templates.

use std::path::Path;

use super::args::{AuthorizeWay, HttpArgs, RunArgs};
use super::browser;
use super::context::Context;
use crate::diagnostic::Diagnostic;
use crate::http::client::{ClientOptions, ProxySettings};
use crate::report::console::Verbosity;
use crate::run::job::{BrowserSettings, Detail, Settings};
use crate::run::request::Overrides;
use crate::run::taint::SharedSecrets;
use crate::snapshot::Update;
use crate::template::EngineOptions;

/// How the run is to be done.
pub fn settings(args: &RunArgs, context: &Context) -> Result<Settings, Box<Diagnostic>> {
    let http = &args.http;
    let client = client(http, context)?;
    Ok(Settings {
        continue_on_error: args.continue_on_error,
        overrides: Overrides {
            headers: http.header.clone(),
            user_agent: http.user_agent.clone(),
            follow_redirects: http.location,
            max_redirects: http.max_redirs,
            // As in curl, no time is no limit.
            max_time: http.max_time.filter(|time| !time.is_zero()),
        },
        client,
        browser: BrowserSettings {
            way: args.authorize.map(AuthorizeWay::way),
            is_at_hand: browser::is_at_hand(context),
        },
        detail: Detail {
            captures: args.step || args.verbose > 0,
            checks: args.step,
            exchange: args.step || args.verbose > 1,
        },
    })
}

/// How requests are sent, but for what goes into each of them.
pub fn client(http: &HttpArgs, context: &Context) -> Result<ClientOptions, Box<Diagnostic>> {
    let proxy = match &http.proxy {
        Some(proxy) => ProxySettings::explicit(proxy, http.noproxy.as_deref()),
        None => ProxySettings::from_variables(|name| context.variable(name).map(str::to_owned)),
    };
    let proxy = proxy.map_err(|error| problem("bad-proxy", error.to_string()))?;
    if let Some(file) = http
        .cacert
        .as_deref()
        .filter(|file| !Path::new(file).is_file())
    {
        let message = format!("`{}` can't be read", file.display());
        return Err(problem("unreadable-file", message));
    }
    Ok(ClientOptions {
        connect_timeout: http.connect_timeout,
        max_body: http.max_filesize,
        cacert: http.cacert.clone(),
        insecure: http.insecure,
        proxy,
        ..ClientOptions::default()
    })
}

/// Which snapshots are written: `--check`, `--update`, then the environment, in insta's words.
pub fn update(args: &RunArgs, context: &Context) -> Result<Update, Box<Diagnostic>> {
    let from_environment = ["LCRUN_UPDATE", "INSTA_UPDATE"]
        .into_iter()
        .find_map(|name| {
            Some((
                name,
                context.variable(name).filter(|word| !word.is_empty())?,
            ))
        });
    let asked = match (args.check, args.update, from_environment) {
        (true, _, _) => Update::No,
        (false, Some(update), _) => update,
        (false, None, Some((name, word))) => word
            .parse()
            .map_err(|error| problem("unknown-value", format!("{name}: {error}")))?,
        (false, None, None) => Update::Auto,
    };
    Ok(asked.resolve(context.is_ci()))
}

fn problem(code: &'static str, message: String) -> Box<Diagnostic> {
    Box::new(Diagnostic::without_place(code, message))
}

/// What the templates of a run may ask the process for.
pub fn engine_options(context: &Context, secrets: SharedSecrets) -> EngineOptions {
    let environment = context.environment.clone();
    EngineOptions {
        environment_variable: Box::new(move |name| environment.get(name).cloned()),
        on_environment_variable: Box::new(move |name, value| {
            if crate::secrets::is_secret_name(name) {
                secrets.lock().add(&name.to_lowercase(), value);
            }
        }),
        now: Box::new(Context::now),
        seed: None,
    }
}

/// How much is printed.
pub fn verbosity(args: &RunArgs) -> Verbosity {
    match (args.quiet, args.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, 0) => Verbosity::Normal,
        (false, 1) => Verbosity::Verbose,
        (false, _) => Verbosity::VeryVerbose,
    }
}
