//! WP043 and WP044: names of environment variables that a module cannot count on.

use super::rule::Rule;
use crate::istio::module_url::{self, Reading};
use crate::model::{Diagnostic, Severity, Value};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["WP043", "WP044"], check);

/// What istiod itself tells the agent with variables of the module.
const RESERVED: [&str; 3] = [
    "ISTIO_META_WASM_IMAGE_PULL_POLICY",
    "ISTIO_META_WASM_IMAGE_PULL_SECRET",
    "ISTIO_META_WASM_PLUGIN_RESOURCE_VERSION",
];

/// What the agent takes away from modules that it fetched.
const STRIPPED: &str = "ISTIO_META_";

/// The longest name that the API takes; beyond it is WP040.
const LONGEST: usize = 256;

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(plugin) = resource.plugin() else { return };
    let env = plugin.module_field("vmConfig").and_then(|config| config.at(&["env"]));
    let path = plugin.module_path("vmConfig").child("env");
    let lies_in_proxy = plugin.url().map(module_url::read) == Some(Reading::File);
    for (place, entry) in env.and_then(Value::as_list).unwrap_or_default().iter().enumerate() {
        let Some(name) = entry.text_at(&["name"]).filter(|name| name.chars().count() <= LONGEST) else {
            continue;
        };
        let location = resource.at_path(&path.child(place).child("name"));
        if RESERVED.contains(&name) {
            let message =
                format!("Istio keeps {name} for itself: with it the module may not be fetched; remove it");
            let finding = Diagnostic::new("WP044", location, message);
            found.push(finding.with_fix(format!("Remove {name}"), vec![resource.unset(&path.child(place))]));
        } else if name.starts_with(STRIPPED) {
            if !lies_in_proxy {
                let message =
                    format!("{name} does not reach the module: the agent strips {STRIPPED}…; rename it");
                found.push(Diagnostic::new("WP044", location, message).with_severity(Severity::Warning));
            }
        } else if !name.is_empty() && !is_identifier(name) {
            let message =
                format!("not every language can read a variable called {name:?}: use letters, digits and _");
            found.push(Diagnostic::new("WP043", location, message));
        }
    }
}

/// C's rule for names.
fn is_identifier(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
