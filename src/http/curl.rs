//! A request as one curl command line that repeats it. Secrets are masked part by part before
//! anything is quoted, so that no quoting can hide one.

use std::fmt;

use super::client::{ACCEPT_ENCODING, ClientOptions};
use super::message::Request;
use crate::secrets::Secrets;

/// A request in the parts that a curl command line is made of; shown as that line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurlParts {
    method: String,
    url: String,
    /// The fields that curl would not send by itself.
    headers: Vec<(String, String)>,
    body: Option<CurlBody>,
    follow_redirects: u32,
    /// The options that reach the server as the run did, each with its value.
    connection: Vec<(&'static str, Option<String>)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum CurlBody {
    Text(String),
    /// How many bytes that are no text, which no command line can hold.
    Binary(usize),
}

impl CurlParts {
    /// The parts of a request, before a client with `options` sends it or after, with everything
    /// secret masked.
    pub fn masked(request: &Request, options: &ClientOptions, secrets: &Secrets) -> Self {
        let mut parts = Self::new(request);
        parts.connection = Self::connection(request, options, secrets);
        parts.url = secrets.mask_url(&parts.url);
        for (name, value) in &mut parts.headers {
            *value = secrets.mask_header(name, value);
        }
        if let Some(CurlBody::Text(text)) = &mut parts.body {
            *text = secrets.mask_body(request.headers.get("content-type"), text);
        }
        parts
    }

    /// The options that let curl reach the server as a client with `options` does.
    fn connection(
        request: &Request,
        options: &ClientOptions,
        secrets: &Secrets,
    ) -> Vec<(&'static str, Option<String>)> {
        let proxy = options.proxy.named_for(&request.url);
        let proxy = proxy.map(|proxy| ("-x", Some(secrets.mask_url(proxy.as_str()))));
        let secure = request.url.scheme() == "https";
        let file = options.cacert.as_ref().filter(|_| secure);
        let file = file.map(|file| secrets.mask(&file.display().to_string()).into_owned());
        let file = file.map(|file| ("--cacert", Some(file)));
        let insecure = (secure && options.insecure).then_some(("-k", None));
        proxy.into_iter().chain(file).chain(insecure).collect()
    }

    fn new(request: &Request) -> Self {
        let body = request
            .body
            .as_ref()
            .map(|body| match std::str::from_utf8(body) {
                Ok(text) if !text.contains('\0') => CurlBody::Text(text.to_owned()),
                _ => CurlBody::Binary(body.len()),
            });
        let mut headers: Vec<(String, String)> = request
            .headers
            .iter()
            .filter(|(name, value)| !comes_by_itself(request, name, value))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        if body.is_some() && !request.headers.contains("content-type") {
            headers.push(("Content-Type".to_owned(), String::new()));
        }
        Self {
            method: request.method.clone(),
            url: request.url.to_string(),
            headers,
            body,
            follow_redirects: request.follow_redirects,
            connection: Vec::new(),
        }
    }

    /// The option that says the method, where curl would choose another one.
    fn method_option(&self) -> Option<String> {
        match &*self.method {
            "GET" if self.body.is_none() => None,
            // With `-X`, curl waits for a body that never comes.
            "HEAD" if self.body.is_none() => Some("--head".to_owned()),
            // With `-X`, curl would POST to where a redirect wants a GET.
            "POST" if self.body.is_some() && self.follow_redirects > 0 => None,
            method => Some(format!("-X {}", word(method))),
        }
    }
}

/// Whether a field need not be said: curl sends it by itself, or it belongs to this client and not
/// to the request.
fn comes_by_itself(request: &Request, name: &str, value: &str) -> bool {
    let host = &request.url[url::Position::BeforeHost..url::Position::AfterPort];
    match &*name.to_ascii_lowercase() {
        "content-length" | "proxy-authorization" => true,
        "host" => value == host,
        "accept" => value == "*/*",
        "accept-encoding" => value == ACCEPT_ENCODING,
        "user-agent" => value == ClientOptions::default().user_agent,
        "content-type" => request.body.is_some() && value == "application/x-www-form-urlencoded",
        _ => false,
    }
}

