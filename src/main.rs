//! The `lcrun` command.

fn main() {}
