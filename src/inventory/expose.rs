//! Traffic from outside: under which names a service is reached, and what lets it in.
//!
//! Words are those of Ingress and the Gateway API. What a controller can't express is refused where
//! plans are made (`resolve`); where each setting goes is said in `docs/expose.md`.

use super::concept::{At, Decode, Decoder, Named, Shape, Short, Struct, concept};
use super::gateway::HttpUrl;
use super::scalar::{
    ConfigKey, Count, Domain, Duration, Flag, LabelKey, Name, ObjectName, Port, PortName, Positive, Quantity, Text,
    Word, choice, dns_subdomain, fail, texts,
};
use super::short;
use crate::source::{Key, Node};

/// A service's names outside: the first, and others by name.
#[derive(Clone, Debug)]
pub struct Expose {
    /// The first.
    pub first: Exposure,
    /// Others: each its own Ingress or route, `<service>-<name>`.
    pub also: Named<Name, Exposure>,
}

impl Expose {
    /// Its fields: those of an [`Exposure`], and `also`.
    pub const STRUCT: &'static Struct = &Struct {
        name: "Expose",
        doc: " How a service is reached from outside. Short form: the host.\n",
        fields: &[super::concept::Field {
            key: "also",
            doc: " Other ways in, by name: each is an Ingress or route of its own, `<service>-<name>`.\n",
            shape: <Named<Name, Exposure> as Decode>::SHAPE,
            required: false,
        }],
        also: Some(Exposure::STRUCT),
        short: Some(Short::Field("host")),
        lifts: &[],
        variants: None,
    };

    /// All ways in; the first has no name.
    pub fn all(&self) -> impl Iterator<Item = (Option<&Key>, &Exposure)> {
        std::iter::once((None, &self.first)).chain(self.also.iter().map(|(name, exposure)| (Some(name), exposure)))
    }
}

impl Decode for Expose {
    const SHAPE: &'static Shape = &Shape::Struct(Self::STRUCT);

    fn decode(node: &Node, decoder: &mut Decoder<'_>) -> Option<Self> {
        let first = Exposure::decode(node, decoder);
        let also = decoder.field(node, "also", 0);
        Some(Self { first: first?, also: also? })
    }
}

concept! {
    /// One way in from outside. Short form: the host.
    pub struct Exposure short "host"; {
        /// Host that callers ask for; a single label such as `www` is completed with `platform.domain`. The first
        /// part may be `*`.
        host: At<PublicHost>,
        /// Path beneath which requests come here; `/` unless given.
        path: Option<At<PublicPath>>,
        /// How the path is compared; `Prefix` unless given.
        path_type: Option<At<PathType>>,
        /// Port by its name; the first that speaks HTTP unless given, gRPC if there is no other.
        port: Option<At<PortName>>,
        /// How long a request may take.
        timeout: Option<At<Duration>>,
        /// Most that a request may carry.
        max_body_size: Option<At<Quantity>>,
        /// Where the certificate comes from.
        tls: Option<Tls>,
        /// Annotations of the Ingress or route; they win over what platgen says.
        annotations: Named<LabelKey, At<Text>>,
    }
}

concept! {
    /// Where the certificate of a host comes from; `platform.ingress.issuer` unless given.
    pub struct Tls lifts &[("enabled", &["secretName", "issuer"]), ("secretName", &["enabled"]), ("issuer", &["enabled"])]; {
        /// `false` for plain HTTP; `true` for the certificate that the controller has for all hosts.
        enabled: Option<At<Flag>>,
        /// Secret that holds the certificate, or takes it if there is an `issuer` beside.
        secret_name: Option<At<ObjectName>>,
        /// Issuer of cert-manager.
        issuer: Option<IssuerRef>,
    }
}

concept! {
    /// An issuer of cert-manager, one of `platform.issuers` or another. Short form: its name.
    pub struct IssuerRef short "name"; {
        /// Its name.
        name: At<ObjectName>,
        /// Its kind: that of the entry in `platform.issuers`, else `ClusterIssuer`, unless given.
        kind: Option<At<IssuerKind>>,
    }
}

choice! {
    /// Whom an issuer signs for.
    pub enum IssuerKind ("`Issuer` or `ClusterIssuer`") {
        /// Its namespace.
        Issuer = "Issuer",
        /// All namespaces.
        ClusterIssuer = "ClusterIssuer",
    }
}

