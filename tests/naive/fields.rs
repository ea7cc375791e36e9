//! Values that flow path by path: the name of a Namespace, and the pairs of any other definition (`policy.md`, step 4).

use billfold::model::{ComponentId, FieldPath, RelationshipId, Segment, Value};
use billfold::registry::FieldSpec;

use super::definition::{Definitions, Flow, Handler, Way};
use super::document::{Document, NAMESPACE, at, clean_up, is, name, pairs};
use super::field::{Field, Past, Verdict, write};
use super::record::{Made, Record, Wrote};
use super::validate::{Claim, Gone};
use super::value::{Type, as_taken, same};
use super::{Evaluation, GoneFrom, alias};

/// A value, and where it stands.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) component: ComponentId,
    pub(crate) path: FieldPath,
    pub(crate) value: Value,
}

/// What one pair of references gives to one field.
struct Gift {
    /// The number of the claim.
    number: usize,
    strategy: String,
    is_back: bool,
    giver: ComponentId,
    source: Option<Source>,
    /// As the receiver takes it.
    value: Option<Value>,
    /// What was written when the value was moved away, and stands at its source no more.
    moved: Option<Wrote>,
    was_there: bool,
    /// What it gave when the evaluation began.
    gave: Option<Value>,
}

/// `_` is the last item of the list that stands there, or item 0.
pub(crate) fn resolve(root: &Value, path: &[Segment]) -> FieldPath {
    let mut resolved = FieldPath::root();
    for segment in path {
        match (segment.as_key(), root.get(&resolved)) {
            (Some("_"), None | Some(Value::Null)) => resolved.push(0),
            (Some("_"), Some(Value::List(items))) => resolved.push(items.len().saturating_sub(1)),
            _ => resolved.push(segment.clone()),
        }
    }
    resolved
}

/// What a giver has at a reference; blank is nothing.
pub(crate) fn source_of(document: &Document, giver: ComponentId, reference: &FieldPath) -> Option<Source> {
    let tree = document.component(giver)?;
    let source = if is(tree, NAMESPACE) && reference.is_keys(&["displayName"]) {
        Source { component: giver, path: reference.clone(), value: name(tree)?.into() }
    } else {
        let (component, path) = alias::home(document, giver, reference);
        let tree = document.component(component)?;
        let path = resolve(tree, &path);
        let value = tree.get(&path)?.clone();
        Source { component, path, value }
    };
    (!source.value.is_blank()).then_some(source)
}

/// A value as its receiver takes it; blank is nothing.
pub(crate) fn taken(of: Type, value: &Value) -> Option<Value> {
    Some(as_taken(of, value)).filter(|value| !value.is_blank())
}

/// The strategies after which the given value itself stands in the field: one that has no record and is another has
/// written nothing.
fn puts(strategy: &str) -> bool {
    !matches!(strategy, "add" | "remove" | "test")
}

/// Tells whether a path may be what [`resolve`] made of `pattern`.
fn may_be(pattern: &FieldPath, path: &FieldPath) -> bool {
    pattern.len() == path.len()
        && pattern.iter().zip(path.iter()).all(|(pattern, segment)| {
            pattern == segment || pattern.as_key() == Some("_") && matches!(segment, Segment::Index(_))
        })
}

fn is_item(path: &FieldPath) -> bool {
    matches!(path.last(), Some(Segment::Index(_)))
}

impl Claim<'_> {
    fn giver(&self, way: Way) -> ComponentId {
        if way.child_gives { self.from } else { self.to }
    }

    fn receiver(&self, way: Way) -> ComponentId {
        if way.child_gives { self.to } else { self.from }
    }

    /// In which direction something was written; by a definition that says otherwise now, in the first that it has.
    fn way_of(&self, wrote: &Wrote) -> Option<Way> {
        let ways = self.rule.ways();
        ways.iter().find(|way| way.is_back == wrote.is_back).or(ways.first()).copied()
    }

    fn wrote_into(&self, receiver: ComponentId, wrote: &Wrote) -> bool {
        self.way_of(wrote).is_some_and(|way| self.receiver(way) == receiver)
    }
}

/// What a flow of a claim finds at its giver, but for what the same claim wrote there the other way: no value holds itself
/// up. `own` is what the claim wrote.
fn gift_of(
    document: &Document,
    claim: &Claim<'_>,
    flows: &[Flow],
    flow: &Flow,
    own: &[Wrote],
) -> Option<Source> {
    let giver = claim.giver(flow.way);
    let source = source_of(document, giver, &flow.given)?;
    let is_own = |wrote: &Wrote| {
        wrote.is_back != flow.way.is_back
            && (giver, &wrote.path) == (source.component, &source.path)
            && same(Type::Anything, wrote.value.as_ref(), Some(&source.value))
    };
    let is_carried_back = flows.iter().any(|other| flow.carries_back(other));
    (!is_carried_back || !own.iter().any(is_own)).then_some(source)
}

