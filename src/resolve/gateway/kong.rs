//! What Kong's open edition does not have, and what it needs instead.
//!
//! It hands requests through: it merges no answers, rebuilds none, and holds nothing of a request back. It
//! counts by fixed windows, finds keys by one claim and fetches none. Whatever a route asks for beyond that
//! is refused here, with what does the same.

use super::{Checker, breakers, placeholders};
use crate::diag::Code;
use crate::inventory::scalar::Duration;
use crate::inventory::{At, Encoding, Jwt, JwtAlgorithm, KONG_STATUS, Route, Service};
use crate::source::{Key, OriginId};
use x509_cert::der::DecodePem as _;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// Kong's longest timeout in milliseconds.
const LONGEST: u64 = (1 << 31) - 2;

/// Longest pause of Kong's health checks in seconds.
const LONGEST_PAUSE: u64 = 65_535;

/// Most errors that Kong's health checks count: a byte of them.
const MOST_ERRORS: i64 = 255;

/// Windows in which Kong's plugin `rate-limiting` counts and the inventory can write, in seconds.
const WINDOWS: [i64; 4] = [1, 60, 3600, 86_400];

const OTHER: &str = "`engine: krakend` can";

impl<'a> Checker<'a> {
    pub(super) fn kong(&mut self) {
        let spec: &'a Service = &self.gateway.spec;
        for (name, route) in spec.routes.iter() {
            self.one_answer(name, route);
            self.whole_requests(name, route);
            self.counted(name, route);
            self.pauses(name, route);
            self.templates(name, route);
            self.length(route.timeout.as_ref());
        }
        self.length(spec.timeout.as_ref());
        if let Some(age) = spec.cors.as_ref().and_then(|cors| cors.max_age.as_ref())
            && !age.milliseconds().is_multiple_of(1000)
        {
            let message = format!("`maxAge` is `{}`, and browsers are told whole seconds", age.value);
            self.say(Code::InvalidValue, message, &[(age.origin, "expected whole seconds such as `10m`")], None);
        }
        if let Some(jwt) = spec.auth.as_ref().and_then(|auth| auth.jwt.as_ref()) {
            self.tokens(jwt);
        }
        self.ports();
    }

    fn one_answer(&mut self, name: &Key, route: &Route) {
        let name = &name.text;
        if let Some((second, _)) = route.backends.iter().nth(1) {
            let message = format!("route `{name}` merges answers, which Kong's open edition can't");
            let help = format!("give each service a route of its own, or merge in a service; {OTHER}");
            self.lacks(message, second.origin, "a second service", &help);
        }
        for group in route.backends.iter().filter_map(|(_, backend)| backend.group.as_ref()) {
            let message = format!("route `{name}` puts an answer under `{}`, and Kong hands it through", group.value);
            self.lacks(message, group.origin, "remove it", &format!("let the service answer so; {OTHER}"));
        }
        if let Some(encoding) = route.encoding.filter(|encoding| encoding.value == Encoding::Json) {
            let message = format!("route `{name}` rebuilds answers, and Kong hands them through");
            self.lacks(message, encoding.origin, "remove it, or say `no-op`", OTHER);
        }
    }

    /// What would be held back reaches the services.
    fn whole_requests(&mut self, name: &Key, route: &Route) {
        let headers = route.input_headers.iter().map(|header| (&*header.value.0, header.origin));
        let parameters = route.input_query_strings.iter().map(|parameter| (&*parameter.value.0, parameter.origin));
        for (field, what, all) in [
            ("inputHeaders", "headers", headers.collect::<Vec<_>>()),
            ("inputQueryStrings", "query parameters", parameters.collect()),
        ] {
            let Some((_, first)) = all.first().filter(|_| all.iter().all(|(name, _)| *name != "*")) else { continue };
            let message =
                format!("route `{}` passes on some {what} alone, and Kong's open edition passes on all", name.text);
            let help =
                format!("remove `{field}`, and let the service ignore what it does not know; {OTHER} hold others back");
            self.lacks(message, *first, "the others reach the service, too", &help);
        }
    }

    fn counted(&mut self, name: &Key, route: &Route) {
        let Some(rate) = &route.rate_limit else { return };
        if rate.seconds().is_some_and(|seconds| WINDOWS.contains(&seconds)) {
            return;
        }
        let message = format!("route `{}` counts requests by `{}`", name.text, rate.value);
        let help = format!(
            "Kong's open edition counts by second, minute, hour or day: `100/s`, `30/m`, `500/h`, `9000/24h`; {OTHER} count so"
        );
        self.lacks(message, rate.origin, "no such window", &help);
    }

