//! Putting a plugin elsewhere in a chain: what changes, what is refused, and that nothing else changes places.

use super::*;
use crate::istio::{Entry, FilterChain, Mesh, Protocol, Traffic};
use crate::model::view::Phase;
use crate::wallet::{effective_resources, landscape};

/// Plugins with name, phase, priority and number of filters (0: a module of their own), all on one workload.
fn session(plugins: &[(&str, &str, Option<i64>, usize)]) -> (Session, Vec<ComponentId>) {
    let mut session = Session::new();
    let workload = session.add(ComponentKind::DEPLOYMENT, Destination::Canvas(None));
    session.set(workload, &["configuration", "metadata", "name"], "shop".into());
    let mut ids = Vec::new();
    for (name, phase, priority, filters) in plugins {
        let id = session.plugin();
        session.apply(EditCommand::Rename { id, name: (*name).to_owned() });
        if !phase.is_empty() {
            session.set(id, &["configuration", "spec", "phase"], (*phase).into());
        }
        if let Some(priority) = priority {
            session.set(id, &["configuration", "spec", "priority"], (*priority).into());
        }
        if *filters == 0 {
            session.set(id, &["configuration", "spec", "url"], "oci://reg.example.com/own:1".into());
        }
        for filter in 0..*filters {
            session.filter(id, &format!("{name}{filter}"));
        }
        ids.push(id);
    }
    (session, ids)
}

impl Session {
    fn filter_chain(&self) -> FilterChain {
        let design = self.editor.design();
        let effective = effective_resources(design, self.editor.registry());
        landscape(design, &effective, Mesh::default()).chain(0, Traffic::Inbound, Protocol::Http)
    }

    /// The names of the plugins' filters in the order in which they run; `?` where it is open.
    fn order(&self) -> String {
        let chain = self.filter_chain();
        let word = |entry: &Entry| format!("{}{}", entry.name, if entry.is_determined() { "" } else { "?" });
        chain.entries.iter().filter(|entry| entry.is_plugin()).map(word).collect::<Vec<_>>().join(" ")
    }

    fn ask(&self, plugin: ComponentId, beside: Beside) -> Result<Reorder, String> {
        reorder(self.editor.design(), &self.filter_chain(), plugin, beside)
    }

    fn text_of(&self, plugin: ComponentId, beside: Beside) -> String {
        self.ask(plugin, beside).unwrap().text
    }

    fn put(&mut self, plugin: ComponentId, beside: Beside) {
        let reorder = self.ask(plugin, beside).unwrap();
        self.apply(EditCommand::ReorderPlugin(reorder));
    }
}

#[test]
fn the_nearest_free_priority_is_taken() {
    let (mut session, ids) =
        session(&[("a", "", Some(30), 0), ("b", "", Some(20), 0), ("c", "", Some(10), 0)]);
    let [a, b, c] = ids[..] else { panic!() };
    assert_eq!(session.text_of(c, Beside::Before(b)), "Sets the priority of c to 21 (was 10)");
    assert_eq!(session.text_of(c, Beside::Before(a)), "Sets the priority of c to 31 (was 10)");
    assert_eq!(session.text_of(a, Beside::After(b)), "Sets the priority of a to 19 (was 30)");
    assert_eq!(session.text_of(a, Beside::Before(b)), "a stays where it is");
    session.put(a, Beside::After(b));
    assert_eq!(session.order(), "b a c");
    assert_eq!(session.undo_label(), "Run a after b");
    session.editor.undo().unwrap();
    assert_eq!(session.order(), "a b c");
}

#[test]
fn a_neighbour_moves_only_when_no_priority_is_free() {
    let (mut session, ids) = session(&[("a", "", Some(3), 0), ("b", "", Some(2), 0), ("c", "", Some(1), 0)]);
    let [_, b, c] = ids[..] else { panic!() };
    let reorder = session.ask(c, Beside::Before(b)).unwrap();
    assert_eq!(reorder.neighbours().count(), 1);
    assert_eq!(
        reorder.text,
        "Sets the priority of c to 2 (was 1); makes room: sets the priority of b to 1 (was 2)"
    );
    session.apply(EditCommand::ReorderPlugin(reorder));
    assert_eq!(session.order(), "a c b");
}

