//! What a run is given, and how it ends.

use super::inputs::Inputs;
use super::login::Login;
use super::plan::Plan;
use super::request::Overrides;
use super::snapshots::Snapshots;
use super::state::Keeping;
use super::taint::SharedSecrets;
use crate::authorize::way::Way;
use crate::collection::model::Collection;
use crate::event::Counts;
use crate::http::client::ClientOptions;
use crate::source::Sources;
use crate::template::Compiled;

/// How a run is to be done, the same for every collection of a call.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Go on after a failed step.
    pub continue_on_error: bool,
    /// What the command line adds to every request.
    pub overrides: Overrides,
    /// How the client behaves.
    pub client: ClientOptions,
    /// How browser steps get their answer.
    pub browser: BrowserSettings,
    /// What reporters want to see of a step where nothing is wrong.
    pub detail: Detail,
}

/// How browser steps get their answer.
#[derive(Debug, Clone, Copy, Default)]
pub struct BrowserSettings {
    /// `--authorize`: the way that was asked for.
    pub way: Option<Way>,
    /// Whether a browser can be opened here, and somebody would see it.
    pub is_at_hand: bool,
}

/// What reporters want to see of a step where nothing is wrong.
#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// What was captured.
    pub captures: bool,
    /// Which asserts were looked at, and whether each held.
    pub checks: bool,
    /// Request and response.
    pub exchange: bool,
}

/// Everything that a run of one collection knows.
pub struct Job<'c> {
    /// The collection.
    pub collection: &'c Collection,
    /// The files, for places.
    pub sources: &'c Sources,
    /// Its templates.
    pub compiled: &'c Compiled<'c>,
    /// The values that it begins with.
    pub inputs: Inputs<'c>,
    /// The steps to run.
    pub plan: Plan,
    /// Its secrets.
    pub secrets: SharedSecrets,
    /// What it does about snapshots.
    pub snapshots: Snapshots,
    /// What the embedded server supplies: names and values.
    pub supplied: Vec<(&'static str, String)>,
    /// What is kept between runs, where the collection keeps something and the server is a real one.
    pub login: Option<Login>,
    /// What it does about its state, if that is kept.
    pub keeping: Option<Keeping<'c>>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Verdict {
    /// A request could not be made or rendered.
    pub request_failed: bool,
    /// A check failed.
    pub check_failed: bool,
    /// It was interrupted.
    pub interrupted: bool,
    /// How its steps ended.
    pub counts: Counts,
}

impl Verdict {
    /// Two runs taken together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let mut counts = self.counts;
        counts += other.counts;
        Self {
            request_failed: self.request_failed || other.request_failed,
            check_failed: self.check_failed || other.check_failed,
            interrupted: self.interrupted || other.interrupted,
            counts,
        }
    }
}
