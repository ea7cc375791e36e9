//! The engine without a window: open, evaluate, derive, export, one edit, one question while dragging.

use std::cell::LazyCell;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use billfold::editor::{Destination, EditCommand, Editor, derive};
use billfold::formats::{self, ExportOptions, meshery};
use billfold::model::{ComponentKind, FieldPath, IdSeed, Value, ids::name_uuid};
use billfold::policy::{self, Candidate};
use billfold::registry::Registry;
use billfold::yaml::Format;
use criterion::BenchmarkId;

use crate::cpu_time::CpuTime;
use crate::{Bench, SIZES, designs};

/// The size for which `policy.md` gives goals, beside the usual ones.
const HUGE: usize = 100_000;

pub(crate) fn bench(criterion: &mut Bench) {
    whole(criterion);
    one(criterion);
}

/// What runs over a whole design. Designs are made only for what was asked for: the large ones take a while.
fn whole(criterion: &mut Bench) {
    let registry = Registry::builtin();
    let mut group = criterion.benchmark_group("open");
    for size in SIZES {
        let text = LazyCell::new(|| meshery::write(&designs::evaluated(size), Format::Yaml));
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let text = text.as_bytes();
            it.iter(|| formats::open(black_box(text)).unwrap());
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("save");
    for size in SIZES {
        let design = LazyCell::new(|| designs::evaluated(size));
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let design = &*design;
            it.iter(|| meshery::write(black_box(design), Format::Yaml));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("first evaluation");
    for size in SIZES {
        let design = LazyCell::new(|| designs::design(size));
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let design = &*design;
            it.iter(|| policy::evaluated(black_box(design), &registry, false));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("evaluation");
    for size in SIZES.into_iter().chain([HUGE]) {
        let design = LazyCell::new(|| designs::evaluated(size));
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let design = &*design;
            it.iter(|| policy::evaluated(black_box(design), &registry, false));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("derive");
    for size in SIZES {
        let editor = LazyCell::new(|| Editor::open(designs::evaluated(size), Arc::clone(&registry)));
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let input = editor.derive_input();
            it.iter(|| derive(black_box(&input)));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("export");
    for size in SIZES {
        let derived = LazyCell::new(|| {
            let editor = Editor::open(designs::evaluated(size), Arc::clone(&registry));
            derive(&editor.derive_input())
        });
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let derived = &*derived;
            let options = ExportOptions { with_secrets: false };
            it.iter(|| {
                formats::export(black_box(&derived.design), &registry, &derived.diagnostics, options).text()
            });
        });
    }
    group.finish();
}

/// One gesture in a design, without what follows from it off the window's thread.
fn one(criterion: &mut Bench) {
    let registry = Registry::builtin();
    for size in SIZES.into_iter().chain([HUGE]) {
        let mut editor = LazyCell::new(|| {
            let mut editor = Editor::open(designs::evaluated(size), Arc::clone(&registry));
            editor.start_as_new();
            editor
        });
        criterion.benchmark_group("set a field").bench_function(BenchmarkId::from_parameter(size), |it| {
            let editor = LazyCell::force_mut(&mut editor);
            let edit = EditCommand::SetField {
                id: designs::first(editor.design(), &ComponentKind::WASM_FILTER),
                path: FieldPath::keys(&["configuration", "wasmFilter"]),
                value: Value::from("oci://reg.example.com/filters/other:1.0"),
            };
            it.iter_custom(|times| gestures(editor, &edit, times));
        });
        criterion.benchmark_group("drop a filter").bench_function(BenchmarkId::from_parameter(size), |it| {
            let editor = LazyCell::force_mut(&mut editor);
            let wallet = designs::first(editor.design(), &ComponentKind::WASM_PLUGIN);
            let edit = EditCommand::AddComponent {
                kind: ComponentKind::WASM_FILTER,
                destination: Destination::Wallet { wallet, place: 0 },
                seed: IdSeed(name_uuid("dropped")),
            };
            it.iter_custom(|times| gestures(editor, &edit, times));
        });
        criterion.benchmark_group("delete a plugin").bench_function(
            BenchmarkId::from_parameter(size),
            |it| {
                let editor = LazyCell::force_mut(&mut editor);
                let ids = vec![designs::first(editor.design(), &ComponentKind::WASM_PLUGIN)];
                let edit = EditCommand::Delete { ids, keep_filters: false };
                it.iter_custom(|times| gestures(editor, &edit, times));
            },
        );
        criterion.benchmark_group("undo a delete").bench_function(BenchmarkId::from_parameter(size), |it| {
            let editor = LazyCell::force_mut(&mut editor);
            let ids = vec![designs::first(editor.design(), &ComponentKind::WASM_PLUGIN)];
            let edit = EditCommand::Delete { ids, keep_filters: false };
            it.iter_custom(|times| undone(editor, &edit, times));
        });
        criterion.benchmark_group("may drop").bench_function(BenchmarkId::from_parameter(size), |it| {
            let design = editor.design();
            let plugin = designs::first(design, &ComponentKind::WASM_PLUGIN);
            it.iter(|| {
                let candidate = Candidate::New(&ComponentKind::WASM_FILTER);
                policy::can_contain(black_box(design), &registry, candidate, plugin)
            });
        });
    }
}

/// CPU time of so many times the same gesture; each is undone outside of the time.
fn gestures(editor: &mut Editor, edit: &EditCommand, times: u64) -> Duration {
    let mut spent = Duration::ZERO;
    for _ in 0..times {
        let start = CpuTime::now();
        editor.apply(edit.clone()).unwrap();
        spent += CpuTime::now().saturating_sub(start);
        editor.undo().unwrap();
    }
    spent
}

/// CPU time of so many times taking the same gesture back.
fn undone(editor: &mut Editor, edit: &EditCommand, times: u64) -> Duration {
    let mut spent = Duration::ZERO;
    for _ in 0..times {
        editor.apply(edit.clone()).unwrap();
        let start = CpuTime::now();
        editor.undo().unwrap();
        spent += CpuTime::now().saturating_sub(start);
    }
    spent
}
