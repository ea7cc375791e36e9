//! Random gestures: every one can be taken back and done again, and the selection never dangles.

use proptest::prelude::*;

use super::*;
use crate::model::Edit;

/// A gesture with numbers in place of ids; they are read against the design that is there.
#[derive(Clone, Debug)]
enum Gesture {
    Add { kind: usize, parent: usize, place: usize },
    Set { component: usize, field: usize, value: i64 },
    Unset { component: usize, field: usize },
    Rename { component: usize, name: usize },
    Move { component: usize, x: i16, y: i16 },
    Place { components: Vec<usize>, parent: usize, place: usize },
    Delete { components: Vec<usize>, keep_filters: bool },
    Duplicate { components: Vec<usize> },
    Paste { identify: bool },
    ReferenceOnly { component: usize, on: bool },
    Replace { component: usize, key: usize, value: i64 },
    Select { components: Vec<usize> },
    EvaluateNow,
    Undo,
    Redo,
    Save,
}

const KINDS: [ComponentKind; 5] = [
    ComponentKind::WASM_PLUGIN,
    ComponentKind::WASM_FILTER,
    ComponentKind::ENVOY_FILTER,
    ComponentKind::NAMESPACE,
    ComponentKind::DEPLOYMENT,
];

const FIELDS: [&[&str]; 6] = [
    &["configuration", "spec", "priority"],
    &["configuration", "spec", "url"],
    &["configuration", "spec", "pluginConfig", "a"],
    &["configuration", "wasmFilter"],
    &["configuration", "metadata", "namespace"],
    &["displayName"],
];

fn gesture() -> impl Strategy<Value = Gesture> {
    let n = || 0..12_usize;
    let some = || proptest::collection::vec(0..12_usize, 1..4);
    prop_oneof![
        4 => (0..KINDS.len(), n(), 0..4_usize)
            .prop_map(|(kind, parent, place)| Gesture::Add { kind, parent, place }),
        3 => (n(), 0..FIELDS.len(), 0..4_i64)
            .prop_map(|(component, field, value)| Gesture::Set { component, field, value }),
        1 => (n(), 0..FIELDS.len()).prop_map(|(component, field)| Gesture::Unset { component, field }),
        1 => (n(), 0..3_usize).prop_map(|(component, name)| Gesture::Rename { component, name }),
        1 => (n(), any::<i16>(), any::<i16>()).prop_map(|(component, x, y)| Gesture::Move { component, x, y }),
        3 => (some(), n(), 0..4_usize)
            .prop_map(|(components, parent, place)| Gesture::Place { components, parent, place }),
        2 => (some(), any::<bool>())
            .prop_map(|(components, keep_filters)| Gesture::Delete { components, keep_filters }),
        1 => some().prop_map(|components| Gesture::Duplicate { components }),
        1 => any::<bool>().prop_map(|identify| Gesture::Paste { identify }),
        1 => (n(), any::<bool>()).prop_map(|(component, on)| Gesture::ReferenceOnly { component, on }),
        1 => (n(), 0..4_usize, 0..4_i64)
            .prop_map(|(component, key, value)| Gesture::Replace { component, key, value }),
        1 => some().prop_map(|components| Gesture::Select { components }),
        1 => Just(Gesture::EvaluateNow),
        2 => Just(Gesture::Undo),
        1 => Just(Gesture::Redo),
        1 => Just(Gesture::Save),
    ]
}

impl Session {
    fn at(&self, n: usize) -> Option<ComponentId> {
        let design = self.editor.design();
        let count = design.components().len();
        design.component_at(n.checked_rem(count)?).map(crate::model::Component::id)
    }

    fn all(&self, numbers: &[usize]) -> Vec<ComponentId> {
        numbers.iter().filter_map(|n| self.at(*n)).collect()
    }

    fn destination(&self, parent: usize, place: usize) -> Destination {
        let position = Some(Position::new(place as f64 * 3.0, parent as f64));
        let Some(id) = self.at(parent) else { return Destination::Canvas(position) };
        match self.editor.design().component(id) {
            Some(it) if it.kind().is_wallet() => Destination::Wallet { wallet: id, place },
            Some(it) if it.is(&ComponentKind::NAMESPACE) => Destination::Frame { namespace: id, position },
            _ => Destination::Canvas(position),
        }
    }

