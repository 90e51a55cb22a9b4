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

/// What is said of a service `a` with these keys.
fn said(keys: &str) -> Vec<(String, String)> {
    let text = format!("services:\n  a:\n    image: ghcr.io/x/a:1\n    ports: [8000]\n{keys}\n");
    let imported = compose(&Memory::default().with("c.yaml", text.as_str()), "c.yaml", "shop", Form::Project);
    let said = imported.diagnostics.iter().map(|one| {
        let place = one.labels.first().map(|label| imported.sources.slice(label.span).to_owned()).unwrap_or_default();
        (one.message.clone(), place)
    });
    said.collect()
}

#[test]
fn a_variable_without_a_value_is_left_out_and_said() {
    for (keys, place) in [
        ("    environment: [KEEP=1, GONE]", "GONE"),
        ("    environment: {KEEP: 1, GONE: }", "GONE"),
        ("    environment: {KEEP: 1, GONE: null}", "GONE"),
    ] {
        let found = beside(keys);
        assert!(found.contains("env: {KEEP: \"1\"}"), "{keys}\n{found}");
        let said = said(keys);
        let left = "`GONE` has no value and is set nowhere: it was left out, as Compose does";
        assert!(said.contains(&(left.to_owned(), place.to_owned())), "{keys}\n{said:#?}");
    }
    // An empty text is one, and a credential is named, whoever knows its value.
    let found = beside("    environment: [EMPTY=, API_TOKEN]");
    assert!(found.contains("env: {EMPTY: \"\"}\n    secrets: {API_TOKEN: {}}"), "{found}");
    // What is left out hides what an earlier file says.
    let files = Memory::default()
        .with("c.yaml", "services: {a: {image: 'x:1', env_file: e, environment: [A, B]}}\n")
        .with("e", "A=1\nC=3\nD\n")
        .with(".env", "B=2\n");
    let imported = compose(&files, "c.yaml", "shop", Form::Single);
    let (_, text) = &imported.files[0];
    assert!(text.contains("env: {C: \"3\", B: \"2\"}"), "{text}");
}

