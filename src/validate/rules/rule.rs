//! What a rule is.

use crate::model::Diagnostic;
use crate::validate::Context;
use crate::validate::resource::Resource;

/// Looks at one resource and adds what it finds.
type OfResource = fn(&Resource<'_>, &mut Vec<Diagnostic>);

/// Looks at a whole design and adds what it finds.
type OfDesign = fn(&Context<'_>, &mut Vec<Diagnostic>);

/// One rule: the codes that it reports, and how it looks for them.
#[derive(Clone, Copy)]
pub(in crate::validate) struct Rule {
    /// The codes, sorted; the first one names the rule's file.
    pub(in crate::validate) codes: &'static [&'static str],
    /// Runs over each resource by itself, and again only for those that changed. Prefer it: it costs an edit nothing.
    pub(in crate::validate) resource: Option<OfResource>,
    /// Runs over the design after every edit.
    pub(in crate::validate) design: Option<OfDesign>,
}

impl Rule {
    /// A rule about single resources.
    pub(super) const fn of_resource(codes: &'static [&'static str], check: OfResource) -> Self {
        Self { codes, resource: Some(check), design: None }
    }

    /// A rule about what stands in several places of a design.
    pub(super) const fn of_design(codes: &'static [&'static str], check: OfDesign) -> Self {
        Self { codes, resource: None, design: Some(check) }
    }

    /// The same rule, looking at the whole design too.
    pub(super) const fn and_of_design(mut self, check: OfDesign) -> Self {
        self.design = Some(check);
        self
    }
}
