//! The project's file of each path that is named, and the options that follow from it and the command line together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::adapters::project::{self, Project, ProjectError};
use crate::model::{Diagnostic, Location, Severity};
use crate::validate::{Options, finds_by_itself};

use super::engine::Finding;

/// How what belongs to one project is checked.
pub(super) struct Settings {
    /// What the command line and the project's file say together.
    pub(super) options: Arc<Options>,
    /// The project's file, if there is one.
    pub(super) project: Option<Project>,
}

/// The settings for every path of a command line.
pub(super) struct Projects {
    pub(super) settings: Vec<Settings>,
    /// The place of each path's settings.
    of_path: Vec<usize>,
}

impl Projects {
    /// Finds and reads the files. `options` is what the command line says.
    pub(super) fn read(paths: &[PathBuf], options: &Options) -> Result<Self, ProjectError> {
        let mut projects = Self { settings: Vec::new(), of_path: Vec::new() };
        for path in paths {
            let file = project::find(path);
            let known = projects
                .settings
                .iter()
                .position(|known| known.project.as_ref().map(|it| &it.file) == file.as_ref());
            let place = known.unwrap_or(projects.settings.len());
            if known.is_none() {
                projects.settings.push(Settings::new(file.as_deref(), options)?);
            }
            projects.of_path.push(place);
        }
        Ok(projects)
    }

    /// The place of the settings of what the path at this place of the command line names.
    pub(super) fn of_path(&self, path: usize) -> usize {
        self.of_path.get(path).copied().unwrap_or(0)
    }
}

impl Settings {
    /// The settings for one path.
    pub(super) fn of(path: &Path, mut options: Options) -> Result<Self, ProjectError> {
        let Some(file) = project::find(path) else {
            return Ok(Self { options: Arc::new(options), project: None });
        };
        let project = project::read(&file)?;
        project.complete_for_file(&mut options, path);
        Ok(Self { options: Arc::new(options), project: Some(project) })
    }

    fn new(file: Option<&Path>, options: &Options) -> Result<Self, ProjectError> {
        let mut options = options.clone();
        let project = file.map(project::read).transpose()?;
        if let Some(project) = &project {
            project.complete(&mut options);
        }
        Ok(Self { options: Arc::new(options), project })
    }

    /// From which severity on a check fails, if the project says so.
    pub(super) fn deny(&self) -> Option<Severity> {
        self.project.as_ref()?.deny
    }

    /// IG002 for each entry of the project's file that accepted nothing; `accepted` holds entries and codes. Only where all
    /// of the project was checked: what is not looked at finds nothing.
    pub(super) fn unused(&self, paths: &[PathBuf], accepted: &[(usize, &str)]) -> Vec<Finding> {
        let Some(project) = &self.project else { return Vec::new() };
        let is_whole = paths.iter().any(|path| project.is_within(path));
        if !is_whole || !self.options.filter.passes("IG002") {
            return Vec::new();
        }
        let mut unused = Vec::new();
        for (entry, (ignore, place)) in project.ignores.iter().zip(&project.places).enumerate() {
            for code in &ignore.codes {
                let is_used = accepted.contains(&(entry, code));
                if !is_used && self.options.filter.passes(code) && finds_by_itself(code) {
                    let message = format!(
                        "{code} is ignored here, and finds nothing: take it out of the ignored rules"
                    );
                    let diagnostic = Diagnostic::new("IG002", Location::design(), message);
                    let file = project.file.display().to_string();
                    unused.push(Finding {
                        code: diagnostic.code,
                        severity: diagnostic.severity,
                        ..Finding::of_file(file, Some(*place), diagnostic.message)
                    });
                }
            }
        }
        unused
    }
}
