//! The laws of the relationship policy (`policy.md`, Laws), over random designs and random gestures.

use std::sync::{Arc, LazyLock};

use billfold::model::{
    Component, ComponentId, ComponentKind, Design, Edit, FieldPath, Map, Number, Relationship, Target,
    Transaction, Value,
};
use billfold::policy::{self, Scope, evaluate, evaluated, relationship};
use billfold::registry::Registry;
use billfold::wallet::{edited_filter, redirect};
use billfold::yaml;
use proptest::prelude::*;

fn value(text: &str) -> Value {
    yaml::parse(text).unwrap().into_first().unwrap().value
}

const WASM: &str = "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm";

const URLS: &[&str] =
    &["oci://reg.example.com/a:1", "file:///a.wasm", "https://example.com/b.wasm", "''", "-"];
const CONFIGS: &[&str] =
    &["-", "'{\"x\": 1}'", "'x: 1.0'", "{x: 1}", "'not: [closed'", "'{}'", "3", "'text'"];
const SMALL: &[&str] = &["-", "ab", "cd", "12"];
const NAMES: &[&str] = &["-", "edge", "shop", "edge"];
const OWN_SPECS: &[&str] = &[
    "-",
    "{}",
    "{phase: AUTHN}",
    "{url: own, sha256: ab, phase: STATS}",
    "{url: 'file:///a.wasm', pluginConfig: {x: 1}}",
    "{pluginConfig: '{\"x\": 1}', url: 'oci://reg.example.com/a:1', pluginName: ab}",
    "{pluginConfig: 'not: [closed', priority: 3}",
    "{url: '', selector: {matchLabels: {a: b}}}",
];

fn entry_lists() -> Vec<String> {
    let hand = |name: &str, file: &str, config: &str| {
        format!(
            "{{applyTo: HTTP_FILTER, patch: {{operation: INSERT_FIRST, value: {{name: {name}, typed_config: \
             {{'@type': {WASM}, config: {{{config} vm_config: {{code: {{local: {{filename: {file}}}}}}}}}}}}}}}}}"
        )
    };
    let text =
        "configuration: {'@type': type.googleapis.com/google.protobuf.StringValue, value: '{\"x\": 1}'},";
    let other = "{applyTo: CLUSTER, patch: {operation: MERGE, value: {name: mine}}}";
    vec![
        "-".to_owned(),
        "{}".to_owned(),
        "{configPatches: []}".to_owned(),
        format!("{{priority: 1, configPatches: [{other}]}}"),
        format!(
            "{{configPatches: [{}, {other}, {}]}}",
            hand("one", "/a.wasm", text),
            hand("two", "/a.wasm", "")
        ),
    ]
}

/// One component, as numbers into the lists above.
#[derive(Clone, Debug)]
struct Part {
    kind: usize,
    picks: [usize; 5],
}

fn pick<'a>(list: &[&'a str], number: usize) -> Option<&'a str> {
    Some(list[number % list.len()]).filter(|text| *text != "-")
}

