//! Territories of the heart and the leads that look at them, and what it means that two contiguous leads show a change.

use super::reader::{Truth, Unknown};
use crate::recording::StandardLead::{self, *};

/// A territory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Territory {
    pub name: &'static str,
    /// Leads next to one another: a change must be seen in both of a pair.
    pub pairs: &'static [(StandardLead, StandardLead)],
    /// Code of an infarction there in the AHA/ACC/HRS list, with `333 of indeterminate age` and `312 possible`.
    pub infarction: &'static str,
    /// Its SCP-ECG statement.
    pub scp: &'static str,
}

/// Fourth Universal Definition of Myocardial Infarction (Thygesen 2018, Circulation 138:e618): contiguous are V1 to V6 in a row, I with
/// aVL, and II, III, aVF. The names are those of the AHA/ACC/HRS list (160, 161, 163, 165).
pub(super) const TERRITORIES: [Territory; 4] = [
    Territory { name: "anteroseptal", pairs: &[(V1, V2), (V2, V3)], infarction: "AHA 165+312+333", scp: "ASMI" },
    Territory { name: "anterior", pairs: &[(V3, V4)], infarction: "AHA 160+312+333", scp: "AMI" },
    Territory { name: "lateral", pairs: &[(V4, V5), (V5, V6), (I, AVL)], infarction: "AHA 163+312+333", scp: "LMI" },
    Territory { name: "inferior", pairs: &[(II, III), (II, AVF), (III, AVF)], infarction: "AHA 161+312+333", scp: "IMI" },
];

/// A territory in which a change was seen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Seen {
    pub territory: Territory,
    /// In the order of the twelve leads.
    pub leads: Vec<StandardLead>,
}

/// Where a change is seen in two contiguous leads, and where that could not be told. V3 with V4 beside V1 to V3 is one finding, not two.
pub(super) fn seen(mut change: impl FnMut(StandardLead) -> Truth) -> (Vec<Seen>, Vec<(Territory, Unknown)>) {
    let by_lead: Vec<Truth> = StandardLead::ALL.into_iter().map(&mut change).collect();
    let at = |lead: StandardLead| by_lead.get(lead as usize).cloned().unwrap_or(Ok(false));
    let (mut found, mut unknown): (Vec<Seen>, Vec<(Territory, Unknown)>) = (Vec::new(), Vec::new());
    for territory in TERRITORIES {
        let both = |pair: &(StandardLead, StandardLead)| super::reader::all([at(pair.0), at(pair.1)]);
        let mut leads: Vec<StandardLead> =
            territory.pairs.iter().filter(|pair| both(pair) == Ok(true)).flat_map(|pair| [pair.0, pair.1]).collect();
        if leads.is_empty() {
            if let Some(reason) = territory.pairs.iter().find_map(|pair| both(pair).err()) {
                unknown.push((territory, reason));
            }
            continue;
        }
        match found.last_mut() {
            Some(before) if territory.name == "anterior" && before.territory.name == "anteroseptal" => {
                before.leads.append(&mut leads);
            }
            _ => found.push(Seen { territory, leads }),
        }
    }
    for seen in &mut found {
        seen.leads.sort_unstable();
        seen.leads.dedup();
    }
    (found, unknown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads_of(changed: &[StandardLead], missing: &[StandardLead]) -> (Vec<(&'static str, Vec<StandardLead>)>, usize) {
        let (found, unknown) = seen(|lead| match missing.contains(&lead) {
            true => Err(Unknown("no lead".to_owned())),
            false => Ok(changed.contains(&lead)),
        });
        (found.into_iter().map(|s| (s.territory.name, s.leads)).collect(), unknown.len())
    }

    #[test]
    fn one_lead_is_not_enough_and_neighbours_make_a_territory() {
        assert_eq!(leads_of(&[III], &[]).0, vec![]);
        assert_eq!(leads_of(&[V3, III], &[]).0, vec![]);
        assert_eq!(leads_of(&[II, AVF], &[]).0, vec![("inferior", vec![II, AVF])]);
        assert_eq!(leads_of(&[V2, V3, V4], &[]).0, vec![("anteroseptal", vec![V2, V3, V4])]);
        assert_eq!(leads_of(&[V3, V4], &[]).0, vec![("anterior", vec![V3, V4])]);
        assert_eq!(leads_of(&[AVL, I, V5], &[]).0, vec![("lateral", vec![I, AVL])]);
    }

    #[test]
    fn a_missing_lead_leaves_open_only_what_it_could_have_shown() {
        let (found, open) = leads_of(&[II], &[III]);
        assert_eq!((found, open), (vec![], 1));
        // Without a change in its neighbours a missing lead shows nothing.
        assert_eq!(leads_of(&[], &[III]), (vec![], 0));
        assert_eq!(leads_of(&[], &[V6]), (vec![], 0));
    }
}
