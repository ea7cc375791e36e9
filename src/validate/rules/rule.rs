//! What a rule is.

use crate::model::Diagnostic;
use crate::validate::Context;
use crate::validate::modules::{ImageSubject, ModuleSubject};
use crate::validate::resource::Resource;

/// Looks at one resource and adds what it finds.
type OfResource = fn(&Resource<'_>, &mut Vec<Diagnostic>);

/// Looks at a whole design and adds what it finds.
type OfDesign = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// Looks at a module and adds what it finds.
type OfModule = fn(&ModuleSubject<'_>, &mut Vec<Diagnostic>);

/// Looks at an image and adds what it finds.
type OfImage = fn(&ImageSubject<'_>, &mut Vec<Diagnostic>);

/// One rule: the codes that it reports, and how it looks for them.
#[derive(Clone, Copy)]
pub(in crate::validate) struct Rule {
    /// The codes, sorted; the first one names the rule's file.
    pub(in crate::validate) codes: &'static [&'static str],
    /// Runs over each resource by itself, and again only for those that changed. Prefer it: it costs an edit nothing.
    pub(in crate::validate) resource: Option<OfResource>,
    /// Runs over the design after every edit.
    pub(in crate::validate) design: Option<OfDesign>,
    /// Runs over each module that is at hand, where it stands and in each plugin that runs it.
    pub(in crate::validate) module: Option<OfModule>,
    /// Runs over each image that something is known of.
    pub(in crate::validate) image: Option<OfImage>,
}

impl Rule {
    const fn of(codes: &'static [&'static str]) -> Self {
        Self { codes, resource: None, design: None, module: None, image: None }
    }

    /// A rule about single resources.
    pub(super) const fn of_resource(codes: &'static [&'static str], check: OfResource) -> Self {
        Self { resource: Some(check), ..Self::of(codes) }
    }

    /// A rule about what stands in several places of a design.
    pub(super) const fn of_design(codes: &'static [&'static str], check: OfDesign) -> Self {
        Self { design: Some(check), ..Self::of(codes) }
    }

    /// A rule about modules.
    pub(super) const fn of_module(codes: &'static [&'static str], check: OfModule) -> Self {
        Self { module: Some(check), ..Self::of(codes) }
    }

    /// A rule about images.
    pub(super) const fn of_image(codes: &'static [&'static str], check: OfImage) -> Self {
        Self { image: Some(check), ..Self::of(codes) }
    }

    /// The same rule, looking at images too.
    pub(super) const fn and_of_image(mut self, check: OfImage) -> Self {
        self.image = Some(check);
        self
    }

    /// The same rule, looking at the whole design too.
    pub(super) const fn and_of_design(mut self, check: OfDesign) -> Self {
        self.design = Some(check);
        self
    }
}