    fn command(&mut self, gesture: &Gesture) -> Option<EditCommand> {
        Some(match gesture {
            Gesture::Add { kind, parent, place } => EditCommand::AddComponent {
                kind: KINDS[*kind].clone(),
                destination: self.destination(*parent, *place),
                seed: self.seed(),
            },
            Gesture::Set { component, field, value } => EditCommand::SetField {
                id: self.at(*component)?,
                path: FieldPath::keys(FIELDS[*field]),
                value: if *field == 0 { (*value).into() } else { format!("v{value}").into() },
            },
            Gesture::Unset { component, field } => {
                EditCommand::UnsetField { id: self.at(*component)?, path: FieldPath::keys(FIELDS[*field]) }
            }
            Gesture::Rename { component, name } => {
                EditCommand::Rename { id: self.at(*component)?, name: format!("name-{name}") }
            }
            Gesture::Move { component, x, y } => EditCommand::Move {
                moves: vec![(self.at(*component)?, Position::new(f64::from(*x) / 7.0, f64::from(*y)))],
            },
            Gesture::Place { components, parent, place } => EditCommand::Place {
                ids: self.all(components),
                destination: self.destination(*parent, *place),
            },
            Gesture::Delete { components, keep_filters } => {
                EditCommand::Delete { ids: self.all(components), keep_filters: *keep_filters }
            }
            Gesture::Duplicate { components } => {
                EditCommand::Duplicate { ids: self.all(components), seed: self.seed() }
            }
            Gesture::Paste { identify } => EditCommand::Paste {
                fragment: self.editor.shared_design(),
                identify: *identify,
                position: None,
                seed: self.seed(),
            },
            Gesture::ReferenceOnly { component, on } => {
                EditCommand::SetReferenceOnly { id: self.at(*component)?, reference_only: *on }
            }
            Gesture::Replace { component, key, value } => {
                let id = self.at(*component)?;
                let mut map = self.editor.design().component(id)?.configuration()?.clone();
                match ["spec", "metadata", "odd"].get(*key) {
                    Some(name) => drop(map.insert_at(*key, *name, Value::from([("n", (*value).into())]))),
                    None => map = Map::new(),
                }
                EditCommand::ReplaceConfiguration { id, configuration: map.into() }
            }
            Gesture::EvaluateNow => EditCommand::EvaluateNow,
            _ => return None,
        })
    }

    fn run(&mut self, gesture: &Gesture) {
        match gesture {
            Gesture::Undo => drop(self.editor.undo().unwrap()),
            Gesture::Redo => drop(self.editor.redo().unwrap()),
            Gesture::Save => self.editor.mark_saved(self.editor.history().state()),
            Gesture::Select { components } => {
                let ids = self.all(components);
                self.editor.selection_mut().set(ids);
            }
            _ => {
                if self.editor.design().components().len() > 60 {
                    return;
                }
                let Some(command) = self.command(gesture) else { return };
                let before = self.editor.design().clone();
                let depth = self.editor.history().depth();
                if self.editor.apply(command).is_err() {
                    assert_eq!(*self.editor.design(), before, "an error changes nothing");
                    assert_eq!(self.editor.history().depth(), depth);
                }
            }
        }
        let design = self.editor.design();
        assert!(self.editor.selection().iter().all(|id| design.component(id).is_some()), "{gesture:?}");
        check(design);
        if self.editor.history().is_evaluated() {
            let again = crate::policy::evaluate(
                &mut crate::model::Transaction::new(&mut design.clone()),
                self.editor.registry(),
                crate::policy::Scope::Everything { identify: false },
            );
            assert!(again.trace.is_empty(), "{gesture:?} left something to evaluate: {:?}", again.trace);
        }
    }
}

/// What always holds: the graph holds the pairs whose two ends exist, so that the file says the same.
fn check(design: &Design) {
    let read = Design::from_tree(design.to_tree());
    for (read, component) in read.components().zip(design.components()) {
        let id = component.id();
        // Which of several of one id it is does not matter where nothing is joined to it.
        assert!(read.id() == id || design.relationships_naming(id).is_empty());
    }
    for component in design.components() {
        let id = component.id();
        assert_eq!(design.links_from(id).len(), read.links_from(id).len());
        assert_eq!(design.chain(id), read.chain(id), "the chain is what the file says");
    }
}

