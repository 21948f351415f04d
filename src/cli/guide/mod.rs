//! The person at the terminal, as a guide of the run.
//!
//! - [`line`]: a line that is typed, seen or not
//! - [`attended`]: asks what only a person can say
//! - [`log`]: where nobody is there, tells whoever reads standard error later
//! - [`tutor`]: goes through a collection step by step
//! - [`page`]: what a step looks like there; [`markdown`]: its prose

pub mod attended;
pub mod line;
pub mod log;
pub mod markdown;
pub mod page;
pub mod tutor;

use attended::Attended;
use log::Log;
use tutor::Tutor;

use super::args::{Color, RunArgs};
use super::context::Context;
use super::prepare::Call;
use super::voice::use_color;
use crate::run::guide::Guide;
use crate::run::interrupt::Interrupt;

/// The person at the terminal, if there is one who may be asked.
pub fn whoever_is_there(
    context: &Context,
    args: &RunArgs,
    interrupt: &Interrupt,
) -> Box<dyn Guide> {
    person(context, (args.no_input, args.messages.color), interrupt)
}

/// The same for a command that runs nothing: whether nothing is to be asked, and when to use colours.
pub fn person(
    context: &Context,
    (no_input, color): (bool, Color),
    interrupt: &Interrupt,
) -> Box<dyn Guide> {
    match &context.asking {
        Some(terminal) if !no_input && !context.is_ci() => {
            let color = use_color(color, context, context.stderr_is_terminal);
            Box::new(Attended::new(terminal.clone(), interrupt.clone(), color))
        }
        _ => Box::new(Log),
    }
}

/// The person who goes through the collections of a call step by step, if that was asked for.
pub fn tutor<'s>(context: &Context, call: &Call<'s>, interrupt: &Interrupt) -> Option<Tutor<'s>> {
    let terminal = context.terminal.clone().filter(|_| call.args.step)?;
    let color = use_color(
        call.args.messages.color,
        context,
        context.stdout_is_terminal,
    );
    let person = Attended::new(terminal, interrupt.clone(), color);
    Some(Tutor::new(person, call.sources))
}
