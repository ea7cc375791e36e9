//! What an evaluation has to look at: each receiver of values, with everybody who gives to it.
//!
//! Over everything the relationships are gone through once. Over what was touched only the neighbours of the edits are
//! asked, so that the work does not grow with the design.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};

use super::engine::{Engine, Hasher};
use super::record::PairId;
use super::released::Released;
use super::repeated::Named;
use super::selector::{Handler, Rule, Verdict};
use super::validate_relationships::Removal;
use crate::model::{ComponentId, ComponentKind, Design, Edit, Relationship, RelationshipId, Segment, Target};
use crate::registry::{Flow, RelationshipDefinition, Side};

/// A pair of a relationship that holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim<'r> {
    pub(super) id: PairId,
    pub(super) from: ComponentId,
    pub(super) to: ComponentId,
    pub(super) rule: Rule<'r>,
    /// Whether its relationship has any record.
    pub(super) has_record: bool,
}

/// One direction in which the values of a [`Handler::Fields`] pair flow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'r> {
    pub(super) flow: Flow<'r>,
    pub(super) giver: ComponentId,
    pub(super) receiver: ComponentId,
    /// Whether it is the second of two directions: it goes against `from` → `to`.
    pub(super) is_back: bool,
}

/// The directions of a pair between these two, that from `from` to `to` first.
pub(super) fn ways_between(
    rule: Rule<'_>,
    from: ComponentId,
    to: ComponentId,
) -> impl Iterator<Item = Way<'_>> + use<'_> {
    let flows = (rule.handler == Handler::Fields).then(|| rule.flows().enumerate()).into_iter().flatten();
    flows.map(move |(number, flow)| match flow.giver {
        Side::From => Way { flow, giver: from, receiver: to, is_back: number > 0 },
        Side::To => Way { flow, giver: to, receiver: from, is_back: number > 0 },
    })
}

impl<'r> Claim<'r> {
    /// Who gets values, each once.
    pub(super) fn receivers(&self) -> impl Iterator<Item = ComponentId> + use<'r> {
        let of_group = matches!(self.rule.handler, Handler::Module | Handler::Entry).then_some(self.to);
        let is_joined_to_itself = self.from == self.to;
        let ways = self.ways().filter(move |way| !(way.is_back && is_joined_to_itself));
        of_group.into_iter().chain(ways.map(|way| way.receiver))
    }

    /// The directions in which values flow.
    pub(super) fn ways(&self) -> impl Iterator<Item = Way<'r>> + use<'r> {
        ways_between(self.rule, self.from, self.to)
    }
}

/// A receiver and all that give to it in one manner.
#[derive(Debug)]
pub(super) struct Unit<'r> {
    pub(super) receiver: ComponentId,
    pub(super) handler: Handler,
    /// Those that give, in document order.
    pub(super) claims: Vec<Claim<'r>>,
    /// Those that gave.
    pub(super) released: Vec<Released<'r>>,
    /// The relationship, and its definition, that a change is put down to when nobody gives any more.
    pub(super) origin: (RelationshipId, &'r RelationshipDefinition),
}

type Key = (ComponentId, Handler);

/// The units of one pass, in the order of their first relationship. What gives to them stands in one list, and a unit is
/// made of it when its turn comes: so the units of a large design take no memory all at once.
#[derive(Debug, Default)]
pub(super) struct Units<'r> {
    by_receiver: IndexMap<Key, Head<'r>, Hasher>,
    /// In document order.
    claims: Vec<Claim<'r>>,
    /// The place of a unit, and of a claim that gives to it.
    gives: Vec<(usize, usize)>,
}

/// What of a [`Unit`] is no claim.
#[derive(Debug)]
struct Head<'r> {
    released: Vec<Released<'r>>,
    origin: (RelationshipId, &'r RelationshipDefinition),
}

