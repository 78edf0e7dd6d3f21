//! Rules beside the model: where they agree, where they contradict each other, where they speak of different things.
//!
//! The rules know nothing of the model and the model nothing of the rules; a reader who sees them disagree should look at the trace. The
//! model's findings come as plain data, so that `signal` stays free of it.

use super::types::{Criteria, Group, Severity, Statement};
use serde::{Deserialize, Serialize};

/// One answer of the model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelFinding<'a> {
    /// `rhythm`, `superclass`, `statement`.
    pub task: &'a str,
    /// Code within the task: `A`, `MI`, `CLBBB` ...
    pub code: &'a str,
    /// The model calls it present.
    pub present: bool,
    /// Calibrated probability, 0 to 1.
    pub probability: f32,
}

/// Rules and model say the same of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreed {
    /// What it is about.
    pub topic: String,
    /// What both say, in words.
    pub says: String,
}

/// Rules and model contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// What it is about.
    pub topic: String,
    /// In words.
    pub rule_says: String,
    /// In words, with the probability.
    pub model_says: String,
}

/// Rules and model cannot be compared on a topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    /// What it is about.
    pub topic: String,
    /// Why not.
    pub reason: String,
}

/// Rules and model side by side.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// Same.
    pub agreed: Vec<Agreed>,
    /// Contradictions: shown to the reader.
    pub disagreements: Vec<Disagreement>,
    /// Not comparable.
    pub apart: Vec<Apart>,
}

/// What the rules say on a topic.
enum Said {
    /// It is there: in words.
    Yes(String),
    /// It was judged and is not there: in words.
    No(String),
    /// Neither: why.
    Open(String),
}

/// A class of the model that the rules speak of too.
struct Topic {
    task: &'static str,
    code: &'static str,
    /// For people.
    name: &'static str,
    /// SCP-ECG statements of the rules that mean it.
    means: &'static [&'static str],
    /// Statements that go with it, but are no contradiction where the model does not see it.
    hints: &'static [&'static str],
    /// Group that must have been judged as a whole for their absence to mean something.
    group: Group,
}

/// Superclasses of PTB-XL, made of the diagnostic statements in `scp_statements.csv` and the form statements of the rules that are nearest.
const TOPICS: [Topic; 4] = [
    Topic {
        task: "superclass",
        code: "CD",
        name: "conduction disturbance",
        means: &["CLBBB", "CRBBB", "IRBBB", "ILBBB", "IVCD", "LAFB", "LPFB", "WPW", "1AVB"],
        hints: &["LPR"],
        group: Group::Conduction,
    },
    Topic {
        task: "superclass",
        code: "MI",
        name: "myocardial infarction",
        means: &["IMI", "ASMI", "AMI", "LMI"],
        hints: &["STE_"],
        group: Group::Infarction,
    },
    Topic {
        task: "superclass",
        code: "STTC",
        name: "ST or T wave change",
        means: &["STD_", "INVT", "LNGQT"],
        hints: &[],
        group: Group::Repolarisation,
    },
    Topic {
        task: "superclass",
        code: "HYP",
        name: "hypertrophy",
        means: &["LVH", "RVH", "LAO/LAE", "RAO/RAE"],
        hints: &["VCLVH", "HVOLT"],
        group: Group::Hypertrophy,
    },
];

/// SCP-ECG statements the rules can make, with the group that must be judged before their absence means something.
pub(super) const STATEMENTS: [(&str, Group); 37] = [
    ("SR", Group::Rhythm),
    ("STACH", Group::Rhythm),
    ("SBRAD", Group::Rhythm),
    ("SARRH", Group::Rhythm),
    ("AFIB", Group::Rhythm),
    ("SVTAC", Group::Rhythm),
    ("PACE", Group::Pacing),
    ("PVC", Group::Ectopy),
    ("PAC", Group::Ectopy),
    ("BIGU", Group::Ectopy),
    ("TRIGU", Group::Ectopy),
    ("PSVT", Group::Ectopy),
    ("1AVB", Group::Conduction),
    ("LPR", Group::Conduction),
    ("CLBBB", Group::Conduction),
    ("CRBBB", Group::Conduction),
    ("IRBBB", Group::Conduction),
    ("ILBBB", Group::Conduction),
    ("IVCD", Group::Conduction),
    ("LAFB", Group::Conduction),
    ("LPFB", Group::Conduction),
    ("WPW", Group::Conduction),
    ("LVOLT", Group::Axis),
    ("LVH", Group::Hypertrophy),
    ("VCLVH", Group::Hypertrophy),
    ("HVOLT", Group::Hypertrophy),
    ("RVH", Group::Hypertrophy),
    ("LAO/LAE", Group::Hypertrophy),
    ("RAO/RAE", Group::Hypertrophy),
    ("IMI", Group::Infarction),
    ("ASMI", Group::Infarction),
    ("AMI", Group::Infarction),
    ("LMI", Group::Infarction),
    ("STE_", Group::Infarction),
    ("STD_", Group::Repolarisation),
    ("INVT", Group::Repolarisation),
    ("LNGQT", Group::Repolarisation),
];

