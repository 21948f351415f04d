//! The catalogue that comes with lcrun.

use std::sync::OnceLock;

use super::catalogue::Catalogue;
use crate::diagnostic::Diagnostics;
use crate::source::Sources;

/// The errors of the LiveChat API, read when it is first asked for.
pub fn livechat() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let mut sources = Sources::default();
        let id = sources.add("livechat.yaml", include_str!("livechat.yaml"));
        let read = Catalogue::read(&sources, id, &mut Diagnostics::default());
        read.expect("a test reads the same text")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_that_comes_with_lcrun_has_no_mistakes() {
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let id = sources.add("livechat.yaml", include_str!("livechat.yaml"));
        let read = Catalogue::read(&sources, id, &mut diagnostics);
        let told: Vec<String> = diagnostics
            .into_sorted()
            .iter()
            .map(|one| one.render(&sources, false))
            .collect();
        assert_eq!(told.concat(), "");
        assert!(read.is_some());
        assert!(livechat().is_of("accounts.livechat.com"));
        assert!(livechat().is_of("text.com"));
        assert!(!livechat().is_of("context.com"));
    }
}
