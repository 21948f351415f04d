//! `list_archives`: closed threads, each with its chat, by a wealth of filters.

use serde::Serialize;

use super::access::Reach;
use super::actions::Call;
use super::archive_filters::Filters;
use super::archived::Archived;
use super::chats::ChatBody;
use super::view::View;
use crate::sandbox::livechat::chats::{Page, Place};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, List};
use crate::sandbox::livechat::wire::Response;

const LIST: List = List {
    name: "agent/list_archives",
    limit: 10,
    max: 100,
};

/// The tags that are put around what was searched for.
struct Highlights<'a> {
    before: &'a str,
    after: &'a str,
}

impl<'a> Highlights<'a> {
    fn read(arguments: &Arguments<'a>) -> Result<Option<Self>, ApiError> {
        let Some(highlights) = arguments.object("highlights")? else {
            return Ok(None);
        };
        highlights.allow(&["pre_tag", "post_tag"])?;
        match (
            highlights.string("pre_tag")?,
            highlights.string("post_tag")?,
        ) {
            (Some(before), Some(after)) => Ok(Some(Self { before, after })),
            (None, None) => Ok(Some(Self {
                before: "<em>",
                after: "</em>",
            })),
            _ => Err(highlights.invalid("pre_tag", "and `post_tag` are required together")),
        }
    }
}

/// Answers a call.
///
/// # Errors
/// If an argument is wrong or a scope is missing.
pub fn handle(state: &State, call: &Call<'_>) -> Result<Response, ApiError> {
    let arguments = call.arguments;
    arguments.allow(&["filters", "page_id", "sort_order", "limit", "highlights"])?;
    let highlights = Highlights::read(arguments)?;
    let wanted = LIST.page(arguments, state.clock.now(), || {
        let filters = Filters::read(arguments.object("filters")?)?;
        for other in ["sort_order", "limit"] {
            if filters.names_threads() && arguments.get(other).is_some() {
                return Err(arguments.invalid(other, "cannot be used with `filters.thread_ids`"));
            }
        }
        Ok(filters)
    })?;
    let reach = Reach::reading(call.caller)?;
    let places = state.chats.threads();
    let found = (0..places.len()).filter(|position| {
        let archived = Archived::new(state, places[*position]);
        !archived.thread.active
            && archived.thread.created_at <= wanted.as_of
            && reach.includes_part(archived.chat, &archived.thread.access)
            && wanted.filters.accept(&archived)
    });
    let page = wanted.cut(found.collect(), |position| position);
    let view = View::new(state, &call.caller.account, call.version);
    let query = wanted.filters.query.as_deref().unwrap_or_default();
    let marked = highlights.map(|tags| (query, tags));
    let bodies = page
        .positions
        .iter()
        .map(|position| body(state, &view, &reach, places[*position], marked.as_ref()));
    Ok(respond(bodies.collect(), &page))
}

fn respond(chats: Vec<ChatBody<'_>>, page: &Page) -> Response {
    #[derive(Serialize)]
    struct Body<'a> {
        chats: Vec<ChatBody<'a>>,
        found_chats: usize,
        #[serde(skip_serializing_if = "Option::is_none")]
        next_page_id: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        previous_page_id: Option<&'a str>,
    }
    let body = Body {
        chats,
        found_chats: page.found,
        next_page_id: page.next.as_deref(),
        previous_page_id: page.previous.as_deref(),
    };
    Response::json(200, &body)
}

fn body<'a>(
    state: &'a State,
    view: &View<'a>,
    reach: &Reach<'_>,
    place: Place,
    marked: Option<&(&str, Highlights<'_>)>,
) -> ChatBody<'a> {
    let chat = state.chats.at(place.chat);
    let mut thread = view.thread(chat, place.thread);
    let reachable = |index: &usize| reach.includes_part(chat, &chat.threads[*index].access);
    let id_at = |index: usize| chat.threads[index].id.as_str();
    thread.previous_accessible_thread_id = (0..place.thread).rev().find(reachable).map(id_at);
    thread.next_accessible_thread_id = (place.thread + 1..chat.threads.len())
        .find(reachable)
        .map(id_at);
    if let Some((query, tags)) = marked {
        for event in &mut thread.events {
            event.highlight(query, (tags.before, tags.after));
        }
    }
    ChatBody {
        id: &chat.id,
        thread: Some(thread),
        users: view.users(chat),
        properties: &chat.properties,
        access: &chat.access,
        is_followed: view.follows(chat),
    }
}
