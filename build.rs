//! Embeds what `lcrun new` writes: every file of `collections/` and of the starter, so that none has
//! to be named twice.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders, and the constants that hold their files.
const FOLDERS: [(&str, &str); 2] = [
    ("collections", "COLLECTIONS"),
    ("src/cli/starter", "STARTER"),
];

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells a build script its folders by the environment"
)]
fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut code = String::new();
    for (folder, constant) in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        let folder = root.join(folder);
        let mut files = Vec::new();
        collect(&folder, &mut files)?;
        files.sort();
        writeln!(code, "const {constant}: &[Embedded] = &[").expect("a string takes any text");
        for file in files {
            let name = file.strip_prefix(&folder).unwrap_or(&file);
            let name = name.to_string_lossy().replace('\\', "/");
            let path = file.to_string_lossy();
            let line = format!("Embedded {{ name: {name:?}, text: include_str!({path:?}) }},");
            writeln!(code, "    {line}").expect("a string takes any text");
        }
        code.push_str("];\n");
    }
    fs::write(out.join("embedded.rs"), code)
}

/// Every file of a folder that is part of a collection; what a run left behind is not.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name.ends_with(".new") {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
