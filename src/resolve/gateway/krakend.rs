//! What KrakenD needs: the keys of tokens from where they are published, and a window for its circuit breakers.

use super::{Checker, breakers};
use crate::diag::Code;
use crate::inventory::{At, Engine, HttpUrl, Jwt, Service};
use crate::source::OriginId;

/// Where keys are fetched from, if a gateway does so.
pub(super) fn keys_url(spec: &Service) -> Option<&At<HttpUrl>> {
    let jwt = spec.jwt_in_use().filter(|_| spec.gateway_engine() == Engine::Krakend)?;
    jwt.jwks_url.as_ref()
}

impl<'a> Checker<'a> {
    pub(super) fn krakend(&mut self) {
        let spec: &'a Service = &self.gateway.spec;
        for (name, route) in spec.routes.iter() {
            for breaker in breakers(route).filter(|breaker| breaker.interval.is_none()) {
                let message = format!("a circuit breaker of route `{}` has no `interval`", name.text);
                let places = [(breaker.max_errors.origin, "KrakenD counts errors in a window: add `interval: 60s`")];
                self.say(Code::MissingField, message, &places, None);
            }
        }
        if let Some(jwt) = spec.auth.as_ref().and_then(|auth| auth.jwt.as_ref()) {
            if jwt.jwks_url.is_none() {
                let message = "nothing says where the keys of tokens are published".to_owned();
                let places = [(jwt.alg.origin, "KrakenD fetches them: add `jwksUrl`")];
                self.say(Code::MissingField, message, &places, None);
            }
            if let Some((key, _)) = jwt.public_keys.iter().next() {
                let message = "KrakenD reads no public keys of `publicKeys`".to_owned();
                let help = "it fetches the set of keys that the issuer publishes: give it `jwksUrl`";
                self.lacks(message, key.origin, "remove them", help);
            }
        }
        self.keys();
        self.listener();
    }

    /// The keys of tokens can be fetched, and by nobody else's leave.
    fn keys(&mut self) {
        let (Some(jwt), Some(url)) = (self.gateway.spec.jwt_in_use(), keys_url(&self.gateway.spec)) else { return };
        let Some(host) = url.authority() else { return };
        let origin = url.origin;
        if let Some(reached) = self.plan.neighbours().reach(self.gateway, url) {
            if reached.port.is_none() {
                let target = &reached.service.name;
                let message = format!("`{}` has no port {}", target.text, host.port);
                let places = [(origin, "the keys of tokens are fetched there"), (target.origin, "its ports are here")];
                self.say(Code::UnknownPort, message, &places, None);
            }
            return;
        }
        if host.service().is_some() {
            return;
        }
        if !host.secure {
            let message = format!("the keys of tokens come from `{}` over plain HTTP", host.host);
            let help = "who sits between could sign tokens of their own; plain HTTP is for services of the platform";
            self.say(Code::InvalidValue, message, &[(origin, "expected `https://`")], Some(help));
        }
        self.egress(jwt, origin, host.host);
    }

    fn egress(&mut self, jwt: &Jwt, url: OriginId, host: &str) {
        let deny = &self.plan.namespace_of(self.gateway).default_deny;
        if !jwt.cidrs.is_empty() || !deny.value.0 {
            return;
        }
        let message =
            format!("`{}` fetches keys from `{host}`, and no NetworkPolicy can name a host", self.gateway.name.text);
        let places = [(url, "outside the cluster"), (deny.origin, "and all is denied that is not allowed")];
        let help = "add the networks of the host: `auth: {jwt: {cidrs: [203.0.113.0/24]}}`";
        self.say(Code::EgressNotExpressible, message, &places, Some(help));
    }

    /// Requests and scrapes have a port each.
    fn listener(&mut self) {
        let spec = &self.gateway.spec;
        let metrics = spec.metrics.as_ref().map(|metrics| &*metrics.port.value.0);
        if spec.ports.iter().all(|(name, _)| Some(name.text.as_str()) == metrics) {
            let message = format!("`{}` has no port for requests", self.gateway.name.text);
            self.say(Code::UnknownPort, message, &[(self.gateway.name.origin, "give it `ports: {http: 8080}`")], None);
        }
    }
}
