//! The evaluation trace: what the relationships did, a row a change, with the reason. Secret data never stands here.

use egui::{Align, Label, Layout, RichText, ScrollArea, Sense, Ui, UiBuilder, Vec2, WidgetInfo, WidgetType};

use super::inspector::in_short;
use super::problems::empty_ui;
use super::queue::CommandQueue;
use super::theme::{Theme, size, space};
use super::widgets::{focus_ring, secondary_button, set_role};
use crate::editor::{Derived, Editor, Revision};
use crate::model::{ComponentId, ComponentKind, Design, FieldPath, Value};
use crate::workspace::{Command, Workspace};

/// Height of a row in points.
const ROW: f32 = 32.0;

/// What it remembers between frames.
#[derive(Debug, Default)]
pub struct EvaluationState {
    made_of: Option<(Revision, Revision)>,
    summary: String,
    rows: Vec<Row>,
}

/// What happened, in the words of the panel.
#[derive(Clone, Debug, Default, PartialEq)]
struct Row {
    /// `written`, `added`, `removed`, `conflict`.
    what: &'static str,
    /// Whose field, or who is joined with whom.
    subject: String,
    /// The field.
    field: String,
    /// Before and after, for a field.
    values: Option<(String, String)>,
    /// Why.
    why: String,
    /// The definition that caused it.
    definition: String,
    /// Where to go on a click.
    target: Option<(ComponentId, FieldPath)>,
    /// Whether something is wrong with it.
    is_warning: bool,
}

/// Fills the panel's body.
pub fn evaluation_ui(
    ui: &mut Ui,
    state: &mut EvaluationState,
    workspace: &Workspace,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    show(ui, state, workspace.editor(), workspace.derived(), theme, queue);
}

impl EvaluationState {
    fn refresh(&mut self, editor: &Editor, derived: &Derived) {
        let made_of = Some((editor.revision(), derived.revision));
        if self.made_of == made_of {
            return;
        }
        self.made_of = made_of;
        // What the last gesture did; on a revision that is not evaluated, what evaluating it would do.
        let would = !derived.evaluation.trace.is_empty() && derived.revision == editor.revision();
        let evaluation = if would { &derived.evaluation } else { editor.evaluation() };
        let design = if would { &*derived.design } else { editor.design() };
        let trace = &evaluation.trace;
        let mut rows = Vec::new();
        for (what, changes, is_warning) in
            [("added", &trace.relationships_added, false), ("removed", &trace.relationships_removed, true)]
        {
            for change in changes {
                let pair = change.pairs.first().copied().unwrap_or_default();
                rows.push(Row {
                    what,
                    subject: joined(design, pair),
                    field: change.class.replace('-', " / "),
                    why: change.reason.clone(),
                    definition: change.definition.clone(),
                    target: pair.0.map(|id| (id, FieldPath::root())),
                    is_warning,
                    ..Row::default()
                });
            }
        }
        for change in &trace.components_updated {
            let is_secret = change.kind == *ComponentKind::SECRET.kind;
            let value = |value: &Option<Value>| match value {
                None => "(not set)".to_owned(),
                Some(_) if is_secret => "(secret)".to_owned(),
                Some(value) => in_short(value),
            };
            rows.push(Row {
                what: "written",
                subject: name(design, change.component, &change.display_name),
                field: shown(&change.path),
                values: Some((value(&change.before), value(&change.after))),
                why: if change.why.is_empty() { change.strategy.to_owned() } else { change.why.clone() },
                definition: change.definition.clone(),
                target: Some((change.component, change.path.clone())),
                is_warning: false,
            });
        }
        for change in &trace.relationships_updated {
            let pair = change.pairs.first().copied().unwrap_or_default();
            rows.push(Row {
                what: "recorded",
                subject: joined(design, pair),
                field: change.class.replace('-', " / "),
                why: change.reason.clone(),
                definition: change.definition.clone(),
                target: pair.0.map(|id| (id, FieldPath::root())),
                ..Row::default()
            });
        }
        for conflict in &trace.conflicts {
            rows.push(Row {
                what: "conflict",
                subject: name(design, conflict.component, ""),
                field: shown(&conflict.path),
                why: "two relationships write different values; the first one wins".to_owned(),
                target: Some((conflict.component, conflict.path.clone())),
                is_warning: true,
                ..Row::default()
            });
        }
        let changes = match rows.len() {
            0 => "nothing to change".to_owned(),
            1 => "1 change".to_owned(),
            count => format!("{count} changes"),
        };
        let passes = match trace.passes.max(evaluation.passes) {
            1 => "1 pass".to_owned(),
            count => format!("{count} passes"),
        };
        let tense = if would { "Evaluating would make" } else { "Last evaluation:" };
        self.summary = format!("{tense} {changes}, {passes}");
        self.rows = rows;
    }
}

