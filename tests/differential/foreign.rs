//! Random definitions of others over random designs: both evaluators come to the same.
//!
//! Definitions, components, relationships and gestures are drawn as small numbers, so that what fails shrinks to little.

use std::fmt::Write as _;

use billfold::model::{ComponentId, Design, Edit, FieldPath, Relationship, RelationshipId, Target, Value};
use billfold::registry::Registry;
use proptest::prelude::*;

use super::{builtin, compare, config, definition, parsed};
use crate::naive::definition::Definitions;

/// Kinds with their versions, where most of their values stand, and what stands there.
const KINDS: [(&str, &str, &str); 5] = [
    ("Service", "v1", "configuration, spec"),
    ("ConfigMap", "v1", "configuration, data"),
    ("Deployment", "apps/v1", "configuration, spec, strategy"),
    ("Secret", "v1", "configuration, stringData"),
    ("Widget", "example.com/v1", "configuration, spec"),
];
const STRATEGIES: [&str; 9] =
    ["replace", "merge", "strategic", "add", "remove", "copy", "move", "test", "unheard-of"];
/// Below where most values stand; the last is one of text at the root.
const PATHS: [&str; 9] =
    [", a", ", b", ", c", ", a, x", ", l, _", ", l, _, x", ", m, n, o", ", ports", "displayName"];
const VALUES: [&str; 15] = [
    "1",
    "x",
    "null",
    "' '",
    "{x: 1}",
    "{x: 2, y: 3}",
    "[1]",
    "[1, {x: 2}]",
    "{}",
    "[]",
    "'{x: 1}'",
    "true",
    "[{port: 1, protocol: TCP, name: x}]",
    "[{port: 1, protocol: TCP, y: 1}, {port: 2}]",
    "[{spec: {a: 1, b: x}, data: {a: x}}]",
];
/// Values of which many are the same, or contained in each other, or the same as text.
const ALIKE: [&str; 9] = ["x", "x", "{x: 1}", "{x: 1, y: 2}", "{x: 1}", "1", "'1'", "{}", "{y: 2}"];
const CLASSES: [(&str, &str, &str); 5] = [
    ("edge", "binding", "one"),
    ("edge", "binding", "two"),
    ("hierarchical", "parent", "inventory"),
    ("hierarchical", "parent", "wallet"),
    ("sibling", "binding", "three"),
];
/// What must match, of the first pair of references or of both.
const MATCHES: [&str; 8] = [
    "[[to_contains_from]]",
    "[[to_contains_from], [to_contains_from]]",
    "[]",
    "[[equal_as_strings]]",
    "[[to_contains_from]]",
    "[[not_null], [equal_as_strings]]",
    "[[not_null, to_contains_from], [to_contains_from]]",
    "[[equal_as_strings, to_contains_from], [not_null]]",
];
/// Where an alias has its values in its parent.
const HOMES: [&str; 6] = [
    "configuration",
    "configuration",
    "configuration, spec",
    "configuration, spec, l, '0'",
    "configuration, data, l, _",
    "configuration, spec, l, 0",
];
const MODELS: [&str; 3] = ["kubernetes", "other", ""];

fn pick<'a, T: ?Sized>(list: &[&'a T], number: usize) -> &'a T {
    list[number % list.len()]
}

fn small() -> std::ops::Range<usize> {
    0..64
}

/// A definition, as numbers: its class, the kinds of both ends, the strategy, two pairs of references, who gives, and what
/// else it says.
#[derive(Clone)]
struct Given {
    class: usize,
    kinds: [usize; 2],
    strategy: usize,
    references: [usize; 4],
    gives: usize,
    more: usize,
    deny: usize,
}

/// What fails is to be read.
impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

fn given() -> impl Strategy<Value = Given> {
    let numbers = (small(), [small(), small()], small(), [small(), small(), small(), small()]);
    (numbers, small(), small(), small()).prop_map(
        |((class, kinds, strategy, references), gives, more, deny)| Given {
            class,
            kinds,
            strategy,
            references,
            gives,
            more,
            deny,
        },
    )
}

/// A path of a kind, from the root of the component.
fn path(kind: usize, number: usize) -> String {
    match pick(&PATHS, number) {
        "displayName" => "displayName".to_owned(),
        below => format!("{}{below}", KINDS[kind % KINDS.len()].2),
    }
}

impl Given {
    fn class(&self) -> (&'static str, &'static str, &'static str) {
        CLASSES[self.class % CLASSES.len()]
    }

