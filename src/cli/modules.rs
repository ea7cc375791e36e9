//! Modules that the command line gives, by the name of what runs them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use crate::adapters::modules::{ModuleFileError, ModuleFiles};
use crate::editor::Derived;
use crate::istio::Plugin;
use crate::wasm_module::ModuleFact;

/// Which modules to look at.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ModuleArgs {
    /// The module of a filter, plugin or resource, to be looked at too; may be given several times.
    #[arg(long = "module", value_name = "NAME=FILE", value_parser = named_file)]
    modules: Vec<(String, PathBuf)>,
}

impl ModuleArgs {
    /// Reads the modules that were given, by name.
    pub(super) fn read(&self) -> Result<BTreeMap<String, ModuleFact>, ModuleFileError> {
        let files = ModuleFiles::default();
        let read = |(name, path): &(String, PathBuf)| Ok((name.clone(), files.read(path)?));
        self.modules.iter().map(read).collect()
    }
}

impl ModuleArgs {
    /// The names that nothing in the designs is called by: their modules were not looked at.
    pub(super) fn unknown<'a>(&'a self, found: &[&Derived]) -> Vec<&'a str> {
        let names = self.modules.iter().map(|(name, _)| name.as_str());
        names.filter(|name| !found.iter().any(|derived| is_called(derived, name))).collect()
    }
}

/// Whether something that runs a module has this name.
fn is_called(derived: &Derived, name: &str) -> bool {
    let design = &derived.design;
    let plugins = derived.effective.iter().filter(|it| Plugin::of(&it.kind, &it.configuration).is_some());
    let mut ids = plugins.clone().flat_map(|it| it.filter.into_iter().chain([it.plugin]));
    ids.any(|id| design.name_of(id) == name) || plugins.clone().any(|it| it.name == name)
}

/// Reads `NAME=FILE`.
fn named_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok((name.to_owned(), PathBuf::from(file)))
        }
        _ => Err("write it as NAME=FILE: the name of a filter or plugin, and its module".to_owned()),
    }
}
