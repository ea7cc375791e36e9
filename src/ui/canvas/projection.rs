//! What the canvas shows of a design: cards, frames and edges, made again only when the revision changes.
//!
//! The scene is read-only and in canvas points. Nodes stand in paint order: frames first, then each card followed by the
//! filters that it holds.

mod edges;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use egui::{Pos2, Rect, Vec2};

use super::hit::Grid;
use super::layout::{self, Item, Side, filter_rect, metric, slot_rect};
use super::view::{to_points, to_position};
use crate::editor::Revision;
use crate::model::view::{EnvoyFilterView, WasmFilterView, WasmPluginView, WorkloadView};
use crate::model::{Component, ComponentId, ComponentKind, Design, Position};

pub use edges::{Edge, shown_links};

type Hasher = foldhash::fast::FixedState;

/// How a component is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A namespace: the box around what lies in it.
    Frame,
    /// A WasmPlugin or EnvoyFilter, with the filters that it holds.
    Wallet,
    /// A filter, in a wallet or loose.
    Filter,
    /// Anything else.
    Card,
}

/// What a card says of its component; shared from scene to scene while the component stays as it is.
#[derive(Debug)]
pub struct Face {
    /// What kind of component.
    pub kind: ComponentKind,
    /// Its name.
    pub title: String,
    /// The second line: a filter's module, a workload's labels; may be empty.
    pub detail: String,
    /// Marks in a wallet's header: phase and priority.
    pub chips: Vec<String>,
    /// The stored position, in canvas points.
    stored: Option<Pos2>,
    /// What decides over its edges.
    ends: edges::Ends,
    /// Whether the name stands in the component; otherwise it follows from its place.
    is_named: bool,
    /// The component as it was read.
    component: Arc<Component>,
}

impl Face {
    fn of(component: &Arc<Component>, title: String, is_named: bool) -> Self {
        Self {
            ends: edges::Ends::of(component),
            is_named,
            kind: component.kind().clone(),
            title,
            detail: text::detail(component),
            chips: text::chips(component),
            stored: component.position().map(to_points),
            component: Arc::clone(component),
        }
    }
}

/// One component on the canvas.
#[derive(Clone, Debug)]
pub struct Node {
    /// Which.
    pub id: ComponentId,
    /// What its card says.
    pub face: Arc<Face>,
    /// How it is drawn.
    pub form: Form,
    /// Where, in canvas points.
    pub rect: Rect,
    /// The wallet of a filter, the frame of a card.
    pub holder: Option<usize>,
    /// A wallet's filters, in the order in which they run.
    pub held: Range<usize>,
    /// The cards in a frame, in the order of the document.
    pub members: Vec<usize>,
    /// A filter's place in its wallet, from 0.
    pub place: usize,
}

impl Node {
    /// Tells whether this filter is in a wallet.
    pub fn is_held(&self) -> bool {
        self.form == Form::Filter && self.holder.is_some()
    }
}

/// Everything that the canvas shows of one revision.
#[derive(Debug)]
pub struct Scene {
    /// The revision that is shown.
    pub revision: Revision,
    /// In paint order.
    pub nodes: Vec<Node>,
    /// Who selects or uses whom; then, from `derived` on, what other relationships join.
    pub edges: Vec<Edge>,
    /// How many of the edges follow from selectors and references.
    pub derived: usize,
    /// Around everything; [`Rect::NOTHING`] when there is nothing.
    pub bounds: Rect,
    /// How many of the nodes are frames; they come first.
    pub frames: usize,
    index: HashMap<ComponentId, usize, Hasher>,
    grid: Grid,
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            revision: Revision::default(),
            nodes: Vec::new(),
            edges: Vec::new(),
            derived: 0,
            bounds: Rect::NOTHING,
            frames: 0,
            index: HashMap::default(),
            grid: Grid::default(),
        }
    }
}

/// Names of components that have none of their own: by their place among their kind (see [`Design::name_of`]).
#[derive(Default)]
struct Names<'a> {
    places: HashMap<(&'a str, &'a str), usize, Hasher>,
}

impl<'a> Names<'a> {
    /// The face of a component; call it for each in the order of the document.
    fn face(&mut self, design: &Design, component: &'a Component, before: &Scene) -> Arc<Face> {
        let kind = component.kind();
        let place = self.places.entry((&kind.group, &kind.kind)).or_default();
        *place += 1;
        let Some(shared) = design.shared_component(component.id()) else {
            return Arc::new(Face::of(&Arc::new(component.clone()), String::new(), false));
        };
        let known = before.node_of(component.id()).map(|node| &before.nodes[node].face);
        let known = known.filter(|face| Arc::ptr_eq(&face.component, shared));
        if let Some(known) = known.filter(|known| known.is_named) {
            return Arc::clone(known);
        }
        let own = component.own_name();
        let title = own.map_or_else(|| format!("{}-{place}", kind.kebab_case()), str::to_owned);
        match known.filter(|known| known.title == title) {
            Some(known) => Arc::clone(known),
            None => Arc::new(Face::of(shared, title, own.is_some())),
        }
    }
}

