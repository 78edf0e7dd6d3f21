//! Model cards for people to read, in lines of a terminal's width.

use super::name;
use crate::model::{
    Activation, Calibration, Card, ClassSpec, DataSet, Familiarity, FileState, Installed, Kind, Metric, Survey, TaskSpec, Window,
};

/// Columns of a line; a single longer word stands alone.
const WIDTH: usize = 100;
/// So many figures of a task are in the list.
const FIGURES: usize = 3;
/// Columns before the text of a part.
const INDENT: usize = 13;

/// Every model with what one needs to choose it.
pub(super) fn list(survey: &Survey) -> String {
    let mut page = Page::default();
    for model in &survey.models {
        head(&mut page, model);
        if let Some(card) = &model.card {
            for task in &card.tasks {
                page.part("answers", &answers(task));
            }
            // Cards list the figures that count first.
            for task in &card.tasks {
                for metric in card.metrics.iter().filter(|metric| metric.task == task.task).take(FIGURES) {
                    page.part("figures", &figure(metric));
                }
            }
            background(&mut page, card);
        }
        page.line("");
    }
    page.part("whole card", "efficientecg models NAME, with every figure and its split");
    notes(&mut page, survey);
    page.text
}

/// Everything on the cards.
pub(super) fn whole(survey: &Survey) -> String {
    let mut page = Page::default();
    for model in &survey.models {
        head(&mut page, model);
        let Some(card) = &model.card else { continue };
        page.part("SHA-256", &card.sha256);
        page.part("input", &input(card));
        page.part("leads", &card.input.leads.join(", "));
        for feature in &card.input.features {
            let unit = if feature.unit.is_empty() { String::new() } else { format!(", in {}", feature.unit) };
            page.part("features", &format!("{} ({}{unit})", feature.name, feature.label));
        }
        for task in &card.tasks {
            page.line("");
            page.part("answers", &answers(task));
            page.part("calibrated", calibration(task));
            for class in &task.classes {
                page.part("classes", &class_line(class));
            }
        }
        page.line("");
        for metric in &card.metrics {
            let details = [metric.split.clone(), metric.command.as_ref().map(|command| format!("by `{command}`"))];
            let details: Vec<String> = details.into_iter().flatten().collect();
            page.part("figures", &[vec![figure(metric)], details].concat().join("; "));
        }
        page.line("");
        background(&mut page, card);
        let training = &card.training;
        if let Some(command) = &training.command {
            let seed = training.seed.map_or_else(String::new, |seed| format!(", seed {seed}"));
            let recorded = training.recorded.as_ref().map_or_else(String::new, |date| format!(", on {date}"));
            page.part("made by", &format!("{command}{seed}{recorded}"));
        }
    }
    notes(&mut page, survey);
    page.text
}

fn head(page: &mut Page, model: &Installed) {
    let card = model.card.as_ref();
    let version = card.map_or_else(String::new, |card| format!(" {}", card.version));
    let kind = card.map_or_else(String::new, |card| {
        let parameters = card.parameters.map_or_else(String::new, |count| format!(", {} parameters", thousands(count)));
        format!(" ({}{parameters})", kind(card.kind))
    });
    let verdict = match (model.state, model.usable()) {
        (FileState::Ok, true) => "ok",
        (FileState::Ok, false) => "FAILS ITS TEST",
        (FileState::Damaged, _) => "DAMAGED",
        (FileState::Missing, _) => "MISSING",
    };
    page.line(&format!("{}{version}{kind}: {verdict}", name(model)));
    if let Some(fault) = &model.fault {
        page.part(if model.usable() { "note" } else { "fault" }, fault);
    }
    let place = model.graph_file.as_ref().map_or("in the binary".to_owned(), |path| path.display().to_string());
    let whole = if model.state == FileState::Ok { "; its SHA-256 is the card's" } else { "" };
    page.part("file", &format!("{place}{whole}"));
    if let Some(test) = model.self_test.as_ref().filter(|test| test.passed) {
        let on = test.provider.as_ref().map_or_else(String::new, |provider| format!(" on {provider}"));
        page.part(
            "self-test",
            &match test.largest_difference {
                Some(difference) => format!(
                    "{} stored case{} reproduced by {}{on}, largest difference {difference:.0e}",
                    test.cases,
                    if test.cases == 1 { "" } else { "s" },
                    test.engine
                ),
                None => format!("no stored answers to compare with; runs on {}{on}", test.engine),
            },
        );
    }
}

/// What it was trained on, its limits, and what it is not for.
fn background(page: &mut Page, card: &Card) {
    for set in &card.training.sets {
        page.part("trained on", &data_set(set));
    }
    if let Some(limit) = &card.familiarity {
        page.part("refuses", &familiarity(limit));
    }
    for limit in &card.limits {
        page.part("limits", limit);
    }
    for use_ in &card.not_for {
        page.part("not for", use_);
    }
}

fn familiarity(familiarity: &Familiarity) -> String {
    let by_leads = familiarity
        .lead_counts
        .iter()
        .map(|(leads, limit)| format!(", {limit} with {leads} lead{}", if *leads == 1 { "" } else { "s" }));
    let how = familiarity.how.as_ref().map_or_else(String::new, |how| format!("; {how}"));
    format!(
        "what lies farther than {} from the recordings it was trained on{}{how}",
        familiarity.limit,
        by_leads.collect::<String>()
    )
}