#[test]
fn what_is_open_becomes_decided() {
    let (mut session, ids) = session(&[("a", "", None, 0), ("b", "", None, 0), ("c", "", None, 0)]);
    let [a, b, c] = ids[..] else { panic!() };
    assert_eq!(session.order(), "a? b? c?");
    assert_eq!(session.text_of(b, Beside::Before(a)), "Sets the priority of b to 0 (was not set)");
    session.put(c, Beside::Before(a));
    assert_eq!(session.order(), "c a? b?");
    session.put(a, Beside::After(b));
    assert_eq!(session.order(), "c b a");
    let priority = ["configuration", "spec", "priority"];
    let at = |id| session.editor.design().component(id).unwrap().get(&FieldPath::keys(&priority)).cloned();
    assert_eq!((at(a), at(b), at(c)), (None, Some(0.into()), Some(1.into())));
}

#[test]
fn a_wallet_moves_as_one_and_nobody_gets_into_another() {
    let (mut session, ids) = session(&[("a", "", Some(10), 3), ("b", "", Some(5), 0), ("c", "", None, 0)]);
    let [a, b, c] = ids[..] else { panic!() };
    assert_eq!(session.order(), "a-a0 a-a1 a-a2 b c");
    session.put(a, Beside::After(b));
    assert_eq!(session.order(), "b a-a0 a-a1 a-a2 c");
    let chain = session.filter_chain();
    let first = chain.entries.iter().position(|entry| entry.plugin == Some(a)).unwrap();
    let refused = beside_gap(session.editor.design(), &chain, c, first + 1).unwrap_err();
    assert!(refused.starts_with("between two filters of a:"), "{refused}");
    let gap = |at| beside_gap(session.editor.design(), &chain, c, at);
    assert_eq!(gap(first), Ok(Beside::After(b)));
    assert_eq!(gap(first + 3), Ok(Beside::After(a)));
    assert_eq!(gap(0), Err("no phase lies here: Istio puts no plugin between these filters".to_owned()));
}

#[test]
fn a_plugin_that_runs_inside_another_chain_is_no_neighbour() {
    let (session, ids) = session(&[("a", "", Some(0), 2), ("b", "", Some(5), 0), ("c", "", Some(-3), 0)]);
    assert_eq!(session.order(), "a-a0 b a-a1 c");
    let refused = session.ask(ids[2], Beside::Before(ids[1])).unwrap_err();
    assert!(refused.starts_with("between two filters of a:"), "{refused}");
    assert_eq!(session.text_of(ids[1], Beside::After(ids[0])), "Sets the priority of b to -1 (was 5)");
}

#[test]
fn across_phases_the_phase_changes() {
    let (mut session, ids) =
        session(&[("a", "AUTHN", Some(1), 0), ("b", "STATS", Some(1), 0), ("c", "", None, 0)]);
    let [a, b, c] = ids[..] else { panic!() };
    let reorder = session.ask(a, Beside::Before(b)).unwrap();
    assert_eq!(reorder.text, "Moves a to phase STATS; sets the priority of a to 2 (was 1)");
    session.put(a, Beside::After(c));
    assert_eq!(session.order(), "b c a");
    assert_eq!(session.text(a, &["configuration", "spec", "phase"]), None);
    session.put(b, Beside::Alone(Phase::Authz));
    assert_eq!(session.text(b, &["configuration", "spec", "phase"]), Some("AUTHZ"));
    assert_eq!(session.undo_label(), "Move b to phase AUTHZ");
}

