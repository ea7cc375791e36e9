//! One field that relationships may write: what stands there afterwards, and what is recorded about it.
//!
//! Pure: the same for a module field of a plugin, a field of an EnvoyFilter's entry, and any other pair of a definition.
//! `policy.md`, steps 4 and 5.

use super::made::Made;
use super::record::Wrote;
use crate::model::{FieldPath, Value};
use crate::registry::{FieldKind, FieldSpec};
use crate::wallet::module_group::{as_text, read_mapping};

/// The type of the receiving field: values are compared as it sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// Anything.
    Plain,
    /// Text: a number or a boolean counts as its text.
    Text,
    /// A mapping: text counts as what can be read from it.
    Mapping,
}

impl Notation {
    /// How a field is compared of which this is known.
    pub(super) fn of(spec: Option<&FieldSpec>) -> Self {
        match spec.map(|spec| spec.kind) {
            Some(FieldKind::Text | FieldKind::Enum) => Self::Text,
            Some(FieldKind::Map | FieldKind::Object) => Self::Mapping,
            _ => Self::Plain,
        }
    }

    /// The value as the receiver takes it; `None` when it is blank. What cannot be converted stays as it is: the checks of
    /// the receiver say that it is of the wrong type.
    pub(super) fn convert(self, value: Value) -> Option<Value> {
        let value = match (self, value) {
            (Self::Text, value @ (Value::List(_) | Value::Map(_))) => {
                Value::from(crate::yaml::emit_json_compact(&value))
            }
            (Self::Text, value) => as_text(&value),
            (Self::Mapping, value @ Value::Text(_)) => match read_mapping(&value) {
                Ok(Some(map)) => Value::Map(map.into_owned()),
                _ => value,
            },
            (_, value) => value,
        };
        (!value.is_blank()).then_some(value)
    }

    /// Tells whether two values are the same to the receiver; blank counts as absent.
    pub(super) fn same(self, a: Option<&Value>, b: Option<&Value>) -> bool {
        match (a.filter(|value| !value.is_blank()), b.filter(|value| !value.is_blank())) {
            (None, None) => true,
            (Some(a), Some(b)) => self.same_values(a, b),
            _ => false,
        }
    }

    fn same_values(self, a: &Value, b: &Value) -> bool {
        match self {
            Self::Plain => a.equivalent(b),
            Self::Text => match (a, b) {
                (Value::Text(a), Value::Text(b)) => a == b,
                _ => as_text(a).equivalent(&as_text(b)),
            },
            Self::Mapping => match (a, b) {
                (Value::Map(_), Value::Map(_)) => a.equivalent(b),
                _ => match (read_mapping(a), read_mapping(b)) {
                    (Ok(Some(a)), Ok(Some(b))) => {
                        Value::Map(a.into_owned()).equivalent(&Value::Map(b.into_owned()))
                    }
                    _ => a.equivalent(b),
                },
            },
        }
    }
}

/// Who may have written the field before, when nothing is recorded about it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Past<'a> {
    /// Nobody: the first relationship has just come, and what stands there is the receiver's own.
    Fresh,
    /// The receiver has records, but none about this field: it was absent on both sides.
    Recorded,
    /// Relationships without any record, written by another program; what each of them gave before this transaction.
    Unrecorded(&'a [Option<Value>]),
}

/// What is known about a field.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    /// Its path, as a record has it.
    pub(super) path: &'a FieldPath,
    /// How values are compared.
    pub(super) notation: Notation,
    /// What stands there.
    pub(super) present: Option<&'a Value>,
    /// What is recorded about it, by whichever relationship.
    pub(super) recorded: Option<&'a Wrote>,
    /// Who wrote it, when nothing is recorded.
    pub(super) past: Past<'a>,
    /// What holds while the field is absent, for a restore without a record.
    pub(super) default: Option<&'a Value>,
}

/// What happens to the field itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Nothing.
    Keep,
    /// It is set.
    Set(Value),
    /// It is removed.
    Remove,
}

