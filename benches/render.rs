//! One Deployment of 2.4 kB from its template: where every render has the same shape, where each has
//! one of many, and what it costs without the skeletons of earlier renders.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use platgen::diag::Sink;
use platgen::render::{Context, TemplateSource, Templates};
use platgen::source::{FileId, Map, Node, OriginId, Origins, SourceKind, SourceMap};
use platgen::yaml;
use std::hint::black_box;

const NAME: &str = "web/deployment.yaml.j2";

struct Setup {
    templates: Templates,
    contexts: Vec<Context>,
    origins: Origins,
}

/// `shapes` contexts that differ in how many ports their service has.
fn setup(shapes: usize, tracing: bool, cache: bool) -> Setup {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let origins = Origins::new(tracing);
    let mut add = |name: &str, text: &str, kind| sources.add(name, text, kind).unwrap_or(FileId(0));
    let template = add(NAME, include_str!("deployment.yaml.j2"), SourceKind::Template);
    let context = add("context.yaml", include_str!("context.yaml"), SourceKind::Inventory);
    let nodes = yaml::read(&sources, context, &origins, &mut sink);
    let template = TemplateSource::new(NAME, sources.file(template));
    let templates = Templates::load(&[template], None, tracing, cache, &mut sink);
    assert!(sink.is_empty(), "{sink:?}");
    let contexts = (0..shapes).map(|shape| Context::new(with_ports(&nodes[0], shape + 1))).collect();
    Setup { templates, contexts, origins }
}

fn with_ports(names: &Node, ports: usize) -> Map {
    let mut names = names.as_map().cloned().unwrap_or_default();
    let list = names.get_mut("service").and_then(Node::as_map_mut).and_then(|service| service.get_mut("ports"));
    if let Some(list) = list {
        let first = list.as_list().and_then(|items| items.first()).cloned();
        *list = Node::list(first.into_iter().cycle().take(ports).collect(), OriginId::NONE);
    }
    names
}

impl Setup {
    fn render(&self, number: usize) -> Vec<Node> {
        let mut sink = Sink::default();
        let context = &self.contexts[number % self.contexts.len()];
        let nodes = self.templates.render(NAME, black_box(context), &self.origins, &mut sink).unwrap_or_default();
        assert!(sink.is_empty() && nodes.len() == 1, "{sink:?}");
        nodes
    }
}

fn render(c: &mut Criterion) {
    let mut group = c.benchmark_group("render");
    for (name, shapes, cache) in [("one shape", 1, true), ("40 shapes", 40, true), ("no cache", 1, false)] {
        let setup = setup(shapes, false, cache);
        let mut number = 0;
        group.bench_function(name, |b| {
            b.iter(|| {
                number += 1;
                setup.render(number)
            });
        });
        let stats = setup.templates.stats();
        assert!(!cache || stats.values().all(|stats| stats.misses <= shapes as u64), "{stats:?}");
    }
    // The log's histories pile up in the arena: a fresh one now and then, as each `explain` has.
    group.bench_function("traced", |b| {
        b.iter_batched(|| setup(1, true, true), |setup| setup.render(0), BatchSize::LargeInput);
    });
    group.bench_function("load", |b| b.iter(|| setup(1, false, true)));
    group.finish();
}

criterion_group!(benches, render);
criterion_main!(benches);
