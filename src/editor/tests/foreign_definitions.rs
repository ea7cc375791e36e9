//! Gestures while definitions of others are in force.

use super::*;
use crate::registry::DefinitionFile;

/// A session with a Queue and a Thing, and these definitions: Meshery's wildcard for namespaces, and a `deny`.
fn session(definitions: &[&str]) -> Session {
    let kinds = include_str!("../../../tests/fixtures/definitions/good/nested/kinds.yaml");
    let files = definitions.iter().chain([&kinds]).enumerate().map(|(number, text)| DefinitionFile {
        name: format!("some/deny-{number}.yaml"),
        content: Ok(text.as_bytes().to_vec()),
        is_named: true,
    });
    let registry = Registry::builtin().with_definitions(files);
    assert!(!registry.report().has_problems());
    let mut session = Session::new();
    session.editor.use_registry(Arc::new(registry));
    session
}

const WILDCARD: &str = "\
schemaVersion: relationships.meshery.io/v1alpha3
kind: hierarchical
type: parent
subType: inventory
selectors:
- allow:
    from: [{kind: '*', model: {name: '*'}, patch: {mutatedRef: [[configuration, metadata, namespace]]}}]
    to: [{kind: Namespace, patch: {mutatorRef: [[displayName]]}}]
";

const DENY: &str = "\
schemaVersion: relationships.meshery.io/v1alpha3
kind: hierarchical
type: parent
subType: wallet
selectors:
- allow:
    from: [{kind: Service}]
    to: [{kind: EnvoyFilter}, {kind: WasmPlugin}]
  deny:
    from: [{kind: WASMFilter}]
    to: [{kind: EnvoyFilter}]
";

/// What is said before a drop is what happens on release.
#[track_caller]
fn check(session: &mut Session, id: ComponentId, destination: Destination, expected: Result<&str, &str>) {
    let effect = session.editor.drop_effect(&Dragged::Existing(vec![id]), destination);
    let place = EditCommand::Place { ids: vec![id], destination };
    match (effect, expected) {
        (DropEffect::Allowed(text), Ok(expected)) => {
            assert!(text.contains(expected), "{text}");
            session.apply(place);
            assert_eq!(session.editor.design().links_from(id).len(), 1, "it is in");
        }
        (DropEffect::Refused(text), Err(expected)) => {
            assert!(text.contains(expected), "{text}");
            assert!(session.refused(place).contains(expected));
        }
        (effect, _) => panic!("{effect:?}, not {expected:?}"),
    }
}

#[test]
fn a_drop_does_what_is_said_before_it_whatever_others_define() {
    let mut session = session(&[WILDCARD, DENY]);
    let namespace = session.add(ComponentKind::NAMESPACE, Destination::Canvas(None));
    let plugin = session.plugin();
    let envoy_filter = session.add(ComponentKind::ENVOY_FILTER, Destination::Canvas(None));
    let service = session.add(ComponentKind::SERVICE, Destination::Canvas(None));
    let filter = session.add(ComponentKind::WASM_FILTER, Destination::Canvas(None));
    let queue = session.add(
        ComponentKind::parse("Queue", "queues.example.com/v1"),
        Destination::Frame { namespace, position: None },
    );
    assert_eq!(
        session.text(queue, &["configuration", "metadata", "namespace"]),
        session.text(namespace, &["displayName"])
    );
    let frame = Destination::Frame { namespace, position: None };
    let wallet = |wallet| Destination::Wallet { wallet, place: usize::MAX };
    check(&mut session, filter, frame, Err("Namespace takes what lives in a namespace"));
    check(&mut session, filter, wallet(envoy_filter), Err("EnvoyFilter: deny-1 denies it"));
    check(&mut session, service, wallet(plugin), Err("WasmPlugin takes WasmFilter, not a Service"));
    check(&mut session, service, frame, Ok("namespace"));
    check(&mut session, filter, wallet(plugin), Ok("wasm-filter"));
}
