//! Which pairs hold, and which are taken out (`policy.md`, step 2).

use billfold::model::{ComponentId, Value};

use super::definition::{Definitions, Rule, denies, restriction};
use super::document::{Document, Pair, at, class, kind, list_at, own_selector};
use super::record::Record;

/// What the policy says about a pair of a live relationship.
pub(crate) enum Verdict<'d> {
    /// No definition describes it.
    Unknown,
    Holds(Rule<'d>),
    /// It goes; the rule by which it may have written something, where there is one.
    Goes(Option<Rule<'d>>),
}

impl Definitions<'_> {
    /// `find` gives the component behind an id.
    pub(crate) fn verdict<'a>(
        &self,
        tree: &Value,
        pair: &Pair,
        find: impl Fn(ComponentId) -> Option<&'a Value>,
    ) -> Verdict<'_> {
        let (from, to) = (pair.from.and_then(&find), pair.to.and_then(&find));
        let of_class = || self.list.iter().filter(|it| it.is_enabled() && class(&it.tree) == class(tree));
        let end = |side| own_selector(tree, pair, side).unwrap_or(&Value::Null);
        let (own_from, own_to) = (end("from"), end("to"));
        let rules = of_class().flat_map(|definition| {
            definition.selector_pairs("allow").map(move |(from, to)| Rule { definition, from, to })
        });
        let fitting: Vec<Rule<'_>> = rules
            .filter(|rule| self.describes(rule.from, own_from, from) && self.describes(rule.to, own_to, to))
            .collect();
        // Of several it is the one that says what the relationship itself says about its references.
        let is_exact =
            |rule: &&Rule<'_>| says_the_same(rule.from, own_from) && says_the_same(rule.to, own_to);
        let rule = fitting.iter().find(is_exact).or(fitting.first()).copied();
        if let (Some(from), Some(to)) = (from, to)
            && of_class().any(|definition| denies(self, definition, from, to))
        {
            return Verdict::Goes(rule);
        }
        let Some(rule) = rule else { return Verdict::Unknown };
        let is_right = |own: &Value, real: Option<&Value>| {
            real.is_some_and(|real| restriction(own, "kind").is_none_or(|named| named == kind(real)))
        };
        if is_right(own_from, from) && is_right(own_to, to) {
            Verdict::Holds(rule)
        } else {
            Verdict::Goes(Some(rule))
        }
    }

    /// Tells whether a selector of a definition describes an end of a relationship: by what the relationship's own selector
    /// says, and where that is right about the component, by the component.
    fn describes(&self, selector: &Value, own: &Value, real: Option<&Value>) -> bool {
        let same = |key| match (restriction(own, key), restriction(selector, key)) {
            (Some(a), Some(b)) => a == b,
            _ => true,
        };
        let is_mistaken = |real: &Value| restriction(own, "kind").is_some_and(|named| named != kind(real));
        same("kind")
            && same("model.name")
            && real.is_none_or(|real| is_mistaken(real) || self.means(selector, real, false))
    }
}

/// Tells whether a relationship's own selector gives and receives where this one of a definition does.
fn says_the_same(selector: &Value, own: &Value) -> bool {
    at(selector, "patch").is_some()
        && at(own, "patch").is_some()
        && ["patch.mutatorRef", "patch.mutatedRef"]
            .iter()
            .all(|key| list_at(selector, key) == list_at(own, key))
}

/// A pair that holds, with the rule by which it does.
#[derive(Clone, Copy)]
pub(crate) struct Claim<'d> {
    pub(crate) pair: Pair,
    pub(crate) from: ComponentId,
    pub(crate) to: ComponentId,
    pub(crate) rule: Rule<'d>,
}

impl Claim<'_> {
    /// Tells whether both let the same values flow between the same two.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        (self.from, self.to) == (other.from, other.to)
            && std::ptr::eq(self.rule.from, other.rule.from)
            && std::ptr::eq(self.rule.to, other.rule.to)
    }
}

