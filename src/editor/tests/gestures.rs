//! One gesture at a time.

use super::*;

fn place(ids: &[ComponentId], wallet: ComponentId, place: usize) -> EditCommand {
    EditCommand::Place { ids: ids.to_vec(), destination: Destination::Wallet { wallet, place } }
}

fn delete(ids: &[ComponentId], keep_filters: bool) -> EditCommand {
    EditCommand::Delete { ids: ids.to_vec(), keep_filters }
}

#[test]
fn what_is_added_is_complete_named_and_selected() {
    let mut session = Session::new();
    let at = Destination::Canvas(Some(Position::new(1.005, 2.5)));
    let plugin = session.add(ComponentKind::WASM_PLUGIN, at);
    assert_eq!(session.text(plugin, &["displayName"]), Some("wasm-plugin-1"));
    assert_eq!(session.text(plugin, &["configuration", "metadata", "name"]), Some("wasm-plugin-1"));
    assert_eq!(session.text(plugin, &["model", "name"]), Some("istio-base"));
    assert_eq!(session.undo_label(), "Add wasm-plugin-1");
    let second = session.plugin();
    assert_eq!(session.text(second, &["displayName"]), Some("wasm-plugin-2"));
    session.apply(delete(&[plugin], false));
    let third = session.plugin();
    assert_eq!(session.text(third, &["displayName"]), Some("wasm-plugin-1"), "the lowest free number");
    let filter = session.filter(third, "basic-auth");
    assert!(session.editor.design().component(filter).unwrap().position().is_none());
    assert!(session.editor.selection().contains(filter));
}

#[test]
fn a_filter_goes_to_its_place_and_back() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let [a, b, c] = ["a", "b", "c"].map(|name| session.filter(plugin, name));
    assert_eq!(session.chain(plugin), ["a", "b", "c"]);
    session.apply(place(&[c], plugin, 0));
    assert_eq!(session.chain(plugin), ["c", "a", "b"]);
    assert_eq!(session.undo_label(), "Move c within wasm-plugin-1");
    session.apply(place(&[c, a], plugin, 99));
    assert_eq!(session.chain(plugin), ["b", "c", "a"]);
    let depth = session.editor.history().depth();
    session.apply(place(&[b], plugin, 0));
    assert_eq!(session.editor.history().depth(), depth, "what stays where it is is no step");
    let other = session.plugin();
    session.filter(other, "x");
    session.apply(place(&[a, b], other, 0));
    assert_eq!(session.chain(other), ["a", "b", "x"]);
    assert_eq!(session.chain(plugin), ["c"]);
    session.apply(EditCommand::Place { ids: vec![b], destination: Destination::Canvas(None) });
    assert_eq!(session.chain(other), ["a", "x"]);
    assert_eq!(session.undo_label(), "Take b out of wasm-plugin-2");
    while session.editor.undo().unwrap().is_some() {}
    assert_eq!(session.editor.design().components().len(), 0);
}

#[test]
fn reordering_permutes_only_the_places_that_are_held() {
    let mut session = Session::new();
    let (first, second) = (session.plugin(), session.plugin());
    let a = session.filter(first, "a");
    session.filter(second, "x");
    session.filter(first, "b");
    session.filter(second, "y");
    let c = session.filter(first, "c");
    let owner = |session: &Session| -> Vec<ComponentId> {
        session.editor.design().relationships().map(|it| it.pairs()[0].to.unwrap()).collect()
    };
    let before = owner(&session);
    session.apply(place(&[c], first, 0));
    assert_eq!(session.chain(first), ["c", "a", "b"]);
    assert_eq!(session.chain(second), ["x", "y"]);
    assert_eq!(owner(&session), before);
    session.apply(place(&[a], second, 1));
    assert_eq!(session.chain(second), ["x", "a", "y"]);
    assert_eq!(session.chain(first), ["c", "b"]);
}

