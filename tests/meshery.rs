//! Designs that Meshery evaluated: nothing is added to them, nothing is lost, and they open as what they were.
//!
//! `meshery/rules.rs` re-states what Meshery does; here it is done to what this program saves.

mod rules;

use billfold::editor::{EditCommand, Editor};
use billfold::formats::{ExportOptions, export, meshery, open};
use billfold::model::{
    Component, ComponentId, ComponentKind, Design, Edit, FieldPath, Severity, Subject, Value,
};
use billfold::policy;
use billfold::registry::Registry;
use billfold::validate;
use billfold::wallet::effective_resources;
use billfold::yaml::Format;
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::properties::designs::{Recipe, recipe};
use crate::{properties, tree};

/// What Meshery has registered: the wallet of a WasmPlugin with the references that it ships, and the Namespace.
///
/// Not the wallet of an EnvoyFilter: it compares a filter's config with a field that no EnvoyFilter has, so that, null being
/// null, it joins every filter without a config to every EnvoyFilter, whatever a file says.
fn definitions() -> Vec<Json> {
    let texts = [
        r#"{"kind": "hierarchical", "type": "parent", "subType": "wallet", "model": {"name": "istio-base"},
            "selectors": [{"allow": {
                "from": [{"kind": "WASMFilter", "model": {"name": "meshery-core"}, "patch": {"patchStrategy": "replace",
                    "mutatorRef": [["configuration", "config"], ["configuration", "wasm-filter"]]}}],
                "to": [{"kind": "WasmPlugin", "model": {"name": "istio-base"}, "patch": {"patchStrategy": "replace",
                    "mutatedRef": [["configuration", "pluginConfig"], ["configuration", "spec", "url"]]}}]}}]}"#,
        r#"{"kind": "hierarchical", "type": "parent", "subType": "inventory", "model": {"name": "kubernetes"},
            "selectors": [{"allow": {
                "from": [{"kind": "*", "model": {"name": "*"}, "patch": {"patchStrategy": "replace",
                    "mutatedRef": [["configuration", "metadata", "namespace"]]}}],
                "to": [{"kind": "Namespace", "model": {"name": "kubernetes"}, "patch": {"patchStrategy": "replace",
                    "mutatorRef": [["displayName"]]}}]}}]}"#,
    ];
    texts.map(|text| serde_json::from_str(text).unwrap()).to_vec()
}

fn evaluated(design: &Design) -> Design {
    policy::evaluated(design, &Registry::builtin(), true).0
}

/// The components that a check finds an error in.
fn faulty(design: &Design) -> Vec<ComponentId> {
    let registry = std::sync::Arc::new(Registry::builtin());
    let (design, evaluation) = policy::evaluated(design, &registry, true);
    let effective = effective_resources(&design, &registry);
    let input = validate::Input::new(&design, &registry, &effective);
    let found = evaluation.diagnostics.into_iter().chain(validate::check(&input).diagnostics);
    let errors = found.filter(|it| it.severity == Severity::Error);
    errors
        .filter_map(|it| match it.location.subject {
            Subject::Component(id) => Some(id),
            Subject::Design | Subject::Relationship(_) => None,
        })
        .collect()
}

/// Filters with a module, a config that is a mapping, and no digest that is none, so that more wallets are sound.
fn with_usable_filters(mut recipe: Recipe) -> Recipe {
    for part in recipe.parts.iter_mut().filter(|part| (2..=4).contains(&(part.kind % 8))) {
        let [url, config, digest, ..] = &mut part.picks;
        (*url, *config, *digest) = (*url % 3, [0, 1, 2, 3, 5][*config % 5], 0);
    }
    recipe
}

/// The design without what is wrong in it, with the models that Meshery goes by, and evaluated.
fn sound(design: &Design) -> Design {
    let mut tree = design.to_tree();
    if let Some(Value::List(components)) = tree.as_map_mut().unwrap().get_mut("components") {
        for component in components {
            let model = match component.text_at(&["component", "kind"]).unwrap() {
                "WASMFilter" => "meshery-core",
                "WasmPlugin" | "EnvoyFilter" => "istio-base",
                _ => "kubernetes",
            };
            component.as_map_mut().unwrap().insert("model", Value::from([("name", model.into())]));
        }
    }
    let mut design = evaluated(&Design::from_tree(tree));
    loop {
        let Some(id) = faulty(&design).into_iter().find(|id| design.component(*id).is_some()) else {
            return design;
        };
        for relationship in design.relationships_naming(id) {
            design.apply(Edit::RemoveRelationship { id: relationship }).unwrap();
        }
        design.apply(Edit::RemoveComponent { id }).unwrap();
        design = evaluated(&design);
    }
}

fn exported(design: &Design) -> String {
    export(design, &Registry::builtin(), &[], ExportOptions { with_secrets: true }).text()
}

fn json(design: &Design) -> Json {
    serde_json::from_str(&meshery::write(design, Format::Json)).unwrap()
}

