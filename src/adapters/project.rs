//! `billfold.toml`: how the designs and manifests of one project are checked. It stands in the project's folder, and the
//! nearest one upward from a file counts. `docs/billfold.toml` is a template with every key.

use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::files::{self, FileError};
use crate::istio::{Version, is_namespace_name};
use crate::model::Severity;
use crate::registry::structural::nearest;
use crate::validate::{self, CodePattern, Files, Glob, Ignore, Options};

/// The name of the file.
pub const FILE_NAME: &str = "billfold.toml";

/// What one such file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// The file.
    pub file: PathBuf,
    /// The version of designs that say none.
    pub target: Option<Version>,
    /// The mesh's root namespace.
    pub root_namespace: Option<String>,
    /// From which severity on a check fails.
    pub deny: Option<Severity>,
    /// Rules that are left out.
    pub no_rule: Vec<CodePattern>,
    /// What is accepted.
    pub ignores: Vec<Ignore>,
    /// Line and column of each of them.
    pub places: Vec<(u32, u32)>,
}

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Something in it is wrong.
    #[error("{}:{line}:{column}: {message}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: u32,
        /// The column in characters, from 1.
        column: u32,
        /// What is wrong and what to do.
        message: String,
    },
}

/// The file that counts for what stands at `path`, a file or a folder; `-` is where the program was started.
pub fn find(path: &Path) -> Option<PathBuf> {
    let path = if path == Path::new("-") { Path::new(".") } else { path };
    let real = real(path);
    let start = if real.is_dir() { Some(real.as_path()) } else { real.parent() };
    let file = start?.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())?;
    // As people would call it.
    let here = std::env::current_dir().map(|here| self::real(&here)).ok();
    let below = here.and_then(|here| file.strip_prefix(here).map(Path::to_owned).ok());
    Some(below.unwrap_or(file))
}

/// Reads such a file.
pub fn read(file: &Path) -> Result<Project, ProjectError> {
    let bytes = files::read(file)?;
    let text = String::from_utf8_lossy(&bytes);
    parse(&text)
        .map_err(|Wrong { span, message }| {
            let before = text.get(..span.start).unwrap_or_default();
            let line_start = before.rfind('\n').map_or(0, |at| at + 1);
            let count = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
            let line = count(before.matches('\n').count());
            let column = count(before[line_start..].chars().count());
            ProjectError::Wrong { file: file.to_owned(), line, column, message }
        })
        .map(|project| Project { file: file.to_owned(), places: project.places_in(&text), ..project.project })
}

fn real(path: &Path) -> PathBuf {
    let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    std::fs::canonicalize(path).unwrap_or_else(|_| absolute())
}

impl Project {
    /// The folder that it counts for.
    fn folder(&self) -> PathBuf {
        real(self.file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    }

    /// The name of a file, from the project's folder, with `/` between the parts.
    pub fn name_of(&self, file: &Path) -> String {
        let real = real(file);
        let below = real.strip_prefix(self.folder()).unwrap_or(file);
        let parts: Vec<_> = below.iter().map(std::ffi::OsStr::to_string_lossy).collect();
        parts.join("/")
    }

    /// Tells whether all of the project is below `path`.
    pub fn is_within(&self, path: &Path) -> bool {
        path != Path::new("-") && self.folder().starts_with(real(path))
    }

    /// Puts what it says behind what `options` have already.
    pub fn complete(&self, options: &mut Options) {
        options.default_target = self.target;
        if options.root_namespace.is_none() {
            options.root_namespace.clone_from(&self.root_namespace);
        }
        // Who asks for a rule by name gets it.
        if options.filter.only.is_empty() {
            options.filter.without.extend_from_slice(&self.no_rule);
        }
        options.ignores.clone_from(&self.ignores);
    }

    /// The options for one design in the window, or one file of the command line.
    pub fn complete_for_file(&self, options: &mut Options, file: &Path) {
        self.complete(options);
        options.files = Files::one(self.name_of(file));
    }
}

/// Something that is wrong, and where.
struct Wrong {
    span: Range<usize>,
    message: String,
}

impl Wrong {
    fn at<T>(value: &Spanned<T>, message: impl Into<String>) -> Self {
        Self { span: value.span(), message: message.into() }
    }
}

/// What was read, with where the entries begin.
struct Read {
    project: Project,
    starts: Vec<usize>,
}

impl Read {
    fn places_in(&self, text: &str) -> Vec<(u32, u32)> {
        let count = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
        let place = |start: &usize| {
            let before = text.get(..*start).unwrap_or_default();
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
            (count(before.matches('\n').count()), count(column))
        };
        self.starts.iter().map(place).collect()
    }
}

fn parse(text: &str) -> Result<Read, Wrong> {
    let table = DeTable::parse(text)
        .map_err(|err| Wrong { span: err.span().unwrap_or_default(), message: err.message().to_owned() })?;
    let mut project = Project {
        file: PathBuf::new(),
        target: None,
        root_namespace: None,
        deny: None,
        no_rule: Vec::new(),
        ignores: Vec::new(),
        places: Vec::new(),
    };
    let mut starts = Vec::new();
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "target" => project.target = Some(parsed(value)?),
            "root-namespace" => {
                let name = text_of(value)?;
                if !is_namespace_name(name) {
                    return Err(Wrong::at(value, format!("`{name}` is no name of a namespace")));
                }
                project.root_namespace = Some(name.to_owned());
            }
            "deny" => project.deny = Some(severity(value)?),
            "no-rule" => {
                project.no_rule = texts_of(value).into_iter().map(parsed).collect::<Result<_, _>>()?;
            }
            "ignore" => {
                for entry in list_of(value, "[[ignore]]")? {
                    starts.push(entry.span().start);
                    project.ignores.push(ignore(entry)?);
                }
            }
            other => {
                return Err(unknown(key, other, &["target", "root-namespace", "deny", "no-rule", "ignore"]));
            }
        }
    }
    Ok(Read { project, starts })
}

