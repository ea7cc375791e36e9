//! Gestures together with the patches that they cause: one step, and exactly taken back.

use super::*;
use crate::model::view::EnvoyFilterView;
use crate::yaml;

const URL: [&str; 3] = ["configuration", "spec", "url"];
const NAMESPACE: [&str; 3] = ["configuration", "metadata", "namespace"];
const MODULE: [&str; 2] = ["configuration", "wasmFilter"];

fn sample(text: &str) -> Design {
    Design::from_tree(yaml::parse(text).unwrap().into_first().unwrap().value)
}

fn unset(id: ComponentId, keys: &[&str]) -> EditCommand {
    EditCommand::UnsetField { id, path: FieldPath::keys(keys) }
}

#[test]
fn a_filter_gives_its_module_and_takes_it_away_again() {
    let mut session = Session::new();
    let plugin = session.plugin();
    session.set(plugin, &URL, "oci://reg.example.com/own:1".into());
    let before = session.editor.design().clone();
    let filter = session.filter(plugin, "a");
    assert_eq!(session.text(plugin, &URL), Some("oci://reg.example.com/a:1"));
    let out = EditCommand::Place { ids: vec![filter], destination: Destination::Canvas(None) };
    let effect = session.editor.drop_effect(&Dragged::Existing(vec![filter]), Destination::Canvas(None));
    assert_eq!(
        effect.text(),
        "Takes a out: spec.url of wasm-plugin-1 goes back to oci://reg.example.com/own:1"
    );
    session.apply(out);
    assert_eq!(session.text(plugin, &URL), Some("oci://reg.example.com/own:1"));
    session.apply(EditCommand::Delete { ids: vec![filter], keep_filters: false });
    assert_eq!(*session.editor.design(), before);
    session.editor.undo().unwrap();
    session.editor.undo().unwrap();
    assert_eq!(
        session.text(plugin, &URL),
        Some("oci://reg.example.com/a:1"),
        "patches come back with the step"
    );
}

#[test]
fn a_module_field_of_a_plugin_with_filters_is_edited_in_the_filter() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let filter = session.filter(plugin, "a");
    session.set(plugin, &URL, "oci://reg.example.com/b:2".into());
    assert_eq!(session.text(filter, &MODULE), Some("oci://reg.example.com/b:2"));
    assert_eq!(session.text(plugin, &URL), Some("oci://reg.example.com/b:2"));
    session.set(plugin, &["configuration", "spec", "pluginConfig", "realm"], "edge".into());
    let config = session.text(filter, &["configuration", "config"]).unwrap();
    assert_eq!(
        yaml::parse(config).unwrap().into_first().unwrap().value,
        Value::from([("realm", "edge".into())])
    );
    let steps = session.editor.history().depth();
    session.apply(unset(plugin, &URL));
    assert_eq!(session.text(filter, &MODULE), None);
    assert_eq!(session.editor.history().depth(), steps + 1);
    session.editor.undo().unwrap();
    assert_eq!(session.text(filter, &MODULE), Some("oci://reg.example.com/b:2"));
}

#[test]
fn the_yaml_of_a_plugin_edits_its_filter_too() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let filter = session.filter(plugin, "a");
    session.set(filter, &["configuration", "config"], "{\"list\": [1, 2], \"keep\": 1.50}".into());
    let edited = |session: &Session, change: &dyn Fn(&mut Map)| {
        let mut configuration =
            session.editor.design().component(plugin).unwrap().configuration().unwrap().clone();
        change(configuration.get_mut("spec").and_then(Value::as_map_mut).unwrap());
        EditCommand::ReplaceConfiguration { id: plugin, configuration: configuration.into() }
    };
    let config = |session: &Session| {
        let text = session.text(filter, &["configuration", "config"]).unwrap();
        yaml::parse(text).unwrap().into_first().unwrap().value
    };
    // Two items into a list at once, and a key that is the plugin's own.
    let command = edited(&session, &|spec| {
        let list = spec.get_mut("pluginConfig").unwrap().as_map_mut().unwrap();
        list.insert("list", Value::List([0, 1, 2, 3].map(Value::from).to_vec()));
        spec.insert("phase", "AUTHN".into());
    });
    session.apply(command);
    let list = config(&session).at(&["list"]).unwrap().as_list().unwrap().len();
    assert_eq!((list, session.text(plugin, &["configuration", "spec", "phase"])), (4, Some("AUTHN")));
    assert!(session.text(filter, &["configuration", "config"]).unwrap().contains("1.50"), "digits are kept");
    // Keys in another order say nothing new.
    let steps = session.editor.history().depth();
    let command = edited(&session, &|spec| {
        let (_, url) = spec.remove("url").unwrap();
        spec.insert_at(0, "url", url);
    });
    session.apply(command);
    assert_eq!(session.editor.history().depth(), steps);
    // Without its spec a plugin has no module, and so its filter has none.
    let command = EditCommand::ReplaceConfiguration {
        id: plugin,
        configuration: Value::from([("metadata", Value::from([("name", "edge".into())]))]),
    };
    session.apply(command);
    assert_eq!(session.text(filter, &MODULE), None);
    assert_eq!(session.text(plugin, &URL), None);
}

