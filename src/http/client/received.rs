//! What came back over a connection: the head of the response is kept, its body counted.

/// What came back.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// The head of the response, as far as it came.
    pub(super) head: Vec<u8>,
    pub(super) head_is_complete: bool,
    /// All of them, interim responses too.
    pub(super) bytes: u64,
    pub(super) body_bytes: u64,
}

impl Received {
    /// Nothing came yet; the head keeps its room.
    pub(super) fn clear(&mut self) {
        self.head.clear();
        *self = Self {
            head: std::mem::take(&mut self.head),
            ..Self::default()
        };
    }

    /// Takes note of bytes that came: those of the head are kept, the others counted.
    pub(super) fn take(&mut self, mut bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        while !self.head_is_complete && !bytes.is_empty() {
            let known = self.head.len();
            self.head.extend_from_slice(bytes);
            let Some(end) = end_of_head(&self.head, known) else {
                return;
            };
            bytes = &bytes[end - known..];
            self.head.truncate(end);
            if is_interim(&self.head) {
                self.head.clear();
            } else {
                self.head_is_complete = true;
            }
        }
        self.body_bytes += bytes.len() as u64;
    }
}

/// Where a head ends, its blank line included; the first `known` bytes have been looked at.
/// Line ends may lack their carriage return, as in `ureq`'s parser.
fn end_of_head(head: &[u8], known: usize) -> Option<usize> {
    let from = known.saturating_sub(3);
    let mut ends = head[from..]
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n');
    ends.find_map(|(at, _)| match &head[from + at + 1..] {
        [b'\n', ..] => Some(from + at + 2),
        [b'\r', b'\n', ..] => Some(from + at + 3),
        _ => None,
    })
}

/// Whether a head is that of a 1xx response, after which the real one comes. 101 is the last one
/// of its connection.
fn is_interim(head: &[u8]) -> bool {
    let status = head.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
    status.starts_with(b"1") && !status.starts_with(b"101")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pieces: &[&[u8]]) -> Received {
        let mut received = Received::default();
        for piece in pieces {
            received.take(piece);
        }
        received
    }

    #[test]
    fn the_head_is_found_wherever_it_is_cut() {
        let all = b"HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\nbody";
        for cut in 0..all.len() {
            let received = taken(&[&all[..cut], &all[cut..]]);
            assert_eq!(
                received.head, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
                "cut at {cut}"
            );
            assert_eq!((received.bytes, received.body_bytes), (all.len() as u64, 4));
        }
        let single: Vec<&[u8]> = all.chunks(1).collect();
        assert_eq!(taken(&single).head, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
    }

    #[test]
    fn a_head_may_lack_carriage_returns_and_be_all_there_is() {
        let received = taken(&[b"HTTP/1.1 204\nA: b\n\n"]);
        assert!(received.head_is_complete);
        assert_eq!(received.body_bytes, 0);
        assert!(!taken(&[b"HTTP/1.1 200 OK\r\nA: b\r\n"]).head_is_complete);
        assert!(taken(&[b"HTTP/1.1 101 Switching\r\n\r\nxx"]).head_is_complete);
    }
}
