//! The definitions that a subcommand evaluates with, and what is said about them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::output;
use crate::adapters::{definitions, settings_dir};
use crate::registry::{DefinitionReport, DefinitionSubject, Registry};

/// How many lines about definitions are printed.
const LINES: usize = 200;

/// The definitions of the program and those of the settings folder, as in the window. Where something is wrong with them, a
/// line says so: what it is is a matter of `billfold evaluate`.
pub(super) fn of_settings() -> Arc<Registry> {
    let folder = settings_dir::definitions_folder();
    let registry = definitions::load(folder.as_deref(), &[]);
    let report = registry.report();
    if report.has_problems() {
        let folder = folder.unwrap_or_default();
        output::note(&format!(
            "definitions: {}; billfold evaluate says why\n{}",
            report.summary(),
            folder.display()
        ));
    }
    registry
}

/// The same with the definitions of these files and folders behind them, each one that is not in force named with the
/// reason. `None` when a file that was named holds no definition at all: it was meant to be another one.
pub(super) fn with(named: &[PathBuf]) -> Option<Arc<Registry>> {
    let registry = definitions::load(settings_dir::definitions_folder().as_deref(), named);
    let report = registry.report();
    for line in report.lines().take(LINES) {
        output::note(&line);
    }
    let more = report.lines().count().saturating_sub(LINES);
    if more > 0 {
        output::note(&format!("and {more} more about definitions"));
    }
    // Who names files is told what became of them, also when they hold nothing.
    if !report.is_empty() || !named.is_empty() {
        output::note(&format!("definitions: {}", report.summary()));
    }
    let useless: Vec<&PathBuf> = named.iter().filter(|path| is_useless(path, report)).collect();
    for path in &useless {
        output::note(&format!("error: no definition could be read\n{}", path.display()));
    }
    useless.is_empty().then_some(registry)
}

/// Tells whether nothing in a file could be told to be a definition. A folder may be empty.
fn is_useless(path: &Path, report: &DefinitionReport) -> bool {
    let name = path.display().to_string();
    let mut entries = report.entries.iter().filter(|entry| entry.file == name).peekable();
    entries.peek().is_some() && entries.all(|entry| entry.subject == DefinitionSubject::File)
}
