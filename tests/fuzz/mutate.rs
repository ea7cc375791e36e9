//! Inputs for the fuzz bodies: fixtures with wounds, always the same for the same number.
//!
//! Half of the wounds are made in the bytes (flips, cuts, splices, lines twice), half in the tree (keys renamed and
//! removed, values of another type, ids blanked and repeated), where bytes alone would seldom get past the parser.

use billfold::model::{Number, Value};
use billfold::yaml::{self, Format};

/// A small generator of numbers (`SplitMix64`): the same numbers for the same seed, on every machine.
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 when that is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        if limit == 0 { 0 } else { (self.next() % limit as u64) as usize }
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// What inputs are made from: a file, and its tree where it can be read.
pub(crate) struct Seed {
    pub(crate) path: String,
    bytes: Vec<u8>,
    tree: Option<Value>,
}

impl Seed {
    /// `None` when the file is larger than `max_size`, also without what fills a design and means little.
    pub(crate) fn new(path: String, mut bytes: Vec<u8>, max_size: usize) -> Option<Self> {
        let mut tree = yaml::parse_bytes(&bytes).ok().and_then(yaml::Parsed::into_first).map(|it| it.value);
        if let Some(tree) = tree.as_mut().filter(|_| bytes.len() > max_size) {
            thin(tree);
            bytes = yaml::emit(tree, Format::Yaml).into_bytes();
        }
        (bytes.len() <= max_size).then_some(Self { path, bytes, tree })
    }
}

/// Takes the models and looks of components away, at whatever depth.
fn thin(tree: &mut Value) {
    match tree {
        Value::Map(map) => {
            for key in ["model", "modelReference", "styles", "description", "format"] {
                map.remove(key);
            }
            map.iter_mut().for_each(|(_, value)| thin(value));
        }
        Value::List(items) => items.iter_mut().for_each(thin),
        _ => {}
    }
}

/// Input number `number`, and the path of the file that it was made from.
pub(crate) fn input(seeds: &[Seed], number: u64) -> (&str, Vec<u8>) {
    let mut numbers = Numbers::new(number);
    let seed = numbers.pick(seeds);
    let mut bytes = match &seed.tree {
        Some(tree) if numbers.below(3) > 0 => {
            let mut tree = tree.clone();
            for _ in 0..=numbers.below(4) {
                wound_tree(&mut tree, &mut numbers);
            }
            let format = *numbers.pick(&[Format::Yaml, Format::Json]);
            yaml::emit(&tree, format).into_bytes()
        }
        _ => seed.bytes.clone(),
    };
    if seed.tree.is_none() || numbers.below(2) == 0 {
        for _ in 0..=numbers.below(3) {
            wound_bytes(&mut bytes, &numbers.pick(seeds).bytes, &mut numbers);
        }
    }
    (&seed.path, bytes)
}

/// What trips readers: bits of YAML and JSON, numbers at the edge, invisible characters.
const SPLINTERS: &[&str] = &[
    "\n",
    "\t",
    "  ",
    ": ",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "'",
    "\"",
    "&a ",
    "*a",
    "!!str ",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "#",
    "%YAML 1.1\n",
    "<<: ",
    "null",
    "~",
    "true",
    "no",
    ".nan",
    "-.inf",
    "1e999",
    "-0",
    "0o17",
    "0x1F",
    "18446744073709551616",
    "2001-01-01",
    "\u{feff}",
    "\u{0}",
    "\u{85}",
    "\u{2028}",
    "\r",
    "\\",
    "\u{1f600}",
    "=",
    "@",
    "`",
];

fn wound_bytes(bytes: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let place = numbers.below(bytes.len() + 1);
    let end = (place + numbers.below(64)).min(bytes.len());
    match numbers.below(8) {
        0 if place < bytes.len() => bytes[place] ^= 1 << numbers.below(8),
        1 => bytes.truncate(place),
        2 => drop(bytes.drain(place..end)),
        3 => drop(bytes.splice(place..place, numbers.pick(SPLINTERS).bytes())),
        4 if !other.is_empty() => {
            let start = numbers.below(other.len());
            let until = (start + numbers.below(200)).min(other.len());
            drop(bytes.splice(place..end, other[start..until].iter().copied()));
        }
        5 | 6 => {
            let mut lines: Vec<Vec<u8>> =
                bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            let line = numbers.below(lines.len());
            match numbers.below(4) {
                _ if lines.is_empty() => {}
                0 => lines.insert(line, lines[line].clone()),
                1 => drop(lines.remove(line)),
                2 => lines[line].insert(0, b' '),
                _ => {
                    let with = numbers.below(lines.len());
                    lines.swap(line, with);
                }
            }
            *bytes = lines.concat();
        }
        _ => bytes.insert(place, numbers.below(256) as u8),
    }
}

/// Keys that mean something somewhere.
const KEYS: &[&str] = &[
    "id",
    "kind",
    "version",
    "component",
    "configuration",
    "metadata",
    "name",
    "namespace",
    "spec",
    "url",
    "pluginConfig",
    "wasmFilter",
    "wasm-filter",
    "config",
    "selectors",
    "allow",
    "deny",
    "from",
    "to",
    "patch",
    "mutatorRef",
    "mutatedRef",
    "patchStrategy",
    "billfold",
    "wrote",
    "path",
    "value",
    "before",
    "made",
    "status",
    "subType",
    "type",
    "model",
    "components",
    "relationships",
    "preferences",
    "styles",
    "position",
    "x",
    "priority",
    "configPatches",
    "typed_config",
    "matchStrategyMatrix",
    "apiVersion",
    "items",
    "_",
    "",
];

