//! lcrun: a tutorial you can run.
