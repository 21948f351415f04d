//! A file at a line in the editor that a person chose (`$VISUAL`, `$EDITOR`).

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use super::context::Context;

/// How an editor is told the line to begin at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineAs {
    /// `+37 file`, as `vi` had it first.
    Plus,
    /// `file:37`
    Suffix,
    /// `--goto file:37`
    Goto,
    /// `--line 37 file`
    Option,
    /// It has no way known here.
    Nothing,
}

/// The editors whose way is known, by the name of the program.
const EDITORS: [(LineAs, &[&str]); 4] = [
    (
        LineAs::Plus,
        &[
            "ed",
            "emacs",
            "emacsclient",
            "gvim",
            "jed",
            "joe",
            "kak",
            "mcedit",
            "mg",
            "micro",
            "nano",
            "ne",
            "nvim",
            "pico",
            "vi",
            "vim",
        ],
    ),
    (LineAs::Suffix, &["helix", "hx", "subl", "zed", "zeditor"]),
    (
        LineAs::Goto,
        &["code", "code-insiders", "codium", "cursor", "windsurf"],
    ),
    (
        LineAs::Option,
        &[
            "clion",
            "goland",
            "idea",
            "kate",
            "pycharm",
            "rustrover",
            "webstorm",
        ],
    ),
];

/// Opens a file and waits until the editor ends; the error says what to do instead.
pub fn open(context: &Context, file: &Path, line: usize) -> Result<(), String> {
    let place = format!("{}:{line}", file.display());
    let chosen = ["VISUAL", "EDITOR"]
        .iter()
        .filter_map(|name| context.variable(name))
        .find(|value| !value.trim().is_empty());
    let Some(chosen) = chosen else {
        return Err(format!("set `EDITOR` to open `{place}`"));
    };
    let (program, arguments) = command(chosen);
    let status = Command::new(&program)
        .args(arguments)
        .args(line_arguments(&program, file, line))
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!(
            "`{chosen}` ended with {status}; the step is at `{place}`"
        )),
        Err(error) => Err(format!(
            "`{chosen}` can't be started: {error}; the step is at `{place}`"
        )),
    }
}

/// The program and its own arguments. A path with blanks in it is one program.
fn command(chosen: &str) -> (String, Vec<String>) {
    if Path::new(chosen).is_file() {
        return (chosen.to_owned(), Vec::new());
    }
    let mut words = chosen.split_whitespace().map(str::to_owned);
    (words.next().unwrap_or_default(), words.collect())
}

fn line_arguments(program: &str, file: &Path, line: usize) -> Vec<OsString> {
    let stem = Path::new(program).file_stem().unwrap_or_default();
    let known = EDITORS
        .iter()
        .find(|(_, names)| names.iter().any(|name| stem == *name));
    let file = file.as_os_str().to_owned();
    let mut place = file.clone();
    place.push(format!(":{line}"));
    match known.map_or(LineAs::Nothing, |(way, _)| *way) {
        LineAs::Plus => vec![format!("+{line}").into(), file],
        LineAs::Suffix => vec![place],
        LineAs::Goto => vec!["--goto".into(), place],
        LineAs::Option => vec!["--line".into(), line.to_string().into(), file],
        LineAs::Nothing => vec![file],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_editor_is_told_the_line_in_its_own_way() {
        let told = |program: &str| {
            let arguments = line_arguments(program, Path::new("a.yaml"), 37);
            arguments.join(" ".as_ref()).into_string().unwrap()
        };
        assert_eq!(told("vim"), "+37 a.yaml");
        assert_eq!(told("/usr/bin/nano"), "+37 a.yaml");
        assert_eq!(told("code.cmd"), "--goto a.yaml:37");
        assert_eq!(told("hx"), "a.yaml:37");
        assert_eq!(told("idea"), "--line 37 a.yaml");
        assert_eq!(told("something"), "a.yaml");
    }

    #[test]
    fn an_editor_may_have_arguments_of_its_own() {
        assert_eq!(
            command("code --wait -n"),
            (
                "code".to_owned(),
                vec!["--wait".to_owned(), "-n".to_owned()]
            )
        );
    }
}