/// How many filters hang on a wallet component.
fn filters_of(design: &Json, wallet: &Json) -> usize {
    let relationships = design["relationships"].as_array().into_iter().flatten();
    let holds =
        |it: &&Json| it["subType"] == "wallet" && it["selectors"][0]["allow"]["to"][0]["id"] == *wallet;
    relationships.filter(|it| it["status"] != "deleted").filter(holds).count()
}

const MODULE_FIELDS: [&str; 4] = [
    "/configuration/spec/url",
    "/configuration/spec/pluginConfig",
    "/configuration/spec/sha256",
    "/configuration/spec/pluginName",
];

/// What a config says, as text or as a mapping.
fn meaning(config: &Json) -> Json {
    let read: Option<Json> = config.as_str().and_then(|text| serde_yaml::from_str(text).ok());
    by_value(read.as_ref().unwrap_or(config))
}

/// The value with 1 and 1.0 the same.
fn by_value(value: &Json) -> Json {
    match value {
        Json::Number(number) => number.as_f64().map_or(Json::Null, Json::from),
        Json::Array(items) => items.iter().map(by_value).collect(),
        Json::Object(map) => map.iter().map(|(key, value)| (key.clone(), by_value(value))).collect(),
        other => other.clone(),
    }
}

/// Lets Meshery evaluate what is saved of `design`, and holds what may come of it.
fn hold(design: &Design, place: &str) {
    let before = json(design);
    let mut after = before.clone();
    rules::evaluate(&mut after, &definitions());

    let live = |design: &Json| -> Vec<Json> {
        let relationships = design["relationships"].as_array().into_iter().flatten();
        relationships.filter(|it| it["status"] != "deleted").cloned().collect()
    };
    let shown = |relationships: Vec<Json>| -> Vec<String> {
        relationships.iter().map(|it| format!("{} {}", it["id"], it["selectors"])).collect()
    };
    assert_eq!(shown(live(&after)), shown(live(&before)), "{place}: relationships");
    for (was, is) in
        before["components"].as_array().unwrap().iter().zip(after["components"].as_array().unwrap())
    {
        let mut reset = is.clone();
        let may_write = match filters_of(&before, &was["id"]) {
            0 => &[][..],
            1 => &MODULE_FIELDS[1..2],
            _ => &MODULE_FIELDS[..],
        };
        for field in may_write {
            let (path, key) = field.rsplit_once('/').unwrap();
            if may_write.len() == 1 {
                let meaning = |component: &Json| component.pointer(field).map(meaning);
                assert_eq!(meaning(is), meaning(was), "{place}: {field} is more than in another notation");
            }
            match (was.pointer(field), reset.pointer_mut(path).and_then(Json::as_object_mut)) {
                (Some(value), Some(spec)) => drop(spec.insert(key.to_owned(), value.clone())),
                (None, Some(spec)) => drop(spec.remove(key)),
                (_, None) => {}
            }
        }
        assert_eq!(&reset, was, "{place}: more was written than may be");
    }
    // Opened again it is the design that it was, but for its version and the notation of that text.
    let opened = open(after.to_string().as_bytes()).unwrap().design;
    let again = evaluated(&opened);
    for filter in design.of_kind(&ComponentKind::WASM_FILTER) {
        let same = again.component(filter.id()).map(Component::tree);
        assert_eq!(same, Some(filter.tree()), "{place}: a filter was written");
    }
    let comparable = |design: &Design| {
        let mut tree = json(design);
        tree["version"] = Json::Null;
        // Meshery takes tombstones out.
        tree["relationships"] = live(&tree).into();
        for component in tree["components"].as_array_mut().unwrap() {
            let config = component.pointer_mut(MODULE_FIELDS[1]);
            if let Some(config) = config {
                *config = meaning(config);
            }
        }
        tree
    };
    let (ours, mut theirs) = (comparable(design), comparable(&again));
    // Where nothing was recorded, as nothing had ever to be written, there is a record now; with nothing to give back.
    let relationships = theirs["relationships"].as_array_mut().unwrap().iter_mut();
    for (is, was) in relationships.zip(ours["relationships"].as_array().unwrap()) {
        if was["metadata"]["billfold"].is_null() && !is["metadata"]["billfold"].is_null() {
            let wrote = is["metadata"]["billfold"]["wrote"].as_array().unwrap();
            assert!(wrote.iter().all(|it| it.get("before").is_none()), "{place}: {wrote:?}");
            match is["metadata"].as_object_mut() {
                Some(metadata) if metadata.len() > 1 => drop(metadata.remove("billfold")),
                _ => drop(is.as_object_mut().unwrap().remove("metadata")),
            }
        }
    }
    if ours != theirs {
        let lines = |tree: &Json| {
            serde_json::to_string_pretty(tree).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
        };
        let differing: Vec<String> = lines(&ours)
            .into_iter()
            .zip(lines(&theirs))
            .filter(|(a, b)| a != b)
            .take(8)
            .map(|(a, b)| format!("- {a}\n+ {b}"))
            .collect();
        panic!("{place}: another design\n{}\n{}", differing.join("\n"), meshery::write(design, Format::Yaml));
    }
    assert_eq!(exported(&again), exported(design), "{place}: the manifests");
}

