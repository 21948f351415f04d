//! Opening an address in the browser of this machine.

use url::Url;
use webbrowser::{Browser, BrowserOptions};

/// Opens an address in the browser that the person uses, or in the one that `BROWSER` names.
///
/// It comes back as soon as the browser was started; only a text browser is waited for.
///
/// # Errors
/// In words, if no browser could be started. That one was started says nothing about what it shows.
pub fn open(address: &Url) -> Result<(), String> {
    webbrowser::open_browser_with_options(
        Browser::Default,
        address.as_str(),
        &BrowserOptions::new(),
    )
    .map_err(|error| error.to_string())
}
