//! Beats, intervals and findings as CSV (RFC 4180), and beats back.

use super::super::{Beat, BeatSource, BeatType, Content, IntervalKind, Review};
use crate::recording::{LabelMap, Rate, SampleIndex};

/// The beats: `sample,time_s,mnemonic,class,machine,decided,uncertain,subtype,chan,num,aux`. `machine`: what it says on that very sample, else empty.
pub fn beats(review: &Review, rate: Rate) -> String {
    let titles = ["sample", "time_s", "mnemonic", "class", "machine", "decided", "uncertain", "subtype", "chan", "num", "aux"];
    let mut table = row(&titles.map(str::to_owned));
    let machine = review.baseline().map(|baseline| baseline.beats.as_slice()).unwrap_or_default();
    for beat in review.content().beats.as_slice() {
        let said = machine.binary_search_by_key(&beat.sample, |beat| beat.sample).ok().and_then(|index| machine.get(index));
        let fields = beat.fields.as_deref().cloned().unwrap_or_default();
        table += &row(&[
            beat.sample.0.to_string(),
            format!("{:.6}", rate.seconds(beat.sample)),
            beat.label.to_string(),
            beat.label.class(LabelMap::Aami).map_or_else(String::new, |class| class.letter().to_owned()),
            said.map_or_else(String::new, |said| said.label.to_string()),
            beat.decided.to_string(),
            beat.is_uncertain().to_string(),
            fields.subtype.to_string(),
            fields.chan.to_string(),
            fields.num.to_string(),
            foreign(&fields.text),
        ]);
    }
    table
}

/// The intervals: `kind,code,start_sample,end_sample,start_s,end_s,lead,text`.
pub fn intervals(content: &Content, rate: Rate) -> String {
    let titles = ["kind", "code", "start_sample", "end_sample", "start_s", "end_s", "lead", "text"];
    let mut table = row(&titles.map(str::to_owned));
    for interval in content.intervals.values() {
        let (kind, code) = match &interval.kind {
            IntervalKind::Rhythm(rhythm) => ("rhythm", rhythm.code()),
            IntervalKind::Noise => ("noise", ""),
            IntervalKind::St => ("st", ""),
            IntervalKind::Note => ("note", ""),
        };
        table += &row(&[
            kind.to_owned(),
            foreign(code),
            interval.range.start.0.to_string(),
            interval.range.end.0.to_string(),
            format!("{:.6}", rate.seconds(interval.range.start)),
            format!("{:.6}", rate.seconds(interval.range.end)),
            interval.lead.as_ref().map_or_else(String::new, |lead| foreign(&lead.to_string())),
            foreign(&interval.text),
        ]);
    }
    table
}

/// The findings: `task,code,label,machine_present,machine_probability,verdict,certainty,comment,confirmed`. `verdict` is empty where nobody decided.
pub fn findings(review: &Review) -> String {
    let titles =
        ["task", "code", "label", "machine_present", "machine_probability", "verdict", "certainty", "comment", "confirmed"];
    let mut table = row(&titles.map(str::to_owned));
    for finding in review.findings() {
        let judged = finding.judgement;
        table += &row(&[
            foreign(&finding.key.task),
            foreign(&finding.key.code),
            foreign(&review.finding_label(finding.key)),
            finding.machine.map_or_else(String::new, |machine| machine.present.to_string()),
            finding.machine.and_then(|machine| machine.probability).map_or_else(String::new, |p| p.to_string()),
            judged
                .map_or("", |judgement| if judgement.verdict == super::super::Verdict::Present { "present" } else { "absent" })
                .to_owned(),
            judged.map_or("", |judgement| judgement.certainty.name()).to_owned(),
            judged.map_or_else(String::new, |judgement| foreign(&judgement.comment)),
            review.state().is_confirmed().to_string(),
        ]);
    }
    table
}

