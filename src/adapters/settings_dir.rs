//! Where the program keeps its own settings on this platform.

use std::path::PathBuf;

/// Another folder than the platform's, for tests and for running two programs side by side.
const OVERRIDE: &str = "BILLFOLD_CONFIG_DIR";

/// The file of the settings; `None` where the platform names no place.
pub fn settings_file() -> Option<PathBuf> {
    let folder = match std::env::var_os(OVERRIDE) {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => directories::ProjectDirs::from("", "", "billfold")?.config_dir().to_owned(),
    };
    Some(folder.join("settings.yaml"))
}
