//! What is said of YAML that the parser can't read: first the advice, if a rule knows what was
//! meant, else the parser's reason in our words.

use granit_parser::ErrorKind;

use super::advice::{Broken, advice};
use super::parse::MAX_DEPTH;
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What is wrong at the place where the parser gave up.
pub(super) fn explain(broken: &Broken<'_>) -> Diagnostic {
    advice(broken).unwrap_or_else(|| plain(broken))
}

fn plain(broken: &Broken<'_>) -> Diagnostic {
    let end = broken.text[broken.at..]
        .chars()
        .next()
        .filter(|character| *character != '\n')
        .map_or(broken.at, |character| broken.at + character.len_utf8());
    let span = Span::new(broken.id, broken.at..end);
    if *broken.kind == ErrorKind::RecursionLimitExceeded {
        return too_deep(span);
    }
    let code = "yaml-syntax";
    match value_words(broken.kind).or_else(|| layout_words(broken.kind)) {
        Some((message, help)) => Diagnostic::error(code, message, span).maybe_help(help),
        // A kind that nobody has met by hand yet, in the parser's words.
        None => Diagnostic::error(code, format!("YAML can't read this: {}", broken.kind), span),
    }
}

/// What is said of lists and mappings that stand too deep inside each other.
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("nested deeper than {MAX_DEPTH} levels");
    Diagnostic::error("too-deep", message, span)
        .help("look for brackets that are never closed; what is this deep needs another shape")
}

/// A message, and what to type.
type Words = (&'static str, Option<&'static str>);

/// What mends most of what is wrong with a value.
const QUOTE: Option<&str> = Some("put it in quotes if it is a string");

/// The words for what may be wrong with a value.
fn value_words(kind: &ErrorKind) -> Option<Words> {
    use ErrorKind as Kind;
    Some(match kind {
        Kind::FlowMappingValueAdjacentCollection | Kind::InvalidMappingValueWhitespace => {
            ("a `:` needs a space after it", QUOTE)
        }
        Kind::UnexpectedCharacter { .. } | Kind::PlainScalarStartsWithDashFlowIndicator => {
            ("a value can't begin with this character", QUOTE)
        }
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => (
            "text after a closing quote",
            Some("look for a quote above that is not closed"),
        ),
        Kind::MissingAnchorOrAliasName => {
            ("`&` and `*` need the name of an anchor after them", QUOTE)
        }
        Kind::UndeclaredTagHandle
        | Kind::UnclosedVerbatimTag
        | Kind::InvalidTagTerminator
        | Kind::MissingTagUri
        | Kind::InvalidTagEscape
        | Kind::InvalidGlobalTagCharacter
        | Kind::ExpectedTagBang
        | Kind::InvalidTagUtf8
        | Kind::InvalidTagUtf8LeadingByte
        | Kind::InvalidTagUtf8TrailingByte => (
            "a value that begins with `!` is a tag, and this is not one",
            QUOTE,
        ),
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement => {
            ("a `:` makes a key, and no key may be here", QUOTE)
        }
        _ => return None,
    })
}

/// The words for what may be wrong with lines, brackets and the file as a whole.
fn layout_words(kind: &ErrorKind) -> Option<Words> {
    use ErrorKind as Kind;
    Some(match kind {
        Kind::InvalidSimpleKey | Kind::SimpleKeyExpected => (
            "a key must be on one line, be at most 1024 characters long, and end with `:`",
            None,
        ),
        Kind::ExpectedBlockMappingKey => ("expected a key", None),
        Kind::ExpectedBlockSequenceEntry => ("expected `- ` and an item of the list", None),
        Kind::BlockEntryInFlowCollection => (
            "a `- ` item can't be inside `[ ]` or `{ }`",
            Some("separate the items by commas"),
        ),
        Kind::ExpectedFlowSequenceSeparator => ("expected `,` or `]`", QUOTE),
        Kind::ExpectedFlowMappingSeparator => ("expected `,` or `}`", QUOTE),
        Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::UnexpectedEofBlockSequence
        | Kind::UnexpectedEofBlockMapping
        | Kind::UnexpectedEof
        | Kind::ExpectedNodeContent => ("expected a value", QUOTE),
        Kind::MappingKeyNotAllowed => ("a `? ` key can't be here", QUOTE),
        Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
            ("`|` and `>` begin a block of text on the next line", QUOTE)
        }
        Kind::InvalidBlockScalarIndent => (
            "the first lines of this block are indented deeper than this one",
            Some("write the indentation after the `|` or `>`, as in `|2`"),
        ),
        Kind::DirectiveDisallowed
        | Kind::MissingDirectiveName
        | Kind::InvalidDirectiveName
        | Kind::InvalidDirectiveTerminator
        | Kind::MissingDocumentEndBeforeDirective
        | Kind::DirectiveByteLimitExceeded { .. }
        | Kind::TooManyReservedDirectiveParams { .. } => {
            ("a line that begins with `%` is a directive of YAML", QUOTE)
        }
        Kind::UnsupportedYamlMajorVersion
        | Kind::MissingYamlVersion
        | Kind::MissingYamlVersionSeparator
        | Kind::YamlVersionTooLong
        | Kind::DuplicateVersionDirective => {
            ("this version of YAML is not known", Some("remove the line"))
        }
        Kind::ExpectedDocumentStart => (
            "something else comes before, and nothing more can follow it",
            Some("a file holds one mapping, list or string"),
        ),
        Kind::InvalidDocumentEnd => ("nothing may follow `...` on its line", None),
        Kind::BomInsideDocument => (
            "a byte order mark in the middle of the file",
            Some("remove it; files joined by hand often hold one"),
        ),
        _ => return None,
    })
}
