//! The YAML tab: a text that becomes a component's configuration, or an error at a line.

use super::Workspace;
use crate::editor::EditCommand;
use crate::model::{ComponentId, FieldPath, Severity, Value};
use crate::yaml;

/// Why the text of the YAML tab could not be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// Whose configuration it was to become.
    pub id: ComponentId,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is wrong, for people.
    pub message: String,
}

impl Workspace {
    pub(super) fn apply_yaml(&mut self, id: ComponentId, text: &str) {
        self.yaml_error = None;
        match configuration(text) {
            Ok(configuration) => {
                let command = EditCommand::ReplaceConfiguration { id, configuration };
                if self.edit(|editor| editor.apply(command)) {
                    self.say_what_came_back(Some(id));
                }
            }
            Err((line, column, message)) => {
                self.yaml_error = Some(YamlError { id, line, column, message });
            }
        }
    }
}

impl Workspace {
    /// Clearing a module field of a plugin in its YAML clears the filter's, and what the filter had overwritten comes
    /// back: that is no surprise when it is said.
    pub(super) fn say_what_came_back(&mut self, id: Option<ComponentId>) {
        let Some(id) = id else { return };
        let restored = self.editor.evaluation().trace.components_updated.iter().filter(|change| {
            change.component == id
                && change.strategy == "restore"
                && change.path.starts_with_keys(&["configuration"])
        });
        let lines: Vec<String> = restored
            .map(|change| {
                let field = FieldPath::from(&change.path[1..]);
                match &change.after {
                    Some(Value::Text(text)) => format!("{field} is {text} again"),
                    Some(_) => format!("{field} is as it was before"),
                    None => format!("{field} is not set"),
                }
            })
            .collect();
        if !lines.is_empty() {
            let name = self.editor.design().name_of(id);
            let title = format!("{name} has no module from a filter now: its own fields came back");
            self.notices.add(Severity::Info, title, lines.join("\n"));
        }
    }
}

/// The one mapping of a text; nothing at all is an empty one.
fn configuration(text: &str) -> Result<Value, (u32, u32, String)> {
    let parsed = yaml::parse(text).map_err(|err| (err.line, err.column, err.message))?;
    if let Some(second) = parsed.documents.get(1) {
        let position = second.position();
        let message = "a configuration is one document; take the `---` and what follows out".to_owned();
        return Err((position.line, position.column, message));
    }
    let Some(document) = parsed.into_first() else { return Ok(Value::Null) };
    match &document.value {
        Value::Map(_) | Value::Null => Ok(document.value),
        other => {
            let position = document.position();
            let message = format!("a configuration is keys and values, but this is {}", other.kind_name());
            Err((position.line, position.column, message))
        }
    }
}
