//! The demands of a CRD's schema that go beyond kinds, bounds and formats.

use crate::model::Value;
use crate::registry::assertions::Assertions;
use crate::registry::field_spec::FieldSpec;

use super::{Trail, Violation, ViolationKind, visit};

/// How many forms are named in a message.
const NAMED: usize = 6;

/// Adds what in `value`, which is of the right kind, is not as `demands` say.
pub(super) fn check(
    spec: &FieldSpec,
    demands: &Assertions,
    value: &Value,
    trail: Trail<'_>,
    found: &mut Vec<Violation>,
) {
    let mut report = |kind, message| trail.report(kind, spec.rule.as_ref(), message, found);
    if let Some(text) = value.as_text()
        && let Some(pattern) = demands.pattern.as_ref().filter(|pattern| !pattern.fits(text))
    {
        let message = format!("{} must match {}", trail.name(), pattern.text());
        report(ViolationKind::Format, message);
    }
    if let Some(number) = value.as_f64()
        && let Some(message) = bounds(demands, number)
    {
        report(ViolationKind::Bound, format!("{} must be {message}, not {number}", trail.name()));
    }
    if let (Some(map), Some(fewest)) = (value.as_map(), demands.min_properties) {
        let count = map.iter().filter(|(_, value)| !value.is_null()).count();
        if count < fewest {
            let entries = if fewest == 1 { "entry" } else { "entries" };
            report(ViolationKind::Count, format!("{} must have at least {fewest} {entries}", trail.name()));
        }
    }
    if !demands.values.is_empty() && !demands.values.iter().any(|allowed| allowed.equivalent(value)) {
        let allowed: Vec<String> = demands.values.iter().map(crate::yaml::emit_json_compact).collect();
        report(ViolationKind::Enum, format!("{} must be one of {}", trail.name(), allowed.join(", ")));
    }
    if let Some(message) = forms(demands, value, trail) {
        report(ViolationKind::Form, message);
    }
}

fn bounds(demands: &Assertions, number: f64) -> Option<String> {
    if let Some((minimum, is_excluded)) = demands.minimum
        && (number < minimum || is_excluded && number <= minimum)
    {
        return Some(if is_excluded { format!("more than {minimum}") } else { format!("{minimum} or more") });
    }
    if let Some((maximum, is_excluded)) = demands.maximum
        && (number > maximum || is_excluded && number >= maximum)
    {
        return Some(if is_excluded { format!("less than {maximum}") } else { format!("{maximum} or less") });
    }
    let multiple = demands.multiple_of.filter(|&unit| {
        let quotient = number / unit;
        (quotient - quotient.round()).abs() > f64::EPSILON * quotient.abs().max(1.0)
    })?;
    Some(format!("a multiple of {multiple}"))
}

fn forms(demands: &Assertions, value: &Value, trail: Trail<'_>) -> Option<String> {
    let name = trail.name();
    for form in &demands.all_of {
        if let Some(reason) = misfit(form, value) {
            return Some(reason);
        }
    }
    if !demands.any_of.is_empty() && !demands.any_of.iter().any(|form| misfit(form, value).is_none()) {
        return Some(match required_by(&demands.any_of) {
            Some(keys) => format!("{name} needs one of {keys}"),
            None => format!("{name} fits none of the {} forms that it may have", demands.any_of.len()),
        });
    }
    if !demands.one_of.is_empty() {
        let fitting = demands.one_of.iter().filter(|form| misfit(form, value).is_none()).count();
        if fitting != 1 {
            return Some(match (required_by(&demands.one_of), fitting) {
                (Some(keys), 0) => format!("{name} needs one of {keys}"),
                (Some(keys), _) => format!("{name} may have only one of {keys}"),
                (None, 0) => {
                    format!("{name} fits none of the {} forms that it may have", demands.one_of.len())
                }
                (None, _) => {
                    format!("{name} fits {fitting} forms of which it may have only one")
                }
            });
        }
    }
    let refused = demands.not.as_ref().filter(|form| misfit(form, value).is_none())?;
    Some(match required_by(std::slice::from_ref(refused)) {
        Some(keys) => format!("{name} must not have {keys}"),
        None => format!("{name} has a form that it must not have"),
    })
}

/// What is wrong with `value` by this form, if anything is. Null counts as absent.
fn misfit(form: &FieldSpec, value: &Value) -> Option<String> {
    let mut found = Vec::new();
    visit(form, value, Trail::ROOT, &mut found);
    found.into_iter().next().map(|violation| violation.message)
}

/// The keys, if each form that does more than excluding the others is nothing but a required key.
fn required_by(forms: &[std::sync::Arc<FieldSpec>]) -> Option<String> {
    let mut keys: Vec<&str> = Vec::new();
    for form in forms {
        match form.required.as_slice() {
            // Istio's way to say "or none": not any of the others.
            [] if form.assertions.as_ref().is_some_and(|it| it.not.is_some()) => {}
            [key] => keys.push(key),
            _ => return None,
        }
    }
    keys.dedup();
    let shown: Vec<String> = keys.iter().take(NAMED).map(|key| format!("`{key}`")).collect();
    (!shown.is_empty()).then(|| shown.join(", "))
}
