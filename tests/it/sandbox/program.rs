//! `lcrun sandbox` as a program of its own: over HTTPS, and with more clients than anybody has.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Stdio};

use super::client::{Client, Scene, impatient};
use crate::lab::Lab;
use lcrun::sandbox::Options;

/// The sandbox in a process of its own.
struct Program {
    child: Child,
    address: SocketAddr,
    /// What it printed when it was ready.
    said: String,
}

impl Program {
    fn start(lab: &Lab, arguments: &[&str]) -> Self {
        let mut command = lab.command();
        let command = command
            .arg("sandbox")
            .args(arguments)
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            let ready = line.contains("Ctrl-C");
            said.extend([&line, "\n"]);
            if ready {
                break;
            }
        }
        let (_, rest) = said.split_once("://").unwrap();
        let address = rest.lines().next().unwrap().parse().unwrap();
        Self {
            child,
            address,
            said,
        }
    }

    /// The inputs that it printed, as arguments of a run against it.
    fn inputs(&self) -> Vec<String> {
        let pairs = self.said.lines().filter_map(|line| line.split_once('='));
        pairs
            .filter(|(name, _)| !name.contains(' '))
            .flat_map(|(name, value)| ["--variable".to_owned(), format!("{name}={value}")])
            .collect()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[test]
fn a_collection_runs_over_https_if_it_trusts_the_sandboxs_authority() {
    let lab = Lab::with_collections();
    let program = Program::start(&lab, &["--tls", "--ca-file", "ca.pem"]);
    assert!(
        program.said.contains("https://127.0.0.1:"),
        "{}",
        program.said
    );
    for named in [
        "curl --cacert",
        "lcrun --cacert",
        "SSL_CERT_FILE=",
        "ca.pem",
    ] {
        assert!(program.said.contains(named), "{}", program.said);
    }
    let authority = lab.read("ca.pem");
    assert!(authority.starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(!authority.contains("PRIVATE KEY"));
    let live = ["collections/agent-flow.yaml", "--env", "live"].map(str::to_owned);
    let arguments = [&program.inputs()[..], &live].concat();
    lab.run(&arguments).exits(3).says("--cacert");
    let trusting = [vec!["--cacert".to_owned(), "ca.pem".to_owned()], arguments].concat();
    lab.run(&trusting).exits(0).says("3 passed");
}

#[test]
fn the_authoritys_certificate_lies_in_a_folder_of_its_own_unless_told_otherwise() {
    let lab = Lab::new();
    let program = Program::start(&lab, &["--tls"]);
    let (_, rest) = program.said.split_once("lcrun --cacert ").unwrap();
    let file = std::path::PathBuf::from(rest.lines().next().unwrap());
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .contains("CERTIFICATE")
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::fs::metadata(file.parent().unwrap()).unwrap();
        assert_eq!(folder.permissions().mode() & 0o077, 0, "others can look in");
    }
    drop(program);
    // It was killed, so the folder is still there.
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    lab.run(["sandbox", "--ca-file", "ca.pem"])
        .exits(1)
        .says("--tls");
    lab.run(["sandbox", "--tls", "--ca-file", "no/such/folder.pem"])
        .exits(1)
        .says("can't be written");
}

fn with_tls() -> Options {
    Options {
        tls: Some(
            std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_800_000_000),
        ),
        ..Options::default()
    }
}

#[test]
fn plain_http_is_told_to_speak_https() {
    let mut scene = Scene::with(&with_tls(), &impatient());
    assert!(scene.input("api_url").starts_with("https://"));
    scene.client.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    let reply = scene.client.read(false).unwrap();
    assert_eq!(reply.status, 400);
    assert!(reply.text().contains("https://"), "{}", reply.text());
    assert!(scene.client.is_closed());
}

#[test]
fn a_handshake_that_is_nonsense_or_never_ends_is_closed() {
    let scene = Scene::with(&with_tls(), &impatient());
    for start in [
        &b""[..],
        b"\x16",
        b"\x16\x03\x01\x02\x00",
        b"\x16nonsense that is no handshake record at all",
    ] {
        let mut client = Client::connect(scene.sandbox.address());
        client.write(start);
        while !client.is_closed() {}
    }
}

#[test]
fn a_thousand_clients_at_once_all_get_an_answer() {
    const CLIENTS: usize = 1000;
    #[cfg(unix)]
    raise_the_limit_of_open_files();
    let lab = Lab::new();
    let program = Program::start(&lab, &[]);
    // Half a request each, so that all are open at once.
    let mut streams: Vec<TcpStream> = (0..CLIENTS)
        .map(|_| {
            let mut stream = TcpStream::connect(program.address).unwrap();
            stream.write_all(b"GET /ooops HTTP/1.1\r\n").unwrap();
            stream
        })
        .collect();
    for stream in &mut streams {
        stream
            .write_all(b"Host: x\r\nConnection: close\r\n\r\n")
            .unwrap();
    }
    for stream in &streams {
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line).unwrap();
        assert_eq!(line, "HTTP/1.1 200 OK\r\n");
    }
}

/// The thousand sockets of the test itself are more than many systems allow unless asked. The sandbox inherits it.
#[cfg(unix)]
fn raise_the_limit_of_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = limit.maximum.map_or(8192, |maximum| maximum.min(8192));
    if limit.current.is_some_and(|current| current < wanted) {
        let raised = Rlimit {
            current: Some(wanted),
            maximum: limit.maximum,
        };
        setrlimit(Resource::Nofile, raised).unwrap();
    }
}
