//! What the inventory asks of a gateway beside routing → Kong's plugins.
//!
//! Fields are those of the plugins' schemas in Kong 3.9 (<https://developer.konghq.com/plugins/>), which
//! refuse others when Kong starts.

use super::kong::RULE;
use super::tree::{flag, list, object, own, texts};
use crate::inventory::scalar::Flag;
use crate::inventory::{At, Cors, Jwt, Rate, SecurityHeaders, Service};
use crate::source::{Node, OriginId, Origins};

/// Who all callers with a good token are.
const CONSUMER: &str = "jwt";

/// A plugin with its settings.
pub(super) fn plugin(name: &'static str, config: Option<Node>) -> Node {
    object([("name", Some(own(name))), ("config", config)])
}

/// Plugins that hold for all routes.
pub(super) fn of_all(spec: &Service, origins: &Origins) -> Vec<Node> {
    // Every request has a number, which its caller, the service and the logs see.
    let correlation = object([
        ("header_name", Some(own("X-Request-ID"))),
        ("generator", Some(own("uuid"))),
        ("echo_downstream", Some(flag(true))),
    ]);
    let mut plugins = vec![plugin("correlation-id", Some(correlation))];
    plugins.extend(spec.cors.as_ref().map(|cors| plugin("cors", Some(cors_config(cors)))));
    plugins.extend(spec.metrics.as_ref().map(|metrics| {
        let on = || Some(Node::bool(true, metrics.port.origin));
        let breakers = spec.routes.iter().flat_map(|(_, route)| route.ends());
        let watched = breakers.into_iter().find_map(|end| end.circuit_breaker);
        let watched = watched.map(|breaker| Node::bool(true, breaker.max_errors.origin));
        let config = object([
            ("status_code_metrics", on()),
            ("latency_metrics", on()),
            ("bandwidth_metrics", on()),
            ("upstream_health_metrics", watched),
        ]);
        plugin("prometheus", Some(config))
    }));
    plugins.extend(spec.security_headers.as_ref().and_then(|headers| security_headers(headers, origins)));
    plugins
}

/// So many requests of all callers together, counted in the memory of each pod: a service of Kong's is one
/// route's.
pub(super) fn rate_limit(rate: &At<Rate>) -> Option<Node> {
    let (requests, _) = rate.parts()?;
    let requests = Some(Node::int(requests, rate.origin));
    let window = match rate.seconds()? {
        1 => object([("second", requests)]),
        60 => object([("minute", requests)]),
        3600 => object([("hour", requests)]),
        86400 => object([("day", requests)]),
        _ => return None,
    };
    let mut config = object([("limit_by", Some(own("service"))), ("policy", Some(own("local")))]);
    if let (Some(config), Some(window)) = (config.as_map_mut(), window.as_map()) {
        window.iter().for_each(|entry| config.push(entry.key.clone(), entry.value.clone()));
    }
    Some(plugin("rate-limiting", Some(config)))
}

/// Asks callers of a route for a token, whose key is found by its issuer, else by the key's own name: Kong
/// looks at one of the two.
pub(super) fn jwt(jwt: &Jwt, asked: OriginId, origins: &Origins) -> Node {
    let issuer = jwt.issuer.as_ref().map_or(OriginId::NONE, |issuer| issuer.origin);
    let claim = if jwt.issuer.is_some() { "iss" } else { "kid" };
    let config = object([
        ("key_claim_name", Some(Node::string(claim, origins.derived(RULE, &[asked, issuer])))),
        ("claims_to_verify", list(vec![own("exp")])),
        // A token in a URL ends in logs.
        ("uri_param_names", Some(Node::list(Vec::new(), OriginId::NONE))),
    ]);
    plugin("jwt", Some(config))
}

/// Who signs tokens: one consumer with the issuer's keys.
pub(super) fn consumers(jwt: &Jwt, origins: &Origins) -> Option<Node> {
    let keys = jwt.public_keys.iter().filter_map(|(name, key)| {
        let pem = key.pem.as_ref()?;
        let named = match &jwt.issuer {
            Some(issuer) => Node::string(&*issuer.value, origins.derived(RULE, &[issuer.origin, name.origin])),
            None => Node::string(name.text.clone(), name.origin),
        };
        Some(object([
            ("key", Some(named)),
            ("algorithm", Some(Node::string(jwt.alg.text(), jwt.alg.origin))),
            // The field is called so whatever the key.
            ("rsa_public_key", Some(Node::string(format!("{}\n", pem.value.trim()), pem.origin))),
        ]))
    });
    let keys = list(keys.collect())?;
    list(vec![object([("username", Some(own(CONSUMER))), ("jwt_secrets", Some(keys))])])
}

