//! Which leads of a recording a task uses.

use super::card::{Card, TaskSpec};
use crate::recording::LeadName;

/// Numbers of the leads to use, in the order of use, or why the task is refused.
///
/// With an order of preference leads come in that order, those not listed last; without one every standard lead (and what
/// approximates one) is used, and others only where there is no standard one. `card_leads` are the usable leads by index in the
/// card, `names` their names for the reason. Where there are more leads than wanted, those with the smallest number in `worse` are
/// taken (none given: all alike), and the order of preference decides among equals.
pub(super) fn choose(
    card: &Card,
    task: &TaskSpec,
    card_leads: &[usize],
    names: &[&LeadName],
    most: Option<usize>,
    worse: &[u32],
) -> Result<Vec<usize>, String> {
    let index_of = |name: &String| card.input.leads.iter().position(|lead| lead == name);
    // A modified lead may stand in for the one it approximates, but is not it.
    let is_there = |wanted: &String| names.iter().any(|name| name.standard().is_some_and(|lead| lead.name() == wanted));
    if let Some(sets) = &task.requires_leads {
        let missing = |set: &Vec<String>| -> Vec<String> { set.iter().filter(|name| !is_there(name)).cloned().collect() };
        if let Some(fewest) = sets.iter().map(missing).min_by_key(Vec::len)
            && !fewest.is_empty()
        {
            return Err(format!(
                "needs lead{} {}, not available or not usable here",
                if fewest.len() > 1 { "s" } else { "" },
                fewest.join(", ")
            ));
        }
    }
    let other = card.input.leads.len().saturating_sub(1);
    let mut chosen: Vec<usize> = (0..card_leads.len()).collect();
    match &task.prefer_leads {
        Some(order) => {
            let order: Vec<usize> = order.iter().filter_map(index_of).collect();
            chosen.sort_by_key(|row| order.iter().position(|lead| Some(lead) == card_leads.get(*row)).unwrap_or(order.len()));
        }
        None => {
            let standard = |row: &usize| card_leads.get(*row).is_some_and(|lead| *lead != other);
            if chosen.iter().any(standard) {
                chosen.retain(standard);
            }
        }
    }
    let limit = most.into_iter().chain(task.max_leads).min().unwrap_or(usize::MAX);
    if chosen.len() > limit {
        let mut best = chosen.clone();
        best.sort_by_key(|row| worse.get(*row).copied().unwrap_or(0));
        best.truncate(limit);
        chosen.retain(|row| best.contains(row));
    }
    if chosen.len() < task.min_leads {
        let usable = if names.is_empty() {
            "none".to_owned()
        } else {
            names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        };
        return Err(format!("needs {} leads, usable here: {usable}", task.min_leads));
    }
    Ok(chosen)
}