#[test]
fn deleting_takes_filters_along_unless_they_are_kept() {
    let mut session = Session::new();
    let plugin = session.plugin();
    session.filter(plugin, "a");
    session.filter(plugin, "b");
    session.apply(delete(&[plugin], false));
    assert_eq!(session.editor.design().components().len(), 0);
    assert_eq!(session.editor.design().relationships().len(), 0);
    assert_eq!(session.undo_label(), "Delete wasm-plugin-1 and 2 filters");
    session.editor.undo().unwrap();
    assert_eq!(session.chain(plugin), ["a", "b"]);
    session.apply(delete(&[plugin], true));
    assert_eq!(session.editor.design().components().len(), 2);
    assert_eq!(session.editor.design().relationships().len(), 0);
}

#[test]
fn pairs_that_name_what_goes_go_and_tombstones_stay() {
    let end =
        |ids: &[&str]| Value::List(ids.iter().map(|id| Value::from([("id", Value::from(*id))])).collect());
    let relationship = |id: &str, status: &str, from: &[&str]| {
        let allow = Value::from([("from", end(from)), ("to", end(&["t"]))]);
        Value::from([
            ("id", id.into()),
            ("kind", "edge".into()),
            ("type", "non-binding".into()),
            ("subType", "reference".into()),
            ("status", status.into()),
            ("selectors", Value::List(vec![Value::from([("allow", allow)])])),
        ])
    };
    let component = |id: &str| {
        Value::from([("id", id.into()), ("displayName", id.into()), ("configuration", Map::new().into())])
    };
    let mut session = Session::of(Design::from_tree(Value::from([
        ("components", Value::List(["a", "b", "t"].map(component).to_vec())),
        (
            "relationships",
            Value::List(vec![
                relationship("1", "approved", &["a", "b"]),
                relationship("2", "approved", &["a"]),
                relationship("3", "deleted", &["a"]),
            ]),
        ),
    ])));
    let id = |text: &str| ComponentId::from_text(text).unwrap();
    let read = session.editor.design().clone();
    session.apply(delete(&[id("a")], false));
    let left: Vec<_> = session.editor.design().relationships().map(|it| it.id_text().to_owned()).collect();
    assert_eq!(left, ["1", "3"]);
    let one = session.editor.design().relationships().next().unwrap();
    assert_eq!(one.pairs().len(), 1);
    session.apply(delete(&[id("t")], false));
    assert_eq!(session.editor.design().relationships().len(), 1);
    session.editor.undo_all().unwrap();
    assert_eq!(*session.editor.design(), read);
}

#[test]
fn a_rename_sets_both_names() {
    let mut session = Session::new();
    let plugin = session.plugin();
    session.apply(EditCommand::Rename { id: plugin, name: " edge-auth ".to_owned() });
    assert_eq!(session.text(plugin, &["displayName"]), Some("edge-auth"));
    assert_eq!(session.text(plugin, &["configuration", "metadata", "name"]), Some("edge-auth"));
    let filter = session.filter(plugin, "basic-auth");
    let component = session.editor.design().component(filter).unwrap();
    assert_eq!(component.display_name(), "basic-auth");
    assert!(component.configured(&["metadata"]).is_none(), "a filter is no object of Kubernetes");
    assert!(session.refused(EditCommand::Rename { id: plugin, name: "  ".to_owned() }).contains("blank"));
}

#[test]
fn a_frame_holds_objects_and_moves_with_them() {
    let mut session = Session::new();
    let at = |x: f64, y: f64| Destination::Canvas(Some(Position::new(x, y)));
    let namespace = session.add(ComponentKind::NAMESPACE, at(0.0, 0.0));
    let plugin = session.add(
        ComponentKind::WASM_PLUGIN,
        Destination::Frame { namespace, position: Some(Position::new(10.0, 10.0)) },
    );
    assert_eq!(session.editor.design().frame_of(plugin).map(|link| link.to), Some(namespace));
    session.apply(EditCommand::Move { moves: vec![(namespace, Position::new(5.0, -5.0))] });
    let position = |id| session.editor.design().component(id).unwrap().position();
    assert_eq!(position(plugin), Some(Position::new(15.0, 5.0)));
    assert_eq!(position(namespace), Some(Position::new(5.0, -5.0)));

    let filter = session.filter(plugin, "a");
    let into_frame = |id| EditCommand::Place {
        ids: vec![id],
        destination: Destination::Frame { namespace, position: None },
    };
    assert!(session.refused(into_frame(filter)).contains("takes what lives in a namespace"));
    let other = session.add(ComponentKind::NAMESPACE, at(100.0, 0.0));
    assert!(!session.refused(into_frame(other)).is_empty());
    session.apply(delete(&[namespace], false));
    assert!(session.editor.design().component(plugin).is_some(), "a namespace's members stay");
    assert!(session.editor.design().frame_of(plugin).is_none());
    assert_eq!(session.chain(plugin), ["a"]);
}

