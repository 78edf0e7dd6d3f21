//! The machine's part.

use crate::{
    analysis::{Analysis, EngineInUse, Finding, ModelInUse, Refusal},
    report::reviewed::{Reviewed, Verdict},
    signal::criteria::{NotJudged, Severity, agreement::Disagreement},
    words::Words,
};
use serde::Serialize;

/// What the machine says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MachinePart {
    /// Models that answered.
    pub models: Vec<ModelInUse>,
    /// Engine and provider.
    pub engine: Option<EngineInUse>,
    /// Every answer, also of what is absent.
    pub findings: Vec<FindingPart>,
    /// The answers are means over windows of a long recording.
    pub windows: bool,
    /// Questions not answered, with the reason in the report's language.
    pub refused: Vec<Refusal>,
    /// What follows from the measurements by rule; `None`: not judged.
    pub rules: Option<Vec<RulePart>>,
    /// What the rules could not judge, in the report's language where that has words for it.
    pub not_judged: Vec<NotJudged>,
    /// Where model and rules contradict each other.
    pub disagreements: Vec<Disagreement>,
}

/// One answer of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FindingPart {
    /// Task.
    pub task: String,
    /// Code within the task.
    pub code: String,
    /// In the report's language.
    pub label: String,
    /// Calibrated probability.
    pub probability: f32,
    /// From which it counts as present.
    pub threshold: f32,
    /// Said to be present.
    pub present: bool,
    /// Exactly one of its task's classes holds.
    pub exclusive: bool,
    /// Within the uncertain band.
    pub uncertain: bool,
    /// Name of the model.
    pub model: String,
    /// What the reader made of it.
    pub verdict: Option<Verdict>,
}

/// One statement of the rules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RulePart {
    /// Code.
    pub code: String,
    /// In the report's language where that has words for it.
    pub text: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The rule that was met.
    pub rule: String,
    /// What a reader must know to weigh it.
    pub caveats: Vec<String>,
    /// What the reader made of it.
    pub verdict: Option<Verdict>,
}

impl MachinePart {
    pub(super) fn new(words: &Words, analysis: &Analysis, reviewed: &Reviewed) -> Self {
        let finding = |finding: &Finding| FindingPart {
            task: finding.task.clone(),
            code: finding.code.clone(),
            label: words.finding(&finding.task, &finding.code, &finding.label).to_owned(),
            probability: finding.probability,
            threshold: finding.threshold,
            present: finding.present,
            exclusive: finding.exclusive,
            uncertain: finding.uncertain,
            model: finding.model.clone(),
            verdict: reviewed.verdict(&finding.task, &finding.code),
        };
        let rules = analysis.statements.as_ref().map(|statements| {
            statements.iter().map(|statement| RulePart {
                code: statement.code.clone(),
                text: words.statement(&statement.text),
                severity: statement.severity,
                rule: statement.rule.clone(),
                caveats: statement.caveats.clone(),
                verdict: reviewed.verdict("rule", &statement.code),
            })
        });
        let open =
            |open: &NotJudged| NotJudged { what: words.said(&open.what), reason: words.said(&open.reason), ..open.clone() };
        Self {
            models: analysis.models.clone(),
            engine: analysis.engine.clone(),
            findings: analysis.findings.iter().map(finding).collect(),
            windows: !analysis.windows.is_empty(),
            refused: analysis.refused.iter().map(|it| Refusal { reason: words.said(&it.reason), ..it.clone() }).collect(),
            rules: rules.map(Iterator::collect),
            not_judged: analysis.not_judged.iter().map(open).collect(),
            disagreements: analysis.agreement.disagreements.clone(),
        }
    }

    /// Name and version of a model.
    pub fn model(&self, name: &str) -> String {
        self.models
            .iter()
            .find(|model| model.name == name)
            .map_or_else(|| name.to_owned(), |model| format!("{} {}", model.name, model.version))
    }

    /// Tasks in the order answered.
    pub fn tasks(&self) -> Vec<&str> {
        let mut tasks: Vec<&str> = Vec::new();
        for finding in &self.findings {
            if !tasks.contains(&finding.task.as_str()) {
                tasks.push(&finding.task);
            }
        }
        tasks
    }
}
