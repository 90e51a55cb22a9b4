//! The whole way, and each stage's share: `cargo bench --bench platform`.
//!
//! Prints objects, bytes, the hit rate of the skeleton cache and a table of the stages, one after
//! the other, on all threads; then measures the whole compile and the write. With
//! `PLATGEN_BENCH_DIR` set it writes the generated projects there instead, for measuring the whole
//! process from outside.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a bench prints, reads the clock and may stop at what is wrong with it"
)]

mod generator;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use platgen::derive::Derivation;
use platgen::diag::Sink;
use platgen::emit::{self, Format};
use platgen::kinds::Version;
use platgen::load::{Wanted, load, shelf};
use platgen::object::{Object, ObjectSet};
use platgen::pipeline::{Settings, compile};
use platgen::render::{Context, TemplateSource, Templates};
use platgen::source::{Memory, Node, Origins, SourceMap};
use platgen::{resolve, typecheck};
use rayon::prelude::*;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The binary's own: the default allocator takes a fifth longer.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [1, 100, 1000];

/// Runs of which each stage's median is taken.
const RUNS: usize = 21;

const STAGES: [&str; 8] = ["load", "templates", "resolve", "derive", "render", "typecheck", "order", "write"];

fn memory(services: usize) -> Memory {
    generator::project(services).into_iter().fold(Memory::default(), |files, (path, text)| files.with(path, text))
}

/// Takes the time since it was last asked.
struct Watch(Instant);

impl Watch {
    fn lap(&mut self) -> Duration {
        let now = Instant::now();
        now - std::mem::replace(&mut self.0, now)
    }
}

/// How long each stage takes, one after the other. The pipeline derives, renders and checks service
/// by service; here each of the three is done for all services before the next.
fn stages(files: &Memory, wanted: Wanted<'_>) -> [Duration; STAGES.len()] {
    let origins = Origins::default();
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let mut watch = Watch(Instant::now());
    let shelf = shelf(files, &mut sources, &mut sink);
    let texts = shelf.templates.iter();
    let texts = texts.map(|template| TemplateSource {
        trusted: template.builtin,
        ..TemplateSource::new(&template.name, sources.file(template.file))
    });
    let texts: Vec<TemplateSource> = texts.collect();
    let mut project = load(files, shelf, &wanted, false, &origins, &mut sources, &mut sink);
    let loaded = watch.lap();
    let templates = Templates::load(&texts, None, false, true, &mut sink);
    let compiled = watch.lap();
    let layers = resolve::layers(&mut project, &sources, &origins, &mut sink);
    let plan = resolve::plan(&layers, "production", &origins, &mut sink).unwrap();
    let resolved = watch.lap();
    let derivation = Derivation::new(&plan, &origins);
    let services = plan.services.par_iter();
    let facts: Vec<Context> =
        services.map(|service| Context::new(derivation.service(service, &mut Sink::default()).into_names())).collect();
    let derived = watch.lap();
    let trees: Vec<Vec<Node>> = plan
        .services
        .par_iter()
        .zip(&facts)
        .map(|(service, context)| {
            let names = &plan.component(service).templates;
            let render =
                |name: &String| templates.render(name, context, &origins, &mut Sink::default()).unwrap_or_default();
            names.iter().flat_map(render).collect()
        })
        .collect();
    let rendered = watch.lap();
    let check = |tree| typecheck::check(tree, Version::OLDEST, &origins, &mut Sink::default());
    let objects: Vec<Vec<Object>> =
        trees.into_par_iter().map(|trees| trees.into_iter().filter_map(check).collect()).collect();
    let checked = watch.lap();
    let (objects, _) = ObjectSet::of(objects.into_iter().flatten().collect());
    let ordered = watch.lap();
    emit::write(&objects, Format::Yaml, &mut std::io::sink()).unwrap();
    [loaded, compiled, resolved, derived, rendered, checked, ordered, watch.lap()]
}

/// Each stage's median and share.
fn table(files: &Memory, wanted: Wanted<'_>) {
    let runs: Vec<_> = (0..RUNS).map(|_| stages(files, wanted)).collect();
    let medians: Vec<Duration> = (0..STAGES.len())
        .map(|stage| {
            let mut all: Vec<Duration> = runs.iter().map(|run| run[stage]).collect();
            all.sort_unstable();
            all[RUNS / 2]
        })
        .collect();
    let sum: Duration = medians.iter().sum();
    for (name, median) in STAGES.iter().zip(&medians) {
        let share = 100.0 * median.as_secs_f64() / sum.as_secs_f64();
        eprintln!("  {name:<9} {:8.3} ms {share:5.1} %", median.as_secs_f64() * 1e3);
    }
    eprintln!("  {:<9} {:8.3} ms", "sum", sum.as_secs_f64() * 1e3);
}

fn platform(criterion: &mut Criterion) {
    if let Some(folder) = std::env::var_os("PLATGEN_BENCH_DIR") {
        for services in [1, 50, 200, 1000, 10_000] {
            for (path, text) in generator::project(services) {
                let path = std::path::Path::new(&folder).join(services.to_string()).join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
        }
        return;
    }
    let wanted = ["production".to_owned()];
    let settings = Settings { wanted: Wanted::These(&wanted), tracing: false, skeleton_cache: true };
    let mut group = criterion.benchmark_group("platform");
    group.sample_size(20);
    for services in SIZES {
        let files = memory(services);
        let compilation = compile(&files, settings);
        assert!(!compilation.has_errors(), "{:#?}", compilation.diagnostics);
        let objects = &compilation.environments[0].objects;
        let bytes = emit::stream(objects, Format::Yaml).len();
        eprintln!("{services} services: {} objects, {bytes} bytes, {}", objects.len(), compilation.stats);
        table(&files, settings.wanted);
        group.bench_function(BenchmarkId::new("compile", services), |bencher| {
            bencher.iter(|| black_box(compile(&files, settings)));
        });
        group.bench_function(BenchmarkId::new("write", services), |bencher| {
            bencher.iter(|| emit::write(objects, Format::Yaml, &mut std::io::sink()).unwrap());
        });
    }
    group.finish();
}

criterion_group!(benches, platform);
criterion_main!(benches);
