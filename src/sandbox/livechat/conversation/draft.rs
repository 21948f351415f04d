//! Events as a request describes them: each type has its own fields, and no others.

use serde_json::{Map, Value, json};

use super::properties;
use super::uploads::Uploads;
use crate::sandbox::livechat::chats::{Event, Properties, Visibility};
use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::web_api::{ApiError, Arguments};

/// How long a message may be, in bytes.
const TEXT_LIMIT: usize = 16 * 1024;

/// How many elements a rich message may have.
const ELEMENT_LIMIT: usize = 10;

/// How many buttons an element may have.
const BUTTON_LIMIT: usize = 13;

/// The fields that an event of any type may have.
const COMMON: [&str; 3] = ["type", "custom_id", "properties"];

/// Whose API an event comes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Agents say who may read an event by `visibility`, and may speak for the system.
    Agent,
    /// Customers say it by `recipients`.
    Customer,
}

/// An event before it is sent.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Its type.
    pub kind: String,
    /// Who may read it.
    pub visibility: Visibility,
    /// Who sends it, if not the requester; only for a chat's first events.
    pub author_id: Option<String>,
    custom_id: Option<String>,
    properties: Properties,
    content: Map<String, Value>,
}

impl Draft {
    /// Reads an event.
    ///
    /// # Errors
    /// If a field is missing, wrong or not one of its type's.
    pub fn read(event: &Arguments<'_>, side: Side) -> Result<Self, ApiError> {
        let kind = event.required("type")?;
        let (fields, content) = match kind {
            "message" => (&["text", "postback"][..], message(event)?),
            "file" => (&["url", "alternative_text"][..], file(event)?),
            "rich_message" => (&["template_id", "elements"][..], rich_message(event)?),
            "filled_form" => (&["form_id", "fields"][..], filled_form(event)?),
            "custom" => (&["content"][..], custom(event)?),
            "system_message" if side == Side::Agent => (
                &["system_message_type", "text", "text_vars"][..],
                system_message(event)?,
            ),
            _ => return Err(event.invalid("type", "is not a type of event that can be sent")),
        };
        let audience = if side == Side::Agent {
            "visibility"
        } else {
            "recipients"
        };
        let known: Vec<&str> = COMMON
            .iter()
            .chain(&[audience])
            .chain(fields)
            .copied()
            .collect();
        event.allow(&[&known[..], &["author_id"]].concat())?;
        let visibility = match event.string(audience)? {
            None | Some("all") => Visibility::All,
            Some("agents") => Visibility::Agents,
            Some(_) => return Err(event.invalid(audience, "must be `all` or `agents`")),
        };
        Ok(Self {
            kind: kind.to_owned(),
            visibility,
            author_id: event.string("author_id")?.map(str::to_owned),
            custom_id: event.string("custom_id")?.map(str::to_owned),
            properties: properties::read(event, "properties")?,
            content,
        })
    }

    /// Reads an event that its requester sends, and nobody else.
    ///
    /// # Errors
    /// If it names another author, or as [`Draft::read`].
    pub fn read_own(event: &Arguments<'_>, side: Side) -> Result<Self, ApiError> {
        if event.get("author_id").is_some() {
            return Err(event.invalid("author_id", "is not a field of this request"));
        }
        Self::read(event, side)
    }

    /// Completes a file by what was uploaded.
    ///
    /// # Errors
    /// If its address is neither an upload's nor on the CDN.
    pub fn resolve(&mut self, uploads: &Uploads, now: Moment) -> Result<(), ApiError> {
        if self.kind != "file" {
            return Ok(());
        }
        let url = self
            .content
            .get("url")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let facts = uploads.describe(url, now);
        let facts = facts.ok_or_else(|| ApiError::invalid("event.url", "must be on the CDN"))?;
        self.content.extend(facts);
        Ok(())
    }

    /// The event as it is kept; its thread gives it an id.
    pub fn into_event(self, author_id: &str, now: Moment) -> Event {
        let speaks_for_itself = self.kind == "system_message";
        let author_id = self.author_id.unwrap_or_else(|| author_id.to_owned());
        Event {
            id: String::new(),
            created_at: now,
            kind: self.kind,
            author_id: (!speaks_for_itself).then_some(author_id),
            visibility: self.visibility,
            custom_id: self.custom_id,
            properties: self.properties,
            content: self.content,
            deleted: false,
        }
    }
}

