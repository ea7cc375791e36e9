//! `billfold check --list-rules` and `--explain CODE`: what is known of the codes.

use crate::model::diagnostic::{CodeInfo, SOURCES, info};
use crate::model::{Severity, Value};
use crate::validate;
use crate::yaml::{self, Format};

/// What is reported, each with what the table says of it.
fn reported() -> impl Iterator<Item = &'static CodeInfo> {
    validate::reported_codes().into_iter().filter_map(info)
}

/// A table for people.
pub(super) fn table() -> String {
    let line = |info: &CodeInfo| {
        format!("{:<8}{:<9}{:<9}{}\n", info.code, info.severity.word(), info.sources, info.summary)
    };
    let head = format!("{:<8}{:<9}{:<9}{}\n", "CODE", "SEVERITY", "SOURCES", "SUMMARY");
    let legend = SOURCES.map(|(letter, words)| format!("{letter} {words}")).join("; ");
    format!("{head}{}\nSources: {legend}.\n", reported().map(line).collect::<String>())
}

/// The same as JSON.
pub(super) fn json() -> String {
    let entry = |info: &CodeInfo| {
        Value::from([
            ("code", Value::from(info.code)),
            ("severity", Value::from(info.severity.word())),
            ("sources", Value::from(info.sources)),
            ("summary", Value::from(info.summary)),
        ])
    };
    yaml::emit(&Value::List(reported().map(entry).collect()), Format::Json)
}

/// What one code means, in a few lines.
pub(super) fn explanation(info: &CodeInfo) -> String {
    let worst = match info.severity {
        Severity::Error => "an error: the API server or Istio refuses it, or it is certain to fail",
        Severity::Warning => "a warning: likely wrong",
        Severity::Info => "an info: worth knowing",
    };
    format!(
        "{code}: {}\n\nIt is {worst}.\nKnown from: {}.\n\nTo accept it at one object, with a reason, annotate the object: {}: \
         \"{code}: the reason\".\n",
        info.summary,
        info.sources_in_words().join("; "),
        validate::ANNOTATION,
        code = info.code,
    )
}

/// The code that is asked for.
pub(super) fn code(text: &str) -> Result<&'static CodeInfo, String> {
    let code = validate::code(text).map_err(|err| err.to_string())?;
    info(code).ok_or_else(|| format!("there is no rule `{code}`"))
}