impl Evaluation<'_, '_> {
    pub(crate) fn settle_fields(&mut self, receiver: ComponentId) {
        let claims = self.claims_on(receiver, Handler::Fields);
        let gone = self.gone_from(receiver, Handler::Fields);
        for gone in &gone.now {
            for wrote in gone.record.wrote.iter().filter(|it| gone.claim.wrote_into(receiver, it)) {
                self.move_back(&gone.claim, wrote);
            }
        }
        let Some(component) = self.document.component(receiver).cloned() else { return };
        let records: Vec<Record> = claims.iter().map(|claim| self.record(claim)).collect();
        let of_claims = claims.iter().zip(&records);
        let recorded: Vec<(RelationshipId, Wrote)> = of_claims
            .chain(gone.now.iter().map(|it| (&it.claim, &it.record)))
            .flat_map(|(claim, record)| {
                let mine = record.wrote.iter().filter(move |wrote| claim.wrote_into(receiver, wrote));
                mine.map(|wrote| (claim.pair.relationship, wrote.clone()))
            })
            .collect();
        let gifts = self.gifts(receiver, &component, (&claims, &records), &gone);
        let gave_once = self.gave_once(receiver, &component, &gone);
        let mut fields: Vec<FieldPath> = Vec::new();
        let named = gifts.iter().map(|(path, _)| path).chain(gave_once.iter().map(|(path, _)| path));
        for path in named.chain(recorded.iter().map(|(_, wrote)| &wrote.path)) {
            if !fields.contains(path) {
                fields.push(path.clone());
            }
        }
        let mut settling =
            Settling { receiver, claims, gone, records, recorded, new: Vec::new(), emptied: Vec::new() };
        for path in &fields {
            let gifts: Vec<&Gift> = gifts.iter().filter(|(of, _)| of == path).map(|(_, gift)| gift).collect();
            let gave: Vec<Option<Value>> =
                gave_once.iter().filter(|(of, _)| of == path).map(|(_, value)| value.clone()).collect();
            self.settle_field(&mut settling, path, &gifts, gave);
        }
        let Settling { claims, records, new, emptied, .. } = settling;
        for (path, count) in emptied {
            if let Some(component) = self.document.component_mut(receiver) {
                clean_up(component, &path, count);
            }
        }
        for (number, (claim, old)) in claims.iter().zip(&records).enumerate() {
            let mut wrote: Vec<Wrote> =
                new.iter().filter(|(of, _)| *of == number).map(|(_, wrote)| wrote.clone()).collect();
            for old in &old.wrote {
                if !claim.wrote_into(receiver, old) {
                    wrote.push(old.clone());
                    continue;
                }
                // It does not write there any more.
                let source = |wrote: &Wrote| wrote.moved.as_ref().map(|(path, _)| path.clone());
                if source(old).is_some() && !wrote.iter().any(|it| source(it) == source(old)) {
                    self.move_back(claim, old);
                }
            }
            wrote.sort_by_key(|wrote| wrote.is_back);
            self.keep_record(claim, &Record { wrote, ..Record::default() });
        }
    }