/// Words that mean something somewhere.
const WORDS: &[&str] = &[
    "",
    " ",
    "deleted",
    "ignored",
    "pending",
    "wallet",
    "inventory",
    "alias",
    "hierarchical",
    "edge",
    "WASMFilter",
    "WasmPlugin",
    "EnvoyFilter",
    "Namespace",
    "*",
    "replace",
    "merge",
    "strategic",
    "add",
    "remove",
    "copy",
    "move",
    "test",
    "oci://reg.example.com/a:1",
    "file:///a.wasm",
    "{\"a\": 1}",
    "not: [closed",
    "_",
    "v1",
];

pub(crate) fn wound_tree(tree: &mut Value, numbers: &mut Numbers) {
    let size = size_of(tree);
    let donor = node(tree, numbers.below(size)).clone();
    let victim = node(tree, numbers.below(size));
    match numbers.below(10) {
        0 => *victim = other_type(numbers),
        1 => *victim = donor,
        2 | 3 => rename_a_key(victim, numbers),
        4 => remove_something(victim, numbers),
        5 | 6 => repeat_an_item(victim, numbers),
        7 => *victim = Value::from(*numbers.pick(WORDS)),
        8 => wound_an_id(tree, numbers),
        _ => {
            if let Value::Map(map) = victim {
                map.insert(*numbers.pick(KEYS), donor);
            }
        }
    }
}

fn other_type(numbers: &mut Numbers) -> Value {
    match numbers.below(7) {
        0 => Value::Null,
        1 => Value::from(true),
        2 => Value::Number(Number::from_text(numbers.pick::<&str>(&[
            "0",
            "-1",
            "1.50",
            "1e400",
            ".nan",
            "99999999999999999999",
        ]))),
        3 => Value::from(""),
        4 => Value::List(Vec::new()),
        5 => Value::Map(billfold::model::Map::new()),
        _ => Value::List(vec![Value::Null, Value::from("x")]),
    }
}

fn rename_a_key(value: &mut Value, numbers: &mut Numbers) {
    let Value::Map(map) = value else { return };
    let Some(key) = map.entry_at(numbers.below(map.len())).map(|(key, _)| key.to_owned()) else { return };
    if let Some((_, value)) = map.remove(&key) {
        map.insert(*numbers.pick(KEYS), value);
    }
}

fn remove_something(value: &mut Value, numbers: &mut Numbers) {
    match value {
        Value::Map(map) => {
            if let Some(key) = map.entry_at(numbers.below(map.len())).map(|(key, _)| key.to_owned()) {
                map.remove(&key);
            }
        }
        Value::List(items) if !items.is_empty() => drop(items.remove(numbers.below(items.len()))),
        other => *other = Value::Null,
    }
}

fn repeat_an_item(value: &mut Value, numbers: &mut Numbers) {
    if let Value::List(items) = value
        && !items.is_empty()
    {
        let item = items[numbers.below(items.len())].clone();
        items.insert(numbers.below(items.len() + 1), item);
    }
}

/// Blanks an id, or gives it another's.
fn wound_an_id(tree: &mut Value, numbers: &mut Numbers) {
    let mut ids = Vec::new();
    gather_ids(tree, &mut ids);
    if ids.is_empty() {
        return;
    }
    let other = if numbers.below(3) == 0 { Value::from("") } else { numbers.pick(&ids).clone() };
    let mut left = numbers.below(ids.len());
    set_id(tree, &mut left, &other);
}

fn gather_ids(tree: &Value, ids: &mut Vec<Value>) {
    match tree {
        Value::Map(map) => {
            for (key, value) in map.iter() {
                if key == "id" {
                    ids.push(value.clone());
                }
                gather_ids(value, ids);
            }
        }
        Value::List(items) => items.iter().for_each(|item| gather_ids(item, ids)),
        _ => {}
    }
}

/// Gives the id number `left` of the tree another value; tells whether it was found.
fn set_id(tree: &mut Value, left: &mut usize, id: &Value) -> bool {
    match tree {
        Value::Map(map) => {
            for (key, value) in map.iter_mut() {
                if key == "id" {
                    if *left == 0 {
                        *value = id.clone();
                        return true;
                    }
                    *left -= 1;
                }
                if set_id(value, left, id) {
                    return true;
                }
            }
            false
        }
        Value::List(items) => items.iter_mut().any(|item| set_id(item, left, id)),
        _ => false,
    }
}

/// How many nodes a tree has, itself included.
pub(crate) fn size_of(tree: &Value) -> usize {
    1 + match tree {
        Value::Map(map) => map.iter().map(|(_, value)| size_of(value)).sum::<usize>(),
        Value::List(items) => items.iter().map(size_of).sum::<usize>(),
        _ => 0,
    }
}

/// Node number `left` in the order of the tree.
pub(crate) fn node(tree: &mut Value, mut left: usize) -> &mut Value {
    if left == 0 {
        return tree;
    }
    left -= 1;
    let children: Vec<&mut Value> = match tree {
        Value::Map(map) => map.iter_mut().map(|(_, value)| value).collect(),
        Value::List(items) => items.iter_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        let size = size_of(child);
        if left < size {
            return node(child, left);
        }
        left -= size;
    }
    unreachable!("the number is below the size of the tree")
}