/// Statements that say nearly the same: one of them is enough to agree with another.
const SIBLINGS: [&[&str]; 4] = [&["1AVB", "LPR"], &["LVH", "VCLVH", "HVOLT"], &["ASMI", "AMI"], &["CLBBB", "ILBBB"]];

/// Compares what the rules and the model say.
pub fn compare(criteria: &Criteria, model: &[ModelFinding]) -> Agreement {
    let mut out = Agreement::default();
    rhythm(criteria, model, &mut out);
    for finding in model {
        if let Some(topic) = TOPICS.iter().find(|t| t.task == finding.task && t.code == finding.code) {
            superclass(criteria, topic, finding, &mut out);
        } else if finding.task == "superclass" && finding.code == "NORM" {
            out.add("normal ECG", normal(criteria), finding, "normal ECG");
        } else if finding.task == "statement" {
            statement(criteria, finding, &mut out);
        }
    }
    out
}

impl Agreement {
    fn add(&mut self, topic: &str, rules: Said, finding: &ModelFinding, what: &str) {
        let topic = topic.to_owned();
        match (rules, finding.present) {
            (Said::Yes(words), true) => self.agreed.push(Agreed { topic, says: words }),
            (Said::No(words), false) => self.agreed.push(Agreed { topic, says: words }),
            (Said::Yes(rule_says) | Said::No(rule_says), _) => {
                self.disagreements.push(Disagreement { topic, rule_says, model_says: model_words(finding, what) });
            }
            (Said::Open(reason), true) => self.apart.push(Apart { topic, reason }),
            // Neither says anything: nothing to tell.
            (Said::Open(_), false) => {}
        }
    }
}

fn model_words(finding: &ModelFinding, what: &str) -> String {
    let percent = f64::from(finding.probability) * 100.0;
    match finding.present {
        true => format!("{what} (probability {percent:.0} %)"),
        false => format!("no {what} (probability {percent:.0} %)"),
    }
}

fn texts<'a>(statements: impl Iterator<Item = &'a Statement>) -> String {
    statements.map(|s| s.text.as_str()).collect::<Vec<_>>().join("; ")
}

/// What the rules say of a set of SCP-ECG statements.
fn said(criteria: &Criteria, means: &[&str], group: Group, what: &str) -> Said {
    let met = || criteria.statements.iter().filter(|s| s.scp.as_deref().is_some_and(|code| means.contains(&code)));
    if met().next().is_some() {
        return Said::Yes(texts(met()));
    }
    match criteria.not_judged.iter().find(|n| n.group == group) {
        Some(open) => Said::Open(format!("the rules left {} open: {}", open.what, open.reason)),
        None => Said::No(format!("no {what} by the rules")),
    }
}

fn superclass(criteria: &Criteria, topic: &Topic, finding: &ModelFinding, out: &mut Agreement) {
    let rules = said(criteria, topic.means, topic.group, topic.name);
    let hints = || criteria.statements.iter().filter(|s| s.scp.as_deref().is_some_and(|code| topic.hints.contains(&code)));
    let rules = match (rules, hints().next().is_some()) {
        (Said::Yes(words), _) => Said::Yes(words),
        (_, true) if finding.present => Said::Yes(texts(hints())),
        (_, true) => {
            let reason = format!("by the rules {}, which alone is no {}", texts(hints()), topic.name);
            out.apart.push(Apart { topic: topic.name.to_owned(), reason });
            return;
        }
        (rules, false) => rules,
    };
    out.add(topic.name, rules, finding, topic.name);
}