choice! {
    /// How a path is compared.
    pub enum PathType ("`Prefix` or `Exact`") {
        /// Segment by segment from the left.
        Prefix = "Prefix",
        /// To the letter.
        Exact = "Exact",
    }
}

concept! {
    /// What lets traffic into the cluster.
    pub struct PlatformIngress {
        /// `ingress` for Ingresses, `gateway` for routes of the Gateway API.
        api: At<IngressApi>,
        /// IngressClass, or the Gateway that routes attach to: `shared`, or `infra/shared` in another namespace.
        class: Option<ClassRef>,
        /// Software behind the class: what has no field of the API is said in its words.
        controller: Option<At<Controller>>,
        /// Issuer of certificates for hosts that name no other.
        issuer: Option<IssuerRef>,
        /// Oldest version of TLS that is spoken.
        min_tls_version: Option<MinTlsVersion>,
        /// TLS policy of the cloud's load balancer (`alb`, `gce`), where it is not to follow from `minTlsVersion`.
        ssl_policy: Option<At<Word>>,
        /// Annotations of all Ingresses and routes.
        annotations: Named<LabelKey, At<Text>>,
        /// Makes the Gateway that `class` names; without it, it is someone else's.
        gateway: Option<OwnGateway>,
    }
}

choice! {
    /// API by which traffic comes in.
    pub enum IngressApi ("`ingress` or `gateway`") {
        /// `networking.k8s.io` Ingress.
        Ingress = "ingress",
        /// `gateway.networking.k8s.io`.
        Gateway = "gateway",
    }
}

choice! {
    /// Software that serves Ingresses.
    pub enum Controller ("`nginx`, `traefik`, `contour`, `haproxy`, `alb` or `gce`") {
        /// ingress-nginx.
        Nginx = "nginx",
        /// Traefik.
        Traefik = "traefik",
        /// Contour.
        Contour = "contour",
        /// HAProxy Technologies' controller.
        Haproxy = "haproxy",
        /// AWS Load Balancer Controller.
        Alb = "alb",
        /// Google's, of GKE.
        Gce = "gce",
    }
}

concept! {
    /// An IngressClass or Gateway. Short form: `name`, `namespace/name`.
    pub struct ClassRef short short::class, r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$"; {
        /// Its name.
        name: At<ObjectName>,
        /// Namespace of the Gateway; that of the platform unless given.
        namespace: Option<At<Name>>,
        /// Listener of the Gateway; all that take the host unless given.
        section_name: Option<At<ObjectName>>,
    }
}

concept! {
    /// Oldest version of TLS. Short form: the version.
    pub struct MinTlsVersion short "version"; {
        /// The version.
        version: At<TlsVersion>,
        /// `objects`, which is refused where no object can say it, or `controller`, whose own configuration does.
        enforced_by: Option<At<TlsEnforcer>>,
    }
}

choice! {
    /// Who sees to the version of TLS.
    pub enum TlsEnforcer ("`objects` or `controller`") {
        /// What is rendered here.
        Objects = "objects",
        /// The controller's configuration, which is not rendered here.
        Controller = "controller",
    }
}

concept! {
    /// A Gateway of the platform's own: a TLS listener for each exposed host.
    pub struct OwnGateway short "gatewayClassName"; {
        /// GatewayClass: whose software it is.
        gateway_class_name: At<ObjectName>,
        /// Whether plain HTTP is sent on to HTTPS; it is unless `false`.
        redirect: Option<At<Flag>>,
        /// Options of its TLS listeners, in the software's own words.
        tls_options: Named<LabelKey, At<Text>>,
        /// Annotations of the Gateway.
        annotations: Named<LabelKey, At<Text>>,
        /// Pods that its software runs beside it, for NetworkPolicies; known of the classes `istio` and `nginx`.
        proxies: Option<GatewayProxies>,
    }
}

concept! {
    /// Pods beside a Gateway, labelled with its name, that traffic goes through. Short form: whether there are any.
    pub struct GatewayProxies short "enabled"; {
        /// Whether there are; there are unless this is `false`.
        enabled: Option<At<Flag>>,
        /// Namespace of what configures them.
        control_plane_namespace: Option<At<Name>>,
        /// Port at which its pods listen for them.
        control_plane_port: Option<At<Port>>,
        /// What is added to a listener's port for the one that the pods listen on; nothing unless given.
        port_offset: Option<At<Count>>,
    }
}

