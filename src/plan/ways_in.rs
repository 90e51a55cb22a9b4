//! Ways in from outside: what a service's `expose` comes to beside the platform's `ingress`.
//!
//! Who checks a plan and who derives from it ask here, so that both see the same host, port and
//! certificate, and agree on what a controller can be told.

use super::{Plan, PlannedService};
use crate::inventory::scalar::ObjectName;
use crate::inventory::{
    At, Controller, Exposure, IngressApi, IssuerRef, PathType, Platform, PlatformIngress, PortSpec, Protocol,
};
use crate::source::{Key, Str};

/// One way in.
#[derive(Clone, Copy, Debug)]
pub struct WayIn<'a> {
    /// The service it leads to.
    pub service: &'a PlannedService,
    /// Its name, unless it is the first.
    pub name: Option<&'a Key>,
    /// What the inventory says of it.
    pub spec: &'a Exposure,
}

/// Where the certificate of a host comes from.
#[derive(Clone, Copy, Debug)]
pub enum Certificate<'a> {
    /// Nowhere: plain HTTP.
    Plain,
    /// The controller or Gateway has one.
    Controllers,
    /// A Secret that exists.
    Existing(&'a At<ObjectName>),
    /// cert-manager, into a Secret.
    Issued(&'a IssuerRef, Option<&'a At<ObjectName>>),
    /// Nobody said.
    Unknown,
}

/// What a port speaks, as far as a proxy must know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// HTTP/1.1 in clear text.
    Http,
    /// HTTP over TLS.
    Https,
    /// HTTP/2 in clear text.
    H2c,
    /// gRPC in clear text.
    Grpc,
    /// Something that no proxy for HTTP understands.
    Other,
}

/// What a port speaks.
#[must_use]
pub fn speech(port: &PortSpec) -> Speech {
    if port.protocol.is_some_and(|protocol| protocol.value != Protocol::Tcp) {
        return Speech::Other;
    }
    match port.app_protocol.as_ref().map(|protocol| &*protocol.value.0) {
        None | Some("http" | "kubernetes.io/ws" | "grpc-web") => Speech::Http,
        Some("https" | "kubernetes.io/wss") => Speech::Https,
        Some("kubernetes.io/h2c" | "h2c" | "http2") => Speech::H2c,
        Some("grpc") => Speech::Grpc,
        Some(_) => Speech::Other,
    }
}

impl Plan {
    /// All ways in to all services.
    pub fn all_ways_in(&self) -> impl Iterator<Item = WayIn<'_>> {
        self.services.iter().flat_map(PlannedService::ways_in)
    }
}

impl PlannedService {
    /// All ways in to this service.
    pub fn ways_in(&self) -> impl Iterator<Item = WayIn<'_>> {
        let all = self.spec.expose.iter().flat_map(crate::inventory::Expose::all);
        all.map(|(name, spec)| WayIn { service: self, name, spec })
    }
}

impl<'a> WayIn<'a> {
    /// Name of its object of this kind.
    #[must_use]
    pub fn object(&self, kind: &str) -> At<Str> {
        let default = self.object_name();
        let unless_said = || {
            let origin = self.name.map_or(self.service.name.origin, |name| name.origin);
            At { value: default.clone(), origin }
        };
        self.service.adopted(kind, &default).unwrap_or_else(unless_said)
    }

    /// What its objects are called unless they are given another name.
    #[must_use]
    pub fn object_name(&self) -> Str {
        match self.name {
            Some(name) => format!("{}-{}", self.service.name.text, name.text).into(),
            None => self.service.name.text.clone(),
        }
    }

    /// The host in full; `None` if it is a single label and there is no domain.
    #[must_use]
    pub fn host(&self, platform: &Platform) -> Option<String> {
        let host = &*self.spec.host.value;
        if host.contains('.') {
            return Some(host.to_owned());
        }
        platform.domain.as_ref().map(|domain| format!("{host}.{}", &*domain.value))
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.spec.path.as_ref().map_or("/", |path| &*path.value)
    }

    /// How it is compared.
    #[must_use]
    pub fn path_type(&self) -> PathType {
        self.spec.path_type.map_or(PathType::Prefix, |kind| kind.value)
    }

    /// The port it leads to: the named one, else the first that speaks HTTP and is not there to be
    /// scraped, else the first that speaks gRPC.
    #[must_use]
    pub fn port(&self) -> Option<(&'a Key, &'a PortSpec)> {
        let spec = &self.service.spec;
        if let Some(wanted) = &self.spec.port {
            return self.service.port(Some(&wanted.value));
        }
        let scraped = spec.metrics.as_ref().map(|metrics| &*metrics.port.value);
        let candidates = || spec.ports.iter().filter(|(name, _)| Some(name.text.as_str()) != scraped);
        let plain = candidates().find(|(_, port)| matches!(speech(port), Speech::Http | Speech::Https | Speech::H2c));
        plain.or_else(|| candidates().find(|(_, port)| speech(port) == Speech::Grpc))
    }

