//! TE004: the word for the unset phase is another one in each of the two kinds.

use super::rule::Rule;
use crate::istio::PluginKind;
use crate::model::{Diagnostic, FieldPath};
use crate::validate::resource::Resource;

pub(super) const RULE: Rule = Rule::of_resource(&["TE004"], check);

/// Tells whether the phase of `resource` is this rule's matter and not WP080's.
pub(super) fn is_of_other_kind(resource: &Resource<'_>) -> bool {
    spelling(resource).is_some()
}

/// The word that its kind has, when it uses that of the other.
fn spelling(resource: &Resource<'_>) -> Option<&'static str> {
    let phase = resource.get(&["spec", "phase"])?.as_text()?;
    match (resource.plugin()?.kind, phase) {
        (PluginKind::WasmPlugin, "UNSPECIFIED") => Some("UNSPECIFIED_PHASE"),
        (PluginKind::TrafficExtension, "UNSPECIFIED_PHASE") => Some("UNSPECIFIED"),
        _ => None,
    }
}

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    let Some(right) = spelling(resource) else { return };
    let path = FieldPath::keys(&["spec", "phase"]);
    let message = format!("in a {} the unset phase is called {right}", resource.effective.kind.kind);
    let finding = Diagnostic::new("TE004", resource.at_path(&path), message);
    found.push(finding.with_fix(format!("Write {right}"), vec![resource.set(&path, right)]));
}

#[cfg(test)]
mod tests {
    use crate::validate::testing::{check, fixes};

    #[test]
    fn it_is_said_once_and_can_be_mended() {
        assert_eq!(fixes("TE004", "plugin p url=x phase=UNSPECIFIED\n"), ["Write UNSPECIFIED_PHASE"]);
        check("WP080", "plugin p url=x phase=UNSPECIFIED\n", &[]);
    }
}