#[test]
fn one_value_is_one_secret_under_every_name() {
    let all = |keys: &str| services(&format!("services:\n{keys}"));
    let db = "  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: Hunter22}}\n";
    for (keys, expected) in [
        // Another name, even one that tells nothing.
        (
            "  a: {image: 'x/a:1', environment: {REDIS_AUTH: Hunter22}}\n",
            "secrets: {REDIS_AUTH: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        (
            "  a: {image: 'x/a:1', environment: {ADMIN_PASSWORD: Hunter22}}\n",
            "secrets: {ADMIN_PASSWORD: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        // URLs of others, outside and in the file.
        (
            "  a: {image: 'x/a:1', environment: {U: 'https://u:Hunter22@x.example.com/'}}\n",
            "env: {U: https://u:$(U_PASSWORD)@x.example.com/}\n    secrets: {U_PASSWORD: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        (
            "  a: {image: 'x/a:1', environment: {U: 'amqp://u:Hunter22@q:5672/v'}}\n  q: {image: 'rabbitmq:3'}\n",
            "env: {U: amqp://u:$(U_PASSWORD)@q:5672/v}\n    secrets: {U_PASSWORD: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        (
            "  a: {image: 'x/a:1', environment: {SENTRY_DSN: 'https://examplePublicKey@o1.ingest.sentry.io/42', X: Hunter22}}\n",
            "secrets: {SENTRY_DSN: {}, X: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        // Texts.
        (
            "  a: {image: 'x/a:1', environment: {U: 'jdbc:mysql://y.example.com/d?user=a&password=Hunter22'}}\n",
            "password=$(U_PASSWORD)}\n    secrets: {U_PASSWORD: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        // One variable for all texts of a service, and its own where it has one.
        (
            "  a: {image: 'x/a:1', environment: {U: 'p=Hunter22', V: 'q=Hunter22'}}\n",
            "env: {U: p=$(U_PASSWORD), V: q=$(U_PASSWORD)}",
        ),
        (
            "  a: {image: 'x/a:1', environment: {DB_PASS: Hunter22, U: 'p=Hunter22'}}\n",
            "env: {U: p=$(DB_PASS)}\n    secrets: {DB_PASS: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        // Commands.
        (
            "  a: {image: 'x/a:1', command: [serve, '--x', 'Hunter22']}\n",
            "args: [serve, --x, $(PASSWORD)]\n    replicas: 1\n    secrets: {PASSWORD: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
        (
            "  a: {image: 'x/a:1', command: mysqladmin ping -pHunter22}\n",
            "args: [mysqladmin, ping, -p$(MYSQL_PASSWORD)]\n    replicas: 1\n    secrets: {MYSQL_PASSWORD: {secret: db, key: POSTGRES_PASSWORD}}",
        ),
    ] {
        for found in [all(&format!("{db}{keys}")), all(&format!("{keys}{db}"))] {
            assert!(found.contains(expected) && !found.contains("Hunter22"), "{keys}\n{found}");
        }
    }
    // Without a database, whoever is first holds it, and a second name of the same service is a second name.
    let found = all(
        "  a: {image: 'x/a:1', environment: {API_TOKEN: tok3n-abc, B: tok3n-abc}}\n  c: {image: 'x/c:1', environment: {C: tok3n-abc}}\n",
    );
    for expected in ["secrets: {API_TOKEN: {}, B: {key: API_TOKEN}}", "secrets: {C: {secret: a, key: API_TOKEN}}"] {
        assert!(found.contains(expected), "{found}");
    }
    // Who has it under a telling name holds it, wherever it stands.
    let found = all(
        "  c: {image: 'x/c:1', environment: {C: tok3n-abc}}\n  a: {image: 'x/a:1', environment: {API_TOKEN: tok3n-abc}}\n",
    );
    for expected in ["secrets: {C: {secret: a, key: API_TOKEN}}", "secrets: {API_TOKEN: {}}"] {
        assert!(found.contains(expected), "{found}");
    }
    // The same variable of the shell is the same value.
    let found = all(
        "  a: {image: 'x/a:1', environment: {A_PASSWORD: '${PW}'}}\n  c: {image: 'x/c:1', environment: {C_PASSWORD: '${PW:?set it}'}}\n",
    );
    assert!(found.contains("secrets: {C_PASSWORD: {secret: a, key: A_PASSWORD}}"), "{found}");
    // A word is a password at one place, and a word at others.
    let found = all(
        "  db: {image: 'postgres:16', environment: {POSTGRES_PASSWORD: postgres}}\n  a: {image: 'x/a:1', environment: {DRIVER: postgres, OPTS: use postgres, OTHER_PASSWORD: postgres}}\n",
    );
    assert!(
        found.contains("env: {DRIVER: postgres, OPTS: use postgres}\n    secrets: {OTHER_PASSWORD: {}}"),
        "{found}"
    );
}

#[test]
fn images_of_a_registry_with_a_port_are_images_and_illegal_names_are_refused() {
    let found = services("services: {a: {image: 'registry:5000/a'}}\n");
    assert!(found.contains("image: registry:5000/a\n"), "{found}");
    for (image, reason) in [
        ("Acme/web", "a repository holds lower-case letters, digits, `-`, `_`, `.` and `/`"),
        ("acme//web", "a repository has no empty part between two `/`"),
        ("acme/web:", "a tag holds up to 128 letters, digits, `-`, `_` and `.`"),
        ("registry:70000/a", "a registry's port is a number from 1 to 65535"),
        ("a@sha256:12", "a digest is `sha256:` and 64 hexadecimal digits"),
    ] {
        let text = format!("services:\n  a:\n    image: '{image}'\n");
        let imported = compose(&Memory::default().with("c.yaml", text.as_str()), "c.yaml", "shop", Form::Project);
        assert!(imported.failed() && imported.files.is_empty(), "{image}");
        let one = &imported.diagnostics[0];
        assert_eq!(one.message, format!("this is no image's name: {reason}"));
        assert_eq!(imported.sources.slice(one.labels[0].span), format!("'{image}'"));
    }
}

#[test]
fn a_service_that_is_switched_off_stays_so() {
    let off = "services: {a: {image: 'x/a:1', volumes: ['d:/d'], deploy: {replicas: 0}}}\nvolumes: {d: {}}\n";
    let found = services(off);
    assert!(found.contains("replicas: 0\n    strategy: {type: Recreate}"), "{found}");
    assert!(services(&off.replace("replicas: 0", "replicas: 3")).contains("replicas: 1\n"));
}

#[test]
fn a_reservation_above_its_limit_is_lowered_and_said() {
    let keys = |reserved: &str| {
        format!("    deploy: {{resources: {{limits: {{cpus: 0.5, memory: 64m}}, reservations: {{{reserved}}}}}}}")
    };
    for (reserved, what, place) in [("cpus: 2", "processors", "2"), ("memory: 1g", "memory", "1g")] {
        let message =
            format!("a reservation of {what} above its limit was lowered to the limit: Kubernetes refuses it");
        let all = said(&keys(reserved));
        assert!(all.contains(&(message, place.to_owned())), "{all:#?}");
    }
    let found = beside(&keys("cpus: 2, memory: 1g"));
    assert!(found.contains("requests: {cpu: 500m, memory: 64Mi}"), "{found}");
    let fine = said(&keys("cpus: 0.25, memory: 64m"));
    assert!(fine.iter().all(|(message, _)| !message.contains("above")), "{fine:#?}");
    let older = said("    mem_limit: 64m\n    mem_reservation: 128m");
    assert!(older.iter().any(|(message, place)| message.contains("of memory above") && place == "128m"), "{older:#?}");
}
