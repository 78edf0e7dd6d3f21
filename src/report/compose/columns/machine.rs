//! The machine's part, marked as such.

use crate::{
    recording::BeatLabel,
    report::{
        compose::{
            Context,
            flow::{Block, Piece},
            style::{self, ALERT, BODY, NOTE, WEAK},
        },
        content::{FindingPart, MachinePart, RulePart},
        page::Type,
        reviewed::Verdict,
        text::wrap,
    },
    signal::criteria::Severity,
    words::{Words, fill},
};

/// The blocks of the column.
pub fn machine(context: &Context, width: f32) -> Vec<Block> {
    let words = context.words;
    let mut blocks = vec![Block::heading(2, &words.machine.heading, width)];
    let Some(machine) = &context.content.machine else {
        blocks.push(Block::paragraph(&words.machine.none, BODY, width));
        return blocks;
    };
    models(context, machine, width, &mut blocks);
    for task in machine.tasks() {
        blocks.push(Block::subheading(3, words.task(task), width));
        let shown: Vec<&FindingPart> =
            machine.findings.iter().filter(|f| f.task == task && (f.present || f.verdict.is_some())).collect();
        if shown.is_empty() {
            blocks.push(Block::paragraph(&words.machine.nothing, style::coloured(BODY, WEAK), width));
        }
        let mut rows = Vec::new();
        for finding in shown {
            rows.extend(finding_rows(context, finding, width));
        }
        if !rows.is_empty() {
            blocks.push(Block::table(rows));
        }
    }
    for (reason, tasks) in refusals(words, machine) {
        let text = fill(&words.machine.refused, &[("task", &tasks.join(", ")), ("reason", reason)]);
        blocks.push(Block::entry(&text, NOTE, width).spaced(0.4));
    }
    if let Some(rules) = &machine.rules {
        blocks.push(Block::subheading(3, &words.machine.rules, width));
        if rules.is_empty() {
            // What was not judged is not normal.
            let none = if machine.not_judged.is_empty() { &words.machine.no_rules } else { &words.machine.no_rules_open };
            blocks.push(Block::paragraph(none, style::coloured(BODY, WEAK), width));
        }
        blocks.extend(rules.iter().map(|rule| Block::entry(&rule_text(context, rule), rule_style(rule), width)));
    }
    let beats = &context.content.beats;
    if beats.all > 0 && !beats.corrected {
        let known = BeatLabel::ALL.iter().zip(beats.by_class).filter(|(_, count)| *count > 0);
        let mut census: Vec<String> = known.map(|(label, count)| format!("{label} {count}")).collect();
        if beats.unclassified > 0 {
            census.push(format!("{} {}", words.beats.unclassified, beats.unclassified));
        }
        let text = fill(&words.machine.beats, &[("census", &census.join(", "))]);
        blocks.push(Block::paragraph(&text, BODY, width).spaced(0.6));
    }
    if !machine.disagreements.is_empty() {
        let text = &words.machine.disagree;
        blocks.push(
            Block { with_next: true, ..Block::paragraph(text, style::coloured(style::bold(NOTE), ALERT), width) }.spaced(0.6),
        );
    }
    for disagreement in &machine.disagreements {
        let topic = disagreement.topic.as_str();
        let said = |text: &str| verdict(words, text, topic);
        let (name, rule, model) =
            (topic_name(words, machine, topic), said(&disagreement.rule_says), said(&disagreement.model_says));
        let parts = [("topic", name), ("rule", rule.as_str()), ("model", model.as_str())];
        blocks.push(Block::entry(&fill(&words.machine.sides, &parts), style::coloured(NOTE, ALERT), width));
    }
    if !machine.not_judged.is_empty() {
        let text = fill(&words.machine.not_judged, &[("what", &open_things(machine).join(", "))]);
        blocks.push(Block::entry(&text, NOTE, width).spaced(0.4));
    }
    blocks
}

/// Topics of disagreements, by the class of the model that speaks of them.
const TOPICS: [(&str, &str); 4] =
    [("conduction disturbance", "CD"), ("myocardial infarction", "MI"), ("ST or T wave change", "STTC"), ("hypertrophy", "HYP")];

/// What a disagreement is about, by the name that the model's finding has in this report.
fn topic_name<'a>(words: &'a Words, machine: &'a MachinePart, topic: &'a str) -> &'a str {
    let class = TOPICS.iter().find(|(name, _)| *name == topic).map(|(_, code)| ("superclass", *code));
    let Some((task, code)) = class.or_else(|| topic.strip_prefix("statement ").map(|code| ("statement", code))) else {
        return words.task(topic);
    };
    let named = machine.findings.iter().find(|finding| finding.task == task && finding.code == code);
    named.map_or(topic, |finding| finding.label.as_str())
}