/// One `[[ignore]]`.
fn ignore(entry: &Spanned<DeValue<'_>>) -> Result<Ignore, Wrong> {
    let DeValue::Table(table) = entry.get_ref() else {
        return Err(Wrong::at(entry, "an entry of ignore is a table: begin it with [[ignore]]"));
    };
    let (mut codes, mut object, mut path, mut reason) = (Vec::new(), None, None, None);
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "rule" | "rules" => {
                for rule in texts_of(value) {
                    let code =
                        validate::code(text_of(rule)?).map_err(|err| Wrong::at(rule, err.to_string()))?;
                    codes.push(code);
                }
            }
            "object" => object = Some(Glob::new(text_of(value)?)),
            "path" => path = Some(Glob::new(text_of(value)?)),
            "reason" => reason = Some(text_of(value)?.trim().to_owned()).filter(|reason| !reason.is_empty()),
            other => return Err(unknown(key, other, &["rule", "rules", "object", "path", "reason"])),
        }
    }
    if codes.is_empty() {
        return Err(Wrong::at(entry, "this entry names no rule: say rule = \"WP012\""));
    }
    let Some(reason) = reason else {
        return Err(Wrong::at(entry, "nothing is ignored without a reason: say reason = \"…\""));
    };
    Ok(Ignore { codes, object, path, reason })
}

fn unknown<T>(key: &Spanned<T>, name: &str, known: &[&str]) -> Wrong {
    let tip = match nearest(name, known.iter().copied()) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("there are {}", known.join(", ")),
    };
    Wrong::at(key, format!("unknown key `{name}`: {tip}"))
}

fn text_of<'a>(value: &'a Spanned<DeValue<'_>>) -> Result<&'a str, Wrong> {
    value.get_ref().as_str().ok_or_else(|| Wrong::at(value, "this has to be a text, in quotes"))
}

/// A text, or a list of them.
fn texts_of<'a, 'i>(value: &'a Spanned<DeValue<'i>>) -> Vec<&'a Spanned<DeValue<'i>>> {
    match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    }
}

