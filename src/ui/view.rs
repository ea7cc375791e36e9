//! What the window shows of itself: open panels, chosen tabs. Never part of the document.

use super::queue::{BottomTab, CentreTab, InspectorTab, LeftTab, Region};

/// Which panels and tabs are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Whether the left panel is shown.
    pub left_open: bool,
    /// Whether the inspector is shown.
    pub right_open: bool,
    /// Whether the bottom panel is shown.
    pub bottom_open: bool,
    /// Tab of the left panel.
    pub left: LeftTab,
    /// Tab of the centre.
    pub centre: CentreTab,
    /// Tab of the inspector.
    pub inspector: InspectorTab,
    /// Tab at the bottom.
    pub bottom: BottomTab,
    /// The problem at hand, by its place among the findings: what F8 has shown last, or the list's row.
    pub problem: Option<usize>,
    /// Gets the keyboard focus in the next frame.
    pub focus: Option<Region>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            left_open: true,
            right_open: true,
            bottom_open: true,
            left: LeftTab::default(),
            centre: CentreTab::default(),
            inspector: InspectorTab::default(),
            bottom: BottomTab::default(),
            problem: None,
            focus: None,
        }
    }
}

impl View {
    /// Tells whether a region is shown; the centre always is.
    pub fn is_open(&self, region: Region) -> bool {
        match region {
            Region::Left => self.left_open,
            Region::Centre | Region::Menus => true,
            Region::Right => self.right_open,
            Region::Bottom | Region::Preview => self.bottom_open,
        }
    }

    /// Shows or hides a region.
    pub fn set_open(&mut self, region: Region, open: bool) {
        match region {
            Region::Left => self.left_open = open,
            Region::Centre | Region::Menus => {}
            Region::Right => self.right_open = open,
            Region::Bottom | Region::Preview => self.bottom_open = open,
        }
    }

    /// Shows a region and asks for the keyboard focus.
    pub fn focus(&mut self, region: Region) {
        self.set_open(region, true);
        self.focus = Some(region);
    }
}
