//! An API gateway: which paths it serves, which services answer them, and what it asks of callers.
//!
//! Words are the gateway's own where it has them (`maxErrors`, `inputHeaders`), in the inventory's
//! spelling; the derivation turns them into the engine's configuration.

use super::concept::{At, Named, concept};
use super::scalar::{Duration, Flag, Name, PortName, Positive, ServiceName, Word, choice, fail, texts};
use super::service::{PortSpec, Service};
use crate::source::Key;

/// The port at which Kong answers probes and shows metrics.
pub const KONG_STATUS: &str = "status";

concept! {
    /// A path that the gateway serves. One backend (`service`), or several merged into one answer (`backends`).
    pub struct Route lifts &[("service", &["backends"]), ("backends", &["service", "port", "backendPath"])]; {
        /// Path that callers ask for; `{name}` stands for one whole segment.
        path: At<RoutePath>,
        /// Methods that are served; `GET` unless given.
        methods: Vec<At<Method>>,
        /// Service that answers.
        service: Option<At<ServiceName>>,
        /// Its port by name; the first one unless given.
        port: Option<At<PortName>>,
        /// Path at the service; the same unless given.
        backend_path: Option<At<RoutePath>>,
        /// Services whose answers are merged into one, which Kong can't.
        backends: Named<Name, Backend>,
        /// Requests that each pod of the gateway lets through, of all callers together. Kong counts by second,
        /// minute, hour or day.
        rate_limit: Option<At<Rate>>,
        /// When to leave a failing service alone; holds for each backend that has none of its own.
        circuit_breaker: Option<CircuitBreaker>,
        /// How long a request may take, backends included; for Kong, how long a service may be silent.
        timeout: Option<At<Duration>>,
        /// What callers must show; anybody may call unless given.
        auth: Option<At<RouteAuth>>,
        /// `no-op` hands through what one service answers, status included; `json` parses and rebuilds it.
        encoding: Option<At<Encoding>>,
        /// Request headers that reach the services; none but KrakenD's own unless given. Kong passes on all.
        input_headers: Vec<At<HeaderName>>,
        /// Query parameters that reach the services; none unless given. Kong passes on all.
        input_query_strings: Vec<At<Word>>,
    }
}

concept! {
    /// One of several services behind a route.
    pub struct Backend {
        /// Service that answers.
        service: At<ServiceName>,
        /// Its port by name; the first one unless given.
        port: Option<At<PortName>>,
        /// Path at the service; the route's unless given.
        path: Option<At<RoutePath>>,
        /// Key of the merged answer that takes this service's answer; its fields join the others' unless given.
        group: Option<At<Word>>,
        /// When to leave it alone.
        circuit_breaker: Option<CircuitBreaker>,
    }
}

concept! {
    /// When to leave a failing service alone.
    pub struct CircuitBreaker {
        /// Errors in a row that open the circuit.
        max_errors: At<Positive>,
        /// Window in which they count, in whole seconds. KrakenD needs it; Kong has none: a success begins anew.
        interval: Option<At<Duration>>,
        /// How long the circuit stays open, in whole seconds; as long as `interval` unless given.
        timeout: Option<At<Duration>>,
    }
}

concept! {
    /// Which pages of other origins may call (CORS).
    pub struct Cors {
        /// Origins such as `https://shop.example.com`; `*` for all.
        allow_origins: Vec<At<Word>>,
        /// Methods they may use.
        allow_methods: Vec<At<CorsMethod>>,
        /// Request headers they may send.
        allow_headers: Vec<At<HeaderName>>,
        /// Response headers they may read.
        expose_headers: Vec<At<HeaderName>>,
        /// Whether they may send cookies and other credentials.
        allow_credentials: Option<At<Flag>>,
        /// How long a browser may remember the answer.
        max_age: Option<At<Duration>>,
    }
}

concept! {
    /// Response headers that tell browsers to be careful.
    pub struct SecurityHeaders {
        /// `X-Content-Type-Options: nosniff`.
        content_type_nosniff: Option<At<Flag>>,
        /// `X-Frame-Options: DENY`.
        frame_deny: Option<At<Flag>>,
        /// `Referrer-Policy`.
        referrer_policy: Option<At<Word>>,
        /// `Content-Security-Policy`.
        content_security_policy: Option<At<Word>>,
        /// `max-age` of `Strict-Transport-Security`, sent where `X-Forwarded-Proto` says `https`.
        sts_seconds: Option<At<Positive>>,
        /// Whether it holds for subdomains, too.
        sts_include_subdomains: Option<At<Flag>>,
    }
}