#[test]
fn emptying_the_yaml_of_a_plugin_takes_the_module_of_its_first_filter() {
    let text = include_str!("../../../designs/edge-security.yaml");
    let read = crate::model::Design::from_tree(yaml::parse(text).unwrap().into_first().unwrap().value);
    let mut session = Session::of(read);
    let design = session.editor.design();
    let plugin = design.components().find(|it| it.own_name() == Some("edge-auth")).unwrap().id();
    let chain: Vec<ComponentId> = design.chain(plugin).iter().map(|link| link.from).collect();
    let second = session.text(chain[1], &MODULE).unwrap().to_owned();
    let empty = EditCommand::ReplaceConfiguration { id: plugin, configuration: Map::new().into() };
    session.apply(empty);
    assert_eq!(session.text(chain[0], &MODULE), None);
    assert_eq!(session.text(plugin, &URL), Some(second.as_str()), "the second filter runs now");
    session.apply(EditCommand::Delete { ids: chain, keep_filters: false });
    let spec = session.editor.design().component(plugin).unwrap().configured(&["spec"]);
    assert_eq!(spec, None, "what was made for the second filter went with it");
}

#[test]
fn a_namespace_gives_its_name_to_what_lies_in_its_frame() {
    let mut session = Session::new();
    let canvas = Destination::Canvas(None);
    let [one, two] = ["one", "two"].map(|name| {
        let id = session.add(ComponentKind::NAMESPACE, canvas);
        session.apply(EditCommand::Rename { id, name: name.to_owned() });
        id
    });
    let plugin = session.plugin();
    session.set(plugin, &NAMESPACE, "mine".into());
    let before = session.editor.design().clone();
    let into = |namespace| EditCommand::Place {
        ids: vec![plugin],
        destination: Destination::Frame { namespace, position: None },
    };
    session.apply(into(one));
    assert_eq!(session.text(plugin, &NAMESPACE), Some("one"));
    let steps = session.editor.history().depth();
    session.apply(into(two));
    assert_eq!(session.text(plugin, &NAMESPACE), Some("two"));
    assert_eq!(session.editor.history().depth(), steps + 1);
    session.apply(EditCommand::Rename { id: two, name: "renamed".to_owned() });
    assert_eq!(session.text(plugin, &NAMESPACE), Some("renamed"));
    session.apply(EditCommand::Rename { id: two, name: "two".to_owned() });
    let effect = session.editor.drop_effect(&Dragged::Existing(vec![plugin]), canvas);
    assert_eq!(effect.text(), "Takes wasm-plugin-1 out of two: metadata.namespace goes back to mine");
    session.apply(EditCommand::Place { ids: vec![plugin], destination: canvas });
    assert_eq!(*session.editor.design(), before);
    session.apply(into(one));
    session.apply(EditCommand::Delete { ids: vec![one], keep_filters: false });
    assert_eq!(session.text(plugin, &NAMESPACE), Some("one"), "deleting a namespace leaves the values");
}

#[test]
fn a_design_that_is_evaluated_opens_without_a_step() {
    for text in [
        include_str!("../../../designs/edge-security.yaml"),
        include_str!("../../../designs/frontpage-envoyfilter.yaml"),
        include_str!("../../../designs/hierarchical-parent-wallet.yaml"),
        include_str!("../../../designs/http-call-on-back-golang.yaml"),
    ] {
        let design = sample(text);
        let editor = Editor::open(design.clone(), Registry::builtin());
        assert_eq!(*editor.design(), design, "{}", design.name());
        assert!(!editor.is_dirty() && editor.history().is_as_read() && !editor.offers_evaluation());
    }
}