#[test]
fn a_duplicate_has_names_of_its_own_and_keeps_the_order() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let a = session.filter(plugin, "a");
    session.filter(plugin, "b");
    let seed = session.seed();
    session.apply(EditCommand::Duplicate { ids: vec![plugin], seed });
    let copy = session.editor.selection().primary().unwrap();
    assert_eq!(session.editor.selection().len(), 1);
    assert_eq!(session.text(copy, &["displayName"]), Some("wasm-plugin-1-2"));
    assert_eq!(session.text(copy, &["configuration", "metadata", "name"]), Some("wasm-plugin-1-2"));
    assert_eq!(session.chain(copy), ["a", "b"]);
    let seed = session.seed();
    session.apply(EditCommand::Duplicate { ids: vec![a], seed });
    assert_eq!(session.chain(plugin), ["a", "a", "b"], "directly after its original");
    let copied = session.editor.selection().primary().unwrap();
    assert_eq!(session.editor.design().chain(plugin)[1].from, copied);
}

#[test]
fn pasted_filters_go_into_the_selected_plugin() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let a = session.filter(plugin, "a");
    session.filter(plugin, "b");
    let mut source = Session::new();
    let loose = source.add(ComponentKind::WASM_FILTER, Destination::Canvas(None));
    source.apply(EditCommand::Rename { id: loose, name: "pasted".to_owned() });
    let fragment = source.editor.shared_design();
    let paste = |session: &mut Session| {
        let (fragment, seed) = (Arc::clone(&fragment), session.seed());
        session.apply(EditCommand::Paste { fragment, identify: false, position: None, seed });
    };
    session.editor.selection_mut().set([a]);
    paste(&mut session);
    assert_eq!(session.chain(plugin), ["a", "pasted", "b"]);
    session.editor.selection_mut().set([plugin]);
    paste(&mut session);
    assert_eq!(session.chain(plugin), ["a", "pasted", "b", "pasted"]);
    session.editor.selection_mut().clear();
    paste(&mut session);
    assert_eq!(session.chain(plugin).len(), 4);
    let free = session.editor.selection().primary().unwrap();
    assert!(session.editor.design().wallet_of(free).is_none());
}

#[test]
fn a_whole_plugin_is_pasted_with_its_filters_at_the_pointer() {
    let mut source = Session::new();
    let plugin = source.add(ComponentKind::WASM_PLUGIN, Destination::Canvas(Some(Position::new(3.0, 4.0))));
    source.filter(plugin, "a");
    source.filter(plugin, "b");
    let fragment = source.editor.shared_design();
    let mut session = Session::new();
    for name in ["wasm-plugin-1", "wasm-plugin-1-2", "wasm-plugin-1-3"] {
        let (fragment, seed) = (Arc::clone(&fragment), session.seed());
        let position = Some(Position::new(50.0, 60.0));
        session.apply(EditCommand::Paste { fragment, identify: false, position, seed });
        let pasted = session.editor.selection().primary().unwrap();
        assert_eq!(session.text(pasted, &["displayName"]), Some(name));
        assert_eq!(session.chain(pasted), ["a", "b"]);
        let component = session.editor.design().component(pasted).unwrap();
        assert_eq!(component.position(), position);
    }
}

#[test]
fn what_is_pasted_takes_the_version_of_the_document() {
    for (design, fragment, pasted) in [
        ("v1beta1", "components.meshery.io/v1beta2", "components.meshery.io/v1beta1"),
        ("v1beta3", "components.meshery.io/v1beta1", "components.meshery.io/v1beta2"),
        ("v1beta3", "components.meshery.io/v9", "components.meshery.io/v9"),
        ("v1beta1", "", ""),
    ] {
        let read =
            |text: &str| Design::from_tree(crate::yaml::parse(text).unwrap().into_first().unwrap().value);
        let mut session = Session::of(read(&format!("schemaVersion: designs.meshery.io/{design}\n")));
        let fragment = Arc::new(read(&format!(
            "components: [{{id: a, schemaVersion: '{fragment}', component: {{kind: Service, version: v1}}}}]\n"
        )));
        let seed = session.seed();
        session.apply(EditCommand::Paste { fragment, identify: false, position: None, seed });
        let component = session.editor.design().components().next().unwrap();
        assert_eq!(component.tree().text_at(&["schemaVersion"]), Some(pasted));
    }
}

