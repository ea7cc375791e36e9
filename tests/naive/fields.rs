//! Values that flow path by path: the name of a Namespace, and the pairs of any other definition (`policy.md`, step 4).

use billfold::model::{ComponentId, FieldPath, Segment, Value};
use billfold::registry::FieldSpec;

use super::Evaluation;
use super::definition::{Definitions, Handler};
use super::document::{Document, NAMESPACE, at, clean_up, is, name};
use super::field::{Field, Past, Verdict, write};
use super::record::{Record, Wrote};
use super::validate::Claim;
use super::value::{Type, as_taken, same};

/// What one pair gives to one field.
#[derive(Clone)]
struct Gift<'d> {
    claim: Claim<'d>,
    strategy: String,
    value: Option<Value>,
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

/// What a giver has at a path, as the receiver takes it; blank is nothing.
pub(crate) fn given(of: Type, giver: Option<&Value>, path: &FieldPath) -> Option<Value> {
    let giver = giver?;
    let value = if is(giver, NAMESPACE) && path.is_keys(&["displayName"]) {
        name(giver)?.into()
    } else {
        giver.get(&resolve(giver, path))?.clone()
    };
    let value = as_taken(of, &value);
    (!value.is_blank()).then_some(value)
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

/// Each pair of the claims on a receiver: who gives, what, and to which field.
fn flows(
    definitions: &Definitions<'_>,
    claim: &Claim<'_>,
    receiver: ComponentId,
) -> Vec<(ComponentId, super::definition::Flow)> {
    let mut flows = Vec::new();
    let child_gives = claim.rule.child_gives();
    if child_gives && claim.to == receiver {
        flows.extend(definitions.flows(&claim.rule, true).into_iter().map(|flow| (claim.from, flow)));
    }
    if !child_gives && claim.rule.parent_gives() && claim.from == receiver {
        flows.extend(definitions.flows(&claim.rule, false).into_iter().map(|flow| (claim.to, flow)));
    }
    flows
}

impl Evaluation<'_, '_> {
    #[expect(clippy::too_many_lines, reason = "steps 4 and 5 for one receiver, read from top to bottom")]
    pub(crate) fn settle_fields(&mut self, receiver: ComponentId) {
        let claims = self.claims_on(receiver, Handler::Fields);
        let gone = self.gone_from(receiver, Handler::Fields);
        let Some(component) = self.document.component(receiver).cloned() else { return };
        let records: Vec<Record> = claims.iter().map(|claim| self.record(claim)).collect();
        let recorded: Vec<Wrote> = records
            .iter()
            .chain(gone.now.iter().map(|it| &it.record))
            .flat_map(|it| it.wrote.clone())
            .collect();
        let of = |path: &FieldPath| self.definitions.type_of(&component, path);

        let mut fields: Vec<FieldPath> = Vec::new();
        let mut gifts: Vec<(FieldPath, Gift<'_>)> = Vec::new();
        for (number, claim) in claims.iter().enumerate() {
            // Of those that say the same of the same two the first has the word.
            let is_repeated = claims[..number].iter().any(|other| other.says_the_same(claim));
            let of_same = claims.iter().zip(&records).filter(|(other, _)| other.says_the_same(claim));
            let gone_of_same = gone.now.iter().filter(|gone| gone.claim.says_the_same(claim));
            let own: Vec<&Wrote> = of_same
                .map(|(_, record)| record)
                .chain(gone_of_same.map(|gone| &gone.record))
                .flat_map(|record| &record.wrote)
                .collect();
            for (giver, flow) in flows(self.definitions, claim, receiver) {
                // `_` is the last item, but one that this very pair has taken out stays the one.
                let taken_out = own.iter().find(|wrote| {
                    flow.strategy == "remove" && wrote.value.is_none() && may_be(&flow.received, &wrote.path)
                });
                let path =
                    taken_out.map_or_else(|| resolve(&component, &flow.received), |it| it.path.clone());
                let read = |document: &Document| given(of(&path), document.component(giver), &flow.given);
                let was_there = self.was_there(claim);
                let value = read(&self.document).filter(|_| !is_repeated);
                let gave = read(self.before).filter(|_| puts(&flow.strategy));
                fields.push(path.clone());
                gifts.push((path, Gift { claim: *claim, strategy: flow.strategy, value, was_there, gave }));
            }
        }
        let mut gave_once: Vec<(FieldPath, Option<Value>)> = Vec::new();
        for gone in &gone.ever {
            let putting = flows(self.definitions, &gone.claim, receiver);
            for (giver, flow) in putting.into_iter().filter(|(_, flow)| puts(&flow.strategy)) {
                let path = resolve(&component, &flow.received);
                let value = given(of(&path), self.before.component(giver), &flow.given);
                gave_once.push((path.clone(), value));
                fields.push(path);
            }
        }
        fields.extend(recorded.iter().map(|wrote| wrote.path.clone()));

        let mut new_records: Vec<Record> = vec![Record::default(); claims.len()];
        let mut written = component.clone();
        let mut emptied = Vec::new();
        let mut seen: Vec<FieldPath> = Vec::new();
        for path in fields {
            if seen.contains(&path) {
                continue;
            }
            seen.push(path.clone());
            let gifts: Vec<&Gift<'_>> =
                gifts.iter().filter(|(of, _)| *of == path).map(|(_, gift)| gift).collect();
            let keep_as_is = |new_records: &mut Vec<Record>| {
                for (new, old) in new_records.iter_mut().zip(&records) {
                    new.wrote.extend(old.about(&path).cloned());
                }
            };
            if gifts.iter().any(|gift| self.suspended.contains(&gift.claim.pair.relationship)) {
                keep_as_is(&mut new_records);
                continue;
            }
            let is_new = self.before.component(receiver).is_none();
            let mut gave: Vec<Option<Value>> =
                gave_once.iter().filter(|(of, _)| *of == path).map(|(_, value)| value.clone()).collect();
            gave.extend(gifts.iter().filter(|gift| gift.was_there).map(|gift| gift.gave.clone()));
            if is_new {
                gave.extend(gifts.iter().filter(|it| puts(&it.strategy)).map(|gift| gift.value.clone()));
            }
            let is_first = !is_new && gone.ever.is_empty() && gifts.iter().all(|gift| !gift.was_there);
            let mut field = Field {
                of: of(&path),
                path: &path,
                present: written.get(&path).cloned(),
                recorded: recorded.iter().find(|wrote| wrote.path == path),
                past: match is_first {
                    // What was given back in this evaluation is the receiver's own from then on.
                    _ if self.given_back.contains(&(receiver, path.clone())) => Past::Nobody,
                    true => Past::Nobody,
                    false => Past::Gave(&gave),
                },
                default: self.definitions.default_of(&component, &path),
            };
            // A strategy starts from what stood there before it was first applied.
            let untouched =
                field.recorded.filter(|it| same(field.of, field.present.as_ref(), it.value.as_ref()));
            let base = untouched.map_or(field.present.clone(), |recorded| recorded.before.clone());
            let spec = self.definitions.registry.field(&Definitions::kind_of(&component), &path);
            let writers: Vec<(&Gift<'_>, Option<Value>)> = gifts
                .iter()
                .filter_map(|gift| {
                    Some((*gift, apply(&gift.strategy, base.as_ref(), gift.value.as_ref()?, spec)?))
                })
                .collect();
            let owner = writers.first().map(|(gift, _)| *gift);
            for (_, other) in &writers {
                if !same(field.of, other.as_ref(), writers[0].1.as_ref()) {
                    self.conflicts.push((receiver, path.clone(), writers[0].0.claim.pair.relationship));
                }
            }
            let taken_out = field.recorded.filter(|wrote| is_item(&path) && wrote.value.is_none()).cloned();
            let verdict = match (writers.first(), taken_out) {
                // It is out; what stands in its place now is another item.
                (Some((_, None)), Some(taken_out)) => Verdict::keep(&field, Some(taken_out)),
                (Some((_, written)), _) => field.owned(written.as_ref()),
                (None, taken_out) => {
                    let is_left = gone.now.iter().any(|gone| {
                        let sub_type =
                            at(&gone.claim.rule.definition.tree, "subType").and_then(Value::as_text);
                        sub_type.is_some_and(|it| it.eq_ignore_ascii_case("inventory"))
                            && self.document.component(gone.claim.to).is_none()
                    });
                    if let (false, Some(taken_out)) = (is_left, taken_out) {
                        if let Some(before) = taken_out.before {
                            put_item_back(&mut written, &path, before);
                        }
                        continue;
                    }
                    let adds = |gift: &&Gift<'_>| gift.strategy == "add" && gift.value.is_some();
                    // Deleting a Namespace leaves every value as it is; and an `add` that has nothing to add here takes
                    // nothing away.
                    let is_kept = is_left || gifts.iter().any(adds);
                    if is_kept {
                        field.recorded = None;
                        field.past = Past::Recorded;
                    }
                    if field.recorded.is_some() || is_kept {
                        self.given_back.push((receiver, path.clone()));
                    }
                    field.given_back()
                }
            };
            let Some(made) = write(&mut written, &path, verdict.value.as_ref()) else { continue };
            if let (Some(owner), Some(mut record), false) = (owner, verdict.record, verdict.is_tacit) {
                record.made = record.made.max(made);
                let index = claims.iter().position(|claim| claim.pair == owner.claim.pair);
                if let Some(index) = index {
                    new_records[index].wrote.push(record);
                }
            }
            emptied.push((path, verdict.clean_up));
        }
        for (path, count) in emptied {
            clean_up(&mut written, &path, count);
        }
        self.replace(receiver, written);
        for (claim, record) in claims.iter().zip(new_records) {
            self.keep_record(claim, &record);
        }
    }
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