/// Designs to start from: an empty one, and files that others wrote.
const STARTS: [&str; 8] = [
    "name: test\ncomponents: []\n",
    include_str!("../../../tests/fixtures/valid/several-pairs.yaml"),
    include_str!("../../../tests/fixtures/valid/catalog-wallet.yaml"),
    include_str!("../../../tests/fixtures/valid/legacy-refs.yaml"),
    include_str!("../../../tests/fixtures/valid/duplicate-ids.yaml"),
    include_str!("../../../tests/fixtures/valid/unknown-kinds.yaml"),
    include_str!("../../../designs/edge-security.yaml"),
    include_str!("../../../designs/frontpage-envoyfilter.yaml"),
];

/// A session on one of them, and the design as it was read.
fn start(number: usize) -> (Session, Design) {
    let tree = crate::yaml::parse(STARTS[number]).unwrap().into_first().unwrap().value;
    let read = Design::from_tree(tree);
    (Session::of(read.clone()), read)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_step_can_be_taken_back_and_done_again(
        number in 0..STARTS.len(),
        gestures in proptest::collection::vec(gesture(), 1..24),
    ) {
        let (mut session, read) = start(number);
        for gesture in &gestures {
            session.run(gesture);
        }
        // Every state on the way back is the one on the way forth.
        let mut states = vec![session.editor.design().clone()];
        while session.editor.undo().unwrap().is_some() {
            states.push(session.editor.design().clone());
        }
        prop_assert_eq!(states.last().unwrap(), &read);
        states.pop();
        while let Some(state) = states.pop() {
            session.editor.redo().unwrap().unwrap();
            prop_assert_eq!(session.editor.design(), &state);
        }
    }

    #[test]
    fn what_is_taken_over_from_an_earlier_check_is_still_true(
        number in 0..STARTS.len(),
        gestures in proptest::collection::vec(gesture(), 1..12),
    ) {
        let (mut session, _) = start(number);
        let mut before = Arc::new(derive(&session.editor.derive_input()));
        for gesture in &gestures {
            session.run(gesture);
            let fresh = derive(&session.editor.derive_input());
            let derived = derive(&session.editor.derive_input().after(Arc::clone(&before)));
            prop_assert_eq!(&derived.diagnostics, &fresh.diagnostics, "{:?}", gesture);
            before = Arc::new(derived);
        }
    }

    #[test]
    fn a_coalesced_gesture_is_its_last_value_in_one_step(
        number in 0..STARTS.len(),
        gestures in proptest::collection::vec(gesture(), 1..8),
        values in proptest::collection::vec((0..12_usize, 0..FIELDS.len(), 0..9_i64), 1..12),
    ) {
        let (mut session, _) = start(number);
        for gesture in &gestures {
            session.run(gesture);
        }
        let before = session.editor.design().clone();
        let depth = session.editor.history().depth();
        for (component, field, value) in values {
            if let Some(command) = session.command(&Gesture::Set { component, field, value })
                && session.editor.apply_coalesced(command, 1).is_err() {}
        }
        let after = session.editor.design().clone();
        prop_assert!(session.editor.history().depth() <= depth + 1);
        while session.editor.history().depth() > depth {
            session.editor.undo().unwrap();
        }
        prop_assert_eq!(session.editor.design(), &before);
        if after != before {
            session.editor.redo().unwrap();
            prop_assert_eq!(session.editor.design(), &after);
        }
    }
}

#[test]
fn a_fix_is_a_step_with_its_own_label() {
    let mut session = Session::new();
    let plugin = session.plugin();
    let path = FieldPath::keys(&["configuration", "spec", "phase"]);
    let edits = vec![Edit::set(plugin, path, "AUTHN")];
    let fix = crate::model::Fix { label: "Set the phase to AUTHN".to_owned(), edits, is_by_hand: false };
    session.apply(EditCommand::ApplyFix { fix });
    assert_eq!(session.undo_label(), "Set the phase to AUTHN");
    assert_eq!(session.text(plugin, &["configuration", "spec", "phase"]), Some("AUTHN"));
}
