//! Definitions of others: what becomes of each fixture, and that the command line says and does so.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use billfold::adapters::definitions;
use billfold::formats::OpenOptions;
use billfold::model::{ComponentKind, FieldPath};
use billfold::registry::{FieldKind, Registry, Resolution};

use crate::tree;

const FIXTURES: &str = "tests/fixtures/definitions";

fn load(folder: &str) -> Arc<Registry> {
    definitions::load(None, &[tree::root().join(FIXTURES).join(folder)])
}

/// What became of the definitions below a folder of the fixtures, a line each.
fn outcome(folder: &str) -> String {
    let root = format!("{}/", tree::root().join(FIXTURES).join(folder).display());
    let mut text = String::new();
    for entry in &load(folder).report().entries {
        let parts = [entry.place(), entry.state.to_string(), entry.subject.to_string(), entry.reason.clone()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        text += &parts.join(": ");
        text += "\n";
        for remark in &entry.remarks {
            let line = remark.position.map_or(0, |position| position.line);
            let code = remark.code.map_or(String::new(), |code| format!("{code} "));
            writeln!(text, "  {line}: {code}{}", remark.message).unwrap();
        }
    }
    text.replace(&root, "")
}

#[track_caller]
fn check(folder: &str, expected: &str) {
    let (found, expected) = (outcome(folder), expected.trim_start());
    assert!(found == expected, "{folder}:\n{found}\nexpected:\n{expected}");
}

#[test]
fn good_definitions_are_loaded_whatever_their_version_and_spelling() {
    check("good", "
list.json:2:3: loaded: hierarchical-parent-wallet, Handler → Worker
list.json:12:3: loaded: edge-binding-mount, ConfigMap → Deployment
list.json:21:3: loaded: sibling-matchlabels-labels, * → *
nested/kinds.yaml:2:1: loaded: component Queue
nested/kinds.yaml:25:1: loaded: component Worker
nested/kinds.yaml:43:1: loaded: component Handler
  47: it has no schema, so anything may stand in the configuration of this kind
nested/scopes.json:2:3: loaded: component BrokerRole
nested/scopes.json:6:3: loaded: component Unsaid
nulls.json:1:1: loaded: edge-non-binding-permission, * → Queue
queue-to-worker.yaml:2:1: loaded: hierarchical-parent-inventory, Worker → Queue
remarks.yaml:2:1: loaded: edge-binding-remarks, Queue → Worker.*, Worker
  7: 3 references give and 2 receive: what has no partner is left alone
  11: `match` is not evaluated
  15: the patchStrategy \"overwrite\" is not known, so values are replaced
  18: DS009 no field configuration.spec.debth in Queue, so that pair writes nothing (at /selectors/0/allow/from/0/patch/mutatorRef/1)
  21: kinds are compared as they stand, so \"Worker.*\" is met by none
  27: the match strategy \"resembles\" is not known, so values are compared as equal
");
    // A note, and a manifest.
    assert_eq!(load("good").report().skipped, 2);
}

#[test]
fn definitions_along_which_nothing_flows_say_why() {
    check("inert", "
both-give.json:1:1: inert: hierarchical-parent-inventory, Secret → Service: mutatorRef stands on both sides, so nothing receives
both-receive.json:1:1: inert: hierarchical-parent-inventory, Secret → Service: mutatedRef stands on both sides, so nothing gives
dead-refs.yaml:1:1: inert: edge-binding-dead, WasmPlugin → ConfigMap: none of its pairs of references leads somewhere on both sides
  9: DS009 no field configuration.spec.phaze in WasmPlugin, so that pair writes nothing (at /selectors/0/allow/from/0/patch/mutatorRef/0)
no-patch.json:1:1: inert: edge-non-binding-network, Service → Pod: it has no patch, so nothing is written
one-side.yaml:1:1: inert: edge-binding-firewall, Service → Deployment: only `from` has references, so nothing is written
");
}

#[test]
fn bad_definitions_say_why_and_keep_out_no_other() {
    check("bad", "
annotation.yaml:1:1: not loaded: edge-binding-bad, Service → ConfigMap: it is an annotation, which is drawn and never evaluated
blank-sub-type.yaml:1:1: not loaded: edge-binding, Service → ConfigMap: `subType` is missing
core.json:1:1: not loaded: hierarchical-inventory, Handler → Worker: references of v1alpha2 stand under `settings`, which components no longer have; v1alpha3, v1beta1, v1beta2 and v1beta3 are understood
future.yaml:1:1: not loaded: edge-binding-bad, Service → ConfigMap: version v2 is not known; v1alpha3, v1beta1, v1beta2 and v1beta3 are understood
kind.yaml:1:1: not loaded: network-binding-bad, Service → ConfigMap: the kind \"network\" is none of hierarchical, edge and sibling
mixed.json:1:5: not loaded: component Old: version v1alpha1 is not known; v1beta1 and v1beta2 are understood
mixed.json:2:67: not loaded: component: `kind` or `version` is blank at /2/component
mixed.json:3:3: not loaded: component Nowhere: `model` with a name is missing at /3
mixed.json:4:3: known already: component WasmPlugin: the program knows this kind, and its own definition stays
mixed.json:6:3: loaded: component Odd
  6: its schema is no JSON Schema of an object, so anything may stand in the configuration of this kind
mixed.json:8:3: known already: component Odd: mixed.json defines this kind, and stays
mixed.json:1:2: not loaded: it is no definition, as others in this file are
no-selector.yaml:1:1: not loaded: edge-binding-bad: it has no selector that allows or denies a pair
no-type.yaml:1:1: not loaded: edge-bad, Service → ConfigMap: `type` is missing
oldest.json:1:1: not loaded: edge-mount: version v1alpha1 is not known; v1alpha3, v1beta1, v1beta2 and v1beta3 are understood
only-denies.yaml:1:1: inert: edge-binding-bad: it only denies, so nothing is written
settings.json:1:1: not loaded: hierarchical-inventory: references of v1alpha2 stand under `settings`, which components no longer have; v1alpha3, v1beta1, v1beta2 and v1beta3 are understood
status.yaml:1:1: not loaded: edge-binding-bad, Service → ConfigMap: its status is Ignored
truncated.json:2:33: not loaded: it cannot be read: the text ends too early: a value is missing
twice.yaml:1:1: loaded: edge-binding-bad, Service → ConfigMap
twice.yaml:14:1: known already: edge-binding-bad, Service → ConfigMap: class and selectors are those of twice.yaml:1:1
wrong-type.yaml:9:27: not loaded: edge-binding-bad, Service → ConfigMap: must be a list at /selectors/0/allow/from/0/patch/mutatorRef
");
    assert_eq!(load("bad").report().skipped, 2, "a design and an empty list");
}

#[test]
fn a_trace_tells_which_definition_of_a_file_it_was() {
    let registry = load("good");
    let own = Registry::builtin().relationships().len();
    let names: Vec<&str> = registry.relationships()[own..].iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["list:2", "list:12", "list:21", "nulls", "queue-to-worker", "remarks"]);
}

#[test]
fn a_kind_of_a_definition_has_looks_a_form_and_a_place_in_a_namespace() {
    let registry = load("good");
    let queue = registry.component(&ComponentKind::parse("Queue", "queues.example.com/v1")).unwrap();
    assert_eq!((queue.label.as_str(), queue.shape.as_str()), ("Work queue", "round-rectangle"));
    assert_eq!((queue.primary_color.as_str(), queue.namespaced), ("#3b8ed0", true));
    assert_eq!(queue.description, "Where work waits.");
    assert!(!queue.in_palette && !queue.is_authoritative() && queue.has_object_name());
    let model = serde_json::to_value(billfold::yaml::emit_json_compact(queue.model.tree())).unwrap();
    assert!(!model.as_str().unwrap().contains("svg"), "icons stay where they are: {model}");
    let at = |path: &[&str]| queue.resolve(FieldPath::keys(path).segments());
    let kind = |path: &[&str]| match at(path) {
        Resolution::Field(spec) => Some(spec.kind),
        Resolution::Open | Resolution::Nowhere => None,
    };
    assert_eq!(kind(&["configuration", "spec", "mode"]), Some(FieldKind::Enum));
    assert_eq!(kind(&["configuration", "metadata", "namespace"]), Some(FieldKind::Text));
    assert_eq!(at(&["configuration", "spec", "other"]), Resolution::Nowhere);
    let handler = registry.component(&ComponentKind::parse("Handler", "queues.example.com/v1")).unwrap();
    assert_eq!(handler.resolve(FieldPath::keys(&["configuration", "code"]).segments()), Resolution::Open);
    // The frame of a Namespace takes it because its definition says so.
    let design = tree::read(&format!("{FIXTURES}/queues.yaml"));
    let opened = billfold::formats::open_with(design.as_bytes(), &registry, OpenOptions::default()).unwrap();
    let (evaluated, _) = billfold::policy::evaluated(&opened.design, &registry, true);
    let inside = evaluated.relationships().filter(|it| it.class() == "hierarchical-parent-inventory").count();
    assert_eq!(inside, 2, "the queue in the namespace, and the worker in the queue");
}

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

/// Runs the program with `config` as the folder of its settings.
fn run(config: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_billfold"))
        .current_dir(tree::root())
        .env("BILLFOLD_CONFIG_DIR", config)
        .args(arguments)
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

const QUEUES: &str = "tests/fixtures/definitions/queues.yaml";

#[test]
fn evaluate_uses_what_is_named_and_says_what_is_not_in_force() {
    let none = tempfile::tempdir().unwrap();
    let plain = run(none.path(), &["evaluate", QUEUES]);
    assert_eq!((plain.code, plain.stderr.contains("definitions:")), (0, false), "{}", plain.stderr);
    let good = format!("{FIXTURES}/good");
    let bad = format!("{FIXTURES}/bad");
    let ran = run(none.path(), &["evaluate", QUEUES, "--definitions", &good, "--definitions", &bad]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("queueName: orders"), "{}", ran.stdout);
    for line in [
        "tests/fixtures/definitions/bad/truncated.json:2:33: not loaded: it cannot be read: the text ends too early: a value is missing\n",
        "tests/fixtures/definitions/good/remarks.yaml:18:11: warning DS009: no field configuration.spec.debth in Queue, so that pair writes nothing (at /selectors/0/allow/from/0/patch/mutatorRef/1)\n",
        "\ndefinitions: 13 loaded, 1 inert, 3 known already, 16 not loaded; 4 other files skipped\n",
    ] {
        assert!(ran.stderr.contains(line), "{line}{}", ran.stderr);
    }
    // Its own output is evaluated.
    let file = none.path().join("again.yaml");
    std::fs::write(&file, &ran.stdout).unwrap();
    let again = run(none.path(), &["evaluate", file.to_str().unwrap(), "--definitions", &good]);
    assert_eq!(again.stdout, ran.stdout);
}

/// A schema of others is some version of the kind, flattened; names and scopes of others follow rules that no schema says.
#[test]
fn what_definitions_of_others_say_is_no_reason_to_refuse_an_object() {
    let config = tempfile::tempdir().unwrap();
    let folder = config.path().join("definitions");
    std::fs::create_dir_all(&folder).unwrap();
    let text = tree::read(&format!("{FIXTURES}/good/nested/scopes.json"));
    std::fs::write(folder.join("scopes.json"), text).unwrap();
    let design = config.path().join("design.yaml");
    let object = |id: &str, kind: &str, metadata: &str| {
        format!(
            "- {{id: {id}, displayName: {id}, component: {{kind: {kind}, version: queues.example.com/v1}}, \
             configuration: {{metadata: {metadata}, spec: {{rules: [1]}}, other: true}}}}\n"
        )
    };
    let text = format!(
        "name: d\nschemaVersion: designs.meshery.io/v1beta1\ncomponents:\n{}{}relationships: []\n",
        object("a", "BrokerRole", "{name: 'system:broker'}"),
        object("b", "Unsaid", "{name: b, namespace: shop}"),
    );
    std::fs::write(&design, text).unwrap();
    let path = design.to_str().unwrap();
    let checked = run(config.path(), &["check", path]);
    assert_eq!((checked.code, checked.stdout.as_str()), (0, "0 errors, 0 warnings, 0 infos\n"));
    let exported = run(config.path(), &["export", path]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    for part in ["name: system:broker", "namespace: shop", "other: true"] {
        assert!(exported.stdout.contains(part), "{part}: {}", exported.stdout);
    }
}

#[test]
fn a_named_file_without_any_definition_was_meant_to_be_another() {
    let none = tempfile::tempdir().unwrap();
    let empty = tempfile::tempdir().unwrap();
    for (path, code) in [
        ("tests/fixtures/definitions/none.yaml", 2),
        ("tests/fixtures/definitions/bad/truncated.json", 2),
        ("tests/fixtures/definitions/bad/design.yaml", 2),
        ("tests/fixtures/definitions/bad/empty-list.json", 2),
        ("tests/fixtures/definitions/bad/kind.yaml", 0),
        ("tests/fixtures/definitions/bad/mixed.json", 0),
        (empty.path().to_str().unwrap(), 0),
    ] {
        let ran = run(none.path(), &["evaluate", QUEUES, "--definitions", path]);
        assert_eq!(ran.code, code, "{path}: {}", ran.stderr);
        assert_eq!(ran.stdout.is_empty(), code == 2, "{path}");
    }
}

#[test]
fn the_settings_folder_is_in_force_for_every_subcommand() {
    let config = tempfile::tempdir().unwrap();
    let folder = config.path().join("definitions/queues");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, from) in [("a.yaml", "good/queue-to-worker.yaml"), ("kinds.yaml", "good/nested/kinds.yaml")] {
        std::fs::write(folder.join(name), tree::read(&format!("{FIXTURES}/{from}"))).unwrap();
    }
    let none = tempfile::tempdir().unwrap();
    for (arguments, words) in [
        (&["evaluate", QUEUES][..], "queueName: orders"),
        (&["export", "--partial", QUEUES], "queueName: orders"),
        (&["check", "--format", "json", "--deny", "error", QUEUES], "\"summary\""),
    ] {
        let (with, without) = (run(config.path(), arguments), run(none.path(), arguments));
        assert!(with.stdout.contains(words), "{arguments:?}: {}{}", with.stdout, with.stderr);
        assert!(!without.stdout.contains("queueName: orders"), "{arguments:?}");
    }
    // A broken one is said, and changes nothing else.
    std::fs::write(folder.join("broken.yaml"), "kind: [").unwrap();
    for command in ["export", "check"] {
        let ran = run(config.path(), &[command, QUEUES]);
        assert!(
            ran.stderr.contains("definitions: 4 loaded, 1 not loaded; billfold evaluate says why\n"),
            "{command}: {}",
            ran.stderr
        );
    }
    let ran = run(config.path(), &["evaluate", QUEUES]);
    assert!(ran.stderr.contains("broken.yaml:1:8: not loaded: it cannot be read: "), "{}", ran.stderr);
    assert!(ran.stdout.contains("queueName: orders") && ran.code == 0);
}

#[test]
fn definitions_of_a_cluster_are_loaded() {
    check(
        "crds/good",
        "
newer-plugin.yaml:5:3: loaded: component WasmPlugin
queues.yaml:2:1: loaded: component Queue
  58: `deprecated` is not checked
",
    );
    let registry = load("crds/good");
    let queue = ComponentKind::parse("Queue", "jobs.example.com/v1");
    assert_eq!(registry.crd(&queue).unwrap().served().collect::<Vec<_>>(), ["v1"]);
    assert!(registry.component(&queue).is_some_and(|it| it.namespaced && !it.is_authoritative()));
    let plugin = registry.checked_schema(&ComponentKind::WASM_PLUGIN).unwrap();
    let phase = plugin.field_at(&["spec", "phase"]).unwrap();
    assert!(phase.allows("EDGE") && phase.title == "Phase" && phase.rule.as_deref() == Some("WP080"));
    // The form goes on as it was.
    let form = registry
        .field(&ComponentKind::WASM_PLUGIN, FieldPath::keys(&["configuration", "spec", "tier"]).segments());
    assert!(form.is_none());
}

#[test]
fn definitions_of_a_cluster_that_it_would_refuse_are_not_loaded() {
    check("crds/bad", "
all.yaml:1:1: not loaded: component Old: apiextensions.k8s.io/v1beta1 is not understood: write apiextensions.k8s.io/v1
all.yaml:12:5: not loaded: component NoStorage: no version has `storage: true` at /spec/versions
all.yaml:31:21: not loaded: component Unstructural: `type` is missing at /spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size
all.yaml:37:10: not loaded: component Scope: \"Everywhere\" is neither Namespaced nor Cluster at /spec/scope
all.yaml:41:1: loaded: component Twice
all.yaml:50:1: known already: component Twice: all.yaml defines this kind, and stays
");
}
