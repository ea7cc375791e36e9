//! What the program remembers between two runs: the files that were open lately, the colours, the sizes of the panels.

use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};

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

/// How large the panels were made, in points; `None` for one that nobody has touched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PanelSizes {
    /// Width of the left panel.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "size")]
    pub left: Option<f32>,
    /// Width of the inspector.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "size")]
    pub right: Option<f32>,
    /// Height of the panel at the bottom.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "size")]
    pub bottom: Option<f32>,
    /// Width of the export preview.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "size")]
    pub preview: Option<f32>,
}

/// The settings, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Settings {
    /// Files that were open lately, newest first.
    #[serde(deserialize_with = "or_default")]
    recent_files: Vec<PathBuf>,
    /// The colours; `None` while nobody has chosen.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "or_default")]
    appearance: Option<Appearance>,
    /// The sizes of the panels.
    #[serde(skip_serializing_if = "is_default", deserialize_with = "or_default")]
    panels: PanelSizes,
}

/// Reads a part of the settings; one that is damaged counts as none and takes no other with it.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Part<T> {
        Read(T),
        Damaged(IgnoredAny),
    }
    Ok(match Part::deserialize(from)? {
        Part::Read(value) => value,
        Part::Damaged(_) => T::default(),
    })
}

/// Reads a size; what no panel could have counts as none.
fn size<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f32>, D::Error> {
    let size: Option<f32> = or_default(from)?;
    Ok(size.filter(|size| (1.0..10_000.0).contains(size)))
}

fn is_default(panels: &PanelSizes) -> bool {
    *panels == PanelSizes::default()
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
            ..self.clone()
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

    pub(super) fn panels(&self) -> PanelSizes {
        self.panels
    }

    pub(super) fn set_panels(&mut self, panels: PanelSizes) {
        self.panels = panels;
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
        let (now, then) = (self.panels, earlier.panels);
        self.panels = PanelSizes {
            left: now.left.or(then.left),
            right: now.right.or(then.right),
            bottom: now.bottom.or(then.bottom),
            preview: now.preview.or(then.preview),
        };
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
        for damaged in ["recentFiles: {odd: 1}", "[1, 2", "panels: {left: [}", "\0", "7"] {
            files::write_atomic(&store, damaged.as_bytes()).unwrap();
            assert_eq!(Settings::read(&store), Settings::default(), "{damaged:?}");
        }
    }

    #[test]
    fn the_sizes_of_panels_are_kept_and_a_damaged_part_takes_no_other_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("settings.yaml");
        let mut settings = Settings::default();
        settings.set_appearance(Appearance::Dark);
        let panels = PanelSizes { left: Some(300.5), bottom: Some(210.0), ..PanelSizes::default() };
        settings.set_panels(panels);
        settings.write(&store);
        assert_eq!(Settings::read(&store).panels(), panels);
        let text =
            "appearance: dark\npanels: {left: wide, right: 1e30, bottom: .nan, preview: 400}\nodd: 1\n";
        files::write_atomic(&store, text.as_bytes()).unwrap();
        let read = Settings::read(&store);
        assert_eq!(read.panels(), PanelSizes { preview: Some(400.0), ..PanelSizes::default() });
        assert_eq!(read.appearance(), Appearance::Dark);
        files::write_atomic(&store, b"appearance: [odd]\npanels: {left: 300}\n").unwrap();
        assert_eq!(Settings::read(&store).panels().left, Some(300.0));
    }
}
