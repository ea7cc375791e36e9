//! Joining by the definitions of others: components whose values say that they belong together.
//!
//! A definition that carries a patch on both sides joins two components when at least one of its pairs of references is
//! present and matches, and every other pair matches by its strategies or is absent on both sides; null and blank are
//! absent. Values are compared as the receiver takes them.
//!
//! Nothing looks at all pairs. What `equal`, `equal_as_strings` and `not_null` say of a component can be written down as one
//! key, and two components match when their keys are equal; a mapping that must contain another is looked up by the entry of
//! the other that the fewest hold. What is then counted are buckets, not pairs.
//!
//! When candidates fit equally none is joined, and an info names them. That is:
//! - a child has one parent of a definition, and one wallet over all definitions: several that fit are too many;
//! - a wallet takes the values of its child: several children that fit it are too many as well;
//! - an edge or sibling may have many partners, as long as the value tells who is meant: one of its ends has that value alone.
//!   Where several have it on both sides, none is joined. This bounds `not_null`, too, which tells nobody apart;
//! - of an entry that more than [`MAX_HOLDERS`] mappings hold, and of an empty mapping in more than that, the value tells nothing.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::engine::{Engine, Hasher};
use super::field::Notation;
use super::gift::Moment;
use super::identify::{Found, write_canonical};
use super::identify_join::{Bucket, WALLETS};
use super::selector::{Handler, Rule, Verdict};
use crate::model::relationship::INVENTORY;
use crate::model::{Component, ComponentId, ComponentKind, Design, RelationshipId, Value};
use crate::registry::{FlowPair, MatchStrategy, PatchStrategy, RelationshipDefinition, Side};
use crate::wallet::module_group::as_text;
use crate::wallet::patch;
use crate::wallet::relationship::candidate;

/// Of an entry that more mappings hold than this, none is looked at.
pub(super) const MAX_HOLDERS: usize = 64;

/// One pair of references, and which side gives.
#[derive(Clone, Copy)]
pub(super) struct Reference<'r> {
    pub(super) giver: Side,
    pub(super) is_back: bool,
    pub(super) strategy: PatchStrategy,
    pub(super) pair: FlowPair<'r>,
}

impl Reference<'_> {
    fn has(&self, strategy: MatchStrategy) -> bool {
        // No strategy at all means `equal`.
        let strategies = self.pair.match_strategies;
        strategies.contains(&strategy) || strategies.is_empty() && strategy == MatchStrategy::Equal
    }

    /// Whether more is to be compared than the key.
    fn contains(&self) -> bool {
        self.has(MatchStrategy::ToContainsFrom) && !self.has(MatchStrategy::Equal)
    }
}

/// Components of one side that definitions cannot tell apart: of one kind and model.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Sort<'d> {
    kind: &'d ComponentKind,
    model: Option<&'d str>,
    namespaced: bool,
}

/// All of them, by kind.
type Sorts<'d> = IndexMap<&'d str, IndexMap<Sort<'d>, Vec<&'d Component>, Hasher>, Hasher>;

/// Components of one sort.
type OfSort<'s, 'd> = (&'s Sort<'d>, Vec<&'d Component>);

/// What is said about one component under one pair of selectors, besides the text that it is found by.
struct Key<'d> {
    component: &'d Component,
    /// Values that must contain or be contained, in the order of the references.
    contained: Vec<Value>,
}

