//! What a request to open a chat says, and whether that can be.

use super::draft::{Draft, Side};
use super::properties;
use super::speaker::Speaker;
use crate::sandbox::livechat::chats::{Access, Properties, UserType, Visibility};
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, ErrorType};

/// How many agents can be invited beside the requester.
const AGENT_LIMIT: usize = 4;

/// What a request to open a chat says.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Properties to set on the chat.
    pub properties: Properties,
    /// Who may see it.
    pub access: Access,
    /// Who shall take part beside the requester.
    pub users: Vec<(String, UserType)>,
    /// The first events of its thread.
    pub drafts: Vec<Draft>,
    /// Properties of its thread.
    pub thread_properties: Properties,
    /// Whether its thread is open.
    pub active: bool,
    /// Whether it opens even if nobody of its groups accepts chats.
    continuous: bool,
}

impl Opening {
    /// Reads `active`, `continuous` and `chat`, which of an existing chat has an `id` too.
    ///
    /// # Errors
    /// If a field is missing or wrong.
    pub fn read(arguments: &Arguments<'_>, side: Side, resumes: bool) -> Result<Self, ApiError> {
        arguments.allow(&["chat", "active", "continuous"])?;
        let active = arguments.boolean("active")?.unwrap_or(true);
        let continuous = arguments.boolean("continuous")?.unwrap_or(false);
        let mut opening = Self {
            properties: Properties::new(),
            access: Access { group_ids: vec![0] },
            users: Vec::new(),
            drafts: Vec::new(),
            thread_properties: Properties::new(),
            active,
            continuous,
        };
        if let Some(chat) = arguments.object("chat")? {
            opening.read_chat(&chat, side, resumes)?;
        }
        Ok(opening)
    }

    fn read_chat(
        &mut self,
        chat: &Arguments<'_>,
        side: Side,
        resumes: bool,
    ) -> Result<(), ApiError> {
        let id = if resumes { &["id"][..] } else { &[] };
        let users = if side == Side::Agent {
            &["users"][..]
        } else {
            &[]
        };
        chat.allow(&[&["properties", "access", "thread"], id, users].concat())?;
        self.properties = properties::read(chat, "properties")?;
        if let Some(access) = chat.object("access")? {
            access.allow(&["group_ids"])?;
            let groups = access.integers("group_ids", 200)?;
            let groups = groups.ok_or_else(|| access.missing("group_ids"))?;
            if groups.is_empty() {
                return Err(access.invalid("group_ids", "must have at least one group"));
            }
            self.access.group_ids = groups;
        }
        for user in chat.objects("users", AGENT_LIMIT + 2)?.unwrap_or_default() {
            user.allow(&["id", "type"])?;
            let kind = match user.required("type")? {
                "agent" => UserType::Agent,
                "customer" => UserType::Customer,
                _ => return Err(user.invalid("type", "must be `agent` or `customer`")),
            };
            self.users.push((user.required("id")?.to_owned(), kind));
        }
        if let Some(thread) = chat.object("thread")? {
            thread.allow(&["events", "properties"])?;
            self.thread_properties = properties::read(&thread, "properties")?;
            for event in thread.objects("events", 100)?.unwrap_or_default() {
                self.drafts.push(match side {
                    Side::Agent => Draft::read(&event, side)?,
                    Side::Customer => Draft::read_own(&event, side)?,
                });
            }
        }
        Ok(())
    }

    /// The groups that shall see the chat.
    pub fn group_ids(&self) -> &[i64] {
        &self.access.group_ids
    }

    /// The customer who shall take part, if one is named.
    pub fn customer(&self) -> Option<&str> {
        let mut users = self.users.iter();
        users
            .find(|(_, kind)| *kind == UserType::Customer)
            .map(|(id, _)| id.as_str())
    }

    /// Makes sure that it can be opened.
    ///
    /// # Errors
    /// If somebody or a group that is named isn't there, too many are named, or nobody accepts chats.
    pub fn check(&self, state: &State, requester: Speaker<'_>) -> Result<(), ApiError> {
        self.check_users(state, requester)?;
        self.check_groups(state, requester)
    }

    /// Makes sure that everybody who is named exists and that not too many are.
    fn check_users(&self, state: &State, requester: Speaker<'_>) -> Result<(), ApiError> {
        let listed = |wanted| self.users.iter().filter(move |(_, kind)| *kind == wanted);
        let others = listed(UserType::Agent)
            .filter(|(id, _)| id != requester.id)
            .count();
        if others > AGENT_LIMIT {
            return Err(ApiError::new(
                ErrorType::LimitReached,
                "Agents in chat limit reached",
            ));
        }
        if listed(UserType::Customer).count() > 1 {
            return Err(ApiError::new(
                ErrorType::LimitReached,
                "Customers in chat limit reached",
            ));
        }
        for (id, kind) in &self.users {
            let known = match kind {
                UserType::Agent => state.organization.agent(id).is_some(),
                UserType::Customer => state.chats.customer(id).is_some(),
            };
            if !known {
                return Err(ErrorType::NotFound.into());
            }
        }
        for draft in &self.drafts {
            let author = draft.author_id.as_deref().unwrap_or(requester.id);
            let listed = self.users.iter().any(|(id, _)| id == author);
            if author != requester.id && !listed {
                let problem = "names somebody who is not among `chat.users`";
                return Err(ApiError::invalid("chat.thread.events.author_id", problem));
            }
            if draft.visibility != Visibility::All {
                let problem = "must be `all` in a chat's first events";
                return Err(ApiError::invalid("chat.thread.events.visibility", problem));
            }
        }
        Ok(())
    }

    fn check_groups(&self, state: &State, requester: Speaker<'_>) -> Result<(), ApiError> {
        let groups = &self.access.group_ids;
        if groups.iter().any(|id| !state.organization.has_group(*id)) {
            return Err(match requester.kind {
                UserType::Customer => ErrorType::GroupNotFound.into(),
                UserType::Agent => ApiError::invalid("chat.access.group_ids", "names no group"),
            });
        }
        let online = |id: &i64| state.organization.is_online(*id);
        if !self.active || self.continuous || groups.iter().any(online) {
            return Ok(());
        }
        let anybody = state
            .organization
            .groups
            .iter()
            .any(|group| online(&group.id));
        Err(if anybody {
            ErrorType::GroupOffline.into()
        } else {
            ErrorType::GroupsOffline.into()
        })
    }
}
