//! Single decisions: what a few lines of Compose become.

use super::{Form, compose};
use crate::source::Memory;

/// The services that a Compose file becomes.
fn services(text: &str) -> String {
    let imported = compose(&Memory::default().with("c.yaml", text), "c.yaml", "shop", Form::Project);
    assert!(!imported.failed(), "{:#?}", imported.diagnostics);
    let file = imported.files.iter().find(|(path, _)| path == "base/services.yaml");
    file.and_then(|(_, text)| text.split_once("services:\n")).map(|(_, text)| text.to_owned()).unwrap_or_default()
}

/// A service `a` with these keys, beside a database and a server.
fn beside(keys: &str) -> String {
    let text = format!(
        "services:
  a:
    image: ghcr.io/x/a:1
    ports: [8000]
{keys}
  db:
    image: postgres:16
    environment: {{POSTGRES_USER: app, POSTGRES_DB: shop, POSTGRES_PASSWORD: hunter22}}
  api: {{image: 'ghcr.io/x/api:1', expose: [3000, 9090]}}
  my_cache: {{image: 'redis:7'}}
"
    );
    let all = services(&text);
    all.split_once("\n  db:").map(|(own, _)| own.to_owned()).unwrap_or_default()
}

#[test]
fn what_names_a_service_is_wired() {
    for (keys, expected) in [
        ("    environment: {U: 'postgresql://app:hunter22@db:5432/shop'}", "dependsOn: {db: {env: {U: url}}}"),
        ("    environment: {U: 'postgres://app:hunter22@db/shop'}", "dependsOn: {db: {env: {U: url}}}"),
        (
            "    environment: {U: 'postgres://app:hunter22@db/shop?sslmode=disable'}",
            "env: {U: postgres://app:$(U_PASSWORD)@db/shop?sslmode=disable}\n    dependsOn: {db: {env: {U_PASSWORD: password}}}",
        ),
        ("    environment: {U: 'postgres://root:other123@db/shop'}", "secrets: {U: {}}\n    dependsOn: [db]"),
        ("    environment: {U: 'http://api:3000'}", "dependsOn: {api: {env: {U: url}}}"),
        ("    environment: {U: 'http://api:9090'}", "dependsOn: {api: {port: http-9090, env: {U: url}}}"),
        ("    environment: {U: 'http://api:3000/v1'}", "env: {U: http://api:3000/v1}\n    dependsOn: [api]"),
        ("    environment: {A: 'api:3000'}", "dependsOn: {api: {env: {A: address}}}"),
        ("    environment: {DB_HOST: db, DB_PORT: 5432}", "dependsOn: {db: {env: {DB_HOST: host, DB_PORT: port}}}"),
        (
            "    environment: {PGHOST: db, PGUSER: app, PGPASSWORD: hunter22, PGDATABASE: shop}",
            "dependsOn: {db: {env: {PGHOST: host, PGUSER: user, PGPASSWORD: password, PGDATABASE: database}}}",
        ),
        ("    environment: {R: 'redis://my_cache:6379/0'}", "dependsOn: {my-cache: {env: {R: url}}}"),
        (
            "    environment: {R: 'redis://my_cache:6379/2'}",
            "env: {R: redis://my-cache:6379/2}\n    dependsOn: [my-cache]",
        ),
        ("    command: [wait, 'db:5432']", "args: [wait, db:5432]"),
        ("    environment: {NAME: db}", "env: {NAME: db}"),
    ] {
        let found = beside(keys);
        assert!(found.contains(expected), "{keys}\n{found}");
    }
}

#[test]
fn images_and_ports_make_the_type() {
    for (service, expected) in [
        ("image: 'ghcr.io/x/a:1', ports: ['80:3000']", "type: web"),
        ("image: 'ghcr.io/x/a:1', expose: [3000]", "type: backend"),
        ("image: 'ghcr.io/x/a:1', expose: [3000], healthcheck: {test: 'curl localhost:3000'}", "type: web"),
        ("image: 'ghcr.io/x/a:1'", "type: worker"),
        ("image: 'ghcr.io/x/a:1', restart: 'no'", "type: job"),
        ("image: 'ghcr.io/x/a:1', deploy: {mode: global}", "type: daemonset"),
        ("image: 'mysql:8', ports: ['3306:3306']", "type: backend"),
        ("image: 'postgis/postgis:16-3.4'", "image: {repository: docker.io/postgis/postgis}\n    version: \"16-3.4\""),
        ("image: 'valkey/valkey:8'", "type: redis"),
        ("image: postgres", "version: \"17\""),
        ("build: ./web, ports: [80]", "image: a:latest    # built from ./web"),
    ] {
        let found = services(&format!("services: {{a: {{{service}}}}}\n"));
        assert!(found.contains(expected), "{service}\n{found}");
    }
}
