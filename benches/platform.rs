//! The whole way, and each stage's share: `cargo bench --bench platform`.
//!
//! Prints objects, bytes and the hit rate of the skeleton cache first. With `PLATGEN_BENCH_DIR` set
//! it writes the generated projects there instead, for measuring the whole process from outside.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a bench writes its input and tells what it measured"
)]

mod generator;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use platgen::diag::Sink;
use platgen::emit::{Format, stream};
use platgen::load::{Wanted, load};
use platgen::pipeline::{Settings, compile};
use platgen::source::{Memory, Origins, SourceMap};
use std::hint::black_box;

const SIZES: [usize; 3] = [1, 100, 1000];

fn memory(services: usize) -> Memory {
    generator::project(services).into_iter().fold(Memory::default(), |files, (path, text)| files.with(path, text))
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
        let bytes = stream(objects, Format::Yaml).len();
        eprintln!("{services} services: {} objects, {bytes} bytes, {}", objects.len(), compilation.stats);
        group.bench_function(BenchmarkId::new("load", services), |bencher| {
            bencher.iter(|| {
                let (origins, mut sources, mut sink) = (Origins::default(), SourceMap::default(), Sink::default());
                black_box(load(&files, &settings.wanted, &origins, &mut sources, &mut sink))
            });
        });
        group.bench_function(BenchmarkId::new("compile", services), |bencher| {
            bencher.iter(|| black_box(compile(&files, settings)));
        });
        group.bench_function(BenchmarkId::new("write", services), |bencher| {
            bencher.iter(|| black_box(stream(objects, Format::Yaml)));
        });
    }
    group.finish();
}

criterion_group!(benches, platform);
criterion_main!(benches);