    /// What each pair of references of the claims gives, and to which field.
    fn gifts(
        &self,
        receiver: ComponentId,
        component: &Value,
        (claims, records): (&[Claim<'_>], &[Record]),
        gone: &GoneFrom<'_>,
    ) -> Vec<(FieldPath, Gift)> {
        let mut gifts: Vec<(FieldPath, Gift)> = Vec::new();
        for (number, claim) in claims.iter().enumerate() {
            // Of those that say the same of the same two the first has the word, and what one wrote they all did.
            let is_repeated = claims[..number].iter().any(|other| other.says_the_same(claim));
            let same: Vec<&Claim<'_>> = claims.iter().filter(|other| other.says_the_same(claim)).collect();
            let of_same = claims.iter().zip(records).filter(|(other, _)| other.says_the_same(claim));
            let own: Vec<Wrote> = of_same.flat_map(|(_, record)| record.wrote.clone()).collect();
            let before: Vec<Wrote> = same.iter().flat_map(|claim| self.before_record(claim).wrote).collect();
            let gone_of_same = gone.now.iter().filter(|gone| gone.claim.says_the_same(claim));
            let gone_wrote = gone_of_same.flat_map(|gone| &gone.record.wrote);
            let flows = self.definitions.flows(&claim.rule);
            let was_there = self.was_there(claim);
            let mut first: Vec<&Flow> = Vec::new();
            for flow in flows.iter().filter(|flow| claim.receiver(flow.way) == receiver) {
                // `_` is the last item, but one that this very pair has taken out stays the one.
                let taken_out = own.iter().chain(gone_wrote.clone()).find(|wrote| {
                    flow.strategy == "remove"
                        && wrote.is_back == flow.way.is_back
                        && wrote.value.is_none()
                        && may_be(&flow.received, &wrote.path)
                });
                let path = taken_out.map_or_else(|| resolve(component, &flow.received), |it| it.path.clone());
                let of = self.definitions.type_of(component, &path);
                let mut source = gift_of(&self.document, claim, &flows, flow, &own);
                // Of what is joined to itself the first direction has the word.
                source = source.filter(|_| !first.iter().any(|other| flow.carries_back(other)));
                let mut moved = None;
                if flow.strategy == "move" {
                    let about = |wrote: &&Wrote| wrote.is_back == flow.way.is_back && wrote.path == path;
                    // An item that was moved out of its list is out: the last one is another now.
                    let is_out = |(path, _): &(FieldPath, Value)| is_item(path) && may_be(&flow.given, path);
                    let is_out = |wrote: &Wrote| wrote.moved.as_ref().is_some_and(is_out);
                    source = source.filter(|_| !own.iter().filter(about).any(is_out));
                    let is_away = |wrote: &&Wrote| about(wrote) && wrote.moved.is_some();
                    moved = own.iter().find(is_away).filter(|_| source.is_none()).cloned();
                }
                if is_repeated {
                    (source, moved) = (None, None);
                }
                let value = source.as_ref().and_then(|source| taken(of, &source.value));
                if value.is_some() && claim.from == claim.to {
                    first.push(flow);
                }
                let gave = gift_of(self.before, claim, &flows, flow, &before)
                    .filter(|_| was_there && puts(&flow.strategy))
                    .and_then(|source| taken(of, &source.value));
                let (strategy, is_back, giver) =
                    (flow.strategy.clone(), flow.way.is_back, claim.giver(flow.way));
                let gift = Gift { number, strategy, is_back, giver, source, value, moved, was_there, gave };
                gifts.push((path, gift));
            }
        }
        gifts
    }

    /// What those gave that give no more.
    fn gave_once(
        &self,
        receiver: ComponentId,
        component: &Value,
        gone: &GoneFrom<'_>,
    ) -> Vec<(FieldPath, Option<Value>)> {
        let mut gave = Vec::new();
        for Gone { claim, record } in &gone.ever {
            let flows = self.definitions.flows(&claim.rule);
            for flow in flows.iter().filter(|it| claim.receiver(it.way) == receiver && puts(&it.strategy)) {
                let path = resolve(component, &flow.received);
                let of = self.definitions.type_of(component, &path);
                let source = gift_of(self.before, claim, &flows, flow, &record.wrote);
                gave.push((path, source.and_then(|source| taken(of, &source.value))));
            }
        }
        gave
    }

    fn settle_field(
        &mut self,
        settling: &mut Settling<'_>,
        path: &FieldPath,
        gifts: &[&Gift],
        mut gave: Vec<Option<Value>>,
    ) {
        let receiver = settling.receiver;
        let Some(component) = self.document.component(receiver).cloned() else { return };
        let relationship = |gift: &Gift| settling.claims[gift.number].pair.relationship;
        if gifts.iter().any(|gift| self.suspended.contains(&relationship(gift))) {
            for (number, (claim, record)) in settling.claims.iter().zip(&settling.records).enumerate() {
                let of_it =
                    record.wrote.iter().filter(|it| it.path == *path && claim.wrote_into(receiver, it));
                settling.new.extend(of_it.map(|wrote| (number, wrote.clone())));
            }
            return;
        }
        let is_new = self.before.component(receiver).is_none();
        gave.extend(gifts.iter().filter(|gift| gift.was_there).map(|gift| gift.gave.clone()));
        if is_new {
            gave.extend(gifts.iter().filter(|it| puts(&it.strategy)).map(|gift| gift.value.clone()));
        }
        let is_first = !is_new && settling.gone.ever.is_empty() && gifts.iter().all(|gift| !gift.was_there);
        let recorded = settling.recorded.iter().find(|(_, wrote)| wrote.path == *path);
        let mut field = Field {
            of: self.definitions.type_of(&component, path),
            path,
            present: component.get(path).cloned(),
            recorded: recorded.map(|(_, wrote)| wrote),
            past: match is_first {
                // What was given back in this evaluation is the receiver's own from then on.
                _ if self.given_back.contains(&(receiver, path.clone())) => Past::Nobody,
                true => Past::Nobody,
                false => Past::Gave(&gave),
            },
            default: self.definitions.default_of(&component, path),
        };
        // A strategy starts from what stood there before it was first applied.
        let untouched = field.recorded.filter(|it| same(field.of, field.present.as_ref(), it.value.as_ref()));
        let base = untouched.map_or(field.present.clone(), |recorded| recorded.before.clone());
        let spec = self.definitions.registry.field(&Definitions::kind_of(&component), path);
        let writers: Vec<(&Gift, Option<Value>)> = gifts
            .iter()
            .filter_map(|gift| {
                if let Some(moved) = &gift.moved {
                    return Some((*gift, moved.value.clone()));
                }
                Some((*gift, apply(&gift.strategy, base.as_ref(), gift.value.as_ref()?, spec)?))
            })
            .collect();
        for (_, other) in &writers {
            if !same(field.of, other.as_ref(), writers[0].1.as_ref()) {
                self.conflicts.push((receiver, path.clone(), relationship(writers[0].0)));
            }
        }
        let taken_out = field.recorded.filter(|wrote| is_item(path) && wrote.value.is_none()).cloned();
        let verdict = match (writers.first(), taken_out) {
            // It was moved here; what the user makes of it since stays.
            (Some((Gift { moved: Some(moved), .. }, _)), _) => Verdict::keep(&field, Some(moved.clone())),
            // It is out; what stands in its place now is another item.
            (Some((_, None)), Some(taken_out)) => Verdict::keep(&field, Some(taken_out)),
            (Some((_, written)), _) => field.owned(written.as_ref()),
            (None, taken_out) => {
                let is_left = settling.gone.now.iter().any(|gone| {
                    let sub_type = at(&gone.claim.rule.definition.tree, "subType").and_then(Value::as_text);
                    sub_type.is_some_and(|it| it.eq_ignore_ascii_case("inventory"))
                        && self.document.component(gone.claim.to).is_none()
                });
                if let (false, Some(taken_out)) = (is_left, taken_out) {
                    if let (Some(before), Some(component)) =
                        (taken_out.before, self.document.component_mut(receiver))
                    {
                        put_item_back(component, path, before);
                    }
                    return;
                }
                // Deleting a Namespace leaves every value as it is.
                if is_left {
                    field.recorded = None;
                    field.past = Past::Recorded;
                }
                if field.recorded.is_some() || is_left {
                    self.given_back.push((receiver, path.clone()));
                }
                field.given_back()
            }
        };
        let writer = writers.first().map(|(gift, _)| relationship(gift));
        let writer = writer.or(recorded.map(|(id, _)| *id));
        let Some(made) = self.put(writer, receiver, path, verdict.value.as_ref()) else { return };
        if let (Some((owner, _)), Some(mut record)) = (writers.first(), verdict.record) {
            record.made = record.made.max(made);
            record.is_back = owner.is_back;
            let moved = owner.source.as_ref().filter(|_| owner.strategy == "move");
            if let Some(source) = moved.filter(|source| self.move_away(writer, owner.giver, source)) {
                record.moved = Some((source.path.clone(), source.value.clone()));
            }
            if record.moved.is_some() || !verdict.is_tacit {
                settling.new.push((owner.number, record));
            }
        }
        settling.emptied.push((path.clone(), verdict.clean_up));
    }

    /// Takes a value away where it stands. What an alias shows is its parent's, and the name of a Namespace is not lost.
    fn move_away(&mut self, writer: Option<RelationshipId>, giver: ComponentId, source: &Source) -> bool {
        let Some(component) = self.document.component(giver) else { return false };
        let is_name = is(component, NAMESPACE) && source.path.is_keys(&["displayName"]);
        source.component == giver && !is_name && self.put(writer, giver, &source.path, None).is_some()
    }

    fn put(
        &mut self,
        writer: Option<RelationshipId>,
        id: ComponentId,
        path: &FieldPath,
        value: Option<&Value>,
    ) -> Option<Made> {
        let component = self.document.component_mut(id)?;
        let before = component.clone();
        let made = write(component, path, value);
        if !before.identical(component) {
            self.writers.extend(writer);
        }
        made
    }

    /// Gives back what was moved away, unless something stands there now.
    fn move_back(&mut self, claim: &Claim<'_>, wrote: &Wrote) {
        let (Some((path, value)), Some(way)) = (&wrote.moved, claim.way_of(wrote)) else { return };
        let giver = claim.giver(way);
        let Some(component) = self.document.component_mut(giver) else { return };
        if is_item(path) {
            put_item_back(component, path, value.clone());
        } else if component.get(path).is_none_or(Value::is_blank) {
            self.put(Some(claim.pair.relationship), giver, path, Some(value));
        }
    }

    /// What a claim had written when the evaluation began; one that was identified since counts as if it had been there.
    fn before_record(&self, claim: &Claim<'_>) -> Record {
        if self.identified.contains(&claim.pair.relationship) {
            return self.record(claim);
        }
        let Some(tree) = self.before.relationship(claim.pair.relationship) else { return Record::default() };
        let mut pairs = pairs(claim.pair.relationship, tree).into_iter();
        pairs
            .find(|pair| pair.joins_the_same(&claim.pair))
            .map(|pair| Record::of(tree, &pair))
            .unwrap_or_default()
    }
}

/// A receiver whose fields are settled one by one.
struct Settling<'e> {
    receiver: ComponentId,
    claims: Vec<Claim<'e>>,
    gone: GoneFrom<'e>,
    records: Vec<Record>,
    /// What they say about the receiver.
    recorded: Vec<(RelationshipId, Wrote)>,
    /// What is written now, and by which claim.
    new: Vec<(usize, Wrote)>,
    emptied: Vec<(FieldPath, Made)>,
}

/// Puts an item back that was taken out of its list.
fn put_item_back(component: &mut Value, path: &FieldPath, item: Value) {
    let (Some(list), Some(Segment::Index(index))) = (path.parent(), path.last()) else { return };
    if let Some(Value::List(items)) = component.get_mut(&list) {
        items.insert((*index).min(items.len()), item);
    }
}

/// What a strategy makes of `base`: `None`, nothing is written; `Some(None)`, the field goes.
#[expect(clippy::option_option, reason = "absent is not the same as untouched")]
fn apply(
    strategy: &str,
    base: Option<&Value>,
    given: &Value,
    spec: Option<&FieldSpec>,
) -> Option<Option<Value>> {
    match strategy {
        "merge" => Some(Some(merge(base, given, None, false))),
        "strategic" => Some(Some(merge(base, given, spec, true))),
        "add" => match base.filter(|base| !base.is_blank()) {
            None => Some(Some(given.clone())),
            Some(Value::List(items)) => {
                let mut all = items.clone();
                for item in given.as_list().unwrap_or(std::slice::from_ref(given)) {
                    if !all.iter().any(|other| other.equivalent(item)) {
                        all.push(item.clone());
                    }
                }
                (all.len() > items.len()).then_some(Some(Value::List(all)))
            }
            Some(_) => None,
        },
        "remove" => Some(None),
        "test" => None,
        _ => Some(Some(given.clone())),
    }
}

/// RFC 7396; a strategic one merges the items of lists that have map keys, too.
fn merge(base: Option<&Value>, given: &Value, spec: Option<&FieldSpec>, is_strategic: bool) -> Value {
    match given {
        Value::Map(entries) => {
            let mut merged = base.and_then(Value::as_map).cloned().unwrap_or_default();
            for (key, value) in entries.iter() {
                if value.is_null() {
                    merged.remove(key);
                } else {
                    let below = spec.and_then(|spec| spec.field_at(&[key]));
                    let value = merge(merged.get(key), value, below, is_strategic);
                    merged.insert(key, value);
                }
            }
            Value::Map(merged)
        }
        Value::List(items) if is_strategic && spec.is_some_and(|spec| !spec.list_map_keys.is_empty()) => {
            let keys = spec.map(|spec| spec.list_map_keys.clone()).unwrap_or_default();
            let mut merged = base.and_then(Value::as_list).unwrap_or_default().to_vec();
            for item in items {
                let is_same = |other: &&mut Value| {
                    keys.iter().all(|key| at(item, key).is_some() && at(item, key) == at(other, key))
                };
                let below = spec.and_then(|spec| spec.items.as_deref());
                match merged.iter_mut().find(is_same) {
                    Some(other) => *other = merge(Some(other), item, below, true),
                    None => merged.push(item.clone()),
                }
            }
            Value::List(merged)
        }
        other => other.clone(),
    }
}
