//! Which definition describes a pair of components.

use std::cell::RefCell;
use std::collections::HashMap;

use super::engine::Hasher;
use super::legacy::is_legacy;
use crate::model::{Component, ComponentId, ComponentKind, Relationship, Value, relationship::Pair};
use crate::registry::{self, Flow, Registry, RelationshipDefinition, Selector};
use crate::wallet::relationship::{candidate, reference_value};

/// What becomes of the values of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Handler {
    /// The module group of a filter, into its WasmPlugin.
    Module,
    /// The module group of a filter, into its own entry of an EnvoyFilter.
    Entry,
    /// Each pair of paths by itself.
    Fields,
    /// Nothing flows.
    Nothing,
}

/// The definition of a pair, and the two selectors of it that fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule<'r> {
    pub(super) definition: &'r RelationshipDefinition,
    pub(super) from: &'r Selector,
    pub(super) to: &'r Selector,
    pub(super) handler: Handler,
    /// Tells whether the relationship's own references are spelled otherwise than ours.
    pub(super) is_legacy: bool,
}

impl<'r> Rule<'r> {
    pub(super) fn new(definition: &'r RelationshipDefinition, from: &'r Selector, to: &'r Selector) -> Self {
        let handler = handler(definition, from, to);
        Self { definition, from, to, handler, is_legacy: false }
    }

    /// The values that flow; where they flow in both directions, from `from` to `to` first.
    pub(super) fn flows(&self) -> impl Iterator<Item = Flow<'r>> + use<'r> {
        Flow::all(self.from, self.to)
    }

    /// The definition's name in traces.
    pub(super) fn name(&self) -> &'r str {
        name_of(self.definition)
    }
}

/// A definition's name in traces.
pub(super) fn name_of(definition: &RelationshipDefinition) -> &str {
    &definition.name
}

fn handler(definition: &RelationshipDefinition, from: &Selector, to: &Selector) -> Handler {
    let is = |selector: &Selector, kind: &ComponentKind| {
        selector.kind.as_deref() == Some(&*kind.kind)
            && selector.group.as_deref().is_none_or(|group| group == kind.group)
    };
    if definition.is_wallet() && is(from, &ComponentKind::WASM_FILTER) {
        // However a definition of this wallet spells its references, the module fields go as a group.
        if is(to, &ComponentKind::WASM_PLUGIN) {
            return Handler::Module;
        }
        if is(to, &ComponentKind::ENVOY_FILTER) {
            return Handler::Entry;
        }
    }
    if Flow::between(from, to).is_some() { Handler::Fields } else { Handler::Nothing }
}

/// What the policy thinks of a pair of a live relationship.
#[derive(Clone, Debug)]
pub(super) enum Verdict<'r> {
    /// No definition describes it: it is kept and never looked at.
    Unknown,
    /// It holds.
    Valid(Rule<'r>),
    /// It is taken out.
    Bad {
        /// The definition that says so.
        definition: &'r RelationshipDefinition,
        /// The rule that describes it, under which it may have written something; a denied pair may have none.
        rule: Option<Rule<'r>>,
        /// Why.
        reason: String,
    },
}

/// The definitions that are in force.
#[derive(Debug)]
pub(super) struct Rules<'r> {
    pub(super) registry: &'r Registry,
    /// What was found out about pairs of a shape, for each pair of kinds.
    known: RefCell<HashMap<u64, Vec<Known<'r>>, Hasher>>,
}

/// What was found out about a pair of some shape between these kinds.
#[derive(Clone, Debug)]
struct Known<'r> {
    from: ComponentKind,
    to: ComponentKind,
    /// What else of the two counts, where the kinds do not say it all.
    origins: Option<[Origin; 2]>,
    verdict: Verdict<'r>,
}

/// What a selector asks of a component besides its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    model: Option<String>,
    namespaced: bool,
}

impl Origin {
    fn of(candidate: registry::Candidate<'_>) -> Self {
        Self { model: candidate.model.map(str::to_owned), namespaced: candidate.namespaced }
    }
}

/// So much is kept of one shape, to be gone through: enough for every design but one made to have more.
const MAX_KNOWN: usize = 32;

impl<'r> Rules<'r> {
    pub(super) fn new(registry: &'r Registry) -> Self {
        Self { registry, known: RefCell::default() }
    }

