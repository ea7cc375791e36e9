//! The rows of the Outline: namespaces, in them plugins, in them numbered filters, then everything else.

use indexmap::{IndexMap, IndexSet};

use crate::model::{ComponentId, ComponentKind, Design};

type Hasher = foldhash::fast::FixedState;

/// Components that are folded.
pub(super) type Folded = IndexSet<ComponentId, Hasher>;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// The component.
    pub id: ComponentId,
    /// Its kind.
    pub kind: ComponentKind,
    /// Its name.
    pub name: String,
    /// How deep it stands, from 0.
    pub depth: usize,
    /// A filter's place in its chain, from 1.
    pub number: Option<usize>,
    /// Whether there are rows below it, shown or folded.
    pub has_children: bool,
    /// Whether these are shown.
    pub is_open: bool,
    /// The row's parent.
    pub parent: Option<ComponentId>,
    /// What stands beside the name: the namespace that is no component.
    pub detail: String,
}

/// Makes the rows that are shown, each component once. One pass over the design.
pub(super) fn rows(design: &Design, folded: &Folded) -> Vec<Row> {
    let mut builder = Builder::new(design, folded);
    let is_namespace = |id: &ComponentId| builder.is(*id, &ComponentKind::NAMESPACE);
    let (namespaces, others): (Vec<_>, Vec<_>) = builder.top.iter().copied().partition(is_namespace);
    for id in namespaces.into_iter().chain(sorted(design, others)) {
        builder.push(id, 0, None, None);
    }
    builder.rows
}

/// Wallets first, then the rest, each in document order.
fn sorted(design: &Design, ids: Vec<ComponentId>) -> impl Iterator<Item = ComponentId> {
    let is_wallet =
        |id: &ComponentId| design.component(*id).is_some_and(|component| component.kind().is_wallet());
    let (wallets, others): (Vec<_>, Vec<_>) = ids.into_iter().partition(is_wallet);
    wallets.into_iter().chain(others)
}

struct Builder<'a> {
    design: &'a Design,
    folded: &'a Folded,
    names: IndexMap<ComponentId, String, Hasher>,
    children: IndexMap<ComponentId, Vec<ComponentId>, Hasher>,
    top: Vec<ComponentId>,
    rows: Vec<Row>,
}

impl<'a> Builder<'a> {
    fn new(design: &'a Design, folded: &'a Folded) -> Self {
        let mut children: IndexMap<ComponentId, Vec<ComponentId>, Hasher> = IndexMap::default();
        let mut top = Vec::new();
        for component in design.components() {
            let id = component.id();
            if component.kind().is_wallet() {
                let chain: Vec<ComponentId> = design.chain(id).iter().map(|link| link.from).collect();
                if !chain.is_empty() {
                    children.insert(id, chain);
                }
            }
            if design.wallet_of(id).is_some() {
                continue;
            }
            match design.frame_of(id).filter(|link| link.to != id) {
                Some(link) if !component.is(&ComponentKind::NAMESPACE) => {
                    children.entry(link.to).or_default().push(id);
                }
                _ => top.push(id),
            }
        }
        Self { design, folded, names: design.names(), children, top, rows: Vec::new() }
    }

    fn is(&self, id: ComponentId, kind: &ComponentKind) -> bool {
        self.design.component(id).is_some_and(|component| component.is(kind))
    }

    fn push(&mut self, id: ComponentId, depth: usize, number: Option<usize>, parent: Option<ComponentId>) {
        let Some(component) = self.design.component(id) else { return };
        let children = self.children.get(&id).cloned().unwrap_or_default();
        let is_open = !self.folded.contains(&id);
        let in_frame = component.is(&ComponentKind::NAMESPACE) || depth > 0;
        let detail = match component.namespace() {
            Some(namespace) if !in_frame => format!("in {namespace}"),
            _ => String::new(),
        };
        self.rows.push(Row {
            id,
            kind: component.kind().clone(),
            name: self.names.get(&id).cloned().unwrap_or_default(),
            depth,
            number,
            has_children: !children.is_empty(),
            is_open,
            parent,
            detail,
        });
        // Two levels below a namespace at most: the chain of a wallet has no children of its own.
        if !is_open || depth > 2 {
            return;
        }
        if component.kind().is_wallet() {
            for (place, filter) in children.into_iter().enumerate() {
                self.push(filter, depth + 1, Some(place + 1), Some(id));
            }
        } else {
            for child in sorted(self.design, children).collect::<Vec<_>>() {
                self.push(child, depth + 1, None, Some(id));
            }
        }
    }
}
