//! How often a token may be used. Switched off at the start: the real numbers are not documented.

use std::collections::HashMap;
use std::time::Duration;

use super::clock::Moment;

/// A number of requests in a span of time, for each token.
#[derive(Debug, Default)]
pub struct RateLimit {
    rule: Option<(u32, Duration)>,
    used: HashMap<String, (Moment, u32)>,
}

impl RateLimit {
    /// Allows `requests` in `window`, or as many as one likes.
    pub fn set(&mut self, rule: Option<(u32, Duration)>) {
        *self = Self {
            rule,
            used: HashMap::new(),
        };
    }

    /// Counts a request; whether it is still within the limit.
    pub fn admits(&mut self, token: &str, now: Moment) -> bool {
        let Some((requests, window)) = self.rule else {
            return true;
        };
        // Tokens that are no longer used must not be kept for ever.
        self.used.retain(|_, (since, _)| now.since(*since) < window);
        let (_, count) = self.used.entry(token.to_owned()).or_insert((now, 0));
        *count = count.saturating_add(1);
        *count <= requests
    }
}
