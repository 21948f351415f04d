//! The pages of `docs/diagnostics.md`: one for every code of a diagnostic.

/// All of them, as the repository has them.
const PAGES: &str = include_str!("../../docs/diagnostics.md");

/// The page of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: &'static str,
    /// Markdown, its heading left out.
    pub text: &'static str,
}

impl Page {
    /// The first sentence of the page.
    pub fn gist(&self) -> &'static str {
        let line = self.text.lines().next().unwrap_or_default();
        line.split_once(". ")
            .map_or(line, |(first, _)| first)
            .trim_end_matches('.')
    }
}

/// Every page, in the order of the file, which is that of the alphabet.
pub fn all() -> impl Iterator<Item = Page> {
    PAGES.split("\n## `").skip(1).filter_map(|part| {
        let (code, text) = part.split_once("`\n")?;
        Some(Page {
            code,
            text: text.trim(),
        })
    })
}

/// The page of a code.
pub fn page(code: &str) -> Option<Page> {
    all().find(|page| page.code == code)
}
