//! A second evaluator, written from `policy.md` for clarity: every pair against every pair, the whole design each time, no
//! index, on plain trees. It is slow, and knows nothing of transactions; `differential.rs` holds that the policy of the
//! program does the same.

mod alias;
pub(crate) mod definition;
pub(crate) mod document;
mod entries;
mod field;
mod fields;
mod identify;
mod identify_pairs;
mod module;
pub(crate) mod record;
mod validate;
mod value;

use billfold::model::{ComponentId, FieldPath, RelationshipId, Value};

use definition::{Definitions, Handler};
use document::{Document, Pair, class, pairs};
use record::Record;
use validate::{Claim, Gone, Verdict, claims, validate};

/// Passes after which what still changes is said not to settle.
const MAX_PASSES: usize = 16;

/// One evaluation under way: from a design `before` a gesture to what the gesture and the policy make of it.
pub(crate) struct Evaluation<'e, 'r> {
    before: &'e Document,
    pub(crate) document: Document,
    definitions: &'e Definitions<'r>,
    /// Pairs of `before` that hold no more, and those of them that this pass has to give back.
    gone: Vec<Gone<'e>>,
    gone_now: Vec<Gone<'e>>,
    /// Fields that got back what was recorded about them.
    given_back: Vec<(ComponentId, FieldPath)>,
    pub(crate) identified: Vec<RelationshipId>,
    suspended: Vec<RelationshipId>,
    /// Pairs that validation took out.
    pub(crate) removed: Vec<Pair>,
    /// Fields to which two relationships give different values, and whose value stands.
    pub(crate) conflicts: Vec<(ComponentId, FieldPath, RelationshipId)>,
    /// Who has changed something for the receiver at hand.
    writers: Vec<RelationshipId>,
}

/// The pairs that gave to a receiver and give no more.
pub(crate) struct GoneFrom<'e> {
    /// In this evaluation.
    ever: Vec<Gone<'e>>,
    /// Since the last pass.
    now: Vec<Gone<'e>>,
}

/// Evaluates `after`, which a gesture made of `before`; to open a design both are the same.
pub(crate) fn evaluate<'e, 'r>(
    before: &'e Document,
    after: &Document,
    definitions: &'e Definitions<'r>,
    identify: bool,
) -> Evaluation<'e, 'r> {
    let mut suspended: Vec<RelationshipId> = Vec::new();
    loop {
        let mut evaluation = Evaluation {
            before,
            document: after.clone(),
            definitions,
            gone: Vec::new(),
            gone_now: Vec::new(),
            given_back: Vec::new(),
            identified: Vec::new(),
            suspended: suspended.clone(),
            removed: Vec::new(),
            conflicts: Vec::new(),
            writers: Vec::new(),
        };
        let unsettled = evaluation.settle(identify);
        if unsettled.iter().all(|id| suspended.contains(id)) {
            return evaluation;
        }
        suspended.extend(unsettled);
    }
}