impl fmt::Display for CurlParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("curl")?;
        if let Some(option) = self.method_option() {
            write!(f, " {option}")?;
        }
        if self.follow_redirects > 0 {
            write!(f, " -L --max-redirs {}", self.follow_redirects)?;
        }
        if self.url.contains(['[', ']', '{', '}']) {
            // They are curl's own pattern language otherwise.
            f.write_str(" --globoff")?;
        }
        for (option, value) in &self.connection {
            write!(f, " {option}")?;
            if let Some(value) = value {
                write!(f, " {}", quoted(value))?;
            }
        }
        write!(f, " {}", quoted(&self.url))?;
        for (name, value) in &self.headers {
            let field = match (&**value, &**name) {
                // Nothing behind the colon takes a field away that curl would send.
                ("", "Content-Type") => format!("{name}:"),
                ("", _) => format!("{name};"),
                _ => format!("{name}: {value}"),
            };
            write!(f, " -H {}", quoted(&field))?;
        }
        match &self.body {
            Some(CurlBody::Text(text)) => write!(f, " --data-raw {}", quoted(text)),
            Some(CurlBody::Binary(length)) => {
                let file = format!("@<{length} bytes that are not text>");
                write!(f, " --data-binary {}", quoted(&file))
            }
            None => Ok(()),
        }
    }
}

