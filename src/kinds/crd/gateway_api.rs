//! `gateway.networking.k8s.io`: the Gateway API of the standard channel.
//!
//! Structs are named as in its Go API (`apis/v1`). Rules between values, which its definitions say in
//! CEL, are in `kinds/validate/gateway_api.rs`.

use crate::kinds::formats::{self, Format};
use crate::kinds::proof::{List, Mapping};
use crate::kinds::rules::{FieldNames, FieldRules, Rule};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta, Time};

structs! {
    /// Where traffic comes in.
    Gateway "Gateway" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: GatewaySpec,
        status: GatewayStatus,
    }
    GatewaySpec "GatewaySpec" {
        addresses: List<GatewaySpecAddress>,
        allowedListeners: AllowedListeners,
        gatewayClassName: String,
        infrastructure: GatewayInfrastructure,
        listeners: List<Listener>,
        tls: GatewayTlsConfig,
    }
    GatewaySpecAddress "gateway.GatewaySpecAddress" {
        type: String,
        value: String,
    }
    AllowedListeners "gateway.AllowedListeners" {
        namespaces: ListenerNamespaces,
    }
    ListenerNamespaces "gateway.ListenerNamespaces" {
        from: String,
        selector: LabelSelector,
    }
    GatewayInfrastructure "gateway.GatewayInfrastructure" {
        annotations: Mapping<String>,
        labels: Mapping<String>,
        parametersRef: LocalParametersReference,
    }
    LocalParametersReference "gateway.LocalParametersReference" {
        group: String,
        kind: String,
        name: String,
    }
    Listener "gateway.Listener" {
        allowedRoutes: AllowedRoutes,
        hostname: String,
        name: String,
        port: i32,
        protocol: String,
        tls: ListenerTlsConfig,
    }
    AllowedRoutes "gateway.AllowedRoutes" {
        kinds: List<RouteGroupKind>,
        namespaces: RouteNamespaces,
    }
    RouteGroupKind "gateway.RouteGroupKind" {
        group: String,
        kind: String,
    }
    RouteNamespaces "gateway.RouteNamespaces" {
        from: String,
        selector: LabelSelector,
    }
    ListenerTlsConfig "gateway.ListenerTLSConfig" {
        certificateRefs: List<SecretObjectReference>,
        mode: String,
        options: Mapping<String>,
    }
    SecretObjectReference "gateway.SecretObjectReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
    }
    GatewayTlsConfig "gateway.GatewayTLSConfig" {
        backend: GatewayBackendTls,
        frontend: FrontendTlsConfig,
    }
    GatewayBackendTls "gateway.GatewayBackendTLS" {
        clientCertificateRef: SecretObjectReference,
    }
    FrontendTlsConfig "gateway.FrontendTLSConfig" {
        default: FrontendTls,
        perPort: List<TlsPortConfig>,
    }
    FrontendTls "gateway.FrontendTLS" {
        validation: FrontendTlsValidation,
    }
    FrontendTlsValidation "gateway.FrontendTLSValidation" {
        caCertificateRefs: List<ObjectReference>,
        mode: String,
    }
    ObjectReference "gateway.ObjectReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
    }
    TlsPortConfig "gateway.TLSPortConfig" {
        port: i32,
        tls: FrontendTls,
    }
    GatewayStatus "GatewayStatus" {
        addresses: List<GatewayStatusAddress>,
        attachedListenerSets: i32,
        conditions: List<Condition>,
        listeners: List<ListenerStatus>,
    }
    GatewayStatusAddress "gateway.GatewayStatusAddress" {
        type: String,
        value: String,
    }
    Condition "gateway.Condition" {
        lastTransitionTime: Time,
        message: String,
        observedGeneration: i64,
        reason: String,
        status: String,
        type: String,
    }
    ListenerStatus "gateway.ListenerStatus" {
        attachedRoutes: i32,
        conditions: List<Condition>,
        name: String,
        supportedKinds: List<RouteGroupKind>,
    }
    /// Which requests go to which Services.
    HttpRoute "HTTPRoute" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: HttpRouteSpec,
        status: HttpRouteStatus,
    }
    HttpRouteSpec "HTTPRouteSpec" {
        hostnames: List<String>,
        parentRefs: List<ParentReference>,
        rules: List<HttpRouteRule>,
    }
    ParentReference "gateway.ParentReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
        port: i32,
        sectionName: String,
    }
    HttpRouteRule "gateway.HTTPRouteRule" {
        backendRefs: List<HttpBackendRef>,
        filters: List<HttpRouteFilter>,
        matches: List<HttpRouteMatch>,
        name: String,
        timeouts: HttpRouteTimeouts,
    }
    HttpBackendRef "gateway.HTTPBackendRef" {
        filters: List<HttpRouteFilter>,
        group: String,
        kind: String,
        name: String,
        namespace: String,
        port: i32,
        weight: i32,
    }
    HttpRouteFilter "gateway.HTTPRouteFilter" {
        cors: HttpCorsFilter,
        extensionRef: LocalParametersReference,
        requestHeaderModifier: HttpHeaderFilter,
        requestMirror: HttpRequestMirrorFilter,
        requestRedirect: HttpRequestRedirectFilter,
        responseHeaderModifier: HttpHeaderFilter,
        type: String,
        urlRewrite: HttpUrlRewriteFilter,
    }
    HttpCorsFilter "gateway.HTTPCORSFilter" {
        allowCredentials: bool,
        allowHeaders: List<String>,
        allowMethods: List<String>,
        allowOrigins: List<String>,
        exposeHeaders: List<String>,
        maxAge: i32,
    }
    HttpHeaderFilter "gateway.HTTPHeaderFilter" {
        add: List<HttpHeader>,
        remove: List<String>,
        set: List<HttpHeader>,
    }
    HttpHeader "gateway.HTTPHeader" {
        name: String,
        value: String,
    }
    HttpRequestMirrorFilter "gateway.HTTPRequestMirrorFilter" {
        backendRef: BackendObjectReference,
        fraction: Fraction,
        percent: i32,
    }
    BackendObjectReference "gateway.BackendObjectReference" {
        group: String,
        kind: String,
        name: String,
        namespace: String,
        port: i32,
    }
    Fraction "gateway.Fraction" {
        denominator: i32,
        numerator: i32,
    }
    HttpRequestRedirectFilter "gateway.HTTPRequestRedirectFilter" {
        hostname: String,
        path: HttpPathModifier,
        port: i32,
        scheme: String,
        statusCode: i64,
    }
    HttpPathModifier "gateway.HTTPPathModifier" {
        replaceFullPath: String,
        replacePrefixMatch: String,
        type: String,
    }
    HttpUrlRewriteFilter "gateway.HTTPURLRewriteFilter" {
        hostname: String,
        path: HttpPathModifier,
    }
    HttpRouteMatch "gateway.HTTPRouteMatch" {
        headers: List<HttpHeaderMatch>,
        method: String,
        path: HttpPathMatch,
        queryParams: List<HttpHeaderMatch>,
    }
    HttpHeaderMatch "gateway.HTTPHeaderMatch" {
        name: String,
        type: String,
        value: String,
    }
    HttpPathMatch "gateway.HTTPPathMatch" {
        type: String,
        value: String,
    }
    HttpRouteTimeouts "gateway.HTTPRouteTimeouts" {
        backendRequest: String,
        request: String,
    }
    HttpRouteStatus "HTTPRouteStatus" {
        parents: List<RouteParentStatus>,
    }
    RouteParentStatus "gateway.RouteParentStatus" {
        conditions: List<Condition>,
        controllerName: String,
        parentRef: ParentReference,
    }
    /// Which calls go to which Services.
    GrpcRoute "GRPCRoute" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: GrpcRouteSpec,
        status: GrpcRouteStatus,
    }
    GrpcRouteSpec "GRPCRouteSpec" {
        hostnames: List<String>,
        parentRefs: List<ParentReference>,
        rules: List<GrpcRouteRule>,
    }
    GrpcRouteRule "gateway.GRPCRouteRule" {
        backendRefs: List<GrpcBackendRef>,
        filters: List<GrpcRouteFilter>,
        matches: List<GrpcRouteMatch>,
        name: String,
    }
    GrpcBackendRef "gateway.GRPCBackendRef" {
        filters: List<GrpcRouteFilter>,
        group: String,
        kind: String,
        name: String,
        namespace: String,
        port: i32,
        weight: i32,
    }
    GrpcRouteFilter "gateway.GRPCRouteFilter" {
        extensionRef: LocalParametersReference,
        requestHeaderModifier: HttpHeaderFilter,
        requestMirror: HttpRequestMirrorFilter,
        responseHeaderModifier: HttpHeaderFilter,
        type: String,
    }
    GrpcRouteMatch "gateway.GRPCRouteMatch" {
        headers: List<HttpHeaderMatch>,
        method: GrpcMethodMatch,
    }
    GrpcMethodMatch "gateway.GRPCMethodMatch" {
        method: String,
        service: String,
        type: String,
    }
    GrpcRouteStatus "GRPCRouteStatus" {
        parents: List<RouteParentStatus>,
    }
    /// Who in other namespaces may refer to objects here.
    ReferenceGrant "ReferenceGrant" {
        apiVersion: String,
        kind: String,
        metadata: ObjectMeta,
        spec: ReferenceGrantSpec,
    }
    ReferenceGrantSpec "ReferenceGrantSpec" {
        from: List<ReferenceGrantFrom>,
        to: List<ReferenceGrantTo>,
    }
    ReferenceGrantFrom "gateway.ReferenceGrantFrom" {
        group: String,
        kind: String,
        namespace: String,
    }
    ReferenceGrantTo "gateway.ReferenceGrantTo" {
        group: String,
        kind: String,
        name: String,
    }
}

