use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use lcrun::http::client::{Client, ClientOptions};
use lcrun::http::message::{Headers, Request};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// How long the driver waits for what a page does not show yet, in milliseconds: it polls by itself.
const PATIENCE: u64 = 60_000;

/// The key under which an element's id stands (`WebDriver` §12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A headless Chromium, driven by chromedriver.
pub struct WebDriver {
    driver: Child,
    client: Client,
    session: String,
    /// Kept for its end: what the browser wrote.
    profile: TempDir,
}

impl WebDriver {
    /// Starts a browser with a profile of its own; `None` where there is none to start.
    pub fn start() -> Option<Self> {
        let chromium = installed(&["chromium", "chromium-browser", "google-chrome"])?;
        let driver = installed(&["chromedriver"])?;
        let profile = TempDir::new().unwrap();
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = port_of(&mut driver);
        let mut browser = Self {
            driver,
            client: Client::new(ClientOptions::default()).unwrap(),
            session: format!("http://127.0.0.1:{port}/session"),
            profile,
        };
        let folder = browser.profile.path().display().to_string();
        let options = json!({
            "binary": chromium,
            "args": [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                format!("--user-data-dir={folder}"),
            ],
        });
        let made = browser.post(
            "",
            &json!({ "capabilities": { "alwaysMatch": { "goog:chromeOptions": options } } }),
        );
        let id = made["sessionId"].as_str().unwrap();
        browser.session = format!("{}/{id}", browser.session);
        browser.post("/timeouts", &json!({ "implicit": PATIENCE }));
        Some(browser)
    }

    /// Goes to an address and waits until its page is loaded.
    pub fn open(&mut self, address: &Url) {
        self.post("/url", &json!({ "url": address.as_str() }));
    }

    /// Waits for an element and clicks on it.
    pub fn click(&mut self, css: &str) {
        let element = self.element("css selector", css);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Waits until the heading of the page is this.
    pub fn shows_heading(&mut self, heading: &str) {
        self.element("xpath", &format!("//h1[text()='{heading}']"));
    }

    /// The address of the page.
    pub fn address(&mut self) -> Url {
        let address = self.call("GET", "/url", None);
        Url::parse(address.as_str().unwrap()).unwrap()
    }

    fn element(&mut self, using: &str, value: &str) -> String {
        let found = self.post("/element", &json!({ "using": using, "value": value }));
        found[ELEMENT].as_str().unwrap().to_owned()
    }

    fn post(&mut self, path: &str, body: &Value) -> Value {
        self.call("POST", path, Some(body.to_string()))
    }

    fn call(&mut self, method: &str, path: &str, body: Option<String>) -> Value {
        let mut headers = Headers::default();
        headers.push("Content-Type", "application/json");
        let request = Request {
            method: method.to_owned(),
            url: Url::parse(&format!("{}{path}", self.session)).unwrap(),
            headers,
            body: body.map(|body| body.into_bytes().into()),
            timeout: None,
            follow_redirects: 0,
        };
        let exchange = self.client.send(&request).unwrap();
        let answer: Value = serde_json::from_slice(&exchange.response.body).unwrap();
        assert_eq!(exchange.response.status, 200, "{path}: {answer:#}");
        answer["value"].clone()
    }
}

impl Drop for WebDriver {
    fn drop(&mut self) {
        // The driver ends the browser with its session; a test that failed has none to end, perhaps.
        if !std::thread::panicking() {
            self.call("DELETE", "", None);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The port that chromedriver says it listens on.
fn port_of(driver: &mut Child) -> u16 {
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let started = lines
        .find_map(|line| {
            let line = line.unwrap();
            let port = line.split_once("started successfully on port ")?.1;
            port.trim_end_matches('.').parse().ok()
        })
        .expect("chromedriver says its port");
    // It may say more, and must not wait for somebody who reads that.
    std::thread::spawn(move || lines.count());
    started
}

/// The first of these programs that is installed.
fn installed(names: &[&str]) -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test may look for a program as a shell does"
    )]
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut candidates = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    candidates.find(|program| Path::is_file(program))
}
