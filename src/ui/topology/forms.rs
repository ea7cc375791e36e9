//! How large each node of the topology is drawn. Nodes have the same size on the screen at every zoom up to 100 %, so that
//! names can be read, and give way to each other: the name goes first, then the letter.
//!
//! Pure: the same places and the same view give the same forms.

use std::collections::HashSet;

use egui::{Pos2, Rect, Vec2, vec2};

use crate::ui::canvas::hit::Grid;
use crate::ui::canvas::view::View;

/// The largest a node with its name gets, at 100 %, in screen points.
pub(super) const PILL: Vec2 = vec2(170.0, 26.0);
/// A node without its name.
const TILE: f32 = 18.0;
/// A node without its letter.
const DOT: f32 = 6.0;
/// Room that is kept between nodes.
const GAP: f32 = 2.0;
/// Names that are measured for one picture, at most.
const MOST_NAMES: usize = 2_000;

/// How a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A spot of its kind's colour.
    Dot,
    /// The letter of its kind.
    Tile,
    /// The letter and the name.
    Pill,
}

/// A node's form, and where that is on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shown {
    pub(super) form: Form,
    pub(super) rect: Rect,
}

impl Shown {
    pub(super) const NOWHERE: Self = Self { form: Form::Dot, rect: Rect::NOTHING };
}

/// How much larger than at 100 % things on the screen are.
pub(super) fn scale(view: &View) -> f32 {
    view.zoom.max(1.0)
}

/// A node that wants to be seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Where it is, in graph points.
    pub(super) place: Pos2,
    /// It is always named: it is selected.
    pub(super) insists: bool,
    /// It is named first where there is room for few names: a namespace.
    pub(super) leads: bool,
}

/// Chooses a form for each node; the first in `order` choose first. `measure` gives the width of a node with its name.
pub(super) fn choose(
    view: &View,
    wishes: &[Wish],
    order: &[usize],
    mut measure: impl FnMut(usize) -> f32,
) -> Vec<Shown> {
    let scale = scale(view);
    let mut shown = vec![Shown::NOWHERE; wishes.len()];
    let seen = view.viewport.expand(PILL.x * scale);
    let in_view: Vec<usize> =
        order.iter().copied().filter(|&node| seen.contains(view.to_screen(wishes[node].place))).collect();
    let at = |node: usize, side: f32| {
        Rect::from_center_size(view.to_screen(wishes[node].place), Vec2::splat(side * scale))
    };
    let mut tiles = Taken::new(PILL.y * scale);
    let with_tile = in_view.iter().filter(|&&node| tiles.take(node, at(node, TILE))).count();
    let is_crowd = 2 * with_tile < in_view.len();
    if is_crowd {
        tiles = Taken::new(PILL.y * scale);
    }
    for &node in &in_view {
        shown[node] = if tiles.holds(node) {
            Shown { form: Form::Tile, rect: at(node, TILE) }
        } else {
            Shown { form: Form::Dot, rect: at(node, DOT) }
        };
    }
    // In a crowd only a few are named, above the others.
    let leads = |&node: &usize| wishes[node].leads;
    let has_leaders = in_view.iter().any(leads);
    let named = |node: &usize| {
        if is_crowd { leads(node) || !has_leaders } else { tiles.holds(*node) }
    };
    let most = if is_crowd && !has_leaders {
        (view.viewport.area() / (6.0 * PILL.x * PILL.y)) as usize
    } else {
        MOST_NAMES
    };
    let (insisting, others): (Vec<usize>, Vec<usize>) =
        in_view.iter().copied().partition(|&node| wishes[node].insists);
    let others = others.into_iter().filter(named).take(MOST_NAMES);
    let mut pills = Taken::new(2.0 * PILL.y * scale);
    for node in insisting.iter().copied().chain(others) {
        if pills.rects.len() >= most + insisting.len() {
            break;
        }
        let wish = wishes[node];
        let size = vec2(measure(node).min(PILL.x * scale), PILL.y * scale);
        let aside = (size.x - TILE * scale) / 2.0;
        let centre = view.to_screen(wish.place);
        let mut places = [0.0, aside, -aside]
            .map(|aside| Rect::from_center_size(centre + vec2(aside, 0.0), size))
            .into_iter();
        let free = places
            .find(|rect| pills.is_free(*rect, None) && (wish.insists || tiles.is_free(*rect, Some(node))));
        let rect = free.or_else(|| wish.insists.then(|| Rect::from_center_size(centre, size)));
        if let Some(rect) = rect {
            pills.insert(node, rect);
            shown[node] = Shown { form: Form::Pill, rect };
        }
    }
    shown
}

