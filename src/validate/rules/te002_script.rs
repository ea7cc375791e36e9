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
    } else if !ENTRIES.iter().any(|entry| code.contains(entry)) {
        let message = "nothing calls this script: define envoy_on_request or envoy_on_response";
        found.push(Diagnostic::new("TE003", at(), message));
    }
}
