//! The reader in bytes per second and the writer per object, on the shapes they meet most: a long
//! inventory, and a Deployment of 2.4 kB.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use platgen::source::Node;
use platgen::yaml::{Budget, Nowhere, parse, write_json, write_yaml};
use std::fmt::Write as _;
use std::hint::black_box;

fn read(text: &str) -> Vec<Node> {
    parse(text, &mut Nowhere, Budget::of_text(text.len())).documents
}

fn inventory(services: usize) -> String {
    let mut text = "services:\n".to_owned();
    for number in 0..services {
        let _ = write!(
            text,
            "  svc-{number}:\n    type: backend\n    image: registry.example/team/app-{number}:1.4.{number}\n    \
             replicas: {}\n    ports:\n      - name: http\n        port: 8080\n      - {{ name: metrics, port: 9090 }}\n    \
             env:\n      LOG_LEVEL: info\n      DATABASE_URL: \"postgres://db-{number}:5432/app\"\n      FEATURE: 'on'\n    \
             resources:\n      requests: {{cpu: 100m, memory: 128Mi}}\n      limits: {{memory: 256Mi}}\n    \
             description: |\n      A service of the platform,\n      number {number}.\n",
            number % 5 + 1
        );
    }
    text
}

const DEPLOYMENT: &str = include_str!("deployment.yaml");

fn yaml(c: &mut Criterion) {
    let mut group = c.benchmark_group("read");
    for (name, text) in [("deployment", DEPLOYMENT.to_owned()), ("inventory of 5000 services", inventory(5000))] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| read(black_box(&text))));
    }
    group.finish();

    let mut group = c.benchmark_group("write");
    let documents = read(DEPLOYMENT);
    let mut out = String::with_capacity(1 << 16);
    group.throughput(Throughput::Bytes(DEPLOYMENT.len() as u64));
    for (name, write) in [
        ("yaml", write_yaml as fn(&Node, &mut String)),
        ("json", |node, out| write_json(node, out, false)),
        ("json, indented", |node, out| write_json(node, out, true)),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                out.clear();
                for node in &documents {
                    write(black_box(node), &mut out);
                }
                out.len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, yaml);
criterion_main!(benches);
