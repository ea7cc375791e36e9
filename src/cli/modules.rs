//! Modules that are at hand: those that the command line gives, and those that `file://` URLs name here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::adapters::modules::{ModuleFileError, ModuleFiles};
use crate::editor::Derived;
use crate::istio::Plugin;
use crate::model::Design;
use crate::validate::{Facts, Options};
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

/// The same options, with the modules that `file://` URLs of `design` name, as far as such files are on this machine. In
/// a proxy they may be others; but who designs where the modules are built sees what they are.
pub(super) fn with_files(options: &Arc<Options>, design: &Design) -> Arc<Options> {
    let files = ModuleFiles::default();
    let read = |(url, path): (&str, &str)| Some((url.to_owned(), files.read(Path::new(path)).ok()?));
    let by_url: BTreeMap<String, ModuleFact> =
        Facts::file_urls(design).into_iter().filter_map(read).collect();
    if by_url.is_empty() {
        return Arc::clone(options);
    }
    let mut options = Options::clone(options);
    options.facts.by_url = by_url;
    Arc::new(options)
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
