//! One request from its first byte to the last of its response: the attempts, the cookies, the
//! redirects.

use std::borrow::Cow;
use std::time::Instant;

use ureq::http::{Response as Incoming, Uri};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, SocksConnector};
use ureq::{Agent, Body, Error, Proxy};
use url::Url;

use super::classify::{classify, is_end};
use super::incoming::{is_bodiless, parse_head, read_body};
use super::outgoing::{Additions, Origin, Outgoing, proxy_uri, standin};
use super::proxy::{Route, bare};
use super::redirect::follow;
use super::resolver::Names;
use super::tap::Watched;
use super::tcp::Tcp;
use super::tls::{Tls, Trust};
use super::trace::{Attempt, Limit, Trace};
use super::{ClientError, ClientOptions, Interrupter, Phase, SendError, SendErrorKind};
use crate::http::cookies::CookieJar;
use crate::http::message::{Exchange, Redirect, Request, Response};

/// Sends requests, one after the other, over connections that it keeps open between them.
///
/// A request on a connection that was kept open is sent once more, on a new one, if the server
/// closed the first without a byte of response. That goes for every method: what looks so is
/// nearly always a server that had given the idle connection up before the request reached it.
/// RFC 9110 §9.2.2 allows it where the client can tell that the request was not applied; a server
/// that applies a request and then closes without a word would get it twice.
#[derive(Debug)]
pub struct Client {
    options: ClientOptions,
    trust: Trust,
    trace: Trace,
    interrupter: Interrupter,
    names: Names,
    cookies: CookieJar,
    /// For requests that go to their server or to a forwarding proxy.
    direct: Agent,
    /// For requests through a tunnel, by whether they use TLS. Made when first needed.
    tunnels: [Option<Agent>; 2],
    /// Where the last request went: the next one mostly goes there too.
    server: Option<Server>,
}

impl Client {
    /// A client without connections and cookies. Of TLS nothing is set up yet, but a file of
    /// certificates is read.
    pub fn new(options: ClientOptions) -> Result<Self, ClientError> {
        if options
            .user_agent
            .bytes()
            .any(|byte| byte.is_ascii_control())
        {
            return Err(ClientError::InvalidUserAgent {
                value: options.user_agent,
            });
        }
        let trust = Trust::new(options.cacert.as_deref(), options.insecure)?;
        let trace = Trace::default();
        let interrupter = Interrupter::default();
        let names = Names::new(trace.clone(), interrupter.bell());
        let client = Self {
            direct: new_agent(&options, None, &trust, &names),
            options,
            trust,
            trace,
            interrupter,
            names,
            cookies: CookieJar::default(),
            tunnels: [None, None],
            server: None,
        };
        client.interrupter.watch(&client.direct);
        Ok(client)
    }

    /// The cookies that servers have set, to be changed.
    pub fn cookies_mut(&mut self) -> &mut CookieJar {
        &mut self.cookies
    }

    /// Sends a request and waits for the whole response; every status is one.
    ///
    /// The exchange's request is what went over the wire, with every field. Its URL is without
    /// user and password: they travel in `Authorization`. Times of several attempts are summed up.
    pub fn send(&mut self, request: &Request) -> Result<Exchange, SendError> {
        let begun = Instant::now();
        let allowed = [request.timeout, self.options.max_time];
        let allowed = allowed.into_iter().flatten().min();
        self.trace
            .begin(allowed.and_then(|after| Limit::new(begun, after)));
        let mut current = Cow::Borrowed(request);
        let mut redirects: Vec<Redirect> = Vec::new();
        loop {
            let sent = self.exchange(&current);
            let (sent, response) = sent.map_err(|kind| SendError::new(kind, &current))?;
            let next = if request.follow_redirects > 0 {
                follow(&current, &response)
            } else {
                None
            };
            let Some(next) = next else {
                let mut timings = self.trace.timings();
                timings.total = begun.elapsed();
                return Ok(Exchange {
                    request: sent,
                    response,
                    redirects,
                    timings,
                });
            };
            if redirects.len() >= request.follow_redirects as usize {
                let circle = redirects.iter().any(|redirect| redirect.url == next.url);
                let limit = request.follow_redirects;
                let kind = SendErrorKind::TooManyRedirects { limit, circle };
                return Err(SendError::new(kind, &current));
            }
            redirects.push(Redirect {
                status: response.status,
                url: sent.url,
                headers: response.headers,
            });
            current = Cow::Owned(next);
        }
    }