/// A plugin and a filter that say the same, joined by nothing.
fn unjoined() -> Design {
    let mut session = Session::new();
    let plugin = session.plugin();
    let filter = session.add(ComponentKind::WASM_FILTER, Destination::Canvas(None));
    session.set(plugin, &URL, "oci://reg.example.com/a:1".into());
    session.set(filter, &MODULE, "oci://reg.example.com/a:1".into());
    session.editor.design().clone()
}

#[test]
fn opening_evaluates_as_the_first_step_and_undoing_it_leaves_a_revision_that_is_not_evaluated() {
    let read = unjoined();
    let mut session = Session::of(read.clone());
    let plugin = session.editor.design().of_kind(&ComponentKind::WASM_PLUGIN).next().unwrap().id();
    assert_eq!((session.undo_label(), session.chain(plugin).len()), (EVALUATE_ON_OPENING, 1));
    assert!(session.editor.is_dirty() && !session.editor.offers_evaluation());
    assert_eq!(session.editor.evaluation().trace.relationships_added.len(), 1);
    session.editor.undo().unwrap();
    assert_eq!(*session.editor.design(), read);
    assert!(!session.editor.is_dirty() && session.editor.offers_evaluation());
    assert_eq!(derive(&session.editor.derive_input()).design.chain(plugin).len(), 1, "derived is evaluated");

    // The first gesture evaluates everything, but identifies nothing; "Evaluate now" does.
    session.apply(EditCommand::RenameDesign { name: "mine".to_owned() });
    assert!(session.chain(plugin).is_empty() && session.editor.offers_evaluation());
    session.apply(EditCommand::EvaluateNow);
    assert_eq!(session.chain(plugin).len(), 1);
    assert!(!session.editor.offers_evaluation());
    assert_eq!(session.undo_label(), "Evaluate now");
    session.editor.undo().unwrap();
    assert!(session.editor.offers_evaluation());
    session.editor.undo_all().unwrap();
    assert_eq!(*session.editor.design(), read);
}

#[test]
fn what_was_changed_outside_is_said_until_it_is_mended() {
    let mut session = Session::new();
    let plugin = session.plugin();
    session.filter(plugin, "a");
    let mut outside = session.editor.design().clone();
    outside
        .apply(crate::model::Edit::set(plugin, FieldPath::keys(&URL), "oci://reg.example.com/new:9"))
        .unwrap();
    let mut session = Session::of(outside);
    let found = |session: &Session| {
        let derived = derive(&session.editor.derive_input());
        derived.diagnostics.into_iter().find(|it| it.code == "DS013")
    };
    let finding = found(&session).expect("DS013");
    session.set(plugin, &["configuration", "spec", "phase"], "AUTHN".into());
    assert!(found(&session).is_some(), "an edit elsewhere does not mend it");
    session.apply(EditCommand::ApplyFix { fix: finding.fix.expect("a fix") });
    assert_eq!(session.text(plugin, &URL), Some("oci://reg.example.com/new:9"));
    assert_eq!(found(&session), None);
    session.editor.undo().unwrap();
    assert!(found(&session).is_some());
    let state = session.editor.history().state();
    session.editor.mark_saved(state);
    assert_eq!(found(&session), None, "the file says it no more");
}

fn envoy_filter(code: &str, config: &str) -> (Session, ComponentId) {
    let mut session = Session::new();
    let id = session.add(ComponentKind::ENVOY_FILTER, Destination::Canvas(None));
    let entry = format!(
        "[{{applyTo: HTTP_FILTER, patch: {{operation: INSERT_FIRST, value: {{name: envoy-filter-1.mine, typed_config: \
         {{'@type': {}, config: {{{config} vm_config: {{code: {code}}}}}}}}}}}}}]",
        crate::model::view::WASM_TYPE_URL
    );
    let entries = yaml::parse(&entry).unwrap().into_first().unwrap().value;
    session.set(id, &["configuration", "spec", "configPatches"], entries);
    (session, id)
}