/// What becomes of a field.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outcome {
    /// What happens to it.
    pub(super) step: Step,
    /// The new record.
    pub(super) record: Option<Wrote>,
    /// Nothing need be recorded yet: the value was there when the file was opened.
    pub(super) is_tacit: bool,
    /// What was made above it, which goes if it is empty now.
    pub(super) clean_up: Made,
}

impl Outcome {
    /// Nothing happens, and nothing is recorded.
    pub(super) const KEEP: Self =
        Self { step: Step::Keep, record: None, is_tacit: false, clean_up: Made::NOTHING };
}

impl Field<'_> {
    fn same(&self, a: Option<&Value>, b: Option<&Value>) -> bool {
        self.notation.same(a, b)
    }

    /// The owner gives `given`; `None`: it gives nothing, and the field is to be absent.
    pub(super) fn owned(&self, given: Option<&Value>) -> Outcome {
        let is_equal = self.same(self.present, given);
        let mut is_tacit = false;
        let (before, made) = match (self.recorded, self.past) {
            (Some(recorded), _) => (recorded.before.clone(), recorded.made),
            (None, Past::Fresh) => (self.present.cloned(), Made::NOTHING),
            (None, Past::Recorded) => (None, Made::NOTHING),
            (None, Past::Unrecorded(gave)) => {
                let is_blank = self.present.is_none_or(Value::is_blank);
                let was_given = !is_blank && gave.iter().any(|gave| self.same(gave.as_ref(), self.present));
                is_tacit = is_equal && (was_given || is_blank);
                // What nobody gave is the receiver's own, also when it happens to be equal, or blank.
                let is_own = !(was_given || is_equal && is_blank);
                (if is_own { self.present.cloned() } else { None }, Made::NOTHING)
            }
        };
        let step = match given {
            _ if is_equal => Step::Keep,
            // Where the receiver's own value meant the same, it is written again as it stood there.
            Some(given) => {
                let own = before.as_ref().filter(|before| self.same(Some(before), Some(given)));
                Step::Set(own.unwrap_or(given).clone())
            }
            None => Step::Remove,
        };
        let value = match self.recorded {
            Some(recorded) if self.same(recorded.value.as_ref(), given) => recorded.value.clone(),
            _ => given.cloned(),
        };
        let record = Wrote { path: self.path.clone(), value, before, made, ..Wrote::default() };
        let record = Some(record).filter(Wrote::says_something);
        Outcome { step, record, is_tacit, clean_up: Made::NOTHING }
    }

    /// Nobody owns the field any more: it gets back what stood there, unless it was changed since.
    pub(super) fn released(&self) -> Outcome {
        let outcome = |step, clean_up| Outcome { step, record: None, is_tacit: false, clean_up };
        match (self.recorded, self.past) {
            (Some(recorded), _) => {
                if !self.same(self.present, recorded.value.as_ref()) {
                    return outcome(Step::Keep, Made::NOTHING);
                }
                match &recorded.before {
                    Some(before) if self.present.is_some_and(|present| present.identical(before)) => {
                        outcome(Step::Keep, Made::NOTHING)
                    }
                    Some(before) => outcome(Step::Set(before.clone()), Made::NOTHING),
                    None if self.present.is_some() => outcome(Step::Remove, recorded.made),
                    None => outcome(Step::Keep, recorded.made),
                }
            }
            (None, Past::Unrecorded(gave)) => {
                let is_given = |value: &&Option<Value>| {
                    value.as_ref().is_some_and(|value| !value.is_blank())
                        && self.same(value.as_ref(), self.present)
                };
                match (gave.iter().any(|value| is_given(&value)), self.default) {
                    (false, _) => outcome(Step::Keep, Made::NOTHING),
                    (true, Some(default)) if self.same(Some(default), self.present) => {
                        outcome(Step::Keep, Made::NOTHING)
                    }
                    (true, Some(default)) => outcome(Step::Set(default.clone()), Made::NOTHING),
                    (true, None) => outcome(Step::Remove, Made::NOTHING),
                }
            }
            (None, Past::Fresh | Past::Recorded) => outcome(Step::Keep, Made::NOTHING),
        }
    }
}