fn normal(criteria: &Criteria) -> Said {
    if let Some(statement) = criteria.scp("NORM") {
        return Said::Yes(statement.text.clone());
    }
    let abnormal = || criteria.statements.iter().filter(|s| s.severity >= Severity::Abnormal);
    if abnormal().next().is_some() {
        return Said::No(texts(abnormal()));
    }
    let open = criteria.not_judged.iter().find(|n| n.group == Group::Overall);
    Said::Open(open.map_or_else(|| "the rules conclude nothing".to_owned(), |n| n.reason.clone()))
}

fn statement(criteria: &Criteria, finding: &ModelFinding, out: &mut Agreement) {
    let code = finding.code;
    if code == "NORM" {
        out.add("statement NORM", normal(criteria), finding, "normal ECG");
        return;
    }
    let Some((_, group)) = STATEMENTS.iter().find(|(known, _)| *known == code) else {
        if finding.present {
            out.apart.push(Apart { topic: format!("statement {code}"), reason: "the rules have no statement for it".to_owned() });
        }
        return;
    };
    let alone = [code];
    let means: &[&str] = match SIBLINGS.iter().find(|s| s.contains(&code)) {
        // What is there may be said in a neighbour's words; what is not there must be missing in the very words.
        Some(siblings) if finding.present => siblings,
        _ => &alone,
    };
    let what = format!("statement {code}");
    out.add(&what, said(criteria, means, *group, &what), finding, &what);
}

/// The model's rhythm classes exclude each other: normal sinus rhythm, atrial fibrillation, other, too noisy (CinC 2017).
fn rhythm(criteria: &Criteria, model: &[ModelFinding], out: &mut Agreement) {
    let topic = "rhythm".to_owned();
    let Some(finding) = model.iter().find(|f| f.task == "rhythm" && f.present) else { return };
    let spoken = || criteria.statements.iter().filter(|s| matches!(s.group, Group::Rhythm | Group::Pacing));
    if finding.code == "~" {
        let reason = "the model finds the recording too noisy to tell the rhythm".to_owned();
        out.apart.push(Apart { topic, reason });
        return;
    }
    if spoken().next().is_none() {
        let reason = criteria.not_judged.iter().find(|n| n.group == Group::Rhythm).map_or("", |n| n.reason.as_str());
        out.apart.push(Apart { topic, reason: format!("the rules tell no rhythm: {reason}") });
        return;
    }
    let is = |codes: &[&str]| spoken().any(|s| s.scp.as_deref().is_some_and(|code| codes.contains(&code)));
    let sinus = is(&["SR", "STACH", "SBRAD"]);
    let fibrillation = is(&["AFIB"]);
    // Beside plain sinus rhythm at an ordinary rate: "other" in the model's words.
    let other = !fibrillation
        && (!sinus || spoken().any(|s| !s.is_scp("SR") && !s.is_scp("SARRH")) || criteria.group(Group::Ectopy).next().is_some());
    let undetermined = spoken().any(|s| s.code == "X-RHYTHM");
    let rules = texts(spoken().chain(criteria.group(Group::Ectopy)));
    let (agree, model_says) = match finding.code {
        "A" => (fibrillation, "atrial fibrillation"),
        // Sinus rhythm at any rate, with or without ectopic beats, contradicts it not.
        "N" => (sinus, "normal sinus rhythm"),
        "O" => (other, "another rhythm than normal sinus rhythm or atrial fibrillation"),
        _ => return,
    };
    if agree {
        out.agreed.push(Agreed { topic, says: rules });
    } else if finding.code == "N" && spoken().any(|s| s.code == "AHA 40") {
        // Few leads: the rules saw P waves before each QRS, and not their axis. That is what sinus rhythm looks like, too.
        out.apart.push(Apart { topic, reason: "whether it is sinus rhythm was not judged by the rules".to_owned() });
    } else if undetermined && finding.code != "O" {
        out.apart.push(Apart { topic, reason: "the rules could not tell the rhythm".to_owned() });
    } else {
        out.disagreements.push(Disagreement { topic, rule_says: rules, model_says: model_words(finding, model_says) });
    }
}
