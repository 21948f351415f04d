use std::io::{Read, Write};
use std::net::{Ipv6Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use lcrun::authorize::Landing;
use lcrun::authorize::loopback::{BindError, Expected, Listener, LoopbackUri, Stopper, WaitError};

/// No test takes so long: whatever has not come by then never will.
const WATCHDOG: Duration = Duration::from_secs(60);

/// A listener that waits in a thread of its own.
struct Waiting {
    authority: String,
    stopper: Stopper,
    end: Receiver<Result<Landing, WaitError>>,
}

impl Waiting {
    fn start(expected: &Expected<'_>, timeout: Duration) -> Self {
        let uri = LoopbackUri::parse("http://127.0.0.1:0/cb").unwrap();
        let listener = Listener::bind(&uri).unwrap();
        let authority = listener.address().authority();
        let stopper = listener.stopper();
        let waiting = listener.serve(expected);
        let (send, end) = channel();
        thread::spawn(move || send.send(waiting.wait(timeout)));
        Self {
            authority,
            stopper,
            end,
        }
    }

    fn for_state(state: &str) -> Self {
        let expected = Expected {
            state: Some(state),
            ..Expected::default()
        };
        Self::start(&expected, WATCHDOG)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.authority).unwrap();
        stream.set_read_timeout(Some(WATCHDOG)).unwrap();
        stream
    }

    /// Sends a request with these lines between the first one and the body.
    fn send(&self, line: &str, fields: &[&str], body: &str) -> String {
        exchange(&mut self.connect(), &self.request(line, fields, body))
    }

    fn get(&self, target: &str) -> String {
        self.send(&format!("GET {target}"), &[], "")
    }

    fn request(&self, line: &str, fields: &[&str], body: &str) -> String {
        let mut text = format!("{line} HTTP/1.1\r\n");
        if !fields.iter().any(|field| field.starts_with("Host:")) {
            text.extend(["Host: ", &self.authority, "\r\n"]);
        }
        for field in fields {
            text.extend([field, "\r\n"]);
        }
        if !body.is_empty() {
            text.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
        }
        text + "\r\n" + body
    }

    fn origin(&self) -> String {
        format!("Origin: http://{}", self.authority)
    }

    #[track_caller]
    fn is_waiting(&self) {
        assert!(self.end.try_recv().is_err(), "it has ended");
    }

    #[track_caller]
    fn landing(&self) -> Landing {
        self.end.recv_timeout(WATCHDOG).unwrap().unwrap()
    }
}

