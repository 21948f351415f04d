//! `lcrun token`: what a token is good for, as the API says, and for the steps of which collections.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use anyhow::Result;
use url::Url;

use crate::cli::args::{TokenArgs, ValueArgs};
use crate::cli::checked::Read;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::outside::Values;
use crate::cli::paths::{self, Wanted as Which};
use crate::cli::token::credentials::{self, Credentials, INPUTS};
use crate::cli::token::lookup::{Answer, Asking};
use crate::cli::token::needs::needs;
use crate::cli::token::server;
use crate::cli::token::told::{self, Wanted};
use crate::cli::voice::Voice;
use crate::cli::{ctrl_c, guide, settings};
use crate::collection::flow;
use crate::collection::model::Collection;
use crate::diagnostic::Diagnostic;
use crate::http::client::Client;
use crate::http::message::Exchange;
use crate::run::interrupt::Interrupt;
use crate::secrets::Secrets;
use crate::source::Sources;
use crate::variables::{Given, Origin, unknown_name};

/// Asks about the token and tells the answer: exit code 4 where the token is refused or lacks a scope.
pub fn execute(context: &mut Context, args: &TokenArgs) -> Result<Exit> {
    let mut voice = Voice::new(context, &args.messages);
    let mut subject = match Subject::read(context, args, &mut voice)? {
        Ok(subject) => subject,
        Err(exit) => return Ok(exit),
    };
    let interrupt = Interrupt::default();
    subject.ask_person(context, args, &interrupt);
    if interrupt.is_asked() {
        return Ok(Exit::Interrupted);
    }
    let mut refuse = |context: &mut Context, problem: &Diagnostic| {
        let problem = std::slice::from_ref(problem);
        Ok(voice.refuse(context, problem, &subject.sources))
    };
    let credentials = match Credentials::of(&subject.given) {
        Ok(credentials) => credentials,
        Err(problem) => return refuse(context, &problem),
    };
    if credentials.is_percent_encoded() {
        voice.tell(context, &told::percent_encoded(), &subject.sources);
        return Ok(Exit::Check);
    }
    let options = match settings::client(&args.http, context) {
        Ok(options) => options,
        Err(problem) => return refuse(context, &problem),
    };
    let mut client = Client::new(options)?;
    interrupt.watch(&client);
    let mut secrets = subject.secrets();
    let answer = Asking {
        client: &mut client,
        server: &subject.server,
        credentials: &credentials,
        http: &args.http,
        secrets: &mut secrets,
    }
    .answer();
    match answer {
        Ok(answer) => subject.tell(context, args, (&voice, &secrets), (&credentials, &answer)),
        Err(_) if interrupt.is_asked() => Ok(Exit::Interrupted),
        Err(error) => {
            let problem = Diagnostic::without_place("request-failed", error.to_string());
            voice.tell(context, &problem, &subject.sources);
            Ok(Exit::Request)
        }
    }
}

/// What is asked about, and for whom.
struct Subject {
    collections: Vec<Collection>,
    given: Vec<Given>,
    server: Url,
    sources: Sources,
}

impl Subject {
    /// Reads the collections and what is given; what is wrong is told.
    fn read(
        context: &mut Context,
        args: &TokenArgs,
        voice: &mut Voice,
    ) -> Result<std::result::Result<Self, Exit>> {
        let paths = args.paths.iter().cloned();
        let (from_stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) =
            paths.partition(|path| path.as_os_str() == "-");
        let places = match paths::find(&paths, Which::Runnable) {
            Ok(places) => places,
            Err(problem) => {
                let problem = Diagnostic::without_place("no-collection", problem);
                return Ok(Err(voice.refuse(context, &[problem], &Sources::default())));
            }
        };
        let values = with_dot_env(context, args);
        let read = Read::new(context, voice, (places, HashMap::new()), &values);
        let (read, diagnostics) = match read {
            Ok(read) => read,
            Err(exit) => return Ok(Err(exit)),
        };
        if diagnostics.has_errors() {
            let count = voice.tell_all(context, diagnostics, &read.sources);
            voice.nothing_was_sent(context, count);
            return Ok(Err(Exit::Invalid));
        }
        let Read {
            collections,
            values,
            sources,
            ..
        } = read;
        let unknown = unknown_names(&values, &collections, &sources);
        if !unknown.is_empty() {
            return Ok(Err(voice.refuse(context, &unknown, &sources)));
        }
        let mut given: Vec<Given> = values.all().cloned().collect();
        if !from_stdin.is_empty() {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            given.retain(|one| !is_token(one));
            given.push(credentials::access_token(text, Origin::Flag("-")));
        }
        let chosen = server::choose(&args.values, &given, collections.first(), &sources);
        let server = match chosen {
            Ok(server) => server,
            Err(problem) => return Ok(Err(voice.refuse(context, &[*problem], &sources))),
        };
        Ok(Ok(Self {
            collections,
            given,
            server,
            sources,
        }))
    }