    fn references(&self, side: usize) -> String {
        let count = 1 + usize::from(self.more.is_multiple_of(3));
        let of_pair = |pair: usize| format!("[{}]", path(self.kinds[side], self.references[2 * pair + side]));
        (0..count).map(of_pair).collect::<Vec<_>>().join(", ")
    }

    /// 0 for one way; else values flow both ways, 1 with one strategy, others with another strategy each way.
    fn both_ways(&self) -> usize {
        if self.gives % 16 < 10 { 0 } else { self.gives % 16 - 9 }
    }

    fn patch(&self, side: usize) -> String {
        let is_giver = (side == 0) != self.gives.is_multiple_of(4);
        let (there, back) =
            if is_giver { ("mutatorRef", "mutatedRef") } else { ("mutatedRef", "mutatorRef") };
        let first = format!("{there}: [{}]", self.references(side));
        match self.both_ways() {
            0 => first,
            // The same fields back, or others.
            number if number % 2 == 1 => format!("{first}, {back}: [{}]", self.references(side)),
            _ => format!("{first}, {back}: [[{}]]", path(self.kinds[side], self.references[3 - side])),
        }
    }

    fn selector(&self, side: usize) -> String {
        let kind = match self.more / 3 % 8 {
            0 if side == 0 => "'*'",
            1 if side == 1 => "'*'",
            _ => KINDS[self.kinds[side] % KINDS.len()].0,
        };
        let model = match self.more / 24 {
            0 if side == 0 => ", model: {name: kubernetes}",
            1 if side == 1 => ", model: {name: other}",
            _ => "",
        };
        let strategy = pick(&STRATEGIES, self.strategy + if side == 1 { self.both_ways() / 2 } else { 0 });
        let matrix =
            if self.deny.is_multiple_of(4) == (side == 0) { pick(&MATCHES, self.gives / 4) } else { "[]" };
        format!(
            "kind: {kind}{model}, matchStrategyMatrix: {matrix}, patch: {{patchStrategy: {strategy}, {}}}",
            self.patch(side)
        )
    }

    fn text(&self) -> String {
        let (kind, type_, sub_type) = self.class();
        let deny = match self.deny % 12 {
            0 => ", deny: {from: [{kind: '*'}], to: [{kind: ConfigMap}]}",
            1 => ", deny: {from: [{kind: Service, model: {name: other}}], to: [{kind: '*'}]}",
            2 => ", deny: {from: [{kind: Widget}], to: [{kind: Service}]}",
            _ => "",
        };
        format!(
            "{{kind: {kind}, type: {type_}, subType: {sub_type}, model: {{name: x}}, selectors: [{{allow: {{from: [{{{}}}], to: [{{{}}}]}}{deny}}}]}}",
            self.selector(0),
            self.selector(1)
        )
    }
}

/// A relationship, as numbers: the definition that it is of, both ends, and how it is written.
type Joined = (usize, usize, usize, usize);

/// `names` are the components with their kinds; mostly those are joined that the definition means.
fn joined(definitions: &[Given], (number, from, to, how): Joined, names: &[(String, usize)]) -> Value {
    let of = &definitions[number % definitions.len()];
    let (kind, type_, sub_type) = of.class();
    let end = |side: usize, place: usize| {
        let is_meant = |(_, kind): &&(String, usize)| *kind == of.kinds[side] % KINDS.len();
        let mut meant: Vec<&(String, usize)> = names.iter().filter(is_meant).collect();
        if meant.is_empty() || place >= 56 {
            meant = names.iter().collect();
        }
        let (id, _) = meant[place % meant.len()];
        let more = match how % 4 {
            0 => format!(", {}", of.selector(side).replace("kind: '*', ", "")),
            _ => String::new(),
        };
        format!("{{id: {id}{more}}}")
    };
    let others = if how % 16 == 5 { format!(", {}", end(0, from + 1)) } else { String::new() };
    let status = pick(&["approved", "approved", "approved", "pending", "deleted", "ignored"], how / 4);
    parsed(&format!(
        "{{id: {number}-{from}-{to}-{how}, kind: {kind}, type: {type_}, subType: {sub_type}, status: {status}, selectors: [{{allow: {{from: [{}{others}], to: [{}]}}}}]}}",
        end(0, from),
        end(1, to)
    ))
}

#[derive(Clone, Debug)]
struct Start {
    definitions: Vec<Given>,
    /// Kind and model.
    components: Vec<(usize, usize)>,
    /// Who, where, what.
    values: Vec<(usize, usize, usize)>,
    joined: Vec<Joined>,
    /// Who stands for what of whom.
    aliases: Vec<(usize, usize, usize)>,
    /// What stands at all references, component by component, where identification is to have much to say.
    everywhere: Vec<usize>,
}