impl Part {
    fn component(&self, id: &str) -> Component {
        let [first, second, third, fourth, fifth] = self.picks;
        let mut configuration = Map::new();
        let mut metadata = Map::new();
        if let Some(namespace) = pick(NAMES, first) {
            metadata.insert("namespace", namespace.into());
        }
        let kind = match self.kind % 8 {
            0..=1 => ComponentKind::WASM_PLUGIN,
            2..=4 => ComponentKind::WASM_FILTER,
            5 => ComponentKind::ENVOY_FILTER,
            6 => ComponentKind::NAMESPACE,
            _ => ComponentKind::SERVICE,
        };
        if kind == ComponentKind::WASM_FILTER {
            let key = if fifth % 5 == 0 { "wasm-filter" } else { "wasmFilter" };
            let fields = [
                (key, pick(URLS, first)),
                ("config", pick(CONFIGS, second)),
                ("sha256", pick(SMALL, third)),
                ("pluginName", pick(SMALL, fourth)),
            ];
            for (key, text) in fields {
                if let Some(text) = text {
                    configuration.insert(key, value(text));
                }
            }
        } else {
            if kind == ComponentKind::NAMESPACE {
                metadata = Map::new();
                if let Some(name) = pick(&["-", "edge", "shop"], second) {
                    metadata.insert("name", name.into());
                }
            }
            if !metadata.is_empty() || third % 2 == 0 {
                configuration.insert("metadata", Value::Map(metadata));
            }
            let lists = entry_lists();
            let lists: Vec<&str> = lists.iter().map(String::as_str).collect();
            let specs = if kind == ComponentKind::ENVOY_FILTER { &lists[..] } else { OWN_SPECS };
            if kind != ComponentKind::NAMESPACE
                && let Some(spec) = pick(specs, fourth)
            {
                configuration.insert("spec", value(spec));
            }
        }
        let display_name = if fifth % 4 == 1 { "" } else { id };
        let tree = Value::from([
            ("id", id.into()),
            ("displayName", display_name.into()),
            (
                "component",
                Value::from([
                    ("kind", kind.kind.as_ref().into()),
                    ("version", kind.api_version().as_ref().into()),
                ]),
            ),
            ("configuration", Value::Map(configuration)),
        ]);
        Component::from_tree(ComponentId::from_text(id).unwrap(), tree)
    }
}

fn part() -> impl Strategy<Value = Part> {
    (any::<prop::sample::Index>(), [0..40_usize, 0..40, 0..40, 0..40, 0..40])
        .prop_map(|(kind, picks)| Part { kind: kind.index(8), picks })
}

/// Two components that may be joined, and what is odd about it.
#[derive(Clone, Debug)]
struct Join {
    from: usize,
    to: usize,
    odd: usize,
}

fn join() -> impl Strategy<Value = Join> {
    (0..32_usize, 0..32_usize, 0..24_usize).prop_map(|(from, to, odd)| Join { from, to, odd })
}

/// A random design that nobody has evaluated: relationships without records, some that do not hold.
#[derive(Clone, Debug)]
struct Recipe {
    parts: Vec<Part>,
    joins: Vec<Join>,
}

fn recipe() -> impl Strategy<Value = Recipe> {
    (prop::collection::vec(part(), 2..12), prop::collection::vec(join(), 0..10))
        .prop_map(|(parts, joins)| Recipe { parts, joins })
}

fn made(design: &Design, from: ComponentId, to: ComponentId) -> Option<Relationship> {
    relationship::wallet(design, from, to).or_else(|| relationship::inventory(design, from, to))
}

fn nth(design: &Design, number: usize) -> ComponentId {
    design.component_at(number % design.components().len()).unwrap().id()
}

/// Number `number` of what `from` could lie in; of everything, where it can lie in nothing.
fn nth_parent(design: &Design, from: ComponentId, number: usize) -> ComponentId {
    let is_filter = design.component(from).unwrap().is(&ComponentKind::WASM_FILTER);
    let fits = |it: &&Component| {
        if is_filter { it.kind().is_wallet() } else { it.is(&ComponentKind::NAMESPACE) }
    };
    let parents: Vec<ComponentId> = design.components().filter(fits).map(Component::id).collect();
    if parents.is_empty() { nth(design, number) } else { parents[number % parents.len()] }
}

impl Recipe {
    fn components(&self) -> Vec<Component> {
        self.parts.iter().enumerate().map(|(number, part)| part.component(&format!("c{number}"))).collect()
    }