    fn pauses(&mut self, name: &Key, route: &Route) {
        for breaker in breakers(route) {
            if let Some(interval) = &breaker.interval {
                let message = format!("the circuit breaker of route `{}` has a window, and Kong's has none", name.text);
                let help = "errors in a row count however far apart they are, until a success; a layer above removes it with `interval: null`";
                self.lacks(message, interval.origin, "remove it, and say `timeout`", help);
            }
            if breaker.max_errors.value.0 > MOST_ERRORS {
                let message = format!(
                    "the circuit breaker of route `{}` waits for {} errors",
                    name.text, breaker.max_errors.value.0
                );
                let places = [(breaker.max_errors.origin, "expected at most 255, which is as far as Kong counts")];
                self.say(Code::InvalidValue, message, &places, None);
            }
            match &breaker.timeout {
                None => {
                    let message = format!("the circuit breaker of route `{}` never closes again", name.text);
                    let places = [(breaker.max_errors.origin, "add `timeout: 30s`: when Kong looks again")];
                    self.say(Code::MissingField, message, &places, None);
                }
                Some(timeout) if timeout.milliseconds() / 1000 > LONGEST_PAUSE => {
                    let message =
                        format!("the circuit breaker of route `{}` pauses for `{}`", name.text, timeout.value);
                    let places = [(timeout.origin, "expected at most 65535 seconds")];
                    self.say(Code::InvalidValue, message, &places, None);
                }
                Some(_) => {}
            }
        }
    }

    /// Paths at a service go through Kong's templates, and claims are not among what those can read.
    fn templates(&mut self, name: &Key, route: &Route) {
        for end in route.ends() {
            if placeholders(&end.path.value).any(|placeholder| placeholder.starts_with("JWT.")) {
                let message = format!("the path at the service of route `{}` has a claim of the token", name.text);
                let help = format!("let the service read the token, which reaches it; {OTHER} put claims into paths");
                self.lacks(message, end.path.origin, "Kong does not know claims", &help);
            }
            if end.path.value.contains("$(") {
                let message = format!("the path at the service of route `{}` holds `$(`", name.text);
                let help = "no service needs such a path: encode the `$` at both ends";
                self.lacks(message, end.path.origin, "Kong takes it for a template", help);
            }
        }
    }

    fn length(&mut self, time: Option<&At<Duration>>) {
        if let Some(time) = time.filter(|time| time.milliseconds() > LONGEST) {
            let message = format!("`{}` is longer than Kong can wait", time.value);
            self.say(Code::InvalidValue, message, &[(time.origin, "expected less than 25 days")], None);
        }
    }

    fn tokens(&mut self, jwt: &Jwt) {
        if let Some(url) = &jwt.jwks_url {
            let message = "Kong's open edition fetches no keys".to_owned();
            let help =
                format!("write the issuer's public keys: `publicKeys: {{main: keys/main.pem}}`; {OTHER} fetch them");
            self.lacks(message, url.origin, "nobody reads this", &help);
        } else if let Some(cidr) = jwt.cidrs.first() {
            let message = "Kong's open edition fetches no keys, so it needs no way to any".to_owned();
            self.lacks(message, cidr.origin, "remove `cidrs`", "they are the networks of `jwksUrl`");
        }
        if let Some(audience) = jwt.audience.first() {
            let message = "Kong's open edition does not look at the audience of tokens".to_owned();
            let help = format!("let the services check `aud`, and remove it here; {OTHER} check it");
            self.lacks(message, audience.origin, "tokens for others would be good, too", &help);
        }
        let mut keys = jwt.public_keys.iter();
        let (Some(_), second) = (keys.next(), keys.next()) else {
            if jwt.jwks_url.is_none() {
                let message = "no key says which tokens are good".to_owned();
                let help = "the file is one of `files/`, of the base or an overlay: `-----BEGIN PUBLIC KEY-----`";
                let places = [(jwt.alg.origin, "add `publicKeys: {main: keys/main.pem}`")];
                self.say(Code::MissingField, message, &places, Some(help));
            }
            return;
        };
        if let (Some(issuer), Some((second, _))) = (&jwt.issuer, second) {
            let message = "Kong finds a token's key by its issuer or by the key's own name, and there are several keys";
            let help = "keep one key, or remove `issuer`: each key is then called by the `kid` that tokens name";
            let chosen = self.gateway.spec.engine.map_or(OriginId::NONE, |engine| engine.origin);
            let places = [(second.origin, "a second key"), (issuer.origin, "of one issuer"), (chosen, "the engine")];
            self.say(Code::GatewayEngine, message.to_owned(), &places, Some(help));
        }
        for (name, key) in jwt.public_keys.iter() {
            let Some(pem) = &key.pem else {
                // A file that is not there has been said.
                if key.file.is_none() {
                    let message = format!("the public key `{}` is empty", name.text);
                    self.say(Code::MissingField, message, &[(name.origin, "expected a file, or `pem`")], None);
                }
                continue;
            };
            // What is no public key may be a private one: its place is told by the name, and it is not shown.
            if let Err(fault) = fits(&pem.value.0, jwt.alg.value) {
                let message = format!("the public key `{}` {fault}", name.text);
                let places = [(name.origin, "expected a public key in PEM"), (jwt.alg.origin, "which signs so")];
                self.say(Code::InvalidValue, message, &places, None);
            }
        }
    }

