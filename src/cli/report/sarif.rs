//! SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), for code hosts and editors.

use std::fmt::Write as _;

use crate::model::diagnostic::{CodeInfo, info};
use crate::model::{Map, Severity, Value};
use crate::validate;
use crate::yaml::{self, Format, value_width};

use super::Report;
use super::source_line::Texts;
use crate::cli::engine::Finding;
use crate::cli::rules;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// One run with every rule and every finding; what was accepted is there as suppressed, with the reason.
pub(super) fn sarif(report: &Report<'_>, texts: &mut Texts<'_>) -> String {
    let codes = validate::reported_codes();
    let rules = codes.iter().filter_map(|code| info(code)).map(rule).collect();
    let driver = Value::from([
        ("name", Value::from("billfold")),
        ("semanticVersion", Value::from(env!("CARGO_PKG_VERSION"))),
        ("rules", Value::List(rules)),
    ]);
    let all = report.findings.iter().chain(report.ignored);
    let results = all.map(|finding| result(finding, &codes, texts)).collect();
    let invocation = Value::from([("executionSuccessful", Value::Bool(report.is_complete))]);
    let run = Value::from([
        ("tool", Value::from([("driver", driver)])),
        ("invocations", Value::List(vec![invocation])),
        ("columnKind", Value::from("unicodeCodePoints")),
        ("results", Value::List(results)),
    ]);
    let log = Value::from([
        ("$schema", Value::from(SCHEMA)),
        ("version", Value::from("2.1.0")),
        ("runs", Value::List(vec![run])),
    ]);
    yaml::emit(&log, Format::Json)
}

fn message(text: &str) -> Value {
    Value::from([("text", Value::from(text))])
}

fn level(severity: Severity) -> Value {
    Value::from(match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    })
}

fn rule(info: &'static CodeInfo) -> Value {
    Value::from([
        ("id", Value::from(info.code)),
        ("shortDescription", message(info.summary)),
        ("help", message(rules::explanation(info).trim_end())),
        ("defaultConfiguration", Value::from([("level", level(info.severity))])),
    ])
}

fn result(finding: &Finding, codes: &[&str], texts: &mut Texts<'_>) -> Value {
    let text = match &finding.fix {
        Some(fix) => format!("{} (fix: {fix})", finding.message),
        None => finding.message.clone(),
    };
    let mut physical =
        Map::from([("artifactLocation", Value::from([("uri", Value::from(uri(&finding.file)))]))]);
    if let Some((row, column)) = finding.position {
        let mut region =
            Map::from([("startLine", i64::from(row).into()), ("startColumn", i64::from(column).into())]);
        if let Some(line) = texts.line(&finding.file, row) {
            let width = i64::try_from(value_width(line, column)).unwrap_or(1);
            region.insert("endColumn", Value::from(i64::from(column) + width));
        }
        physical.insert("region", Value::Map(region));
    }
    let mut location = Map::from([("physicalLocation", Value::Map(physical))]);
    if let Some(object) = &finding.object {
        let name = format!("{object}{}", finding.path);
        let logical =
            Value::from([("fullyQualifiedName", Value::from(name)), ("kind", Value::from("object"))]);
        location.insert("logicalLocations", Value::List(vec![logical]));
    }
    let mut result = Map::from([("ruleId", Value::from(finding.code))]);
    if let Ok(index) = codes.binary_search(&finding.code) {
        result.insert("ruleIndex", Value::from(i64::try_from(index).unwrap_or(-1)));
    }
    result.insert("level", level(finding.severity));
    result.insert("message", message(&text));
    result.insert("locations", Value::List(vec![Value::Map(location)]));
    let suppressions = finding.ignored.iter().map(|reason| {
        let kind = if finding.is_ignored_in_source { "inSource" } else { "external" };
        Value::from([("kind", Value::from(kind)), ("justification", Value::from(reason.as_str()))])
    });
    // Where nothing is said about suppressions, a viewer cannot tell that they were looked for.
    result.insert("suppressions", Value::List(suppressions.collect()));
    Value::Map(result)
}

/// A path as a URI: relative as it was given, else `file://`; what a URI cannot hold is escaped.
fn uri(path: &str) -> String {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    } else if path.split('/').next().is_some_and(|first| first.contains(':')) {
        // Else the first part would be taken for a scheme.
        out.push_str(if cfg!(windows) { "file:///" } else { "./" });
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'/'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b':'
            | b'@'
            | b'+'
            | b',' => {
                out.push(char::from(byte));
            }
            byte => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    #[cfg(unix)]
    fn paths_are_uris() {
        for (path, expected) in [
            ("k8s/auth.yaml", "k8s/auth.yaml"),
            ("/srv/a b.yaml", "file:///srv/a%20b.yaml"),
            ("a:b/c.yaml", "./a:b/c.yaml"),
            ("größe#1.yaml", "gr%C3%B6%C3%9Fe%231.yaml"),
            ("-", "-"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }
}