impl<'r> Units<'r> {
    /// The place of a unit.
    fn place(&mut self, key: Key, origin: (RelationshipId, &'r RelationshipDefinition)) -> usize {
        let entry = self.by_receiver.entry(key);
        let place = entry.index();
        entry.or_insert_with(|| Head { released: Vec::new(), origin });
        place
    }

    /// The units of these claims.
    fn of(claims: Vec<Claim<'r>>) -> Self {
        let mut units = Self { gives: Vec::with_capacity(claims.len()), ..Self::default() };
        // In a large design half of them share a wallet.
        units.by_receiver.reserve(claims.len() / 2);
        for (number, claim) in claims.iter().enumerate() {
            for receiver in claim.receivers() {
                let origin = (claim.id.relationship, claim.rule.definition);
                let place = units.place((receiver, claim.rule.handler), origin);
                units.gives.push((place, number));
            }
        }
        units.claims = claims;
        units
    }

    pub(super) fn release(&mut self, receiver: ComponentId, released: Released<'r>) {
        let origin = (released.id.relationship, released.rule.definition);
        let place = self.place((receiver, released.rule.handler), origin);
        self.by_receiver[place].released.push(released);
    }

    /// The units, one by one.
    pub(super) fn into_units(mut self) -> impl Iterator<Item = Unit<'r>> {
        self.gives.sort_unstable();
        let mut gives = self.gives.into_iter().peekable();
        let claims = self.claims;
        self.by_receiver.into_iter().enumerate().map(move |(place, ((receiver, handler), head))| {
            let mut own = Vec::new();
            while let Some((_, number)) = gives.next_if(|(of, _)| *of == place) {
                own.extend(claims.get(number));
            }
            Unit { receiver, handler, claims: own, released: head.released, origin: head.origin }
        })
    }
}

/// What has to be looked at.
#[derive(Debug)]
pub(super) enum Work {
    /// The whole design.
    Everything,
    /// What these edits come near.
    Near {
        /// Components that were edited, added or removed; whether they may now be of another kind.
        components: IndexMap<ComponentId, bool, Hasher>,
        /// Relationships that were edited, added, moved or removed, or that lost an end.
        relationships: IndexSet<RelationshipId, Hasher>,
    },
}

impl Work {
    /// What the edits from number `start` on come near. `touched` are the relationships that lost an end, too.
    pub(super) fn of_edits(edits: &[Edit], touched: impl Iterator<Item = RelationshipId>) -> Self {
        let mut components: IndexMap<ComponentId, bool, Hasher> = IndexMap::default();
        let mut relationships: IndexSet<RelationshipId, Hasher> = touched.collect();
        for edit in edits {
            match edit {
                Edit::SetField { target, path, .. } | Edit::InsertItem { target, path, .. } => {
                    match *target {
                        Target::Design => {
                            // Layers switch whole classes of relationships off and on; aliases read elsewhere.
                            let is_of_aliases = path.starts_with_keys(&["metadata", "resolvedAliases"])
                                || path.is_keys(&["metadata"]);
                            if is_of_aliases || path.first().and_then(Segment::as_key) == Some("preferences")
                            {
                                return Self::Everything;
                            }
                        }
                        Target::Component(id) => {
                            let key = path.first().and_then(Segment::as_key);
                            let is_kind =
                                matches!(key, Some("component" | "model" | "modelReference" | "metadata"));
                            *components.entry(id).or_default() |= is_kind;
                        }
                        Target::Relationship(id) => {
                            relationships.insert(id);
                        }
                    }
                }
                Edit::AddComponent { component, .. } => {
                    components.insert(component.id(), true);
                }
                Edit::RemoveComponent { id } => {
                    components.insert(*id, true);
                }
                Edit::AddRelationship { relationship, .. } => {
                    relationships.insert(relationship.id());
                }
                Edit::RemoveRelationship { id } | Edit::MoveRelationship { id, .. } => {
                    relationships.insert(*id);
                }
            }
        }
        Self::Near { components, relationships }
    }
}

