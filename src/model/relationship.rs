//! One relationship of a design: which components it joins, and how.
//!
//! Like a component it keeps its whole wire object; what the program asks again and again is read from it once.

use std::any::Any;
use std::hash::{BuildHasher as _, Hash as _, Hasher};

use super::configuration::Value;
use super::ids::{ComponentId, RelationshipId};
use super::memo::Memo;

/// The `status` of a relationship, as far as the policy tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `approved`, `enabled`, `pending`, `identified`, blank or unknown: the relationship is evaluated.
    Live,
    /// `deleted`: a tombstone; kept, never evaluated.
    Deleted,
    /// `ignored`: kept, never evaluated.
    Ignored,
}

/// One (child, parent) or (source, target) pair that a relationship joins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Index into `selectors`.
    pub set: usize,
    /// Index into `selectors[set].allow.from`.
    pub from_item: usize,
    /// Index into `selectors[set].allow.to`.
    pub to_item: usize,
    /// The component that `from` names; `None` when the id is blank.
    pub from: Option<ComponentId>,
    /// The component that `to` names; `None` when the id is blank.
    pub to: Option<ComponentId>,
    /// Equal for pairs that say the same about themselves, whatever components they join: a hash of the class and of
    /// both items without their ids. What follows from these alone need be found out only once.
    pub shape: u64,
}

/// What a relationship is, of the classes that are asked for again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Wallet,
    Inventory,
    Other,
}

/// Pairs; nearly every relationship has one, which then needs no memory of its own.
#[derive(Clone, Debug, PartialEq)]
enum Pairs {
    One(Pair),
    Other(Vec<Pair>),
}

/// One relationship, as it stands in the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Relationship {
    id: RelationshipId,
    tree: Value,
    class: String,
    role: Role,
    status: Status,
    annotation: bool,
    has_billfold: bool,
    pairs: Pairs,
    memo: Memo,
}

/// The pairs that one relationship may join; a set that would give more is cut, so that a hostile file cannot make
/// the product of its lists explode.
pub const MAX_PAIRS: usize = 4096;

/// kind-type-subType of the wallet relationship, as the keys of `preferences.layers.relationships` spell it.
pub const WALLET: &str = "hierarchical-parent-wallet";

/// kind-type-subType of the inventory relationship.
pub const INVENTORY: &str = "hierarchical-parent-inventory";

impl Relationship {
    /// Wraps the wire object `tree`.
    pub fn from_tree(id: RelationshipId, tree: Value) -> Self {
        let mut relationship = Self {
            id,
            tree,
            class: String::new(),
            role: Role::Other,
            status: Status::Live,
            annotation: false,
            has_billfold: false,
            pairs: Pairs::Other(Vec::new()),
            memo: Memo::default(),
        };
        relationship.tree_changed();
        relationship
    }

    pub(super) fn tree_changed(&mut self) {
        let tree = &self.tree;
        let part = |key: &str| tree.text_at(&[key]).unwrap_or_default().trim().to_lowercase();
        self.class = format!("{}-{}-{}", part("kind"), part("type"), part("subType"));
        self.role = match self.class.as_str() {
            WALLET => Role::Wallet,
            INVENTORY => Role::Inventory,
            _ => Role::Other,
        };
        self.status = match part("status").as_str() {
            "deleted" => Status::Deleted,
            "ignored" => Status::Ignored,
            _ => Status::Live,
        };
        self.annotation = tree.at(&["metadata", "isAnnotation"]).and_then(Value::as_bool).unwrap_or(false);
        self.has_billfold = tree.at(&["metadata", "billfold"]).is_some();
        let pairs = pairs_of(tree, &self.class);
        self.pairs = if let [pair] = pairs[..] { Pairs::One(pair) } else { Pairs::Other(pairs) };
    }

    /// The identity within the design.
    pub fn id(&self) -> RelationshipId {
        self.id
    }

    /// The whole wire object.
    pub fn tree(&self) -> &Value {
        &self.tree
    }

    pub(super) fn tree_mut(&mut self) -> &mut Value {
        self.memo = Memo::default();
        &mut self.tree
    }

    /// What was found out about this relationship and kept until it changes, if it is of this type.
    pub fn found_out<T: Any>(&self) -> Option<&T> {
        self.memo.peek()
    }

