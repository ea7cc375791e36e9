//! One field: what stands there when somebody owns it, and when nobody does any more (`policy.md`, steps 4 and 5).

use billfold::model::{FieldPath, Value};

use super::document;
use super::record::{Made, NOTHING, Wrote};
use super::value::{Type, same};

/// What is known about who wrote the field before.
pub(crate) enum Past<'a> {
    /// The first relationship has just come.
    Nobody,
    /// There are records, so that a field without one was absent.
    Recorded,
    /// Relationships without records, which gave these values.
    Gave(&'a [Option<Value>]),
}

pub(crate) struct Field<'a> {
    pub(crate) of: Type,
    /// As the record names it.
    pub(crate) path: &'a FieldPath,
    pub(crate) present: Option<Value>,
    pub(crate) recorded: Option<&'a Wrote>,
    pub(crate) past: Past<'a>,
    pub(crate) default: Option<Value>,
}

/// What is to stand there; with the mappings that go if they are empty then.
pub(crate) struct Verdict {
    pub(crate) value: Option<Value>,
    pub(crate) clean_up: Made,
    pub(crate) record: Option<Wrote>,
    /// The value was there when the file was opened, and nothing need be recorded yet.
    pub(crate) is_tacit: bool,
}

impl Verdict {
    /// Everything stays, with this record.
    pub(crate) fn keep(field: &Field<'_>, record: Option<Wrote>) -> Self {
        Self { value: field.present.clone(), clean_up: NOTHING, record, is_tacit: false }
    }
}

impl Field<'_> {
    fn is_present(&self, value: Option<&Value>) -> bool {
        same(self.of, self.present.as_ref(), value)
    }

    /// The owner gives `given`; nothing at all when that is `None`.
    pub(crate) fn owned(&self, given: Option<&Value>) -> Verdict {
        let is_there = self.is_present(given);
        let is_blank = self.present.as_ref().is_none_or(Value::is_blank);
        let mut is_tacit = false;
        let (before, made) = match (self.recorded, &self.past) {
            (Some(recorded), _) => (recorded.before.clone(), recorded.made),
            (None, Past::Nobody) => (self.present.clone(), NOTHING),
            (None, Past::Recorded) => (None, NOTHING),
            (None, Past::Gave(gave)) => {
                let was_given = !is_blank && gave.iter().any(|gave| self.is_present(gave.as_ref()));
                is_tacit = is_there && (was_given || is_blank);
                // What nobody gave is the receiver's own.
                (self.present.clone().filter(|_| !was_given && !is_tacit), NOTHING)
            }
        };
        let as_recorded = self.recorded.filter(|recorded| same(self.of, recorded.value.as_ref(), given));
        let value = as_recorded.map_or_else(|| given.cloned(), |recorded| recorded.value.clone());
        // Where the receiver's own value meant the same, it is written again as it stood there.
        let own = before.clone().filter(|own| given.is_some() && same(self.of, Some(own), given));
        let written = own.or_else(|| given.cloned());
        let record = Wrote { path: self.path.clone(), value, before, made, ..Wrote::default() };
        Verdict {
            value: if is_there { self.present.clone() } else { written },
            clean_up: NOTHING,
            record: Some(record).filter(Wrote::says_something),
            is_tacit,
        }
    }

    /// Nobody owns it any more.
    pub(crate) fn given_back(&self) -> Verdict {
        let verdict = |value, clean_up| Verdict { value, clean_up, record: None, is_tacit: false };
        match (self.recorded, &self.past) {
            // Changed since: it is left.
            (Some(recorded), _) if !self.is_present(recorded.value.as_ref()) => {
                verdict(self.present.clone(), NOTHING)
            }
            (Some(recorded), _) => verdict(
                recorded.before.clone(),
                if recorded.before.is_none() { recorded.made } else { NOTHING },
            ),
            (None, Past::Gave(gave)) => {
                let is_given = |value: &Option<Value>| {
                    value.as_ref().is_some_and(|it| !it.is_blank()) && self.is_present(value.as_ref())
                };
                let value =
                    if gave.iter().any(is_given) { self.default.clone() } else { self.present.clone() };
                let is_default = self.default.is_some() && self.is_present(self.default.as_ref());
                verdict(if is_default { self.present.clone() } else { value }, NOTHING)
            }
            (None, Past::Nobody | Past::Recorded) => verdict(self.present.clone(), NOTHING),
        }
    }
}

/// Makes it so. Returns how many mappings were made on the way; `None` when something is in the way.
pub(crate) fn write(component: &mut Value, path: &FieldPath, value: Option<&Value>) -> Option<Made> {
    match (component.get(path), value) {
        (None, None) => Some(NOTHING),
        (Some(present), Some(value)) if present.identical(value) => Some(NOTHING),
        (_, None) => document::remove(component, path).then_some(NOTHING),
        (_, Some(value)) => {
            let mut changed = component.clone();
            let made = document::set(&mut changed, path, value.clone())?;
            *component = changed;
            Some(made)
        }
    }
}
