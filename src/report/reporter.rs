//! What every reporter can do, and several of them as one.

use std::io;
use std::time::Duration;

use crate::event::Event;

/// Something that tells what happens in a run.
pub trait Reporter {
    /// Tells what happened.
    fn report(&mut self, event: &Event<'_>) -> io::Result<()>;

    /// Tells that a collection was passed over, and why.
    fn passed_over(&mut self, file: &str, reason: &str) -> io::Result<()>;

    /// Tells that nothing follows; the run took this long.
    fn finish(&mut self, duration: Duration) -> io::Result<()>;
}

/// Several reporters. One that can't write is told nothing more; the run and the others go on, since
/// a reader that goes away (`lcrun … | head`) must not keep `finally` steps from running.
#[derive(Default)]
pub struct Reporters<'r>(Vec<Member<'r>>);

struct Member<'r> {
    reporter: Box<dyn Reporter + 'r>,
    broken: Option<io::Error>,
}

impl<'r> Reporters<'r> {
    /// Adds one.
    pub fn add(&mut self, reporter: impl Reporter + 'r) {
        self.0.push(Member {
            reporter: Box::new(reporter),
            broken: None,
        });
    }

    /// Tells all what happened.
    pub fn report(&mut self, event: &Event<'_>) {
        self.each(|reporter| reporter.report(event));
    }

    /// Tells all that a collection was passed over, and why.
    pub fn passed_over(&mut self, file: &str, reason: &str) {
        self.each(|reporter| reporter.passed_over(file, reason));
    }

    /// Tells all that nothing follows.
    ///
    /// # Errors
    ///
    /// The first one that a reporter met; that a reader has gone away is none.
    pub fn finish(mut self, duration: Duration) -> io::Result<()> {
        self.each(|reporter| reporter.finish(duration));
        let mut errors = self.0.into_iter().filter_map(|member| member.broken);
        match errors.find(|error| error.kind() != io::ErrorKind::BrokenPipe) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    fn each(&mut self, mut tell: impl FnMut(&mut dyn Reporter) -> io::Result<()>) {
        for member in &mut self.0 {
            if member.broken.is_none() {
                member.broken = tell(&mut *member.reporter).err();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    struct Counter<'c> {
        told: &'c Cell<usize>,
        breaks_with: Option<io::ErrorKind>,
    }

    impl Reporter for Counter<'_> {
        fn report(&mut self, _: &Event<'_>) -> io::Result<()> {
            Ok(())
        }

        fn passed_over(&mut self, _: &str, _: &str) -> io::Result<()> {
            self.told.set(self.told.get() + 1);
            match self.breaks_with {
                Some(kind) => Err(kind.into()),
                None => Ok(()),
            }
        }

        fn finish(&mut self, _: Duration) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reporter_that_breaks_is_left_alone_and_the_others_go_on() {
        let (first, second) = (Cell::new(0), Cell::new(0));
        let mut reporters = Reporters::default();
        reporters.add(Counter {
            told: &first,
            breaks_with: Some(io::ErrorKind::StorageFull),
        });
        reporters.add(Counter {
            told: &second,
            breaks_with: None,
        });
        reporters.passed_over("a", "b");
        reporters.passed_over("a", "b");
        let error = reporters.finish(Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!((first.get(), second.get()), (1, 2));
    }

    #[test]
    fn a_reader_that_has_gone_away_is_no_error() {
        let told = Cell::new(0);
        let mut reporters = Reporters::default();
        reporters.add(Counter {
            told: &told,
            breaks_with: Some(io::ErrorKind::BrokenPipe),
        });
        reporters.passed_over("a", "b");
        assert!(reporters.finish(Duration::ZERO).is_ok());
    }
}