    /// Keeps what was found out until the relationship changes. There is room for one thing: the first stays.
    pub fn keep_found_out<T: Any + Send + Sync>(&self, found: T) {
        self.memo.keep(found);
    }

    /// The id as the file has it.
    pub fn id_text(&self) -> &str {
        self.tree.text_at(&["id"]).unwrap_or_default()
    }

    /// `kind-type-subType` in lower case, the key of `preferences.layers.relationships`.
    pub fn class(&self) -> &str {
        &self.class
    }

    /// The status, as far as the policy cares.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Tells whether the policy looks at this relationship: its status is live and it is no annotation.
    pub fn is_live(&self) -> bool {
        self.status == Status::Live && !self.annotation
    }

    /// Tells whether this is a wallet relationship (hierarchical / parent / wallet).
    pub fn is_wallet(&self) -> bool {
        self.role == Role::Wallet
    }

    /// Tells whether this is an inventory relationship (hierarchical / parent / inventory).
    pub fn is_inventory(&self) -> bool {
        self.role == Role::Inventory
    }

    /// The pairs that it joins, in document order.
    pub fn pairs(&self) -> &[Pair] {
        match &self.pairs {
            Pairs::One(pair) => std::slice::from_ref(pair),
            Pairs::Other(pairs) => pairs,
        }
    }

    /// Tells whether anything of our own stands under `metadata.billfold`.
    pub fn has_billfold(&self) -> bool {
        self.has_billfold
    }

    /// What of our own stands under `metadata.billfold.<key>`.
    pub fn billfold(&self, key: &str) -> Option<&Value> {
        self.tree.at(&["metadata", "billfold", key])
    }

    /// The `from` or `to` item of a pair.
    pub fn selector_item(&self, set: usize, side: &str, item: usize) -> Option<&Value> {
        self.tree.at(&["selectors"])?.as_list()?.get(set)?.at(&["allow", side])?.as_list()?.get(item)
    }
}

const SHAPES: foldhash::fast::FixedState = foldhash::fast::FixedState::with_seed(0x000b_111f_01d0);

/// A hash of what an item says, but for its id.
fn hash_without_id(item: &Value) -> u64 {
    let mut hasher = SHAPES.build_hasher();
    match item {
        Value::Map(map) => {
            for (key, value) in map.iter().filter(|(key, _)| *key != "id") {
                key.hash(&mut hasher);
                hash_value(value, &mut hasher);
            }
        }
        other => hash_value(other, &mut hasher),
    }
    hasher.finish()
}

fn hash_value(value: &Value, hasher: &mut impl Hasher) {
    std::mem::discriminant(value).hash(hasher);
    match value {
        Value::Null => {}
        Value::Bool(truth) => truth.hash(hasher),
        Value::Number(number) => number.hash(hasher),
        Value::Text(text) => text.hash(hasher),
        Value::List(items) => {
            items.len().hash(hasher);
            for item in items {
                hash_value(item, hasher);
            }
        }
        Value::Map(map) => {
            map.len().hash(hasher);
            for (key, value) in map.iter() {
                key.hash(hasher);
                hash_value(value, hasher);
            }
        }
    }
}

fn pairs_of(tree: &Value, class: &str) -> Vec<Pair> {
    let mut pairs = Vec::new();
    let sets = tree.at(&["selectors"]).and_then(Value::as_list).unwrap_or_default();
    for (set, selectors) in sets.iter().enumerate() {
        let side = |name: &str| {
            let items = selectors.at(&["allow", name]).and_then(Value::as_list).unwrap_or_default();
            // No more than are looked at: each is hashed once.
            let items = items.iter().take(MAX_PAIRS);
            items
                .map(|item| (item.text_at(&["id"]).and_then(ComponentId::from_text), hash_without_id(item)))
                .collect::<Vec<_>>()
        };
        let (froms, tos) = (side("from"), side("to"));
        for (from_item, &(from, from_hash)) in froms.iter().enumerate() {
            for (to_item, &(to, to_hash)) in tos.iter().enumerate() {
                if pairs.len() == MAX_PAIRS {
                    return pairs;
                }
                let shape = SHAPES.hash_one((class, from_hash, to_hash));
                pairs.push(Pair { set, from_item, to_item, from, to, shape });
            }
        }
    }
    pairs
}
