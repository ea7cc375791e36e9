//! Which kinds a relationship joins, and which values it carries from the one to the other.
//!
//! Read leniently, in the shape of Meshery's own definition files: keys that are not known are ignored, and both
//! spellings of `matchStrategyMatrix` are understood.

use crate::model::{ComponentKind, FieldPath, Value};

use super::component_definition::path;
use super::load::{DefinitionError, Node};

/// How a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PatchStrategy {
    /// Sets the value. What Meshery's engines do whatever the file says.
    #[default]
    Replace,
    /// JSON Merge Patch (RFC 7396).
    Merge,
    /// Kubernetes strategic merge, by the list-map keys of the schema.
    Strategic,
    /// Writes only where nothing is; appends to a list unless present.
    Add,
    /// Takes the value away.
    Remove,
    /// Copies the value.
    Copy,
    /// Copies the value and takes it away at its source.
    Move,
    /// Reports a difference, writes nothing.
    Test,
}

impl PatchStrategy {
    const NAMES: [(&'static str, Self); 8] = [
        ("replace", Self::Replace),
        ("merge", Self::Merge),
        ("strategic", Self::Strategic),
        ("add", Self::Add),
        ("remove", Self::Remove),
        ("copy", Self::Copy),
        ("move", Self::Move),
        ("test", Self::Test),
    ];

    /// Reads the word of a file; an unknown one is [`Self::Replace`].
    pub fn parse(word: &str) -> Self {
        let known = Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word.trim()));
        known.map_or_else(Self::default, |(_, strategy)| *strategy)
    }

    /// The word in a file.
    pub fn word(self) -> &'static str {
        Self::NAMES.iter().find(|(_, strategy)| *strategy == self).map_or("replace", |(name, _)| name)
    }
}

/// When two values count as matching, for the identification of pairs that no relationship joins yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MatchStrategy {
    /// The same value.
    #[default]
    Equal,
    /// The same text, whatever the type.
    EqualAsStrings,
    /// The receiver's mapping holds every entry of the giver's.
    ToContainsFrom,
    /// Anything that is not null.
    NotNull,
}

impl MatchStrategy {
    const NAMES: [(&'static str, Self); 4] = [
        ("equal", Self::Equal),
        ("equal_as_strings", Self::EqualAsStrings),
        ("to_contains_from", Self::ToContainsFrom),
        ("not_null", Self::NotNull),
    ];

    /// Reads the word of a file; an unknown one is [`Self::Equal`].
    pub fn parse(word: &str) -> Self {
        let known = Self::NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word.trim()));
        known.map_or_else(Self::default, |(_, strategy)| *strategy)
    }

    /// The word in a file.
    pub fn word(self) -> &'static str {
        Self::NAMES.iter().find(|(_, strategy)| *strategy == self).map_or("equal", |(name, _)| name)
    }
}

/// What a selector gives or receives. Index *i* of the giving side pairs with index *i* of the receiving side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Patch {
    /// How the values are written.
    pub strategy: PatchStrategy,
    /// Paths of values that this side gives, from the root of the component. An empty one leads nowhere.
    pub mutator_ref: Vec<FieldPath>,
    /// Paths of values that this side receives, from the root of the component. An empty one leads nowhere.
    pub mutated_ref: Vec<FieldPath>,
}

/// What a selector is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Group, version and kind.
    pub kind: &'a ComponentKind,
    /// The name of its model, where it has one.
    pub model: Option<&'a str>,
    /// Tells whether it lives in a namespace.
    pub namespaced: bool,
}

/// One side of a relationship: which components may stand there, and what they give or receive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Selector {
    /// The kind, compared exactly; `None` is any.
    pub kind: Option<String>,
    /// The API group, where the selector names one; `None` is any.
    pub group: Option<String>,
    /// The name of the model, where the selector names one; `None` is any.
    pub model: Option<String>,
    /// `Some(true)` selects only what lives in a namespace.
    pub namespaced: Option<bool>,
    /// The values that flow.
    pub patch: Option<Patch>,
    /// For each pair of paths the strategies that must all hold for an identification; missing ones are `equal`.
    pub match_strategies: Vec<Vec<MatchStrategy>>,
}

