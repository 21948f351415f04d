//! Ctrl-C, and the signals that ask a program to end.

use std::sync::atomic::{AtomicBool, Ordering};

use super::context::Context;
use super::exit::Exit;
use super::terminal::Terminal;
use crate::run::interrupt::Interrupt;

/// From now on the first Ctrl-C ends the run in order, the second one at once; the terminal is left
/// as it was found.
pub fn watch(context: &Context, interrupt: &Interrupt) {
    let interrupt = interrupt.clone();
    let terminals: Vec<Terminal> = [&context.terminal, &context.asking]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let pressed = AtomicBool::new(false);
    // Only the first handler of a process is set, which is enough.
    let _ = ctrlc::set_handler(move || {
        if pressed.swap(true, Ordering::SeqCst) {
            terminals.iter().for_each(Terminal::restore);
            leave();
        }
        interrupt.trigger();
        terminals.iter().for_each(Terminal::interrupt);
    });
}

#[expect(clippy::exit, reason = "the second Ctrl-C means now")]
fn leave() -> ! {
    std::process::exit(i32::from(Exit::Interrupted.code()))
}