    fn design(&self) -> Design {
        let mut design = Design::from_tree(Value::from([("name", "random".into())]));
        for component in self.components() {
            design.apply(Edit::AddComponent { index: None, component: Arc::new(component) }).unwrap();
        }
        for (number, join) in self.joins.iter().enumerate() {
            let from = nth(&design, join.from);
            let to = nth_parent(&design, from, join.to);
            let Some(relationship) = made(&design, from, to) else { continue };
            let id = format!("r{number}");
            let mut tree = relationship.tree().clone();
            let map = tree.as_map_mut().unwrap();
            map.insert("id", id.as_str().into());
            match join.odd {
                0 => drop(map.insert("status", "deleted".into())),
                1 => drop(map.insert("status", "pending".into())),
                2 => drop(map.insert("metadata", value("{isAnnotation: true}"))),
                3 => drop(map.insert(
                    "metadata",
                    value("{billfold: {wrote: [{path: [configuration, spec, url], value: own, before: x}]}}"),
                )),
                4 => {
                    drop(map.insert(
                        "metadata",
                        value("{billfold: {wrote: 3, patch: one, made: true, more: [x]}}"),
                    ));
                }
                5 => {
                    let set = map.get("selectors").unwrap().as_list().unwrap()[0].clone();
                    let text = yaml::emit_json_compact(&set)
                        .replace(design.component(from).unwrap().id_text(), "nobody");
                    let sets = vec![set, value(&text)];
                    map.insert("selectors", Value::List(sets));
                }
                _ => {}
            }
            let id = billfold::model::RelationshipId::from_text(&id).unwrap();
            let relationship = Arc::new(Relationship::from_tree(id, tree));
            design.apply(Edit::AddRelationship { index: None, relationship }).unwrap();
        }
        design
    }
}

/// A gesture, as numbers that find their meaning in the design at hand.
#[derive(Clone, Debug)]
struct Gesture {
    what: usize,
    numbers: [usize; 4],
}

fn gesture() -> impl Strategy<Value = Gesture> {
    (0..14_usize, [0..64_usize, 0..64, 0..64, 0..64]).prop_map(|(what, numbers)| Gesture { what, numbers })
}

fn field(keys: &[&str]) -> FieldPath {
    FieldPath::keys(keys)
}

impl Gesture {
    /// The edits, as far as the gesture means anything in this design.
    fn edits(&self, design: &Design) -> Vec<Edit> {
        let [a, b, c, d] = self.numbers;
        let relationships: Vec<&Relationship> = design.relationships().collect();
        let some = (!relationships.is_empty()).then(|| relationships[a % relationships.len()].id());
        let component = design.component(nth(design, a)).unwrap();
        let id = component.id();
        match self.what {
            // Into, or into another one.
            0..=2 => {
                let (from, to) = (id, nth_parent(design, id, b));
                let Some(relationship) = made(design, from, to) else { return Vec::new() };
                let is_same_class =
                    |id| design.relationship(id).is_some_and(|it| it.class() == relationship.class());
                let former = design.links_from(from).into_iter().map(|link| link.relationship);
                let mut edits: Vec<Edit> = former
                    .filter(|id| is_same_class(*id))
                    .map(|id| Edit::RemoveRelationship { id })
                    .collect();
                if edits
                    .iter()
                    .any(|edit| matches!(edit, Edit::RemoveRelationship { id } if *id == relationship.id()))
                {
                    return Vec::new();
                }
                let index = (c % 3 == 0).then(|| d % (relationships.len() + 1));
                edits.push(Edit::AddRelationship { index, relationship: Arc::new(relationship) });
                edits
            }
            3 => some.map(|id| Edit::RemoveRelationship { id }).into_iter().collect(),
            4 => some
                .map(|id| Edit::MoveRelationship { id, index: b % relationships.len() })
                .into_iter()
                .collect(),
            5 | 6 => {
                let (key, list) =
                    [("wasmFilter", URLS), ("config", CONFIGS), ("sha256", SMALL), ("pluginName", SMALL)]
                        [b % 4];
                let path = field(&["configuration", key]);
                vec![pick(list, c).map_or_else(
                    || Edit::unset(id, path.clone()),
                    |text| Edit::set(id, path.clone(), value(text)),
                )]
            }
            // A field of the plugin, through the redirection that every editor uses.
            7 | 8 => {
                let (key, list) =
                    [("url", URLS), ("pluginConfig", CONFIGS), ("sha256", SMALL), ("phase", SMALL)][b % 4];
                let path = field(&["configuration", "spec", key]);
                let value = pick(list, c).map(value);
                redirect(design, id, edited_filter(design, id), &path, value.as_ref()).unwrap_or_else(|| {
                    vec![Edit::SetField { target: Target::Component(id), path, value, place: None }]
                })
            }
            // The same behind its back.
            9 => {
                let key = ["url", "pluginConfig", "sha256", "configPatches"][b % 4];
                let path = field(&["configuration", "spec", key]);
                vec![pick(SMALL, c).map_or_else(
                    || Edit::unset(id, path.clone()),
                    |text| Edit::set(id, path.clone(), value(text)),
                )]
            }
            10 => vec![Edit::set(id, field(&["displayName"]), ["x", "edge", ""][b % 3])],
            11 => vec![Edit::set(
                id,
                field(&["configuration", "metadata", "name"]),
                ["x", "edge", "shop"][b % 3],
            )],
            // Deleted as an editor does it, or alone.
            12 => {
                let links = [design.links_from(id), design.links_to(id)].concat();
                let mut ids: Vec<_> = links.iter().map(|link| link.relationship).collect();
                ids.sort_unstable();
                ids.dedup();
                let mut edits: Vec<Edit> = if b % 3 == 0 {
                    Vec::new()
                } else {
                    ids.into_iter().map(|id| Edit::RemoveRelationship { id }).collect()
                };
                if design.components().len() > 1 {
                    edits.push(Edit::RemoveComponent { id });
                }
                edits
            }
            _ => {
                let path = field(&[
                    "preferences",
                    "layers",
                    "relationships",
                    ["hierarchical-parent-wallet", "hierarchical-parent-inventory"][b % 2],
                ]);
                vec![Edit::SetField {
                    target: Target::Design,
                    path,
                    value: Some((c % 2 == 0).into()),
                    place: None,
                }]
            }
        }
    }
}