/// A text as one word of a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The same without quotes where none are needed.
fn word(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if text.bytes().all(is_plain) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::client::ProxySettings;

    fn line(request: &Request) -> String {
        CurlParts::masked(request, &ClientOptions::default(), &Secrets::default()).to_string()
    }

    #[test]
    fn a_line_says_what_curl_would_not_do_by_itself() {
        let get = Request::example("GET", "https://a.test/x?y=1", &[], None);
        assert_eq!(line(&get), "curl 'https://a.test/x?y=1'");
        let sent = [
            ("Host", "a.test"),
            ("User-Agent", concat!("lcrun/", env!("CARGO_PKG_VERSION"))),
            ("Accept", "*/*"),
            ("Accept-Encoding", "gzip, br, deflate"),
            ("X-Version", "1"),
            ("Content-Type", "application/json"),
            ("Content-Length", "2"),
        ];
        let post = Request::example("POST", "https://a.test/", &sent, Some(b"{}"));
        assert_eq!(
            line(&post),
            "curl -X POST 'https://a.test/' -H 'X-Version: 1' \
             -H 'Content-Type: application/json' --data-raw '{}'"
        );
        let own = [
            ("Host", "other"),
            ("User-Agent", "me"),
            ("Accept", "a/b"),
            ("X-Empty", ""),
        ];
        assert_eq!(
            line(&Request::example("GET", "https://a.test/", &own, None)),
            "curl 'https://a.test/' -H 'Host: other' -H 'User-Agent: me' -H 'Accept: a/b' \
             -H 'X-Empty;'"
        );
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        assert_eq!(
            line(&Request::example(
                "PUT",
                "https://a.test/",
                &form,
                Some(b"a=b")
            )),
            "curl -X PUT 'https://a.test/' --data-raw 'a=b'"
        );
        assert_eq!(
            line(&Request::example(
                "POST",
                "https://a.test/",
                &[],
                Some(b"a")
            )),
            "curl -X POST 'https://a.test/' -H 'Content-Type:' --data-raw 'a'"
        );
    }

    #[test]
    fn methods_redirects_and_brackets_get_the_options_they_need() {
        for (method, body, follow, expected) in [
            ("HEAD", None, 0, "curl --head 'https://a.test/'"),
            ("POST", None, 0, "curl -X POST 'https://a.test/'"),
            ("M+X", None, 0, "curl -X 'M+X' 'https://a.test/'"),
            ("GET", None, 3, "curl -L --max-redirs 3 'https://a.test/'"),
            (
                "POST",
                Some(&b"a"[..]),
                3,
                "curl -L --max-redirs 3 'https://a.test/' -H 'Content-Type:' --data-raw 'a'",
            ),
            (
                "DELETE",
                Some(&b"\xff\x00"[..]),
                0,
                "curl -X DELETE 'https://a.test/' -H 'Content-Type:' \
                 --data-binary '@<2 bytes that are not text>'",
            ),
        ] {
            let mut request = Request::example(method, "https://a.test/", &[], body);
            request.follow_redirects = follow;
            assert_eq!(line(&request), expected);
        }
        let brackets = Request::example("GET", "https://a.test/?a[0]=1", &[], None);
        assert_eq!(line(&brackets), "curl --globoff 'https://a.test/?a[0]=1'");
    }

    #[test]
    fn secrets_are_masked_before_they_are_quoted() {
        let mut secrets = Secrets::default();
        secrets.add("client_secret", "it's a \"secret\"");
        let json = r#"{"s":"it's a \"secret\"","t":"it's"}"#;
        let fields = [
            ("Authorization", "Bearer x"),
            ("Content-Type", "application/json"),
            ("X-Note", "has it's a \"secret\" in it"),
        ];
        let url = "https://ann:pw@a.test/?s=it's+a+%22secret%22";
        let post = Request::example("POST", url, &fields, Some(json.as_bytes()));
        assert_eq!(
            CurlParts::masked(&post, &ClientOptions::default(), &secrets).to_string(),
            r#"curl -X POST 'https://ann:***@a.test/?s=***' -H 'Authorization: Bearer ***' -H 'Content-Type: application/json' -H 'X-Note: has *** in it' --data-raw '{"s":"***","t":"it'\''s"}'"#
        );
    }

    #[test]
    fn a_line_reaches_the_server_as_the_run_did() {
        let mut secrets = Secrets::default();
        secrets.add("password", "hunter2-hunter2");
        let options = ClientOptions {
            cacert: Some("my ca.pem".into()),
            insecure: true,
            proxy: ProxySettings::explicit("http://me:hunter2-hunter2@proxy:3128", Some("b.test"))
                .unwrap(),
            ..ClientOptions::default()
        };
        for (url, expected) in [
            (
                "https://a.test/",
                "curl -x 'http://me:***@proxy:3128/' --cacert 'my ca.pem' -k 'https://a.test/'",
            ),
            ("http://b.test/", "curl 'http://b.test/'"),
        ] {
            let get = Request::example("GET", url, &[], None);
            let parts = CurlParts::masked(&get, &options, &secrets);
            assert_eq!(parts.to_string(), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_back_what_was_written() {
        let body = "it's $HOME `date` \"quoted\" \\ \n!newline\t* ~ #";
        let fields = [("Content-Type", "text/plain"), ("X-'Q'", "a 'b' \\n $(x)")];
        let post = Request::example(
            "POST",
            "https://a.test/?q='a'&b=$c",
            &fields,
            Some(body.as_bytes()),
        );
        let script = format!("curl() {{ printf '%s\\0' \"$@\"; }}\n{}", line(&post));
        let output = std::process::Command::new("sh")
            .arg("-c")
            .arg(script)
            .output()
            .unwrap();
        assert!(output.stderr.is_empty());
        let words = String::from_utf8(output.stdout).unwrap();
        let words: Vec<&str> = words.trim_end_matches('\0').split('\0').collect();
        assert_eq!(
            words,
            [
                "-X",
                "POST",
                "https://a.test/?q=%27a%27&b=$c",
                "-H",
                "Content-Type: text/plain",
                "-H",
                "X-'Q': a 'b' \\n $(x)",
                "--data-raw",
                body,
            ]
        );
    }
}
