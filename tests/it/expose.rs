//! Traffic from outside: what `expose` becomes for each API and controller, and what can't be had is
//! said where it was asked for.

use crate::explain::{memory, perturb};
use crate::harness::{Case, one_error, repository};
use serde_json::{Value, json};

/// The objects of an environment of the fixture.
fn rendered(environment: &str) -> Vec<Value> {
    let output = Case::new(environment).fixture("expose").args(["render", environment, "-o", "json"]).run();
    let output = output.code(0).stderr_is_empty();
    let list: Value = serde_json::from_str(output.out()).expect("JSON");
    list["items"].as_array().expect("a List").clone()
}

#[track_caller]
fn find<'a>(objects: &'a [Value], kind: &str, name: &str) -> &'a Value {
    let found = objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
    found.unwrap_or_else(|| panic!("no {kind}/{name}"))
}

fn count(objects: &[Value], kind: &str) -> usize {
    objects.iter().filter(|object| object["kind"] == kind).count()
}

/// Annotations without those that every object has.
fn annotations<'a>(object: &'a Value, prefix: &str) -> Vec<(&'a str, &'a str)> {
    let all = object["metadata"]["annotations"].as_object().into_iter().flatten();
    all.filter_map(|(key, value)| Some((key.strip_prefix(prefix)?, value.as_str()?))).collect()
}

#[test]
fn an_own_gateway_has_a_listener_and_a_certificate_for_each_host() {
    let objects = rendered("base");
    let gateway = find(&objects, "Gateway", "entrance");
    assert_eq!(gateway["spec"]["gatewayClassName"], "cilium");
    let listeners = gateway["spec"]["listeners"].as_array().unwrap();
    let names: Vec<&str> = listeners.iter().filter_map(|listener| listener["name"].as_str()).collect();
    let expected = [
        "http",
        "wildcard.apps.example.org",
        "console.example.org",
        "docs.shop.example.com",
        "given.example.org",
        "orders.shop.example.com",
        "www.shop.example.com",
    ];
    assert_eq!(names, expected, "each host once, plain ones by the listener for HTTP");
    assert_eq!(listeners[0], json!({"name": "http", "port": 80, "protocol": "HTTP"}));
    assert_eq!(
        listeners[6],
        json!({
            "name": "www.shop.example.com", "hostname": "www.shop.example.com", "port": 443, "protocol": "HTTPS",
            "tls": {"certificateRefs": [{"name": "www-shop-example-com-tls"}], "options": {"example.com/ciphers": "modern"}},
        })
    );
    assert_eq!(listeners[4]["tls"]["certificateRefs"][0]["name"], "given-cert");
    assert_eq!(gateway["metadata"]["annotations"]["external-dns.kubernetes.io/target"], "lb.example.net");
    // A Secret that exists gets no certificate.
    assert_eq!(count(&objects, "Certificate"), 5);
    let certificate = find(&objects, "Certificate", "www-shop-example-com-tls");
    assert_eq!(
        certificate["spec"],
        json!({
            "secretName": "www-shop-example-com-tls", "dnsNames": ["www.shop.example.com"],
            "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer", "group": "cert-manager.io"},
        })
    );
    let console = find(&objects, "Certificate", "console-cert");
    assert_eq!(console["spec"]["issuerRef"], json!({"name": "outside", "kind": "Issuer", "group": "cert-manager.io"}));
    let redirect = find(&objects, "HTTPRoute", "entrance-redirect");
    assert_eq!(
        redirect["spec"]["rules"][0]["filters"][0]["requestRedirect"],
        json!({"scheme": "https", "statusCode": 301})
    );
}