impl Selector {
    /// Tells whether `candidate` may stand here. Kinds are compared exactly: with their group where the selector names
    /// one, else with their model where both sides name one.
    pub fn matches(&self, candidate: Candidate<'_>) -> bool {
        let origin_fits = match (self.group.as_deref(), self.model.as_deref(), candidate.model) {
            (Some(group), _, _) => group == candidate.kind.group,
            (None, Some(own), Some(other)) => other.trim().is_empty() || own == other,
            _ => true,
        };
        origin_fits
            && self.kind.as_deref().is_none_or(|kind| kind == candidate.kind.kind)
            && self.namespaced.is_none_or(|namespaced| namespaced == candidate.namespaced)
    }

    fn mutator_ref(&self) -> &[FieldPath] {
        self.patch.as_ref().map_or(&[], |patch| &patch.mutator_ref)
    }

    fn mutated_ref(&self) -> &[FieldPath] {
        self.patch.as_ref().map_or(&[], |patch| &patch.mutated_ref)
    }
}

/// Selectors of both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SelectorPairs {
    /// The child of a hierarchical relationship, the source of an edge.
    pub from: Vec<Selector>,
    /// The parent of a hierarchical relationship, the target of an edge.
    pub to: Vec<Selector>,
}

impl SelectorPairs {
    /// Tells whether anything at all fits.
    pub(super) fn has_pairs(&self) -> bool {
        !self.from.is_empty() && !self.to.is_empty()
    }

    /// The first pair of selectors that both candidates fit.
    pub fn matching(&self, from: Candidate<'_>, to: Candidate<'_>) -> Option<(&Selector, &Selector)> {
        let from = self.from.iter().find(|selector| selector.matches(from))?;
        let to = self.to.iter().find(|selector| selector.matches(to))?;
        Some((from, to))
    }
}

/// What may be joined, and what may not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SelectorSet {
    /// Pairs that the relationship joins.
    pub allow: SelectorPairs,
    /// Pairs that it never joins.
    pub deny: SelectorPairs,
}

/// One side of a relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The child or source.
    From,
    /// The parent or target.
    To,
}

/// The values that flow between two selectors.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    /// The side that gives.
    pub giver: Side,
    /// How values are written: the receiver's strategy, else the giver's.
    pub strategy: PatchStrategy,
    mutator_ref: &'a [FieldPath],
    mutated_ref: &'a [FieldPath],
    strategies: &'a [Vec<MatchStrategy>],
}

impl<'a> Flow<'a> {
    /// The flow between two selectors; `None` when no side gives what the other receives. Where both directions are
    /// possible this is the one from `from` to `to`.
    pub fn between(from: &'a Selector, to: &'a Selector) -> Option<Self> {
        Self::all(from, to).next()
    }

    /// The flows between two selectors, where values flow in both directions that from `from` to `to` first.
    ///
    /// The match strategies are those of `from`, as Meshery reads them, else those of `to`.
    pub fn all(from: &'a Selector, to: &'a Selector) -> impl Iterator<Item = Self> + use<'a> {
        let strategies =
            if from.match_strategies.is_empty() { &to.match_strategies } else { &from.match_strategies };
        let flow = move |giver, mutator: &'a Selector, mutated: &'a Selector| {
            let (mutator_ref, mutated_ref) = (mutator.mutator_ref(), mutated.mutated_ref());
            let count = mutator_ref.len().min(mutated_ref.len());
            (count > 0).then(|| Self {
                giver,
                strategy: mutated
                    .patch
                    .as_ref()
                    .or(mutator.patch.as_ref())
                    .map_or_else(PatchStrategy::default, |patch| patch.strategy),
                mutator_ref: &mutator_ref[..count],
                mutated_ref: &mutated_ref[..count],
                strategies,
            })
        };
        flow(Side::From, from, to).into_iter().chain(flow(Side::To, to, from))
    }

    /// What is carried, pair by pair. A pair of which a reference leads nowhere (DS009) is inert and left out.
    pub fn pairs(&self) -> impl Iterator<Item = FlowPair<'a>> + use<'a> {
        let strategies = self.strategies;
        let pairs = self.mutator_ref.iter().zip(self.mutated_ref).enumerate();
        pairs.filter(|(_, (mutator, mutated))| !mutator.is_empty() && !mutated.is_empty()).map(
            move |(index, (mutator, mutated))| FlowPair {
                mutator,
                mutated,
                match_strategies: strategies.get(index).map_or(&[], Vec::as_slice),
            },
        )
    }
}

/// One value that flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowPair<'a> {
    /// Where the giver has it, from the root of the component.
    pub mutator: &'a FieldPath,
    /// Where the receiver gets it, from the root of the component. `_` is the last item of a list.
    pub mutated: &'a FieldPath,
    /// What must hold for the two to count as matching; empty means `equal`.
    pub match_strategies: &'a [MatchStrategy],
}