concept! {
    /// Names in the DNS outside.
    pub struct PlatformDns {
        /// Whether external-dns keeps them. It finds hosts in Ingresses and routes by itself.
        external_dns: Option<At<Flag>>,
        /// Seconds that answers may be kept.
        ttl: Option<At<Positive>>,
        /// Where names lead, in place of the address that the controller reports.
        target: Option<At<Domain>>,
        /// Domain of its annotations; `external-dns.kubernetes.io` unless given. Before external-dns 0.22 it was
        /// `external-dns.alpha.kubernetes.io`.
        annotation_prefix: Option<At<Domain>>,
    }
}

concept! {
    /// An issuer of cert-manager. One of `acme`, `ca` and `selfSigned`.
    pub struct Issuer lifts &[("acme", &["ca", "selfSigned"]), ("ca", &["acme", "selfSigned"]), ("selfSigned", &["acme", "ca"])]; {
        /// `Issuer` unless given. A `ClusterIssuer` is made only by a platform that owns its cluster.
        kind: Option<At<IssuerKind>>,
        /// An authority such as Let's Encrypt, that asks for proof.
        acme: Option<Acme>,
        /// An authority whose certificate and key are in a Secret.
        ca: Option<Ca>,
        /// Certificates that sign themselves.
        self_signed: Option<SelfSigned>,
    }
}

concept! {
    /// An authority that asks for proof. Hosts prove themselves over HTTP unless there is a `dns01`.
    pub struct Acme {
        /// Its directory.
        server: At<HttpUrl>,
        /// Whom to tell before certificates expire.
        email: Option<At<Word>>,
        /// Secret that takes the account's key; `<issuer>-account` unless given.
        private_key_secret_name: Option<At<ObjectName>>,
        /// Proof by records in the DNS, which wildcards need.
        dns01: Option<Dns01>,
    }
}

concept! {
    /// Who keeps the DNS. One of these.
    pub struct Dns01 lifts &[("route53", &["cloudDNS", "cloudflare"]), ("cloudDNS", &["route53", "cloudflare"]), ("cloudflare", &["route53", "cloudDNS"])]; {
        /// AWS, with the rights of cert-manager's own account.
        route53: Option<Route53>,
        /// Google Cloud, with the rights of cert-manager's own account.
        cloud_d_n_s: Option<CloudDns>,
        /// Cloudflare.
        cloudflare: Option<Cloudflare>,
    }
}

concept! {
    /// AWS Route 53.
    pub struct Route53 {
        /// Region.
        region: At<Word>,
        /// Zone; found by the host unless given.
        hosted_zone_i_d: Option<At<Word>>,
        /// Role that is assumed.
        role: Option<At<Word>>,
    }
}

concept! {
    /// Google Cloud DNS. Short form: the project.
    pub struct CloudDns short "project"; {
        /// Project.
        project: At<Word>,
        /// Zone; found by the host unless given.
        hosted_zone_name: Option<At<Word>>,
    }
}

concept! {
    /// Cloudflare. Short form: the Secret.
    pub struct Cloudflare short "secretName"; {
        /// Secret that holds an API token.
        secret_name: At<ObjectName>,
        /// Its key in the Secret; `api-token` unless given.
        key: Option<At<ConfigKey>>,
    }
}

concept! {
    /// An authority of one's own. Short form: the Secret.
    pub struct Ca short "secretName"; {
        /// Secret that holds its certificate and key.
        secret_name: At<ObjectName>,
    }
}

concept! {
    /// Certificates that sign themselves.
    pub struct SelfSigned {
        /// Where revoked certificates are listed.
        crl_distribution_points: Vec<At<HttpUrl>>,
    }
}

concept! {
    /// From where the ingress controller calls.
    pub struct IngressFrom {
        /// Its namespace.
        namespace: Option<At<Name>>,
        /// Labels of its pods; all of the namespace unless given.
        pod_labels: Named<LabelKey, At<super::scalar::LabelValue>>,
        /// Ranges, for load balancers that are no pods.
        cidrs: Vec<At<super::external::Cidr>>,
    }
}

