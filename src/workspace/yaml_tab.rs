//! The YAML tab: a text that becomes a component's configuration, or an error at a line.

use super::Workspace;
use crate::editor::EditCommand;
use crate::model::{ComponentId, Value};
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
                self.edit(|editor| editor.apply(command));
            }
            Err((line, column, message)) => {
                self.yaml_error = Some(YamlError { id, line, column, message });
            }
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
