//! What a field may hold: the structural schema of a component, as the form, the checks and the policy read it.
//!
//! Read from the keywords of a Kubernetes CRD schema, plus a few of our own that start with `x-billfold-`. The order
//! of properties is the order of the form, and of a removed key that comes back.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{Segment, Value};

use super::assertions::Assertions;
use super::format::TextFormat;
use super::validation::Validation;

/// Properties of a mapping, in the order of the definition file.
pub type Properties = IndexMap<String, FieldSpec, foldhash::fast::FixedState>;

/// What a field is, for the choice of its control.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldKind {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// One of a few texts.
    Enum,
    /// A list of [`FieldSpec::items`].
    List,
    /// A mapping with keys of the user's choice.
    Map,
    /// A mapping with known keys.
    Object,
    /// A whole number or text, as Kubernetes has it for ports and quantities.
    IntOrString,
    /// Anything; nothing below it is known.
    #[default]
    Any,
}

impl FieldKind {
    /// What a value of this kind is, in words for people.
    pub fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Enum => "text",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::List => "a list",
            Self::Map | Self::Object => "a mapping",
            Self::IntOrString => "a whole number or text",
            Self::Any => "anything",
        }
    }
}

/// What may stand in a mapping beside its known properties.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Others {
    /// Nothing: another key is an unknown field.
    #[default]
    Refused,
    /// Anything.
    Free,
    /// Values of this form.
    Of(Arc<FieldSpec>),
}

/// One allowed value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value as it stands in a file.
    pub value: String,
    /// What it means, in one line; may be empty.
    pub help: String,
}

/// How a text field is best shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// One line.
    #[default]
    Line,
    /// Several lines of prose or data.
    Multiline,
    /// YAML or JSON.
    Code,
    /// Not shown without a click, and never in logs, traces or on the clipboard.
    Secret,
}

/// A condition on a sibling field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The key of the sibling.
    pub field: String,
    /// The texts of the sibling for which this holds; with none it holds whenever the sibling is set.
    pub among: Vec<String>,
    /// Tells whether this also holds while the sibling is absent.
    pub or_absent: bool,
}

/// Properties of which at most one may be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusive {
    /// The keys.
    pub fields: Vec<String>,
    /// The code of the rule that reports it.
    pub rule: Option<Arc<str>>,
}

