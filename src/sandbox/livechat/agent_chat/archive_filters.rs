//! The filters of `list_archives`. Sales, goals and greetings do not exist in the sandbox: a filter that
//! wants one accepts nothing, one that wants none accepts everything.

use serde::{Deserialize, Serialize};

use super::archive_conditions::{FormFilter, ResponseFilter, TypeFilter, owned};
use super::archived::Archived;
use super::filters::{PropertyFilter, SetFilter};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::web_api::{ApiError, Arguments};

/// Which threads are wanted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Filters {
    /// A text that they contain.
    pub query: Option<String>,
    from: Option<Moment>,
    to: Option<Moment>,
    chat_ids: Option<Vec<String>>,
    thread_ids: Option<Vec<String>>,
    group_ids: Option<Vec<i64>>,
    properties: Vec<PropertyFilter>,
    agents: Option<SetFilter>,
    tags: Option<SetFilter>,
    event_types: Option<SetFilter>,
    customer_countries: Option<SetFilter>,
    /// Filters of what doesn't exist here.
    nothing: Vec<SetFilter>,
    forms: Option<FormFilter>,
    agent_response: Option<ResponseFilter>,
    agent_types: Option<TypeFilter>,
    customer_id: Option<String>,
    customer_email: Option<String>,
}

impl Filters {
    /// Reads the filters; none given wants all.
    ///
    /// # Errors
    /// If one is unknown or wrong.
    pub fn read(filters: Option<Arguments<'_>>) -> Result<Self, ApiError> {
        let Some(filters) = filters else {
            return Ok(Self::default());
        };
        let known = [
            "query",
            "from",
            "to",
            "chat_ids",
            "thread_ids",
            "group_ids",
            "properties",
            "agents",
            "tags",
            "sales",
            "goals",
            "forms",
            "event_types",
            "greetings",
            "agent_response",
            "agent_types",
            "customer_countries",
            "customer_id",
            "customer_email",
        ];
        filters.allow(&known)?;
        let thread_ids = owned(filters.strings("thread_ids", 20)?);
        if thread_ids.is_some() && filters.names().count() > 1 {
            return Err(filters.invalid("thread_ids", "cannot be used with other filters"));
        }
        let nothing = ["sales", "goals"].map(|name| SetFilter::read(&filters, name));
        let mut nothing: Vec<SetFilter> = nothing
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect();
        nothing.extend(greetings(&filters)?);
        let text = |name| filters.string(name).map(|text| text.map(str::to_owned));
        Ok(Self {
            query: text("query")?,
            from: filters.moment("from")?,
            to: filters.moment("to")?,
            chat_ids: owned(filters.strings("chat_ids", 1000)?),
            thread_ids,
            group_ids: filters.integers("group_ids", 200)?,
            properties: PropertyFilter::read_all(&filters)?,
            agents: SetFilter::read(&filters, "agents")?,
            tags: SetFilter::read(&filters, "tags")?,
            event_types: SetFilter::read(&filters, "event_types")?,
            customer_countries: SetFilter::read(&filters, "customer_countries")?,
            nothing,
            forms: filters
                .object("forms")?
                .map(|forms| FormFilter::read(&forms))
                .transpose()?,
            agent_response: ResponseFilter::read(&filters)?,
            agent_types: TypeFilter::read(&filters)?,
            customer_id: text("customer_id")?,
            customer_email: text("customer_email")?,
        })
    }

    /// Whether threads are named one by one.
    pub fn names_threads(&self) -> bool {
        self.thread_ids.is_some()
    }

    /// Whether a thread is wanted.
    pub fn accept(&self, archived: &Archived<'_>) -> bool {
        let Archived {
            chat,
            thread,
            customer,
            ..
        } = archived;
        let named = |ids: &Option<Vec<String>>, id: &String| {
            ids.as_ref().is_none_or(|ids| ids.contains(id))
        };
        let fact = |wanted: &Option<String>, known: Option<&str>| {
            wanted
                .as_ref()
                .is_none_or(|wanted| known == Some(wanted.as_str()))
        };
        self.from.is_none_or(|from| thread.created_at >= from)
            && self.to.is_none_or(|to| thread.created_at <= to)
            && named(&self.chat_ids, &chat.id)
            && named(&self.thread_ids, &thread.id)
            && self.group_ids.as_ref().is_none_or(|wanted| {
                wanted
                    .iter()
                    .any(|group| thread.access.group_ids.contains(group))
            })
            && self.properties.iter().all(|filter| {
                filter.accepts(&thread.properties) || filter.accepts(&chat.properties)
            })
            && fact(&self.customer_id, customer.map(|known| known.id.as_str()))
            && fact(
                &self.customer_email,
                customer.and_then(|known| known.email.as_deref()),
            )
            && self
                .query
                .as_ref()
                .is_none_or(|query| archived.contains(query))
            && self.accept_sets(archived)
    }

    fn accept_sets(&self, archived: &Archived<'_>) -> bool {
        let tags: Vec<&str> = archived.thread.tags.iter().map(String::as_str).collect();
        let events = archived.thread.events.iter();
        let types: Vec<&str> = events.map(|event| event.kind.as_str()).collect();
        let country: Vec<&str> = archived.country().into_iter().collect();
        let agents = archived.agents();
        let sets = [
            (&self.agents, agents.as_slice()),
            (&self.tags, &tags),
            (&self.event_types, &types),
            (&self.customer_countries, &country),
        ];
        sets.iter()
            .all(|(filter, set)| filter.as_ref().is_none_or(|filter| filter.accepts(set)))
            && self.nothing.iter().all(|filter| filter.accepts(&[]))
            && self
                .forms
                .as_ref()
                .is_none_or(|filter| filter.accepts(archived.thread))
            && self
                .agent_response
                .as_ref()
                .is_none_or(|filter| filter.accepts(archived))
            && self
                .agent_types
                .as_ref()
                .is_none_or(|filter| filter.accepts(!agents.is_empty()))
    }
}

/// `greetings` has more fields than other filters; none of them finds anything here.
fn greetings(filters: &Arguments<'_>) -> Result<Option<SetFilter>, ApiError> {
    let Some(greetings) = filters.object("greetings")? else {
        return Ok(None);
    };
    greetings.allow(&["from", "to", "exists", "values", "exclude_values", "groups"])?;
    for name in ["from", "to"] {
        greetings.moment(name)?;
    }
    SetFilter::of(&greetings).map(Some)
}