#[test]
fn routes_attach_to_the_listener_of_their_host() {
    let objects = rendered("base");
    let web = &find(&objects, "HTTPRoute", "web")["spec"];
    assert_eq!(web["parentRefs"], json!([{"name": "entrance", "sectionName": "www.shop.example.com"}]));
    assert_eq!(web["hostnames"], json!(["www.shop.example.com"]));
    // The metrics port comes first and is not the one.
    assert_eq!(web["rules"][0]["backendRefs"], json!([{"name": "web", "port": 80}]));
    assert_eq!(web["rules"][0]["timeouts"], json!({"request": "30s"}));
    assert_eq!(web["rules"][0]["matches"], json!([{"path": {"type": "PathPrefix", "value": "/"}}]));
    let api = &find(&objects, "HTTPRoute", "web-api")["spec"];
    assert_eq!(api["rules"][0]["matches"], json!([{"path": {"type": "PathPrefix", "value": "/api"}}]));
    assert_eq!(api["rules"][0].get("timeouts"), None);
    let console = find(&objects, "HTTPRoute", "web-console");
    assert_eq!(console["spec"]["rules"][0]["matches"], json!([{"path": {"type": "Exact", "value": "/console"}}]));
    assert_eq!(console["spec"]["rules"][0]["backendRefs"][0]["port"], 9000);
    assert_eq!(console["metadata"]["annotations"]["example.com/team"], "console");
    assert_eq!(console["metadata"]["annotations"]["external-dns.kubernetes.io/ttl"], "300");
    let plain = &find(&objects, "HTTPRoute", "web-plain")["spec"];
    assert_eq!(plain["parentRefs"][0]["sectionName"], "http");
    let orders = &find(&objects, "GRPCRoute", "orders")["spec"];
    assert_eq!(orders["rules"], json!([{"backendRefs": [{"name": "orders", "port": 9000}]}]));
}

#[test]
fn a_gateway_of_others_gets_certificates_and_may_read_them() {
    let objects = rendered("shared");
    assert_eq!(count(&objects, "Gateway"), 0);
    let parent = json!([{"name": "shared", "namespace": "infra", "sectionName": "https"}]);
    assert_eq!(find(&objects, "HTTPRoute", "web")["spec"]["parentRefs"], parent);
    let grant = &find(&objects, "ReferenceGrant", "www-shop-example-com-tls")["spec"];
    assert_eq!(grant["from"], json!([{"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "infra"}]));
    assert_eq!(grant["to"], json!([{"group": "", "kind": "Secret", "name": "www-shop-example-com-tls"}]));
    assert_eq!(count(&objects, "ReferenceGrant"), count(&objects, "Certificate"));
}

#[test]
fn exposed_pods_admit_the_controller_and_nobody_else() {
    let objects = rendered("base");
    let policy = find(&objects, "NetworkPolicy", "web");
    let rule = policy["spec"]["ingress"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] == "edge");
    assert_eq!(
        rule.expect("a rule"),
        &json!({
            "from": [
                {
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "edge"}},
                    "podSelector": {"matchLabels": {"app": "proxy"}},
                },
                {"ipBlock": {"cidr": "10.20.0.0/16"}},
            ],
            "ports": [{"protocol": "TCP", "port": 3000}, {"protocol": "TCP", "port": 9000}],
        })
    );
    let solver = find(&objects, "NetworkPolicy", "acme-http01-solver");
    assert_eq!(solver["spec"]["podSelector"]["matchLabels"]["acme.cert-manager.io/http01-solver"], "true");
    assert_eq!(solver["spec"]["ingress"][0]["ports"], json!([{"protocol": "TCP", "port": 8089}]));
}

#[test]
fn issuers_are_what_cert_manager_takes() {
    let objects = rendered("base");
    let acme = &find(&objects, "ClusterIssuer", "letsencrypt")["spec"]["acme"];
    assert_eq!(acme["privateKeySecretRef"]["name"], "acme-key");
    assert_eq!(
        acme["solvers"][0]["http01"]["gatewayHTTPRoute"]["parentRefs"][0],
        json!({"name": "entrance", "namespace": "shop"})
    );
    let wild = &find(&objects, "Issuer", "wild")["spec"]["acme"];
    assert_eq!(
        wild["solvers"],
        json!([{"dns01": {"route53": {"region": "eu-west-1", "hostedZoneID": "Z0ABC", "role": "edge"}}}])
    );
    assert_eq!(wild["privateKeySecretRef"]["name"], "wild-account");
    let flare = &find(&objects, "Issuer", "short-flare")["spec"]["acme"]["solvers"][0]["dns01"];
    assert_eq!(flare, &json!({"cloudflare": {"apiTokenSecretRef": {"name": "flare", "key": "api-token"}}}));
    assert_eq!(find(&objects, "Issuer", "self")["spec"], json!({"selfSigned": {}}));
    assert_eq!(find(&objects, "Issuer", "short-own")["spec"], json!({"ca": {"secretName": "own-ca"}}));
    let nginx = rendered("nginx");
    let solver = &find(&nginx, "ClusterIssuer", "letsencrypt")["spec"]["acme"]["solvers"][0];
    assert_eq!(solver, &json!({"http01": {"ingress": {"ingressClassName": "nginx"}}}));
}

#[test]
fn a_cluster_issuer_is_made_where_the_cluster_is_owned() {
    let platform = "platform:\n  name: shop\n  ingress: {api: ingress, class: nginx}\n  issuers: {le: {kind: ClusterIssuer, acme: {server: \"https://acme.example.com/dir\"}}}\n";
    let out = |owns: &str| {
        let case = Case::new("owns").file("base/p.yaml", format!("{platform}{owns}"));
        case.args(["render", "base", "--kind", "ClusterIssuer", "--scope", "cluster"]).run()
    };
    out("  ownsCluster: true\n").code(0).stdout_contains("kind: ClusterIssuer");
    assert!(!out("").out().contains("ClusterIssuer"));
}

#[test]
fn an_ingress_says_in_nginx_words_what_it_has_no_field_for() {
    let objects = rendered("nginx");
    let web = find(&objects, "Ingress", "web");
    assert_eq!(
        web["spec"],
        json!({
            "ingressClassName": "nginx",
            "tls": [{"hosts": ["www.shop.example.com"], "secretName": "web-tls"}],
            "rules": [{"host": "www.shop.example.com", "http": {"paths": [
                {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"name": "http"}}}},
            ]}}],
        })
    );
    let said = annotations(web, "nginx.ingress.kubernetes.io/");
    assert_eq!(said, [("proxy-body-size", "8m"), ("proxy-read-timeout", "30"), ("proxy-send-timeout", "30")]);
    assert_eq!(annotations(web, "cert-manager.io/"), [("cluster-issuer", "letsencrypt")]);
    assert_eq!(annotations(web, "external-dns.kubernetes.io/"), [("target", "lb.example.net"), ("ttl", "300")]);
    let orders = find(&objects, "Ingress", "orders");
    assert_eq!(annotations(orders, "nginx.ingress.kubernetes.io/"), [("backend-protocol", "GRPC")]);
    let console = find(&objects, "Ingress", "web-console");
    assert_eq!(annotations(console, "cert-manager.io/"), [("issuer", "outside")]);
    assert_eq!(console["spec"]["tls"][0]["secretName"], "console-cert");
    let given = find(&objects, "Ingress", "web-given");
    assert_eq!(annotations(given, "cert-manager.io/"), []);
    assert_eq!(find(&objects, "Ingress", "web-plain")["spec"].get("tls"), None);
}