/// Reasons, each told once, with the tasks that were not answered for it.
fn refusals<'a>(words: &'a Words, machine: &'a MachinePart) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for refusal in &machine.refused {
        let task = words.task(&refusal.task);
        match out.iter_mut().find(|(reason, _)| *reason == refusal.reason) {
            Some((_, tasks)) => tasks.push(task),
            None => out.push((&refusal.reason, vec![task])),
        }
    }
    out
}

/// What was left open. Of one thing in several places the thing is named once.
fn open_things(machine: &MachinePart) -> Vec<&str> {
    let thing = |what: &str| what.split(", ").next().unwrap_or_default().to_owned();
    let mut out: Vec<&str> = Vec::new();
    for open in &machine.not_judged {
        let alike = machine.not_judged.iter().filter(|other| thing(&other.what) == thing(&open.what)).count();
        let named = if alike > 1 { open.what.split(", ").next().unwrap_or_default() } else { open.what.as_str() };
        if !out.contains(&named) {
            out.push(named);
        }
    }
    out
}

/// What one side says, without the topic that stands before it already: `yes (95 %)`. What is put otherwise stays as it is.
fn verdict(words: &Words, text: &str, topic: &str) -> String {
    let (word, rest) = match text.strip_prefix("no ") {
        Some(rest) => (&words.machine.no, rest),
        None => (&words.machine.yes, text),
    };
    match rest.strip_prefix(topic).map(str::trim) {
        Some("" | "by the rules") => word.clone(),
        Some(rest) => match rest.strip_prefix("(probability ") {
            Some(percent) => format!("{word} ({percent}"),
            None => statements(words, text),
        },
        None => statements(words, text),
    }
}

/// Several statements of the rules, each in the report's words.
fn statements(words: &Words, text: &str) -> String {
    text.split("; ").map(|one| words.statement(one)).collect::<Vec<_>>().join("; ")
}

fn models(context: &Context, machine: &MachinePart, width: f32, blocks: &mut Vec<Block>) {
    let words = context.words;
    if machine.models.is_empty() {
        blocks.push(Block::paragraph(&words.machine.none, BODY, width));
        return;
    }
    // "Model" is said once, before the first.
    let mut named: Vec<String> = machine
        .models
        .iter()
        .enumerate()
        .map(|(place, model)| match place {
            0 => fill(&words.machine.model, &[("name", &model.name), ("version", &model.version)]),
            _ => format!("{} {}", model.name, model.version),
        })
        .collect();
    if let Some(engine) = &machine.engine {
        named.push(fill(&words.machine.engine, &[("engine", &engine.engine), ("provider", &engine.provider)]));
    }
    if machine.windows {
        named.push(words.machine.windows.clone());
    }
    blocks.push(Block::entry(&named.join("; "), NOTE, width));
}

/// A finding with its probability; what else must be known of it stands in a row of its own.
fn finding_rows(context: &Context, finding: &FindingPart, width: f32) -> Vec<Vec<Piece>> {
    let words = context.words;
    let style = if finding.present { style::bold(BODY) } else { style::coloured(BODY, WEAK) };
    let probability = words.percent(finding.probability.into());
    let threshold = words.percent(finding.threshold.into());
    let mut notes = Vec::new();
    if finding.present && finding.exclusive && finding.probability < finding.threshold {
        notes.push(fill(&words.machine.below, &[("threshold", &threshold)]));
    }
    if finding.uncertain {
        notes.push(words.machine.uncertain.clone());
    }
    match finding.verdict {
        Some(Verdict::Rejected) => notes.push(words.machine.rejected.clone()),
        Some(Verdict::Accepted | Verdict::Added) => notes.push(words.machine.accepted.clone()),
        None => {}
    }
    // A name is never cut: half a diagnosis is another one.
    let label = wrap(&finding.label, style.weight, style.size, width - 13.0);
    let mut rows: Vec<Vec<Piece>> = label
        .into_iter()
        .enumerate()
        .map(|(line, text)| vec![Piece::new(if line == 0 { 0.0 } else { 2.0 }, style, text)])
        .collect();
    if let Some(first) = rows.first_mut() {
        first.push(Piece::right(width, style, probability));
    }
    if !notes.is_empty() {
        let lines = wrap(&notes.join(", "), NOTE.weight, NOTE.size, width - 2.0);
        rows.extend(lines.into_iter().map(|line| vec![Piece::new(2.0, NOTE, line)]));
    }
    rows
}

fn rule_text(context: &Context, rule: &RulePart) -> String {
    let words = context.words;
    let note = match rule.verdict {
        Some(Verdict::Rejected) => Some(&words.machine.rejected),
        Some(Verdict::Accepted | Verdict::Added) => Some(&words.machine.accepted),
        None => None,
    };
    match note {
        Some(note) => format!("{} ({note})", rule.text),
        None => rule.text.clone(),
    }
}

fn rule_style(rule: &RulePart) -> Type {
    match rule.severity {
        Severity::Urgent => style::coloured(style::bold(BODY), ALERT),
        Severity::Abnormal => style::bold(BODY),
        Severity::Normal | Severity::Variant => BODY,
    }
}