/// The fields of `names` that are given, as they came.
fn pick(event: &Arguments<'_>, names: &[&str]) -> Map<String, Value> {
    let given = names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), event.get(name)?.clone())));
    given.collect()
}

fn message(event: &Arguments<'_>) -> Result<Map<String, Value>, ApiError> {
    let text = event.required("text")?;
    if text.is_empty() || text.len() > TEXT_LIMIT {
        return Err(event.invalid("text", "must have 1 to 16384 bytes"));
    }
    if let Some(postback) = event.object("postback")? {
        postback.allow(&["id", "thread_id", "event_id", "type", "value", "ecommerce"])?;
        for name in ["id", "thread_id", "event_id"] {
            postback.required(name)?;
        }
        if postback.string("type")?.is_some() != postback.string("value")?.is_some() {
            return Err(postback.invalid("type", "and `value` are required together"));
        }
    }
    Ok(pick(event, &["text", "postback"]))
}

fn file(event: &Arguments<'_>) -> Result<Map<String, Value>, ApiError> {
    event.required("url")?;
    event.string("alternative_text")?;
    Ok(pick(event, &["url", "alternative_text"]))
}

fn rich_message(event: &Arguments<'_>) -> Result<Map<String, Value>, ApiError> {
    let template = event.required("template_id")?;
    if !["cards", "sticker", "quick_replies", "ecommerce"].contains(&template) {
        return Err(event.invalid("template_id", "is not a template"));
    }
    let elements = event
        .objects("elements", ELEMENT_LIMIT)?
        .unwrap_or_default();
    let elements = elements
        .iter()
        .map(element)
        .collect::<Result<Vec<_>, _>>()?;
    let mut content = pick(event, &["template_id"]);
    if !elements.is_empty() {
        content.insert("elements".to_owned(), elements.into());
    }
    Ok(content)
}

fn element(element: &Arguments<'_>) -> Result<Value, ApiError> {
    element.allow(&["title", "subtitle", "image", "buttons", "ecommerce"])?;
    for name in ["title", "subtitle"] {
        element.string(name)?;
    }
    if let Some(image) = element.object("image")? {
        image.required("url")?;
    }
    let mut fields = element.raw().clone();
    if let Some(buttons) = element.objects("buttons", BUTTON_LIMIT)? {
        let buttons = buttons.iter().map(button).collect::<Result<Vec<_>, _>>()?;
        fields.insert("buttons".to_owned(), buttons.into());
    }
    Ok(Value::Object(fields))
}

/// A button, on which nobody has pressed yet.
fn button(button: &Arguments<'_>) -> Result<Value, ApiError> {
    let known = [
        "text",
        "type",
        "value",
        "webview_height",
        "postback_id",
        "user_ids",
        "target",
    ];
    button.allow(&known)?;
    for name in ["text", "postback_id"] {
        button.required(name)?;
    }
    if button.string("type")?.is_some() != button.string("value")?.is_some() {
        return Err(button.invalid("type", "and `value` are required together"));
    }
    let mut fields = button.raw().clone();
    fields.insert("user_ids".to_owned(), json!([]));
    Ok(Value::Object(fields))
}

fn filled_form(event: &Arguments<'_>) -> Result<Map<String, Value>, ApiError> {
    event.required("form_id")?;
    let fields = event
        .objects("fields", usize::MAX)?
        .ok_or_else(|| event.missing("fields"))?;
    for field in fields {
        for name in ["type", "id", "label"] {
            field.required(name)?;
        }
    }
    Ok(pick(event, &["form_id", "fields"]))
}

fn custom(event: &Arguments<'_>) -> Result<Map<String, Value>, ApiError> {
    event.object("content")?;
    // The event's own content is an object, and stays one member here.
    Ok(pick(event, &["content"]))
}

fn system_message(event: &Arguments<'_>) -> Result<Map<String, Value>, ApiError> {
    event.required("system_message_type")?;
    event.string("text")?;
    event.object("text_vars")?;
    Ok(pick(event, &["system_message_type", "text", "text_vars"]))
}
