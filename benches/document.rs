//! The engine without a window: open, evaluate, derive, export, one edit, one question while dragging.

use std::cell::LazyCell;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use billfold::editor::{Destination, EditCommand, Editor, derive};
use billfold::formats::{self, ExportOptions, meshery};
use billfold::model::{ComponentKind, Design, FieldPath, IdSeed, Value, ids::name_uuid};
use billfold::policy::{self, Candidate};
use billfold::registry::Registry;
use billfold::validate;
use billfold::yaml::Format;
use criterion::{BatchSize, Bencher, BenchmarkId};

use crate::cpu_time::CpuTime;
use crate::{Bench, SIZES, designs};

/// The size for which `policy.md` gives goals, beside the usual ones.
const HUGE: usize = 100_000;

/// So many definitions of others are loaded beside the built-in ones.
const MANY: usize = 500;

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

    evaluations(criterion);

    let mut group = criterion.benchmark_group("derive");
    for size in SIZES {
        let editor = LazyCell::new(|| Editor::open(designs::evaluated(size), Arc::clone(&registry)));
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let input = editor.derive_input();
            it.iter(|| derive(black_box(&input)));
        });
    }
    group.finish();

    // What a change of one field costs while somebody types, checks included.
    let mut group = criterion.benchmark_group("check after an edit");
    for size in SIZES {
        let edited = LazyCell::new(|| {
            let mut editor = Editor::open(designs::evaluated(size), Arc::clone(&registry));
            let before = Arc::new(derive(&editor.derive_input()));
            let plugin = editor.design().of_kind(&ComponentKind::WASM_PLUGIN).next().unwrap().id();
            let path = FieldPath::keys(&["configuration", "spec", "priority"]);
            editor.apply(EditCommand::SetField { id: plugin, path, value: Value::from(7) }).unwrap();
            (derive(&editor.derive_input()), before)
        });
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let (after, before) = &*edited;
            let taken = validate::Before {
                design: &before.design,
                effective: &before.effective,
                report: &before.report,
            };
            it.iter(|| {
                validate::check(black_box(&validate::Input {
                    before: Some(taken),
                    ..validate::Input::new(&after.design, &registry, &after.effective)
                }))
            });
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

/// What is measured, the designs for it, whether many definitions are loaded, whether it identifies.
type Case = (&'static str, fn(usize) -> Design, bool, bool);

/// Evaluations of whole designs, with the built-in definitions alone and with many more.
fn evaluations(criterion: &mut Bench) {
    let builtin = Registry::builtin();
    let many = LazyCell::new(|| designs::registry_with(MANY));
    let cases: [Case; 7] = [
        ("first evaluation", designs::design, false, false),
        ("evaluation", designs::evaluated, false, false),
        ("evaluation, 500 definitions", designs::evaluated, true, false),
        ("evaluation and identification", designs::evaluated, false, true),
        ("evaluation and identification, 500 definitions", designs::evaluated, true, true),
        ("identification of all", designs::torn, false, true),
        ("identification of all, 500 definitions", designs::torn, true, true),
    ];
    for (name, make, has_many, identify) in cases {
        let mut group = criterion.benchmark_group(name);
        for size in SIZES.into_iter().chain([HUGE]) {
            let design = LazyCell::new(|| make(size));
            group.bench_function(BenchmarkId::from_parameter(size), |it| {
                let (design, registry) = (&*design, if has_many { &*many } else { &builtin });
                it.iter(|| policy::evaluated(black_box(design), registry, identify));
            });
        }
        group.finish();
    }

    // Nothing has been worked out about any component yet.
    let mut group = criterion.benchmark_group("evaluation on opening");
    for size in SIZES.into_iter().chain([HUGE]) {
        let tree = LazyCell::new(|| designs::evaluated(size).to_tree());
        group.bench_function(BenchmarkId::from_parameter(size), |it| {
            let read = || Design::from_tree(tree.clone());
            let evaluate = |design: &mut Design| policy::evaluated(black_box(design), &builtin, true);
            it.iter_batched_ref(read, evaluate, BatchSize::PerIteration);
        });
    }
    group.finish();
}

/// One gesture in a design, without what follows from it off the window's thread.
fn one(criterion: &mut Bench) {
    for (definitions, registry) in
        [("", Registry::builtin()), (", 500 definitions", designs::registry_with(MANY))]
    {
        let mut bench = |name: &str, size: usize, bench: &mut dyn FnMut(&mut Bencher<'_, CpuTime>)| {
            let mut group = criterion.benchmark_group(format!("{name}{definitions}"));
            group.bench_function(BenchmarkId::from_parameter(size), |it| bench(it));
        };
        for size in SIZES.into_iter().chain([HUGE]) {
            let mut editor = LazyCell::new(|| {
                let mut editor = Editor::open(designs::evaluated(size), Arc::clone(&registry));
                editor.start_as_new();
                editor
            });
            bench("set a field", size, &mut |it| {
                let editor = LazyCell::force_mut(&mut editor);
                let edit = EditCommand::SetField {
                    id: designs::first(editor.design(), &ComponentKind::WASM_FILTER),
                    path: FieldPath::keys(&["configuration", "wasmFilter"]),
                    value: Value::from("oci://reg.example.com/filters/other:1.0"),
                };
                it.iter_custom(|times| gestures(editor, &edit, times));
            });
            bench("drop a filter", size, &mut |it| {
                let editor = LazyCell::force_mut(&mut editor);
                let wallet = designs::first(editor.design(), &ComponentKind::WASM_PLUGIN);
                let edit = EditCommand::AddComponent {
                    kind: ComponentKind::WASM_FILTER,
                    destination: Destination::Wallet { wallet, place: 0 },
                    seed: IdSeed(name_uuid("dropped")),
                };
                it.iter_custom(|times| gestures(editor, &edit, times));
            });
            bench("delete a plugin", size, &mut |it| {
                let editor = LazyCell::force_mut(&mut editor);
                let ids = vec![designs::first(editor.design(), &ComponentKind::WASM_PLUGIN)];
                let edit = EditCommand::Delete { ids, keep_filters: false };
                it.iter_custom(|times| gestures(editor, &edit, times));
            });
            bench("undo a delete", size, &mut |it| {
                let editor = LazyCell::force_mut(&mut editor);
                let ids = vec![designs::first(editor.design(), &ComponentKind::WASM_PLUGIN)];
                let edit = EditCommand::Delete { ids, keep_filters: false };
                it.iter_custom(|times| undone(editor, &edit, times));
            });
            for (name, kind) in
                [("may drop", ComponentKind::WASM_FILTER), ("may not drop", ComponentKind::SERVICE)]
            {
                bench(name, size, &mut |it| {
                    let design = editor.design();
                    let plugin = designs::first(design, &ComponentKind::WASM_PLUGIN);
                    it.iter(|| {
                        policy::can_contain(black_box(design), &registry, Candidate::New(&kind), plugin)
                    });
                });
            }
        }
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
