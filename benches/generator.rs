//! A platform of any size with services of many shapes, the same for the same size.
//!
//! Shapes vary as real ones do: number of ports, variables, dependencies, which probes, whether
//! there is a config, an autoscaler, metrics. A benchmark over one shape would measure the cache.

use std::fmt::Write as _;

/// Knuth's multiplicative congruential generator (MMIX): small, and the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

/// Services in one file, as teams keep them.
const PER_FILE: usize = 20;

/// Path and text of every file of a project with so many services.
pub fn project(services: usize) -> Vec<(String, String)> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut files = vec![(
        "base/platform.yaml".to_owned(),
        "platform:\n  name: shop\n  owner: team-shop@example.com\n  registry: ghcr.io/acme\n  monitoring: {labels: {release: prometheus}}\n\
         defaults:\n  resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}\n"
            .to_owned(),
    )];
    let mut production = String::from("platform: {namespace: shop-production}\nservices:\n");
    for first in (0..services).step_by(PER_FILE) {
        let mut text = String::from("services:\n");
        for number in first..services.min(first + PER_FILE) {
            service(&mut dice, number, &mut text);
            if dice.one_in(3) {
                overlay(&mut dice, number, &mut production);
            }
        }
        files.push((format!("base/services/team-{:03}.yaml", first / PER_FILE), text));
    }
    if production.ends_with("services:\n") {
        production.truncate(production.len() - "services:\n".len());
    }
    files.push(("overlays/production/overlay.yaml".to_owned(), production));
    files
}

/// Every tenth service is a database.
fn is_database(number: usize) -> bool {
    number % 10 == 9
}

fn name(number: usize) -> String {
    if is_database(number) { format!("db-{number}") } else { format!("svc-{number}") }
}

fn overlay(dice: &mut Dice, number: usize, out: &mut String) {
    let name = name(number);
    let _ = if is_database(number) {
        writeln!(out, "  {name}: {{storage: {}Gi}}", 20 + dice.roll(200))
    } else {
        writeln!(out, "  {name}: {{image: {{tag: 2.{}.0}}, env: {{LOG_LEVEL: warn}}}}", dice.roll(30))
    };
}

fn service(dice: &mut Dice, number: usize, out: &mut String) {
    let _ = writeln!(out, "  {}:", name(number));
    if is_database(number) {
        let _ = writeln!(
            out,
            "    type: postgres\n    version: \"16\"\n    database: {{name: d{number}, user: u{number}}}\n    storage: {}Gi",
            10 + dice.roll(90)
        );
        if dice.one_in(2) {
            let _ = writeln!(out, "    maxConnections: {}", 100 + dice.roll(300));
        }
        return;
    }
    let _ = writeln!(out, "    type: web\n    image: svc-{number}:1.{}.{}", dice.roll(20), dice.roll(9));
    let _ = writeln!(out, "    ports:\n      http: {}", 8000 + dice.roll(1000));
    for extra in 0..dice.roll(3) {
        let _ = writeln!(
            out,
            "      extra-{extra}: {{port: {}, targetPort: {}}}",
            9000 + extra * 10 + dice.roll(10),
            7000 + extra
        );
    }
    let metrics = !dice.one_in(5);
    if metrics {
        let _ = writeln!(
            out,
            "      metrics: 9999\n    metrics: {{port: metrics, interval: {}s}}",
            15 * (1 + dice.roll(4))
        );
    }
    match dice.roll(4) {
        0 => {}
        1 => out.push_str("    probes: {liveness: /livez, readiness: /readyz}\n"),
        2 => out.push_str(
            "    probes: {liveness: /livez, readiness: {httpGet: /readyz, periodSeconds: 5}, startup: /livez}\n",
        ),
        _ => out.push_str("    probes: {readiness: {grpc: {}}, liveness: {grpc: {}, periodSeconds: 30}}\n"),
    }
    match dice.roll(5) {
        0 => {}
        1 => {
            let _ = writeln!(out, "    replicas: {}", 1 + dice.roll(6));
        }
        _ => {
            let _ = writeln!(
                out,
                "    autoscaling: {{minReplicas: {}, maxReplicas: {}, cpu: {}}}",
                2 + dice.roll(3),
                6 + dice.roll(20),
                60 + dice.roll(30)
            );
        }
    }
    let variables = dice.roll(14);
    if variables > 0 {
        out.push_str("    env:\n      LOG_LEVEL: info\n");
        for variable in 1..variables {
            let _ = writeln!(out, "      SETTING_{variable}: \"value {} of service {number}\"", dice.roll(1000));
        }
    }
    if !dice.one_in(5) {
        out.push_str("    config:\n      mountPath: /etc/app\n      data:\n        app.yaml: |\n");
        for line in 0..3 + dice.roll(20) {
            let _ = writeln!(out, "          key{line}: {}", dice.roll(10_000));
        }
    }
    if dice.one_in(2) {
        out.push_str("    emptyDirs: {tmp: {mountPath: /tmp, sizeLimit: 64Mi}}\n");
    }
    if dice.one_in(4) {
        let _ = writeln!(
            out,
            "    resources: {{requests: {{cpu: {}m}}, limits: {{memory: {}Mi}}}}",
            50 + dice.roll(900),
            256 + dice.roll(1024)
        );
    }
    if dice.one_in(5) {
        let _ = writeln!(
            out,
            "    labels: {{team: team-{}}}\n    annotations: {{example.com/contact: \"team {0} <t{0}@example.com>\"}}",
            dice.roll(20)
        );
    }
    if dice.one_in(6) {
        out.push_str("    strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}\n");
    }
    dependencies(dice, number, out);
}

/// Only services with smaller numbers are called, so there are no circles.
fn dependencies(dice: &mut Dice, number: usize, out: &mut String) {
    let mut called: Vec<usize> =
        (0..dice.roll(4)).filter(|_| number > 0).map(|_| dice.roll(number as u64) as usize).collect();
    called.sort_unstable();
    called.dedup();
    if called.is_empty() {
        return;
    }
    out.push_str("    dependsOn:\n");
    for target in called {
        let _ = writeln!(out, "      {}: {{env: {{URL_{target}: url}}}}", name(target));
    }
}
