//! Meshery's evaluation, re-stated small: what its Go engine does to a design with inventory and wallet relationships.
//!
//! Identification by equal values, null equal to null and the kind matched as a pattern; patches that only set, read from
//! the relationship itself and written by dotted paths; tombstones; a bump of the version with every pass. It knows
//! nothing of this program.

use billfold::model::ids::name_uuid;
use serde_json::{Map, Value, json};

/// More passes are not made.
const MAX_PASSES: usize = 5;

/// One evaluation of `design` with these definitions.
pub(crate) fn evaluate(design: &mut Value, definitions: &[Value]) {
    for _ in 0..MAX_PASSES {
        if !pass(design, definitions) {
            return;
        }
    }
}

fn class(relationship: &Value) -> String {
    ["kind", "type", "subType"].map(|key| relationship[key].as_str().unwrap_or("").to_lowercase()).join("-")
}

/// Of the two classes, and no annotation, which are not evaluated.
fn is_ours(relationship: &Value) -> bool {
    matches!(class(relationship).as_str(), "hierarchical-parent-inventory" | "hierarchical-parent-wallet")
        && relationship["metadata"]["isAnnotation"] != Value::Bool(true)
}

fn is_deleted(relationship: &Value) -> bool {
    relationship["status"] == "deleted"
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn list_mut<'a>(design: &'a mut Value, key: &str) -> Option<&'a mut Vec<Value>> {
    design.get_mut(key).and_then(Value::as_array_mut)
}

fn component<'a>(design: &'a Value, id: &Value) -> Option<&'a Value> {
    items(&design["components"]).iter().find(|component| component["id"] == *id)
}

/// Whether another pass has to follow.
fn pass(design: &mut Value, definitions: &[Value]) -> bool {
    bump_version(design);
    let models: Vec<Value> = items(&design["components"])
        .iter()
        .flat_map(|it| [it["model"]["name"].clone(), it["modelReference"]["name"].clone()])
        .collect();
    let layers = design["preferences"]["layers"]["relationships"].clone();
    let is_in_scope = |it: &&Value| {
        is_ours(it) && models.contains(&it["model"]["name"]) && layers[class(it)] != Value::Bool(false)
    };
    let definitions: Vec<&Value> = definitions.iter().filter(is_in_scope).collect();

    // 1. What misses an end is marked.
    let ids: Vec<Value> = items(&design["components"]).iter().map(|it| it["id"].clone()).collect();
    for relationship in list_mut(design, "relationships").into_iter().flatten().filter(|it| is_ours(it)) {
        let ends = ends(relationship);
        if ends.iter().any(|(from, to)| !ids.contains(&from["id"]) || !ids.contains(&to["id"])) {
            relationship["status"] = "deleted".into();
        }
    }
    // 2. What is consistent already is joined.
    let mut added: Vec<Value> = Vec::new();
    for definition in definitions {
        for relationship in identified(design, definition) {
            let is_known = |other: &Value| !is_deleted(other) && says_the_same(other, &relationship);
            if !items(&design["relationships"]).iter().chain(&added).any(is_known) {
                added.push(relationship);
            }
        }
    }
    // 3. Patches are worked out on the design as it was, then everything is applied.
    let mut patches: Vec<(Value, Vec<String>, Value)> = Vec::new();
    for relationship in items(&design["relationships"]).iter().filter(|it| is_ours(it) && !is_deleted(it)) {
        patches.extend(patches_of(design, relationship));
    }
    let is_changed = !patches.is_empty();
    if let Some(relationships) = list_mut(design, "relationships") {
        relationships.retain(|it| !(is_ours(it) && is_deleted(it)));
        relationships.extend(added);
    }
    for (id, path, value) in patches {
        let Some(component) = list_mut(design, "components").into_iter().flatten().find(|it| it["id"] == id)
        else {
            continue;
        };
        set_dotted(component, &path.join("."), value);
    }
    is_changed
}

/// The semver patch goes up, also when nothing changes.
fn bump_version(design: &mut Value) {
    let version = design["version"].as_str().unwrap_or_default().trim_start_matches('v').to_owned();
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    design["version"] = match numbers.as_deref() {
        Some([major, minor, patch]) => format!("{major}.{minor}.{}", patch + 1).into(),
        _ => "0.0.1".into(),
    };
}

/// Index-paired ends of the selector sets: the first `from` with the first `to`, and so on.
fn ends(relationship: &Value) -> Vec<(Value, Value)> {
    let sets = items(&relationship["selectors"]).iter();
    sets.flat_map(|set| {
        let (from, to) = (items(&set["allow"]["from"]), items(&set["allow"]["to"]));
        from.iter().cloned().zip(to.iter().cloned()).collect::<Vec<_>>()
    })
    .collect()
}

