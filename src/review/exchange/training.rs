//! Decisions as `labels.csv`, which `models/training` reads as it is (`--own corrections:FOLDER`).

use super::super::{FindingKey, Review, Verdict};
use super::csv::row;
use crate::recording::{Patient, Sex};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// First line of the table.
pub const HEADER: &str = "record,task,code,present,person,age,sex\r\n";

/// Tasks of the record model.
const TASKS: [&str; 3] = ["rhythm", "superclass", "statement"];

/// The lines of one review, and what the model has no class for. Only what a person decided is in it: what nobody decided stays unknown.
///
/// A reader's own finding counts where the model has its code as a statement; sinus rhythm, atrial fibrillation and other rhythms count as the model's
/// rhythms too. `person` is a digest of the patient's identity: it tells people apart and names nobody.
pub fn rows(review: &Review, record: &str, patient: &Patient) -> (String, Vec<String>) {
    let Some(machine) = review.baseline() else {
        return (String::new(), vec!["no labels of the machine: the model's classes are not known".into()]);
    };
    let mut labels: BTreeMap<(String, String), bool> = BTreeMap::new();
    let mut unknown = Vec::new();
    for (key, judgement) in &review.content().judgements {
        let present = judgement.verdict == Verdict::Present;
        let mut classes: Vec<FindingKey> = Vec::new();
        if TASKS.contains(&key.task.as_str()) {
            classes.push(key.clone());
        } else {
            let scp = machine.finding(key).and_then(|finding| finding.scp.clone()).unwrap_or_else(|| key.code.clone());
            classes.push(FindingKey::new("statement", &scp));
            classes.extend(rhythm(&scp).filter(|_| present).map(|code| FindingKey::new("rhythm", code)));
        }
        classes.retain(|class| machine.finding(class).is_some());
        if classes.is_empty() {
            unknown.push(format!("{}: the model has no class for it", review.finding_label(key)));
        }
        for class in classes {
            labels.insert((class.task, class.code), present);
        }
    }
    let person = patient.id.as_ref().map_or_else(String::new, |id| {
        let digest = super::super::hex(&Sha256::digest(id.as_bytes()));
        digest.chars().take(16).collect()
    });
    let sex = patient.sex.map_or("", Sex::letter);
    let age = patient.age_years.map_or_else(String::new, |age| age.to_string());
    let lines = labels.into_iter().map(|((task, code), present)| {
        row(&[record.to_owned(), task, code, u8::from(present).to_string(), person.clone(), age.clone(), sex.to_owned()])
    });
    (lines.collect(), unknown)
}

/// The model's rhythm of a statement.
fn rhythm(scp: &str) -> Option<&'static str> {
    match scp {
        "SR" => Some("N"),
        "AFIB" => Some("A"),
        "STACH" | "SBRAD" | "SARRH" | "SVARR" | "AFLT" | "SVTAC" | "PSVT" | "BIGU" | "TRIGU" | "PACE" => Some("O"),
        _ => None,
    }
}
