//! Pressing a button of a rich message.

use serde_json::Value;

use super::speaker::Speaker;
use crate::sandbox::livechat::chats::Thread;
use crate::sandbox::livechat::web_api::{ApiError, Arguments, ErrorType};

/// Which button, and whether it is pressed or released.
#[derive(Clone, Debug)]
pub struct Postback {
    /// The thread with the rich message.
    pub thread_id: String,
    event_id: String,
    id: String,
    toggled: bool,
}

impl Postback {
    /// Reads a request to `send_rich_message_postback`.
    ///
    /// # Errors
    /// If a field is missing or wrong.
    pub fn read(arguments: &Arguments<'_>) -> Result<Self, ApiError> {
        arguments.allow(&["chat_id", "thread_id", "event_id", "postback"])?;
        let postback = arguments.required_object("postback")?;
        postback.allow(&["id", "toggled", "button_type", "button_value", "ecommerce"])?;
        for name in ["button_type", "button_value"] {
            postback.string(name)?;
        }
        if let Some(ecommerce) = postback.object("ecommerce")? {
            ecommerce.required("product_id")?;
        }
        let toggled = postback
            .boolean("toggled")?
            .ok_or_else(|| postback.missing("toggled"))?;
        Ok(Self {
            thread_id: arguments.required("thread_id")?.to_owned(),
            event_id: arguments.required("event_id")?.to_owned(),
            id: postback.required("id")?.to_owned(),
            toggled,
        })
    }

    /// Presses or releases the button.
    ///
    /// # Errors
    /// If there is no such event, or it has no such button.
    pub fn press(&self, thread: &mut Thread, speaker: Speaker<'_>) -> Result<(), ApiError> {
        let event = thread
            .event_mut(&self.event_id)
            .ok_or(ErrorType::NotFound)?;
        let elements = event
            .content
            .get_mut("elements")
            .and_then(Value::as_array_mut);
        let buttons = elements
            .into_iter()
            .flatten()
            .filter_map(|element| element.get_mut("buttons").and_then(Value::as_array_mut));
        let mut pressed = buttons
            .flatten()
            .filter(|button| button["postback_id"] == self.id);
        let button = pressed.next().ok_or(ErrorType::NotFound)?;
        if let Some(users) = button.get_mut("user_ids").and_then(Value::as_array_mut) {
            users.retain(|user| user != speaker.id);
            if self.toggled {
                users.push(speaker.id.into());
            }
        }
        Ok(())
    }
}
