//! Which way a browser step takes, by what was asked for and what is possible here.

/// A way that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A browser is opened. The answer comes back to a listener where the redirect URI is on the
    /// loopback interface, else a person pastes it.
    Browser,
    /// The address is shown, and a person pastes the one that the browser ended on.
    Paste,
    /// The server's own redirect is followed.
    Direct,
}

/// What the way depends on.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Means {
    /// What was asked for.
    pub asked: Option<Way>,
    /// Whether a browser can be opened, and somebody is there to see it.
    pub has_browser: bool,
    /// Whether somebody can be asked.
    pub has_person: bool,
    /// Whether the redirect URI is one that a listener can serve.
    pub is_loopback: bool,
    /// Whether the server is the embedded sandbox.
    pub is_sandbox: bool,
}

/// What is done, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course {
    /// Whether the server is first asked by lcrun itself.
    pub direct: bool,
    /// How a person gets the answer, where that is not enough.
    pub by_hand: Option<ByHand>,
}

/// How a person gets the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByHand {
    /// Whether a browser is opened; the address is told in any case.
    pub opens: bool,
    /// How the answer comes back.
    pub back: Back,
}

/// How the answer comes back from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Back {
    /// The browser is redirected to a listener.
    Listener,
    /// A person pastes the address.
    Paste,
}

impl Means {
    /// What to do with these means.
    ///
    /// Without being asked for, a server is asked directly only if it is the sandbox, or if nobody
    /// is there who could do anything else: a real one answers with its log-in page.
    pub fn course(self) -> Course {
        let back = if self.is_loopback {
            Some(Back::Listener)
        } else {
            self.has_person.then_some(Back::Paste)
        };
        let browser = back.map(|back| ByHand { opens: true, back });
        let paste = self.has_person.then_some(ByHand {
            opens: false,
            back: Back::Paste,
        });
        match self.asked {
            Some(Way::Direct) => Course {
                direct: true,
                by_hand: None,
            },
            Some(Way::Browser) => Course {
                direct: false,
                by_hand: browser,
            },
            Some(Way::Paste) => Course {
                direct: false,
                by_hand: paste,
            },
            None => {
                let by_hand = browser.filter(|_| self.has_browser).or(paste);
                Course {
                    direct: self.is_sandbox || by_hand.is_none(),
                    by_hand,
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTENED: ByHand = ByHand {
        opens: true,
        back: Back::Listener,
    };

    const OPENED: ByHand = ByHand {
        opens: true,
        back: Back::Paste,
    };

    const SHOWN: ByHand = ByHand {
        opens: false,
        back: Back::Paste,
    };

    #[track_caller]
    fn assert_course(means: Means, direct: bool, by_hand: Option<ByHand>) {
        assert_eq!(means.course(), Course { direct, by_hand }, "{means:?}");
    }

    #[test]
    fn a_laptop_a_remote_machine_and_ci_each_get_what_they_can() {
        let laptop = Means {
            has_browser: true,
            has_person: true,
            ..Means::default()
        };
        let loopback = |means| Means {
            is_loopback: true,
            ..means
        };
        let remote = Means {
            has_browser: false,
            ..laptop
        };
        let ci = Means::default();
        assert_course(loopback(laptop), false, Some(LISTENED));
        assert_course(laptop, false, Some(OPENED));
        assert_course(loopback(remote), false, Some(SHOWN));
        assert_course(remote, false, Some(SHOWN));
        assert_course(loopback(ci), true, None);
        assert_course(ci, true, None);
    }

    #[test]
    fn the_sandbox_is_asked_directly_first() {
        let sandbox = Means {
            has_person: true,
            is_sandbox: true,
            ..Means::default()
        };
        assert_course(sandbox, true, Some(SHOWN));
        let loopback = Means {
            has_browser: true,
            is_loopback: true,
            ..sandbox
        };
        assert_course(loopback, true, Some(LISTENED));
    }

    #[test]
    fn what_is_asked_for_is_done_or_nothing() {
        let ask = |asked| Means {
            asked: Some(asked),
            is_sandbox: true,
            ..Means::default()
        };
        assert_course(ask(Way::Direct), true, None);
        assert_course(ask(Way::Browser), false, None);
        assert_course(ask(Way::Paste), false, None);
        let listening = Means {
            is_loopback: true,
            ..ask(Way::Browser)
        };
        assert_course(listening, false, Some(LISTENED));
    }
}
