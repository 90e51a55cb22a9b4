//! A platform of any size with services of many shapes, the same for the same size.
//!
//! Shapes vary as real ones do: types, number of ports, variables, dependencies, which probes, whether
//! there is a config, an autoscaler, metrics, rights, volumes. A benchmark over one shape would measure the
//! cache. A thousand services make ten thousand objects of every kind that platgen lays out.

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

/// What a service is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Web,
    Backend,
    Worker,
    Postgres,
    Redis,
    CronJob,
    Job,
    DaemonSet,
    Gateway,
    External,
}

/// Of a hundred services eighty answer requests; ten keep data.
fn kind(number: usize) -> Kind {
    match (number % 100, number % 20, number % 25) {
        (_, 9, _) => Kind::Postgres,
        (_, 19, _) => Kind::Redis,
        (_, _, 12) => Kind::Worker,
        (23 | 73, ..) => Kind::CronJob,
        (33, ..) => Kind::Job,
        (43, ..) => Kind::External,
        (63, ..) => Kind::Gateway,
        (83, ..) => Kind::DaemonSet,
        _ if number % 3 == 1 => Kind::Backend,
        _ => Kind::Web,
    }
}

fn name(number: usize) -> String {
    let prefix = match kind(number) {
        Kind::Web | Kind::Backend => "svc",
        Kind::Worker => "worker",
        Kind::Postgres => "db",
        Kind::Redis => "cache",
        Kind::CronJob => "cron",
        Kind::Job => "job",
        Kind::DaemonSet => "agent",
        Kind::Gateway => "gateway",
        Kind::External => "external",
    };
    format!("{prefix}-{number}")
}

/// The service of this number, or the nearest before it that is of these kinds.
fn nearest(number: usize, kinds: &[Kind]) -> usize {
    (0..=number).rev().find(|number| kinds.contains(&kind(*number))).unwrap_or(0)
}

fn overlay(dice: &mut Dice, number: usize, out: &mut String) {
    let name = name(number);
    let roll = dice.roll(200);
    let _ = match kind(number) {
        Kind::Postgres => writeln!(out, "  {name}: {{storage: {}Gi}}", 20 + roll),
        Kind::Redis => writeln!(out, "  {name}: {{resources: {{limits: {{memory: {}Mi}}}}}}", 300 + roll),
        Kind::External => Ok(()),
        Kind::Gateway => writeln!(out, "  {name}: {{timeout: {}ms}}", 1000 + roll),
        _ => writeln!(out, "  {name}: {{image: {{tag: 2.{}.0}}, env: {{LOG_LEVEL: warn}}}}", roll % 30),
    };
}

fn service(dice: &mut Dice, number: usize, out: &mut String) {
    let _ = writeln!(out, "  {}:", name(number));
    match kind(number) {
        Kind::Postgres => database(dice, number, out),
        Kind::Redis => {
            out.push_str("    type: redis\n    version: 7.4-alpine\n");
            if dice.one_in(2) {
                let _ = writeln!(out, "    storage: {}Gi", 1 + dice.roll(9));
            }
        }
        Kind::External => {
            let _ = writeln!(
                out,
                "    type: external\n    host: api-{number}.example.com\n    port: 443\n    cidrs: [198.51.100.0/24]\n    externalName: {}",
                dice.one_in(2)
            );
        }
        Kind::Gateway => gateway(dice, number, out),
        Kind::Web | Kind::Backend => serving(dice, number, out),
        Kind::Worker => {
            let _ = writeln!(out, "    type: worker\n    image: worker-{number}:1.{}.0", dice.roll(20));
            scaling(dice, out);
            contents(dice, number, out);
            rights(dice, out);
            dependencies(dice, number, out);
        }
        batch => {
            let (kind, more) = match batch {
                Kind::CronJob => ("cronjob", format!("    schedule: {} 3 * * *\n", dice.roll(60))),
                Kind::Job => ("job", format!("    completions: {}\n", 1 + dice.roll(3))),
                _ => (
                    "daemonset",
                    "    tolerations: {node-role.kubernetes.io/control-plane: {operator: Exists}}\n".to_owned(),
                ),
            };
            let _ = writeln!(out, "    type: {kind}\n    image: {kind}-{number}:1.{}.0", dice.roll(20));
            out.push_str(&more);
            contents(dice, number, out);
            rights(dice, out);
            dependencies(dice, number, out);
        }
    }
}

fn database(dice: &mut Dice, number: usize, out: &mut String) {
    let _ = writeln!(
        out,
        "    type: postgres\n    version: \"16\"\n    database: {{name: d{number}, user: u{number}}}\n    storage: {}Gi",
        10 + dice.roll(90)
    );
    if dice.one_in(2) {
        let _ = writeln!(out, "    maxConnections: {}", 100 + dice.roll(300));
    }
    if dice.one_in(2) {
        out.push_str("    vpa: {mode: Off}\n");
    }
}

