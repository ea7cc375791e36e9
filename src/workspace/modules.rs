//! The modules on this machine that a design names, for its checks: the same in the window and on the command line.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::adapters::modules::ModuleFiles;
use crate::model::Design;
use crate::validate::{Facts, Options};
use crate::wasm_module::ModuleFact;

/// The same options, with the modules that `file://` URLs of `design` name, as far as such files are on this machine. In
/// a proxy they may be others; but who designs where the modules are built sees what they are.
pub fn with_modules(options: &Arc<Options>, design: &Design, files: &ModuleFiles) -> Arc<Options> {
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