fn start() -> impl Strategy<Value = Start> {
    let definitions = prop::collection::vec(given(), 1..4);
    let components = prop::collection::vec((small(), small()), 2..6);
    let values = prop::collection::vec((small(), small(), small()), 0..10);
    let joined = prop::collection::vec((small(), small(), small(), small()), 0..5);
    let aliases = prop::option::weighted(0.3, (small(), small(), small()));
    (definitions, components, values, joined, aliases).prop_map(
        |(definitions, components, values, joined, aliases)| Start {
            definitions,
            components,
            values,
            joined,
            aliases: aliases.into_iter().collect(),
            everywhere: Vec::new(),
        },
    )
}

/// Designs of which the values say more than the relationships.
fn alike() -> impl Strategy<Value = Start> {
    let everywhere = prop::collection::vec(small(), 7..20);
    (start(), everywhere).prop_map(|(start, everywhere)| Start { values: Vec::new(), everywhere, ..start })
}

fn field_path(kind: &str, number: usize) -> FieldPath {
    let kind = KINDS.iter().position(|it| it.0 == kind).unwrap_or(0);
    let keys = path(kind, number);
    FieldPath::keys(&keys.split(", ").filter(|key| *key != "_").collect::<Vec<_>>())
}

impl Start {
    fn registry(&self) -> Registry {
        let mut registry = (*Registry::builtin()).clone();
        for (number, given) in self.definitions.iter().enumerate() {
            registry.add_relationship(&format!("d{number}.yaml"), &given.text()).unwrap();
        }
        registry
    }

    fn names(&self) -> Vec<(String, usize)> {
        (0..self.components.len()).map(|number| (format!("c{number}"), self.kind(number))).collect()
    }

    /// The kinds of the components: mostly such that the definitions have something to say.
    fn kind(&self, number: usize) -> usize {
        let (kind, _) = self.components[number];
        if kind < 48 {
            self.definitions[kind / 2 % self.definitions.len()].kinds[kind % 2] % KINDS.len()
        } else {
            kind % KINDS.len()
        }
    }

    fn design(&self) -> Design {
        let mut text = String::from("name: x\ncomponents:\n");
        for (number, (_, model)) in self.components.iter().enumerate() {
            let (kind, version, _) = KINDS[self.kind(number)];
            let model = pick(&MODELS, *model);
            writeln!(
                text,
                "- {{id: c{number}, displayName: c{number}, model: {{name: '{model}'}}, component: {{kind: {kind}, version: {version}}}, configuration: {{}}}}"
            )
            .unwrap();
        }
        let mut design = Design::from_tree(parsed(&text));
        for edit in self.values.iter().flat_map(|value| self.set(&design, *value)).collect::<Vec<_>>() {
            let _blocked = design.apply(edit);
        }
        for edit in self.values_everywhere(&design) {
            let _blocked = design.apply(edit);
        }
        for edit in self.aliases.iter().map(|numbers| self.alias(*numbers)) {
            let _blocked = design.apply(edit);
        }
        for joined in &self.joined {
            let _twice = design.apply(self.join(*joined, None));
        }
        design
    }

    fn values_everywhere(&self, design: &Design) -> Vec<Edit> {
        let mut edits = Vec::new();
        for (component, _) in design.components().zip(0..self.everywhere.len()) {
            for reference in self.definitions.iter().flat_map(|it| it.references) {
                let number = self.everywhere[edits.len() % self.everywhere.len()];
                let value = parsed(pick(&ALIKE, number));
                let path = field_path(&component.kind().kind, reference);
                let value = if path.len() > 1 { value } else { Value::from("x") };
                edits.push(Edit::set(component.id(), path, value));
            }
        }
        edits
    }

    fn join(&self, numbers: Joined, index: Option<usize>) -> Edit {
        let tree = joined(&self.definitions, numbers, &self.names());
        let id = RelationshipId::from_name(&format!("{numbers:?}"));
        Edit::AddRelationship { index, relationship: Relationship::from_tree(id, tree).into() }
    }

    /// Makes a component an alias, or takes that away.
    fn alias(&self, (alias, parent, home): (usize, usize, usize)) -> Edit {
        let id =
            |number: usize| ComponentId::from_text(&format!("c{}", number % self.components.len())).unwrap();
        let path = FieldPath::keys(&["metadata", "resolvedAliases", &id(alias).to_string()]);
        let value = parsed(&format!(
            "{{resolvedParentId: {}, resolvedRefFieldPath: [{}]}}",
            id(parent),
            pick(&HOMES, home)
        ));
        let value = Some(value).filter(|_| home < 56);
        Edit::SetField { target: Target::Design, path, value, place: None }
    }

