//! Leads over one another.

use crate::recording::LeadName;
use std::collections::BTreeSet;

/// Which leads are shown over one another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Superimposed {
    /// They are shown.
    pub open: bool,
    /// Leads left out.
    pub hidden: BTreeSet<LeadName>,
}

impl Superimposed {
    /// Shows a lead, or leaves it out.
    pub fn toggle(&mut self, lead: LeadName) {
        if !self.hidden.remove(&lead) {
            self.hidden.insert(lead);
        }
    }
}