impl<'e> Engine<'e, '_> {
    /// Adds what the definitions of others join.
    pub(super) fn identify_pairs(&mut self, found: &mut Vec<Found<'e>>) {
        let design = self.tx.design();
        let rules = self.identifying_rules();
        if rules.is_empty() {
            return;
        }
        let sorts = self.sorts_of(design, &rules);
        let mut buckets: Vec<Bucket<'e>> = Vec::new();
        let mut unclear: Vec<(Rule<'e>, ComponentId)> = Vec::new();
        for (number, rule) in rules {
            let (froms, tos) = (taken(rule, Side::From, &sorts), taken(rule, Side::To, &sorts));
            if froms.is_empty() || tos.is_empty() {
                continue;
            }
            let is_wallet = rule.definition.is_wallet();
            let scope = if is_wallet { WALLETS } else { number };
            let is_free_child = |it: &&Component| !self.has_parent(rule, it.id());
            let is_free_parent = |it: &&Component| !is_wallet || design.chain(it.id()).is_empty();
            let froms = of_whom(froms, is_free_child);
            let tos = of_whom(tos, is_free_parent);
            for (from_sort, froms) in &froms {
                for (to_sort, tos) in &tos {
                    // What any definition of the class denies would be taken out again.
                    let class = rule.definition.class();
                    let mut of_class = self.registry().relationships_of(&class);
                    if !of_class.any(|it| it.denies(from_sort.candidate(), to_sort.candidate())) {
                        self.match_sorts(rule, scope, froms, tos, &mut buckets, &mut unclear);
                    }
                }
            }
        }
        self.join_buckets(&buckets, &unclear, found);
    }

    /// The pairs of selectors whose values identify somebody, with the number of their definition. Wallets of filters and
    /// namespace frames have keys of their own (`identify.rs`); a definition that is loaded twice counts once.
    fn identifying_rules(&self) -> Vec<(usize, Rule<'e>)> {
        type Kinds<'r> = (String, Option<&'r str>, Option<&'r str>);
        let mut rules: Vec<(usize, Rule<'e>)> = Vec::new();
        let mut seen: HashMap<Kinds<'_>, Vec<usize>, Hasher> = HashMap::default();
        let definitions = self.registry().relationships().iter().enumerate();
        for (number, definition) in definitions.filter(|(_, it)| !it.derived) {
            let class = definition.class();
            if self.is_frozen(&class) {
                continue;
            }
            for set in &definition.selectors {
                for (from, to) in
                    set.allow.from.iter().flat_map(|from| set.allow.to.iter().map(move |to| (from, to)))
                {
                    let rule = Rule::new(definition, from, to);
                    if rule.handler != Handler::Fields || is_frame(rule, &class) {
                        continue;
                    }
                    let key = (class.clone(), from.kind.as_deref(), to.kind.as_deref());
                    let same = seen.entry(key).or_default();
                    let is_same = |place: &usize| {
                        rules.get(*place).is_some_and(|(_, it)| it.from == from && it.to == to)
                    };
                    if !same.iter().any(is_same) {
                        same.push(rules.len());
                        rules.push((number, rule));
                    }
                }
            }
        }
        rules
    }

    /// Tells whether this child has its parent by the definition already, or lies in a wallet if it is one.
    fn has_parent(&self, rule: Rule<'e>, child: ComponentId) -> bool {
        let definition = rule.definition;
        if !definition.is_hierarchical() {
            return false;
        }
        self.design().links_from(child).iter().any(|link| {
            let other = self.definition_of(link.relationship, link.pair);
            other.is_some_and(|it| std::ptr::eq(it, definition) || definition.is_wallet() && it.is_wallet())
        })
    }

    /// The definition by which a live pair of a relationship holds.
    pub(super) fn definition_of(
        &self,
        id: RelationshipId,
        pair: usize,
    ) -> Option<&'e RelationshipDefinition> {
        let design = self.design();
        let relationship = design.relationship(id).filter(|it| it.is_live())?;
        let pair = relationship.pairs().get(pair)?;
        match self.rules.verdict(relationship, pair, |id| design.component(id)) {
            Verdict::Valid(rule) => Some(rule.definition),
            _ => None,
        }
    }

    /// The components of the kinds that the rules name, each looked at once, whatever the number of rules.
    fn sorts_of<'d>(&self, design: &'d Design, rules: &[(usize, Rule<'e>)]) -> Sorts<'d> {
        let ends = || rules.iter().flat_map(|(_, rule)| [rule.from, rule.to]);
        let named: HashSet<&str, Hasher> = ends().filter_map(|it| it.kind.as_deref()).collect();
        let takes_any = ends().any(|it| it.kind.is_none());
        let mut sorts = Sorts::default();
        for component in design.components() {
            let kind = &*component.kind().kind;
            if takes_any || named.contains(kind) {
                let asked = candidate(self.registry(), component);
                let sort = Sort { kind: asked.kind, model: asked.model, namespaced: asked.namespaced };
                sorts.entry(kind).or_default().entry(sort).or_default().push(component);
            }
        }
        sorts
    }

    fn match_sorts<'d>(
        &self,
        rule: Rule<'e>,
        scope: usize,
        froms: &[&'d Component],
        tos: &[&'d Component],
        buckets: &mut Vec<Bucket<'e>>,
        unclear: &mut Vec<(Rule<'e>, ComponentId)>,
    ) {
        let (Some(first_from), Some(first_to)) = (froms.first(), tos.first()) else { return };
        let references: Vec<Reference<'e>> = references(rule);
        // Of one kind the receivers take a value in one way.
        let notations: Vec<Notation> = references
            .iter()
            .map(|it| {
                let receiver = if it.giver == Side::From { first_to } else { first_from };
                self.notation(receiver, &patch::resolve(receiver.tree(), it.pair.mutated))
            })
            .collect();
        let key = |side: Side, component: &'d Component| self.key(side, component, &references, &notations);
        let mut by_key: IndexMap<String, (Vec<Key<'d>>, Vec<Key<'d>>), Hasher> = IndexMap::default();
        for (text, key) in tos.iter().filter_map(|it| key(Side::To, it)) {
            by_key.entry(text).or_default().1.push(key);
        }
        if by_key.is_empty() {
            return;
        }
        for (text, key) in froms.iter().filter_map(|it| key(Side::From, it)) {
            if let Some((froms, _)) = by_key.get_mut(&text) {
                froms.push(key);
            }
        }
        let containing: Vec<Reference<'e>> = references.iter().copied().filter(Reference::contains).collect();
        for (froms, tos) in by_key.into_values().filter(|(froms, _)| !froms.is_empty()) {
            if containing.is_empty() {
                let ids = |keys: &[Key<'_>]| keys.iter().map(|key| key.component.id()).collect();
                buckets.push(Bucket { rule, scope, from: ids(&froms), to: ids(&tos) });
            } else {
                match_contained(rule, scope, &containing, &froms, &tos, buckets, unclear);
            }
        }
    }

    /// What is compared of one component; `None` when nothing of it is present.
    fn key<'d>(
        &self,
        side: Side,
        component: &'d Component,
        references: &[Reference<'e>],
        notations: &[Notation],
    ) -> Option<(String, Key<'d>)> {
        let mut text = String::new();
        let mut contained = Vec::new();
        let mut tells_something = false;
        for (reference, notation) in references.iter().zip(notations) {
            let value = if reference.giver == side {
                let source = self.value_of(component, reference.pair.mutator, Moment::Now);
                source.map(|source| source.value)
            } else {
                let path = patch::resolve(component.tree(), reference.pair.mutated);
                component.get(&path).filter(|value| !value.is_blank()).cloned()
            };
            let Some(value) = value.and_then(|value| notation.convert(value)) else {
                text.push_str("absent\n");
                contained.extend(reference.contains().then_some(Value::Null));
                continue;
            };
            text.push_str("present ");
            if reference.has(MatchStrategy::Equal) {
                write_canonical(&value, &mut text);
            } else if reference.has(MatchStrategy::EqualAsStrings) {
                write_canonical(&as_one_text(&value), &mut text);
            }
            text.push('\n');
            // An empty mapping is contained in every other: it tells nothing.
            tells_something |= !reference.contains() || value.as_map().is_none_or(|map| !map.is_empty());
            contained.extend(reference.contains().then_some(value));
        }
        tells_something.then_some((text, Key { component, contained }))
    }
}

impl Sort<'_> {
    fn candidate(&self) -> crate::registry::Candidate<'_> {
        crate::registry::Candidate { kind: self.kind, model: self.model, namespaced: self.namespaced }
    }
}

/// The components that this selector, and no earlier one of its set, takes.
fn taken<'s, 'd>(
    rule: Rule<'_>,
    side: Side,
    sorts: &'s Sorts<'d>,
) -> Vec<(&'s Sort<'d>, &'s [&'d Component])> {
    let own = if side == Side::From { rule.from } else { rule.to };
    let mut sets = rule.definition.selectors.iter().map(|set| match side {
        Side::From => &set.allow.from,
        Side::To => &set.allow.to,
    });
    let selectors = sets.find(|it| it.iter().any(|selector| std::ptr::eq(selector, own)));
    let is_taken = |sort: &Sort<'_>| {
        let first = selectors.and_then(|them| them.iter().find(|it| it.matches(sort.candidate())));
        first.is_some_and(|first| std::ptr::eq(first, own))
    };
    let named = match &own.kind {
        Some(kind) => sorts.get(kind.as_str()).into_iter().collect(),
        None => sorts.values().collect::<Vec<_>>(),
    };
    let all = named.into_iter().flatten().filter(|(sort, _)| is_taken(sort));
    all.map(|(sort, components)| (sort, components.as_slice())).collect()
}

/// Those that fit of each sort; sorts of which none does are left out.
fn of_whom<'s, 'd>(
    sorts: Vec<(&'s Sort<'d>, &'s [&'d Component])>,
    fits: impl Fn(&&'d Component) -> bool,
) -> Vec<OfSort<'s, 'd>> {
    let fitting = sorts.into_iter().map(|(sort, all)| (sort, all.iter().copied().filter(&fits).collect()));
    fitting.filter(|(_, them): &OfSort<'_, '_>| !them.is_empty()).collect()
}

pub(super) fn references(rule: Rule<'_>) -> Vec<Reference<'_>> {
    let flows = rule.flows().enumerate();
    flows
        .flat_map(|(number, flow)| {
            flow.pairs().map(move |pair| Reference {
                giver: flow.giver,
                is_back: number > 0,
                strategy: flow.strategy,
                pair,
            })
        })
        .collect()
}

/// Tells whether a definition puts things into namespace frames, as ours does.
fn is_frame(rule: Rule<'_>, class: &str) -> bool {
    let is_namespace = rule.to.kind.as_deref() == Some(&*ComponentKind::NAMESPACE.kind);
    let is_name = |pair: FlowPair<'_>| pair.mutated.is_keys(&["configuration", "metadata", "namespace"]);
    class == INVENTORY && is_namespace && rule.flows().flat_map(|flow| flow.pairs()).all(is_name)
}

/// Finds who contains whom among components whose keys are equal.
fn match_contained<'r>(
    rule: Rule<'r>,
    scope: usize,
    containing: &[Reference<'r>],
    froms: &[Key<'_>],
    tos: &[Key<'_>],
    buckets: &mut Vec<Bucket<'r>>,
    unclear: &mut Vec<(Rule<'r>, ComponentId)>,
) {
    let Some(first) = containing.first() else { return };
    let (givers, receivers) = if first.giver == Side::From { (froms, tos) } else { (tos, froms) };
    let mut holders: HashMap<String, Vec<usize>, Hasher> = HashMap::default();
    for (place, receiver) in receivers.iter().enumerate() {
        for entry in receiver.contained.first().map(entries).unwrap_or_default() {
            holders.entry(entry).or_default().push(place);
        }
    }
    let all: Vec<usize> = (0..receivers.len()).collect();
    for giver in givers {
        let entries = giver.contained.first().map(entries).unwrap_or_default();
        let of_entry = entries.iter().map(|entry| holders.get(entry).map_or(&[][..], Vec::as_slice));
        let places = of_entry.min_by_key(|places| places.len()).unwrap_or(&all);
        if places.len() > MAX_HOLDERS {
            unclear.push((rule, giver.component.id()));
            continue;
        }
        for receiver in places.iter().filter_map(|place| receivers.get(*place)) {
            let (from, to) = if first.giver == Side::From { (giver, receiver) } else { (receiver, giver) };
            let matches =
                containing.iter().zip(from.contained.iter().zip(&to.contained)).all(|(it, (a, b))| {
                    let (given, held) = if it.giver == Side::From { (a, b) } else { (b, a) };
                    contains(held, given)
                });
            let ids = (from.component.id(), to.component.id());
            if matches && ids.0 != ids.1 {
                buckets.push(Bucket { rule, scope, from: vec![ids.0], to: vec![ids.1] });
            }
        }
    }
}

/// The entries of a mapping, each as one text; anything else is one entry.
fn entries(value: &Value) -> Vec<String> {
    match value {
        Value::Map(map) => map
            .iter()
            .map(|(key, value)| {
                let mut text = format!("{key:?}:");
                write_canonical(value, &mut text);
                text
            })
            .collect(),
        other => {
            let mut text = "=".to_owned();
            write_canonical(other, &mut text);
            vec![text]
        }
    }
}

/// Tells whether a mapping holds every entry of another; what is no mapping must be equal.
fn contains(held: &Value, given: &Value) -> bool {
    match (held, given) {
        (Value::Map(held), Value::Map(given)) => {
            given.iter().all(|(key, value)| held.get(key).is_some_and(|other| other.equivalent(value)))
        }
        _ => held.equivalent(given),
    }
}

/// A value as text, whatever its type.
fn as_one_text(value: &Value) -> Value {
    match value {
        Value::List(_) | Value::Map(_) => {
            let mut text = String::new();
            write_canonical(value, &mut text);
            Value::from(text)
        }
        scalar => as_text(scalar),
    }
}