fn notes(page: &mut Page, survey: &Survey) {
    if let Some(note) = &survey.note {
        page.part("note", note);
    }
    page.part("notice", super::super::output::NOTICE);
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Record => "whole records",
        Kind::Beat => "single beats",
        Kind::Waves => "waves",
    }
}

fn answers(task: &TaskSpec) -> String {
    let codes: Vec<&str> = task.classes.iter().map(|class| class.code.as_str()).collect();
    let how = match task.activation {
        Activation::Softmax => "exactly one of them",
        Activation::Sigmoid => "each by itself",
    };
    let leads = match &task.requires_leads {
        Some(sets) => format!("needs {}", sets.iter().map(|set| set.join(", ")).collect::<Vec<_>>().join(" or ")),
        None if task.min_leads == 1 => "from one lead on".to_owned(),
        None => format!("from {} leads on", task.min_leads),
    };
    format!("{}: {} ({how}; {leads})", task.task, codes.join(" "))
}

fn input(card: &Card) -> String {
    let input = &card.input;
    let [low, high] = input.band_hz;
    let length = match input.window {
        Window::Record { min_s, max_s, long_window_s } => {
            format!("{min_s} to {max_s} s at once, longer ones in windows of {long_window_s} s")
        }
        Window::Beat { before_s, after_s, max_leads } => {
            format!("{before_s} s before and {after_s} s after the R peak, of at most {max_leads} leads")
        }
    };
    format!("{} Hz, {low} to {high} Hz, at most {} mV; {length}", input.rate_hz, input.clip_mv)
}

fn calibration(task: &TaskSpec) -> &'static str {
    match task.calibration {
        Calibration::None => "no",
        Calibration::Temperature { .. } => "by temperature",
        Calibration::Isotonic { .. } => "by isotonic curves",
    }
}

fn class_line(class: &ClassSpec) -> String {
    let codes = [("SNOMED CT", &class.snomed), ("SCP", &class.scp)];
    let codes: Vec<String> = codes.iter().filter_map(|(name, code)| code.as_ref().map(|code| format!("{name} {code}"))).collect();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
    let band = class.uncertain.map_or_else(String::new, |[low, high]| format!(", uncertain from {low} to {high}"));
    let how = class.how.as_ref().map_or_else(String::new, |how| format!("; {how}"));
    format!("{} {}{codes}: threshold {}{band}{how}", class.code, class.label, class.threshold)
}

fn figure(metric: &Metric) -> String {
    let value = metric.value.map_or_else(|| "not given".to_owned(), number);
    let interval = metric.ci95.map_or_else(String::new, |[low, high]| format!(" (95 % {} to {})", number(low), number(high)));
    let records = metric.records.map_or_else(String::new, |count| format!(", {} records", thousands(count)));
    format!("{}: {} {value}{interval}{records}", metric.task, metric.figure)
}

fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn data_set(set: &DataSet) -> String {
    let records = set.records.map_or_else(String::new, |count| format!(", {} records", thousands(count)));
    let licence = set.licence.as_deref().unwrap_or("licence not given");
    let credit = set.credit.as_ref().map_or_else(String::new, |credit| format!("; {credit}"));
    format!("{}{records}; {licence}{credit}", set.name)
}

/// `93,629`.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let first = digits.len() % 3;
    let grouped =
        digits.char_indices().map(|(at, digit)| if at > 0 && at % 3 == first { format!(",{digit}") } else { digit.into() });
    grouped.collect()
}

/// Lines put together.
#[derive(Debug, Default)]
struct Page {
    text: String,
    last: String,
}

impl Page {
    /// One line as it is, but for what could steer a terminal: cards come from anywhere.
    fn line(&mut self, text: &str) {
        self.text.extend(text.chars().filter(|c| !c.is_control()));
        self.text.push('\n');
        self.last.clear();
    }

    /// A named part, wrapped; the name is not repeated from line to line.
    fn part(&mut self, name: &str, text: &str) {
        let mut start = format!("  {:<width$}", if self.last == name { "" } else { name }, width = INDENT - 2);
        self.last = name.to_owned();
        let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let mut line = String::new();
        for word in clean.split_whitespace() {
            if !line.is_empty() && INDENT + line.chars().count() + 1 + word.chars().count() > WIDTH {
                self.put(&start, &line);
                // What is continued stands a little to the right, so that one sees where an entry begins.
                start = " ".repeat(INDENT + 2);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.put(&start, &line);
    }

    fn put(&mut self, start: &str, line: &str) {
        self.text.push_str(format!("{start}{line}").trim_end());
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (count, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (93_629, "93,629"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(count), text);
        }
    }

    #[test]
    fn lines_wrap_and_hold_nothing_that_steers_a_terminal() {
        let mut page = Page::default();
        page.part("limits", &"word ".repeat(60));
        page.part("limits", "a\u{1b}[31mred\nb");
        let lines: Vec<&str> = page.text.lines().collect();
        assert!(lines.iter().all(|line| line.len() <= WIDTH + 2 && !line.contains('\u{1b}')), "{}", page.text);
        assert_eq!(lines.iter().filter(|line| line.contains("limits")).count(), 1);
        assert!(page.text.ends_with("             a [31mred b\n"), "{}", page.text);
    }
}
