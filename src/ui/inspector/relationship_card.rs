//! The card that says what the component is joined with, which values flow, and what can be done about it.

use egui::{Align, Frame, Layout, Margin, RichText, Ui};

use super::form::Form;
use crate::editor::{Destination, EditCommand};
use crate::model::view::EnvoyFilterView;
use crate::model::{
    ComponentId, ComponentKind, FieldPath, Link, Relationship, RelationshipId, Segment, Value,
};
use crate::ui::canvas::projection::shown_links;
use crate::ui::evaluation::class_in_words;
use crate::ui::theme::{RADIUS_CARD, Theme, size, space};
use crate::ui::widgets::{secondary_button, section_heading};

/// Members of a namespace that are listed; the others are counted.
const MAX_MEMBERS: usize = 12;

impl Form<'_> {
    /// Every card of the component.
    pub(super) fn relationships(&mut self, ui: &mut Ui) {
        let kind = self.component.kind();
        if kind.is_wallet() {
            self.wallet_card(ui);
        }
        if kind.same_kind(&ComponentKind::ENVOY_FILTER) {
            self.entries_card(ui);
        }
        if kind.same_kind(&ComponentKind::WASM_FILTER) {
            self.filter_card(ui);
        }
        if kind.same_kind(&ComponentKind::NAMESPACE) {
            self.members_card(ui);
        } else if let Some(link) = self.input.editor.design().frame_of(self.id()) {
            self.frame_card(ui, link);
        }
        self.joined_card(ui);
        self.missing_parents(ui);
    }

    fn card(&mut self, ui: &mut Ui, content: impl FnOnce(&mut Self, &mut Ui)) {
        let style = self.theme.kind(self.component.kind());
        ui.add_space(space::S);
        Frame::new()
            .fill(style.surface)
            .stroke(egui::Stroke::new(1.0, style.stroke))
            .corner_radius(RADIUS_CARD)
            .inner_margin(Margin::same(10))
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                ui.spacing_mut().item_spacing.y = space::XS;
                content(self, ui);
            });
    }

    fn title(&self, ui: &mut Ui, title: &str, status: Option<RelationshipId>) {
        ui.horizontal(|ui| {
            ui.label(RichText::new(title).font(Theme::strong(size::BODY)).color(self.theme.text));
            let Some(status) = status else { return };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (text, color) = match self.pending(status) {
                    Some(_) => ("pending", self.theme.warning),
                    None => ("✓ approved", self.theme.success),
                };
                ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(color));
            });
        });
        if let Some(reason) = status.and_then(|status| self.pending(status)) {
            small(ui, reason, self.theme.warning);
        }
    }

    /// Why a wallet relationship does not work yet.
    fn pending(&self, id: RelationshipId) -> Option<&str> {
        self.input.derived.pending.get(&id).map(String::as_str)
    }

    fn wallet_card(&mut self, ui: &mut Ui) {
        let design = self.input.editor.design();
        let chain = design.chain(self.id());
        self.card(ui, |form, ui| {
            if chain.is_empty() {
                form.title(ui, "Wallet · no filter", None);
                let text = if form.component.is(&ComponentKind::ENVOY_FILTER) {
                    "Drop a filter on it, or write patches of its own."
                } else {
                    "Drop a filter on it, or give it a URL of its own."
                };
                small(ui, text, form.theme.dim);
                return;
            }
            let plural = if chain.len() == 1 { "" } else { "s" };
            let title = format!("Wallet · {} filter{plural}", chain.len());
            form.title(ui, &title, chain.first().map(|link| link.relationship));
            small(ui, "hierarchical / parent / wallet", form.theme.dim);
            for (place, link) in chain.iter().enumerate() {
                form.chain_row(ui, place, *link);
            }
        });
    }

    /// A filter of the chain, and the values that flow from it.
    fn chain_row(&mut self, ui: &mut Ui, place: usize, link: Link) {
        let design = self.input.editor.design();
        let name = design.name_of(link.from);
        ui.horizontal(|ui| {
            let number =
                RichText::new(format!("{}", place + 1)).font(Theme::code_font()).color(self.theme.dim);
            ui.label(number);
            self.component_link(ui, link.from, &name);
        });
        let Some(relationship) = design.relationship(link.relationship) else { return };
        let is_owner = self.owner.as_ref().is_none_or(|owner| owner.filter.id() == link.from);
        if !is_owner {
            let own = design.name_of(self.id());
            let resource = crate::wallet::names::derive(&own, &name, "wasm-plugin");
            small(ui, &format!("Exported as a resource of its own: {resource}"), self.theme.dim);
            return;
        }
        self.flows(ui, relationship, link.from, &name);
    }

    /// What a filter gives, and where it goes. What it does not have is left out.
    fn flows(&self, ui: &mut Ui, relationship: &Relationship, filter: ComponentId, name: &str) {
        let filter = self.input.editor.design().component(filter);
        let gives =
            |path: &FieldPath| filter.and_then(|filter| filter.get(path)).is_some_and(|it| !it.is_blank());
        for (mutator, mutated) in pairs(relationship) {
            if gives(&mutator) {
                self.pair(ui, name, &mutator, &mutated);
                self.flow(ui, relationship, &mutated);
            }
        }
    }

    fn pair(&self, ui: &mut Ui, name: &str, mutator: &FieldPath, mutated: &FieldPath) {
        let theme = self.theme;
        let filter = theme.kind(&ComponentKind::WASM_FILTER).text;
        let plugin = theme.kind(&ComponentKind::WASM_PLUGIN).text;
        let code = |color| egui::TextFormat::simple(Theme::code_font(), color);
        let job = |prefix: &str| {
            let mut job = egui::text::LayoutJob::default();
            job.append(&format!("{prefix}{}", short_path(mutator)), 0.0, code(filter));
            job.append("→", 6.0, code(theme.dim));
            job.append(&short_path(mutated), 6.0, code(plugin));
            job.wrap.max_rows = 1;
            job.wrap.break_anywhere = true;
            job
        };
        // Whose field it is stands above; where there is room, it is said again.
        let whole = job(&format!("{name}."));
        let width = ui.painter().layout_job(whole.clone()).size().x;
        ui.label(if width <= ui.available_width() { whole } else { job("") });
    }

    /// What was written to a field, and what stood there before.
    fn flow(&self, ui: &mut Ui, relationship: &Relationship, mutated: &FieldPath) {
        let records = relationship.billfold("wrote").and_then(Value::as_list).unwrap_or_default();
        let Some(record) = records
            .iter()
            .find(|record| record.at(&["path"]).is_some_and(|path| path_of(path)[..] == *in_entry(mutated)))
        else {
            return;
        };
        self.record(ui, record);
    }

    /// The values of one record: before, and now.
    fn record(&self, ui: &mut Ui, record: &Value) {
        let shown = |key: &str| match record.at(&[key]) {
            Some(value) => super::field::in_short(value),
            None => "(not set)".to_owned(),
        };
        let (before, after) = (shown("before"), shown("value"));
        let theme = self.theme;
        let mut job = egui::text::LayoutJob::default();
        let code = |color| egui::TextFormat::simple(Theme::mono(size::SMALL), color);
        job.append(&before, 12.0, code(theme.dim));
        job.append("→", 6.0, code(theme.dim));
        job.append(&after, 6.0, code(theme.text));
        job.wrap.max_rows = 1;
        job.wrap.break_anywhere = true;
        job.wrap.max_width = ui.available_width();
        ui.label(job).on_hover_text(format!("Before: {before}\nNow: {after}"));
    }

    fn filter_card(&mut self, ui: &mut Ui) {
        let design = self.input.editor.design();
        let id = self.id();
        let place = design.wallet_of(id).map(|link| {
            let chain = design.chain(link.to);
            let place = chain.iter().position(|other| other.from == id).unwrap_or(0);
            (link, place, chain.len())
        });
        self.card(ui, |form, ui| {
            let Some((link, place, count)) = place else {
                form.title(ui, "In no wallet", None);
                small(ui, "A filter runs only inside a WasmPlugin or EnvoyFilter.", form.theme.dim);
                form.put_into(ui, None);
                return;
            };
            let wallet = design.name_of(link.to);
            form.title(ui, &format!("No. {} of {count}", place + 1), Some(link.relationship));
            ui.horizontal(|ui| {
                small(ui, "In wallet", form.theme.dim);
                form.component_link(ui, link.to, &wallet);
            });
            small(ui, "hierarchical / parent / wallet", form.theme.dim);
            if let Some(relationship) = design.relationship(link.relationship) {
                let name = design.name_of(id);
                let is_plugin =
                    design.component(link.to).is_some_and(|it| it.is(&ComponentKind::WASM_PLUGIN));
                if is_plugin && place > 0 && relationship.billfold("wrote").is_none() {
                    let resource = crate::wallet::names::derive(&wallet, &name, "wasm-plugin");
                    small(ui, &format!("Exported as a resource of its own: {resource}"), form.theme.dim);
                } else {
                    form.flows(ui, relationship, id, &name);
                }
            }
            ui.add_space(space::XS);
            form.chain_buttons(ui, link.to, place, count);
        });
    }

    fn chain_buttons(&mut self, ui: &mut Ui, wallet: ComponentId, place: usize, count: usize) {
        let ids = vec![self.id()];
        let mut go = None;
        ui.horizontal_wrapped(|ui| {
            if count > 1 {
                let earlier = ui.add_enabled_ui(place > 0, |ui| secondary_button(ui, "Earlier")).inner;
                if earlier.on_hover_text("Runs before the filter in front of it  [").clicked() {
                    go = Some(Destination::Wallet { wallet, place: place.saturating_sub(1) });
                }
                let later = ui.add_enabled_ui(place + 1 < count, |ui| secondary_button(ui, "Later")).inner;
                if later.on_hover_text("Runs after the filter behind it  ]").clicked() {
                    go = Some(Destination::Wallet { wallet, place: place + 1 });
                }
            }
            if secondary_button(ui, "Take out").clicked() {
                go = Some(Destination::Canvas(None));
            }
            self.put_into(ui, Some(wallet));
        });
        if let Some(destination) = go {
            self.queue.edit(EditCommand::Place { ids, destination });
        }
    }

    /// A menu of the wallets that this filter could be in.
    fn put_into(&mut self, ui: &mut Ui, present: Option<ComponentId>) {
        let design = self.input.editor.design();
        let is_wallet = |component: &&crate::model::Component| component.kind().is_wallet();
        let wallets: Vec<ComponentId> = design
            .components()
            .filter(is_wallet)
            .map(crate::model::Component::id)
            .filter(|id| Some(*id) != present)
            .collect();
        if wallets.is_empty() {
            return;
        }
        let mut chosen = None;
        ui.menu_button("Put into…", |ui| {
            egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                for wallet in wallets {
                    if ui.button(design.name_of(wallet)).clicked() {
                        chosen = Some(wallet);
                    }
                }
            });
        });
        if let Some(wallet) = chosen {
            let destination = Destination::Wallet { wallet, place: usize::MAX };
            self.queue.edit(EditCommand::Place { ids: vec![self.id()], destination });
        }
    }

    /// The Wasm entries of an EnvoyFilter that no filter owns.
    fn entries_card(&mut self, ui: &mut Ui) {
        let Some(view) = EnvoyFilterView::cast(self.component) else { return };
        let design = self.input.editor.design();
        let owned: Vec<String> = design
            .chain(self.id())
            .iter()
            .filter_map(|link| design.relationship(link.relationship))
            .filter_map(|it| it.billfold("patch").and_then(Value::as_text).map(str::to_owned))
            .collect();
        let entries: Vec<_> = view.entries().collect();
        if entries.is_empty() {
            return;
        }
        self.card(ui, |form, ui| {
            form.title(ui, &format!("Patch entries · {}", entries.len()), None);
            for entry in entries.into_iter().take(50) {
                let name = entry.name().unwrap_or("(no name)");
                let is_owned = owned.iter().any(|owned| Some(owned.as_str()) == entry.name());
                ui.horizontal_wrapped(|ui| {
                    let number = RichText::new((entry.index + 1).to_string()).color(form.theme.dim);
                    ui.label(number.font(Theme::code_font()));
                    ui.label(RichText::new(name).font(Theme::code_font()).color(form.theme.text));
                    if is_owned {
                        small(ui, "from a filter", form.theme.success);
                    }
                });
                if !is_owned
                    && entry.is_wasm()
                    && secondary_button(ui, "Make a filter from this patch").clicked()
                {
                    let seed = crate::workspace::fresh_seed();
                    form.queue.edit(EditCommand::MakeFilterFromPatch {
                        envoy_filter: form.id(),
                        entry: entry.index,
                        seed,
                    });
                }
            }
        });
    }

    fn frame_card(&mut self, ui: &mut Ui, link: Link) {
        let design = self.input.editor.design();
        let name = design.name_of(link.to);
        self.card(ui, |form, ui| {
            form.title(ui, "Namespace", Some(link.relationship));
            small(ui, "hierarchical / parent / inventory", form.theme.dim);
            form.component_link(ui, link.to, &name);
            if let Some(relationship) = design.relationship(link.relationship) {
                let target = FieldPath::keys(&["configuration", "metadata", "namespace"]);
                form.flow(ui, relationship, &target);
            }
        });
    }

    /// What other relationships join it with, and which values they wrote.
    fn joined_card(&mut self, ui: &mut Ui) {
        let design = self.input.editor.design();
        let id = self.id();
        let mut links: Vec<_> = shown_links(design, design.links_from(id)).collect();
        links.extend(shown_links(design, design.links_to(id)));
        if links.is_empty() {
            return;
        }
        self.card(ui, |form, ui| {
            form.title(ui, &format!("Joined with · {}", links.len()), None);
            for (link, relationship) in links.iter().take(MAX_MEMBERS) {
                let (arrow, other) = if link.from == id { ("→", link.to) } else { ("←", link.from) };
                let name = design.name_of(other);
                ui.horizontal(|ui| {
                    ui.label(RichText::new(arrow).color(form.theme.dim));
                    form.component_link(ui, other, &name);
                });
                small(ui, &class_in_words(relationship.class()), form.theme.dim);
                let records = relationship.billfold("wrote").and_then(Value::as_list).unwrap_or_default();
                for record in records.iter().take(MAX_MEMBERS) {
                    let Some(path) = record.at(&["path"]) else { continue };
                    let text = RichText::new(short_path(&path_of(path))).font(Theme::code_font());
                    ui.add(egui::Label::new(text.color(form.theme.code_key)).truncate());
                    form.record(ui, record);
                }
            }
            if links.len() > MAX_MEMBERS {
                small(ui, &format!("and {} more", links.len() - MAX_MEMBERS), form.theme.dim);
            }
        });
    }

    /// Parents that the component names and that are not in the design; making one is an offer, never a finding.
    fn missing_parents(&mut self, ui: &mut Ui) {
        for (kind, name) in self.input.editor.missing_parents(self.id()) {
            self.card(ui, |form, ui| {
                form.title(ui, kind.in_words(), None);
                small(ui, &format!("{name} is not in this design."), form.theme.dim);
                if secondary_button(ui, &format!("Create {} {name}", kind.in_words())).clicked() {
                    let seed = crate::workspace::fresh_seed();
                    form.queue.edit(EditCommand::MakeParent { child: form.id(), kind, seed });
                }
            });
        }
    }

    fn members_card(&mut self, ui: &mut Ui) {
        let design = self.input.editor.design();
        let members = design.members(self.id());
        ui.add_space(space::S);
        section_heading(ui, self.theme, &format!("Members · {}", members.len()));
        for link in members.iter().take(MAX_MEMBERS) {
            let Some(member) = design.component(link.from) else { continue };
            let name = design.name_of(link.from);
            ui.horizontal(|ui| {
                crate::ui::widgets::kind_tile(ui, self.theme, member.kind(), 18.0);
                self.component_link(ui, link.from, &name);
            });
        }
        if members.len() > MAX_MEMBERS {
            let text = format!("and {} more", members.len() - MAX_MEMBERS);
            small(ui, &text, self.theme.dim);
        }
    }
}

