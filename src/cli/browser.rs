//! Whether a browser can be opened here, and somebody would see it.

use super::context::Context;

/// Whether a browser can be opened, and somebody is there: not in CI, nor where nothing is shown on
/// a terminal. `BROWSER` names one; without it a screen is needed, and not one behind a remote log-in.
pub fn is_at_hand(context: &Context) -> bool {
    let is_set = |name| {
        context
            .variable(name)
            .is_some_and(|value| !value.is_empty())
    };
    let is_watched = context.stdout_is_terminal || context.stderr_is_terminal;
    if !is_watched || context.is_ci() {
        return false;
    }
    if is_set("BROWSER") {
        return true;
    }
    if cfg!(any(windows, target_os = "macos")) {
        !is_set("SSH_CONNECTION")
    } else {
        // With X forwarded the browser runs on this machine, and comes back to it.
        ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
            .into_iter()
            .any(is_set)
    }
}
