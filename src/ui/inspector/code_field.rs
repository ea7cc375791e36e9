//! Fields of which nothing is known: a small editor for YAML. Text that is a value of its own (a filter's config) is
//! edited as it stands.

use egui::{Response, Ui};

use super::field::Row;
use super::form::Form;
use super::state::Draft;
use crate::model::Value;
use crate::registry::{FieldKind, Input};
use crate::ui::widgets::{CodeEditor, code_editor};
use crate::yaml::{self, Format, ParseError};

/// Points that an editor within the form is high at most.
const MAX_HEIGHT: f32 = 260.0;

impl Form<'_> {
    pub(super) fn code_control(&mut self, ui: &mut Ui, row: Row<'_>) -> Response {
        let is_text = holds_text(row);
        let draft = self.state.draft(row.path, row.value).cloned();
        let (mut text, line) = match draft {
            Some(draft) => (draft.text, draft.line),
            None => (as_code(row.value, is_text), None),
        };
        let editor = CodeEditor {
            id: self.control_id(row.path),
            name: row.title,
            hint: if row.spec.input == Input::Code { "YAML or JSON" } else { "YAML" },
            line_numbers: text.contains('\n'),
            error_line: line,
            min_rows: 3,
            max_height: MAX_HEIGHT,
            border: self.worst(row.path).map(|severity| self.theme.severity(severity)),
        };
        let theme = *self.theme;
        let cache = self.state.codes.entry(row.path.clone()).or_default();
        let response = code_editor(ui, &theme, editor, cache, &mut text);
        if response.changed() {
            self.code_typed(row, text, is_text);
        } else if response.lost_focus()
            && self.state.drafts.get(row.path).is_some_and(|it| it.problem.is_none())
        {
            self.state.drafts.remove(row.path);
        }
        response
    }

    fn code_typed(&mut self, row: Row<'_>, text: String, is_text: bool) {
        let path = row.path.clone();
        if text.trim().is_empty() {
            self.state.drafts.insert(path.clone(), Draft { text, base: None, problem: None, line: None });
            if row.value.is_some() {
                self.unset(&path);
            }
            return;
        }
        let value = if is_text { Ok(Value::from(text.as_str())) } else { read(row.spec.kind, &text) };
        match value {
            Ok(value) => {
                let base = Some(value.clone());
                self.state.drafts.insert(path.clone(), Draft { text, base, problem: None, line: None });
                self.set(&path, value);
            }
            Err(Problem { message, line }) => {
                let base = row.value.cloned();
                self.state.drafts.insert(path, Draft { text, base, problem: Some(message), line });
            }
        }
    }
}

/// Tells whether the field is edited as text: it holds text, or would hold text when it is set.
fn holds_text(row: Row<'_>) -> bool {
    match row.value {
        Some(Value::Text(_)) => true,
        None | Some(Value::Null) => {
            row.spec.kind == FieldKind::Text
                || (row.spec.kind == FieldKind::Any && row.spec.input == Input::Code)
        }
        Some(_) => false,
    }
}

fn as_code(value: Option<&Value>, is_text: bool) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Text(text)) if is_text => text.to_string(),
        Some(value) => yaml::emit(value, Format::Yaml),
    }
}

struct Problem {
    message: String,
    line: Option<u32>,
}

impl From<ParseError> for Problem {
    fn from(err: ParseError) -> Self {
        Self { line: Some(err.line), message: format!("Not taken over: {err}.") }
    }
}

fn read(kind: FieldKind, text: &str) -> Result<Value, Problem> {
    let parsed = yaml::parse(text)?;
    let mut documents = parsed.documents.into_iter().map(|document| document.value);
    let (first, second) = (documents.next(), documents.next());
    let refuse = |what: &str| {
        let message = format!("Not taken over: this is {what}, but must be {}.", kind.expected());
        Err(Problem { message, line: None })
    };
    match (first, second) {
        (_, Some(_)) => refuse("several documents"),
        (None, None) => Ok(Value::Null),
        (Some(value), None) => {
            let is_fitting = match kind {
                FieldKind::Map | FieldKind::Object => value.as_map().is_some(),
                FieldKind::List => value.as_list().is_some(),
                _ => true,
            };
            if is_fitting { Ok(value) } else { refuse(value.kind_name()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_asked_for_where_the_schema_wants_one() {
        assert_eq!(read(FieldKind::Object, "a: 1").ok(), Some(Value::from([("a", 1.into())])));
        let problem = read(FieldKind::Object, "just text").err().unwrap();
        assert_eq!(problem.message, "Not taken over: this is text, but must be a mapping.");
        let problem = read(FieldKind::Any, "a: [1").err().unwrap();
        assert!(problem.line.is_some(), "{}", problem.message);
        assert_eq!(read(FieldKind::Any, "- 1\n- x").ok(), Some(Value::List(vec![1.into(), "x".into()])));
    }
}