    /// What a gesture does; nothing where it does not fit.
    fn edits(&self, design: &Design, (what, a, b, c): (usize, usize, usize, usize)) -> Vec<Edit> {
        let relationships: Vec<RelationshipId> = design.relationships().map(Relationship::id).collect();
        let nth = (!relationships.is_empty()).then(|| relationships[a % relationships.len()]);
        let components: Vec<_> = design.components().map(billfold::model::Component::id).collect();
        let edits = match what % 16 {
            0..=4 => self.set(design, (a, b, c)),
            5 => vec![self.alias((a, b, c))],
            6..=8 => vec![self.join((a, b, c, what), Some(a % (relationships.len() + 1)))],
            9 | 10 => nth.map(|id| Edit::RemoveRelationship { id }).into_iter().collect(),
            11 => nth
                .map(|id| Edit::MoveRelationship { id, index: b % relationships.len() })
                .into_iter()
                .collect(),
            12 => {
                let status = pick(&["approved", "ignored", "deleted", ""], b);
                let path = FieldPath::keys(&["status"]);
                let to = |id| Edit::SetField {
                    target: Target::Relationship(id),
                    path: path.clone(),
                    value: Some(status.into()),
                    place: None,
                };
                nth.map(to).into_iter().collect()
            }
            13 if components.len() > 1 => {
                vec![Edit::RemoveComponent { id: components[a % components.len()] }]
            }
            14 => {
                let path = FieldPath::keys(&["model", "name"]);
                vec![Edit::set(components[a % components.len()], path, pick(&MODELS, b))]
            }
            _ => {
                let (kind, type_, sub_type) = CLASSES[a % CLASSES.len()];
                let class = format!("{kind}-{type_}-{sub_type}");
                let path = FieldPath::keys(&["preferences", "layers", "relationships", &class]);
                let value = Some((b % 2 == 0).into());
                vec![Edit::SetField { target: Target::Design, path, value, place: None }]
            }
        };
        let mut copy = design.clone();
        if edits.iter().all(|edit| copy.apply(edit.clone()).is_ok()) { edits } else { Vec::new() }
    }

    /// A value that is set, or taken away: mostly where the definitions look for one.
    fn set(&self, design: &Design, (who, path, value): (usize, usize, usize)) -> Vec<Edit> {
        let components: Vec<_> = design.components().collect();
        let component = components[who % components.len()];
        let looked_for = self.definitions[path % self.definitions.len()].references[path / 3 % 4];
        let path = field_path(&component.kind().kind, if path < 48 { looked_for } else { path });
        match value % (VALUES.len() + 2) {
            number if number < VALUES.len() && path.len() > 1 => {
                vec![Edit::set(component.id(), path, parsed(VALUES[number]))]
            }
            number if number < 2 => vec![Edit::set(component.id(), path, VALUES[number])],
            _ if path.len() > 2 && component.get(&path).is_some() => vec![Edit::unset(component.id(), path)],
            _ => Vec::new(),
        }
    }
}

type Gesture = (usize, usize, usize, usize);

fn a_gesture() -> impl Strategy<Value = Gesture> {
    (small(), small(), small(), small())
}

fn gestures() -> impl Strategy<Value = Vec<Gesture>> {
    prop::collection::vec(a_gesture(), 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 1_000, ..config() })]

    #[test]
    fn definitions_of_others_come_to_the_same(
        start in start(),
        gestures in gestures(),
        identify in any::<bool>(),
    ) {
        come_to_the_same(&start, &gestures, identify);
    }

    #[test]
    fn who_belongs_together_comes_to_the_same(start in alike(), gestures in prop::collection::vec(a_gesture(), 0..2)) {
        come_to_the_same(&start, &gestures, true);
    }
}

fn come_to_the_same(start: &Start, gestures: &[Gesture], identify: bool) {
    let registry = start.registry();
    let mut list = builtin();
    list.extend(start.definitions.iter().map(|given| definition(&given.text())));
    let definitions = Definitions { list, registry: &registry };
    let mut design = compare(&start.design(), &[], &registry, &definitions, identify);
    for gesture in gestures {
        design = compare(&design, &start.edits(&design, *gesture), &registry, &definitions, false);
    }
}
