//! Why a run can't begin.

use crate::source::Span;
use crate::variables::{Given, ValueType};

/// Why a run can't begin.
#[derive(Debug)]
pub enum Refusal {
    /// The collection has no environment of this name, but these.
    NoEnvironment(Vec<String>),
    /// Values that do not fit, or that are not there.
    Values {
        /// The texts from outside that are not of the type of their input.
        wrong: Vec<WrongType>,
        /// The inputs without a value that the chosen steps use.
        missing: Vec<Missing>,
    },
}

/// A text from outside that is not of the type of its input.
#[derive(Debug, Clone)]
pub struct WrongType {
    /// The text, and who gave it.
    pub given: Given,
    /// The type.
    pub kind: ValueType,
    /// What is wrong, as a fragment: "is not a number".
    pub why: String,
}

/// An input without a value.
#[derive(Debug, Clone)]
pub struct Missing {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Where it is declared.
    pub declared: Option<Span>,
    /// Whether it should be given as a secret.
    pub secret: bool,
    /// What a text that is given is read as.
    pub kind: ValueType,
}
