//! Copy, cut and paste. Pasted text may be a fragment, a design or manifests: told by content.

use std::sync::Arc;

use super::{Derivation, JobEvent, Workspace, fresh_seed, key};
use crate::editor::EditCommand;
use crate::formats::{self, OpenOptions, Opened, Origin, ReadError};
use crate::model::{ComponentId, Design, Position, Severity};
use crate::registry::Registry;

/// Text larger than this is read by a job.
const LARGE: usize = 64 * 1024;

/// Selections of more components than this are written by a job.
const MANY: usize = 500;

/// A pasted text that was read.
pub(super) struct PasteRead {
    position: Option<Position>,
    result: Result<Pasted, ReadError>,
}

struct Pasted {
    fragment: Arc<Design>,
    identify: bool,
}

/// Text for the clipboard.
pub(super) struct Copied {
    text: String,
    notice: Option<(Severity, String)>,
}

impl Workspace {
    fn selected(&self) -> Vec<ComponentId> {
        self.editor.selection().iter().collect()
    }

    pub(super) fn copy(&mut self) {
        let chosen = self.selected();
        if chosen.is_empty() {
            return;
        }
        let design = self.editor.shared_design();
        if chosen.len() <= MANY {
            return self.copied(copied(&design, &chosen));
        }
        let label = format!("Copying {} components", chosen.len());
        self.jobs.start(
            key::COPY,
            Some(label),
            move |_| JobEvent::Copied(copied(&design, &chosen)),
            |reason| JobEvent::Failed { job: key::COPY, what: "The selection could not be copied", reason },
        );
    }

    pub(super) fn cut(&mut self) {
        let ids = self.selected();
        if ids.is_empty() {
            return;
        }
        let copied = copied(self.editor.design(), &ids);
        self.copied(copied);
        self.edit(|editor| editor.apply(EditCommand::Delete { ids, keep_filters: false }));
    }

    pub(super) fn copy_as_manifest(&mut self) {
        let chosen = self.selected();
        if chosen.is_empty() {
            return;
        }
        if self.latest.derived.revision == self.editor.revision() {
            return self.copied(manifests(&self.latest, &chosen));
        }
        let (input, registry) = (self.editor.derive_input(), Arc::clone(self.editor.registry()));
        let modules = Arc::clone(&self.module_files);
        self.jobs.start(
            key::COPY,
            Some("Copying manifests".to_owned()),
            move |_| JobEvent::Copied(manifests(&Derivation::of(input, &registry, &modules), &chosen)),
            |reason| JobEvent::Failed { job: key::COPY, what: "The manifests could not be copied", reason },
        );
    }

    pub(super) fn copied(&mut self, copied: Copied) {
        if !copied.text.is_empty() {
            self.outbox.clipboard = Some(copied.text);
        }
        if let Some((severity, text)) = copied.notice {
            self.notices.add_text(severity, &text);
        }
    }

    pub(super) fn paste(&mut self, text: String, position: Option<Position>) {
        if text.trim().is_empty() {
            return;
        }
        let registry = Arc::clone(self.editor.registry());
        if text.len() <= LARGE {
            return self.paste_read(PasteRead { position, result: read(&text, &registry) });
        }
        self.jobs.start(
            key::PASTE,
            Some("Reading what was pasted".to_owned()),
            move |_| JobEvent::PasteRead(PasteRead { position, result: read(&text, &registry) }),
            |reason| JobEvent::Failed { job: key::PASTE, what: "The text could not be pasted", reason },
        );
    }

    pub(super) fn paste_read(&mut self, read: PasteRead) {
        match read.result {
            Ok(Pasted { fragment, identify }) => {
                let position = read.position;
                let command = EditCommand::Paste { fragment, identify, position, seed: fresh_seed() };
                self.edit(|editor| editor.apply(command));
            }
            Err(err) => {
                let (line, column) = (err.position.line, err.position.column);
                let text = format!(
                    "this text cannot be pasted: {}\nLine {line}, column {column} of the clipboard. A design, a \
                     fragment of one, or Kubernetes manifests can be.",
                    err.message
                );
                self.notices.add_text(Severity::Warning, &text);
            }
        }
    }
}

fn read(text: &str, registry: &Registry) -> Result<Pasted, ReadError> {
    let opened: Opened = formats::open_with(text.as_bytes(), registry, OpenOptions { make_filters: true })?;
    let identify = match opened.origin {
        Origin::Manifests { .. } => true,
        Origin::Design(_) => !formats::fragment::is_fragment(&opened.design),
    };
    Ok(Pasted { fragment: Arc::new(opened.design), identify })
}

fn copied(design: &Design, chosen: &[ComponentId]) -> Copied {
    let fragment = formats::fragment::fragment(design, chosen);
    let notice = match fragment.secrets_emptied {
        0 => None,
        1 => Some("the data of 1 Secret was not copied".to_owned()),
        count => Some(format!("the data of {count} Secrets was not copied")),
    };
    let notice =
        notice.map(|text| (Severity::Info, format!("{text}\nSecret data never goes to the clipboard.")));
    Copied { text: fragment.text, notice }
}

fn manifests(derivation: &Derivation, chosen: &[ComponentId]) -> Copied {
    let export = &derivation.export;
    let is_chosen = |component: ComponentId, filter: Option<ComponentId>| {
        chosen.contains(&component) || filter.is_some_and(|id| chosen.contains(&id))
    };
    let blocked: Vec<String> = export
        .blocked
        .iter()
        .filter(|blocked| is_chosen(blocked.component, blocked.filter))
        .map(|blocked| format!("{}: {} {}", blocked.object, blocked.reason.code, blocked.reason.message))
        .collect();
    let withheld = export.withheld.iter().filter(|withheld| is_chosen(withheld.component, None)).count();
    let text = export.text_of(chosen);
    let notice = if !blocked.is_empty() {
        let title = match blocked.len() {
            1 => "1 object was not copied: an error blocks it".to_owned(),
            count => format!("{count} objects were not copied: errors block them"),
        };
        Some((Severity::Warning, format!("{title}\n{}", blocked.join("\n"))))
    } else if withheld > 0 {
        Some((Severity::Info, "secret data was not copied\nIt never goes to the clipboard.".to_owned()))
    } else if text.is_empty() {
        let text =
            "nothing was copied: what is selected gives no manifest\nA reference has no body to export.";
        Some((Severity::Info, text.to_owned()))
    } else {
        None
    };
    Copied { text, notice }
}