/// Beats of a table with the columns `mnemonic` (or `label`) and `sample` (or `time_s`), others as [`beats`] writes them where they are there.
///
/// # Errors
/// A sentence naming the line and what is wrong with it.
pub fn read_beats(text: &str, rate: Rate) -> Result<Vec<Beat>, String> {
    let mut lines = records(text)?.into_iter();
    let (_, titles) = lines.next().ok_or("the table is empty")?;
    let column = |names: &[&str]| titles.iter().position(|title| names.contains(&title.trim().trim_start_matches('\u{feff}')));
    let label = column(&["mnemonic"]).or_else(|| column(&["label"])).ok_or("there is no column `mnemonic` or `label`")?;
    let (sample, time) = (column(&["sample"]), column(&["time_s"]));
    if sample.is_none() && time.is_none() {
        return Err("there is no column `sample` or `time_s`".into());
    }
    let [subtype, chan, num, aux] = [column(&["subtype"]), column(&["chan"]), column(&["num"]), column(&["aux"])];
    let mut beats = Vec::new();
    for (line, cells) in lines {
        let cell = |column: Option<usize>| {
            column.and_then(|column| cells.get(column)).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
        };
        let wrong = |what: &str, found: &str| format!("line {line}: `{}` is no {what}", found.escape_debug());
        let found = native(cell(Some(label)).unwrap_or_default());
        let kind = BeatType::try_from(found.clone()).map_err(|_| wrong("beat type (WFDB's mnemonics)", &found))?;
        let at = match (cell(sample), cell(time)) {
            (Some(text), _) => SampleIndex(text.parse().map_err(|_| wrong("sample", text))?),
            (None, Some(text)) => {
                let seconds: f64 = text.parse().map_err(|_| wrong("time in seconds", text))?;
                if !(0.0..1e9).contains(&seconds) {
                    return Err(wrong("time in seconds", text));
                }
                rate.sample_at(seconds)
            }
            (None, None) => return Err(format!("line {line}: neither a sample nor a time")),
        };
        fn small<T: std::str::FromStr + Default>(cell: Option<&str>) -> Result<T, &str> {
            cell.map_or(Ok(T::default()), |text| text.parse().map_err(|_| text))
        }
        let fields = super::super::WfdbFields {
            subtype: small(cell(subtype)).map_err(|text| wrong("subtype", text))?,
            chan: small(cell(chan)).map_err(|text| wrong("signal number", text))?,
            num: small(cell(num)).map_err(|text| wrong("number field", text))?,
            text: aux.and_then(|column| cells.get(column)).map_or_else(String::new, |text| native(text)),
        };
        let fields = (fields != Default::default()).then(|| Box::new(fields));
        beats.push(Beat { sample: at, label: kind, source: BeatSource::Imported, decided: false, fields });
    }
    Ok(beats)
}

/// Text that a spreadsheet would run as a formula has a `'` before it.
fn foreign(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { format!("'{text}") } else { text.to_owned() }
}

/// The text as it was before.
fn native(text: &str) -> String {
    text.strip_prefix('\'').unwrap_or(text).to_owned()
}

pub(super) fn row(cells: &[String]) -> String {
    let quoted = |cell: &String| {
        if cell.contains([',', '"', '\r', '\n']) || cell.trim() != cell {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    format!("{}\r\n", cells.iter().map(quoted).collect::<Vec<_>>().join(","))
}

/// Records with the line that each begins on. Empty lines are left out.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, String> {
    let (mut all, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut line, mut begun) = (false, 1, 1);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => quoted = true,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                let whole = std::mem::take(&mut record);
                if whole.iter().any(|cell| !cell.is_empty()) {
                    all.push((begun, whole));
                }
                begun = line;
            }
            c => cell.push(c),
        }
    }
    if quoted {
        return Err(format!("line {begun}: a quotation mark is not closed"));
    }
    record.push(cell);
    if record.iter().any(|cell| !cell.is_empty()) {
        all.push((begun, record));
    }
    Ok(all)
}