fn gateway(dice: &mut Dice, number: usize, out: &mut String) {
    let _ = writeln!(out, "    type: gateway\n    timeout: {}s\n    routes:", 1 + dice.roll(9));
    for route in 0..2 + dice.roll(6) {
        let target = name(nearest(dice.roll(number as u64) as usize, &[Kind::Web, Kind::Backend]));
        let _ = writeln!(
            out,
            "      r{route}: {{path: \"/api/r{route}/{{id}}\", service: {target}, backendPath: \"/{{id}}\", rateLimit: {}/s}}",
            10 * (1 + dice.roll(20))
        );
    }
}

/// What answers requests: most of a platform.
fn serving(dice: &mut Dice, number: usize, out: &mut String) {
    let backend = kind(number) == Kind::Backend;
    let _ = writeln!(out, "    type: {}", if backend { "backend" } else { "web" });
    let _ = writeln!(out, "    image: svc-{number}:1.{}.{}", dice.roll(20), dice.roll(9));
    let _ = writeln!(out, "    ports:\n      http: {}", 8000 + dice.roll(1000));
    for extra in 0..dice.roll(3) {
        let _ = writeln!(
            out,
            "      extra-{extra}: {{port: {}, targetPort: {}}}",
            9000 + extra * 10 + dice.roll(10),
            7000 + extra
        );
    }
    if !dice.one_in(5) {
        let _ = writeln!(
            out,
            "      metrics: 9999\n    metrics: {{port: metrics, interval: {}s}}",
            15 * (1 + dice.roll(4))
        );
    }
    if backend && !dice.one_in(4) {
        out.push_str("    headless: true\n    runtime: go\n");
    }
    match dice.roll(4) {
        0 => {}
        1 => out.push_str("    probes: {liveness: /livez, readiness: /readyz}\n"),
        2 => out.push_str(
            "    probes: {liveness: /livez, readiness: {httpGet: /readyz, periodSeconds: 5}, startup: /livez}\n",
        ),
        _ => out.push_str("    probes: {readiness: {grpc: {}}, liveness: {grpc: {}, periodSeconds: 30}}\n"),
    }
    scaling(dice, out);
    contents(dice, number, out);
    rights(dice, out);
    if !dice.one_in(4) {
        let _ = writeln!(
            out,
            "    volumes:\n      shared: {{mountPath: /srv/shared, persistentVolumeClaim: {{size: {}Gi, accessModes: [ReadWriteMany]}}}}",
            1 + dice.roll(50)
        );
        if dice.one_in(2) {
            out.push_str(
                "      more: {mountPath: /srv/more, persistentVolumeClaim: {size: 1Gi, accessModes: [ReadWriteMany]}}\n",
            );
        }
    }
    if dice.one_in(6) {
        let _ = writeln!(
            out,
            "    containers:\n      proxy: {{image: docker.io/envoyproxy/envoy:v1.{}.1, probes: {{readiness: {{exec: {{command: [/bin/ready]}}}}}}}}",
            30 + dice.roll(6)
        );
    }
    if dice.one_in(8) {
        let _ = writeln!(out, "    initContainers:\n      migrate: {{image: svc-{number}-migrate:1.0.0, args: [up]}}");
    }
    if !dice.one_in(3) {
        out.push_str("    vpa: {mode: Off, maxAllowed: {memory: 1Gi}}\n");
    }
    if dice.one_in(6) {
        out.push_str("    strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 1}}\n");
    }
    dependencies(dice, number, out);
}

fn scaling(dice: &mut Dice, out: &mut String) {
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
}

/// Variables, files, folders, resources, labels: what anything that runs has.
fn contents(dice: &mut Dice, number: usize, out: &mut String) {
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
}

fn rights(dice: &mut Dice, out: &mut String) {
    if !dice.one_in(6) {
        out.push_str("    rbac: {configmaps: [get, list]}\n");
    }
}

/// What can be called.
const CALLED: &[Kind] = &[Kind::Web, Kind::Backend, Kind::Postgres, Kind::Redis, Kind::External];

/// Only services with smaller numbers are called, so there are no circles.
fn dependencies(dice: &mut Dice, number: usize, out: &mut String) {
    let mut called: Vec<usize> =
        (0..dice.roll(4)).filter(|_| number > 0).map(|_| dice.roll(number as u64) as usize).collect();
    called.iter_mut().for_each(|number| *number = nearest(*number, CALLED));
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