#[rustfmt::skip]
pub(super) const REQUIRED: &[FieldNames] = &[
    ("Gateway", &["metadata", "spec"]),
    ("GatewaySpec", &["gatewayClassName", "listeners"]),
    ("gateway.LocalParametersReference", &["group", "kind", "name"]),
    ("gateway.Listener", &["name", "port", "protocol"]),
    ("gateway.RouteGroupKind", &["kind"]),
    ("gateway.SecretObjectReference", &["name"]),
    ("gateway.FrontendTLSConfig", &["default"]),
    ("gateway.FrontendTLSValidation", &["caCertificateRefs"]),
    ("gateway.ObjectReference", &["group", "kind", "name"]),
    ("gateway.TLSPortConfig", &["port", "tls"]),
    ("gateway.GatewayStatusAddress", &["value"]),
    ("gateway.Condition", &["lastTransitionTime", "message", "reason", "status", "type"]),
    ("gateway.ListenerStatus", &["attachedRoutes", "conditions", "name"]),
    ("HTTPRoute", &["metadata", "spec"]),
    ("gateway.ParentReference", &["name"]),
    ("gateway.HTTPBackendRef", &["name"]),
    ("gateway.HTTPRouteFilter", &["type"]),
    ("gateway.HTTPHeader", &["name", "value"]),
    ("gateway.HTTPRequestMirrorFilter", &["backendRef"]),
    ("gateway.BackendObjectReference", &["name"]),
    ("gateway.Fraction", &["numerator"]),
    ("gateway.HTTPPathModifier", &["type"]),
    ("gateway.HTTPHeaderMatch", &["name", "value"]),
    ("HTTPRouteStatus", &["parents"]),
    ("gateway.RouteParentStatus", &["conditions", "controllerName", "parentRef"]),
    ("GRPCRoute", &["metadata", "spec"]),
    ("gateway.GRPCBackendRef", &["name"]),
    ("gateway.GRPCRouteFilter", &["type"]),
    ("GRPCRouteStatus", &["parents"]),
    ("ReferenceGrant", &["metadata", "spec"]),
    ("ReferenceGrantSpec", &["from", "to"]),
    ("gateway.ReferenceGrantFrom", &["group", "kind", "namespace"]),
    ("gateway.ReferenceGrantTo", &["group", "kind"]),
];

