//! Workload W1 end to end, on one core, with 100 accounts; every metric of a normal run is
//! collected.
//!
//! `cargo bench --bench w1` prints attempts a second as criterion's throughput; `cargo bench
//! --bench ratio` tells how near that is to a bare loop.

#[path = "shared/plan.rs"]
mod plan;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use plan::{attempts, w1};
use std::hint::black_box;
use throttlesim::units::Span;

fn bench(criterion: &mut Criterion) {
    let plan = w1(100, Span::from_secs(250));
    let mut group = criterion.benchmark_group("w1");
    group.throughput(Throughput::Elements(attempts(&plan)));
    group.sample_size(10);
    group.bench_function("300 000 arrivals", |bencher| {
        bencher.iter(|| attempts(black_box(&plan)));
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
