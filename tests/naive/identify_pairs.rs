//! Joining by the definitions of others (`policy.md`, step 3): every component with every other, by every definition.

use billfold::model::{ComponentId, FieldPath, Value};

use super::definition::{Definition, Definitions, Handler, Rule, restriction};
use super::document::{Document, NAMESPACE, at, class, is_live, kind, list_at, name, text_at};
use super::fields::{resolve, source_of, taken};
use super::record::{Record, Wrote};
use super::validate::Verdict;
use super::value::{Type, as_taken, as_text, same};
use super::{Evaluation, identify};

/// Two components of which a rule says that they belong together.
#[derive(Clone, Copy)]
struct Fit<'d> {
    rule: Rule<'d>,
    from: ComponentId,
    to: ComponentId,
}

impl Fit<'_> {
    /// Tells whether both count among the candidates of a component: of one definition, or of any wallet.
    fn competes_with(&self, other: &Self) -> bool {
        std::ptr::eq(self.rule.definition, other.rule.definition)
            || self.rule.definition.is_wallet() && other.rule.definition.is_wallet()
    }
}

/// What is found: as whose relationship, between whom, by which selectors, and what counts as written.
pub(crate) struct Found {
    pub(crate) class: String,
    pub(crate) from: (ComponentId, Value),
    pub(crate) to: (ComponentId, Value),
    pub(crate) record: Record,
}

impl Evaluation<'_, '_> {
    pub(crate) fn find_pairs(&self) -> Vec<Found> {
        let definitions = self.definitions;
        let mut fits: Vec<Fit<'_>> = Vec::new();
        for rule in self.identifying_rules() {
            for (from, child) in &self.document.components {
                for (to, parent) in &self.document.components {
                    let is_taken =
                        rule.definition.joining(definitions, child, parent).is_some_and(|joining| {
                            std::ptr::eq(joining.from, rule.from) && std::ptr::eq(joining.to, rule.to)
                        });
                    if from != to
                        && is_taken
                        && !self.has_parent(&rule, *from)
                        && matches(&self.document, definitions, &rule, (*from, *to))
                    {
                        fits.push(Fit { rule, from: *from, to: *to });
                    }
                }
            }
        }
        let mut clear: Vec<Fit<'_>> = fits.iter().filter(|fit| self.is_clear(fit, &fits)).copied().collect();
        clear.sort_by_key(|fit| {
            let is_wallet = class(&fit.rule.definition.tree) == identify::WALLET;
            (is_wallet, self.sort_key(fit.to), self.sort_key(fit.from))
        });
        clear.iter().map(|fit| self.found(fit)).collect()
    }