concept! {
    /// What the gateway writes to its log.
    pub struct Logging {
        /// Least severity that is written.
        level: At<LogLevel>,
    }
}

choice! {
    /// Software of a gateway.
    pub enum Engine ("`krakend` or `kong`") {
        /// KrakenD 2.
        Krakend = "krakend",
        /// Kong 3, without a database.
        Kong = "kong",
    }
}

choice! {
    /// Edition of the software.
    pub enum Edition ("`community`") {
        /// The open one.
        Community = "community",
    }
}

choice! {
    /// Method that a route serves.
    pub enum Method ("`GET`, `POST`, `PUT`, `PATCH` or `DELETE`") {
        /// Reads.
        Get = "GET",
        /// Creates.
        Post = "POST",
        /// Replaces.
        Put = "PUT",
        /// Changes.
        Patch = "PATCH",
        /// Deletes.
        Delete = "DELETE",
    }
}

choice! {
    /// Method that a page of another origin may use.
    pub enum CorsMethod ("`GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE` or `OPTIONS`") {
        /// Reads.
        Get = "GET",
        /// Reads headers.
        Head = "HEAD",
        /// Creates.
        Post = "POST",
        /// Replaces.
        Put = "PUT",
        /// Changes.
        Patch = "PATCH",
        /// Deletes.
        Delete = "DELETE",
        /// Asks what is allowed.
        Options = "OPTIONS",
    }
}

choice! {
    /// What callers of a route must show.
    pub enum RouteAuth ("`jwt`") {
        /// A token that `auth.jwt` accepts.
        Jwt = "jwt",
    }
}

choice! {
    /// What happens to an answer on its way.
    pub enum Encoding ("`no-op` or `json`") {
        /// Nothing: status, headers and body as the service sent them.
        NoOp = "no-op",
        /// It is parsed and written anew.
        Json = "json",
    }
}

choice! {
    /// Severity in a log.
    pub enum LogLevel ("`DEBUG`, `INFO`, `WARNING`, `ERROR` or `CRITICAL`") {
        /// Everything.
        Debug = "DEBUG",
        /// What happens.
        Info = "INFO",
        /// What may be wrong.
        Warning = "WARNING",
        /// What is wrong.
        Error = "ERROR",
        /// What stops the gateway.
        Critical = "CRITICAL",
    }
}

texts! {
    /// Path of a route.
    RoutePath: "a path such as `/api/orders/{id}`", route_path;
    /// So many requests in such a time.
    Rate: "a rate such as `100/s`", rate;
    /// HTTP header.
    HeaderName: "a header such as `Authorization`", header_name;
    /// URL of HTTP.
    HttpUrl: "a URL such as `https://id.example.com/jwks.json`", http_url;
}

/// Paths of KrakenD's endpoints and backends: its schema's pattern, and its router's own paths.
fn route_path(text: &str) -> Result<(), String> {
    fail(text.starts_with('/'), "a path begins with `/`")?;
    fail(
        text.bytes().all(|c| c.is_ascii_graphic() && !matches!(c, b':' | b'?' | b'#' | b'&' | b'%' | b'*' | b'"')),
        "a path holds no spaces and none of `:`, `?`, `#`, `&`, `%`, `*`",
    )?;
    fail(!text.contains("//"), "a path holds no empty segment")?;
    for segment in text.split('/') {
        let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let name = |name: &str| !name.is_empty() && !name.contains(['{', '}']);
        fail(
            inner.map_or(!segment.contains(['{', '}']), name),
            "a placeholder such as `{id}` stands for one whole segment",
        )?;
    }
    let own = ["/__health", "/__debug", "/__echo", "/__catchall", "/__stats"];
    fail(
        !own.iter().any(|own| text.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))),
        "paths such as `/__health` are the gateway's own",
    )
}

