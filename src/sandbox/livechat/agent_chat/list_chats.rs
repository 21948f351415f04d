//! `list_chats`: summaries of the chats that the caller may see, by filters, page by page.
//! They are in the order in which their last threads began, as far as there were any when the first page
//! was asked for: a chat that is resumed meanwhile must not move from one page to another.

use serde::{Deserialize, Serialize};

use super::access::Reach;
use super::actions::Call;
use super::filters::PropertyFilter;
use super::view::View;
use crate::sandbox::livechat::chats::{Chat, Page};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, List, Version};
use crate::sandbox::livechat::wire::Response;

const LIST: List = List {
    name: "agent/list_chats",
    limit: 10,
    max: 100,
};

/// Which chats are wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Filters {
    /// Both kinds if nothing is said.
    active: Option<bool>,
    include_chats_without_threads: bool,
    group_ids: Option<Vec<i64>>,
    properties: Vec<PropertyFilter>,
}

/// Answers a call.
///
/// # Errors
/// If an argument is wrong or a scope is missing.
pub fn handle(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    let arguments = call.arguments;
    arguments.allow(&["filters", "sort_order", "limit", "page_id"])?;
    let filters = || Filters::read(arguments.object("filters")?, call.version);
    let wanted = LIST.page(arguments, state.clock.now(), filters)?;
    let reach = Reach::reading(call.caller)?;
    let all = state.chats.all();
    let found = (0..all.len()).filter(|position| {
        let chat = &all[*position];
        reach.includes(chat) && chat.was_there(wanted.as_of) && wanted.filters.accept(chat)
    });
    let key = |position: usize| {
        let chat = all.get(position);
        (
            chat.and_then(|chat| chat.last_began(wanted.as_of)),
            position,
        )
    };
    let page = wanted.cut(found.collect(), key);
    let view = View::new(state, &call.caller.account, call.version);
    Ok(respond(&view, all, page))
}

fn respond(view: &View<'_>, all: &[Chat], page: Page) -> Response {
    #[derive(Serialize)]
    struct Body<S> {
        #[serde(skip_serializing_if = "Option::is_none")]
        chats_summary: Option<S>,
        #[serde(skip_serializing_if = "Option::is_none")]
        chats_info: Option<S>,
        found_chats: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_page_id: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous_page_id: Option<String>,
    }
    let Page {
        positions,
        found: found_chats,
        next: next_page_id,
        previous: previous_page_id,
    } = page;
    let chats = positions
        .iter()
        .map(|position| view.summary(&all[*position]));
    let chats: Vec<_> = chats.collect();
    let (chats_summary, chats_info) = if view.version >= Version::V3_7 {
        (None, Some(chats))
    } else {
        (Some(chats), None)
    };
    let body = Body {
        chats_summary,
        chats_info,
        found_chats,
        next_page_id,
        previous_page_id,
    };
    Response::json(200, &body)
}

impl Filters {
    /// Up to 3.5 there is `include_active`, which can only leave active chats out.
    fn read(arguments: Option<Arguments<'_>>, version: Version) -> Result<Self, ApiError> {
        let Some(arguments) = arguments else {
            return Ok(Self {
                active: None,
                include_chats_without_threads: true,
                group_ids: None,
                properties: Vec::new(),
            });
        };
        let old = version <= Version::V3_5;
        let activity = if old { "include_active" } else { "active" };
        arguments.allow(&[
            activity,
            "include_chats_without_threads",
            "group_ids",
            "properties",
        ])?;
        let active = arguments.boolean(activity)?;
        let without_threads = arguments.boolean("include_chats_without_threads")?;
        Ok(Self {
            active: if old && active == Some(true) {
                None
            } else {
                active
            },
            include_chats_without_threads: without_threads.unwrap_or(true),
            group_ids: arguments.integers("group_ids", 200)?,
            properties: PropertyFilter::read_all(&arguments)?,
        })
    }

    fn accept(&self, chat: &Chat) -> bool {
        self.active.is_none_or(|active| active == chat.is_active())
            && (self.include_chats_without_threads || !chat.threads.is_empty())
            && self.group_ids.as_ref().is_none_or(|wanted| {
                wanted
                    .iter()
                    .any(|group| chat.access.group_ids.contains(group))
            })
            && self
                .properties
                .iter()
                .all(|filter| filter.accepts(&chat.properties))
    }
}
