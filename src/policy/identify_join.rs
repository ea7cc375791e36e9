//! Who of those that fit each other is joined: what is unmistakable. What is not is said.

use std::collections::{HashMap, HashSet};

use super::engine::{Engine, Hasher};
use super::gift::Moment;
use super::identify::{Found, Parent};
use super::identify_bounds::Bounds;
use super::identify_pairs::{MAX_HOLDERS, references};
use super::record::{Record, Wrote};
use super::selector::{Rule, name_of};
use crate::model::{Component, ComponentId, Diagnostic, FieldPath, Location, Status};
use crate::registry::{PatchStrategy, SelectorSet, Side};
use crate::wallet::patch;
use crate::wallet::relationship::{self, candidate};

/// Components that match each other, every one of the one side with every one of the other.
pub(super) struct Bucket<'r> {
    pub(super) rule: Rule<'r>,
    /// What a child may have one parent of: the definition, or all wallets.
    pub(super) scope: usize,
    pub(super) from: Vec<ComponentId>,
    pub(super) to: Vec<ComponentId>,
}

/// The number that stands for all wallets together.
pub(super) const WALLETS: usize = usize::MAX;

/// How many candidates each component has.
#[derive(Default)]
struct Counts {
    of_from: HashMap<(usize, ComponentId), usize, Hasher>,
    of_to: HashMap<(usize, ComponentId), usize, Hasher>,
}

/// Who may stand on which side of which set of selectors.
#[derive(Default)]
struct Sides {
    from: HashMap<Place, Vec<usize>, Hasher>,
    to: HashMap<Place, Vec<usize>, Hasher>,
}

/// A component, and the set of selectors under which it fits.
type Place = (*const SelectorSet, ComponentId);

fn set_of(rule: Rule<'_>) -> *const SelectorSet {
    let is_its = |set: &&SelectorSet| set.allow.from.iter().any(|from| std::ptr::eq(from, rule.from));
    rule.definition.selectors.iter().find(is_its).map_or(std::ptr::null(), std::ptr::from_ref)
}

