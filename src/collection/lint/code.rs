//! Every kind of warning that a step or a file may `allow`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// A kind of warning, by the code that messages show and `allow` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Lint {
    /// A capture has the name of an input or a variable, which is out of reach from then on.
    HiddenName,
    /// A line of a list that became a part of the text above it.
    LineInText,
    /// A credential is written in the file.
    LiteralSecret,
    /// A name is captured only under a `when`, and used without it.
    MaybeUndefined,
    /// The `when` of a step is never true.
    NeverRuns,
    /// A number does not print back as it was written.
    NumberChanges,
    /// A personal access token is sent as a bearer token.
    PatAsBearer,
    /// A token or code holds `%3A` where a colon is meant.
    PercentEncodedToken,
    /// A secret stands in a URL, where servers and proxies log it.
    SecretInUrl,
    /// A secret goes over `http://` to another host.
    SecretOverHttp,
    /// An assert compares a capture with what it was just captured from.
    SelfComparison,
    /// A rule of a snapshot matches nothing in the response.
    UnmatchedRule,
    /// A sample such as `YOUR_CODE_HERE` was never replaced.
    UnreplacedPlaceholder,
    /// Nothing uses a capture.
    UnusedCapture,
    /// Nothing uses an input, or a value of an environment.
    UnusedInput,
    /// Nothing uses a variable.
    UnusedVariable,
}

impl Lint {
    /// All of them, by their codes.
    pub const ALL: [Lint; 16] = [
        Lint::HiddenName,
        Lint::LineInText,
        Lint::LiteralSecret,
        Lint::MaybeUndefined,
        Lint::NeverRuns,
        Lint::NumberChanges,
        Lint::PatAsBearer,
        Lint::PercentEncodedToken,
        Lint::SecretInUrl,
        Lint::SecretOverHttp,
        Lint::SelfComparison,
        Lint::UnmatchedRule,
        Lint::UnreplacedPlaceholder,
        Lint::UnusedCapture,
        Lint::UnusedInput,
        Lint::UnusedVariable,
    ];

    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Lint::HiddenName => "hidden-name",
            Lint::LineInText => "line-in-text",
            Lint::LiteralSecret => "literal-secret",
            Lint::MaybeUndefined => "maybe-undefined",
            Lint::NeverRuns => "never-runs",
            Lint::NumberChanges => "number-changes",
            Lint::PatAsBearer => "pat-as-bearer",
            Lint::PercentEncodedToken => "percent-encoded-token",
            Lint::SecretInUrl => "secret-in-url",
            Lint::SecretOverHttp => "secret-over-http",
            Lint::SelfComparison => "self-comparison",
            Lint::UnmatchedRule => "unmatched-rule",
            Lint::UnreplacedPlaceholder => "unreplaced-placeholder",
            Lint::UnusedCapture => "unused-capture",
            Lint::UnusedInput => "unused-input",
            Lint::UnusedVariable => "unused-variable",
        }
    }
}

impl Lint {
    /// A warning of this kind at a place.
    pub(super) fn at(self, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(self.code(), message, span)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer as _;
    use serde::de::value::{Error, StrDeserializer};

    use super::*;

    #[test]
    fn what_allow_takes_is_the_code_that_messages_show() {
        for lint in Lint::ALL {
            let code: StrDeserializer<Error> = lint.code().into_deserializer();
            assert_eq!(Lint::deserialize(code), Ok(lint));
        }
        let mut codes = Lint::ALL.map(Lint::code);
        codes.sort_unstable();
        assert_eq!(codes, Lint::ALL.map(Lint::code));
    }
}
