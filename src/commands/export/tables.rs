//! Beats and findings as CSV (RFC 4180).

use crate::{
    analysis::Analysis,
    recording::{AnnotationSet, BeatLabel, LabelMap, Recording},
};

/// A line for every beat of an annotator. `analysis`: where the beats are the machine's, for their probabilities and which of them are uncertain.
pub fn beats(recording: &Recording, set: &AnnotationSet, analysis: Option<&Analysis>) -> String {
    let mut table = row(&["sample", "time_s", "label", "mnemonic", "probability", "annotator", "uncertain"].map(str::to_owned));
    // The machine's annotations are its beats, one each.
    let mut machine = analysis.iter().flat_map(|analysis| &analysis.beats);
    for annotation in &set.annotations {
        let beat = machine.next();
        let probability = beat.and_then(|beat| beat.probability);
        // Nothing is uncertain that has no class: the cell is empty, as it is for an annotator's own beats.
        let uncertain = beat.filter(|beat| beat.label.is_some()).map(|beat| beat.uncertain.to_string());
        let Some(label) = BeatLabel::from_mnemonic(&annotation.mnemonic, LabelMap::Aami) else { continue };
        table += &row(&[
            annotation.at.0.to_string(),
            format!("{:.6}", recording.rate.seconds(annotation.at)),
            label.letter().to_owned(),
            foreign(annotation.mnemonic.as_str()),
            number(probability),
            foreign(&set.annotator),
            uncertain.unwrap_or_default(),
        ]);
    }
    table
}

/// A line for every finding.
pub fn findings(analysis: &Analysis) -> String {
    let titles = ["task", "code", "label", "probability", "threshold", "present", "uncertain", "model"];
    let mut table = row(&titles.map(str::to_owned));
    for finding in &analysis.findings {
        table += &row(&[
            foreign(&finding.task),
            foreign(&finding.code),
            foreign(&finding.label),
            number(Some(finding.probability)),
            number(Some(finding.threshold)),
            finding.present.to_string(),
            finding.uncertain.to_string(),
            foreign(&finding.model),
        ]);
    }
    table
}

fn number(value: Option<f32>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// Text from a file: what a spreadsheet would run as a formula is made text.
fn foreign(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn row(cells: &[String]) -> String {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() }
    };
    format!("{}\r\n", cells.iter().map(quoted).collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_text() {
        let cells = ["a,b", "say \"N\"", "two\nlines", "plain", ""].map(str::to_owned);
        assert_eq!(row(&cells), "\"a,b\",\"say \"\"N\"\"\",\"two\nlines\",plain,\r\n");
        assert_eq!(["=1+1", "@x", "-a", "/", "N"].map(foreign), ["'=1+1", "'@x", "'-a", "/", "N"]);
    }
}