#[test]
fn traefik_is_told_entry_points_and_its_tls_option() {
    let objects = rendered("traefik");
    assert_eq!(find(&objects, "TLSOption", "min-tls-version")["spec"], json!({"minVersion": "VersionTLS13"}));
    let said = annotations(find(&objects, "Ingress", "web"), "traefik.ingress.kubernetes.io/");
    let expected = [
        ("router.entrypoints", "websecure"),
        ("router.tls", "true"),
        ("router.tls.options", "shop-min-tls-version@kubernetescrd"),
    ];
    assert_eq!(said, expected);
    let plain = find(&objects, "Ingress", "web-plain");
    assert_eq!(annotations(plain, "traefik.ingress.kubernetes.io/"), [("router.entrypoints", "web")]);
    let service = find(&objects, "Service", "orders");
    assert_eq!(annotations(service, "traefik.ingress.kubernetes.io/"), [("service.serversscheme", "h2c")]);
}

#[test]
fn contour_and_haproxy_are_told_in_their_words() {
    let objects = rendered("contour");
    let web = find(&objects, "Ingress", "web");
    let expected = [("response-timeout", "1500ms"), ("tls-minimum-protocol-version", "1.2")];
    assert_eq!(annotations(web, "projectcontour.io/"), expected);
    assert_eq!(annotations(web, "ingress.kubernetes.io/"), [("force-ssl-redirect", "true")]);
    let orders = find(&objects, "Service", "orders");
    assert_eq!(annotations(orders, "projectcontour.io/"), [("upstream-protocol.h2c", "grpc")]);
    let objects = rendered("haproxy");
    let said = annotations(find(&objects, "Ingress", "web"), "haproxy.org/");
    assert_eq!(said, [("ssl-redirect", "true"), ("timeout-server", "30s")]);
    let said = annotations(find(&objects, "Ingress", "orders"), "haproxy.org/");
    assert_eq!(said, [("server-proto", "h2"), ("ssl-redirect", "true")]);
}

