//! The person at the terminal, as a guide of the run.
//!
//! - [`line`]: a line that is typed, seen or not
//! - [`attended`]: asks what only a person can say
//! - [`tutor`]: goes through a collection step by step
//! - [`page`]: what a step looks like there; [`markdown`]: its prose

pub mod attended;
pub mod line;
pub mod markdown;

use attended::Attended;

use super::args::RunArgs;
use super::context::Context;
use super::voice::use_color;
use crate::run::guide::{Guide, Unattended};
use crate::run::interrupt::Interrupt;

/// The person at the terminal, if there is one who may be asked.
pub fn whoever_is_there(
    context: &Context,
    args: &RunArgs,
    interrupt: &Interrupt,
) -> Box<dyn Guide> {
    match &context.asking {
        Some(terminal) if !args.no_input && !context.is_ci() => {
            let color = use_color(args.color, context, context.stderr_is_terminal);
            Box::new(Attended::new(terminal.clone(), interrupt.clone(), color))
        }
        _ => Box::new(Unattended),
    }
}
