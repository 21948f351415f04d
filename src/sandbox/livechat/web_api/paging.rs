//! How a request asks for a page: by `filters`, `sort_order` and `limit`, or by `page_id` alone.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::arguments::Arguments;
use super::error::ApiError;
use crate::sandbox::livechat::chats::{Order, PageRequest};
use crate::sandbox::livechat::clock::Moment;

/// A list that comes in pages.
#[derive(Clone, Copy, Debug)]
pub struct List {
    /// Its name within page ids.
    pub name: &'static str,
    /// How many items a page has unless told otherwise.
    pub limit: usize,
    /// How many it has at most.
    pub max: usize,
}

impl List {
    /// Reads which page is wanted; `filters` is called unless a page id says it all.
    ///
    /// # Errors
    /// If an argument is wrong, or comes beside `page_id`.
    pub fn page<F: Serialize + DeserializeOwned + Clone>(
        &self,
        arguments: &Arguments<'_>,
        now: Moment,
        filters: impl FnOnce() -> Result<F, ApiError>,
    ) -> Result<PageRequest<F>, ApiError> {
        if let Some(id) = arguments.string("page_id")? {
            for other in ["filters", "sort_order", "limit", "min_events_count"] {
                if arguments.get(other).is_some() {
                    return Err(arguments.invalid(other, "cannot be used together with `page_id`"));
                }
            }
            let known = PageRequest::from_id(self.name, id, now);
            return known.ok_or_else(|| arguments.invalid("page_id", "is invalid"));
        }
        let order = match arguments.string("sort_order")? {
            None | Some("desc") => Order::Descending,
            Some("asc") => Order::Ascending,
            Some(_) => return Err(arguments.invalid("sort_order", "must be `asc` or `desc`")),
        };
        let limit = arguments.count("limit", self.max)?.unwrap_or(self.limit);
        Ok(PageRequest::first(self.name, filters()?, order, limit, now))
    }
}