/// A kind of relationship: what it joins and what it writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RelationshipDefinition {
    /// The file that it was read from.
    pub file: String,
    /// What traces call it: the file without folder and extension, with the line where the file holds several.
    pub name: String,
    /// `hierarchical`, `edge` or `sibling`.
    pub kind: String,
    /// `parent`, `non-binding`, …
    pub type_: String,
    /// `wallet`, `inventory`, `reference`, …
    pub sub_type: String,
    /// The name of the model that defines it.
    pub model: String,
    /// What it is, in one line.
    pub description: String,
    /// What it joins.
    pub selectors: Vec<SelectorSet>,
    /// The path on the giving side whose value identifies a pair. Only our own definitions have one.
    pub key_ref: Option<FieldPath>,
    /// The list at the parent of which each child owns one entry; the receiving paths lead through `_` there.
    pub entry_ref: Option<FieldPath>,
    /// Tells whether the pairs are computed from the design and drawn, and never stored.
    pub derived: bool,
}

impl RelationshipDefinition {
    pub(super) fn read(file: &str, node: &Node<'_>) -> Result<Self, DefinitionError> {
        let metadata = node.get("metadata");
        let billfold = metadata.as_ref().and_then(|metadata| metadata.get("billfold"));
        let own_path = |key| {
            let node = billfold.as_ref().and_then(|billfold| billfold.get(key));
            node.map(|node| path(&node)).transpose()
        };
        let model = model_name(node)?.unwrap_or_default();
        let description =
            metadata.as_ref().map_or(Ok(String::new()), |metadata| metadata.text_or("description", ""))?;
        let selectors = match node.get("selectors") {
            None => Vec::new(),
            Some(sets) => {
                let items = sets.list()?.iter().enumerate();
                items.map(|(index, set)| selector_set(&sets.item(index, set))).collect::<Result<_, _>>()?
            }
        };
        Ok(Self {
            file: file.to_owned(),
            name: stem(file).to_owned(),
            kind: node.required("kind")?.text()?.trim().to_owned(),
            type_: node.text_or("type", "")?.trim().to_owned(),
            sub_type: node.text_or("subType", "")?.trim().to_owned(),
            model,
            description,
            selectors,
            key_ref: own_path("keyRef")?,
            entry_ref: own_path("entryRef")?,
            derived: billfold.as_ref().map_or(Ok(false), |billfold| billfold.flag("derived"))?,
        })
    }

    /// `kind-type-subType` in lower case: the class of the relationships that it may describe.
    pub fn class(&self) -> String {
        format!("{}-{}-{}", self.kind, self.type_, self.sub_type).to_lowercase()
    }

    /// Tells whether a parent holds its children (hierarchical / parent / …).
    pub fn is_hierarchical(&self) -> bool {
        self.kind.eq_ignore_ascii_case("hierarchical")
    }

    /// Tells whether it puts one thing into another, by a relationship that is stored.
    pub fn holds(&self) -> bool {
        self.is_hierarchical() && !self.derived
    }

    /// Tells whether this is a wallet.
    pub fn is_wallet(&self) -> bool {
        self.sub_type.eq_ignore_ascii_case("wallet") && self.is_hierarchical()
    }

    /// The selectors that join these two, unless a `deny` forbids it.
    pub fn joins(&self, from: Candidate<'_>, to: Candidate<'_>) -> Option<(&Selector, &Selector)> {
        if self.denies(from, to) {
            return None;
        }
        self.selectors.iter().find_map(|set| set.allow.matching(from, to))
    }

    /// Tells whether a `deny` forbids to join these two.
    pub fn denies(&self, from: Candidate<'_>, to: Candidate<'_>) -> bool {
        self.selectors.iter().any(|set| set.deny.matching(from, to).is_some())
    }

    /// Every selector, with its place in the file as (set, `allow` or `deny`, side, index).
    pub(super) fn selectors_mut(
        &mut self,
    ) -> impl Iterator<Item = (usize, &'static str, &'static str, usize, &mut Selector)> {
        self.selectors.iter_mut().enumerate().flat_map(|(set, selectors)| {
            let SelectorSet { allow, deny } = selectors;
            let sides = [
                ("allow", "from", &mut allow.from),
                ("allow", "to", &mut allow.to),
                ("deny", "from", &mut deny.from),
                ("deny", "to", &mut deny.to),
            ];
            sides.into_iter().flat_map(move |(list, side, selectors)| {
                let selectors = selectors.iter_mut().enumerate();
                selectors.map(move |(index, selector)| (set, list, side, index, selector))
            })
        })
    }
}