#[test]
fn meshery_leaves_every_sample_as_it_is() {
    for path in tree::files("designs", ".yaml") {
        let design = open(&tree::bytes(&path)).unwrap().design;
        hold(&design, &path);
    }
}

proptest! {
    #![proptest_config(properties::config())]

    #[test]
    fn meshery_leaves_random_designs_as_they_are(recipe in recipe()) {
        let design = sound(&with_usable_filters(recipe).design());
        // What Meshery does not know: a Namespace with another name than its displayName, which is a warning here.
        let is_called_otherwise = |it: &Component| it.own_name() != Some(it.display_name());
        // And a filter in the old spelling without a config, which Meshery joins once more: see the next test.
        let is_joined_again = |it: &Component| it.configured(&["wasm-filter"]).is_some() && it.configured(&["config"]).is_none();
        if !design.of_kind(&ComponentKind::NAMESPACE).any(is_called_otherwise)
            && !design.of_kind(&ComponentKind::WASM_FILTER).any(is_joined_again)
        {
            hold(&design, "a random design");
        }
    }
}

/// Meshery's own definition reads `wasm-filter`, and null is null: where there is no config it finds the pair that is joined
/// already, by other references, and joins it by its own. Opened here, the second one is taken out.
#[test]
fn what_meshery_joins_once_more_is_taken_out_on_opening() {
    let text = "name: x\nschemaVersion: designs.meshery.io/v1beta1\nversion: 0.0.1\ncomponents:\n\
        - {id: p, displayName: p, component: {kind: WasmPlugin, version: extensions.istio.io/v1alpha1}, model: {name: istio-base}, \
        configuration: {spec: {url: 'file:///a.wasm'}}}\n\
        - {id: f, displayName: f, component: {kind: WASMFilter, version: core.meshery.io/v1alpha1}, model: {name: meshery-core}, \
        configuration: {wasm-filter: 'file:///a.wasm'}}\n";
    let design = evaluated(&open(text.as_bytes()).unwrap().design);
    assert_eq!(design.relationships().len(), 1);
    let mut after = json(&design);
    rules::evaluate(&mut after, &definitions());
    assert_eq!(after["relationships"].as_array().unwrap().len(), 2);
    let again = evaluated(&open(after.to_string().as_bytes()).unwrap().design);
    let mut expected = json(&design);
    expected["version"] = after["version"].clone();
    assert_eq!(json(&again), expected);
}

/// A wallet as Meshery's shipped definition spells it: it works, its text stays, and an edit goes where the file has it.
#[test]
fn a_wallet_in_the_old_spelling_works_and_keeps_it() {
    let text = tree::read("tests/fixtures/valid/legacy-refs.yaml");
    let opened = open(text.as_bytes()).unwrap().design;
    let mut editor = Editor::open(opened.clone(), Registry::builtin());
    let find = |design: &Design, kind: &ComponentKind| design.of_kind(kind).next().unwrap().id();
    let (plugin, filter) =
        (find(&opened, &ComponentKind::WASM_PLUGIN), find(&opened, &ComponentKind::WASM_FILTER));
    let at = |design: &Design, id, keys: &[&str]| design.component(id).unwrap().configured(keys).cloned();
    // The values flow: what the file lacked is written, and its own text stays beside it.
    let url = Some(Value::from("oci://reg.example.com/filters/legacy:0.3.1"));
    assert_eq!(at(editor.design(), plugin, &["spec", "url"]), url);
    assert_eq!(at(editor.design(), plugin, &["pluginConfig"]), at(&opened, plugin, &["pluginConfig"]));
    let refs = |design: &Design| {
        design.relationships().map(|it| it.tree().at(&["selectors"]).cloned()).collect::<Vec<_>>()
    };
    assert!(refs(editor.design()).starts_with(&refs(&opened)), "what is found on opening stands behind them");

    let new = Value::from("oci://reg.example.com/filters/new:1");
    let path = FieldPath::keys(&["configuration", "spec", "url"]);
    editor.apply(EditCommand::SetField { id: plugin, path, value: new.clone() }).unwrap();
    assert_eq!(
        at(editor.design(), filter, &["wasm-filter"]),
        Some(new.clone()),
        "in the spelling of the file"
    );
    assert_eq!(at(editor.design(), filter, &["wasmFilter"]), None);
    assert_eq!(at(editor.design(), plugin, &["spec", "url"]), Some(new));

    // What Meshery makes of it, it opens and exports as it was.
    let mut after = json(editor.design());
    rules::evaluate(&mut after, &definitions());
    let again = evaluated(&open(after.to_string().as_bytes()).unwrap().design);
    assert_eq!(exported(&again), exported(editor.design()));
    assert_eq!(again.component(filter).unwrap().tree(), editor.design().component(filter).unwrap().tree());
}
