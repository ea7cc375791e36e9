//! CM003: a module that a ConfigMap does not keep as bytes, or that is none.

use super::rule::Rule;
use crate::model::{ComponentKind, Diagnostic, FieldPath, Map, Value};
use crate::validate::resource::Resource;
use crate::wasm_module::from_base64;

pub(super) const RULE: Rule = Rule::of_resource(&["CM003"], check);

/// What every module begins with.
const MAGIC: &[u8] = b"\0asm";

fn check(resource: &Resource<'_>, found: &mut Vec<Diagnostic>) {
    if !resource.is(&ComponentKind::CONFIG_MAP) {
        return;
    }
    let texts = |field: &str| {
        let map = resource.get(&[field]).and_then(Value::as_map);
        map.into_iter().flat_map(Map::iter).filter_map(|(key, value)| Some((key, value.as_text()?)))
    };
    for (key, text) in texts("data") {
        let path = FieldPath::keys(&["data", key]);
        let is_encoded = begins_with_magic(text);
        if !is_encoded && !text.as_bytes().starts_with(MAGIC) && !is_module_name(key) {
            continue;
        }
        let message = if is_encoded {
            format!(
                "{key} is a module in base64 under data, which is not decoded: it belongs under binaryData"
            )
        } else {
            format!("{key} stands under data, which holds text: a module belongs under binaryData, in base64")
        };
        let mut finding = Diagnostic::new("CM003", resource.at_path(&path), message);
        if is_encoded && resource.get(&["binaryData", key]).is_none() {
            let target = FieldPath::keys(&["binaryData", key]);
            let edits = vec![resource.set(&target, text), resource.unset(&path)];
            finding = finding.with_fix("Move to binaryData", edits);
        }
        found.push(finding);
    }
    for (key, text) in texts("binaryData").filter(|(key, _)| is_module_name(key)) {
        if begins_with_magic(text) {
            continue;
        }
        // What is no base64 at all the schema refuses.
        let Some(bytes) = from_base64(text) else { continue };
        let message = match bytes.get(..2) {
            Some([0x1f, 0x8b]) => format!("{key} is compressed: Envoy takes a module as it is, without gzip"),
            None => format!("{key} is empty: put the module there, in base64"),
            _ => format!("{key} is no Wasm module: it does not begin with \\0asm"),
        };
        let path = FieldPath::keys(&["binaryData", key]);
        found.push(Diagnostic::new("CM003", resource.at_path(&path), message));
    }
}

fn is_module_name(key: &str) -> bool {
    key.to_ascii_lowercase().ends_with(".wasm")
}

/// Tells whether a text in base64 stands for bytes that begin as a module does. Looks at its first characters only.
fn begins_with_magic(base64: &str) -> bool {
    let mut digits = base64.bytes().filter(|byte| !byte.is_ascii_whitespace());
    let first: Vec<u8> = digits.by_ref().take(6).collect();
    // The four bytes are five digits and the upper bits of the sixth.
    first.starts_with(b"AGFzb")
        && matches!(first.get(5), Some(b'Q'..=b'Z' | b'a'..=b'f'))
        && base64.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=\n\r ".contains(&byte))
}