/// What KrakenD allows where the inventory does not say: Kong would allow everything.
fn cors_config(cors: &Cors) -> Node {
    let methods = list(cors.allow_methods.iter().map(|method| Node::string(method.text(), method.origin)).collect());
    let simple = || list(["GET", "HEAD", "POST"].map(own).into());
    let usual = || list(["Accept", "Content-Type", "X-Requested-With"].map(own).into());
    // Without a list, what is asked for is allowed.
    let all = cors.allow_headers.iter().any(|header| &*header.value == "*");
    let headers = (!all).then(|| texts(&cors.allow_headers).or_else(usual)).flatten();
    let origins = cors.allow_origins.iter().map(|origin| Node::string(origin_pattern(&origin.value), origin.origin));
    object([
        ("origins", list(origins.collect())),
        ("methods", methods.or_else(simple)),
        ("headers", headers),
        ("exposed_headers", texts(&cors.expose_headers)),
        ("credentials", cors.allow_credentials.map(|flag| Node::bool(flag.value.0, flag.origin))),
        (
            "max_age",
            cors.max_age
                .as_ref()
                .map(|age| Node::int(i64::try_from(age.milliseconds() / 1000).unwrap_or(i64::MAX), age.origin)),
        ),
    ])
}

/// An origin as Kong compares it: as it is if it is plain, else as a pattern, in which `*` stands for anything.
fn origin_pattern(origin: &str) -> String {
    let plain = origin.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'.' | b':' | b'/' | b'-'));
    if plain || origin == "*" {
        return origin.to_owned();
    }
    let parts: Vec<String> = origin.split('*').map(literal).collect();
    format!("^{}$", parts.join(".*"))
}

/// A text as a pattern that matches it alone.
pub(super) fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// Headers of the gateway's own in place of the services'.
fn security_headers(headers: &SecurityHeaders, origins: &Origins) -> Option<Node> {
    let set = |flag: Option<At<Flag>>| flag.filter(|flag| flag.value.0);
    let mut all: Vec<(&'static str, Node)> = Vec::new();
    let mut put = |name: &'static str, value: &str, origin: OriginId| {
        all.push((name, Node::string(format!("{name}:{value}"), origin)));
    };
    if let Some(flag) = set(headers.content_type_nosniff) {
        put("X-Content-Type-Options", "nosniff", flag.origin);
    }
    if let Some(flag) = set(headers.frame_deny) {
        put("X-Frame-Options", "DENY", flag.origin);
    }
    if let Some(policy) = &headers.referrer_policy {
        put("Referrer-Policy", &policy.value, policy.origin);
    }
    if let Some(policy) = &headers.content_security_policy {
        put("Content-Security-Policy", &policy.value, policy.origin);
    }
    if let Some(seconds) = headers.sts_seconds {
        let subdomains = headers.sts_include_subdomains;
        let more = if set(subdomains).is_some() { "; includeSubDomains" } else { "" };
        let from = [seconds.origin, subdomains.map_or(OriginId::NONE, |flag| flag.origin)];
        put("Strict-Transport-Security", &format!("max-age={}{more}", seconds.value.0), origins.derived(RULE, &from));
    }
    let names = all.iter().map(|(name, value)| Node::string(*name, value.origin)).collect();
    let values: Vec<Node> = all.into_iter().map(|(_, value)| value).collect();
    let lists = |nodes: Vec<Node>| Some(object([("headers", list(nodes))]));
    (!values.is_empty())
        .then(|| plugin("response-transformer", Some(object([("remove", lists(names)), ("add", lists(values))]))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_plain_or_patterns() {
        for (origin, wanted) in [
            ("https://shop.example.com", "https://shop.example.com"),
            ("*", "*"),
            ("https://*.example.com", r"^https://.*\.example\.com$"),
            ("https://my_shop.example.com", r"^https://my_shop\.example\.com$"),
        ] {
            assert_eq!(origin_pattern(origin), wanted, "{origin}");
        }
    }
}