    /// The definitions of a class, in order.
    fn of_class(&self, class: &str) -> impl Iterator<Item = &'r RelationshipDefinition> + use<'r> {
        self.registry.relationships_of(class).map(|it| &**it)
    }

    /// The rule by which a pair of an existing relationship is evaluated, found by its own selectors and the components
    /// behind them. `component` gives the component behind an id.
    pub(super) fn verdict<'a>(
        &self,
        relationship: &Relationship,
        pair: &Pair,
        component: impl Fn(ComponentId) -> Option<&'a Component>,
    ) -> Verdict<'r> {
        let (from, to) = (pair.from.and_then(&component), pair.to.and_then(&component));
        let (Some(child), Some(parent)) = (from, to) else {
            return self.verdict_on(relationship, pair, from, to);
        };
        let origins = || [child, parent].map(|it| Origin::of(candidate(self.registry, it)));
        if let Some(known) = self.known.borrow().get(&pair.shape) {
            let is_same = |it: &&Known<'_>| {
                it.from.same_kind(child.kind())
                    && it.to.same_kind(parent.kind())
                    && it.origins.as_ref().is_none_or(|known| *known == origins())
            };
            if let Some(known) = known.iter().find(is_same) {
                return known.verdict.clone();
            }
        }
        let mut verdict = self.verdict_on(relationship, pair, from, to);
        if let Verdict::Valid(rule) = &mut verdict {
            rule.is_legacy = is_legacy(self.registry, relationship, pair, child, parent);
        }
        let mut known = self.known.borrow_mut();
        let known = known.entry(pair.shape).or_default();
        if known.len() < MAX_KNOWN {
            let depends = !self.depends_on_kinds_only(relationship.class(), child, parent);
            let (from, to) = (child.kind().clone(), parent.kind().clone());
            known.push(Known { from, to, origins: depends.then(origins), verdict: verdict.clone() });
        }
        verdict
    }

    /// Tells whether other components of these kinds get the same verdict.
    fn depends_on_kinds_only(&self, class: &str, child: &Component, parent: &Component) -> bool {
        let is_known = |component: &Component| self.registry.component(component.kind()).is_some();
        let names_model = |selectors: &[Selector]| selectors.iter().any(|selector| selector.model.is_some());
        is_known(child)
            && is_known(parent)
            && !self.of_class(class).any(|definition| {
                definition
                    .selectors
                    .iter()
                    .any(|set| names_model(&set.deny.from) || names_model(&set.deny.to))
            })
    }

    fn verdict_on(
        &self,
        relationship: &Relationship,
        pair: &Pair,
        from: Option<&Component>,
        to: Option<&Component>,
    ) -> Verdict<'r> {
        let own_from = relationship.selector_item(pair.set, "from", pair.from_item).map(OwnSelector::of);
        let own_to = relationship.selector_item(pair.set, "to", pair.to_item).map(OwnSelector::of);
        let (own_from, own_to) = (own_from.unwrap_or_default(), own_to.unwrap_or_default());
        let mut described: Option<(&RelationshipDefinition, &Selector, &Selector, bool)> = None;
        let mut denied: Option<(&RelationshipDefinition, &Component, &Component)> = None;
        for definition in self.of_class(relationship.class()) {
            if let (Some(from), Some(to)) = (from, to)
                && definition.denies(candidate(self.registry, from), candidate(self.registry, to))
            {
                denied.get_or_insert((definition, from, to));
            }
            for set in &definition.selectors {
                let patches = set.allow.from.iter().chain(&set.allow.to).filter_map(|it| it.patch.as_ref());
                let mut refs = patches.flat_map(|it| it.mutator_ref.iter().chain(&it.mutated_ref));
                let has_inert = refs.any(|path| path.is_empty());
                let find = |selectors: &'r [Selector], own: OwnSelector<'_>, real: Option<&Component>| {
                    let fits = |selector: &&'r Selector| {
                        own.fits(selector) && real.is_none_or(|real| self.fits(selector, own, real))
                    };
                    let mut fitting = selectors.iter().filter(fits);
                    let first = fitting.clone().next()?;
                    let exact = fitting.find(|selector| own.has_references_of(selector, has_inert));
                    Some((exact.unwrap_or(first), exact.is_some()))
                };
                let (Some((from, from_is_exact)), Some((to, to_is_exact))) =
                    (find(&set.allow.from, own_from, from), find(&set.allow.to, own_to, to))
                else {
                    continue;
                };
                // Many definitions may describe one pair of kinds: it is the one that says what the relationship says
                // about its references, else the first.
                let is_exact = from_is_exact && to_is_exact;
                if described.is_none_or(|(.., was_exact)| is_exact && !was_exact) {
                    described = Some((definition, from, to, is_exact));
                }
            }
        }
        if let Some((definition, from, to)) = denied {
            // What it wrote before it was denied is given back by the rule by which it did.
            let rule = described.map(|(definition, from, to, _)| Rule::new(definition, from, to));
            let reason = format!("{} may not be joined to {}", from.kind().kind, to.kind().kind);
            return Verdict::Bad { definition, rule, reason };
        }
        let Some((definition, from_selector, to_selector, _)) = described else { return Verdict::Unknown };
        let rule = Rule::new(definition, from_selector, to_selector);
        let bad = |reason: String| Verdict::Bad { definition, rule: Some(rule), reason };
        if let Err(reason) = Self::end(pair.from, from, own_from) {
            return bad(format!("its child {reason}"));
        }
        if let Err(reason) = Self::end(pair.to, to, own_to) {
            return bad(format!("its parent {reason}"));
        }
        Verdict::Valid(rule)
    }

    /// Tells whether the real component is one that the selector means. One of another kind than the relationship's own
    /// selector names is a matter of validity, not of description.
    fn fits(&self, selector: &Selector, own: OwnSelector<'_>, real: &Component) -> bool {
        let is_other_kind = own.kind.is_some_and(|kind| kind != real.kind().kind);
        is_other_kind || {
            // Models are compared by the relationship's own selectors only.
            let real = registry::Candidate { model: None, ..candidate(self.registry, real) };
            selector.matches(real)
        }
    }

    /// Says what is wrong with one end.
    fn end(id: Option<ComponentId>, real: Option<&Component>, own: OwnSelector<'_>) -> Result<(), String> {
        if id.is_none() {
            return Err("has no id".to_owned());
        }
        let Some(real) = real else { return Err("is not in the design".to_owned()) };
        match own.kind {
            Some(kind) if kind != real.kind().kind => {
                Err(format!("is of kind {}, not {kind} as the relationship says", real.kind().kind))
            }
            _ => Ok(()),
        }
    }

    /// The rule by which these two would be joined.
    pub(super) fn joining(&self, class: &str, from: &Component, to: &Component) -> Option<Rule<'r>> {
        let (from, to) = (candidate(self.registry, from), candidate(self.registry, to));
        self.of_class(class).find_map(|definition| {
            let (from, to) = definition.joins(from, to)?;
            Some(Rule::new(definition, from, to))
        })
    }
}

