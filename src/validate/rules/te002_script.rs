//! TE002 and TE003: the script of a TrafficExtension with Lua.

use super::rule::Rule;
use crate::istio::Plugin;
use crate::model::{Diagnostic, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["TE002", "TE003"], check);

/// The most characters that the API takes.
const LONGEST: usize = 65_536;

/// The functions that Envoy calls.
const ENTRIES: [&str; 2] = ["envoy_on_request", "envoy_on_response"];

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(lua) = resource.plugin().and_then(Plugin::lua) else { return };
    let at = || resource.at(&["spec", "lua", "inlineCode"]);
    let code = match lua.get("inlineCode") {
        None | Some(Value::Null) => "",
        Some(Value::Text(text)) => text.as_str(),
        Some(_) => return,
    };
    if code.is_empty() {
        found.push(Diagnostic::new("TE002", at(), "the script is empty: write it into inlineCode"));
    } else if code.len() > LONGEST && code.chars().count() > LONGEST {
        let message =
            format!("the script must have at most {LONGEST} characters, not {}", code.chars().count());
        found.push(Diagnostic::new("TE002", at(), message));
    } else if !has_entry(code) {
        let message = "nothing calls this script: define envoy_on_request or envoy_on_response";
        found.push(Diagnostic::new("TE003", at(), message));
    }
}

/// Whether the script may define one of the functions: it names one outside comments, other than for a local function,
/// which Envoy does not see.
fn has_entry(code: &str) -> bool {
    let code = without_comments(code);
    ENTRIES.iter().any(|entry| {
        code.match_indices(entry).any(|(at, _)| {
            let mut before = code[..at].split_whitespace().rev();
            (before.next(), before.next()) != (Some("function"), Some("local"))
        })
    })
}

/// The script without its comments. What stands in quotes is kept: `_G["envoy_on_request"]` defines one, too.
fn without_comments(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(at) = rest.find(['-', '"', '\'', '[']) {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let comment = rest.strip_prefix("--");
        let length = match comment {
            Some(comment) => 2 + long_bracket(comment).unwrap_or(comment.find('\n').unwrap_or(comment.len())),
            None => quoted(rest).or_else(|| long_bracket(rest)).unwrap_or(1),
        };
        let (part, behind) = rest.split_at(length);
        kept.push_str(if comment.is_some() { " " } else { part });
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// The length of the text in quotes that `code` begins with; it ends with its line at the latest.
fn quoted(code: &str) -> Option<usize> {
    let quote = code.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    let mut is_escaped = false;
    for (at, letter) in code.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' => return Some(at),
            _ if letter == quote => return Some(at + 1),
            _ => {}
        }
    }
    Some(code.len())
}

/// The length of what `code` begins with, if that is a long bracket: `[[…]]`, `[==[…]==]`.
fn long_bracket(code: &str) -> Option<usize> {
    let inner = code.strip_prefix('[')?;
    let level = inner.len() - inner.trim_start_matches('=').len();
    let text = inner[level..].strip_prefix('[')?;
    let close = format!("]{}]", "=".repeat(level));
    let start = code.len() - text.len();
    Some(text.find(&close).map_or(code.len(), |end| start + end + close.len()))
}

#[cfg(test)]
mod tests {
    use super::has_entry;

    #[test]
    fn comments_and_local_functions_define_nothing() {
        let defines = [
            "function envoy_on_request(h) end",
            "-- a\nfunction envoy_on_request(h) end",
            "--[[ a ]] function envoy_on_response(h) end",
            "--[==[ ]] ]==] envoy_on_response = log",
            "x = '--' function envoy_on_request(h) end",
            "x = [[--]] function envoy_on_request(h) end",
            "x = '\\'--' function envoy_on_request(h) end",
            "_G[\"envoy_on_request\"] = log",
            "local x = 1\nfunction envoy_on_request(h) end",
        ];
        for code in defines {
            assert!(has_entry(code), "{code}");
        }
        let not = [
            "",
            "-- function envoy_on_request(h) end",
            "--[[\nfunction envoy_on_request(h) end\n]]",
            "--[=[ ]]\nenvoy_on_request\n]=]",
            "--[[ envoy_on_request",
            "local function envoy_on_request(h) end",
            "local\n function\tenvoy_on_response(h) end",
            "x = 'ä' -- envoy_on_request",
        ];
        for code in not {
            assert!(!has_entry(code), "{code}");
        }
    }
}
