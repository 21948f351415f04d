//! The browser step: by the server's own redirect, in a browser, and by what a person pastes.

// `cfg(test)` tells clippy that what stands beside the tests may unwrap as well.

/// The binary with a browser of the tests' own.
#[cfg(test)]
#[cfg(unix)]
mod browser;
/// A real browser, all the way from the address to List Chats.
#[cfg(test)]
#[cfg(all(unix, feature = "sandbox"))]
mod chromium;
/// What the server's own redirect gives, and what it can't.
#[cfg(test)]
mod direct;
/// The listener for one answer, over real sockets.
#[cfg(test)]
mod listener;
/// What a person pastes into a terminal.
#[cfg(test)]
#[cfg(unix)]
mod paste;
/// A client of chromedriver.
#[cfg(test)]
#[cfg(all(unix, feature = "sandbox"))]
mod web_driver;