fn list_of<'a, 'i>(
    value: &'a Spanned<DeValue<'i>>,
    head: &str,
) -> Result<Vec<&'a Spanned<DeValue<'i>>>, Wrong> {
    match value.get_ref() {
        DeValue::Array(items) => Ok(items.iter().collect()),
        _ => Err(Wrong::at(value, format!("this has to be a list: write {head}, in two brackets"))),
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(value: &Spanned<DeValue<'_>>) -> Result<T, Wrong> {
    text_of(value)?.parse().map_err(|err: T::Err| Wrong::at(value, err.to_string()))
}

fn severity(value: &Spanned<DeValue<'_>>) -> Result<Severity, Wrong> {
    let word = text_of(value)?;
    let all = [Severity::Error, Severity::Warning, Severity::Info];
    if let Some(severity) = all.into_iter().find(|severity| severity.word() == word) {
        return Ok(severity);
    }
    let tip = nearest(word, all.into_iter().map(Severity::word));
    let tip =
        tip.map_or_else(|| "say error, warning or info".to_owned(), |tip| format!("did you mean {tip}?"));
    Err(Wrong::at(value, format!("`{word}` is no severity: {tip}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<Project, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        std::fs::write(&file, text).unwrap();
        read(&file).map_err(|err| {
            let text = err.to_string();
            text.split_once("billfold.toml:").unwrap().1.to_owned()
        })
    }

    #[test]
    fn every_key_is_read() {
        let project = read_text(
            "target = \"1.27\"\nroot-namespace = \"mesh\"\ndeny = \"warning\"\nno-rule = [\"WP015\", \"DS\"]\n\n\
             [[ignore]]\nrule = \"WP012\"\nreason = \"mirrored\"\n\n\
             [[ignore]]\nrules = [\"WP061\", \"wp081\"]\nobject = \"WasmPlugin/shop/*\"\npath = \"k8s/**\"\nreason = \"x\"\n",
        )
        .unwrap();
        assert_eq!(project.target, Some(Version::new(1, 27)));
        assert_eq!(project.root_namespace.as_deref(), Some("mesh"));
        assert_eq!(project.deny, Some(Severity::Warning));
        assert!(project.no_rule[0].matches("WP015") && project.no_rule[1].matches("DS001"));
        assert_eq!(project.ignores[0].codes, ["WP012"]);
        assert_eq!(project.ignores[1].codes, ["WP061", "WP081"]);
        assert!(project.ignores[1].path.as_ref().unwrap().matches("k8s/a.yaml"));
        assert_eq!(project.places, [(6, 1), (10, 1)]);
        assert!(read_text("# nothing\n").is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, said) in [
            ("targt = \"1.27\"\n", "1:1: unknown key `targt`: did you mean `target`?"),
            ("x = 1\n", "1:1: unknown key `x`: there are target, root-namespace, deny, no-rule, ignore"),
            ("\ntarget = 1.27\n", "2:10: this has to be a text, in quotes"),
            ("target = \"latest\"\n", "1:10: `latest` is no Istio version: write it as 1.31"),
            ("deny = \"warn\"\n", "1:8: `warn` is no severity: say error, warning or info"),
            ("deny = \"wraning\"\n", "1:8: `wraning` is no severity: did you mean warning?"),
            ("no-rule = [\"WP012\", \"WPX\"]\n", "1:21: there is no rule `WPX`: "),
            ("root-namespace = \"A B\"\n", "1:18: `A B` is no name of a namespace"),
            ("ignore = 1\n", "1:10: this has to be a list"),
            ("[ignore]\nrule = \"WP012\"\n", "1:1: this has to be a list"),
            ("[[ignore]]\nreason = \"x\"\n", "1:1: this entry names no rule"),
            ("[[ignore]]\nrule = \"WP012\"\n", "1:1: nothing is ignored without a reason"),
            ("[[ignore]]\nrule = \"WP012\"\nreason = \" \"\n", "1:1: nothing is ignored without a reason"),
            (
                "[[ignore]]\nrule = \"WP0122\"\nreason = \"x\"\n",
                "2:8: there is no rule `WP0122`: did you mean WP012?",
            ),
            ("[[ignore]]\nresaon = \"x\"\n", "2:1: unknown key `resaon`: did you mean `reason`?"),
            ("a = \n", "1:5: "),
        ] {
            let err = read_text(text).unwrap_err();
            assert!(err.starts_with(said), "{text}: {err}");
        }
    }

    #[test]
    fn the_nearest_one_upward_counts() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::create_dir_all(at("a/b")).unwrap();
        std::fs::write(at(FILE_NAME), "").unwrap();
        std::fs::write(at("a/billfold.toml"), "").unwrap();
        std::fs::write(at("a/b/x.yaml"), "").unwrap();
        let found = |name: &str| real(&find(&at(name)).unwrap());
        assert_eq!(found("a/b/x.yaml"), real(&at("a/billfold.toml")));
        assert_eq!(found("a"), real(&at("a/billfold.toml")));
        assert_eq!(found("a/../y.yaml"), real(&at(FILE_NAME)), "what is not there yet has a folder, too");
        let project = read(&at("a/billfold.toml")).unwrap();
        assert_eq!(project.name_of(&at("a/b/x.yaml")), "b/x.yaml");
        assert!(
            project.is_within(folder.path()) && project.is_within(&at("a")) && !project.is_within(&at("a/b"))
        );
    }

    #[test]
    fn the_template_has_every_key() {
        let template = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/billfold.toml");
        let text = std::fs::read_to_string(template).unwrap();
        // What is there as an example stands behind `#` without a blank.
        let lines =
            text.lines().map(|line| line.strip_prefix('#').filter(|it| !it.starts_with(' ')).unwrap_or(line));
        let project = read_text(&lines.collect::<Vec<_>>().join("\n")).unwrap();
        assert!(project.target.is_some() && project.root_namespace.is_some() && project.deny.is_some());
        assert!(!project.no_rule.is_empty() && !project.ignores.is_empty());
        assert!(
            parse(&text).is_ok_and(|read| read.project.ignores.is_empty()),
            "as it is, it changes nothing"
        );
    }
}
