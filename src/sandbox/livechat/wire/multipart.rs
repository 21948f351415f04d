//! Reads the one file of a `multipart/form-data` body (RFC 7578), as `upload_file` sends it.

/// A part of a multipart body that is a file.
#[derive(Debug, PartialEq, Eq)]
pub struct File<'a> {
    /// The file's name as the client knows it.
    pub name: String,
    /// Its media type, if the client says one.
    pub content_type: Option<String>,
    /// Its bytes.
    pub content: &'a [u8],
}

/// The boundary that a `Content-Type` header names, if it is of a multipart form.
pub fn boundary(content_type: &str) -> Option<&str> {
    let (essence, parameters) = content_type.split_once(';')?;
    if !essence.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("boundary")
            .then(|| value.trim().trim_matches('"'))
    })?;
    (!boundary.is_empty()).then_some(boundary)
}

/// The file that the field `field` holds; nothing if there is none or the body is malformed.
pub fn file<'a>(body: &'a [u8], boundary: &str, field: &str) -> Option<File<'a>> {
    let delimiter = format!("--{boundary}");
    let mut rest = after(body, delimiter.as_bytes())?;
    let separator = format!("\r\n{delimiter}");
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, separator.as_bytes())?;
        if let Some(file) = read_part(&part[..end], field) {
            return Some(file);
        }
        rest = &part[end + separator.len()..];
    }
    None
}

fn read_part<'a>(part: &'a [u8], field: &str) -> Option<File<'a>> {
    let end = find(part, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&part[..end]).ok()?;
    let header = |wanted: &str| {
        head.split("\r\n").find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    let disposition = header("content-disposition")?;
    let attribute = |wanted: &str| {
        disposition.split(';').find_map(|part| {
            let (name, value) = part.split_once('=')?;
            (name.trim() == wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    if attribute("name")? != field {
        return None;
    }
    Some(File {
        name: attribute("filename")?,
        content_type: header("content-type").map(str::to_owned),
        content: &part[end + 4..],
    })
}

fn after<'a>(bytes: &'a [u8], needle: &[u8]) -> Option<&'a [u8]> {
    find(bytes, needle).map(|at| &bytes[at + needle.len()..])
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nlogo\r\n\
        --x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.png\"\r\n\
        Content-Type: image/png\r\n\r\n\x89PNG\r\n--not\r\n--x--\r\n";

    #[test]
    fn the_wanted_file_is_found_among_the_parts() {
        let found = file(BODY, "x", "file").unwrap();
        assert_eq!(found.name, "a b.png");
        assert_eq!(found.content_type.as_deref(), Some("image/png"));
        assert_eq!(found.content, b"\x89PNG\r\n--not");
    }

    #[test]
    fn a_field_that_is_no_file_and_a_body_without_end_give_nothing() {
        assert_eq!(file(BODY, "x", "title"), None);
        assert_eq!(file(BODY, "y", "file"), None);
        assert_eq!(file(&BODY[..BODY.len() - 8], "x", "file"), None);
        assert_eq!(file(b"", "x", "file"), None);
    }

    #[test]
    fn the_boundary_may_be_quoted_and_stand_anywhere() {
        assert_eq!(boundary("multipart/form-data; boundary=x"), Some("x"));
        assert_eq!(
            boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"x y\""),
            Some("x y")
        );
        assert_eq!(boundary("multipart/form-data"), None);
        assert_eq!(boundary("application/json; boundary=x"), None);
    }
}