fn open(design: &Design, identify: bool) -> Design {
    evaluated(design, &Registry::builtin(), identify).0
}

fn with(design: &Design, edits: &[Edit], scope: Scope) -> (Design, billfold::model::Change) {
    let mut changed = design.clone();
    let mut tx = Transaction::new(&mut changed);
    for edit in edits {
        tx.apply(edit.clone()).unwrap();
    }
    evaluate(&mut tx, &Registry::builtin(), scope);
    let change = tx.commit("gesture");
    (changed, change)
}

/// Fails with a text that shows where two designs differ. Key order counts.
fn assert_same(a: &Design, b: &Design, law: &str) {
    if a != b && !a.to_tree().identical(&b.to_tree()) {
        let text = |design: &Design| yaml::emit(&design.to_tree(), yaml::Format::Yaml);
        pretty_assert(&text(a), &text(b), law);
    }
}

/// Like [`assert_same`], but mappings are compared without their key order, as the laws about restore say.
fn assert_same_values(a: &Design, b: &Design, law: &str) {
    if a.to_tree() != b.to_tree() {
        assert_same(a, b, law);
    }
}

fn pretty_assert(a: &str, b: &str, law: &str) {
    let differing: Vec<String> = a
        .lines()
        .zip(b.lines())
        .filter(|(a, b)| a != b)
        .take(12)
        .map(|(a, b)| format!("- {a}\n+ {b}"))
        .collect();
    panic!("{law}\n{}\n--- all of the first\n{a}\n--- all of the second\n{b}", differing.join("\n"));
}

