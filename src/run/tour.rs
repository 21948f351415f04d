//! A run step by step: a person decides before each step, and after one that failed.
//!
//! What a step came to is reported when the person has gone on, so that a report counts only the last
//! attempt of each.

use super::guide::{Ahead, Desk, Preview, Turn};
use super::outcome;
use super::runner::Run;
use crate::collection::model::{Defaults, Step};
use crate::event::{ProblemKind, Status, StepInfo, StepOutcome};

/// How far a person has come.
#[derive(Default)]
pub(super) struct Tour<'c> {
    /// How steps ended that are not reported yet: the one that can be repeated, and what was passed
    /// over behind it.
    pub(super) held: Vec<StepOutcome>,
    /// The step at which the person left.
    pub(super) left: Option<String>,
    /// The step that can be repeated.
    last: Option<Visit<'c>>,
    /// Whether nothing is asked until a step fails.
    resting: bool,
}

/// A step where it stands.
#[derive(Clone)]
pub(super) struct Visit<'c> {
    info: StepInfo,
    step: &'c Step,
    defaults: Vec<&'c Defaults>,
}

impl<'c> Visit<'c> {
    pub(super) fn new(info: StepInfo, step: &'c Step, defaults: &[&'c Defaults]) -> Self {
        Self {
            info,
            step,
            defaults: defaults.to_vec(),
        }
    }
}

/// What became of the question before a step.
enum Decided {
    Go,
    Not(Status),
}

impl<'c> Run<'_, 'c> {
    /// Does a step as the person wants it.
    pub(super) fn visit(&mut self, visit: Visit<'c>) {
        let decided = match self.walker.passed_over(visit.step) {
            Some(reason) => Decided::Not(Status::Skipped(reason)),
            None => self.decide(&visit),
        };
        match decided {
            _ if visit.step.is_prose() => {
                self.tell(outcome::without_exchange(visit.info, Status::Told));
            }
            Decided::Go => {
                self.release();
                self.attempt(&visit);
            }
            Decided::Not(status) => {
                let outcome = outcome::without_exchange(visit.info, status);
                self.guide.ended(&outcome);
                self.tell(outcome);
            }
        }
    }

    fn tour(&mut self) -> &mut Tour<'c> {
        self.tour
            .as_mut()
            .expect("only a run step by step gets here")
    }

    /// Whether nobody is asked any more: `finally` steps run by themselves then.
    fn is_alone(&mut self) -> bool {
        self.interrupt.is_asked() || self.tour().left.is_some()
    }

    /// Asks until it is clear what is done about a step.
    fn decide(&mut self, visit: &Visit<'c>) -> Decided {
        loop {
            if self.is_alone() || self.tour().resting {
                return Decided::Go;
            }
            let action = self.walker.preview(visit.step, &visit.defaults);
            let values = match action {
                Preview::Prose => Vec::new(),
                _ => self.walker.values(visit.step, &visit.defaults),
            };
            let turn = self.ask(|guide, desk| {
                guide.before(&Ahead {
                    step: &visit.info,
                    action: &action,
                    values: &values,
                    desk,
                })
            });
            if self.interrupt.is_asked() {
                return Decided::Not(Status::NotRun("interrupted".to_owned()));
            }
            match turn {
                Turn::Go => return Decided::Go,
                Turn::Skip => return Decided::Not(Status::Skipped("by hand".to_owned())),
                Turn::RunRest => self.tour().resting = true,
                Turn::Quit => {
                    self.leave(&visit.info);
                    let status = format!("left at {}", visit.info.id);
                    return Decided::Not(Status::NotRun(status));
                }
                Turn::Repeat => self.repeat(),
                Turn::Edit { name, text } => self.edit(&name, &text),
                Turn::Print(expression) => self.print(&expression),
            }
        }
    }

    /// Does a step until it passes, or the person leaves it behind.
    fn attempt(&mut self, visit: &Visit<'c>) {
        loop {
            let outcome = self.walk(visit.info.clone(), visit.step, &visit.defaults);
            self.guide.ended(&outcome);
            let failed = is_trouble(&outcome);
            self.keep(&outcome);
            let held = &mut self.tour().held;
            match held
                .iter_mut()
                .find(|held| held.step.number == outcome.step.number)
            {
                Some(before) => *before = outcome,
                None => held.push(outcome),
            }
            self.tour().last = Some(visit.clone());
            if !failed || self.is_alone() || !self.mend(visit) {
                return;
            }
        }
    }

    /// Asks what is to be done about a step that failed; whether it is to be done again.
    fn mend(&mut self, visit: &Visit<'c>) -> bool {
        self.tour().resting = false;
        loop {
            let turn = self.ask(|guide, desk| guide.mend(&desk));
            if self.interrupt.is_asked() {
                return false;
            }
            match turn {
                Turn::Repeat => return true,
                Turn::Go | Turn::Skip => return false,
                Turn::RunRest => {
                    self.tour().resting = true;
                    return false;
                }
                Turn::Quit => {
                    self.leave(&visit.info);
                    return false;
                }
                Turn::Edit { name, text } => self.edit(&name, &text),
                Turn::Print(expression) => self.print(&expression),
            }
        }
    }

    fn ask(&mut self, put: impl FnOnce(&mut dyn super::guide::Guide, Desk<'_>) -> Turn) -> Turn {
        let names = self.walker.names();
        let last = self.tour.as_ref().and_then(|tour| tour.last.as_ref());
        let desk = Desk {
            names: &names,
            last: last.map(|last| last.info.number.as_str()),
        };
        put(self.guide, desk)
    }

    fn leave(&mut self, at: &StepInfo) {
        self.tour().left = Some(at.id.clone());
    }

    fn repeat(&mut self) {
        match self.tour().last.take() {
            Some(last) => self.attempt(&last),
            None => self.guide.tell("no step was done yet"),
        }
    }

    fn edit(&mut self, name: &str, text: &str) {
        let told = match self.walker.edit(name, text) {
            Ok(told) | Err(told) => told,
        };
        self.guide.tell(&told);
    }

    fn print(&mut self, expression: &str) {
        let told = match self.walker.print(expression) {
            Ok(told) | Err(told) => told,
        };
        self.guide.tell(&told);
    }
}

/// Whether a step ended so that a run would stop; a snapshot stops nothing.
fn is_trouble(outcome: &StepOutcome) -> bool {
    let mut kinds = outcome.problems.iter().map(|problem| problem.kind);
    kinds.any(|kind| kind != ProblemKind::Snapshot)
}