/// The part of a path behind the list item that it leads into, as records of an EnvoyFilter spell it; else all of it.
fn in_entry(path: &FieldPath) -> &[Segment] {
    let item = path.iter().position(|segment| segment.as_key().is_none_or(|key| key == "_"));
    item.map_or(path, |item| &path[item + 1..])
}

/// A path as a card has room for it: without `configuration`, and of one into a list item the end.
fn short_path(path: &FieldPath) -> String {
    let inner = in_entry(path);
    if inner.len() < path.len() {
        let end = inner.len().saturating_sub(3);
        return format!("…{}", FieldPath::from(&inner[end..]));
    }
    match path.strip_keys(&["configuration"]) {
        Some(rest) => FieldPath::from(rest).to_string(),
        None => path.to_string(),
    }
}

fn small(ui: &mut Ui, text: &str, color: egui::Color32) {
    ui.label(RichText::new(text).font(Theme::plain(size::SMALL + 1.0)).color(color));
}

/// The pairs of paths of a wallet relationship: what the child gives, and where it goes.
fn pairs(relationship: &Relationship) -> Vec<(FieldPath, FieldPath)> {
    let side = |side: &str, key: &str| -> Vec<FieldPath> {
        let item = relationship.selector_item(0, side, 0);
        let refs = item.and_then(|item| item.at(&["patch", key])).and_then(Value::as_list);
        refs.unwrap_or_default().iter().map(path_of).collect()
    };
    let (from, to) = (side("from", "mutatorRef"), side("to", "mutatedRef"));
    if from.len() == to.len() { from.into_iter().zip(to).collect() } else { Vec::new() }
}