fn rate(text: &str) -> Result<(), String> {
    fail(Rate::parse(text).is_some(), "a rate is a number of requests and a time: `100/s`, `30/m`, `5/10s`")
}

impl Rate {
    /// Requests, and the time in which they are counted.
    #[must_use]
    pub fn parts(&self) -> Option<(i64, String)> {
        Self::parse(&self.0)
    }

    /// Seconds in which its requests are counted.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        let (_, every) = self.parts()?;
        let (count, unit) = every.split_at(every.len() - 1);
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            _ => 3600,
        };
        count.parse::<i64>().ok().map(|count| count * unit)
    }

    fn parse(text: &str) -> Option<(i64, String)> {
        let (requests, every) = text.split_once('/')?;
        let requests: i64 = requests.bytes().all(|c| c.is_ascii_digit()).then(|| requests.parse().ok())??;
        let unit = every.bytes().last().filter(|unit| matches!(unit, b's' | b'm' | b'h'))?;
        let count = &every[..every.len() - 1];
        let whole = count.is_empty() || count.bytes().all(|c| c.is_ascii_digit()) && !count.starts_with('0');
        let fits = (1..=i64::from(i32::MAX)).contains(&requests) && count.len() <= 6;
        (whole && fits)
            .then(|| (requests, format!("{}{}", if count.is_empty() { "1" } else { count }, char::from(unit))))
    }
}

/// Token of RFC 9110; KrakenD takes `*` for all.
fn header_name(text: &str) -> Result<(), String> {
    fail(
        !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c)),
        "a header's name holds letters, digits and `-`",
    )
}

fn http_url(text: &str) -> Result<(), String> {
    fail(HttpUrl::parse(text).is_some(), "a URL is `https://` (or `http://`), a host, perhaps a port, and a path")
}

/// What a URL says of where to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authority<'a> {
    /// Whether the connection is encrypted.
    pub secure: bool,
    /// Host without port.
    pub host: &'a str,
    /// Port; the scheme's own unless written.
    pub port: i64,
}

impl HttpUrl {
    /// Where the URL leads.
    #[must_use]
    pub fn authority(&self) -> Option<Authority<'_>> {
        Self::parse(&self.0)
    }

    /// The same at another host.
    #[must_use]
    pub fn at_host(&self, host: &str) -> crate::source::Str {
        let Some(authority) = self.authority() else { return self.0.clone() };
        let start = if authority.secure { "https://" } else { "http://" };
        // An address of version 6 stands in brackets.
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        format!("{start}{host}{}", &self.0[start.len() + authority.host.len()..]).into()
    }

    fn parse(text: &str) -> Option<Authority<'_>> {
        let (secure, rest) = match text.strip_prefix("https://") {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix("http://")?),
        };
        let authority = rest.split(['/', '?', '#']).next()?;
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, port.parse::<u16>().ok().filter(|port| *port > 0)?.into()),
            None => (authority, if secure { 443 } else { 80 }),
        };
        let fine = host.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'-'));
        (!host.is_empty() && fine && text.bytes().all(|c| c.is_ascii_graphic())).then_some(Authority {
            secure,
            host,
            port,
        })
    }
}

impl Authority<'_> {
    /// The service of the platform that it names: a host without a dot is looked up in the pod's own namespace.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        (!self.host.contains('.')).then_some(self.host)
    }
}

/// Where requests of a route go: `service`, or one of `backends`.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// Service that answers.
    pub service: &'a At<ServiceName>,
    /// Its port by name; the first one unless given.
    pub port: Option<&'a At<PortName>>,
    /// Path at the service.
    pub path: &'a At<RoutePath>,
    /// Key of the merged answer that takes this service's answer.
    pub group: Option<&'a At<Word>>,
    /// When to leave it alone.
    pub circuit_breaker: Option<&'a CircuitBreaker>,
}

