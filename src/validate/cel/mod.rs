//! Rules in CEL that a schema has (`x-kubernetes-validations`), evaluated over an object as an API server would on create.
//!
//! The language is that of the crate `kube-cel`, which is Kubernetes' own dialect with its functions, on the interpreter
//! `cel`. What this adds: positions, Go's URLs, a budget, and that nothing that a rule says can hang or stop the program.
//! Rules about a change (`oldSelf`) have nothing to compare here, and do not run.

mod budget;
mod functions;
mod program;
mod value;

use std::sync::Arc;

use kube_cel::cel::{Context, Value as CelValue};

use program::Stop;

use crate::model::{FieldPath, Map, Segment, Value};
use crate::registry::{FieldSpec, Others, Validation};

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    /// It does not hold: where, and what is said about it.
    Broken {
        /// The place, from the object's root.
        path: FieldPath,
        /// The rule's own message, or the rule.
        message: String,
    },
    /// It could not be evaluated.
    Unknown {
        /// The rule.
        rule: Arc<str>,
        /// Why, as a clause.
        reason: String,
    },
}

/// Which rules run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    /// All but those that this program has as code of its own.
    Foreign,
    /// All of them, to compare.
    #[cfg(test)]
    All,
}

/// Evaluates the rules of `schema` over a whole manifest.
pub(super) fn check(schema: &FieldSpec, manifest: &Map) -> Vec<Finding> {
    run(schema, manifest, Which::Foreign)
}

fn run(schema: &FieldSpec, manifest: &Map, which: Which) -> Vec<Finding> {
    if !schema.has_validations && which == Which::Foreign {
        return Vec::new();
    }
    thread_local! {
        static ROOT: Context<'static> = functions::context();
    }
    let object = value::of_object(schema, manifest);
    budget::start(budget::size(&object));
    ROOT.with(|root| {
        let mut walk = Walk { root, which, path: Vec::new(), found: Vec::new() };
        walk.rules(schema, || object);
        walk.below_map(schema, manifest);
        walk.found
    })
}

struct Walk<'a> {
    root: &'a Context<'static>,
    which: Which,
    path: Vec<Segment>,
    found: Vec<Finding>,
}

impl Walk<'_> {
    fn visit(&mut self, spec: &FieldSpec, value: &Value) {
        if !(spec.has_validations || self.which != Which::Foreign) || value.is_null() {
            return;
        }
        self.rules(spec, || value::of_field(spec, value));
        match value {
            Value::Map(map) => self.below_map(spec, map),
            Value::List(items) => {
                let Some(item_spec) = spec.items.as_deref() else { return };
                for (index, item) in items.iter().enumerate() {
                    self.step(Segment::from(index), item_spec, item);
                }
            }
            _ => {}
        }
    }

    fn below_map(&mut self, spec: &FieldSpec, map: &Map) {
        for (key, value) in map.iter() {
            match (spec.properties.get(key), &spec.others) {
                (Some(property), _) => self.step(Segment::from(key), property, value),
                (None, Others::Of(others)) => self.step(Segment::from(key), others, value),
                (None, Others::Free | Others::Refused) => {}
            }
        }
    }

    fn step(&mut self, segment: Segment, spec: &FieldSpec, value: &Value) {
        self.path.push(segment);
        self.visit(spec, value);
        self.path.pop();
    }

    fn rules(&mut self, spec: &FieldSpec, this: impl FnOnce() -> CelValue) {
        let which = self.which;
        let runs = |rule: &&Validation| {
            let is_wanted = match which {
                Which::Foreign => !rule.is_native,
                #[cfg(test)]
                Which::All => true,
            };
            is_wanted && !rule.has_optional_old_self
        };
        let mut rules = spec.validations.iter().filter(runs).peekable();
        if rules.peek().is_none() {
            return;
        }
        let mut context = self.root.new_inner_scope();
        context.add_variable_from_value("self", this());
        let found: Vec<Finding> = rules.filter_map(|rule| evaluate(rule, &context, &self.path)).collect();
        self.found.extend(found);
    }
}

fn evaluate(rule: &Validation, context: &Context<'_>, path: &[Segment]) -> Option<Finding> {
    let unknown = |reason| Some(Finding::Unknown { rule: Arc::clone(&rule.rule), reason });
    let program = match program::program(&rule.rule) {
        Ok(program) if program.has_old_self => return None,
        Ok(program) => program,
        Err(reason) => return unknown(reason),
    };
    match program.run(context) {
        Ok(CelValue::Bool(true)) => None,
        Ok(CelValue::Bool(false)) => {
            let mut place = FieldPath::from(path.to_vec());
            if let Some(below) = rule.field_path.as_deref().and_then(field_path) {
                place = place.join(&below);
            }
            Some(Finding::Broken { path: place, message: message(rule, context) })
        }
        Ok(_) => unknown("it is neither true nor false".to_owned()),
        Err(Stop::Refused(reason)) => {
            let message = format!("{reason} where a rule needs it: {}", rule.rule.trim());
            Some(Finding::Broken { path: FieldPath::from(path.to_vec()), message })
        }
        Err(Stop::Unknown(reason)) => unknown(reason),
    }
}

/// What an API server says: the text that an expression gives, if it gives one, else the message, else the rule.
fn message(rule: &Validation, context: &Context<'_>) -> String {
    let made = rule.message_expression.as_ref().and_then(|text| program::program(text).ok());
    let made = made.filter(|program| !program.has_old_self).and_then(|program| program.run(context).ok());
    if let Some(CelValue::String(text)) = made
        && !text.trim().is_empty()
        && !text.contains('\n')
    {
        return text.trim().to_owned();
    }
    match &rule.message {
        Some(message) if !message.trim().is_empty() => message.trim().to_owned(),
        _ => format!("failed rule: {}", rule.rule.trim()),
    }
}

/// Reads `.spec.list[0]['a key']`.
fn field_path(text: &str) -> Option<FieldPath> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('.') {
            let end = behind.find(['.', '[']).unwrap_or(behind.len());
            let (key, behind) = behind.split_at(end);
            segments.push(Segment::from(key));
            rest = behind;
        } else {
            let (inner, behind) = rest.strip_prefix('[')?.split_once(']')?;
            let quoted = inner.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\''));
            segments.push(match quoted {
                Some(key) => Segment::from(key),
                None => Segment::from(inner.parse::<usize>().ok()?),
            });
            rest = behind;
        }
    }
    Some(segments.into())
}

#[cfg(test)]
mod tests;