/// The pairs of references, whichever side gives: who gives first.
fn refs<'a>(from: &'a Value, to: &'a Value) -> Option<(bool, Vec<(&'a Value, &'a Value)>)> {
    let pairs = |giver: &'a Value, receiver: &'a Value| {
        let given = items(&giver["patch"]["mutatorRef"]).iter();
        given.zip(items(&receiver["patch"]["mutatedRef"])).collect::<Vec<_>>()
    };
    let (forth, back) = (pairs(from, to), pairs(to, from));
    [(true, forth), (false, back)].into_iter().find(|(_, pairs)| !pairs.is_empty())
}

/// The path with its first `_` made the last index of the list there, or 0.
fn resolved(component: &Value, path: &Value) -> Vec<String> {
    let mut keys: Vec<String> = items(path).iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(place) = keys.iter().position(|key| key == "_") {
        let length = items(value_at(component, &keys[..place])).len();
        keys[place] = length.saturating_sub(1).to_string();
    }
    keys
}

fn value_at<'a>(component: &'a Value, keys: &[String]) -> &'a Value {
    keys.iter().fold(component, |value, key| match value {
        Value::Array(items) => {
            key.parse::<usize>().ok().and_then(|index| items.get(index)).unwrap_or(&Value::Null)
        }
        _ => &value[key.as_str()],
    })
}

/// Equal, any, or found somewhere in it.
fn matches_kind(selector: &Value, component: &Value) -> bool {
    let (Some(named), Some(kind)) = (selector["kind"].as_str(), component["component"]["kind"].as_str())
    else {
        return false;
    };
    named == "*" || kind.contains(named)
}

fn identified(design: &Value, definition: &Value) -> Vec<Value> {
    let is_inventory = class(definition).ends_with("-inventory");
    let components = items(&design["components"]);
    let mut found = Vec::new();
    for (from, to) in ends(definition) {
        let Some((child_gives, pairs)) = refs(&from, &to) else { continue };
        for child in components.iter().filter(|it| matches_kind(&from, it)) {
            for parent in components.iter().filter(|it| matches_kind(&to, it)) {
                let (giver, receiver) = if child_gives { (child, parent) } else { (parent, child) };
                let is_equal = |(given, received): &(&Value, &Value)| {
                    value_at(giver, &resolved(giver, given))
                        == value_at(receiver, &resolved(receiver, received))
                };
                // `deny`: a Namespace lies in no Namespace. A wallet asks for neither model nor `deny`.
                let is_denied = is_inventory && child["component"]["kind"] == parent["component"]["kind"];
                if child["id"] == parent["id"] || is_denied || !pairs.iter().all(is_equal) {
                    continue;
                }
                let with_id = |selector: &Value, id: &Value| {
                    let mut selector = selector.clone();
                    selector["id"] = id.clone();
                    selector
                };
                let set = json!({"allow": {"from": [with_id(&from, &child["id"])], "to": [with_id(&to, &parent["id"])]}});
                let mut relationship = definition.clone();
                relationship["id"] = name_uuid(&set.to_string()).to_string().into();
                relationship["selectors"] = json!([set]);
                relationship["status"] = "approved".into();
                found.push(relationship);
            }
        }
    }
    found
}

/// Kind string, id and patch of both ends are the same.
fn says_the_same(one: &Value, other: &Value) -> bool {
    let of = |(from, to): (Value, Value)| {
        [from, to].map(|it| (it["kind"].clone(), it["id"].clone(), it["patch"].clone()))
    };
    let (ours, theirs) = (ends(one).into_iter().map(of), ends(other).into_iter().map(of).collect::<Vec<_>>());
    class(one) == class(other) && ours.into_iter().any(|ends| theirs.contains(&ends))
}

/// What a relationship sets: null writes nothing, what is equal neither. `patchStrategy` is never looked at.
fn patches_of(design: &Value, relationship: &Value) -> Vec<(Value, Vec<String>, Value)> {
    let mut patches = Vec::new();
    for (from, to) in ends(relationship) {
        let (Some(child), Some(parent)) = (component(design, &from["id"]), component(design, &to["id"]))
        else {
            continue;
        };
        let Some((child_gives, pairs)) = refs(&from, &to) else { continue };
        let (giver, receiver) = if child_gives { (child, parent) } else { (parent, child) };
        for (given, received) in pairs {
            let value = value_at(giver, &resolved(giver, given));
            let path = resolved(receiver, received);
            if !value.is_null() && value != value_at(receiver, &path) {
                patches.push((receiver["id"].clone(), path, value.clone()));
            }
        }
    }
    patches
}

/// Sets by a path that was joined with dots; what is missing on the way is made, and a key with a dot in it breaks.
fn set_dotted(component: &mut Value, path: &str, value: Value) {
    let mut here = component;
    for key in path.split('.') {
        here = match here {
            Value::Array(items) => {
                let Some(item) = key.parse::<usize>().ok().and_then(|index| items.get_mut(index)) else {
                    return;
                };
                item
            }
            other => {
                if !other.is_object() {
                    *other = Value::Object(Map::new());
                }
                &mut other[key]
            }
        };
    }
    *here = value;
}
