//! A rule in CEL that a schema has (`x-kubernetes-validations`), as data. `validate` evaluates it.

use std::sync::Arc;

use super::load::{DefinitionError, Node};

/// One rule over the value of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validation {
    /// The expression; it holds when it is true.
    pub rule: Arc<str>,
    /// What is said when it does not hold.
    pub message: Option<Arc<str>>,
    /// An expression that gives the message instead.
    pub message_expression: Option<Arc<str>>,
    /// The field that the message is about, from this one on: `.spec.url`.
    pub field_path: Option<Arc<str>>,
    /// The kind of refusal, in the words of the API: `FieldValueForbidden`.
    pub reason: Option<Arc<str>>,
    /// `oldSelf` may be absent.
    pub has_optional_old_self: bool,
    /// Code of this program checks the same and words it better; the rule itself does not run.
    pub is_native: bool,
}

/// The keys of one entry that are understood.
const KEYS: [&str; 6] = ["rule", "message", "messageExpression", "fieldPath", "reason", "optionalOldSelf"];

/// Reads the list of `x-kubernetes-validations`.
pub(super) fn validations(node: &Node<'_>, is_native: bool) -> Result<Vec<Validation>, DefinitionError> {
    let entries = node.list()?.iter().enumerate();
    entries
        .map(|(index, entry)| {
            let entry = node.item(index, entry);
            for (key, value) in entry.map()?.iter() {
                if !KEYS.contains(&key) {
                    return Err(entry
                        .child(key, value)
                        .error(format_args!("`{key}` is no key of a validation")));
                }
            }
            let text = |key: &str| match entry.value.at(&[key]) {
                None => Ok(None),
                Some(_) => Ok(Some(Arc::from(entry.text_or(key, "")?))),
            };
            Ok(Validation {
                rule: entry.required("rule")?.text()?.into(),
                message: text("message")?,
                message_expression: text("messageExpression")?,
                field_path: text("fieldPath")?,
                reason: text("reason")?,
                has_optional_old_self: entry.flag("optionalOldSelf")?,
                is_native,
            })
        })
        .collect()
}
