//! Trees that nobody meant to be designs, and samples with wounds.

use std::sync::LazyLock;

use billfold::model::{Number, Value};
use proptest::prelude::*;

use super::designs::value;

pub(crate) static SAMPLES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    [
        include_str!("../../designs/edge-security.yaml"),
        include_str!("../../designs/frontpage-envoyfilter.yaml"),
        include_str!("../../designs/hierarchical-parent-wallet.yaml"),
        include_str!("../../designs/http-call-on-back-golang.yaml"),
    ]
    .map(value)
    .to_vec()
});

/// Puts `wound` in the place of the node number `left`, in the order of the tree.
pub(crate) fn hurt(tree: &mut Value, left: &mut usize, wound: Value) {
    if *left == 0 {
        *tree = wound;
        return;
    }
    *left -= 1;
    let children: Vec<&mut Value> = match tree {
        Value::Map(map) => map.iter_mut().map(|(_, value)| value).collect(),
        Value::List(items) => items.iter_mut().collect(),
        _ => return,
    };
    for child in children {
        let size = size_of_tree(child);
        if *left < size {
            return hurt(child, left, wound);
        }
        *left -= size;
    }
}

fn size_of_tree(tree: &Value) -> usize {
    1 + match tree {
        Value::Map(map) => map.iter().map(|(_, value)| size_of_tree(value)).sum::<usize>(),
        Value::List(items) => items.iter().map(size_of_tree).sum::<usize>(),
        _ => 0,
    }
}

/// Any tree at all, with many of the words that the policy looks for.
pub(crate) fn anything() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "id",
        "components",
        "relationships",
        "selectors",
        "allow",
        "deny",
        "from",
        "to",
        "kind",
        "type",
        "subType",
        "status",
        "metadata",
        "billfold",
        "wrote",
        "path",
        "value",
        "before",
        "made",
        "patch",
        "pairs",
        "configuration",
        "spec",
        "url",
        "pluginConfig",
        "configPatches",
        "wasmFilter",
        "config",
        "hierarchical",
        "parent",
        "wallet",
        "inventory",
        "WasmPlugin",
        "WASMFilter",
        "EnvoyFilter",
        "Namespace",
        "namespace",
        "name",
        "component",
        "version",
        "extensions.istio.io/v1alpha1",
        "core.meshery.io/v1alpha1",
        "c1",
        "c2",
        "_",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Number(Number::from_text(".nan"))),
        words.clone().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            prop::collection::vec((words.clone(), inner), 0..6)
                .prop_map(|entries| Value::Map(entries.into_iter().collect())),
        ]
    })
}
