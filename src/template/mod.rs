//! Templates and expressions, and what they see.
//!
//! - `engine`: minijinja, set up: JSON's notation, strict about what is undefined, bounded
//! - `compiled`: a template and an expression, ready to be evaluated
//! - `cache`: those of a collection, each text compiled once, errors at their place in the file
//! - `scope`: the names they see
//! - `response`, `body`, `cookies`: an exchange as expressions see it
//! - `value`, `print`: values as JSON
//! - `operands`: the parts of a failed assert with their values
//! - `facts`: what can be said of a text without evaluating it
//! - `error`, `hints`, `foreign`, `blocks`, `diagnose`, `missing`, `wording`: what is wrong, at which byte, and what to type instead
//! - `syntax`, `names`, `calls`, `lower`: a text's tree, the names it uses, whether what it calls
//!   exists, and its way into the compiler
//! - `signatures`, `arguments`: what each call takes, and whether it gets that
//! - `attributes`: what a response always has
//! - `functions`, `filters`, `encodings`, `is_tests`, `methods`, `operators`, `patterns`: what can
//!   be called

mod arguments;
mod attributes;
mod blocks;
mod body;
mod cache;
mod calls;
mod compiled;
mod cookies;
mod diagnose;
mod encodings;
mod engine;
mod error;
mod facts;
mod filters;
mod foreign;
mod functions;
mod hints;
mod is_tests;
mod lower;
mod methods;
mod missing;
mod names;
mod operands;
mod operators;
mod patterns;
mod print;
mod response;
mod scope;
mod signatures;
mod syntax;
mod value;
mod wording;

pub use body::{Body, ContentType};
pub use cache::{Compiled, Failure};
pub use calls::POSTMAN;
pub use compiled::{Expression, Template};
pub use engine::{Clock, Engine, EngineOptions, LookUp, Tell};
pub use error::{Cause, TemplateError};
pub use facts::{
    Comparison, asks_for, comparisons, exposed_names, literal_parts, lone_name, template_asks_for,
};
pub use functions::RESERVED_NAMES;
pub use minijinja::value::ValueKind;
pub use names::{NameUse, Uses};
pub use operands::Operand;
pub use print::{display, text};
pub use response::{ExchangeView, RESPONSE_NAMES};
pub use scope::Scope;
pub use value::{Unprintable, Value, is_omit, to_json};