#[test]
fn a_replaced_configuration_changes_only_what_differs() {
    let mut session = Session::new();
    let plugin = session.plugin();
    session.set(
        plugin,
        &["configuration", "spec", "odd"],
        Value::Number(crate::model::Number::from_text("1.50")),
    );
    let mut configuration =
        session.editor.design().component(plugin).unwrap().configuration().unwrap().clone();
    let before = session.editor.design().clone();
    session
        .apply(EditCommand::ReplaceConfiguration { id: plugin, configuration: configuration.clone().into() });
    assert_eq!(*session.editor.design(), before);
    let spec = configuration.get_mut("spec").and_then(Value::as_map_mut).unwrap();
    spec.insert_at(0, "phase", "AUTHN".into());
    session
        .apply(EditCommand::ReplaceConfiguration { id: plugin, configuration: configuration.clone().into() });
    let now = session.editor.design().component(plugin).unwrap().configuration().unwrap();
    assert!(Value::from(now.clone()).identical(&configuration.into()));
    let list = EditCommand::ReplaceConfiguration { id: plugin, configuration: Value::List(Vec::new()) };
    assert!(session.refused(list).contains("a list"));
}

#[test]
fn a_key_keeps_its_place_under_another_name() {
    let mut session = Session::new();
    let deployment = session.add(ComponentKind::DEPLOYMENT, Destination::Canvas(None));
    let labels = ["configuration", "metadata", "labels"];
    session.set(deployment, &labels, Value::from([("a", "1".into()), ("b", "2".into())]));
    let path = FieldPath::keys(&labels).child("a");
    session.apply(EditCommand::RenameKey { id: deployment, path: path.clone(), key: "c".to_owned() });
    let component = session.editor.design().component(deployment).unwrap();
    let keys: Vec<_> = component.tree().at(&labels).unwrap().as_map().unwrap().keys().collect();
    assert_eq!(keys, ["c", "b"]);
    let taken = EditCommand::RenameKey {
        id: deployment,
        path: FieldPath::keys(&labels).child("c"),
        key: "b".to_owned(),
    };
    assert!(session.refused(taken).contains("already"));
    let gone = EditCommand::RenameKey { id: deployment, path, key: "z".to_owned() };
    assert!(session.refused(gone).contains("not there"));
}

#[test]
fn reference_only_is_written_while_it_is_set() {
    let mut session = Session::new();
    let deployment = session.add(ComponentKind::DEPLOYMENT, Destination::Canvas(None));
    let read = session.editor.design().clone();
    session.apply(EditCommand::SetReferenceOnly { id: deployment, reference_only: true });
    assert!(session.editor.design().component(deployment).unwrap().reference_only());
    session.apply(EditCommand::SetReferenceOnly { id: deployment, reference_only: false });
    assert_eq!(*session.editor.design(), read, "nothing empty is left behind");
}

#[test]
fn a_new_namespace_is_an_object_until_it_is_made_a_reference() {
    let mut session = Session::new();
    let namespace = session.add(ComponentKind::NAMESPACE, Destination::Canvas(None));
    let read = session.editor.design().clone();
    let is_object =
        |session: &Session| crate::wallet::has_body(session.editor.design().component(namespace).unwrap());
    assert!(is_object(&session));
    session.apply(EditCommand::SetReferenceOnly { id: namespace, reference_only: true });
    assert!(!is_object(&session));
    session.apply(EditCommand::SetReferenceOnly { id: namespace, reference_only: false });
    assert_eq!(*session.editor.design(), read);
}

