//! The token that is asked about, and where it comes from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::diagnostic::Diagnostic;
use crate::run::guide::{Guide, Question};
use crate::variables::{Given, Origin, winner, winner_of};

/// The inputs that `lcrun token` knows, beside those of collections.
pub const INPUTS: [&str; 4] = ["access_token", "pat", "account_id", "accounts_url"];

/// A token, and how it is sent.
pub enum Credentials {
    /// An access token.
    Bearer(String),
    /// A personal access token with the id of its account.
    Basic {
        /// The account.
        account_id: String,
        /// The token.
        pat: String,
    },
}

impl Credentials {
    /// The credentials among the values from outside: of an access token and a personal one, that which
    /// is given nearer to the command line.
    ///
    /// # Errors
    /// If there is no token, it lacks its account, or it can't be one.
    pub fn of(given: &[Given]) -> Result<Self, Box<Diagnostic>> {
        let Some(token) = winner_of(given, &["access_token", "pat"]) else {
            return Err(Box::new(no_token()));
        };
        let text = token.text.trim();
        check(&token.name, text)?;
        if token.name == "access_token" {
            return Ok(Self::Bearer(text.to_owned()));
        }
        match winner(given, "account_id") {
            Some(account) => Ok(Self::Basic {
                account_id: account.text.trim().to_owned(),
                pat: text.to_owned(),
            }),
            None => Err(Box::new(
                Diagnostic::without_place(
                    "missing-input",
                    "a personal access token is sent with the id of its account, and `account_id` has no value",
                )
                .help("give it: `--variable account_id=…`; Developer Console shows it beside the token"),
            )),
        }
    }

    /// The value of `Authorization`.
    pub fn authorization(&self) -> String {
        match self {
            Self::Bearer(token) => format!("Bearer {token}"),
            Self::Basic { account_id, pat } => {
                format!("Basic {}", STANDARD.encode(format!("{account_id}:{pat}")))
            }
        }
    }

    /// The region in the token, `dal` of `dal:…`, if it names one.
    pub fn region(&self) -> Option<&str> {
        let (Self::Bearer(token) | Self::Basic { pat: token, .. }) = self;
        token.split_once(':').map(|(region, _)| region)
    }

    /// Whether it was copied from an address without decoding it.
    pub fn is_percent_encoded(&self) -> bool {
        let (Self::Bearer(token) | Self::Basic { pat: token, .. }) = self;
        token.contains("%3A") || token.contains("%3a")
    }
}

/// Asks a person for an access token; `None` if nobody answers.
pub fn ask(guide: &mut dyn Guide) -> Option<Given> {
    let question = Question {
        help: Some("The token that is asked about. It is not shown."),
        secret: true,
        ..Question::new("access_token")
    };
    let text = guide.ask(&question)?;
    Some(access_token(text, Origin::Typed))
}

/// An access token that came in another way than those of all inputs.
pub fn access_token(text: String, origin: Origin) -> Given {
    Given {
        name: "access_token".to_owned(),
        text,
        origin,
        secret: true,
    }
}

/// What can't be a token is not sent. The text is never shown.
fn check(name: &str, text: &str) -> Result<(), Box<Diagnostic>> {
    let problem = if text.is_empty() {
        format!("`{name}` is empty")
    } else if text.split_whitespace().count() > 1 {
        format!("`{name}` holds spaces; give the token alone, without `Bearer` before it")
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        format!("`{name}` holds a character that no token has")
    } else {
        return Ok(());
    };
    Err(Box::new(Diagnostic::without_place("wrong-value", problem)))
}

fn no_token() -> Diagnostic {
    Diagnostic::without_place("missing-input", "there is no token to ask about")
        .help("give an access token in the environment, `LCRUN_SECRET_access_token=…`, or as `access_token=…` in a file `.env`")
        .help("or through a pipe: `lcrun token -` reads it from standard input")
        .help("or a personal access token: `pat=…` and `account_id=…` in `.env`")
}
