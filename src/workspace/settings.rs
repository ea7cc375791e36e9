//! What the program remembers between two runs: the files that were open lately, and the colours.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::adapters::files;
use crate::yaml;

/// How many files are remembered.
const RECENT: usize = 10;

/// Which colours the window uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Appearance {
    /// Those of the system.
    #[default]
    System,
    /// Always dark.
    Dark,
    /// Always light.
    Light,
}

/// The settings, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Settings {
    /// Files that were open lately, newest first.
    recent_files: Vec<PathBuf>,
    /// The colours; `None` while nobody has chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    appearance: Option<Appearance>,
}

impl Settings {
    /// Reads the settings; what cannot be read counts as none, since nothing of value stands there. Files that are gone
    /// are left out.
    pub(super) fn read(path: &Path) -> Self {
        let text = files::read(path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let mut settings: Self = text.and_then(|text| yaml::from_str(&text).ok()).unwrap_or_default();
        settings.recent_files.retain(|file| files::is_file(file));
        settings.recent_files.truncate(RECENT);
        settings
    }

    /// Writes the settings. That they could not be kept is worth no message.
    pub(super) fn write(&self, path: &Path) {
        let stored = Self {
            // A path that is no text cannot be written; it is remembered until the program ends.
            recent_files: self.recent_files.iter().filter(|file| file.to_str().is_some()).cloned().collect(),
            appearance: self.appearance,
        };
        let Ok(text) = yaml::to_string(&stored) else { return };
        let _unwritable = path
            .parent()
            .map_or(Ok(()), files::make_folder)
            .and_then(|()| files::write_atomic(path, text.as_bytes()));
    }

    pub(super) fn recent_files(&self) -> &[PathBuf] {
        &self.recent_files
    }

    pub(super) fn appearance(&self) -> Appearance {
        self.appearance.unwrap_or_default()
    }

    pub(super) fn set_appearance(&mut self, appearance: Appearance) {
        self.appearance = Some(appearance);
    }

    /// Puts a file in front.
    pub(super) fn add_recent(&mut self, file: &Path) {
        let file = files::absolute(file);
        self.recent_files.retain(|other| *other != file);
        self.recent_files.insert(0, file);
        self.recent_files.truncate(RECENT);
    }

    /// Forgets a file.
    pub(super) fn forget_recent(&mut self, file: &Path) {
        let file = files::absolute(file);
        self.recent_files.retain(|other| *other != file);
    }

    /// Adds what an earlier run remembered behind what this one has opened already.
    pub(super) fn merge_earlier(&mut self, earlier: Self) {
        for file in earlier.recent_files {
            if !self.recent_files.contains(&file) {
                self.recent_files.push(file);
            }
        }
        self.recent_files.truncate(RECENT);
        self.appearance = self.appearance.or(earlier.appearance);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recent_files_are_kept_newest_first_and_only_while_they_exist() {
        let folder = tempfile::tempdir().unwrap();
        let file = |n: usize| folder.path().join(format!("{n}.yaml"));
        let store = folder.path().join("config/settings.yaml");
        let mut settings = Settings::default();
        for n in 0..12 {
            files::write_atomic(&file(n), b"x").unwrap();
            settings.add_recent(&file(n));
        }
        settings.add_recent(&file(5));
        assert_eq!(settings.recent_files().len(), RECENT);
        assert_eq!(settings.recent_files()[..2], [file(5), file(11)]);
        settings.write(&store);
        files::remove(&file(11)).unwrap();
        let mut read = Settings::read(&store);
        assert_eq!(read.recent_files()[..2], [file(5), file(10)]);
        read.forget_recent(&file(5));
        let mut now = Settings::default();
        now.add_recent(&file(0));
        now.merge_earlier(read);
        assert_eq!(now.recent_files()[..2], [file(0), file(10)]);
    }

    #[test]
    fn the_colours_are_kept_and_a_choice_goes_over_what_is_read_later() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("settings.yaml");
        let mut settings = Settings::default();
        settings.set_appearance(Appearance::Light);
        settings.write(&store);
        let read = Settings::read(&store);
        assert_eq!(read.appearance(), Appearance::Light);
        let mut now = Settings::default();
        now.merge_earlier(read.clone());
        assert_eq!(now.appearance(), Appearance::Light);
        now.set_appearance(Appearance::System);
        now.merge_earlier(read);
        assert_eq!(now.appearance(), Appearance::System);
    }

    #[test]
    fn unreadable_settings_are_none() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("settings.yaml");
        assert_eq!(Settings::read(&store), Settings::default());
        files::write_atomic(&store, b"recentFiles: {odd: 1}").unwrap();
        assert_eq!(Settings::read(&store), Settings::default());
    }
}