#[test]
fn a_gap_between_istios_own_filters_means_the_phase_there() {
    let (session, ids) = session(&[("a", "AUTHN", Some(1), 0)]);
    let chain = session.filter_chain();
    let behind = |name: &str| {
        let at = chain.entries.iter().position(|entry| entry.name.ends_with(name)).unwrap() + 1;
        beside_gap(session.editor.design(), &chain, ids[0], at)
    };
    assert_eq!(behind("jwt_authn"), Ok(Beside::Alone(Phase::Authz)));
    assert_eq!(behind("rbac"), Ok(Beside::Alone(Phase::Stats)));
    assert_eq!(behind("ext_authz"), Ok(Beside::Alone(Phase::Authn)));
    assert!(behind("cors").is_err());
}

mod random {
    use proptest::prelude::*;

    use super::*;

    const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

    /// Who runs, by wallet and place, in order.
    fn run(chain: &FilterChain) -> Vec<(ComponentId, usize)> {
        let slotted = chain.entries.iter().filter(|entry| entry.is_plugin());
        slotted.map(|entry| (entry.plugin.unwrap(), entry.place.0)).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn the_answer_gives_the_order_and_no_other_pair_changes(
            plugins in prop::collection::vec(
                (0..2_usize, prop_oneof![3 => (-2..4_i64).prop_map(Some), 1 => Just(None), 1 => (-30..30_i64).prop_map(Some),
                    1 => Just(Some(i64::from(i32::MAX))), 1 => Just(Some(i64::from(i32::MIN)))], 0..3_usize),
                2..6,
            ),
            moved in 0..6_usize,
            other in 0..6_usize,
            is_before in any::<bool>(),
        ) {
            let phases = ["", "STATS"];
            let plugins: Vec<_> = plugins
                .iter()
                .enumerate()
                .map(|(n, (phase, priority, filters))| (NAMES[n], phases[*phase], *priority, *filters))
                .collect();
            let (mut session, ids) = session(&plugins);
            let (moved, other) = (ids[moved % ids.len()], ids[other % ids.len()]);
            prop_assume!(moved != other);
            let beside = if is_before { Beside::Before(other) } else { Beside::After(other) };
            let before = run(&session.filter_chain());
            let reorder = match session.ask(moved, beside) {
                Ok(reorder) => reorder,
                Err(why) => {
                    let is_extreme = |(_, _, priority, filters): &(_, _, Option<i64>, _)| {
                        *filters > 1 || priority.is_some_and(|it| it.abs() > 1000)
                    };
                    prop_assert!(
                        why.starts_with("between two filters of ")
                            || (why.starts_with("no priority is free") && plugins.iter().any(is_extreme)),
                        "{why}: {plugins:?}"
                    );
                    return Ok(());
                }
            };
            let changes = reorder.neighbours().count();
            session.apply(EditCommand::ReorderPlugin(reorder));
            let chain = session.filter_chain();
            let after = run(&chain);
            let of = |order: &[(ComponentId, usize)], is: bool| {
                order.iter().copied().filter(|(id, _)| (*id == moved) == is).collect::<Vec<_>>()
            };
            prop_assert_eq!(of(&before, false), of(&after, false), "{:?}", plugins);
            let first = after.iter().position(|(id, _)| *id == moved).unwrap();
            let last = after.iter().rposition(|(id, _)| *id == moved).unwrap();
            prop_assert_eq!(last - first + 1, of(&after, true).len(), "in one piece: {:?}", plugins);
            let neighbour = if is_before { after.get(last + 1) } else { first.checked_sub(1).and_then(|at| after.get(at)) };
            prop_assert_eq!(neighbour.map(|(id, _)| *id), Some(other), "{:?}", plugins);
            let own = chain.entries.iter().filter(|entry| entry.plugin == Some(moved));
            prop_assert!(own.clone().all(Entry::is_determined), "{:?}", plugins);
            prop_assert_eq!(
                own.clone().map(|entry| entry.phase).next(),
                chain.entries.iter().find(|entry| entry.plugin == Some(other)).map(|entry| entry.phase)
            );
            // Asked again, nothing is left to do; and undo takes it all back.
            prop_assert!(session.ask(moved, beside).unwrap().is_nothing());
            if changes > 0 {
                session.editor.undo().unwrap();
                prop_assert_eq!(run(&session.filter_chain()), before);
            }
        }
    }
}