/// A pair that held and holds no more, with what it wrote.
#[derive(Clone)]
pub(crate) struct Gone<'d> {
    pub(crate) claim: Claim<'d>,
    pub(crate) record: Record,
}

/// Gathers the pairs that hold, and takes out those that do not; returns both.
pub(crate) fn validate<'d>(
    document: &mut Document,
    definitions: &'d Definitions<'_>,
) -> (Vec<Claim<'d>>, Vec<Pair>) {
    let mut wallets: Vec<ComponentId> = Vec::new();
    let mut bad = Vec::new();
    for pair in document.live_pairs() {
        let Some(tree) = document.relationship(pair.relationship) else { continue };
        if document.is_frozen(&class(tree)) {
            continue;
        }
        match definitions.verdict(tree, &pair, |id| document.component(id)) {
            Verdict::Unknown => {}
            Verdict::Goes(_) => bad.push(pair),
            Verdict::Holds(rule) => {
                let Some(from) = pair.from else { continue };
                if rule.definition.is_wallet() && wallets.contains(&from) {
                    bad.push(pair);
                } else if rule.definition.is_wallet() {
                    wallets.push(from);
                }
            }
        }
    }
    take_out(document, &bad);
    (claims(document, definitions), bad)
}

/// The pairs that hold.
pub(crate) fn claims<'d>(document: &Document, definitions: &'d Definitions<'_>) -> Vec<Claim<'d>> {
    let mut claims: Vec<Claim<'_>> = Vec::new();
    for pair in document.live_pairs() {
        // What joins the same two by the same relationship again is the same pair.
        if !claims.iter().any(|claim| claim.pair.joins_the_same(&pair)) {
            claims.extend(claim(document, definitions, pair));
        }
    }
    claims
}

fn claim<'d>(document: &Document, definitions: &'d Definitions<'_>, pair: Pair) -> Option<Claim<'d>> {
    let tree = document.relationship(pair.relationship)?;
    if document.is_frozen(&class(tree)) {
        return None;
    }
    let Verdict::Holds(rule) = definitions.verdict(tree, &pair, |id| document.component(id)) else {
        return None;
    };
    Some(Claim { pair, from: pair.from?, to: pair.to?, rule })
}

/// Takes pairs out: each set that has a bad pair becomes one set for each of its good ones.
fn take_out(document: &mut Document, bad: &[Pair]) {
    for (id, tree) in &mut document.relationships {
        let is_bad = |pair: &Pair| bad.contains(pair);
        let pairs = super::document::pairs(*id, tree);
        if !pairs.iter().any(is_bad) {
            continue;
        }
        let sets = super::document::list_at(tree, "selectors").to_vec();
        let mut left = Vec::new();
        for (index, set) in sets.iter().enumerate() {
            let of_set: Vec<&Pair> = pairs.iter().filter(|pair| pair.set == index).collect();
            if !of_set.iter().any(|pair| is_bad(pair)) {
                left.push(set.clone());
                continue;
            }
            for pair in of_set.into_iter().filter(|pair| !is_bad(pair)) {
                left.push(single(set, pair));
            }
        }
        super::document::set(tree, &super::document::path("selectors"), Value::List(left));
    }
    document.relationships.retain(|(id, tree)| {
        let had_bad = bad.iter().any(|pair| pair.relationship == *id);
        !had_bad || !super::document::pairs(*id, tree).is_empty()
    });
}

/// The set with one `from` and one `to`.
pub(crate) fn single(set: &Value, pair: &Pair) -> Value {
    let mut part = set.clone();
    for (side, item) in [("allow.from", pair.from_item), ("allow.to", pair.to_item)] {
        let items = super::document::list_at(set, side);
        super::document::set(&mut part, &super::document::path(side), Value::List(vec![items[item].clone()]));
    }
    part
}