impl<'e> Engine<'e, '_> {
    /// Takes out what does not hold, and gathers what has to be settled.
    pub(super) fn units(&mut self, work: &Work, identify: bool) -> Units<'e> {
        let mut units = Units::default();
        match work {
            Work::Everything => {
                let (mut claims, removals) = self.look_at(self.design().relationships());
                self.validate(&mut claims, &removals);
                if identify {
                    claims.extend(self.identify());
                }
                units = Units::of(claims);
                let touched = self.tx.touched().relationships.iter().copied().collect::<Vec<_>>();
                self.released(&mut units, touched);
            }
            Work::Near { components, relationships } => {
                self.units_near(&mut units, components, relationships);
            }
        }
        units
    }

    /// Looks at these relationships, which stand in document order: the pairs that hold, and those to be taken out.
    fn look_at<'a>(
        &self,
        relationships: impl Iterator<Item = &'a Relationship>,
    ) -> (Vec<Claim<'e>>, Vec<Removal<'e>>) {
        let mut claims = Vec::with_capacity(relationships.size_hint().0);
        let mut removals: Vec<Removal<'e>> = Vec::new();
        let mut wallets: HashSet<ComponentId, Hasher> = HashSet::default();
        wallets.reserve(claims.capacity());
        let design = self.design();
        for relationship in relationships.filter(|it| it.is_live() && !self.is_frozen(it.class())) {
            let id = relationship.id();
            let mut bad = Vec::new();
            let mut named = Named::of(relationship);
            for (number, pair) in relationship.pairs().iter().enumerate() {
                match self.rules.verdict(relationship, pair, |id| design.component(id)) {
                    Verdict::Unknown => {}
                    Verdict::Bad { definition, reason, .. } => bad.push((number, definition, reason)),
                    Verdict::Valid(rule) => {
                        let (Some(from), Some(to)) = (pair.from, pair.to) else { continue };
                        if rule.definition.is_wallet() && !wallets.insert(from) {
                            let reason = "its child lies in another wallet already".to_owned();
                            bad.push((number, rule.definition, reason));
                        } else if named.is_first(from, to) {
                            let id = PairId { relationship: id, pair: number };
                            let has_record = relationship.has_billfold();
                            claims.push(Claim { id, from, to, rule, has_record });
                        }
                    }
                }
            }
            if !bad.is_empty() {
                removals.push(Removal { relationship: id, bad });
            }
        }
        (claims, removals)
    }

    /// Takes bad pairs out. What is left of their relationships stands among `claims` afterwards, in document order.
    fn validate(&mut self, claims: &mut Vec<Claim<'e>>, removals: &[Removal<'e>]) {
        if removals.is_empty() {
            return;
        }
        // Pairs behind a bad one of the same relationship get other numbers.
        let changed: HashSet<RelationshipId, Hasher> = removals.iter().map(|it| it.relationship).collect();
        claims.retain(|claim| !changed.contains(&claim.id.relationship));
        let split = self.take_out(removals);
        claims.extend(self.claims_of(&split));
        claims.sort_by_key(|claim| (self.design().relationship_index(claim.id.relationship), claim.id.pair));
    }

    /// The pairs of these relationships that hold; nothing is taken out.
    pub(super) fn claims_of(&self, relationships: &[RelationshipId]) -> Vec<Claim<'e>> {
        let design = self.tx.design();
        let mut claims = Vec::new();
        for &id in relationships {
            let Some(relationship) = design.relationship(id).filter(|it| it.is_live()) else { continue };
            if self.is_frozen(relationship.class()) {
                continue;
            }
            let mut named = Named::of(relationship);
            for (number, pair) in relationship.pairs().iter().enumerate() {
                let verdict = self.rules.verdict(relationship, pair, |id| design.component(id));
                if let (Verdict::Valid(rule), Some(from), Some(to)) = (verdict, pair.from, pair.to)
                    && named.is_first(from, to)
                {
                    let id = PairId { relationship: id, pair: number };
                    claims.push(Claim { id, from, to, rule, has_record: relationship.has_billfold() });
                }
            }
        }
        claims
    }

    fn units_near(
        &mut self,
        units: &mut Units<'e>,
        components: &IndexMap<ComponentId, bool, Hasher>,
        relationships: &IndexSet<RelationshipId, Hasher>,
    ) {
        let mut components = std::borrow::Cow::Borrowed(components);
        if !self.aliases.is_empty() {
            let reading = components.keys().flat_map(|id| self.aliases.reading(*id)).copied();
            for alias in reading.collect::<Vec<_>>() {
                components.to_mut().entry(alias).or_default();
            }
        }
        let mut checked: IndexSet<RelationshipId, Hasher> = relationships.clone();
        let design = self.tx.design();
        for id in relationships {
            let pairs = design.relationship(*id).map_or(&[][..], Relationship::pairs);
            // Another wallet relationship of the same child may stand behind this one now.
            for from in pairs.iter().filter_map(|pair| pair.from) {
                checked.extend(design.links_from(from).iter().map(|link| link.relationship));
            }
        }
        for id in components.iter().filter(|(_, is_new_kind)| **is_new_kind).map(|(id, _)| id) {
            let links = design.links_from(*id).into_iter().chain(design.links_to(*id));
            checked.extend(links.map(|link| link.relationship));
        }
        let mut checked: Vec<RelationshipId> =
            checked.into_iter().filter(|id| design.relationship(*id).is_some()).collect();
        checked.sort_by_key(|id| design.relationship_index(*id));
        let (mut claims, removals) =
            self.look_at(checked.iter().filter_map(|id| self.design().relationship(*id)));
        self.validate(&mut claims, &removals);

        let mut keys: IndexMap<Key, (RelationshipId, &'e RelationshipDefinition), Hasher> =
            IndexMap::default();
        // Where a wallet begins or ends, the definitions of others may write its plugin's fields no more, or again.
        let into_plugins = self.registry().relationships_with(Side::To, &ComponentKind::WASM_PLUGIN.kind);
        let from_plugins = self.registry().relationships_with(Side::From, &ComponentKind::WASM_PLUGIN.kind);
        let has_others = into_plugins.chain(from_plugins).any(|it| it.key_ref.is_none() && !it.derived);
        let mut near = |claim: Claim<'e>| {
            for receiver in claim.receivers() {
                let origin = (claim.id.relationship, claim.rule.definition);
                keys.entry((receiver, claim.rule.handler)).or_insert(origin);
                if has_others && claim.rule.handler == Handler::Module {
                    keys.entry((receiver, Handler::Fields)).or_insert(origin);
                }
            }
        };
        for claim in claims {
            near(claim);
        }
        for (&id, &is_new_kind) in components.as_ref() {
            let mut links = self.design().links_from(id);
            if is_new_kind || self.gives_or_gets_as_parent(id) {
                links.extend(self.design().links_to(id));
            }
            let mut ids: Vec<RelationshipId> = links.iter().map(|link| link.relationship).collect();
            ids.dedup();
            for claim in self.claims_of(&ids) {
                if claim.from == id || claim.to == id {
                    near(claim);
                }
            }
        }
        let mut released = Units::default();
        // What has just been taken out, and what an end was taken from.
        let removed = removals.iter().map(|it| it.relationship);
        self.released(&mut released, relationships.iter().copied().chain(removed));
        for (key, unit) in &released.by_receiver {
            keys.entry(*key).or_insert(unit.origin);
            if has_others && key.1 == Handler::Module {
                keys.entry((key.0, Handler::Fields)).or_insert(unit.origin);
            }
        }
        let mut found: Vec<Unit<'e>> = keys
            .into_iter()
            .map(|((receiver, handler), origin)| {
                let claims = self.claims_on(receiver, handler);
                let released = released.by_receiver.get_mut(&(receiver, handler));
                let released = released.map(|unit| std::mem::take(&mut unit.released)).unwrap_or_default();
                Unit { receiver, handler, claims, released, origin }
            })
            .collect();
        let design = self.design();
        found.sort_by_key(|unit| {
            let Some(first) = unit.claims.first() else { return (usize::MAX, 0, false) };
            let place = design.relationship_index(first.id.relationship).unwrap_or(usize::MAX);
            (place, first.id.pair, first.receivers().next() != Some(unit.receiver))
        });
        for unit in found {
            let place = units.place((unit.receiver, unit.handler), unit.origin);
            units.by_receiver[place].released = unit.released;
            units.gives.extend((units.claims.len()..).take(unit.claims.len()).map(|number| (place, number)));
            units.claims.extend(unit.claims);
        }
    }

    /// Whether the links that arrive at an edited component matter. Those of a Namespace may be many, and carry nothing
    /// but its name, unless a definition of somebody else says so.
    fn gives_or_gets_as_parent(&self, id: ComponentId) -> bool {
        let Some(component) = self.design().component(id) else { return false };
        if !component.is(&ComponentKind::NAMESPACE) {
            return true;
        }
        let original = self.tx.original_component(id);
        let is_renamed = original.and_then(crate::model::Component::own_name) != component.own_name();
        let is_ours = |definition: &RelationshipDefinition| definition.key_ref.is_some();
        let mut definitions = self.registry().relationships_with(Side::To, &component.kind().kind);
        is_renamed || definitions.any(|definition| !is_ours(definition))
    }

    /// Everybody who gives to this receiver, in document order.
    pub(super) fn claims_on(&self, receiver: ComponentId, handler: Handler) -> Vec<Claim<'e>> {
        let design: &Design = self.design();
        let mut ids: Vec<RelationshipId> = Vec::new();
        if matches!(handler, Handler::Module | Handler::Entry) {
            ids.extend(design.links_to(receiver).iter().map(|link| link.relationship));
        } else {
            ids.extend(design.links_from(receiver).iter().map(|link| link.relationship));
            ids.extend(design.links_to(receiver).iter().map(|link| link.relationship));
            ids.sort_by_key(|id| design.relationship_index(*id));
        }
        ids.dedup();
        let mut claims = self.claims_of(&ids);
        claims.retain(|claim| claim.rule.handler == handler && claim.receivers().any(|it| it == receiver));
        claims
    }
}