    /// Where its certificate comes from.
    #[must_use]
    pub fn certificate(&self, platform: &'a Platform) -> Certificate<'a> {
        let tls = self.spec.tls.as_ref();
        let ingress = platform.ingress.as_ref();
        let enabled = tls.and_then(|tls| tls.enabled).map(|enabled| enabled.value.0);
        let secret = tls.and_then(|tls| tls.secret_name.as_ref());
        let elsewhere = ingress.is_some_and(|ingress| {
            ingress.controller.is_some_and(|controller| controller.value == Controller::Alb)
                || (ingress.api.value == IngressApi::Gateway && ingress.gateway.is_none())
        });
        if enabled == Some(false) {
            Certificate::Plain
        } else if let Some(issuer) = tls.and_then(|tls| tls.issuer.as_ref()) {
            Certificate::Issued(issuer, secret)
        } else if let Some(secret) = secret {
            Certificate::Existing(secret)
        } else if enabled == Some(true) {
            Certificate::Controllers
        } else if let Some(issuer) = ingress.and_then(|ingress| ingress.issuer.as_ref()) {
            Certificate::Issued(issuer, None)
        } else if elsewhere {
            Certificate::Controllers
        } else {
            Certificate::Unknown
        }
    }
}

/// What may have to be said to a controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// How long a request may take.
    Timeout,
    /// Most that a request may carry.
    MaxBodySize,
    /// That a Service speaks something other than plain HTTP.
    Speaks(Speech),
    /// A certificate in a Secret.
    Secret,
    /// The oldest version of TLS.
    MinTlsVersion,
}

/// Why what lets traffic in can't be told, and what to do; `None` if it can.
#[must_use]
pub fn refusal(ingress: &PlatformIngress, setting: Setting) -> Option<&'static str> {
    if ingress.api.value == IngressApi::Gateway {
        return of_gateway(ingress, setting);
    }
    let Some(controller) = ingress.controller.map(|controller| controller.value) else {
        let plain = matches!(setting, Setting::Secret | Setting::Speaks(Speech::Http));
        return (!plain).then_some("an Ingress has no field for it: `platform.ingress.controller` says in whose words");
    };
    match (setting, controller) {
        (Setting::Timeout, Controller::Traefik) => {
            Some("Traefik has timeouts for entry points and transports, not for Ingresses: set it there")
        }
        (Setting::MaxBodySize, Controller::Nginx) | (Setting::Speaks(Speech::Http | Speech::Https), _) => None,
        (Setting::MaxBodySize, Controller::Traefik) => {
            Some("Traefik limits bodies by a Middleware: add it and name it in `annotations`")
        }
        (Setting::MaxBodySize, _) => Some("the controller has no such limit for an Ingress"),
        (Setting::Speaks(Speech::H2c), Controller::Nginx) => {
            Some("ingress-nginx speaks HTTP/1.1 or gRPC to Services: expose another port")
        }
        (Setting::Speaks(Speech::H2c | Speech::Grpc), Controller::Gce) => {
            Some("Google's load balancer speaks HTTP/2 over TLS alone: expose a port that speaks `https`")
        }
        (Setting::Speaks(Speech::Other), _) => Some("an Ingress leads to HTTP and gRPC alone"),
        (Setting::Secret, Controller::Alb) => {
            Some("an ALB takes certificates from AWS Certificate Manager, by host: import it there")
        }
        (Setting::MinTlsVersion, Controller::Nginx) => {
            Some("ingress-nginx has one setting for all hosts, `ssl-protocols` in its own ConfigMap")
        }
        (Setting::MinTlsVersion, Controller::Haproxy) => {
            Some("HAProxy has one setting for all hosts, `ssl-default-bind-options` in its own configuration")
        }
        (Setting::MinTlsVersion, Controller::Gce) if ingress.ssl_policy.is_none() => Some(
            "Google's load balancer takes it from an SSL policy that exists: name it in `platform.ingress.sslPolicy`",
        ),
        _ => None,
    }
}

fn of_gateway(ingress: &PlatformIngress, setting: Setting) -> Option<&'static str> {
    match setting {
        Setting::Timeout | Setting::Speaks(Speech::Http | Speech::H2c | Speech::Grpc) => None,
        Setting::MaxBodySize => {
            Some("the Gateway API has no field for it; the software behind it has a policy of its own")
        }
        Setting::Speaks(Speech::Https) => Some(
            "a route speaks plain HTTP to a Service: expose a port without TLS, or one that speaks `kubernetes.io/h2c`",
        ),
        Setting::Speaks(Speech::Other) => Some("a route leads to HTTP and gRPC alone"),
        Setting::Secret if ingress.gateway.is_none() => {
            Some("the Gateway is someone else's: its listeners name the Secrets")
        }
        Setting::Secret => None,
        Setting::MinTlsVersion => Some(
            "the Gateway API has no field for it: the software behind the Gateway has a policy, or options of its listeners",
        ),
    }
}
