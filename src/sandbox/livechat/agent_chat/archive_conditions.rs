//! Conditions of `list_archives` that have a shape of their own: on forms, on who answered, on what agents are.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::archived::Archived;
use super::filters::SetFilter;
use crate::sandbox::livechat::chats::Thread;
use crate::sandbox::livechat::web_api::{ApiError, Arguments};

/// Types of agents by which threads can be filtered. All agents of the sandbox are human.
const AGENT_TYPES: [&str; 3] = ["human", "chatbot", "ai_agent"];

/// The texts, on their own.
pub fn owned(texts: Option<Vec<&str>>) -> Option<Vec<String>> {
    texts.map(|texts| texts.into_iter().map(str::to_owned).collect())
}

/// A condition on the forms that were filled in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FormFilter {
    exists: Option<bool>,
    values: Option<Vec<String>>,
    exclude_values: Option<Vec<String>>,
}

impl FormFilter {
    /// Reads `forms`.
    ///
    /// # Errors
    /// If a field is unknown or wrong.
    pub fn read(forms: &Arguments<'_>) -> Result<Self, ApiError> {
        forms.allow(&[
            "from",
            "to",
            "exists",
            "type",
            "values",
            "exclude_values",
            "groups",
        ])?;
        for name in ["from", "to"] {
            forms.moment(name)?;
        }
        if !matches!(forms.string("type")?, None | Some("pre_chat" | "post_chat")) {
            return Err(forms.invalid("type", "must be `pre_chat` or `post_chat`"));
        }
        Ok(Self {
            exists: forms.boolean("exists")?,
            values: owned(forms.strings("values", 1000)?),
            exclude_values: owned(forms.strings("exclude_values", 1000)?),
        })
    }

    /// Whether a thread's forms are as the condition says.
    pub fn accepts(&self, thread: &Thread) -> bool {
        let forms = thread
            .events
            .iter()
            .filter(|event| event.kind == "filled_form");
        let fields = forms
            .clone()
            .filter_map(|form| form.content.get("fields")?.as_array());
        let answers: Vec<&str> = fields
            .flatten()
            .filter_map(|field| field.pointer("/answer/id").and_then(Value::as_str))
            .collect();
        let has_one = |ids: &[String]| ids.iter().any(|id| answers.contains(&id.as_str()));
        self.exists
            .is_none_or(|wanted| (forms.count() > 0) == wanted)
            && self.values.as_ref().is_none_or(|ids| has_one(ids))
            && self.exclude_values.as_ref().is_none_or(|ids| !has_one(ids))
    }
}

/// A condition on the agents who answered, or on the first of them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ResponseFilter {
    exists: Option<bool>,
    first: bool,
    agents: Option<SetFilter>,
    groups: Option<SetFilter>,
}

impl ResponseFilter {
    /// Reads `agent_response` of the filters.
    ///
    /// # Errors
    /// If a field is unknown or wrong.
    pub fn read(filters: &Arguments<'_>) -> Result<Option<Self>, ApiError> {
        let Some(response) = filters.object("agent_response")? else {
            return Ok(None);
        };
        response.allow(&["exists", "first", "agents", "groups"])?;
        let groups = response
            .object("groups")?
            .map(|groups| SetFilter::of(&groups))
            .transpose()?;
        Ok(Some(Self {
            exists: response.boolean("exists")?,
            first: response.boolean("first")?.unwrap_or(false),
            agents: SetFilter::read(&response, "agents")?,
            groups,
        }))
    }

    /// Whether those who answered in a thread are as the condition says.
    pub fn accepts(&self, archived: &Archived<'_>) -> bool {
        let count = if self.first { 1 } else { usize::MAX };
        let authors = archived
            .responses()
            .take(count)
            .filter_map(|event| event.author_id.as_deref());
        let authors: Vec<&str> = authors.collect();
        let accounts = authors
            .iter()
            .filter_map(|email| archived.organization.agent(email));
        let groups: Vec<String> = accounts
            .flat_map(|account| &account.group_ids)
            .map(i64::to_string)
            .collect();
        let groups: Vec<&str> = groups.iter().map(String::as_str).collect();
        self.exists
            .is_none_or(|wanted| authors.is_empty() != wanted)
            && self
                .agents
                .as_ref()
                .is_none_or(|filter| filter.accepts(&authors))
            && self
                .groups
                .as_ref()
                .is_none_or(|filter| filter.accepts(&groups))
    }
}

/// A condition on what the agents are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TypeFilter {
    all: Vec<String>,
    any: Vec<String>,
    exclude: Vec<String>,
}

impl TypeFilter {
    /// Reads `agent_types` of the filters.
    ///
    /// # Errors
    /// If a type is unknown or comes twice.
    pub fn read(filters: &Arguments<'_>) -> Result<Option<Self>, ApiError> {
        let Some(types) = filters.object("agent_types")? else {
            return Ok(None);
        };
        types.allow(&["all_values", "any_values", "exclude_values"])?;
        let read = |name| {
            types
                .strings(name, AGENT_TYPES.len())
                .map(Option::unwrap_or_default)
        };
        let lists = [
            read("all_values")?,
            read("any_values")?,
            read("exclude_values")?,
        ];
        let mut seen = lists.concat();
        if seen.iter().any(|name| !AGENT_TYPES.contains(name)) {
            return Err(filters.invalid("agent_types", "must be `human`, `chatbot` or `ai_agent`"));
        }
        let before = seen.len();
        seen.sort_unstable();
        seen.dedup();
        if seen.len() < before {
            return Err(filters.invalid("agent_types", "must name each type once"));
        }
        let [all, any, exclude] = lists.map(|list| list.into_iter().map(str::to_owned).collect());
        Ok(Some(Self { all, any, exclude }))
    }

    /// Whether threads with human agents, or without any, are wanted.
    pub fn accepts(&self, has_human: bool) -> bool {
        let there = |name: &String| has_human && name == "human";
        self.all.iter().all(there)
            && (self.any.is_empty() || self.any.iter().any(there))
            && !self.exclude.iter().any(there)
    }
}
