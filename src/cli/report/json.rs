//! The JSON of `product.md`, for programs.

use crate::model::{Map, Value};
use crate::yaml::{self, Format};

use super::Report;
use crate::cli::engine::Finding;

/// All findings. What was accepted is counted where there is any, and listed on request.
pub(super) fn json(report: &Report<'_>) -> String {
    let findings = report.findings.iter().map(|it| Value::Map(finding(it))).collect();
    let mut tree = Map::from([("diagnostics", Value::List(findings))]);
    if report.shows_ignored {
        let ignored = report.ignored.iter().map(|it| {
            let mut map = finding(it);
            map.insert("reason", optional(it.ignored.as_deref()));
            Value::Map(map)
        });
        tree.insert("ignored", Value::List(ignored.collect()));
    }
    if !report.unchecked.is_empty() {
        let unchecked = report.unchecked.iter().map(|it| {
            Value::from([
                ("object", Value::from(it.object.as_str())),
                ("what", Value::from(it.what)),
                ("rules", Value::List(it.codes.iter().copied().map(Value::from).collect())),
            ])
        });
        tree.insert("unchecked", Value::List(unchecked.collect()));
    }
    let count = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    let counted = report.summary();
    let mut summary = Map::from([
        ("errors", count(counted.errors)),
        ("warnings", count(counted.warnings)),
        ("infos", count(counted.infos)),
    ]);
    if counted.ignored > 0 {
        summary.insert("suppressed", count(counted.ignored));
    }
    tree.insert("summary", Value::Map(summary));
    yaml::emit(&Value::Map(tree), Format::Json)
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Null, Value::from)
}

fn finding(finding: &Finding) -> Map {
    let number = |number: Option<u32>| number.map_or(Value::Null, |number| Value::from(i64::from(number)));
    Map::from([
        ("code", finding.code.into()),
        ("severity", finding.severity.word().into()),
        ("message", finding.message.as_str().into()),
        ("file", finding.file.as_str().into()),
        ("line", number(finding.position.map(|position| position.0))),
        ("column", number(finding.position.map(|position| position.1))),
        ("object", optional(finding.object.as_deref())),
        ("path", finding.path.as_str().into()),
        ("fix", optional(finding.fix.as_deref())),
    ])
}
