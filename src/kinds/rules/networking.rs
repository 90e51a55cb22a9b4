//! Rules for Services, Ingresses, network policies and endpoint slices.
//!
//! Sources: kubernetes `pkg/apis/core/validation/validation.go` (`ValidateService`),
//! `pkg/apis/{networking,discovery}/validation/validation.go`.

use super::common::{LABELS, PORT, PORT_OR_NAME, SUBDOMAIN, SUBDOMAIN_OR_EMPTY};
use super::{FieldRules, Rule};
use crate::kinds::formats;

static PROTOCOL: Rule = Rule::OneOf(&["TCP", "UDP", "SCTP"]);
static TRAFFIC: Rule = Rule::OneOf(&["Cluster", "Local"]);
static APP_PROTOCOL: Rule = Rule::Is(&formats::QUALIFIED);

pub(super) const RULES: &[FieldRules] = &[
    (
        "ServiceSpec",
        &[
            ("type", &Rule::OneOf(&["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"])),
            ("sessionAffinity", &Rule::OneOf(&["ClientIP", "None"])),
            ("externalTrafficPolicy", &TRAFFIC),
            ("internalTrafficPolicy", &TRAFFIC),
            ("ipFamilyPolicy", &Rule::OneOf(&["SingleStack", "PreferDualStack", "RequireDualStack"])),
            ("ipFamilies", &Rule::All(&[&Rule::Each(&Rule::OneOf(&["IPv4", "IPv6"])), &Rule::Distinct])),
            ("trafficDistribution", &Rule::OneOf(&["PreferClose", "PreferSameZone", "PreferSameNode"])),
            ("selector", &LABELS),
            ("clusterIP", &Rule::Is(&formats::CLUSTER_IP)),
            ("clusterIPs", &Rule::Each(&Rule::Is(&formats::CLUSTER_IP))),
            ("externalIPs", &Rule::Each(&Rule::Is(&formats::IP))),
            ("externalName", &SUBDOMAIN),
            ("loadBalancerClass", &Rule::Is(&formats::QUALIFIED)),
            ("loadBalancerIP", &Rule::IsOrEmpty(&formats::IP)),
            ("loadBalancerSourceRanges", &Rule::Each(&Rule::Is(&formats::CIDR))),
            ("healthCheckNodePort", &Rule::Range(0, 65_535)),
        ],
    ),
    (
        "ServicePort",
        &[
            ("port", &PORT),
            // 0 lets the server choose; the range of the cluster is its own setting
            ("nodePort", &Rule::Range(0, 65_535)),
            ("name", &Rule::IsOrEmpty(&formats::DNS_LABEL)),
            ("protocol", &PROTOCOL),
            ("targetPort", &PORT_OR_NAME),
            ("appProtocol", &APP_PROTOCOL),
        ],
    ),
    // 1 second to a day
    ("ClientIPConfig", &[("timeoutSeconds", &Rule::Range(1, 86_400))]),
    ("IngressSpec", &[("ingressClassName", &SUBDOMAIN)]),
    ("IngressRule", &[("host", &Rule::IsOrEmpty(&formats::HOST))]),
    ("HTTPIngressRuleValue", &[("paths", &Rule::Some)]),
    (
        "HTTPIngressPath",
        &[
            ("pathType", &Rule::OneOf(&["Exact", "Prefix", "ImplementationSpecific"])),
            ("path", &Rule::IsOrEmpty(&formats::ABSOLUTE_PATH)),
        ],
    ),
    ("IngressServiceBackend", &[("name", &Rule::Is(&formats::DNS_1035))]),
    ("ServiceBackendPort", &[("number", &PORT), ("name", &Rule::IsOrEmpty(&formats::PORT_NAME))]),
    ("IngressTLS", &[("hosts", &Rule::Each(&Rule::Is(&formats::HOST))), ("secretName", &SUBDOMAIN_OR_EMPTY)]),
    ("IngressClassSpec", &[("controller", &Rule::Is(&formats::PREFIXED_PATH))]),
    ("IngressClassParametersReference", &[("scope", &Rule::OneOf(&["Cluster", "Namespace"]))]),
    (
        "NetworkPolicySpec",
        &[("policyTypes", &Rule::All(&[&Rule::Each(&Rule::OneOf(&["Ingress", "Egress"])), &Rule::Distinct]))],
    ),
    ("NetworkPolicyPort", &[("port", &PORT_OR_NAME), ("endPort", &PORT), ("protocol", &PROTOCOL)]),
    ("IPBlock", &[("cidr", &Rule::Is(&formats::CIDR)), ("except", &Rule::Each(&Rule::Is(&formats::CIDR)))]),
    ("EndpointSlice", &[("addressType", &Rule::OneOf(&["IPv4", "IPv6", "FQDN"]))]),
    ("Endpoint", &[("addresses", &Rule::Some), ("hostname", &Rule::Is(&formats::DNS_LABEL))]),
    (
        "EndpointPort",
        &[
            ("port", &PORT),
            ("protocol", &PROTOCOL),
            ("name", &Rule::IsOrEmpty(&formats::DNS_LABEL)),
            ("appProtocol", &APP_PROTOCOL),
        ],
    ),
];