/// The places that are taken on the screen.
struct Taken {
    grid: Grid,
    rects: Vec<(usize, Rect)>,
    nodes: HashSet<usize, foldhash::fast::FixedState>,
}

impl Taken {
    fn new(side: f32) -> Self {
        Self { grid: Grid::with_cells_of(side), rects: Vec::new(), nodes: HashSet::default() }
    }

    fn insert(&mut self, node: usize, rect: Rect) {
        self.grid.insert(self.rects.len() as u32, rect);
        self.rects.push((node, rect));
        self.nodes.insert(node);
    }

    /// Takes a place if it is free.
    fn take(&mut self, node: usize, rect: Rect) -> bool {
        let free = self.is_free(rect, None);
        if free {
            self.insert(node, rect);
        }
        free
    }

    fn holds(&self, node: usize) -> bool {
        self.nodes.contains(&node)
    }

    /// Tells whether nothing lies there but, perhaps, what belongs to `own`.
    fn is_free(&self, rect: Rect, own: Option<usize>) -> bool {
        let rect = rect.expand(GAP);
        let clashes = |&(node, taken): &(usize, Rect)| Some(node) != own && taken.intersects(rect);
        match self.grid.near(rect) {
            Some(near) => !near.iter().filter_map(|&number| self.rects.get(number as usize)).any(clashes),
            None => !self.rects.iter().any(clashes),
        }
    }
}

#[cfg(test)]
mod tests {
    use egui::pos2;

    use super::*;

    fn wish(x: f32, y: f32) -> Wish {
        Wish { place: pos2(x, y), insists: false, leads: false }
    }

    fn view(zoom: f32) -> View {
        View { zoom, viewport: Rect::from_min_size(Pos2::ZERO, vec2(800.0, 600.0)), ..View::default() }
    }

    fn choose_all(zoom: f32, wishes: &[Wish]) -> Vec<Shown> {
        let order: Vec<usize> = (0..wishes.len()).collect();
        choose(&view(zoom), wishes, &order, |_| 100.0)
    }

    #[test]
    fn a_name_has_the_same_size_at_every_zoom_up_to_a_hundred() {
        for zoom in [0.05, 0.4, 1.0] {
            let shown = choose_all(zoom, &[wish(0.0, 0.0)])[0];
            assert_eq!((shown.form, shown.rect.size()), (Form::Pill, vec2(100.0, PILL.y)), "{zoom}");
        }
        assert!(choose_all(2.0, &[wish(0.0, 0.0)])[0].rect.height() > PILL.y);
    }

    #[test]
    fn nodes_give_way_to_each_other() {
        let crowd: Vec<Wish> =
            (0..400u16).map(|i| wish(f32::from(i % 20) * 90.0, f32::from(i / 20) * 40.0)).collect();
        for zoom in [0.08, 0.2, 0.4, 0.8] {
            let shown = choose_all(zoom, &crowd);
            let solid: Vec<Rect> = shown
                .iter()
                .filter(|it| it.form != Form::Dot && it.rect.is_positive())
                .map(|it| it.rect)
                .collect();
            let named = shown.iter().filter(|it| it.form == Form::Pill).count();
            assert!((1..200).contains(&named), "{zoom}: {named} are named");
            for (i, a) in solid.iter().enumerate() {
                assert!(solid[i + 1..].iter().all(|b| !a.intersects(*b)), "{zoom}: {a:?}");
            }
        }
    }

    #[test]
    fn what_is_selected_is_named_and_a_crowd_shows_who_leads() {
        let mut crowd: Vec<Wish> = (0..200u8).map(|i| wish(f32::from(i), 0.0)).collect();
        crowd[77].insists = true;
        crowd[199].leads = true;
        let shown = choose(&view(1.0), &crowd, &(0..200).rev().collect::<Vec<_>>(), |_| 100.0);
        assert_eq!(shown[77].form, Form::Pill);
        assert_eq!(shown[199].form, Form::Pill);
        assert_eq!(shown[76].form, Form::Dot);
        assert!(shown.iter().filter(|it| it.form == Form::Pill).count() < 5);
    }

    #[test]
    fn a_neighbour_is_named_beside_itself() {
        let shown = choose_all(1.0, &[wish(0.0, 0.0), wish(-45.0, 0.0)]);
        assert!(shown[0].form == Form::Pill && shown[0].rect.left() > shown[1].rect.right());
        assert_eq!(shown[1].form, Form::Pill);
    }
}