#[test]
fn load_balancers_of_clouds_are_told_in_their_words() {
    let objects = rendered("alb");
    let web = find(&objects, "Ingress", "web");
    let expected = [
        ("listen-ports", r#"[{"HTTP": 80}, {"HTTPS": 443}]"#),
        ("load-balancer-attributes", "idle_timeout.timeout_seconds=30"),
        ("scheme", "internet-facing"),
        ("ssl-policy", "ELBSecurityPolicy-TLS13-1-3-2021-06"),
        ("ssl-redirect", "443"),
        ("target-type", "ip"),
    ];
    assert_eq!(annotations(web, "alb.ingress.kubernetes.io/"), expected);
    // It finds certificates by host, in the cloud.
    assert_eq!(web["spec"]["tls"], json!([{"hosts": ["www.shop.example.com"]}]));
    let orders = annotations(find(&objects, "Ingress", "orders"), "alb.ingress.kubernetes.io/");
    assert!(orders.contains(&("backend-protocol-version", "GRPC")), "{orders:?}");
    let objects = rendered("gce");
    let web = find(&objects, "Ingress", "web");
    assert_eq!(web["spec"].get("ingressClassName"), None);
    assert_eq!(annotations(web, "kubernetes.io/"), [("ingress.class", "gce")]);
    assert_eq!(annotations(web, "networking.gke.io/"), [("v1beta1.FrontendConfig", "web")]);
    let frontend = &find(&objects, "FrontendConfig", "web")["spec"];
    assert_eq!(frontend, &json!({"sslPolicy": "modern", "redirectToHttps": {"enabled": true}}));
    assert_eq!(find(&objects, "BackendConfig", "web")["spec"], json!({"timeoutSec": 30}));
    let said = annotations(find(&objects, "Service", "web"), "cloud.google.com/");
    let expected = [
        ("app-protocols", r#"{"tls": "HTTPS"}"#),
        ("backend-config", r#"{"ports": {"http": "web", "tls": "web-docs"}}"#),
        ("neg", r#"{"ingress": true}"#),
    ];
    assert_eq!(said, expected);
}

#[test]
fn what_a_line_of_an_exposed_platform_changes_names_that_line() {
    let files = memory(&repository().join("tests/fixtures/expose"));
    let environments = ["base", "shared", "nginx", "traefik", "contour", "haproxy", "alb", "gce"];
    perturb(&files, &environments, 40);
}

/// A platform of one exposed service.
fn exposed(ingress: &str, service: &str) -> Case {
    Case::new(service)
        .file("base/platform.yaml", format!("platform:\n  name: shop\n{ingress}"))
        .file("base/web.yaml", format!("services:\n  web:\n    type: web\n    image: web:1\n    ports: {{http: 8080, db: {{port: 5432, appProtocol: postgresql}}, rpc: {{port: 9000, appProtocol: grpc}}, h2: {{port: 9001, appProtocol: kubernetes.io/h2c}}}}\n{service}"))
        .file("overlays/production/overlay.yaml", "platform: {kubernetes: \"1.35\"}\n")
}

/// A text without its mark `^`, and the column of what it stood before.
fn marked(text: &str) -> (String, usize) {
    let column = text.find('^').unwrap_or_else(|| panic!("no mark in {text}"));
    (text.replacen('^', "", 1), column + 1)
}

const NGINX: &str = "  ingress: {api: ingress, class: nginx, controller: nginx, issuer: le}\n";
const GATEWAY: &str = "  ingress: {api: gateway, class: infra/shared}\n";

#[test]
fn what_cannot_be_had_is_refused_where_it_is_asked_for() {
    let bare = "  ingress: {api: ingress, class: x, issuer: le}\n";
    let traefik = "  ingress: {api: ingress, class: x, controller: traefik, issuer: le}\n";
    let alb = "  ingress: {api: ingress, class: x, controller: alb}\n  network: {ingressFrom: {cidrs: [10.0.0.0/8]}}\n";
    let cases: &[(&str, &str, &str, &str)] = &[
        ("", "^www.a.com", "missing-field", "nothing says how traffic comes in"),
        (NGINX, "^www", "missing-field", "completed with `platform.domain`"),
        (NGINX, "{host: www.a.com, port: ^htp}", "unknown-port", "did you mean `http`?"),
        (NGINX, "{host: www.a.com, port: ^db}", "conflict", "it speaks `postgresql`"),
        (NGINX, "{host: www.a.com, port: ^h2}", "conflict", "ingress-nginx speaks HTTP/1.1 or gRPC"),
        (NGINX, "{host: www.a.com, timeout: ^1500ms}", "invalid-value", "the controller takes whole seconds"),
        (NGINX, "{host: www.a.com, timeout: ^0s}", "invalid-value", "something can be done in"),
        (NGINX, "{host: www.a.com, maxBodySize: ^100m}", "invalid-value", "no whole number of bytes"),
        (NGINX, "{host: ^WWW.a.com}", "invalid-value", "lower case"),
        (NGINX, "{host: ^192.0.2.1}", "invalid-value", "not an address"),
        (NGINX, "{host: www.a.com, path: ^api}", "invalid-value", "a path begins with `/`"),
        (NGINX, "^{path: /api}", "missing-field", "`services.web.expose` has no `host`"),
        (bare, "{host: www.a.com, timeout: ^30s}", "conflict", "`platform.ingress.controller` says in whose words"),
        (traefik, "{host: www.a.com, timeout: ^30s}", "conflict", "`timeout` can't be said to `traefik`"),
        (traefik, "{host: www.a.com, maxBodySize: ^8Mi}", "conflict", "Middleware"),
        (alb, "{host: www.a.com, tls: {secretName: ^a}}", "conflict", "AWS Certificate Manager"),
        (alb, "{host: www.a.com, timeout: ^2h}", "invalid-value", "1 to 4000 seconds"),
        (GATEWAY, "{host: www.a.com, maxBodySize: ^8Mi}", "conflict", "the Gateway API has no field for it"),
        (GATEWAY, "{host: www.a.com, tls: {secretName: ^a}}", "conflict", "someone else's"),
        (GATEWAY, "{host: www.a.com, port: rpc, timeout: ^3s}", "conflict", "a GRPCRoute has no `timeout`"),
    ];
    for (ingress, expose, code, part) in cases {
        let (service, column) = marked(&format!("    expose: {expose}\n"));
        one_error(exposed(ingress, &service), code, &format!("base/web.yaml:6:{column}"), part);
    }
}

#[test]
fn a_certificate_comes_from_somewhere() {
    let bare = "  ingress: {api: ingress, class: nginx}\n";
    let case = exposed(bare, "    expose: www.a.com\n");
    one_error(
        case,
        "missing-field",
        "base/web.yaml:6:13",
        "nothing says where the certificate of `www.a.com` comes from",
    );
    for tls in ["{secretName: a}", "{issuer: le}", "{enabled: true}", "{enabled: false}"] {
        let case = exposed(bare, &format!("    expose: {{host: www.a.com, tls: {tls}}}\n"));
        case.args(["render", "production"]).run().code(0);
    }
    let issuers = "  issuers: {le: {acme: {server: \"https://acme.example.com/dir\"}}}\n";
    let case = exposed(&format!("{NGINX}{issuers}"), "    expose: \"*.a.com\"\n");
    one_error(case, "conflict", "base/web.yaml:6:13", "give this issuer a `dns01`");
    let (service, column) = marked("    expose: {host: www.a.com, tls: {issuer: ^lee}}\n");
    let case = exposed(&format!("{bare}{issuers}"), &service);
    one_error(case, "unknown-reference", &format!("base/web.yaml:6:{column}"), "did you mean `le`?");
    // An overlay that wants plain HTTP lifts what lies beneath.
    let case = exposed(bare, "    expose: {host: www.a.com, tls: {issuer: le}}\n");
    case.file("overlays/production/w.yaml", "services: {web: {expose: {tls: {enabled: false}}}}\n")
        .args(["render", "production"])
        .run()
        .code(0);
}

#[test]
fn a_version_of_tls_that_nothing_enforces_is_an_error() {
    let ingress = |with: &str| format!("  ingress: {{api: {with}, minTlsVersion: ^\"1.3\"}}\n");
    let service = "    expose: {host: www.a.com, tls: {enabled: false}}\n";
    for (with, part) in [
        ("ingress, class: a, controller: nginx", "`ssl-protocols` in its own ConfigMap"),
        ("ingress, class: a, controller: haproxy", "`ssl-default-bind-options`"),
        ("ingress, class: a, controller: gce", "`platform.ingress.sslPolicy`"),
        ("ingress, class: a", "`platform.ingress.controller`"),
        ("gateway, class: a", "the Gateway API has no field for it"),
    ] {
        let (said, column) = marked(&ingress(with));
        let place = format!("base/platform.yaml:3:{column}");
        one_error(exposed(&said, service), "tls-version-not-expressible", &place, part);
        let said = said.replace("\"1.3\"", "{version: 1.3, enforcedBy: controller}");
        exposed(&said, service).args(["render", "production"]).run().code(0).stderr_is_empty();
    }
}

#[test]
fn a_host_and_path_lead_to_one_place() {
    let other = |expose: &str| {
        format!(
            "services:\n  other:\n    type: web\n    image: web:1\n    ports: {{rpc: {{port: 9000, appProtocol: grpc}}, http: 8080}}\n    expose: {expose}\n"
        )
    };
    let case = |ingress: &str, expose: &str| {
        exposed(ingress, "    expose: {host: www.a.com, path: /a}\n").file("base/o.yaml", other(expose))
    };
    let found =
        one_error(case(NGINX, "{host: www.a.com, path: /a/}"), "duplicate-host", "base/web.yaml:6:20", "to `other`");
    assert!(found.err().contains("base/o.yaml:6:20"), "{}", found.err());
    for fine in
        ["{host: www.a.com, path: /b}", "{host: www.a.com, path: /a, pathType: Exact}", "{host: w.a.com, path: /a}"]
    {
        case(NGINX, fine).args(["render", "production"]).run().code(0);
    }
    // The Gateway API takes a host for HTTP or for gRPC.
    let mixed = case(GATEWAY, "{host: www.a.com, port: rpc}");
    one_error(mixed, "duplicate-host", "base/web.yaml:6:20", "a host for HTTP and for gRPC");
    case(NGINX, "{host: www.a.com, port: rpc}").args(["render", "production"]).run().code(0);
}

#[test]
fn words_of_one_api_are_refused_by_the_other() {
    let service = "    expose: www.a.com\n";
    for (ingress, code, part) in [
        ("api: ingress, class: ^infra/a, issuer: le", "conflict", "only Gateways have this"),
        ("api: ingress, class: a, issuer: le, gateway: ^cilium", "conflict", "Ingresses attach to no Gateway"),
        ("api: ^gateway", "missing-field", "routes attach to a Gateway"),
        ("api: gateway, class: a, controller: ^nginx", "conflict", "`controller` is for `api: ingress`"),
        ("api: gateway, class: ^infra/a, gateway: cilium, issuer: le", "conflict", "in the platform's namespace"),
        ("api: ingress, class: a, issuer: le, sslPolicy: ^x", "conflict", "`sslPolicy` is for `alb` and `gce`"),
    ] {
        let (said, column) = marked(&format!("  ingress: {{{ingress}}}\n"));
        one_error(exposed(&said, service), code, &format!("base/platform.yaml:3:{column}"), part);
    }
    let alb = exposed("  ingress: {api: ingress, class: a, controller: alb}\n", service);
    one_error(alb, "missing-field", "base/web.yaml:6:13", "an ALB is no pod");
    for (ingress, dns, part) in [
        (NGINX, "  dns: {ttl: ^60}\n", "set `externalDns: true`"),
        (GATEWAY, "  dns: {externalDns: true, target: ^a.b}\n", "reads it from the Gateway"),
    ] {
        let (dns, column) = marked(dns);
        let place = format!("base/platform.yaml:4:{column}");
        one_error(exposed(&format!("{ingress}{dns}"), service), "conflict", &place, part);
    }
}

#[test]
fn issuers_are_of_one_kind() {
    for (issuers, code, part) in [
        ("^le: {}", "conflict", "issuer `le` has no kinds"),
        ("^le: {ca: a, selfSigned: {}}", "conflict", "2 kinds"),
        ("^le: {acme: {server: \"https://a.b/\", dns01: {}}}", "conflict", "no providers"),
        ("le: {acme: {server: ^nowhere}}", "invalid-value", "`https://`"),
    ] {
        let (said, column) = marked(&format!("  issuers: {{{issuers}}}\n"));
        let case = exposed(&format!("  ingress: {{api: ingress, class: a}}\n{said}"), "");
        one_error(case, code, &format!("base/platform.yaml:4:{column}"), part);
    }
    let (said, column) = marked("  issuers: {le: {acme: {server: ^\"https://a.b/\"}}}\n");
    let place = format!("base/platform.yaml:3:{column}");
    one_error(exposed(&said, ""), "missing-field", &place, "nothing says how traffic comes in");
}

#[test]
fn types_without_a_service_are_not_exposed() {
    for (kind, rest) in [
        ("worker", "image: w:1"),
        ("job", "image: w:1"),
        ("cronjob", "image: w:1, schedule: \"0 3 * * *\""),
        ("external", "host: a.b, port: 443, cidrs: [192.0.2.0/24]"),
    ] {
        let case = Case::new(kind)
            .file("base/p.yaml", format!("platform:\n  name: shop\n{NGINX}"))
            .file("base/s.yaml", format!("services: {{a: {{type: {kind}, {rest}, expose: www.a.com}}}}\n"))
            .file("overlays/production/overlay.yaml", "{}\n");
        case.args(["render", "production"])
            .run()
            .code(2)
            .stdout_is_empty()
            .stderr_contains("error[unknown-field]: `expose` is not a field of type");
    }
}

#[test]
fn a_gateway_for_apis_is_exposed_likewise() {
    let case = Case::new("krakend")
        .file("base/p.yaml", format!("platform:\n  name: shop\n{NGINX}"))
        .file("base/s.yaml", "services:\n  api:\n    type: gateway\n    routes: {web: {path: /web, service: web}}\n    expose: api.a.com\n  web: {type: web, image: web:1, ports: {http: 8080}}\n");
    let output = case.args(["render", "base", "--kind", "Ingress"]).run().code(0);
    assert!(output.out().contains("host: api.a.com") && output.out().contains("name: http"), "{}", output.out());
}

#[test]
fn hostile_exposures_end_in_findings() {
    for expose in [
        "null",
        "{}",
        "[]",
        "true",
        "\"\"",
        "{host: null}",
        "{host: \"\"}",
        "{host: a.b, also: null}",
        "{host: a.b, also: {x: null}}",
        "{host: a.b, tls: null}",
        "{host: a.b, tls: {}}",
        "{host: a.b, tls: {issuer: null}}",
        "{host: a.b, annotations: {}}",
        "{host: a.b, also: {x: {}}}",
        "{host: a.b, also: {x: {host: a.b}}}",
        "{host: a.b, path: null}",
        "{host: a.b, timeout: 99999d}",
        "{host: a.b, port: null}",
        "{host: a.b, maxBodySize: 99999999999999Ei}",
    ] {
        for ingress in [NGINX, GATEWAY, "  ingress: null\n", "  ingress: {}\n"] {
            let output = exposed(ingress, &format!("    expose: {expose}\n")).args(["render", "production"]).run();
            let fine = output.err().is_empty() != output.out().is_empty();
            assert!(
                fine && !output.err().contains("panicked") && !output.err().contains("bug"),
                "{ingress}{expose}\n{output}"
            );
        }
    }
    let long = "a".repeat(60);
    let name = format!("    expose: {{host: www.a.com, also: {{{long}: {long}.{long}.{long}.{long}.example.com}}}}\n");
    exposed(NGINX, &name).args(["render", "production"]).run().code(2).stderr_contains("error[invalid-value]");
}