impl Sides {
    fn of(buckets: &[Bucket<'_>]) -> Self {
        let mut sides = Self::default();
        for (number, bucket) in buckets.iter().enumerate() {
            let set = set_of(bucket.rule);
            for (ids, side) in [(&bucket.from, &mut sides.from), (&bucket.to, &mut sides.to)] {
                for id in ids {
                    side.entry((set, *id)).or_default().push(number);
                }
            }
        }
        sides
    }

    /// Tells whether the one fits the other by the set of this rule.
    fn fit(&self, rule: Rule<'_>, from: ComponentId, to: ComponentId) -> bool {
        let set = set_of(rule);
        let (Some(a), Some(b)) = (self.from.get(&(set, from)), self.to.get(&(set, to))) else {
            return false;
        };
        let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
        few.iter().any(|number| many.binary_search(number).is_ok())
    }
}

impl<'e> Engine<'e, '_> {
    /// Joins what is unmistakable, and says what is not.
    pub(super) fn join_buckets(
        &mut self,
        buckets: &[Bucket<'e>],
        unclear: &[(Rule<'e>, ComponentId)],
        found: &mut Vec<Found<'e>>,
    ) {
        if buckets.is_empty() && unclear.is_empty() {
            return;
        }
        let sides = Sides::of(buckets);
        let mut bounds = Bounds::of(self.design());
        let mut clear: Vec<(Rule<'e>, ComponentId, ComponentId)> = Vec::new();
        let mut counts = Counts::default();
        for bucket in buckets {
            let froms: HashSet<ComponentId, Hasher> = bucket.from.iter().copied().collect();
            let tos: HashSet<ComponentId, Hasher> = bucket.to.iter().copied().collect();
            for from in &bucket.from {
                let others = tos.len() - usize::from(tos.contains(from));
                *counts.of_from.entry((bucket.scope, *from)).or_default() += others;
            }
            for to in &bucket.to {
                let others = froms.len() - usize::from(froms.contains(to));
                *counts.of_to.entry((bucket.scope, *to)).or_default() += others;
            }
        }
        let mut joined: HashSet<(String, ComponentId, ComponentId, usize), Hasher> = HashSet::default();
        let mut said: HashSet<(usize, ComponentId), Hasher> = HashSet::default();
        for bucket in buckets {
            let rule = bucket.rule;
            if clear.first().is_some_and(|(other, ..)| !std::ptr::eq(other.definition, rule.definition)) {
                self.join_clear(&mut bounds, std::mem::take(&mut clear), found);
            }
            let class = rule.definition.class();
            let count = |counts: &HashMap<(usize, ComponentId), usize, Hasher>, id: ComponentId| {
                counts.get(&(bucket.scope, id)).copied().unwrap_or(0)
            };
            let (is_child, is_wallet) = (rule.definition.is_hierarchical(), rule.definition.is_wallet());
            let is_clear = |from: ComponentId, to: ComponentId| {
                let (parents, children) = (count(&counts.of_from, from), count(&counts.of_to, to));
                match (is_child, is_wallet) {
                    (_, true) => parents == 1 && children == 1,
                    (true, false) => parents == 1,
                    (false, false) => parents == 1 || children == 1,
                }
            };
            // One end is the only candidate of the other, so no more pairs are looked at than there are components.
            let only = |ids: &[ComponentId], not: ComponentId| {
                let mut others = ids.iter().copied().filter(|id| *id != not);
                others.next().filter(|_| others.next().is_none())
            };
            let mut pairs: Vec<(ComponentId, ComponentId)> = Vec::new();
            if bucket.to.len() <= 2 {
                pairs.extend(bucket.from.iter().filter_map(|from| Some((*from, only(&bucket.to, *from)?))));
            }
            if bucket.from.len() <= 2 && !is_child {
                pairs.extend(bucket.to.iter().filter_map(|to| Some((only(&bucket.from, *to)?, *to))));
            }
            let mut is_any_unclear = pairs.is_empty();
            for (from, to) in pairs {
                if !is_clear(from, to) {
                    is_any_unclear = true;
                    continue;
                }
                let key = |from, to| (class.clone(), from, to, bucket.scope);
                // Where either could be the source, it is the one that comes first.
                let is_both_ways = sides.fit(rule, to, from);
                if is_both_ways && self.sort_key(to) < self.sort_key(from)
                    || !joined.insert(key(from, to))
                    || self.is_joined(rule, from, to)
                    // Nothing lies in what lies in it.
                    || (is_both_ways || is_child) && self.is_joined(rule, to, from)
                    || self.is_ignored(&class, from, to)
                {
                    continue;
                }
                clear.push((rule, from, to));
            }
            let (Some(first), Some(_)) = (bucket.from.first(), bucket.to.first()) else { continue };
            let is_alone = bucket.from == bucket.to && bucket.from.len() == 1;
            if is_any_unclear && !is_alone && said.insert((bucket.scope, *first)) {
                let message = format!(
                    "{} {} {} equally by {}: none was joined",
                    self.list_of(&bucket.from),
                    if bucket.from.len() == 1 { "fits" } else { "fit" },
                    self.list_of(&bucket.to),
                    name_of(rule.definition)
                );
                let found = Diagnostic::new("DS014", Location::component(*first, FieldPath::root()), message);
                self.diagnostics.push(found);
            }
        }
        self.join_clear(&mut bounds, clear, found);
        self.diagnostics.extend(bounds.findings());
        for (rule, giver) in unclear {
            let message = format!(
                "{} fits more than {MAX_HOLDERS} others by {}: none was joined",
                self.name(*giver),
                name_of(rule.definition)
            );
            let found = Diagnostic::new("DS014", Location::component(*giver, FieldPath::root()), message);
            self.diagnostics.push(found);
        }
    }

    /// Joins what one definition says clearly, within bounds.
    fn join_clear(
        &self,
        bounds: &mut Bounds<'e>,
        mut clear: Vec<(Rule<'e>, ComponentId, ComponentId)>,
        found: &mut Vec<Found<'e>>,
    ) {
        clear.retain(|(rule, from, to)| bounds.have_room(*from, *to, rule.name()));
        let Some((rule, ..)) = clear.first() else { return };
        if bounds.take(rule.name(), clear.len()) {
            for (rule, from, to) in clear {
                if let Some(pair) = self.found_pair(rule, from, to) {
                    bounds.join(from, to);
                    found.push(pair);
                }
            }
        }
    }

    /// Tells whether a live relationship of this definition joins the two; of a child and its parent any of the class.
    fn is_joined(&self, rule: Rule<'e>, from: ComponentId, to: ComponentId) -> bool {
        let design = self.design();
        let class = rule.definition.class();
        let is_live_of_class =
            |id| design.relationship(id).is_some_and(|it| it.status() == Status::Live && it.class() == class);
        design.links_from(from).iter().filter(|link| link.to == to).any(|link| {
            is_live_of_class(link.relationship)
                && (rule.definition.is_hierarchical()
                    || self
                        .definition_of(link.relationship, link.pair)
                        .is_some_and(|it| std::ptr::eq(it, rule.definition)))
        })
    }

    fn found_pair(&self, rule: Rule<'e>, from: ComponentId, to: ComponentId) -> Option<Found<'e>> {
        let (design, registry) = (self.design(), self.registry());
        let (source, target) = (design.component(from)?, design.component(to)?);
        // Another set of the same definition may come first for these two.
        let (own_from, own_to) =
            rule.definition.joins(candidate(registry, source), candidate(registry, target))?;
        if !std::ptr::eq(own_from, rule.from) || !std::ptr::eq(own_to, rule.to) {
            return None;
        }
        let made =
            relationship::of_definition(registry, rule.definition, (rule.from, rule.to), source, target);
        let relationship = relationship::with_free_id(design, made)?;
        let record = self.record_of_found(rule, source, target);
        let parent = Parent { id: to, entry: None };
        Some(Found { child: from, parent, relationship, record, rule: Some(rule) })
    }

    /// The fields of a joined pair count as written by the relationship, with nothing before, where both sides are equal.
    /// What matches in another way is the receiver's own: it is what comes back.
    fn record_of_found(&self, rule: Rule<'e>, from: &Component, to: &Component) -> Record {
        let references = references(rule);
        let mut record = Record::default();
        for reference in &references {
            let (giver, receiver) = if reference.giver == Side::From { (from, to) } else { (to, from) };
            let path = patch::resolve(receiver.tree(), reference.pair.mutated);
            let notation = self.notation(receiver, &path);
            let source = self.value_of(giver, reference.pair.mutator, Moment::Now);
            let wanted = source.and_then(|source| notation.convert(source.value));
            let present = receiver.get(&path).filter(|value| !value.is_blank());
            let writes = !matches!(reference.strategy, PatchStrategy::Test | PatchStrategy::Remove);
            // What the first direction has is no source of the second.
            let is_mirrored = reference.is_back
                && references.iter().any(|other| {
                    !other.is_back
                        && (other.pair.mutator, other.pair.mutated)
                            == (reference.pair.mutated, reference.pair.mutator)
                });
            if let (Some(value), true) = (present, writes && !is_mirrored)
                && notation.same(wanted.as_ref(), Some(value))
                && !record.wrote.iter().any(|wrote| wrote.back == reference.is_back && wrote.path == path)
            {
                let value = Some(value.clone());
                record.wrote.push(Wrote { path, value, back: reference.is_back, ..Wrote::default() });
            }
        }
        record
    }
}