/// A path that a relationship holds as a list of keys and indices.
fn path_of(value: &Value) -> FieldPath {
    let segment = |value: &Value| match value {
        Value::Number(number) => {
            number.as_i64().and_then(|index| usize::try_from(index).ok()).map(Segment::Index)
        }
        Value::Text(key) => Some(Segment::from(key.as_str())),
        _ => None,
    };
    let segments: Vec<Segment> = value.as_list().unwrap_or_default().iter().filter_map(segment).collect();
    FieldPath::from(segments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_into_an_entry_is_told_by_its_end() {
        let path =
            FieldPath::keys(&["configuration", "spec", "configPatches", "_", "patch", "value", "name"]);
        assert_eq!(short_path(&path), "…patch.value.name");
        assert_eq!(in_entry(&path).len(), 3);
        let url = FieldPath::keys(&["configuration", "spec", "url"]);
        assert_eq!(short_path(&url), "spec.url");
        assert_eq!(in_entry(&url), &url[..]);
    }

    #[test]
    fn paths_of_records_are_lists() {
        let list = Value::List(vec!["configuration".into(), "match".into(), 2.into()]);
        assert_eq!(path_of(&list).to_string(), "configuration.match[2]");
        assert!(path_of(&"configuration.spec".into()).is_empty());
    }
}