    /// Every pair of selectors by which values flow; what is loaded twice counts once, and namespace frames have a way of
    /// their own.
    fn identifying_rules(&self) -> Vec<Rule<'_>> {
        let mut rules: Vec<Rule<'_>> = Vec::new();
        for definition in self.definitions.list.iter().filter(|it| it.is_enabled() && !it.is_derived()) {
            if self.document.is_frozen(&class(&definition.tree)) {
                continue;
            }
            for (from, to) in definition.selector_pairs("allow") {
                let rule = Rule { definition, from, to };
                let is_frame = class(&definition.tree) == identify::INVENTORY
                    && restriction(to, "kind") == Some(NAMESPACE.0)
                    && list_at(from, "patch.mutatedRef").iter().all(|path| {
                        path.as_list()
                            .is_some_and(|path| path.last().and_then(Value::as_text) == Some("namespace"))
                    });
                let is_repeated = rules.iter().any(|other| {
                    class(&other.definition.tree) == class(&definition.tree)
                        && (other.from, other.to) == (from, to)
                });
                if rule.handler() == Handler::Fields && !is_frame && !is_repeated {
                    rules.push(rule);
                }
            }
        }
        rules
    }

    /// Tells whether a child has its parent by this definition already, or its wallet.
    fn has_parent(&self, rule: &Rule<'_>, child: ComponentId) -> bool {
        let definition = rule.definition;
        if !class(&definition.tree).starts_with("hierarchical-") {
            return false;
        }
        self.document.live_pairs().iter().filter(|pair| pair.from == Some(child)).any(|pair| {
            let Some(tree) = self.document.relationship(pair.relationship) else { return false };
            match self.definitions.verdict(tree, pair, |id| self.document.component(id)) {
                Verdict::Holds(rule) => {
                    std::ptr::eq(rule.definition, definition)
                        || definition.is_wallet() && rule.definition.is_wallet()
                }
                Verdict::Unknown | Verdict::Goes(_) => false,
            }
        })
    }

    /// Tells whether these two and nobody else are meant, and nothing says already that they are, or are not.
    fn is_clear(&self, fit: &Fit<'_>, fits: &[Fit<'_>]) -> bool {
        let class = class(&fit.rule.definition.tree);
        let is_child = class.starts_with("hierarchical-");
        let of_both = fits.iter().filter(|other| fit.competes_with(other));
        let parents = of_both.clone().filter(|other| other.from == fit.from).count();
        let children = of_both.filter(|other| other.to == fit.to).count();
        let is_only = match (is_child, fit.rule.definition.is_wallet()) {
            (_, true) => parents == 1 && children == 1,
            (true, false) => parents == 1,
            (false, false) => parents == 1 || children == 1,
        };
        let is_both_ways = fits.iter().any(|other| {
            std::ptr::eq(other.rule.from, fit.rule.from)
                && std::ptr::eq(other.rule.to, fit.rule.to)
                && (other.from, other.to) == (fit.to, fit.from)
        });
        // Where either could be the source, it is the one that comes first.
        let is_turned = is_both_ways && self.sort_key(fit.to) < self.sort_key(fit.from);
        is_only
            && !is_turned
            && !self.is_joined(&fit.rule, fit.from, fit.to)
            && !((is_both_ways || is_child) && self.is_joined(&fit.rule, fit.to, fit.from))
            && !identify::is_ignored(&self.document, &class, fit.from, fit.to)
    }

    fn is_joined(&self, rule: &Rule<'_>, from: ComponentId, to: ComponentId) -> bool {
        let of_class = class(&rule.definition.tree);
        let joining = self.document.live_pairs().into_iter();
        joining.filter(|pair| pair.from == Some(from) && pair.to == Some(to)).any(|pair| {
            let Some(tree) = self.document.relationship(pair.relationship) else { return false };
            let is_its = || match self.definitions.verdict(tree, &pair, |id| self.document.component(id)) {
                Verdict::Holds(other) => std::ptr::eq(other.definition, rule.definition),
                Verdict::Unknown | Verdict::Goes(_) => false,
            };
            is_live(tree) && class(tree) == of_class && (of_class.starts_with("hierarchical-") || is_its())
        })
    }

    fn sort_key(&self, id: ComponentId) -> (String, String, ComponentId) {
        let component = self.document.component(id);
        let namespace = component.and_then(|it| text_at(it, "configuration.metadata.namespace"));
        (namespace.unwrap_or_default().to_owned(), component.and_then(name).unwrap_or_default(), id)
    }

    fn found(&self, fit: &Fit<'_>) -> Found {
        let rule = &fit.rule;
        let end = |id: ComponentId, selector: &Value| {
            let of = self.document.component(id).map_or("", kind).to_owned();
            let patch = at(selector, "patch").cloned().unwrap_or_default();
            (id, Value::from([("id", id.to_string().into()), ("kind", of.into()), ("patch", patch)]))
        };
        let mut record = Record::default();
        for reference in references(&self.document, self.definitions, rule, (fit.from, fit.to)) {
            let Reference { is_back, path, .. } = reference;
            let writes = !matches!(&*reference.strategy, "test" | "remove") && !reference.is_carried_back;
            let is_same = same(reference.of, reference.given.as_ref(), reference.present.as_ref());
            let is_known = record.wrote.iter().any(|it| (it.is_back, &it.path) == (is_back, &path));
            if writes && is_same && !is_known && reference.present.is_some() {
                let value = reference.present;
                record.wrote.push(Wrote { path, value, is_back, ..Wrote::default() });
            }
        }
        Found {
            class: class(&rule.definition.tree),
            from: end(fit.from, rule.from),
            to: end(fit.to, rule.to),
            record,
        }
    }
}

impl Definition {
    fn is_derived(&self) -> bool {
        at(&self.tree, "metadata.billfold.derived").and_then(Value::as_bool) == Some(true)
    }