/// `PreciseHostname`s and `Hostname`s: a name, or one with `*` in the place of its first part.
static HOSTNAME: Rule = Rule::Is(&formats::HOST);
/// Names of listeners and the like.
pub(super) static SECTION: Rule = Rule::Is(&formats::DNS_SUBDOMAIN);
pub(super) static NAMESPACE: Rule = Rule::Is(&formats::DNS_LABEL);
pub(super) static GROUP: Rule = Rule::IsOrEmpty(&formats::DNS_SUBDOMAIN);
pub(super) static KIND: Rule = Rule::Is(&KIND_NAME);
pub(super) static PORT: Rule = Rule::Range(1, 65_535);
static HEADER: Rule = Rule::Is(&HEADER_NAME);
static DURATION: Rule = Rule::Is(&GEP_2257);

static KIND_NAME: Format = Format {
    name: "a kind",
    legal: "expected up to 63 letters, digits and `-`, beginning with a letter",
    test: |text| {
        text.len() <= 63
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && !text.ends_with('-')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    },
};
static HEADER_NAME: Format = Format {
    name: "a name of an HTTP header",
    legal: "expected letters, digits and `-`",
    test: |text| {
        !text.is_empty()
            && text.len() <= 256
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    },
};
static PROTOCOL: Format = Format {
    name: "a protocol",
    legal: "expected `HTTP`, `HTTPS`, `TLS`, `TCP`, `UDP`, or one of an implementation's with its domain",
    test: |text| {
        let word =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        text.len() <= 255
            && text
                .split_once('/')
                .map_or_else(|| word(text), |(domain, name)| (formats::DNS_SUBDOMAIN.test)(domain) && word(name))
    },
};
/// GEP-2257: up to four numbers of up to five digits, each with a unit.
static GEP_2257: Format = Format {
    name: "a duration of the Gateway API",
    legal: "expected up to four numbers of up to five digits with `h`, `m`, `s` or `ms`: `30s`, `1m30s`",
    test: duration,
};