#[test]
fn a_filter_is_made_of_a_patch_and_nothing_in_the_patch_changes() {
    let text = "configuration: {'@type': type.googleapis.com/google.protobuf.StringValue, value: 'a: 1'}, \
                root_id: r,";
    let object = "configuration: {'@type': type.googleapis.com/google.protobuf.Struct, value: {a: 1}},";
    for (code, url) in [
        ("{local: {filename: /f.wasm}}", "file:///f.wasm"),
        (
            "{remote: {http_uri: {uri: 'https://example.com/f.wasm', timeout: 5s}, sha256: ab}}",
            "https://example.com/f.wasm",
        ),
    ] {
        for config in ["", text, object] {
            let (mut session, id) = envoy_filter(code, config);
            let before = session.editor.design().component(id).unwrap().clone();
            let seed = session.seed();
            session.apply(EditCommand::MakeFilterFromPatch { envoy_filter: id, entry: 0, seed });
            let filter = session.editor.selection().primary().unwrap();
            assert_eq!(session.text(filter, &["displayName"]), Some("mine"));
            assert_eq!(session.text(filter, &MODULE), Some(url));
            assert_eq!(session.chain(id), ["mine"]);
            let after = session.editor.design().component(id).unwrap();
            assert!(after.tree().identical(before.tree()), "{code} {config}");
            // Evaluated once more, and opened again, nothing changes either.
            let again = Session::of(session.editor.design().clone());
            assert_eq!(again.editor.design(), session.editor.design());
            let seed = session.seed();
            let twice = EditCommand::MakeFilterFromPatch { envoy_filter: id, entry: 0, seed };
            assert!(session.refused(twice).contains("belongs to a filter"));
        }
    }
    let (mut session, id) = envoy_filter("{}", "");
    let seed = session.seed();
    let refused = session.refused(EditCommand::MakeFilterFromPatch { envoy_filter: id, entry: 0, seed });
    assert!(refused.contains("neither local nor remote"));
}

#[test]
fn an_entry_keeps_its_filter_when_it_is_renamed() {
    let mut session = Session::new();
    let id = session.add(ComponentKind::ENVOY_FILTER, Destination::Canvas(None));
    session.filter(id, "a");
    let entries = |session: &Session| -> Vec<String> {
        let view = EnvoyFilterView::cast(session.editor.design().component(id).unwrap()).unwrap();
        view.entries().filter_map(|entry| entry.name().map(str::to_owned)).collect()
    };
    assert_eq!(entries(&session).len(), 1);
    let mut configuration =
        Value::from(session.editor.design().component(id).unwrap().configuration().unwrap().clone());
    let path = FieldPath::keys(&["spec", "configPatches"])
        .child(0)
        .join(&FieldPath::keys(&["patch", "value", "name"]));
    *configuration.get_mut(&path).unwrap() = "renamed".into();
    session.apply(EditCommand::ReplaceConfiguration { id, configuration });
    assert_eq!(entries(&session), ["renamed"], "one entry, the filter's");
    session.filter(id, "b");
    assert_eq!(entries(&session).len(), 2);
    session.apply(EditCommand::Delete {
        ids: vec![session.editor.design().chain(id)[0].from],
        keep_filters: false,
    });
    assert_eq!(entries(&session).len(), 1, "an entry that we made goes with its filter");
}

#[test]
fn manifests_are_identified_among_what_is_pasted_and_fragments_are_not() {
    let fragment = Arc::new(unjoined());
    let mut session = Session::of(unjoined());
    session.seeds = 100;
    session.editor.undo().unwrap();
    for (identify, wallets) in [(false, 0), (true, 1)] {
        let (fragment, seed) = (Arc::clone(&fragment), session.seed());
        session.editor.selection_mut().clear();
        session.apply(EditCommand::Paste { fragment, identify, position: None, seed });
        let design = session.editor.design();
        let count = design.relationships().filter(|it| it.is_wallet()).count();
        assert_eq!(count, wallets, "identify: {identify}");
    }
}

#[test]
fn a_wallet_with_an_error_leaves_its_filters_pending() {
    let mut session = Session::new();
    let plugin = session.plugin();
    session.filter(plugin, "a");
    session.set(plugin, &["configuration", "spec", "phase"], "NEVER".into());
    let derived = derive(&session.editor.derive_input());
    let link = session.editor.design().chain(plugin)[0];
    let reason = derived.pending.get(&link.relationship).expect("pending");
    assert!(reason.starts_with("wasm-plugin-1 has an error: "), "{reason}");
    assert!(derived.counts[&plugin].errors > 0 && derived.total.errors > 0);
    let fine = Session::of(sample(include_str!("../../../designs/edge-security.yaml")));
    assert!(derive(&fine.editor.derive_input()).pending.is_empty());
}

