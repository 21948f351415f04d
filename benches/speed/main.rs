//! How much a run costs beside a bare loop that does the same requests, how much a check costs
//! beside the mere parse of the same file, and how much memory a run takes.
//!
//! `cargo bench` prints ratios; the machine's own noise is in both sides of each, since the rounds
//! alternate in one process against one server. `cargo bench -- check` measures
//! one part alone (`run`, `memory`, `check`, `start`).

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, may fail loudly, and rounds"
)]

mod check;

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lcrun::cli::{app, context::Context};
use lcrun::sandbox::{Options, Sandbox};

/// Steps of one round.
const STEPS: usize = 2_000;

/// Rounds of each side; the median counts.
const ROUNDS: usize = 9;

/// Steps of the large file whose memory is measured.
const LARGE: usize = 20_000;

fn main() {
    // cargo itself adds `--bench`.
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let wants = |part: &str| asked.is_empty() || asked.iter().any(|one| one == part);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let sandbox = Sandbox::start(&Options::default()).unwrap();
    let server = Server::of(&sandbox);
    if wants("run") {
        speed(&server, folder);
    }
    if wants("memory") {
        memory(&server, folder);
    }
    if wants("check") {
        check::measure(folder);
    }
    if wants("start") {
        start();
    }
}

struct Server {
    url: String,
    account: String,
    pat: String,
}

impl Server {
    fn of(sandbox: &Sandbox) -> Self {
        let inputs: Vec<(&str, String)> = sandbox.inputs();
        let input = |name: &str| {
            let (_, value) = inputs.iter().find(|(key, _)| *key == name).unwrap();
            value.clone()
        };
        Self {
            url: input("api_url"),
            account: input("account_id"),
            pat: input("pat"),
        }
    }

    fn arguments(&self, file: &Path) -> Vec<String> {
        vec![
            "lcrun".to_owned(),
            "--variable".to_owned(),
            format!("api_url={}", self.url),
            "--variable".to_owned(),
            format!("account_id={}", self.account),
            "--secret".to_owned(),
            format!("pat={}", self.pat),
            file.display().to_string(),
        ]
    }
}

/// A file of list-chats steps, each with templates, a capture and two asserts.
fn collection(folder: &Path, steps: usize) -> PathBuf {
    let mut text =
        "name: Speed\nallow: [unused-capture]\ninputs: { api_url: , account_id: , pat: }\nsteps:\n"
            .to_owned();
    for step in 0..steps {
        let _ = write!(
            text,
            r#"  - name: List chats {step}
    request:
      method: POST
      url: "{{{{ api_url }}}}/v3.6/agent/action/list_chats"
      auth: {{ basic: {{ username: "{{{{ account_id }}}}", password: "{{{{ pat }}}}" }} }}
      json: {{ limit: 1 }}
    capture:
      chat_id: body.chats_summary[0].id
    assert:
      - status == 200
      - body.found_chats >= 1
"#
        );
    }
    let file = folder.join(format!("steps-{steps}.yaml"));
    std::fs::write(&file, text).unwrap();
    file
}

fn speed(server: &Server, folder: &Path) {
    let file = collection(folder, STEPS);
    let mut ours = Vec::new();
    let mut bare = Vec::new();
    let empty = collection(folder, 1);
    for _ in 0..ROUNDS {
        bare.push(bare_loop(server));
        // Reading and checking the file is measured apart: it happens before the first request.
        let list = timed(|| run(server, &file, &["--list"]));
        let once = timed(|| run(server, &empty, &[]));
        let whole = timed(|| run(server, &file, &[]));
        ours.push(whole.saturating_sub(list).saturating_sub(once));
    }
    let (ours, bare) = (median(ours), median(bare));
    let each = |all: Duration| all.as_secs_f64() * 1e6 / STEPS as f64;
    println!("a step of lcrun      {:8.1} µs", each(ours));
    println!("a bare request       {:8.1} µs", each(bare));
    println!(
        "ratio                {:8.2}",
        ours.as_secs_f64() / bare.as_secs_f64()
    );
}

/// The same requests without lcrun: one agent, and a parse of each body.
fn bare_loop(server: &Server) -> Duration {
    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    let url = format!("{}/v3.6/agent/action/list_chats", server.url);
    let pair = format!("{}:{}", server.account, server.pat);
    let pair = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, pair);
    let authorization = format!("Basic {pair}");
    timed(|| {
        for _ in 0..STEPS {
            let response = agent
                .post(&url)
                .header("Authorization", &authorization)
                .header("Content-Type", "application/json")
                .send(r#"{"limit":1}"#)
                .unwrap();
            let mut body = Vec::new();
            response
                .into_body()
                .into_reader()
                .read_to_end(&mut body)
                .unwrap();
            let parsed: serde_json::Value = serde_json::from_slice(&body).unwrap();
            assert!(parsed["found_chats"].as_u64().unwrap() >= 1);
        }
    })
}

/// A run in this process, its report thrown away.
fn run(server: &Server, file: &Path, more: &[&str]) {
    let mut context = Context::of_process();
    context.args = server.arguments(file).into_iter().map(Into::into).collect();
    context.args.extend(more.iter().map(Into::into));
    context.stdout = Box::new(std::io::sink());
    context.stderr = Box::new(std::io::sink());
    assert_eq!(app::run(&mut context).code(), 0);
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn memory(server: &Server, folder: &Path) {
    let file = collection(folder, LARGE);
    let size = std::fs::metadata(&file).unwrap().len();
    let list = peak(server, &file, &["--list"]);
    let running = peak(server, &file, &["--quiet"]);
    println!("\na file of {LARGE} steps, {:.1} MB", size as f64 / 1e6);
    println!("peak of --list       {:8.1} MiB", list as f64 / 1024.0);
    println!("peak of the run      {:8.1} MiB", running as f64 / 1024.0);
    println!(
        "difference           {:8.1} MiB",
        (running as f64 - list as f64) / 1024.0
    );
}

/// The largest resident size that the kernel saw of a call, in KiB.
fn peak(server: &Server, file: &Path, more: &[&str]) -> u64 {
    let arguments = server.arguments(file);
    let mut child = Command::new(env!("CARGO_BIN_EXE_lcrun"))
        .args(&arguments[1..])
        .args(more)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        most = most.max(number.unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return most;
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// How much longer `lcrun --version` takes than `/bin/true`.
fn start() {
    let call = |program: &str, arguments: &[&str]| {
        let mut times = Vec::new();
        for _ in 0..101 {
            times.push(timed(|| {
                let status = Command::new(program)
                    .args(arguments)
                    .stdout(Stdio::null())
                    .status();
                assert!(status.unwrap().success());
            }));
        }
        median(times)
    };
    let nothing = call("/bin/true", &[]);
    let version = call(env!("CARGO_BIN_EXE_lcrun"), &["--version"]);
    println!(
        "\n/bin/true            {:8.2} ms",
        nothing.as_secs_f64() * 1e3
    );
    println!(
        "lcrun --version      {:8.2} ms",
        version.as_secs_f64() * 1e3
    );
    println!(
        "difference           {:8.2} ms",
        (version.as_secs_f64() - nothing.as_secs_f64()) * 1e3
    );
}
