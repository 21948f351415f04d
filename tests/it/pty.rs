//! A terminal of the tests' own: the binary in it, the keys it gets, and what it shows.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Termios, Winsize, tcgetattr, tcsetwinsize};

/// No test takes so long: whatever is not shown by then never will be.
const WATCHDOG: Duration = Duration::from_secs(60);

/// A program in a terminal.
pub struct Pty {
    /// The end that a person sits at.
    keyboard: File,
    /// The end of the program; also open here, so that its mode can be looked at.
    line: File,
    shown: Receiver<Vec<u8>>,
    child: Child,
    /// What was shown and not looked at yet.
    text: String,
    /// How the terminal was before the program began.
    mode: Termios,
}

impl Pty {
    /// Starts a command in a terminal of this size.
    pub fn spawn(mut command: Command, rows: u16, columns: u16) -> Self {
        let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let name = ptsname(&keyboard, Vec::new()).unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY;
        let line = File::from(rustix::fs::open(&*name, flags, Mode::empty()).unwrap());
        let size = Winsize {
            ws_row: rows,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&line, size).unwrap();
        let mode = tcgetattr(&line).unwrap();
        let end = || Stdio::from(line.try_clone().unwrap());
        let child = command
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        let keyboard = File::from(keyboard);
        let mut screen = keyboard.try_clone().unwrap();
        let (send, shown) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count) = screen.read(&mut bytes) {
                if send.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            keyboard,
            line,
            shown,
            child,
            text: String::new(),
            mode,
        }
    }

    /// Waits until a text is shown, and gives everything up to its end.
    #[track_caller]
    pub fn shows(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.text.find(text) {
                let rest = self.text.split_off(at + text.len());
                return std::mem::replace(&mut self.text, rest);
            }
            let Ok(bytes) = self.shown.recv_timeout(WATCHDOG) else {
                panic!("`{text}` is not shown:\n{}", self.text)
            };
            self.text.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Presses keys once the program listens to single ones.
    pub fn press(&mut self, keys: &str) {
        while self.is_as_found() {
            std::thread::yield_now();
            assert!(self.is_running(), "the program ended");
        }
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    /// Asks the program to end, by a signal, until it does; it listens to single keys.
    pub fn terminate(&mut self) {
        // Nothing is pressed, but the program listens from here on.
        self.press("");
        // A signal that comes before the wait for a key begins ends it no sooner than the next.
        while self.is_running() {
            let id = self.child.id().to_string();
            let mut kill = Command::new("kill");
            kill.args(["-TERM", &id]).output().unwrap();
        }
    }

    /// Whether it has not ended.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Waits for the program's end and gives its exit code.
    pub fn ends(&mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Whether the terminal echoes and takes lines as it did before the program began.
    pub fn is_as_found(&self) -> bool {
        let now = tcgetattr(&self.line).unwrap();
        let line_modes = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        assert!(self.mode.local_modes.contains(line_modes));
        now.local_modes == self.mode.local_modes
            && now.input_modes == self.mode.input_modes
            && now.output_modes == self.mode.output_modes
            && now.control_modes == self.mode.control_modes
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A test that failed leaves nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