/// From a node's stored position to its centre.
fn offset(node: &Node) -> Vec2 {
    if node.form == Form::Wallet { metric::wallet_offset(node.held.len()) } else { Vec2::ZERO }
}

/// Zoom below which the small text of a card cannot be read.
const READABLE: f32 = 0.6;
/// How far a new card gives way to those that are there: so many steps, and how many canvas points one is.
const FREE_REACH: i32 = 16;
const FREE_STEP: f32 = 32.0;

/// What is at a place of the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A card, a filter, or the title or border of a frame.
    Node(usize),
    /// The place to drop a filter, of this wallet.
    Slot(usize),
    /// The inside of a frame.
    Inside(usize),
    /// Nothing.
    Empty,
}

impl Scene {
    /// Projects `design`. Faces of components that `before` shows already, and that have not changed, are taken from it.
    pub fn of(design: &Design, revision: Revision, before: &Self) -> Self {
        let count = design.components().len();
        let mut scene = Self { revision, ..Self::default() };
        scene.nodes.reserve(count);
        scene.index.reserve(count);
        let mut names = Names::default();
        let faces: Vec<Arc<Face>> = design.components().map(|it| names.face(design, it, before)).collect();
        let is_frame = |face: &Face| face.kind.same_kind(&ComponentKind::NAMESPACE);
        for face in faces.iter().filter(|face| is_frame(face)) {
            scene.push(face, Form::Frame);
        }
        scene.frames = scene.nodes.len();
        let mut is_held = vec![false; count];
        let mut chains = Vec::new();
        for face in faces.iter().filter(|face| face.kind.is_wallet()) {
            let chain = design.chain(face.component.id());
            let chain: Vec<usize> =
                chain.into_iter().filter_map(|link| design.component_index(link.from)).collect();
            for &filter in &chain {
                is_held[filter] = true;
            }
            chains.push(chain);
        }
        let mut chains = chains.into_iter();
        for (face, is_held) in faces.iter().zip(is_held) {
            if is_held || is_frame(face) {
                continue;
            }
            let form = match &face.kind {
                kind if kind.is_wallet() => Form::Wallet,
                kind if kind.same_kind(&ComponentKind::WASM_FILTER) => Form::Filter,
                _ => Form::Card,
            };
            let card = scene.push(face, form);
            let frame = design.frame_of(face.component.id()).and_then(|link| scene.node_of(link.to));
            scene.nodes[card].holder = frame;
            if let Some(frame) = frame {
                scene.nodes[frame].members.push(card);
            }
            if form == Form::Wallet
                && let Some(chain) = chains.next()
            {
                for (place, filter) in chain.into_iter().enumerate() {
                    let filter = scene.push(&faces[filter], Form::Filter);
                    scene.nodes[filter].holder = Some(card);
                    scene.nodes[filter].place = place;
                }
                scene.nodes[card].held = card + 1..scene.nodes.len();
            }
        }
        scene.edges = edges::of(&scene);
        scene.derived = scene.edges.len();
        scene.edges.extend(edges::stored(&scene, design, &scene.edges));
        scene.lay_out();
        scene
    }

    fn push(&mut self, face: &Arc<Face>, form: Form) -> usize {
        let node = self.nodes.len();
        let id = face.component.id();
        self.nodes.push(Node {
            id,
            face: Arc::clone(face),
            form,
            rect: Rect::NOTHING,
            holder: None,
            held: 0..0,
            members: Vec::new(),
            place: 0,
        });
        self.index.insert(id, node);
        node
    }