    /// What ends a request of this client from another thread.
    pub fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }

    /// The cookies that servers have set.
    pub fn cookies(&self) -> &CookieJar {
        &self.cookies
    }

    /// Sends one request, follows nothing.
    fn exchange(&mut self, request: &Request) -> Result<(Request, Response), SendErrorKind> {
        let server = match self.server.take() {
            Some(server) if server.origin.holds(&request.url) => server,
            _ => self.server(&request.url)?,
        };
        let exchange = self.exchange_with(&server, request);
        self.server = Some(server);
        exchange
    }

    fn exchange_with(
        &mut self,
        server: &Server,
        request: &Request,
    ) -> Result<(Request, Response), SendErrorKind> {
        let own_cookies = request.headers.all("cookie");
        let additions = Additions {
            user_agent: &self.options.user_agent,
            cookies: self.cookies.header(&request.url, own_cookies),
            forwarding_proxy: server.forwarding_proxy(),
        };
        let outgoing = Outgoing::new(request, &server.origin, additions)?;
        let answer = self.answer(server, request, &outgoing);
        let response = match answer {
            _ if self.interrupter.is_interrupted() => return Err(SendErrorKind::Interrupted),
            Ok(response) => response,
            Err(error) => return Err(self.failure(error, server)),
        };
        if self.options.cookies {
            self.cookies
                .store(&request.url, response.headers.all("set-cookie"));
        }
        let mut url = request.url.clone();
        // A URL that was sent to has a host, so it takes these.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let sent = Request {
            method: request.method.clone(),
            url,
            headers: outgoing.headers,
            body: request.body.clone(),
            ..*request
        };
        Ok((sent, response))
    }

    /// Sends a request and, where its connection turns out to be closed, sends it once more.
    fn answer(
        &self,
        server: &Server,
        request: &Request,
        outgoing: &Outgoing,
    ) -> Result<Response, Error> {
        let mut is_first = true;
        loop {
            let attempt = Attempt {
                head: &outgoing.head,
                holds: outgoing.holds,
                forwarding_proxy: server.forwarding_uri.as_ref(),
                connect_timeout: self.options.connect_timeout,
            };
            self.trace.attempt(&attempt, Instant::now());
            let standin =
                standin(request, &server.origin).map_err(|kind| Error::Other(Box::new(kind)))?;
            let answer = server.agent.run(standin);
            let answer = answer.and_then(|answer| self.response(request, answer));
            match answer {
                Err(Error::Io(error))
                    if is_first
                        && is_end(&error)
                        && self.trace.found_it_stale()
                        && !self.interrupter.is_interrupted() =>
                {
                    is_first = false;
                }
                answer => {
                    self.trace.end(Instant::now());
                    return answer;
                }
            }
        }
    }

    /// The whole response, of which the head has come.
    fn response(&self, request: &Request, answer: Incoming<Body>) -> Result<Response, Error> {
        let status = answer.status().as_u16();
        let (reason, headers) = self.trace.with_head(parse_head);
        let body = if is_bodiless(&request.method, status) {
            Vec::new().into()
        } else {
            read_body(answer, &headers, self.options.max_body)?
        };
        Ok(Response {
            status,
            reason,
            headers,
            body,
            bytes_received: self.trace.body_bytes().unwrap_or_default(),
        })
    }

    /// What went wrong, and whether the proxy is to blame.
    fn failure(&self, error: Error, server: &Server) -> SendErrorKind {
        let phase = self.trace.phase();
        let address = &server.origin.address;
        let kind = classify(error, address, self.options.max_body, &self.trace);
        if phase <= Phase::Connect {
            self.names.forget();
        }
        let Some(proxy) = &server.proxy else {
            return kind;
        };
        let reason = match kind {
            SendErrorKind::Refused { .. } => "connection refused".to_owned(),
            SendErrorKind::UnknownHost { reason, .. } | SendErrorKind::Connect { reason, .. } => {
                reason
            }
            kind => return kind,
        };
        SendErrorKind::Proxy {
            proxy: bare(proxy),
            reason,
        }
    }

    /// How to reach the server of a URL.
    fn server(&mut self, url: &Url) -> Result<Server, SendErrorKind> {
        let origin = Origin::of(url)?;
        let route = self.options.proxy.route(url);
        let (agent, proxy, forwarding_uri) = match route {
            Route::Direct => (self.direct.clone(), None, None),
            Route::Forward(proxy) => {
                let uri = proxy_uri(proxy)?;
                (self.direct.clone(), Some(proxy.clone()), Some(uri))
            }
            Route::Tunnel(proxy) => {
                let proxy = proxy.clone();
                (
                    self.tunnel(&proxy, url.scheme() == "https")?,
                    Some(proxy),
                    None,
                )
            }
        };
        Ok(Server {
            origin,
            agent,
            proxy,
            forwarding_uri,
        })
    }

    /// The agent for a tunnel, made now if this is the first request that needs it.
    fn tunnel(&mut self, proxy: &Url, secure: bool) -> Result<Agent, SendErrorKind> {
        if let Some(agent) = &self.tunnels[usize::from(secure)] {
            return Ok(agent.clone());
        }
        let parsed = Proxy::new(proxy.as_str().trim_end_matches('/'));
        let parsed = parsed.map_err(|error| SendErrorKind::Proxy {
            proxy: bare(proxy),
            reason: error.to_string(),
        })?;
        let agent = new_agent(&self.options, Some(parsed), &self.trust, &self.names);
        self.interrupter.watch(&agent);
        self.tunnels[usize::from(secure)] = Some(agent.clone());
        Ok(agent)
    }
}

/// How a server is reached.
#[derive(Debug)]
struct Server {
    origin: Origin,
    agent: Agent,
    /// The proxy that is between.
    proxy: Option<Url>,
    /// The same for `ureq`, if the proxy gets the request itself.
    forwarding_uri: Option<Uri>,
}

impl Server {
    fn forwarding_proxy(&self) -> Option<&Url> {
        self.proxy
            .as_ref()
            .filter(|_| self.forwarding_uri.is_some())
    }
}

/// An agent that leaves to us all that we do ourselves: heads, redirects, cookies, time limits.
fn new_agent(options: &ClientOptions, proxy: Option<Proxy>, trust: &Trust, names: &Names) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .allow_non_standard_methods(true)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .output_buffer_size(32 * 1024)
        // Said in `CONNECT`; the requests have their own.
        .user_agent(&options.user_agent)
        .proxy(proxy)
        .build();
    let trace = names.trace().clone();
    let tcp = Tcp {
        trace: trace.clone(),
        bell: names.bell().clone(),
    };
    let connector =
        ().chain(SocksConnector::default())
            .chain(ConnectProxyConnector::default())
            .chain(tcp)
            .chain(Tls::new(trust.clone(), trace.clone()));
    let watched = Watched {
        inner: connector,
        trace,
    };
    Agent::with_parts(config, watched, names.clone())
}