/// "Create Namespace X": one step makes it, named as its children name it, and joins every one of them.
#[test]
fn a_parent_that_is_named_is_made_on_the_users_word_only() {
    let mut session = Session::new();
    let (one, two, other) = (session.plugin(), session.plugin(), session.plugin());
    for (id, name) in [(one, "edge"), (two, "edge"), (other, "else")] {
        session.set(id, &NAMESPACE, name.into());
    }
    assert_eq!(session.editor.design().components().len(), 3, "nothing is made by itself");
    assert_eq!(session.editor.missing_parents(one), [(ComponentKind::NAMESPACE, "edge".to_owned())]);
    let before = session.editor.design().clone();
    let seed = session.seed();
    session.apply(EditCommand::MakeParent { child: one, kind: ComponentKind::NAMESPACE, seed });
    let made = session.editor.selection().primary().unwrap();
    let design = session.editor.design();
    assert_eq!(design.component(made).unwrap().own_name(), Some("edge"));
    assert_eq!(design.component(made).unwrap().metadata_name(), Some("edge"));
    let members: Vec<ComponentId> = design.members(made).iter().map(|link| link.from).collect();
    assert_eq!(members, [one, two]);
    assert_eq!(design.component(one).unwrap().namespace(), Some("edge"));
    assert_eq!(session.editor.history().undo_label(), Some("Create Namespace edge"));
    // Opened again it is settled, and taken out a plugin keeps the name that it had.
    let again = crate::policy::evaluated(session.editor.design(), &Registry::builtin(), true);
    assert!(again.1.trace.is_empty());
    assert!(session.editor.missing_parents(one).is_empty());
    let seed = session.seed();
    let refused =
        session.refused(EditCommand::MakeParent { child: one, kind: ComponentKind::NAMESPACE, seed });
    assert_eq!(refused, "wasm-plugin-1 names no Namespace that is missing");
    session.editor.undo().unwrap();
    assert_eq!(*session.editor.design(), before);
    assert_eq!(session.editor.missing_parents(other), [(ComponentKind::NAMESPACE, "else".to_owned())]);
    // One of that name that is there already is none that is missing, whether it is joined or not.
    let there = session.add(ComponentKind::NAMESPACE, Destination::Canvas(None));
    session.apply(EditCommand::Rename { id: there, name: "else".to_owned() });
    assert!(session.editor.missing_parents(other).is_empty());
    let filter = session.filter(one, "f");
    assert!(session.editor.missing_parents(filter).is_empty());
}

/// The values of a definition of others are written where its parent gives them.
#[test]
fn a_parent_of_another_definition_is_made_with_its_values() {
    let mut registry = (*Registry::builtin()).clone();
    let text = "{kind: hierarchical, type: parent, subType: inventory, selectors: [{allow: {\
         from: [{kind: Secret, patch: {mutatedRef: [[configuration, metadata, labels, app], [configuration, metadata, labels, of]]}}], \
         to: [{kind: ConfigMap, patch: {mutatorRef: [[configuration, data, app], [configuration, data, of]]}}]}}]}";
    registry.add_relationship("owner.yaml", text).unwrap();
    let mut session = Session::new();
    session.editor = Editor::open(session.editor.design().clone(), Arc::new(registry));
    let secret = session.add(ComponentKind::SECRET, Destination::Canvas(None));
    let label = |key| ["configuration", "metadata", "labels", key];
    session.set(secret, &label("app"), "a".into());
    assert!(session.editor.missing_parents(secret).is_empty(), "only half of the values are there");
    session.set(secret, &label("of"), "b".into());
    assert_eq!(session.editor.missing_parents(secret), [(ComponentKind::CONFIG_MAP, "a".to_owned())]);
    let seed = session.seed();
    session.apply(EditCommand::MakeParent { child: secret, kind: ComponentKind::CONFIG_MAP, seed });
    let made = session.editor.selection().primary().unwrap();
    let data = session.editor.design().component(made).unwrap().configured(&["data"]).cloned();
    assert_eq!(data, Some(Value::from([("app", "a".into()), ("of", "b".into())])));
    assert_eq!(session.editor.design().links_from(secret)[0].to, made);
    assert!(session.editor.missing_parents(secret).is_empty());
}