    /// Asks a person for the token where none is given and somebody is there.
    fn ask_person(&mut self, context: &mut Context, args: &TokenArgs, interrupt: &Interrupt) {
        if self.given.iter().any(is_token) {
            return;
        }
        let asked = (args.no_input, args.messages.color);
        let mut guide = guide::person(context, asked, interrupt);
        if guide.is_there() {
            ctrl_c::watch(context, interrupt);
            self.given.extend(credentials::ask(&mut *guide));
        }
    }

    fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for one in self.given.iter().filter(|one| is_token(one) || one.secret) {
            secrets.add(&one.name, one.text.trim());
        }
        secrets
    }

    /// Tells the answer, and what the steps of the collections would miss.
    fn tell(
        &self,
        context: &mut Context,
        args: &TokenArgs,
        (voice, secrets): (&Voice, &Secrets),
        (credentials, answer): (&Credentials, &Answer),
    ) -> Result<Exit> {
        let wanted: Vec<Wanted<'_>> = self
            .collections
            .iter()
            .map(|collection| Wanted {
                file: self.sources.get(collection.source).name().to_owned(),
                needs: needs(collection),
            })
            .collect();
        let server = self.server.as_str().trim_end_matches('/');
        if args.json {
            let object = told::for_programs(answer, credentials, server, &wanted);
            writeln!(context.stdout, "{}", secrets.mask(&format!("{object:#}")))?;
        }
        let exit = match answer {
            Answer::Refused(exchange) => {
                let refusal = told::refusal(exchange, credentials);
                voice.tell(context, &refusal, &self.sources);
                Exit::Check
            }
            Answer::Unusable(exchange) => {
                voice.tell(context, &unusable(exchange), &self.sources);
                Exit::Request
            }
            _ => {
                if !args.json {
                    let text = told::for_people(answer, credentials, server, &wanted);
                    context.stdout.write_all(secrets.mask(&text).as_bytes())?;
                }
                let is_short = matches!(answer, Answer::PersonalWithoutAccount);
                if is_short || told::lacks_scope(answer, &wanted) {
                    Exit::Check
                } else {
                    Exit::Passed
                }
            }
        };
        context.stdout.flush()?;
        Ok(exit)
    }
}

fn is_token(given: &Given) -> bool {
    matches!(given.name.as_str(), "access_token" | "pat")
}

/// The answer is about something else than the token.
fn unusable(exchange: &Exchange) -> Diagnostic {
    let status = exchange.response.status;
    let message = format!(
        "`{}` answers with {status}, which says nothing of the token",
        exchange.request.url
    );
    Diagnostic::without_place("request-failed", message)
        .help("is this the accounts server? give another: `--variable accounts_url=…`")
}

/// The values of the call; without a collection the `.env` of this folder counts.
fn with_dot_env(context: &Context, args: &TokenArgs) -> ValueArgs {
    let mut values = args.values.clone();
    let here = context.folder.join(".env");
    if values.env_file.is_none()
        && args.paths.iter().all(|path| path.as_os_str() == "-")
        && here.is_file()
    {
        values.env_file = Some(PathBuf::from(".env"));
    }
    values
}

/// Names from outside that neither this command nor a collection knows; a `.env` may hold anything.
fn unknown_names(
    values: &Values,
    collections: &[Collection],
    sources: &Sources,
) -> Vec<Diagnostic> {
    let inputs = collections.iter().flat_map(flow::input_names);
    let captures = collections.iter().flat_map(flow::authorize_captures);
    let known: Vec<&str> = INPUTS.into_iter().chain(inputs).chain(captures).collect();
    values
        .all()
        .filter(|given| matches!(given.origin, Origin::Flag(_)))
        .filter(|given| !known.contains(&given.name.as_str()))
        .map(|given| {
            let origin = given.origin.describe(sources);
            let message = unknown_name(&given.name, known.iter().copied());
            Diagnostic::without_place("unknown-input", format!("{origin}: {message}"))
        })
        .collect()
}
