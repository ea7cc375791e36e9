//! Where the program keeps its own settings on this platform.

use std::path::PathBuf;

/// Another folder than the platform's, for tests and for running two programs side by side.
const OVERRIDE: &str = "BILLFOLD_CONFIG_DIR";

/// The file of the settings; `None` where the platform names no place.
pub fn settings_file() -> Option<PathBuf> {
    Some(folder()?.join("settings.yaml"))
}

/// The folder of the user's own definitions, beside the settings: relationships and kinds that are in force wherever this
/// program evaluates a design. It need not be there.
pub fn definitions_folder() -> Option<PathBuf> {
    Some(folder()?.join("definitions"))
}

fn folder() -> Option<PathBuf> {
    match std::env::var_os(OVERRIDE) {
        Some(folder) if !folder.is_empty() => Some(PathBuf::from(folder)),
        _ => Some(directories::ProjectDirs::from("", "", "billfold")?.config_dir().to_owned()),
    }
}
