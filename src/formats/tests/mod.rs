//! Opening, importing, exporting, copying: one file a journey.

mod copying;
mod exporting;
mod importing;
mod opening;

use crate::model::{Design, Diagnostic, Value};
use crate::registry::Registry;

use super::{Export, ExportOptions, OpenOptions, Opened, export, open, open_with};

/// Opens `text` as a check does: no filters are made.
fn opened(text: &str) -> Opened {
    open(text.as_bytes()).unwrap_or_else(|err| panic!("{err}\n{text}"))
}

/// Opens `text` as an import does.
fn imported(text: &str) -> Opened {
    let options = OpenOptions { make_filters: true };
    open_with(text.as_bytes(), &Registry::builtin(), options).unwrap_or_else(|err| panic!("{err}\n{text}"))
}

fn exported(design: &Design, findings: &[Diagnostic]) -> Export {
    export(design, &Registry::builtin(), findings, ExportOptions::default())
}

/// `namespace/name` of each object that is written.
fn written(export: &Export) -> Vec<String> {
    export
        .objects
        .iter()
        .map(|object| format!("{}/{}", object.namespace.as_deref().unwrap_or("-"), object.name))
        .collect()
}

/// A value of the written YAML.
fn value_of(export: &Export, object: usize, pointer: &[&str]) -> Option<Value> {
    export.objects.get(object)?.value.at(pointer).cloned()
}