impl Route {
    /// Where its requests go, in order.
    #[must_use]
    pub fn ends(&self) -> Vec<End<'_>> {
        let own = self.service.iter().map(|service| End {
            service,
            port: self.port.as_ref(),
            path: self.backend_path.as_ref().unwrap_or(&self.path),
            group: None,
            circuit_breaker: self.circuit_breaker.as_ref(),
        });
        let merged = self.backends.iter().map(|(_, backend)| End {
            service: &backend.service,
            port: backend.port.as_ref(),
            path: backend.path.as_ref().unwrap_or(&self.path),
            group: backend.group.as_ref(),
            circuit_breaker: backend.circuit_breaker.as_ref().or(self.circuit_breaker.as_ref()),
        });
        own.chain(merged).collect()
    }

    /// Methods it serves.
    #[must_use]
    pub fn methods(&self) -> Vec<At<Method>> {
        if self.methods.is_empty() {
            return vec![At { value: Method::Get, origin: self.path.origin }];
        }
        self.methods.clone()
    }

    /// What happens to answers: nothing, unless several are merged or one is put under a key.
    #[must_use]
    pub fn encoding(&self) -> At<Encoding> {
        self.encoding.unwrap_or_else(|| {
            let ends = self.ends();
            let plain = ends.len() < 2 && ends.iter().all(|end| end.group.is_none());
            At { value: if plain { Encoding::NoOp } else { Encoding::Json }, origin: self.path.origin }
        })
    }
}

impl Service {
    /// Ports that Kong takes requests at: those of its own container, but the one it shows its state at.
    pub fn kong_listeners(&self) -> impl Iterator<Item = (&Key, &PortSpec)> {
        self.ports.iter().filter(|(name, port)| name.text != KONG_STATUS && port.container.is_none() && port.is_tcp())
    }

    /// Software of a gateway.
    #[must_use]
    pub fn gateway_engine(&self) -> Engine {
        self.engine.map_or(Engine::Krakend, |engine| engine.value)
    }
}

impl Duration {
    /// Its length in milliseconds; as much as fits.
    #[must_use]
    pub fn milliseconds(&self) -> u64 {
        let mut rest: &str = &self.0;
        let mut sum = 0_u64;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let letters = rest[digits..].bytes().take_while(u8::is_ascii_alphabetic).count();
            let unit = match &rest[digits..digits + letters] {
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                "h" => 3_600_000,
                "d" => 86_400_000,
                "w" => 604_800_000,
                "y" => 31_536_000_000,
                _ => 0,
            };
            let number = rest[..digits].parse::<u64>().unwrap_or(0);
            sum = sum.saturating_add(number.saturating_mul(unit));
            // What the grammar refuses would not get shorter.
            if digits + letters == 0 {
                break;
            }
            rest = &rest[digits + letters..];
        }
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_requests_in_a_time() {
        for (text, parts) in [("100/s", Some((100, "1s"))), ("30/m", Some((30, "1m"))), ("5/10s", Some((5, "10s")))] {
            assert_eq!(Rate::parse(text), parts.map(|(requests, every)| (requests, every.to_owned())), "{text}");
        }
        for bad in ["100", "0/s", "-1/s", "/s", "1/", "1/d", "1/0s", "1.5/s", "99999999999/s", "1/s/s"] {
            assert_eq!(Rate::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn paths_are_what_the_router_takes() {
        for good in ["/", "/api/orders", "/api/{id}/lines/{line}", "/api/", "/__healthy"] {
            assert!(route_path(good).is_ok(), "{good}");
        }
        for bad in
            ["", "api", "/a b", "/a:b", "/a?x=1", "/v{id}", "/{}", "/{a}{b}", "/__health", "/__debug/x", "/a//b", "/*"]
        {
            assert!(route_path(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn urls_say_where_to_connect() {
        let at = |text| HttpUrl::parse(text).map(|at| (at.secure, at.host, at.port));
        assert_eq!(at("https://id.example.com/jwks.json"), Some((true, "id.example.com", 443)));
        assert_eq!(at("http://keycloak:8080/certs?x"), Some((false, "keycloak", 8080)));
        for bad in
            ["id.example.com", "ftp://x", "https://", "https://a b", "https://u@h/x", "https://h:0/", "https://h:x/"]
        {
            assert_eq!(at(bad), None, "{bad}");
        }
    }

    #[test]
    fn durations_add_up() {
        for (text, length) in [("1m30s", 90_000), ("500ms", 500), ("1h", 3_600_000), ("0s", 0)] {
            assert_eq!(Duration(text.into()).milliseconds(), length, "{text}");
        }
    }
}