    /// Requests, probes and scrapes come in at ports of their own.
    fn ports(&mut self) {
        let spec: &'a Service = &self.gateway.spec;
        let name = &self.gateway.name;
        let place = |key: &Key| -> OriginId { key.origin };
        match spec.ports.iter().find(|(name, _)| name.text == KONG_STATUS) {
            None => {
                let message = format!("`{}` has no port `{KONG_STATUS}`", name.text);
                let places = [(name.origin, "add `status: 8100` to its `ports`")];
                self.say(Code::UnknownPort, message, &places, Some("Kong answers probes there, and shows metrics"));
            }
            Some((key, port)) if !port.is_tcp() || port.container.is_some() => {
                let message = format!("the port `{KONG_STATUS}` of `{}` is not one where Kong listens", name.text);
                let places = [(place(key), "expected a port of TCP of its own container")];
                self.say(Code::GatewayProtocol, message, &places, None);
            }
            Some(_) => {}
        }
        if let Some(metrics) = spec.metrics.as_ref().filter(|metrics| &*metrics.port.value.0 != KONG_STATUS) {
            let own = spec.ports.get(&metrics.port.value).is_some_and(|port| port.container.is_none());
            if own {
                let message = format!("Kong shows metrics at its port `{KONG_STATUS}`, and nowhere else");
                let help = "a container beside it may have metrics of its own, at a port with its name";
                self.lacks(message, metrics.port.origin, "expected `status`", help);
            }
        }
        for (key, port) in spec.ports.iter().filter(|(key, _)| key.text != KONG_STATUS) {
            if port.container.is_none() && !port.is_tcp() {
                let message = format!("Kong does not listen at the port `{}` of `{}`", key.text, name.text);
                let places = [(place(key), "routes are HTTP, which is TCP")];
                self.say(Code::GatewayProtocol, message, &places, None);
            }
        }
        if spec.kong_listeners().next().is_none() {
            let message = format!("`{}` has no port for requests", name.text);
            self.say(Code::UnknownPort, message, &[(name.origin, "give it `ports: {http: 8000}`")], None);
        }
    }
}

/// Where a public key in PEM begins and ends.
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

/// Whether a text is a public key for an algorithm.
fn fits(pem: &str, alg: JwtAlgorithm) -> Result<(), String> {
    if pem.contains("PRIVATE KEY") {
        return Err("is a private key, which has no place in a ConfigMap".to_owned());
    }
    let Some(body) = pem.trim().strip_prefix(BEGIN) else { return Err(format!("does not begin with `{BEGIN}`")) };
    let Some(body) = body.strip_suffix(END) else { return Err(format!("does not end with `{END}`")) };
    // Kong takes lines of any length, the parser those of RFC 7468.
    let letters: Vec<char> = body.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let lines: Vec<String> = letters.chunks(64).map(|line| line.iter().collect()).collect();
    let read = SubjectPublicKeyInfoOwned::from_pem(format!("{BEGIN}\n{}\n{END}\n", lines.join("\n")));
    let read = read.map_err(|_| "can't be read".to_owned())?;
    let oid = |text: &str| ObjectIdentifier::new(text).ok();
    // RFC 8017, RFC 5480, RFC 8410: kinds of keys, and curves.
    let (kinds, curve, what) = match alg {
        JwtAlgorithm::Rs256
        | JwtAlgorithm::Rs384
        | JwtAlgorithm::Rs512
        | JwtAlgorithm::Ps256
        | JwtAlgorithm::Ps384
        | JwtAlgorithm::Ps512 => (&["1.2.840.113549.1.1.1"][..], None, "of RSA"),
        JwtAlgorithm::Es256 => (&["1.2.840.10045.2.1"][..], Some("1.2.840.10045.3.1.7"), "on the curve P-256"),
        JwtAlgorithm::Es384 => (&["1.2.840.10045.2.1"][..], Some("1.3.132.0.34"), "on the curve P-384"),
        JwtAlgorithm::Es512 => (&["1.2.840.10045.2.1"][..], Some("1.3.132.0.35"), "on the curve P-521"),
        JwtAlgorithm::EdDsa => (&["1.3.101.112", "1.3.101.113"][..], None, "on an Edwards curve"),
    };
    let kind = kinds.iter().any(|kind| oid(kind) == Some(read.algorithm.oid));
    let parameters = read.algorithm.parameters.as_ref().and_then(|any| any.decode_as::<ObjectIdentifier>().ok());
    let on_curve = curve.is_none_or(|curve| oid(curve).is_some() && oid(curve) == parameters);
    if kind && on_curve { Ok(()) } else { Err(format!("is not {what}, as `{}` needs it", alg.text())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSA: &str = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n";

    #[test]
    fn keys_fit_their_algorithm() {
        assert_eq!(fits(RSA, JwtAlgorithm::Rs256), Ok(()));
        assert_eq!(fits(RSA, JwtAlgorithm::Es256).unwrap_err(), "is not on the curve P-256, as `ES256` needs it");
        assert!(fits("-----BEGIN RSA PRIVATE KEY-----", JwtAlgorithm::Rs256).unwrap_err().contains("private key"));
        assert!(fits("secret", JwtAlgorithm::Rs256).unwrap_err().contains("does not begin"));
        assert_eq!(fits(&RSA.replace("MFww", "MFwx"), JwtAlgorithm::Rs256).unwrap_err(), "can't be read");
    }
}