fn exchange(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

#[track_caller]
fn assert_says(response: &str, status: &str, text: &str) {
    assert!(
        response.starts_with(&format!("HTTP/1.1 {status}")),
        "{response}"
    );
    assert!(response.contains(text), "{response}");
}

#[test]
fn the_answer_is_taken_and_the_page_says_that_the_window_can_be_closed() {
    let waiting = Waiting::for_state("s-1");
    let response = waiting.get("/cb?code=dal%3Aabc&state=s-1");
    assert_says(&response, "200 OK", "You can close this window");
    for field in [
        "Cache-Control: no-store\r\n",
        "X-Content-Type-Options: nosniff\r\n",
        "Referrer-Policy: no-referrer\r\n",
        "Content-Security-Policy: default-src 'none'",
        "frame-ancestors 'none'",
        "Connection: close\r\n",
    ] {
        assert!(response.contains(field), "{field}\n{response}");
    }
    assert!(!response.contains("abc"), "{response}");
    let landing = waiting.landing();
    assert_eq!(landing.parameter("code").as_deref(), Some("dal:abc"));
    // One shot: the port is closed.
    assert!(TcpStream::connect(&waiting.authority).is_err());
}

#[test]
fn what_browsers_ask_for_besides_is_answered_and_not_counted() {
    let waiting = Waiting::for_state("s-1");
    assert_says(&waiting.get("/favicon.ico"), "404", "nothing here");
    assert_says(&waiting.get("/"), "404", "nothing here");
    assert_says(
        &waiting.get("/cb/deeper?code=1&state=s-1"),
        "404",
        "nothing here",
    );
    let head = waiting.send("HEAD /cb?code=1&state=s-1", &[], "");
    assert!(
        head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
    let put = waiting.send("PUT /cb?code=1&state=s-1", &[], "");
    assert_says(&put, "405", "Allow: GET, HEAD, POST");
    waiting.is_waiting();
    waiting.get("/cb?code=2&state=s-1");
    assert_eq!(waiting.landing().parameter("code").as_deref(), Some("2"));
}

#[test]
fn connections_that_say_nothing_or_half_of_it_hold_up_nobody() {
    let waiting = Waiting::for_state("s-1");
    let idle: Vec<TcpStream> = (0..6).map(|_| waiting.connect()).collect();
    let mut half = waiting.connect();
    half.write_all(b"GET /cb?code=1").unwrap();
    let response = waiting.get("/cb?code=2&state=s-1");
    assert_says(&response, "200", "The answer has come");
    assert_eq!(waiting.landing().parameter("code").as_deref(), Some("2"));
    drop(idle);
}

#[test]
fn a_second_answer_is_refused_with_a_page_that_says_so() {
    let waiting = Waiting::for_state("s-1");
    let (mut first, mut second) = (waiting.connect(), waiting.connect());
    let request = |code: &str| {
        let line = format!("GET /cb?code={code}&state=s-1");
        waiting.request(&line, &[], "")
    };
    exchange(&mut first, &request("1"));
    assert_eq!(waiting.landing().parameter("code").as_deref(), Some("1"));
    let response = exchange(&mut second, &request("2"));
    assert_says(&response, "410 Gone", "An answer has come already");
}

#[test]
fn an_answer_with_another_state_or_none_is_shown_to_be_of_no_use() {
    for query in ["code=1&state=other", "code=1&state=", "code=1"] {
        let waiting = Waiting::for_state("s-1");
        let response = waiting.get(&format!("/cb?{query}"));
        assert_says(&response, "400", "belongs to another request");
        assert_eq!(waiting.landing().url.query(), Some(query));
    }
}

#[test]
fn a_refusal_is_shown_with_its_explanation_and_escaped() {
    let waiting = Waiting::for_state("s-1");
    let response = waiting
        .get("/cb?error=access_denied&error_description=%3Cb%3Eno%3C/b%3E%20%22you%22&state=s-1");
    assert_says(&response, "200", "<code>error=access_denied</code>");
    assert_says(&response, "200", "&lt;b&gt;no&lt;/b&gt; &quot;you&quot;");
    assert_eq!(waiting.landing().refusal().unwrap().1, "access_denied");
}

#[test]
fn what_other_sites_send_is_refused_and_not_counted() {
    let waiting = Waiting::for_state("s-1");
    let line = "GET /cb?code=1&state=s-1";
    let port = waiting.authority.split_once(':').unwrap().1;
    for field in [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://127.0.0.1:1",
        "Host: evil.example",
        &format!("Host: evil.example:{port}"),
        "Host: 127.0.0.1:1",
        "Sec-Fetch-Mode: no-cors",
        "Sec-Fetch-Mode: cors",
    ] {
        let response = waiting.send(line, &[field], "");
        assert_says(&response, "403", "only from the browser window");
    }
    let body = "access_token=1&state=s-1";
    for fields in [
        &[][..],
        &["Origin: https://evil.example"],
        &["Origin: null"],
    ] {
        assert_says(
            &waiting.send("POST /cb", fields, body),
            "403",
            "Not from here",
        );
    }
    waiting.is_waiting();
    waiting.send(
        "GET /cb?code=2&state=s-1",
        &["Sec-Fetch-Mode: navigate"],
        "",
    );
    assert_eq!(waiting.landing().parameter("code").as_deref(), Some("2"));
}

#[test]
fn a_fragment_is_sent_back_by_the_page_and_only_by_it() {
    let waiting = Waiting::for_state("s-1");
    let page = waiting.get("/cb");
    assert_says(&page, "200", "location.hash");
    assert!(page.contains("script-src 'sha256-"), "{page}");
    waiting.is_waiting();
    let nothing = waiting.send("POST /cb", &[&waiting.origin()], "state=s-1");
    assert_says(&nothing, "400", "nothing here");
    let body = "access_token=dal%3Aabc&state=s-1&token_type=Bearer";
    let response = waiting.send("POST /cb", &[&waiting.origin()], body);
    assert_says(&response, "200", "The answer has come");
    let landing = waiting.landing();
    assert_eq!(landing.url.fragment(), Some(body));
    assert_eq!(
        landing.parameter("access_token").as_deref(),
        Some("dal:abc")
    );
}

#[test]
fn requests_beyond_all_measure_are_refused() {
    let waiting = Waiting::for_state("s-1");
    let long = format!("X: {}", "x".repeat(70_000));
    assert_says(
        &waiting.send("GET /cb", &[&long], ""),
        "431",
        "nothing here",
    );
    let many = vec!["A: b"; 200];
    assert_says(&waiting.send("GET /cb", &many, ""), "431", "nothing here");
    let origin = waiting.origin();
    let large = waiting.send("POST /cb", &[&origin, "Content-Length: 10000000"], "");
    assert_says(&large, "413", "nothing here");
    let chunked = waiting.send("POST /cb", &[&origin, "Transfer-Encoding: chunked"], "");
    assert_says(&chunked, "411", "nothing here");
    assert_says(
        &exchange(&mut waiting.connect(), "no HTTP\r\n\r\n"),
        "400",
        "nothing here",
    );
    waiting.is_waiting();
}

#[test]
fn a_redirect_uri_that_a_tunnel_leads_here_is_known() {
    let expected = Expected {
        state: None,
        redirect_uri: Some("https://my-tunnel.example/cb"),
    };
    let waiting = Waiting::start(&expected, WATCHDOG);
    let fields = ["Host: my-tunnel.example"];
    let response = waiting.send("GET /cb?code=1", &fields, "");
    assert_says(&response, "200", "The answer has come");
    let landing = waiting.landing();
    assert_eq!(landing.url.as_str(), "https://my-tunnel.example/cb?code=1");
}

#[test]
fn a_wait_ends_with_its_time_or_when_somebody_stops_it() {
    let waiting = Waiting::start(&Expected::default(), Duration::from_millis(50));
    let end = waiting.end.recv_timeout(WATCHDOG).unwrap();
    assert_eq!(end, Err(WaitError::TimedOut));
    assert!(TcpStream::connect(&waiting.authority).is_err());
    let waiting = Waiting::for_state("s-1");
    waiting.stopper.stop();
    let end = waiting.end.recv_timeout(WATCHDOG).unwrap();
    assert_eq!(end, Err(WaitError::Stopped));
}

#[test]
fn a_port_of_another_program_can_not_be_had() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port();
    let uri = format!("http://127.0.0.1:{port}/");
    let error = Listener::bind(&LoopbackUri::parse(&uri).unwrap()).unwrap_err();
    assert!(matches!(error, BindError::Busy(busy) if busy == port));
    // A browser may take `localhost` for `::1`, and would bring that program the answer.
    let Ok(other) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        return;
    };
    let port = other.local_addr().unwrap().port();
    let uri = format!("http://localhost:{port}/");
    let error = Listener::bind(&LoopbackUri::parse(&uri).unwrap()).unwrap_err();
    assert!(matches!(error, BindError::Busy(busy) if busy == port));
}