fn duration(text: &str) -> bool {
    let mut rest = text;
    let mut parts = 0;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let tail = &rest[digits..];
        let Some(left) = ["ms", "h", "m", "s"].into_iter().find_map(|unit| tail.strip_prefix(unit)) else {
            return false;
        };
        if digits == 0 || digits > 5 {
            return false;
        }
        parts += 1;
        rest = left;
    }
    (1..=4).contains(&parts)
}

#[rustfmt::skip]
pub(super) const RULES: &[FieldRules] = &[
    ("GatewaySpec", &[("addresses", &Rule::Most(16)), ("gatewayClassName", &Rule::Some), ("listeners", &Rule::All(&[&Rule::Some, &Rule::Most(64)]))]),
    ("gateway.ListenerNamespaces", &[("from", &Rule::OneOf(&["All", "Selector", "Same", "None"]))]),
    ("gateway.GatewayInfrastructure", &[("annotations", &Rule::Most(16)), ("labels", &Rule::Most(8))]),
    ("gateway.LocalParametersReference", &[("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some)]),
    ("gateway.Listener", &[("hostname", &HOSTNAME), ("name", &SECTION), ("port", &PORT), ("protocol", &Rule::Is(&PROTOCOL))]),
    ("gateway.AllowedRoutes", &[("kinds", &Rule::Most(8))]),
    ("gateway.RouteGroupKind", &[("group", &GROUP), ("kind", &KIND)]),
    ("gateway.RouteNamespaces", &[("from", &Rule::OneOf(&["All", "Selector", "Same"]))]),
    ("gateway.ListenerTLSConfig", &[("certificateRefs", &Rule::Most(64)), ("mode", &Rule::OneOf(&["Terminate", "Passthrough"])), ("options", &Rule::Most(16))]),
    ("gateway.SecretObjectReference", &[("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some), ("namespace", &NAMESPACE)]),
    ("gateway.FrontendTLSConfig", &[("perPort", &Rule::Most(64))]),
    ("gateway.FrontendTLSValidation", &[("caCertificateRefs", &Rule::All(&[&Rule::Some, &Rule::Most(16)])), ("mode", &Rule::OneOf(&["AllowValidOnly", "AllowInsecureFallback"]))]),
    ("gateway.ObjectReference", &[("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some), ("namespace", &NAMESPACE)]),
    ("gateway.TLSPortConfig", &[("port", &PORT)]),
    ("GatewayStatus", &[("addresses", &Rule::Most(16)), ("conditions", &Rule::Most(8)), ("listeners", &Rule::Most(64))]),
    ("gateway.GatewayStatusAddress", &[("value", &Rule::Some)]),
    ("gateway.Condition", &[("observedGeneration", &Rule::Range(0, i64::MAX)), ("status", &Rule::OneOf(&["True", "False", "Unknown"]))]),
    ("gateway.ListenerStatus", &[("conditions", &Rule::Most(8)), ("name", &SECTION), ("supportedKinds", &Rule::Most(8))]),
    ("HTTPRouteSpec", &[("hostnames", &Rule::All(&[&Rule::Most(16), &Rule::Each(&HOSTNAME)])), ("parentRefs", &Rule::Most(32)), ("rules", &Rule::All(&[&Rule::Some, &Rule::Most(16)]))]),
    ("gateway.ParentReference", &[("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some), ("namespace", &NAMESPACE), ("port", &PORT), ("sectionName", &SECTION)]),
    ("gateway.HTTPRouteRule", &[("backendRefs", &Rule::Most(16)), ("filters", &Rule::Most(16)), ("matches", &Rule::Most(64)), ("name", &SECTION)]),
    ("gateway.HTTPBackendRef", &[("filters", &Rule::Most(16)), ("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some), ("namespace", &NAMESPACE), ("port", &PORT), ("weight", &Rule::Range(0, 1_000_000))]),
    ("gateway.HTTPRouteFilter", &[("type", &Rule::OneOf(&["RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "RequestRedirect", "URLRewrite", "ExtensionRef", "CORS"]))]),
    ("gateway.HTTPCORSFilter", &[("allowHeaders", &Rule::All(&[&Rule::Most(64), &Rule::Each(&HEADER)])), ("allowMethods", &Rule::All(&[&Rule::Most(9), &Rule::Each(&Rule::OneOf(&["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"]))])), ("allowOrigins", &Rule::Most(64)), ("exposeHeaders", &Rule::All(&[&Rule::Most(64), &Rule::Each(&HEADER)])), ("maxAge", &Rule::Range(1, i32::MAX as i64))]),
    ("gateway.HTTPHeaderFilter", &[("add", &Rule::Most(16)), ("remove", &Rule::Most(16)), ("set", &Rule::Most(16))]),
    ("gateway.HTTPHeader", &[("name", &HEADER), ("value", &Rule::Some)]),
    ("gateway.HTTPRequestMirrorFilter", &[("percent", &Rule::Range(0, 100))]),
    ("gateway.BackendObjectReference", &[("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some), ("namespace", &NAMESPACE), ("port", &PORT)]),
    ("gateway.Fraction", &[("denominator", &Rule::Range(1, i32::MAX as i64)), ("numerator", &Rule::Range(0, i32::MAX as i64))]),
    ("gateway.HTTPRequestRedirectFilter", &[("hostname", &SECTION), ("port", &PORT), ("scheme", &Rule::OneOf(&["http", "https"])), ("statusCode", &Rule::Among(&[301, 302, 303, 307, 308]))]),
    ("gateway.HTTPPathModifier", &[("type", &Rule::OneOf(&["ReplaceFullPath", "ReplacePrefixMatch"]))]),
    ("gateway.HTTPURLRewriteFilter", &[("hostname", &SECTION)]),
    ("gateway.HTTPRouteMatch", &[("headers", &Rule::Most(16)), ("method", &Rule::OneOf(&["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"])), ("queryParams", &Rule::Most(16))]),
    ("gateway.HTTPHeaderMatch", &[("name", &HEADER), ("type", &Rule::OneOf(&["Exact", "RegularExpression"])), ("value", &Rule::Some)]),
    ("gateway.HTTPPathMatch", &[("type", &Rule::OneOf(&["Exact", "PathPrefix", "RegularExpression"]))]),
    ("gateway.HTTPRouteTimeouts", &[("backendRequest", &DURATION), ("request", &DURATION)]),
    ("HTTPRouteStatus", &[("parents", &Rule::Most(32))]),
    ("gateway.RouteParentStatus", &[("controllerName", &Rule::Is(&formats::PREFIXED_PATH)), ("conditions", &Rule::All(&[&Rule::Some, &Rule::Most(8)]))]),
    ("GRPCRouteSpec", &[("hostnames", &Rule::All(&[&Rule::Most(16), &Rule::Each(&HOSTNAME)])), ("parentRefs", &Rule::Most(32)), ("rules", &Rule::Most(16))]),
    ("gateway.GRPCRouteRule", &[("backendRefs", &Rule::Most(16)), ("filters", &Rule::Most(16)), ("matches", &Rule::Most(64)), ("name", &SECTION)]),
    ("gateway.GRPCBackendRef", &[("filters", &Rule::Most(16)), ("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some), ("namespace", &NAMESPACE), ("port", &PORT), ("weight", &Rule::Range(0, 1_000_000))]),
    ("gateway.GRPCRouteFilter", &[("type", &Rule::OneOf(&["ResponseHeaderModifier", "RequestHeaderModifier", "RequestMirror", "ExtensionRef"]))]),
    ("gateway.GRPCRouteMatch", &[("headers", &Rule::Most(16))]),
    ("gateway.GRPCMethodMatch", &[("type", &Rule::OneOf(&["Exact", "RegularExpression"]))]),
    ("GRPCRouteStatus", &[("parents", &Rule::Most(32))]),
    ("ReferenceGrantSpec", &[("from", &Rule::All(&[&Rule::Some, &Rule::Most(16)])), ("to", &Rule::All(&[&Rule::Some, &Rule::Most(16)]))]),
    ("gateway.ReferenceGrantFrom", &[("group", &GROUP), ("kind", &KIND), ("namespace", &NAMESPACE)]),
    ("gateway.ReferenceGrantTo", &[("group", &GROUP), ("kind", &KIND), ("name", &Rule::Some)]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammars() {
        for (format, members, strangers) in [
            (
                &GEP_2257,
                &["30s", "1m30s", "500ms", "1h2m3s4ms", "0s"][..],
                &["", "30", "1d", "1.5s", "100000s", "1s1s1s1s1s", "s"][..],
            ),
            (&KIND_NAME, &["Gateway", "a-1"][..], &["", "1a", "a-", "a.b"]),
            (&PROTOCOL, &["HTTP", "HTTPS", "example.com/quic"], &["", "HT TP", "/x", "example.com/"]),
            (&HEADER_NAME, &["X-Id", "a_b"], &["", "a b", "a:"]),
        ] {
            for text in members {
                assert!((format.test)(text), "`{text}` is {}", format.name);
            }
            for text in strangers {
                assert!(!(format.test)(text), "`{text}` is not {}", format.name);
            }
        }
    }
}