    /// The first selectors of a set that take these two, unless a definition of the class denies them.
    fn joining<'d>(&'d self, definitions: &Definitions<'_>, from: &Value, to: &Value) -> Option<Rule<'d>> {
        let mut of_class =
            definitions.list.iter().filter(|it| it.is_enabled() && class(&it.tree) == class(&self.tree));
        if of_class.any(|it| super::definition::denies(definitions, it, from, to)) {
            return None;
        }
        let mut pairs = self.selector_pairs("allow");
        let fits =
            |(a, b): &(&Value, &Value)| definitions.means(a, from, true) && definitions.means(b, to, true);
        pairs.find(fits).map(|(from, to)| Rule { definition: self, from, to })
    }
}

/// A pair of references between two components.
struct Reference {
    is_back: bool,
    /// The value came from here in the first place.
    is_carried_back: bool,
    of: Type,
    path: FieldPath,
    strategy: String,
    given: Option<Value>,
    /// As it stands there; blank is nothing.
    present: Option<Value>,
    matching: Vec<String>,
}

fn references(
    document: &Document,
    definitions: &Definitions<'_>,
    rule: &Rule<'_>,
    ids: (ComponentId, ComponentId),
) -> Vec<Reference> {
    let (Some(from), Some(to)) = (document.component(ids.0), document.component(ids.1)) else {
        return Vec::new();
    };
    let matrix = |selector| {
        let rows = ["matchStrategyMatrix", "match_strategy_matrix"].map(|key| list_at(selector, key));
        if rows[0].is_empty() { rows[1] } else { rows[0] }
    };
    let rows = if matrix(rule.from).is_empty() { matrix(rule.to) } else { matrix(rule.from) };
    let flows = definitions.flows(rule);
    flows
        .iter()
        .map(|flow| {
            let (giver, receiver) = if flow.way.child_gives { (ids.0, to) } else { (ids.1, from) };
            let path = resolve(receiver, &flow.received);
            let of = definitions.type_of(receiver, &path);
            let words = rows.get(flow.number).and_then(Value::as_list).unwrap_or_default();
            let mut matching: Vec<String> =
                words.iter().filter_map(Value::as_text).map(str::to_owned).collect();
            if matching.is_empty() {
                matching.push("equal".to_owned());
            }
            Reference {
                is_back: flow.way.is_back,
                is_carried_back: flow.way.is_back && flows.iter().any(|other| flow.carries_back(other)),
                of,
                strategy: flow.strategy.clone(),
                given: source_of(document, giver, &flow.given).and_then(|source| taken(of, &source.value)),
                present: receiver.get(&path).filter(|value| !value.is_blank()).cloned(),
                path,
                matching,
            }
        })
        .collect()
}

/// At least one pair is present and tells something, and each matches or is absent on both sides.
fn matches(
    document: &Document,
    definitions: &Definitions<'_>,
    rule: &Rule<'_>,
    ids: (ComponentId, ComponentId),
) -> bool {
    let (mut given_tells, mut present_tells) = (false, false);
    for reference in references(document, definitions, rule, ids) {
        let present = reference.present.as_ref().map(|value| as_taken(reference.of, value));
        let present = present.filter(|value| !value.is_blank());
        let (given, present) = match (&reference.given, &present) {
            (None, None) => continue,
            (Some(given), Some(present)) => (given, present),
            _ => return false,
        };
        let has = |word: &str| reference.matching.iter().any(|it| it == word);
        let is_match = reference.matching.iter().all(|word| match &**word {
            "equal_as_strings" => are_one_text(given, present),
            "to_contains_from" => contains(present, given),
            "not_null" => true,
            _ => given.equivalent(present),
        });
        if !is_match {
            return false;
        }
        // An empty mapping is contained in every other: it tells nothing.
        let is_contained = has("to_contains_from") && !has("equal");
        let tells =
            |value: &Value| !is_contained || value.as_map().is_none_or(|map| map.iter().next().is_some());
        given_tells |= tells(given);
        present_tells |= tells(present);
    }
    given_tells && present_tells
}

fn contains(held: &Value, given: &Value) -> bool {
    match (held, given) {
        (Value::Map(held), Value::Map(given)) => {
            given.iter().all(|(key, value)| held.get(key).is_some_and(|other| other.equivalent(value)))
        }
        _ => held.equivalent(given),
    }
}

/// Tells whether both are the same as text. A mapping is the text of no scalar; the order of its keys means nothing.
fn are_one_text(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::List(_) | Value::Map(_), _) | (_, Value::List(_) | Value::Map(_)) => a.equivalent(b),
        _ => as_text(a).equivalent(&as_text(b)),
    }
}