    fn lay_out(&mut self) {
        let is_card = |&card: &usize| !self.nodes[card].is_held();
        let cards: Vec<usize> = (self.frames..self.nodes.len()).filter(is_card).collect();
        let frames: Vec<Option<Pos2>> =
            self.nodes[..self.frames].iter().map(|frame| frame.face.stored).collect();
        let mut item_of = vec![usize::MAX; self.nodes.len()];
        for (item, &card) in cards.iter().enumerate() {
            item_of[card] = item;
        }
        // What is selected stands beside those who select it, so that edges are short and cross little.
        let mut leaders: Vec<Option<usize>> = vec![None; self.nodes.len()];
        for edge in &self.edges[..self.derived] {
            leaders[edge.to].get_or_insert(item_of[edge.from]);
        }
        let items: Vec<Item> = cards
            .iter()
            .map(|&card| {
                let node = &self.nodes[card];
                let stored = node.face.stored.map(|stored| stored + offset(node));
                let (extent, side) = match node.form {
                    Form::Wallet => (metric::wallet(node.held.len()), Side::Left),
                    Form::Filter => (metric::FILTER, Side::Left),
                    Form::Card | Form::Frame => (metric::CARD, Side::Right),
                };
                Item {
                    size: extent,
                    stored,
                    frame: node.holder,
                    side,
                    follows: leaders[card],
                    gives_way: node.form == Form::Filter,
                }
            })
            .collect();
        let placed = layout::place(&items, &frames);
        for (card, rect) in cards.into_iter().zip(placed.cards) {
            self.nodes[card].rect = rect;
            for (place, filter) in self.nodes[card].held.clone().enumerate() {
                self.nodes[filter].rect = filter_rect(rect, place);
            }
            self.grid.insert(card as u32, rect);
            self.bounds = self.bounds.union(rect);
        }
        for (frame, rect) in placed.frames.into_iter().enumerate() {
            self.nodes[frame].rect = rect;
            self.bounds = self.bounds.union(rect);
        }
    }

    /// What is stored as the position of a node that is drawn where it is now.
    pub fn position_of(&self, node: usize, moved: Vec2) -> Position {
        let node = &self.nodes[node];
        to_position(node.rect.center() - offset(node) + moved)
    }

    /// The node of a component.
    pub fn node_of(&self, id: ComponentId) -> Option<usize> {
        self.index.get(&id).copied()
    }

    /// The node, if the number is one.
    pub fn node(&self, node: usize) -> Option<&Node> {
        self.nodes.get(node)
    }

    /// Frames that `visible` touches.
    pub fn visible_frames(&self, visible: Rect) -> impl Iterator<Item = usize> {
        (0..self.frames).filter(move |&frame| self.nodes[frame].rect.intersects(visible))
    }

    /// Cards (not the filters that they hold) that `visible` touches, in paint order.
    pub fn visible_cards(&self, visible: Rect) -> Vec<usize> {
        let touches = |&node: &usize| self.nodes[node].rect.intersects(visible);
        match self.grid.near(visible) {
            Some(near) => near.into_iter().map(|node| node as usize).filter(touches).collect(),
            None => (self.frames..self.nodes.len())
                .filter(|&node| !self.nodes[node].is_held())
                .filter(touches)
                .collect(),
        }
    }

    /// The filters of a wallet that `visible` touches.
    pub fn visible_filters(&self, wallet: usize, visible: Rect) -> Range<usize> {
        let node = &self.nodes[wallet];
        let (first, stride) = (filter_rect(node.rect, 0).top(), metric::FILTER.y + metric::FILTER_GAP);
        let from = ((visible.top() - first) / stride).floor().max(0.0) as usize;
        let to = ((visible.bottom() - first) / stride).ceil().max(0.0) as usize;
        let place = |place: usize| node.held.start + place.min(node.held.len());
        place(from)..place(to).max(place(from))
    }

    /// The place nearest to `rect`, and of its size, where no card lies; `rect` itself when all is full around it.
    pub fn free_near(&self, rect: Rect) -> Rect {
        let steps = (0..=FREE_REACH).flat_map(|distance| {
            let ring = (-distance..=distance).flat_map(move |x| (-distance..=distance).map(move |y| (x, y)));
            ring.filter(move |(x, y)| x.abs().max(y.abs()) == distance)
        });
        let mut places = steps.map(|(x, y)| rect.translate(Vec2::new(x as f32, y as f32) * FREE_STEP));
        let free = places.find(|place| self.visible_cards(place.expand(metric::GAP / 4.0)).is_empty());
        free.unwrap_or(rect)
    }

    /// The place to drop a filter, of a wallet.
    pub fn slot(&self, wallet: usize) -> Rect {
        let node = &self.nodes[wallet];
        slot_rect(node.rect, node.held.len())
    }

    /// What is at `point`, deepest first: a filter before its wallet, a card before the frame that it lies in.
    ///
    /// `reach` is how far beside a frame's border a hit still counts.
    pub fn hit(&self, point: Pos2, reach: f32) -> Hit {
        self.hit_except(point, reach, |_| false)
    }