/// What a relationship's own selector says about one of its ends.
#[derive(Clone, Copy, Debug, Default)]
struct OwnSelector<'a> {
    kind: Option<&'a str>,
    model: Option<&'a str>,
    patch: Option<&'a Value>,
}

impl<'a> OwnSelector<'a> {
    fn of(item: &'a Value) -> Self {
        let named = |text: Option<&'a str>| text.filter(|text| !text.trim().is_empty() && *text != "*");
        let model = named(item.text_at(&["model", "name"]));
        Self { kind: named(item.text_at(&["kind"])), model, patch: item.at(&["patch"]) }
    }

    /// Tells whether it gives and receives at the same places. Of a set with references that lead nowhere (DS009) only
    /// some need stand here.
    fn has_references_of(self, selector: &Selector, has_inert: bool) -> bool {
        let (Some(own), Some(patch)) = (self.patch, &selector.patch) else { return false };
        let sides = [("mutatorRef", &patch.mutator_ref), ("mutatedRef", &patch.mutated_ref)];
        sides.into_iter().all(|(key, paths)| {
            let own = own.at(&[key]).and_then(Value::as_list).unwrap_or_default();
            let mut paths_left = paths.iter();
            (own.len() == paths.len() || has_inert)
                && own.iter().all(|own| paths_left.any(|path| *own == reference_value(path)))
        })
    }

    /// Kinds are compared exactly, models where both name one.
    fn fits(self, selector: &Selector) -> bool {
        let same = |a: Option<&str>, b: Option<&str>| a.is_none() || b.is_none() || a == b;
        same(self.kind, selector.kind.as_deref()) && same(self.model, selector.model.as_deref())
    }
}