/// What one field may hold, and how to show it. The whole tree below it included.
#[expect(clippy::struct_excessive_bools, reason = "each is a keyword of a schema, and they combine freely")]
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldSpec {
    /// What it is.
    pub kind: FieldKind,
    /// The label of the form, in sentence case; blank for items and values of mappings.
    pub title: String,
    /// One line of help.
    pub help: String,
    /// The known keys of an object.
    pub properties: Properties,
    /// The keys of an object that must be there.
    pub required: Vec<String>,
    /// Properties that exclude each other.
    pub exclusive: Vec<Exclusive>,
    /// What else a mapping may hold.
    pub others: Others,
    /// The form of the keys of a mapping.
    pub key_format: Option<TextFormat>,
    /// What an item of a list is.
    pub items: Option<Arc<Self>>,
    /// The allowed values of an enum.
    pub choices: Vec<Choice>,
    /// What holds while the field is absent. Documented *and* true only; never a guess.
    pub default: Option<Value>,
    /// The smallest number.
    pub minimum: Option<i64>,
    /// The largest number.
    pub maximum: Option<i64>,
    /// The fewest characters.
    pub min_length: Option<usize>,
    /// The most characters.
    pub max_length: Option<usize>,
    /// The fewest items of a list.
    pub min_items: Option<usize>,
    /// The most items of a list.
    pub max_items: Option<usize>,
    /// The most entries of a mapping.
    pub max_properties: Option<usize>,
    /// What the schema of a CRD demands beyond that.
    pub assertions: Option<Arc<Assertions>>,
    /// Rules in CEL over the value of this field (`x-kubernetes-validations`).
    pub validations: Vec<Validation>,
    /// Tells whether this field, or one below it, has such rules that have to be evaluated.
    pub has_validations: bool,
    /// The form of a text.
    pub format: Option<TextFormat>,
    /// Tells whether null is a value of its own.
    pub nullable: bool,
    /// The keys that tell the items of a list apart; no two items may agree in all of them.
    pub list_map_keys: Vec<String>,
    /// Tells whether the items of a list must differ.
    pub unique_items: bool,
    /// The code of the rule that reports what is wrong here but for a wrong type (`WP009`).
    pub rule: Option<Arc<str>>,
    /// The field may be set only then.
    pub only_when: Option<Condition>,
    /// The field must be set then.
    pub required_when: Option<Condition>,
    /// Understood when a file has it, and not offered in a form.
    pub hidden: bool,
    /// How it is best shown.
    pub input: Input,
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Resolution<'a> {
    /// To a known field.
    Field(&'a FieldSpec),
    /// Into a part where anything may stand.
    Open,
    /// Nowhere: no such field can exist.
    Nowhere,
}

impl FieldSpec {
    /// Sets [`Self::has_validations`]; what is below has it already.
    pub(super) fn settle_validations(&mut self) {
        let others = match &self.others {
            Others::Of(spec) => spec.has_validations,
            Others::Refused | Others::Free => false,
        };
        self.has_validations = others
            || self.validations.iter().any(|validation| !validation.is_native)
            || self.items.as_ref().is_some_and(|items| items.has_validations)
            || self.properties.values().any(|property| property.has_validations);
    }

    /// The known field at `path`, from this node on; `None` where nothing is known.
    ///
    /// In a list an index or the key `_` (Meshery's "last item") leads to the items.
    pub fn field(&self, path: &[Segment]) -> Option<&Self> {
        match self.resolve(path) {
            Resolution::Field(spec) => Some(spec),
            Resolution::Open | Resolution::Nowhere => None,
        }
    }

    /// The known field at a path of keys.
    pub fn field_at(&self, keys: &[&str]) -> Option<&Self> {
        keys.iter().try_fold(self, |spec, key| match spec.step_key(key) {
            Resolution::Field(child) => Some(child),
            Resolution::Open | Resolution::Nowhere => None,
        })
    }

    /// Where `path` leads, from this node on.
    pub fn resolve(&self, path: &[Segment]) -> Resolution<'_> {
        let mut spec = self;
        for segment in path {
            let step = match segment {
                Segment::Key(key) => spec.step_key(key),
                Segment::Index(_) => spec.step_item(),
            };
            match step {
                Resolution::Field(child) => spec = child,
                other => return other,
            }
        }
        Resolution::Field(spec)
    }

    /// What stands under `key`.
    pub fn step_key(&self, key: &str) -> Resolution<'_> {
        match self.kind {
            FieldKind::Any => Resolution::Open,
            FieldKind::List if key == "_" => self.step_item(),
            FieldKind::Map | FieldKind::Object => match (self.properties.get(key), &self.others) {
                (Some(property), _) => Resolution::Field(property),
                (None, Others::Of(spec)) => Resolution::Field(spec),
                (None, Others::Free) => Resolution::Open,
                (None, Others::Refused) => Resolution::Nowhere,
            },
            _ => Resolution::Nowhere,
        }
    }

    /// What an item is.
    pub fn step_item(&self) -> Resolution<'_> {
        match (self.kind, &self.items) {
            (FieldKind::Any, _) | (FieldKind::List, None) => Resolution::Open,
            (FieldKind::List, Some(items)) => Resolution::Field(items),
            _ => Resolution::Nowhere,
        }
    }

    /// Tells whether `key` must be there.
    pub fn requires(&self, key: &str) -> bool {
        self.required.iter().any(|required| required == key)
    }

    /// Tells whether an enum allows `value`.
    pub fn allows(&self, value: &str) -> bool {
        self.choices.iter().any(|choice| choice.value == value)
    }

    /// What a form puts in when the user adds this field or item: the default, else the least that it can hold.
    /// Required properties are put in as well, so that the form shows at once what must be filled in.
    pub fn initial(&self) -> Value {
        if let Some(default) = &self.default {
            return default.clone();
        }
        match self.kind {
            FieldKind::Text | FieldKind::Any => "".into(),
            FieldKind::Enum => self.choices.first().map_or("", |choice| &choice.value).into(),
            FieldKind::Integer | FieldKind::Number | FieldKind::IntOrString => {
                let lowest = self.minimum.unwrap_or(i64::MIN);
                0.clamp(lowest, self.maximum.unwrap_or(i64::MAX).max(lowest)).into()
            }
            FieldKind::Boolean => false.into(),
            FieldKind::List => Value::List(Vec::new()),
            FieldKind::Map | FieldKind::Object => {
                let required = self.properties.iter().filter(|(key, _)| self.requires(key));
                Value::Map(required.map(|(key, property)| (key.as_str(), property.initial())).collect())
            }
        }
    }

    /// The known keys that stand behind `key` in the definition: a key that is put back stands before the first of
    /// these that is there.
    pub fn keys_after<'a>(&'a self, key: &str) -> impl Iterator<Item = &'a str> {
        let place = self.properties.get_index_of(key).map_or(self.properties.len(), |place| place + 1);
        self.properties.keys().skip(place).map(String::as_str)
    }
}

impl Condition {
    /// Tells whether the condition holds among these siblings.
    pub fn holds(&self, siblings: &crate::model::Map) -> bool {
        match siblings.get(&self.field) {
            None | Some(Value::Null) => self.or_absent,
            Some(_) if self.among.is_empty() => true,
            Some(Value::Text(text)) => self.among.iter().any(|allowed| allowed == text),
            Some(_) => false,
        }
    }
}

/// The condition in words: `` `valueFrom` is INLINE ``.
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.among.as_slice() {
            [] => write!(f, "`{}` is set", self.field),
            texts => write!(f, "`{}` is {}", self.field, texts.join(" or ")),
        }
    }
}
