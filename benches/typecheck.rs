//! How long the proof of one object takes.

#![expect(clippy::expect_used, reason = "a bench whose input is broken has nothing to measure")]

use criterion::{Criterion, criterion_group, criterion_main};
use platgen::diag::Sink;
use platgen::kinds::Version;
use platgen::source::{Key, Map, Node, OriginId, Origins, Value};
use platgen::typecheck::check;
use std::hint::black_box;

fn node(value: &serde_yaml::Value) -> Node {
    let none = OriginId::NONE;
    let value = match value {
        serde_yaml::Value::Null | serde_yaml::Value::Tagged(_) => Value::Null,
        serde_yaml::Value::Bool(value) => Value::Bool(*value),
        serde_yaml::Value::Number(number) => {
            number.as_i64().map_or_else(|| Value::Float(number.as_f64().unwrap_or_default()), Value::Int)
        }
        serde_yaml::Value::String(text) => Value::String(text.as_str().into()),
        serde_yaml::Value::Sequence(items) => return Node::list(items.iter().map(node).collect(), none),
        serde_yaml::Value::Mapping(entries) => {
            let mut map = Map::default();
            for (key, value) in entries {
                map.push(Key::new(key.as_str().unwrap_or_default(), none), node(value));
            }
            return Node::map(map, none);
        }
    };
    Node::new(value, none)
}

fn proofs(criterion: &mut Criterion) {
    let origins = Origins::default();
    // An ordinary Deployment, 78 lines of YAML, and one small object of each kind.
    let whole = [include_str!("deployment.yaml")];
    let texts = whole.into_iter().chain(include_str!("../src/kinds/tests/valid.yaml").split("\n---\n"));
    for (number, text) in texts.enumerate() {
        let tree = serde_yaml::from_str(text).map(|value| node(&value)).expect("the objects are YAML");
        let kind = tree.get("kind").and_then(Node::as_str).unwrap_or_default().to_owned();
        criterion.bench_function(&format!("typecheck/{number}-{kind}"), |bencher| {
            bencher.iter(|| {
                let mut sink = Sink::default();
                black_box(check(black_box(tree.clone()), Version::OLDEST, &origins, &mut sink))
            });
        });
    }
}

criterion_group!(benches, proofs);
criterion_main!(benches);