/// Why a definition is not in force, by its own word; `None` when it is.
pub(super) fn why_out(node: &Node<'_>) -> Result<Option<String>, DefinitionError> {
    if node.get("metadata").map_or(Ok(false), |metadata| metadata.flag("isAnnotation"))? {
        return Ok(Some("it is an annotation, which is drawn and never evaluated".to_owned()));
    }
    let status = node.text_or("status", "enabled")?;
    let status = status.trim();
    let is_out = ["ignored", "deleted", "disabled"].iter().any(|it| status.eq_ignore_ascii_case(it));
    Ok(is_out.then(|| format!("its status is {status}")))
}

/// A file's name without folder and extension.
fn stem(file: &str) -> &str {
    let file = file.rsplit(['/', '\\']).next().unwrap_or_default();
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

fn selector_set(node: &Node<'_>) -> Result<SelectorSet, DefinitionError> {
    let side = |pairs: &Node<'_>, key: &'static str| -> Result<Vec<Selector>, DefinitionError> {
        let Some(list) = pairs.get(key) else { return Ok(Vec::new()) };
        let items = list.list()?.iter().enumerate();
        items.map(|(index, item)| selector(&list.item(index, item))).collect()
    };
    let pairs = |key: &'static str| -> Result<SelectorPairs, DefinitionError> {
        let Some(pairs) = node.get(key) else { return Ok(SelectorPairs::default()) };
        Ok(SelectorPairs { from: side(&pairs, "from")?, to: side(&pairs, "to")? })
    };
    Ok(SelectorSet { allow: pairs("allow")?, deny: pairs("deny")? })
}

/// The name of the model: `model` or `modelReference`, a mapping with a name or the name itself.
fn model_name(node: &Node<'_>) -> Result<Option<String>, DefinitionError> {
    let Some(model) = node.get("model").or_else(|| node.get("modelReference")) else { return Ok(None) };
    match model.value.as_text() {
        Some(name) => Ok(named(name)),
        None => restriction(&model, "name"),
    }
}

fn selector(node: &Node<'_>) -> Result<Selector, DefinitionError> {
    let patch = node.get("patch");
    let matrix = node.get("matchStrategyMatrix").or_else(|| node.get("match_strategy_matrix"));
    Ok(Selector {
        kind: restriction(node, "kind")?,
        group: node.get("group").map(|group| group.text().map(ToOwned::to_owned)).transpose()?,
        model: model_name(node)?,
        namespaced: node.get("namespaced").map(|flag| flag.truth()).transpose()?,
        patch: patch.map(|patch| read_patch(&patch)).transpose()?,
        match_strategies: matrix.map_or(Ok(Vec::new()), |matrix| strategies(&matrix))?,
    })
}

/// The text under `key` as a restriction: absent, blank and `*` mean any.
fn restriction(node: &Node<'_>, key: &str) -> Result<Option<String>, DefinitionError> {
    Ok(named(&node.text_or(key, "")?))
}

fn named(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty() && text != "*").then(|| text.to_owned())
}

fn read_patch(node: &Node<'_>) -> Result<Patch, DefinitionError> {
    let paths = |key: &'static str| -> Result<Vec<FieldPath>, DefinitionError> {
        let Some(list) = node.get(key) else { return Ok(Vec::new()) };
        let items = list.list()?.iter().enumerate();
        items.map(|(index, item)| path(&list.item(index, item))).collect()
    };
    Ok(Patch {
        strategy: PatchStrategy::parse(&node.text_or("patchStrategy", "replace")?),
        mutator_ref: paths("mutatorRef")?,
        mutated_ref: paths("mutatedRef")?,
    })
}

fn strategies(node: &Node<'_>) -> Result<Vec<Vec<MatchStrategy>>, DefinitionError> {
    let rows = node.list()?.iter().enumerate();
    rows.map(|(index, row)| match row {
        Value::Null => Ok(Vec::new()),
        Value::Text(word) => Ok(vec![MatchStrategy::parse(word)]),
        _ => {
            let words = node.item(index, row).texts()?;
            Ok(words.iter().map(|word| MatchStrategy::parse(word)).collect())
        }
    })
    .collect()
}