fn name(design: &Design, id: ComponentId, fallback: &str) -> String {
    if design.component(id).is_some() { design.name_of(id) } else { fallback.to_owned() }
}

fn joined(design: &Design, (from, to): (Option<ComponentId>, Option<ComponentId>)) -> String {
    let end = |id: Option<ComponentId>| match id {
        Some(id) if design.component(id).is_some() => design.name_of(id),
        Some(_) => "(gone)".to_owned(),
        None => "(none)".to_owned(),
    };
    format!("{} → {}", end(from), end(to))
}

fn shown(path: &FieldPath) -> String {
    match path.strip_keys(&["configuration"]) {
        Some(rest) => FieldPath::from(rest).to_string(),
        None => path.to_string(),
    }
}

fn show(
    ui: &mut Ui,
    state: &mut EvaluationState,
    editor: &Editor,
    derived: &Derived,
    theme: &Theme,
    queue: &mut CommandQueue,
) {
    state.refresh(editor, derived);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.horizontal(|ui| {
        ui.set_min_height(34.0);
        ui.add_space(space::M);
        ui.label(RichText::new(&state.summary).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim));
        if editor.offers_evaluation() {
            let button = secondary_button(ui, "Evaluate now");
            let hover = "Goes through the whole design and joins what belongs together";
            if button.on_hover_text(hover).clicked() {
                queue.push(Command::EvaluateNow);
            }
        }
    });
    if state.rows.is_empty() {
        let text = "When relationships write values, they are listed here with the reason.";
        empty_ui(ui, theme, "No changes", text);
        return;
    }
    let area = ScrollArea::vertical().id_salt("evaluation").auto_shrink([false, false]);
    area.show_rows(ui, ROW, state.rows.len(), |ui, range| {
        for index in range {
            if let Some(row) = state.rows.get(index) {
                row_ui(ui, index, row, theme, queue);
            }
        }
    });
}

fn row_ui(ui: &mut Ui, index: usize, row: &Row, theme: &Theme, queue: &mut CommandQueue) {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    let values =
        row.values.as_ref().map(|(before, after)| format!(": {before} → {after}")).unwrap_or_default();
    let spoken = format!("{} {} {}{values}; {}", row.what, row.subject, row.field, row.why);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, &spoken));
    set_role(&response, egui::accesskit::Role::ListItem);
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, theme.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, theme.line());
    let room = rect.shrink2(Vec2::new(space::M, 0.0));
    let builder = UiBuilder::new()
        .id_salt(("evaluation row", index))
        .max_rect(room)
        .layout(Layout::left_to_right(Align::Center));
    let mut line = ui.new_child(builder);
    line.spacing_mut().item_spacing.x = space::S;
    let what = if row.is_warning { theme.warning } else { theme.success };
    let put = |line: &mut Ui, text: RichText| line.add(Label::new(text).truncate().selectable(false));
    put(&mut line, RichText::new(row.what).font(Theme::mono(size::SMALL)).color(what));
    put(&mut line, RichText::new(&row.subject).color(theme.text));
    put(&mut line, RichText::new(&row.field).font(Theme::code_font()).color(theme.code_key));
    if let Some((before, after)) = &row.values {
        // Both values and the reason share what is left, so that neither pushes the other out.
        let share = ((line.available_width() - 40.0) * 0.36).max(30.0);
        let mut value = |text: &str, color| {
            line.scope(|ui| {
                ui.set_max_width(share);
                put(ui, RichText::new(text).font(Theme::code_font()).color(color));
            });
        };
        value(before, theme.faint);
        value("→", theme.dim);
        value(after, theme.code_value);
    }
    put(&mut line, RichText::new(&row.why).font(Theme::plain(size::SMALL + 1.0)).color(theme.dim));
    focus_ring(ui, theme, &response, rect.shrink(2.0));
    if response.clicked()
        && let Some((id, path)) = &row.target
    {
        let command =
            if path.is_empty() { Command::Select(vec![*id]) } else { Command::Reveal(*id, path.clone()) };
        queue.push(command);
    }
    let definition =
        if row.definition.is_empty() { String::new() } else { format!("\nBy {}", row.definition) };
    response.on_hover_text(format!("{spoken}{definition}"));
}