#[test]
fn a_gesture_is_one_step_and_ends_with_another() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let path = FieldPath::keys(&["configuration", "spec", "priority"]);
    let set = |number: i64| EditCommand::SetField { id: plugin, path: path.clone(), value: number.into() };
    let before = session.editor.design().clone();
    let depth = session.editor.history().depth();
    for number in 0..50 {
        session.editor.apply_coalesced(set(number), 7).unwrap();
    }
    assert_eq!(session.editor.history().depth(), depth + 1);
    session.editor.apply_coalesced(set(60), 8).unwrap();
    assert_eq!(session.editor.history().depth(), depth + 2, "another key is another gesture");
    session.apply(set(61));
    session.editor.apply_coalesced(set(62), 8).unwrap();
    assert_eq!(session.editor.history().depth(), depth + 4);
    for _ in 0..4 {
        session.editor.undo().unwrap();
    }
    assert_eq!(*session.editor.design(), before);
}

#[test]
fn undo_selects_what_comes_back() {
    let mut session = Session::new();
    let (a, b) = (session.plugin(), session.plugin());
    session.editor.selection_mut().set([a]);
    session.apply(delete(&[a], false));
    assert!(session.editor.selection().is_empty());
    session.editor.selection_mut().set([b]);
    session.editor.undo().unwrap();
    assert_eq!(session.editor.selection().iter().collect::<Vec<_>>(), [a]);
}

#[test]
fn a_drop_says_what_it_will_do() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let a = session.filter(plugin, "a");
    let b = session.filter(plugin, "b");
    let namespace = session.add(ComponentKind::NAMESPACE, Destination::Canvas(None));
    let deployment = session.add(ComponentKind::DEPLOYMENT, Destination::Canvas(None));
    let into = |place| Destination::Wallet { wallet: plugin, place };
    let frame = Destination::Frame { namespace, position: None };
    let canvas = Destination::Canvas(None);
    let new = |kind: ComponentKind| Dragged::New(kind);
    let present = |ids: &[ComponentId]| Dragged::Existing(ids.to_vec());
    let text = |dragged: Dragged, destination| {
        let effect = session.editor.drop_effect(&dragged, destination);
        (effect.is_allowed(), effect.text().to_owned())
    };
    let allowed = |text: &str| (true, text.to_owned());
    assert_eq!(text(new(ComponentKind::WASM_FILTER), into(2)), allowed("Adds a WasmFilter as no. 3"));
    assert_eq!(text(present(&[a]), into(1)), allowed("Moves a to no. 2"));
    assert_eq!(text(present(&[a]), into(0)), allowed("Stays no. 1"));
    assert_eq!(text(present(&[plugin]), frame), allowed("Sets metadata.namespace to namespace-1"));
    assert_eq!(text(present(&[plugin]), canvas), allowed("Moves wasm-plugin-1"));
    assert_eq!(
        text(present(&[a]), canvas),
        allowed("Takes a out: spec.url of wasm-plugin-1 comes from b then")
    );
    assert_eq!(text(present(&[b]), canvas), allowed("Takes b out of wasm-plugin-1"));
    assert!(text(present(&[plugin, a, b]), frame).0, "filters that their plugin carries are not asked");
    for (dragged, destination) in [
        (present(&[namespace]), frame),
        (present(&[deployment]), into(0)),
        (present(&[a]), frame),
        (new(ComponentKind::NAMESPACE), frame),
    ] {
        let (allowed, reason) = text(dragged, destination);
        assert!(!allowed && !reason.is_empty(), "{reason}");
    }
}

#[test]
fn the_target_version_stands_in_the_design_while_it_is_chosen() {
    let mut session = Session::new();
    let empty = session.editor.design().clone();
    let version = crate::istio::Version::new(1, 27);
    session.apply(EditCommand::SetIstioVersion { version: Some(version) });
    assert_eq!(session.editor.design().istio_version(), Some("1.27"));
    assert_eq!(derive(&session.editor.derive_input()).report.mesh.version, version);
    session.apply(EditCommand::SetIstioVersion { version: None });
    assert_eq!(session.editor.design().head().at(&["metadata", "billfold"]), None);
    let depth = session.editor.history().depth();
    session.apply(EditCommand::SetIstioVersion { version: None });
    assert_eq!(session.editor.history().depth(), depth, "nothing changed");
    session.editor.undo_all().unwrap();
    assert_eq!(*session.editor.design(), empty);
}