    /// The same, looking through the nodes that `through` names.
    pub fn hit_except(&self, point: Pos2, reach: f32, through: impl Fn(usize) -> bool) -> Hit {
        for node in self.grid.at(point).into_iter().rev().map(|node| node as usize) {
            if !self.nodes[node].rect.contains(point) || through(node) {
                continue;
            }
            if self.nodes[node].form == Form::Wallet {
                let around = Rect::from_center_size(point, Vec2::splat(1.0));
                let filter = self
                    .visible_filters(node, around)
                    .find(|&filter| self.nodes[filter].rect.contains(point) && !through(filter));
                if let Some(filter) = filter {
                    return Hit::Node(filter);
                }
                if self.slot(node).contains(point) {
                    return Hit::Slot(node);
                }
            }
            return Hit::Node(node);
        }
        let mut inside = None;
        for frame in (0..self.frames).rev().filter(|&frame| !through(frame)) {
            let rect = self.nodes[frame].rect;
            if !rect.expand(reach).contains(point) {
                continue;
            }
            if !rect.shrink(reach).contains(point) {
                return Hit::Node(frame);
            }
            inside = inside.or(Some(frame));
        }
        inside.map_or(Hit::Empty, Hit::Inside)
    }

    /// The nodes that a rubber band over `area` takes: cards that it touches, and filters of wallets that it lies in.
    pub fn within(&self, area: Rect) -> Vec<usize> {
        let mut found = Vec::new();
        for card in self.visible_cards(area) {
            let node = &self.nodes[card];
            if node.form == Form::Wallet && node.rect.contains_rect(area) {
                found.extend(node.held.clone().filter(|&filter| self.nodes[filter].rect.intersects(area)));
            } else {
                found.push(card);
            }
        }
        found.extend((0..self.frames).filter(|&frame| area.contains_rect(self.nodes[frame].rect)));
        found
    }

    /// The components in the order in which Tab walks them: the frames, each with its cards and their filters, then what
    /// lies in no frame.
    pub fn walk(&self) -> Vec<usize> {
        let mut walk = Vec::with_capacity(self.nodes.len());
        let add_card = |walk: &mut Vec<usize>, card: usize| {
            walk.push(card);
            walk.extend(self.nodes[card].held.clone());
        };
        for frame in 0..self.frames {
            walk.push(frame);
            for &card in &self.nodes[frame].members {
                add_card(&mut walk, card);
            }
        }
        for card in self.frames..self.nodes.len() {
            if self.nodes[card].holder.is_none() {
                add_card(&mut walk, card);
            }
        }
        walk
    }

    /// Tells whether a card shows less than it has to say.
    pub fn is_cut(&self, node: usize, zoom: f32) -> bool {
        let Some(it) = self.nodes.get(node) else { return false };
        match it.form {
            Form::Frame => false,
            _ if zoom < READABLE => true,
            Form::Wallet => it.face.title.chars().count() > 14,
            Form::Filter => it.face.detail.contains('…') || it.face.title.chars().count() > 24,
            Form::Card => it.face.detail.chars().count() > 22 || it.face.title.chars().count() > 16,
        }
    }

    /// Everything that a card has to say besides its name, a line each.
    pub fn whole(&self, node: usize) -> Vec<String> {
        let Some(it) = self.nodes.get(node) else { return Vec::new() };
        let mut lines = vec![it.face.kind.in_words().to_owned()];
        lines.extend(it.face.chips.iter().filter(|chip| **chip != lines[0]).cloned().collect::<Vec<_>>());
        lines.extend(text::whole_detail(&it.face.component));
        lines
    }

    /// The name that a screen reader says for a node.
    pub fn spoken(&self, node: usize) -> String {
        let Some(it) = self.nodes.get(node) else { return String::new() };
        let kind = it.face.kind.in_words();
        let mut spoken = format!("{kind} {}", it.face.title);
        let mut add = |part: String| {
            spoken.push_str(", ");
            spoken.push_str(&part);
        };
        match it.form {
            Form::Frame => add(text::counted(it.members.len(), "component")),
            Form::Wallet => {
                for chip in it.face.chips.iter().filter(|chip| **chip != kind) {
                    add(chip.replacen("prio ", "priority ", 1));
                }
                add(text::counted(it.held.len(), "filter"));
            }
            Form::Filter => match it.holder.filter(|_| it.is_held()).map(|wallet| &self.nodes[wallet]) {
                Some(wallet) if wallet.form == Form::Wallet => {
                    add(format!("{} of {} in {}", it.place + 1, wallet.held.len(), wallet.face.title));
                }
                _ => add("in no wallet".to_owned()),
            },
            Form::Card => {
                if !it.face.detail.is_empty() && it.face.detail != kind {
                    add(it.face.detail.clone());
                }
            }
        }
        spoken
    }
}
