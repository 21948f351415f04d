//! Files on their way into a chat. Only their facts are kept, not their bytes: nobody reads those here.

use std::collections::HashMap;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::sandbox::livechat::clock::Moment;
use crate::sandbox::livechat::state::State;
use crate::sandbox::livechat::web_api::{ApiError, ErrorType};
use crate::sandbox::livechat::wire::{Request, Response, multipart};

/// The largest file, in bytes.
const LIMIT: usize = 10 * 1024 * 1024;

/// How long an uploaded file can be sent.
const LIFETIME: Duration = Duration::from_secs(24 * 3600);

/// Where files lie.
const CDN: &str = "https://cdn.livechat-files.com/";

/// The endings of files that are refused because they can be run.
const EXECUTABLE: [&str; 9] = [
    ".exe", ".bat", ".cmd", ".com", ".msi", ".scr", ".sh", ".jar", ".apk",
];

#[derive(Clone, Debug)]
struct Upload {
    name: String,
    content_type: String,
    size: usize,
    expires_at: Moment,
}

/// The files that were uploaded within a day.
#[derive(Debug, Default)]
pub struct Uploads(HashMap<String, Upload>);

impl Uploads {
    /// What a file event says about the file at `url`: nothing if it is neither an upload nor on the CDN.
    pub fn describe(&self, url: &str, now: Moment) -> Option<Map<String, Value>> {
        let facts = match self.0.get(url) {
            Some(upload) if now < upload.expires_at => json!({
                "name": upload.name,
                "content_type": upload.content_type,
                "size": upload.size,
            }),
            Some(_) => return None,
            None => {
                let name = url.strip_prefix(CDN)?.rsplit('/').next()?;
                json!({ "name": name, "content_type": "application/octet-stream" })
            }
        };
        facts.as_object().cloned()
    }

    fn insert(&mut self, url: String, upload: Upload, now: Moment) {
        self.0.retain(|_, kept| now < kept.expires_at);
        self.0.insert(url, upload);
    }
}

/// Answers `upload_file`: a multipart body whose field `file` is the file.
///
/// # Errors
/// If it isn't, the file is too large, or can be run.
pub fn upload(state: &mut State, request: &Request) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Body<'a> {
        url: &'a str,
    }
    let boundary = request.header("content-type").and_then(multipart::boundary);
    let boundary = boundary.ok_or(ErrorType::InvalidMessage)?;
    let file = multipart::file(&request.body, boundary, "file");
    let file = file.ok_or_else(|| ApiError::required("file"))?;
    if file.content.len() > LIMIT {
        return Err(ErrorType::EntityTooLarge.into());
    }
    let name = file.name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = name
        .chars()
        .filter(|c| !c.is_control() && !"?#%\"".contains(*c))
        .collect();
    let lower = plain.to_ascii_lowercase();
    if plain.is_empty() || EXECUTABLE.iter().any(|ending| lower.ends_with(ending)) {
        return Err(ApiError::invalid(
            "file",
            "is of a type that is not accepted",
        ));
    }
    let license_id = state.organization.license_id;
    let id = state.random.hex();
    let url = format!(
        "{CDN}api/file/lc/att/{license_id}/{id}/{}",
        plain.replace(' ', "_")
    );
    let now = state.clock.now();
    let content_type = file
        .content_type
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    let size = file.content.len();
    let response = Response::json(200, &Body { url: &url });
    let expires_at = now.plus(LIFETIME);
    state.uploads.insert(
        url,
        Upload {
            name: plain,
            content_type,
            size,
            expires_at,
        },
        now,
    );
    Ok(response)
}
