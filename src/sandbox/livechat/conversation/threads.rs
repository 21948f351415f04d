//! `list_threads`: a chat's threads, page by page, or the latest ones that have so many events together.

use serde::{Deserialize, Serialize};

use crate::sandbox::livechat::chats::{Chat, Order, Page, PageRequest, Thread};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, List};

const LIST: List = List {
    name: "list_threads",
    limit: 3,
    max: 100,
};

/// Which threads of which chat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ThreadFilters {
    chat_id: String,
    from: Option<Moment>,
    to: Option<Moment>,
}

/// What a request to `list_threads` says.
#[derive(Clone, Debug)]
pub struct ThreadsWanted {
    page: PageRequest<ThreadFilters>,
    min_events: Option<usize>,
}

impl ThreadsWanted {
    /// Reads a request. The chat must be said with a `page_id` too, and be the same.
    ///
    /// # Errors
    /// If an argument is wrong, or excludes another.
    pub fn read(
        arguments: &Arguments<'_>,
        now: Moment,
        has_filters: bool,
    ) -> Result<Self, ApiError> {
        let filters = if has_filters { &["filters"][..] } else { &[] };
        let known = [
            "chat_id",
            "sort_order",
            "limit",
            "page_id",
            "min_events_count",
        ];
        arguments.allow(&[&known, filters].concat())?;
        let chat_id = arguments.required("chat_id")?;
        let min_events = arguments.count("min_events_count", 100)?;
        for other in ["limit", "filters"] {
            if min_events.is_some() && arguments.get(other).is_some() {
                return Err(arguments.invalid(other, "cannot be used with `min_events_count`"));
            }
        }
        let page = LIST.page(arguments, now, || {
            let filters = arguments.object("filters")?;
            let moment = |name| filters.as_ref().map(|given| given.moment(name)).transpose();
            if let Some(filters) = &filters {
                filters.allow(&["from", "to"])?;
            }
            let (from, to) = (moment("from")?.flatten(), moment("to")?.flatten());
            Ok(ThreadFilters {
                chat_id: chat_id.to_owned(),
                from,
                to,
            })
        })?;
        if page.filters.chat_id != chat_id {
            return Err(arguments.invalid("page_id", "is another chat's"));
        }
        Ok(Self { page, min_events })
    }

    /// The chat.
    pub fn chat_id(&self) -> &str {
        &self.page.filters.chat_id
    }

    /// The threads that are wanted, of those that `visible` accepts.
    pub fn cut(&self, chat: &Chat, visible: impl Fn(&Thread) -> bool) -> Page {
        let found = (0..chat.threads.len()).filter(|index| {
            let thread = &chat.threads[*index];
            thread.created_at <= self.page.as_of && self.accepts(thread) && visible(thread)
        });
        let found: Vec<usize> = found.collect();
        let Some(min_events) = self.min_events else {
            return self.page.cut(found, |position| position);
        };
        let mut events = 0;
        let latest = found.iter().rev().take_while(|index| {
            let enough = events >= min_events;
            events += chat.threads[**index].events.len();
            !enough
        });
        let mut positions: Vec<usize> = latest.copied().collect();
        if self.page.order == Order::Ascending {
            positions.reverse();
        }
        Page {
            positions,
            found: found.len(),
            next: None,
            previous: None,
        }
    }

    fn accepts(&self, thread: &Thread) -> bool {
        let ThreadFilters { from, to, .. } = &self.page.filters;
        from.is_none_or(|from| thread.created_at >= from)
            && to.is_none_or(|to| thread.created_at <= to)
    }
}

/// What a client gets for `list_threads`. `T` is how it sees a thread.
#[derive(Debug, Serialize)]
pub struct ThreadList<T> {
    threads: Vec<T>,
    found_threads: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_page_id: Option<String>,
}

impl<T> ThreadList<T> {
    /// The threads of a page, each as `view` shows the one at a position.
    pub fn new(page: Page, view: impl FnMut(usize) -> T) -> Self {
        Self {
            threads: page.positions.into_iter().map(view).collect(),
            found_threads: page.found,
            next_page_id: page.next,
            previous_page_id: page.previous,
        }
    }
}