/// As many cases as `PROPTEST_CASES` says (256 without it).
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn evaluating_again_changes_nothing(recipe in recipe(), identify in any::<bool>()) {
        let once = open(&recipe.design(), identify);
        let (twice, evaluation) = evaluated(&once, &Registry::builtin(), identify);
        assert_same(&once, &twice, "evaluate(evaluate(d)) = evaluate(d)");
        prop_assert_eq!(evaluation.passes, 1);
        prop_assert!(evaluation.trace.is_empty());
    }

    #[test]
    fn the_same_design_gives_the_same_bytes(recipe in recipe()) {
        let registry = Registry::builtin();
        let (a, one) = evaluated(&recipe.design(), &registry, true);
        let (b, two) = evaluated(&recipe.design(), &registry, true);
        assert_same(&a, &b, "same bytes twice");
        prop_assert_eq!(yaml::emit_json_compact(&one.trace.to_value()), yaml::emit_json_compact(&two.trace.to_value()));
    }

    #[test]
    fn the_order_of_components_means_nothing(recipe in recipe(), turn in 0..12_usize) {
        let design = recipe.design();
        let permuted = |design: &Design| {
            let mut tree = design.to_tree();
            if let Some(Value::List(items)) = tree.as_map_mut().unwrap().get_mut("components") {
                let middle = turn % items.len();
                items.rotate_left(middle);
                if turn % 2 == 0 {
                    items.reverse();
                }
            }
            Design::from_tree(tree)
        };
        let design = Design::from_tree(design.to_tree());
        assert_same(&open(&permuted(&design), true), &permuted(&open(&design, true)), "permuting components");
    }

    #[test]
    fn undo_takes_a_gesture_and_its_patches_back(recipe in recipe(), gestures in prop::collection::vec(gesture(), 1..12)) {
        let mut design = open(&recipe.design(), true);
        let mut history = Vec::new();
        for gesture in &gestures {
            let (changed, change) = with(&design, &gesture.edits(&design), Scope::Touched);
            history.push((design, change));
            design = changed;
        }
        let last = design.clone();
        for (before, change) in history.iter().rev() {
            change.undo(&mut design).unwrap();
            assert_same(&design, before, "edit then undo = identity");
        }
        for (_, change) in &history {
            change.redo(&mut design).unwrap();
        }
        assert_same(&design, &last, "redo replays, and never evaluates");
    }

    #[test]
    fn what_is_touched_is_all_that_can_change(recipe in recipe(), gestures in prop::collection::vec(gesture(), 1..12)) {
        let mut design = open(&recipe.design(), false);
        for gesture in &gestures {
            let edits = gesture.edits(&design);
            let (touched, _) = with(&design, &edits, Scope::Touched);
            let (everything, _) = with(&design, &edits, Scope::Everything { identify: false });
            assert_same(&touched, &everything, "touched = everything");
            assert_same(&open(&touched, false), &touched, "a gesture leaves an evaluated design");
            design = touched;
        }
    }

    #[test]
    fn adding_a_child_and_removing_it_is_nothing(
        recipe in recipe(),
        gestures in prop::collection::vec(gesture(), 0..6),
        (from, to, place) in (0..32_usize, 0..32_usize, 0..32_usize),
    ) {
        // Relationships come by gestures, so that all have their records.
        let mut design = open(&Recipe { joins: Vec::new(), ..recipe }.design(), false);
        for gesture in &gestures {
            design = with(&design, &gesture.edits(&design), Scope::Touched).0;
        }
        let from = nth(&design, from);
        let to = nth_parent(&design, from, to);
        let is_free = design.wallet_of(from).is_none() && design.frame_of(from).is_none();
        if let Some(relationship) = made(&design, from, to).filter(|_| is_free) {
            let id = relationship.id();
            let index = Some(place % (design.relationships().len() + 1));
            let add = Edit::AddRelationship { index, relationship: Arc::new(relationship) };
            let (with_child, _) = with(&design, &[add], Scope::Touched);
            let (without, _) = with(&with_child, &[Edit::RemoveRelationship { id }], Scope::Touched);
            assert_same_values(&without, &design, "adding a child and removing it = identity");
        }
    }

    #[test]
    fn every_order_of_three_filters_ends_where_it_began(
        plugin in part(),
        is_envoy in any::<bool>(),
        filters in [part(), part(), part()],
        steps in prop::collection::vec((0..3_usize, 0..4_usize, 0..3_usize), 0..12),
    ) {
        let mut parts = vec![Part { kind: if is_envoy { 5 } else { 0 }, ..plugin }];
        parts.extend(filters.into_iter().map(|part| Part { kind: 2, ..part }));
        let first = Recipe { parts, joins: Vec::new() }.design();
        let wallet = nth(&first, 0);
        let mut design = first.clone();
        let relation_of = |design: &Design, filter: ComponentId| design.wallet_of(filter).map(|link| link.relationship);
        for (number, place, step) in steps {
            let filter = nth(&first, number + 1);
            let edit = match (relation_of(&design, filter), step) {
                (None, _) => {
                    let index = Some(place % (design.relationships().len() + 1));
                    let relationship = Arc::new(relationship::wallet(&design, filter, wallet).unwrap());
                    Edit::AddRelationship { index, relationship }
                }
                (Some(id), 0) => Edit::RemoveRelationship { id },
                (Some(id), _) => Edit::MoveRelationship { id, index: place % design.relationships().len() },
            };
            design = with(&design, &[edit], Scope::Touched).0;
        }
        for number in [1, 0, 2] {
            if let Some(id) = relation_of(&design, nth(&first, number + 1)) {
                design = with(&design, &[Edit::RemoveRelationship { id }], Scope::Touched).0;
            }
        }
        assert_same_values(&design, &first, "adding, reordering and removing ends in the first document");
    }

    #[test]
    fn no_design_is_too_bad(tree in anything(), sample in 0..4_usize, wounds in prop::collection::vec((0..4000_usize, anything()), 0..8)) {
        let registry = Registry::builtin();
        let _any = evaluated(&Design::from_tree(tree), &registry, true);
        let mut tree = SAMPLES[sample].clone();
        for (place, wound) in wounds {
            let mut left = place;
            hurt(&mut tree, &mut left, wound);
        }
        let design = Design::from_tree(tree);
        let (once, evaluation) = evaluated(&design, &registry, true);
        let (twice, _) = evaluated(&once, &registry, true);
        assert_same(&once, &twice, "evaluate(evaluate(d)) = evaluate(d), of a wounded sample");
        prop_assert!(evaluation.passes <= 16);
        for component in once.components().take(6) {
            let _answer = policy::can_contain(&once, &registry, policy::Candidate::Existing(component.id()), nth(&once, 0));
        }
    }
}

static SAMPLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    [
        include_str!("../designs/edge-security.yaml"),
        include_str!("../designs/frontpage-envoyfilter.yaml"),
        include_str!("../designs/hierarchical-parent-wallet.yaml"),
        include_str!("../designs/http-call-on-back-golang.yaml"),
    ]
    .map(value)
    .to_vec()
});

/// Puts `wound` in the place of the node number `left`, in the order of the tree.
fn hurt(tree: &mut Value, left: &mut usize, wound: Value) {
    if *left == 0 {
        *tree = wound;
        return;
    }
    *left -= 1;
    let children: Vec<&mut Value> = match tree {
        Value::Map(map) => map.iter_mut().map(|(_, value)| value).collect(),
        Value::List(items) => items.iter_mut().collect(),
        _ => return,
    };
    for child in children {
        let size = size_of_tree(child);
        if *left < size {
            return hurt(child, left, wound);
        }
        *left -= size;
    }
}

fn size_of_tree(tree: &Value) -> usize {
    1 + match tree {
        Value::Map(map) => map.iter().map(|(_, value)| size_of_tree(value)).sum::<usize>(),
        Value::List(items) => items.iter().map(size_of_tree).sum::<usize>(),
        _ => 0,
    }
}

/// Any tree at all, with many of the words that the policy looks for.
fn anything() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "id",
        "components",
        "relationships",
        "selectors",
        "allow",
        "deny",
        "from",
        "to",
        "kind",
        "type",
        "subType",
        "status",
        "metadata",
        "billfold",
        "wrote",
        "path",
        "value",
        "before",
        "made",
        "patch",
        "pairs",
        "configuration",
        "spec",
        "url",
        "pluginConfig",
        "configPatches",
        "wasmFilter",
        "config",
        "hierarchical",
        "parent",
        "wallet",
        "inventory",
        "WasmPlugin",
        "WASMFilter",
        "EnvoyFilter",
        "Namespace",
        "namespace",
        "name",
        "component",
        "version",
        "extensions.istio.io/v1alpha1",
        "core.meshery.io/v1alpha1",
        "c1",
        "c2",
        "_",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Number(Number::from_text(".nan"))),
        words.clone().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((words.clone(), inner), 0..6)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}