impl<'e> Evaluation<'e, '_> {
    /// Repeats until nothing changes; returns the relationships that do not settle.
    fn settle(&mut self, identify: bool) -> Vec<RelationshipId> {
        let mut restless = Vec::new();
        let mut may_identify = identify;
        for pass in 1..=MAX_PASSES {
            let start = self.document.clone();
            self.conflicts.clear();
            let (_, removed) = validate(&mut self.document, self.definitions);
            self.removed.extend(removed);
            // At first, and when all values stand still.
            if may_identify {
                self.identify();
            }
            self.gather_gone();
            let mut is_still = self.document == start;
            for (receiver, handler) in self.receivers() {
                let unsettled = self.document.clone();
                self.writers.clear();
                match handler {
                    Handler::Module => self.settle_plugin(receiver),
                    Handler::Entry => self.settle_entries(receiver),
                    Handler::Fields => self.settle_fields(receiver),
                    Handler::Nothing => {}
                }
                // What is written and taken away again is not still.
                is_still &= self.writers.is_empty() && self.document == unsettled;
                if pass + 2 > MAX_PASSES {
                    restless.append(&mut self.writers);
                }
            }
            if is_still && (may_identify || !identify) {
                return Vec::new();
            }
            may_identify = is_still;
        }
        restless
    }

    /// The pairs that held before and do not any more.
    fn gather_gone(&mut self) {
        self.gone_now.clear();
        for pair in self.before.live_pairs() {
            let Some(tree) = self.before.relationship(pair.relationship) else { continue };
            let mut known = self.gone.iter().chain(&self.gone_now);
            let is_known = known.any(|gone| gone.claim.pair.joins_the_same(&pair));
            if self.document.is_frozen(&class(tree)) || is_known || self.is_live(&pair) {
                continue;
            }
            let find = |id: ComponentId| self.document.component(id).or_else(|| self.before.component(id));
            let rule = match self.definitions.verdict(tree, &pair, find) {
                Verdict::Holds(rule) | Verdict::Goes(Some(rule)) => rule,
                Verdict::Unknown | Verdict::Goes(None) => continue,
            };
            let nobody = ComponentId::from_name("nobody");
            let (from, to) = (pair.from.unwrap_or(nobody), pair.to.unwrap_or(nobody));
            let record = Record::of(tree, &pair);
            self.gone_now.push(Gone { claim: Claim { pair, from, to, rule }, record });
        }
        self.gone.extend(self.gone_now.iter().cloned());
    }

    fn is_live(&self, pair: &Pair) -> bool {
        let tree = self.document.relationship(pair.relationship).filter(|tree| document::is_live(tree));
        tree.is_some_and(|tree| pairs(pair.relationship, tree).iter().any(|other| other.joins_the_same(pair)))
    }

    /// Everybody who receives, in the order of the relationships.
    fn receivers(&self) -> Vec<(ComponentId, Handler)> {
        let mut receivers = Vec::new();
        let claims = claims(&self.document, self.definitions);
        for claim in claims.iter().chain(self.gone_now.iter().map(|gone| &gone.claim)) {
            for receiver in receivers_of(claim) {
                if !receivers.contains(&receiver) {
                    receivers.push(receiver);
                }
            }
        }
        receivers
    }

    fn claims_on(&self, receiver: ComponentId, handler: Handler) -> Vec<Claim<'e>> {
        let mut claims = claims(&self.document, self.definitions);
        claims.retain(|claim| receivers_of(claim).contains(&(receiver, handler)));
        claims
    }

    fn gone_from(&self, receiver: ComponentId, handler: Handler) -> GoneFrom<'e> {
        let from = |list: &[Gone<'e>]| {
            let of_it = list.iter().filter(|gone| receivers_of(&gone.claim).contains(&(receiver, handler)));
            of_it.cloned().collect()
        };
        GoneFrom { ever: from(&self.gone), now: from(&self.gone_now) }
    }

    /// Tells whether a pair was there when the evaluation began, or counts as if it had been.
    fn was_there(&self, claim: &Claim<'_>) -> bool {
        let was_live = self.before.live_pairs().iter().any(|pair| pair.joins_the_same(&claim.pair));
        was_live || self.identified.contains(&claim.pair.relationship)
    }

    fn record(&self, claim: &Claim<'_>) -> Record {
        let tree = self.document.relationship(claim.pair.relationship);
        tree.map(|tree| Record::of(tree, &claim.pair)).unwrap_or_default()
    }

    fn keep_record(&mut self, claim: &Claim<'_>, record: &Record) {
        let id = claim.pair.relationship;
        let before = self.document.relationship(id).cloned();
        record.write(&mut self.document, &claim.pair);
        if before.as_ref() != self.document.relationship(id) {
            self.writers.push(id);
        }
    }

    fn replace(&mut self, id: ComponentId, tree: Value) {
        if let Some(place) = self.document.component_mut(id) {
            *place = tree;
        }
    }
}

/// Who receives by this pair: the parent of a wallet, else whoever the definition's references say, which may be both.
fn receivers_of(claim: &Claim<'_>) -> Vec<(ComponentId, Handler)> {
    match claim.rule.handler() {
        handler @ (Handler::Module | Handler::Entry) => vec![(claim.to, handler)],
        Handler::Fields => {
            let mut receivers = Vec::new();
            for way in claim.rule.ways() {
                let receiver = (if way.child_gives { claim.to } else { claim.from }, Handler::Fields);
                if !receivers.contains(&receiver) {
                    receivers.push(receiver);
                }
            }
            receivers
        }
        Handler::Nothing => Vec::new(),
    }
}