/// A host as Ingress and Gateway API take it: a DNS name, or one with `*` in the place of its first part.
fn public_host(text: &str) -> Result<(), String> {
    fail(text.parse::<std::net::IpAddr>().is_err(), "a host is a DNS name, not an address")?;
    fail(!text.contains("://"), "a host has no scheme")?;
    fail(!text.contains('/'), "a host has no path: that is `path`")?;
    fail(!text.contains(':'), "a host has no port")?;
    let rest = text.strip_prefix("*.").unwrap_or(text);
    fail(!rest.contains('*'), "`*` stands for the whole first part and for nothing else")?;
    fail(rest.len() == text.len() || rest.contains('.'), "behind `*.` there is a domain of two parts or more")?;
    dns_subdomain(rest).map_err(|_| "a host is a DNS name in lower case".to_owned())
}

/// A path that Ingress and HTTPRoute match alike.
fn public_path(text: &str) -> Result<(), String> {
    fail(text.starts_with('/'), "a path begins with `/`")?;
    fail(text.len() <= 1024, "a path has at most 1024 characters")?;
    fail(
        text.bytes().all(|c| c.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&c)),
        "a path holds letters, digits and `-._~!$&'()*+,;=:@%/`; write others as `%20`",
    )?;
    let lower = text.to_ascii_lowercase();
    let bad = ["//", "/./", "/../", "%2f"].into_iter().find(|part| lower.contains(part));
    fail(
        bad.is_none() && !text.ends_with("/..") && !text.ends_with("/."),
        "a path holds no `//`, `/./`, `/../` or `%2f`",
    )
}

fn tls_version(text: &str) -> Result<(), String> {
    fail(matches!(text, "1.2" | "1.3"), "versions 1.2 and 1.3 are safe")
}

texts! {
    /// Host outside.
    PublicHost: "a host such as `www.example.com`, or a single label such as `www`", public_host, r"^(\*\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$";
    /// Path outside.
    PublicPath: "a path such as `/api`", public_path, r"^/[-A-Za-z0-9._~!$&'()*+,;=:@%/]*$";
    /// Version of TLS.
    TlsVersion: "`\"1.2\"` or `\"1.3\"`", tls_version, r"^1\.[23]$";
}

impl PlatformDns {
    /// The domain of its annotations, and where that is said.
    #[must_use]
    pub fn prefix(&self) -> (&str, crate::source::OriginId) {
        let said = self.annotation_prefix.as_ref();
        said.map_or(("external-dns.kubernetes.io", crate::source::OriginId::NONE), |prefix| {
            (&*prefix.value, prefix.origin)
        })
    }
}

impl Issuer {
    /// How many kinds it is: one, if it is to be made.
    #[must_use]
    pub fn kinds(&self) -> usize {
        let kinds = [self.acme.is_some(), self.ca.is_some(), self.self_signed.is_some()];
        kinds.iter().filter(|set| **set).count()
    }
}

impl IssuerRef {
    /// Its kind.
    #[must_use]
    pub fn kind(&self, issuers: &Named<ObjectName, Issuer>) -> IssuerKind {
        let own = issuers.get(&self.name.value);
        self.kind.map_or_else(|| own.map_or(IssuerKind::ClusterIssuer, Issuer::kind), |kind| kind.value)
    }
}

impl Issuer {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> IssuerKind {
        self.kind.map_or(IssuerKind::Issuer, |kind| kind.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_paths() {
        for (text, fine) in [
            ("www", true),
            ("www.example.com", true),
            ("*.example.com", true),
            ("*", false),
            ("*.com", false),
            ("a.*.com", false),
            ("WWW.example.com", false),
            ("192.0.2.1", false),
            ("https://a.b", false),
            ("a.b/c", false),
            ("a.b:80", false),
            ("a..b", false),
            ("", false),
        ] {
            assert_eq!(public_host(text).is_ok(), fine, "{text}");
        }
        for (text, fine) in [
            ("/", true),
            ("/api/v1", true),
            ("/a%20b", true),
            ("api", false),
            ("/a//b", false),
            ("/a/..", false),
            ("/%2Fa", false),
            ("/a?b", false),
        ] {
            assert_eq!(public_path(text).is_ok(), fine, "{text}");
        }
    }
}
