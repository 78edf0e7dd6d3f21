//! Reports: scale and places on the PDF's own coordinates and on pixels, text that can be found, every layout and section.

mod formats_support;
mod report_support;

use chrono::NaiveDate;
use efficientecg::{
    analysis::{Analyzer, Demographics, Progress},
    formats,
    layout::Catalogue,
    model::{EngineChoice, ModelOptions},
    recording::{Recording, Signal},
    report::{
        AuditEntry, Dpi, Paper, PaperGain, PaperSpeed, Report, ReportInput, ReportOptions, Reviewed, ReviewedFinding, Section,
        Status, Verdict, png, svg,
    },
    words::Language,
};
use formats_support::shared;
use report_support::{NAME, Stroked, known, plain, reviewed, squeezed, stroked, text, with_leads};
use std::{collections::BTreeSet, fs, path::Path, process::Command, sync::Arc};

const BOLD: [i32; 3] = [236, 170, 166];
const FINE: [i32; 3] = [248, 219, 216];
const INK: [i32; 3] = [18, 20, 26];
/// What a line may be off, mm.
const OFF: f64 = 0.1;

fn of(paths: &[Stroked], colour: [i32; 3]) -> Vec<Vec<[f64; 2]>> {
    paths.iter().filter(|path| path.colour == colour).flat_map(|path| path.lines.clone()).collect()
}

/// Places of straight lines along an axis (0: upright lines by x, 1: level lines by y), ascending.
fn places(lines: &[Vec<[f64; 2]>], axis: usize) -> Vec<f64> {
    let along = |line: &Vec<[f64; 2]>| line.len() == 2 && (line[0][axis] - line[1][axis]).abs() < 1e-3;
    let mut out: Vec<f64> = lines.iter().filter(|line| along(line)).map(|line| line[0][axis]).collect();
    out.sort_by(f64::total_cmp);
    out
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= OFF
}

/// Paper's left, top, right and bottom edge.
fn paper(paths: &[Stroked]) -> [f64; 4] {
    let (x, y) = (places(&of(paths, BOLD), 0), places(&of(paths, BOLD), 1));
    [x[0], y[0], *x.last().unwrap(), *y.last().unwrap()]
}

/// Calibration pulses: lines of six points.
fn pulses(paths: &[Stroked]) -> Vec<Vec<[f64; 2]>> {
    let square = |line: &Vec<[f64; 2]>| {
        line.len() == 6 && (line[1][0] - line[2][0]).abs() < 1e-3 && (line[2][1] - line[3][1]).abs() < 1e-3
    };
    of(paths, INK).into_iter().filter(square).collect()
}

#[test]
fn the_paper_is_true_to_a_tenth_of_a_millimetre() {
    for (sheet, size) in [(Paper::A4, (297.0, 210.0)), (Paper::Letter, (279.4, 215.9))] {
        let report = plain(&known(), &ReportOptions { paper: sheet, ..ReportOptions::default() });
        let (page, paths) = stroked(&report.pdf().unwrap());
        assert!(close(page.0, size.0) && close(page.1, size.1), "{page:?}");
        for axis in [0, 1] {
            let bold = places(&of(&paths, BOLD), axis);
            assert!(bold.len() >= 24, "{}", bold.len());
            for (index, place) in bold.iter().enumerate() {
                assert!(close(*place, bold[0] + 5.0 * index as f64), "{axis} {index}: {place}");
            }
            let fine = places(&of(&paths, FINE), axis);
            assert_eq!(fine.len(), 4 * (bold.len() - 1));
            for (index, place) in fine.iter().enumerate() {
                let wanted = bold[0] + (index / 4 * 5 + index % 4 + 1) as f64;
                assert!(close(*place, wanted), "{axis} {index}: {place} is not {wanted}");
            }
        }
        let [left, top, right, bottom] = paper(&paths);
        assert!(close(right - left, 260.0) && left > 5.0 && right < page.0 - 5.0 && top > 5.0 && bottom < page.1 - 5.0);
        // The middle of the sheet is the middle of the paper.
        assert!(close(left - 0.0, page.0 - right));
    }
}

#[test]
fn the_pulse_is_a_millivolt_high_and_a_fifth_of_a_second_wide() {
    for (speed, width) in [(PaperSpeed::Mm25, 5.0), (PaperSpeed::Mm50, 10.0)] {
        for (gain, height) in [(PaperGain::Mm5, 5.0), (PaperGain::Mm10, 10.0), (PaperGain::Mm20, 20.0)] {
            let report = plain(&known(), &ReportOptions { speed, gain, ..ReportOptions::default() });
            let (_, paths) = stroked(&report.pdf().unwrap());
            let [left, top, _, bottom] = paper(&paths);
            let pulses = pulses(&paths);
            assert_eq!(pulses.len(), 4, "one a row");
            for pulse in pulses {
                assert!(close(pulse[1][1] - pulse[2][1], height) && close(pulse[3][0] - pulse[2][0], width), "{pulse:?}");
                assert!(
                    pulse[2][0] >= left - OFF && pulse[3][0] <= left + 10.0 + OFF && pulse[2][1] > top && pulse[1][1] < bottom
                );
                // Its foot stands on a line of the paper, so that it can be read off.
                let mm = pulse[0][1] - top;
                assert!(close(mm, mm.round()), "{mm}");
            }
        }
    }
}

/// Peaks of traces: x, y of the highest point of each triangle and the row's base line below it.
fn peaks(paths: &[Stroked], left: f64) -> Vec<[f64; 3]> {
    let mut out = Vec::new();
    for line in of(paths, INK).into_iter().filter(|line| line.len() > 20 && line[0][0] >= left + 10.0 - OFF) {
        let mut heights: Vec<f64> = line.iter().map(|point| point[1]).collect();
        heights.sort_by(f64::total_cmp);
        // Most points lie at the floor.
        let base = heights[heights.len() - 1];
        for points in line.windows(3) {
            let (before, at, after) = (points[0], points[1], points[2]);
            if at[1] < before[1] && at[1] < after[1] && base - at[1] > 2.0 {
                out.push([at[0], at[1], base]);
            }
        }
    }
    out
}

#[test]
fn every_beat_lies_where_its_time_and_every_lead_where_its_name_says() {
    let recording = known();
    let options = ReportOptions { filter: Default::default(), ..ReportOptions::default() };
    let report = plain(&recording, &options);
    let (_, paths) = stroked(&report.pdf().unwrap());
    let [left, top, _, bottom] = paper(&paths);
    let names = ["I", "aVR", "V1", "V4", "II", "aVL", "V2", "V5", "III", "aVF", "V3", "V6"];
    let order: Vec<String> = recording.leads.iter().map(|signal| signal.lead.to_string()).collect();
    let height = (bottom - top) / 4.0;
    let peaks = peaks(&paths, left);
    // Each of twelve frames shows 2.5 s (two or three beats), the rhythm strip ten.
    let mut seen = BTreeSet::new();
    for [x, y, base] in &peaks {
        let row = ((base - top) / height) as usize;
        let seconds = (x - left - 10.0) / 25.0;
        let near = (seconds - 0.5).round() + 0.5;
        assert!(close(x - left - 10.0, near * 25.0), "a peak at {seconds} s");
        let name = if row == 3 { "II" } else { names[row * 4 + (seconds / 2.5) as usize] };
        let lead = order.iter().position(|lead| lead == name).unwrap();
        assert!(close(base - y, 10.0 * (0.4 + 0.1 * lead as f64)), "{name}: {} mm", base - y);
        seen.insert((row, (seconds / 2.5) as usize, near as usize));
    }
    // Two beats lie where one lead gives way to the next and are cut there.
    assert_eq!(seen.len(), 3 * 8 + 10, "eight beats in each row of four leads, ten in the strip");
    // The name stands above its trace.
    let texts = report.document.pages[0].texts();
    for (index, name) in names.iter().enumerate() {
        let (row, column) = (index / 4, index % 4);
        let x = left + 10.0 + 62.5 * column as f64;
        let found = texts.iter().any(|text| {
            let (at_x, at_y) = (f64::from(text.at.x), f64::from(text.at.y));
            text.text == *name
                && at_x >= x
                && at_x < x + 5.0
                && at_y > top + height * row as f64
                && at_y < top + height * (row as f64 + 0.5)
        });
        assert!(found, "{name}");
    }
}

#[test]
fn text_can_be_found_and_names_of_any_script_are_there() {
    let report = plain(&known(), &ReportOptions::default());
    let pdf = report.pdf().unwrap();
    let all = text(&pdf);
    for wanted in [
        "UNCONFIRMED - a physician must review",
        "Research software, not for diagnosis.",
        "25 mm/s",
        "10 mm/mV",
        "0.05–150 Hz",
        NAME,
        "P-17",
        "56 years",
        "2026-03-04 05:06:07",
        "known.hea",
        "Nobody has reviewed this recording.",
        "No model has answered.",
        "aVR",
        "page 1 of 1",
    ] {
        assert!(all.contains(&squeezed(wanted)), "{wanted} is not in {all}");
    }
    // The file says what it is.
    let raw = String::from_utf8_lossy(&pdf);
    assert!(raw.contains("<pdfaid:part>2</pdfaid:part>") && raw.contains("<pdfaid:conformance>A</pdfaid:conformance>"));
    assert!(raw.contains("/StructTreeRoot") && raw.contains("/Marked true"));
    assert_eq!(pdf, plain(&known(), &ReportOptions::default()).pdf().unwrap(), "the same report has the same bytes");
}

#[test]
fn the_status_is_unconfirmed_until_a_reader_confirms() {
    let recording = known();
    let time = NaiveDate::from_ymd_opt(2026, 11, 25).and_then(|day| day.and_hms_opt(8, 30, 0));
    let confirmed = Reviewed {
        status: Status::Confirmed,
        reader: Some("Dr. Ada Lovelace".into()),
        time,
        conclusion: "Sinus rhythm. No acute change.".into(),
        findings: vec![ReviewedFinding {
            task: "reader".into(),
            code: "AFIB".into(),
            label: "Atrial fibrillation".into(),
            verdict: Verdict::Added,
            certainty: "possible".into(),
            note: "paroxysmal".into(),
        }],
        audit: vec![AuditEntry {
            when: "2026-11-25T08:29:00Z".into(),
            who: "AL".into(),
            what: "finding added".into(),
            before: "nothing".into(),
            after: "Atrial fibrillation".into(),
        }],
        ..Reviewed::default()
    };
    let options = ReportOptions { sections: vec![Section::Audit], ..ReportOptions::default() };
    let all = text(&reviewed(&recording, &options, &confirmed).pdf().unwrap());
    for wanted in [
        "CONFIRMED by Dr. Ada Lovelace on 2026-11-25 08:30:00 UTC",
        "No acute change.",
        "Atrial fibrillation (possible; paroxysmal)",
        "Audit trail",
    ] {
        assert!(all.contains(&squeezed(wanted)), "{wanted}");
    }
    assert!(!all.contains("UNCONFIRMED") && !all.contains(&squeezed("a physician must review")));
    for status in [Status::Unread, Status::InReview, Status::Amended] {
        let all = text(&reviewed(&recording, &options, &Reviewed { status, ..confirmed.clone() }).pdf().unwrap());
        assert!(all.contains("UNCONFIRMED") || all.contains(&squeezed("not confirmed")), "{status:?}");
    }
}

#[test]
fn pixels_show_paper_pulse_and_status() {
    let report = plain(&known(), &ReportOptions::default());
    let (_, paths) = stroked(&report.pdf().unwrap());
    let page = &report.document.pages[0];
    // Ten pixels a millimetre.
    let file = png(page, "en", Dpi::new(254.0).unwrap()).unwrap();
    let map = resvg::tiny_skia::Pixmap::decode_png(&file).unwrap();
    assert_eq!((map.width(), map.height()), (2970, 2100));
    let at = |x: f64, y: f64| {
        let pixel = map.pixel((x * 10.0) as u32, (y * 10.0) as u32).unwrap().demultiply();
        [i32::from(pixel.red()), i32::from(pixel.green()), i32::from(pixel.blue())]
    };
    let [left, top, right, _] = paper(&paths);
    let darker = |a: [i32; 3], b: [i32; 3]| a.iter().sum::<i32>() < b.iter().sum::<i32>() - 20;
    // Along the upper edge's second square: every fifth millimetre is darker than what lies half a millimetre beside it.
    for line in 0..52 {
        let x = left + 5.0 * f64::from(line);
        if x + 0.5 < right {
            assert!(darker(at(x, top + 1.5), at(x + 0.5, top + 1.5)), "line {line}");
        }
    }
    for pulse in pulses(&paths) {
        let (x, y) = (0.5 * (pulse[2][0] + pulse[3][0]), pulse[2][1]);
        assert!(at(x, y)[0] < 120, "the top of the pulse is black");
        assert!(at(x, y + 5.4)[0] > 200, "and within it is paper");
    }
    // The box with the status is red, and has letters in it.
    let red = |p: [i32; 3]| p[0] > 120 && p[1] < 90 && p[2] < 90;
    let inside = (0..900).flat_map(|x| (0..40).map(move |y| (right - 100.0 + f64::from(x) * 0.1, 8.0 + f64::from(y) * 0.1)));
    assert!(inside.filter(|(x, y)| red(at(*x, *y))).count() > 500);
}

#[test]
fn gaps_uncalibrated_and_missing_leads_are_shown_as_such() {
    use efficientecg::recording::StandardLead::{AVL, AVR, I, II, III, V1};
    let mut recording = with_leads(&[I, II, III, AVR, AVL, V1], |lead, sample| {
        // II has no contact in its last seconds, V1 has no valid sample for a while.
        match lead {
            1 if sample >= 2500 => 37,
            5 if (1000..2000).contains(&sample) => efficientecg::recording::INVALID_SAMPLE,
            _ => (sample as i32 * 13 % 200) - 100,
        }
    });
    let first = recording.leads[0].clone();
    recording.leads[0] = Arc::new(Signal { calibrated: false, ..(*first).clone() });
    recording.gaps = vec![report_support::gap(2, 4)];
    let options = ReportOptions { filter: Default::default(), ..ReportOptions::default() };
    let report = plain(&recording, &options);
    let all = text(&report.pdf().unwrap());
    for wanted in [
        "UNCALIBRATED, amplitudes are not in mV: I",
        "Not recorded: aVF, V2, V3, V4, V5, V6",
        "Gaps without signal: 0:02.0–0:04.0",
        "no signal",
        "uncalibrated",
    ] {
        assert!(all.contains(&squeezed(wanted)), "{wanted} is not in {all}");
    }
    assert_eq!(report.content.signal.not_recorded, ["aVF", "V2", "V3", "V4", "V5", "V6"]);
}

#[test]
fn a_page_of_noise_stays_small() {
    let mut state = 1u32;
    let noise: Vec<i32> = (0..60_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as i32 - 128
        })
        .collect();
    let recording = with_leads(&efficientecg::recording::StandardLead::ALL, |lead, sample| noise[lead * 5000 + sample]);
    let size = plain(&recording, &ReportOptions::default()).pdf().unwrap().len();
    assert!(size < 400_000, "{size} bytes");
}

#[test]
fn every_layout_prints_in_every_language_on_every_sheet() {
    let recording = known();
    for layout in Catalogue::standard().all() {
        for (paper, language) in [(Paper::A4, Language::English), (Paper::Letter, Language::German)] {
            let options = ReportOptions { paper, language, layout: layout.clone(), ..ReportOptions::default() };
            let report = plain(&recording, &options);
            let pdf = report.pdf().unwrap();
            assert!(pdf.len() < 400_000, "{}: {}", layout.id, pdf.len());
            assert!(!svg(&report.document.pages[0], language.code()).contains("NaN"), "{}", layout.id);
            // Nothing but traces that are cut off at the paper lies beyond the sheet.
            for text in report.document.pages.iter().flat_map(|page| page.texts()) {
                assert!(
                    text.at.x > 0.0 && text.at.x < paper.size().0 && text.at.y > 0.0 && text.at.y < paper.size().1,
                    "{text:?}"
                );
            }
        }
    }
}

#[test]
fn german_reports_have_german_words() {
    let all = text(&plain(&known(), &ReportOptions { language: Language::German, ..ReportOptions::default() }).pdf().unwrap());
    for wanted in
        ["EKG-Befund", "NICHT BESTÄTIGT - ärztliche Beurteilung erforderlich", "0,05–150 Hz", "04.03.2026 05:06:07", "weiblich"]
    {
        assert!(all.contains(&squeezed(wanted)), "{wanted}");
    }
    assert!(!all.contains("UNCONFIRMED"));
}

/// Sentences of the layers below that a language file has no words for.
fn untold(content: &serde_json::Value, german: &serde_json::Value, out: &mut BTreeSet<String>) {
    match (content, german) {
        (serde_json::Value::Object(one), serde_json::Value::Object(other)) => {
            // The text of a measurement is its value.
            let sentences = if one.contains_key("value") { &["reason", "warning"][..] } else { &["reason", "what", "text"] };
            for (key, value) in one {
                let Some(own) = other.get(key) else { continue };
                let told = sentences.contains(&key.as_str());
                if let (true, Some(text)) = (told, value.as_str())
                    && value == own
                    && text.contains(' ')
                    && text.chars().any(char::is_lowercase)
                    && !Language::English.words().said.contains_key(text)
                {
                    out.insert(text.to_owned());
                }
                untold(value, own, out);
            }
        }
        (serde_json::Value::Array(one), serde_json::Value::Array(other)) => {
            one.iter().zip(other).for_each(|(one, other)| untold(one, other, out));
        }
        _ => {}
    }
}

#[test]
fn german_reports_tell_reasons_and_rules_in_german() {
    let mut recordings = examples();
    let demo = tempfile::tempdir().unwrap();
    efficientecg::commands::demo::write_all(demo.path(), formats::write::Existing::Keep).unwrap();
    let kinds = ["af", "inferior_st_elevation", "paced"].map(|kind| demo.path().join(format!("edf/demo_{kind}.edf")));
    recordings.extend(kinds.iter().map(|path| formats::open(path).unwrap()));
    let analyzer = Analyzer::open(&ModelOptions { engine: EngineChoice::Rten, ..ModelOptions::default() }).unwrap();
    let mut missing = BTreeSet::new();
    for recording in recordings.iter().filter(|recording| recording.duration_s() < 120.0) {
        let analysis = analyzer.analyze(recording, Demographics::default(), &Progress::new()).unwrap();
        let reviewed = Reviewed::default();
        let input = ReportInput { recording, analysis: Some(&analysis), reviewed: &reviewed, made: Default::default() };
        let [english, german] = Language::ALL.map(|language| {
            let report = Report::new(&input, &ReportOptions { language, ..ReportOptions::default() }).unwrap();
            serde_json::from_str::<serde_json::Value>(&report.json().unwrap()).unwrap()
        });
        // Rules and disagreements are kept for whoever wants to know; they are not printed.
        for part in ["measurements", "signal"] {
            untold(&english[part], &german[part], &mut missing);
        }
        for part in ["refused", "not_judged", "rules"] {
            let strip = |content: &serde_json::Value| {
                let mut list = content["machine"][part].clone();
                for entry in list.as_array_mut().into_iter().flatten() {
                    if part == "not_judged" {
                        // Only what was left open is printed.
                        entry.as_object_mut().unwrap().remove("reason");
                    }
                }
                list
            };
            untold(&strip(&english), &strip(&german), &mut missing);
        }
    }
    assert!(missing.is_empty(), "no German words for {missing:#?}");
}

/// The smallest set of recordings that has every kind: the first of each data set.
fn examples() -> Vec<Recording> {
    let sets = ["ptbxl/records500", "ludb", "cinc2017", "mitdb"];
    sets.iter()
        .filter_map(|set| shared(&format!("data/{set}")))
        .filter_map(|folder| formats::find_recordings(&folder).ok()?.into_iter().next())
        .map(|found| formats::open(&found.path).unwrap())
        .collect()
}

#[test]
fn every_section_prints_for_recordings_of_every_set() {
    let recordings = examples();
    if recordings.is_empty() {
        return;
    }
    let analyzer = Analyzer::open(&ModelOptions { engine: EngineChoice::Rten, ..ModelOptions::default() }).unwrap();
    for recording in &recordings {
        let demographics = Demographics { age_years: recording.patient.age_years, sex: recording.patient.sex };
        let analysis = analyzer.analyze(recording, demographics, &Progress::new()).unwrap();
        let reviewed = Reviewed::default();
        let input = ReportInput { recording, analysis: Some(&analysis), reviewed: &reviewed, made: Default::default() };
        for layout in Catalogue::standard().all() {
            let options = ReportOptions { layout: layout.clone(), ..ReportOptions::default() };
            Report::new(&input, &options).unwrap().pdf().unwrap_or_else(|e| panic!("{} {}: {e}", recording.name, layout.id));
        }
        let options = ReportOptions { sections: Section::ALL.to_vec(), ..ReportOptions::default() };
        let report = Report::new(&input, &options).unwrap();
        assert!(report.pdf().unwrap().len() < 2_000_000);
        let all = text(&report.pdf().unwrap());
        assert!(all.contains(&squeezed("Machine: not a diagnosis")) && all.contains(&squeezed("Census")), "{}", recording.name);
        assert_eq!(all.contains(&squeezed("Holter summary")), recording.duration_s() >= 600.0, "{}", recording.name);
        let content: serde_json::Value = serde_json::from_str(&report.json().unwrap()).unwrap();
        assert_eq!(content["schema"], "efficientecg.report/1");
        assert_eq!(content["beats"]["all"], analysis.beats.len());
        for page in &report.document.pages {
            assert!(svg(page, "en").ends_with("</svg>\n"));
        }
    }
}

fn efficientecg(arguments: &[&str]) -> std::process::Output {
    let binary = env!("CARGO_BIN_EXE_efficientecg");
    Command::new(binary).args(arguments).env("SOURCE_DATE_EPOCH", "1700000000").output().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_command_writes_files_and_never_over_others() {
    let folder = tempfile::tempdir().unwrap();
    let (demo, out) = (folder.path().join("demo"), folder.path().join("out"));
    let (demo, out) = (demo.to_str().unwrap(), out.to_str().unwrap());
    assert!(efficientecg(&["demo", "--out", demo]).status.success());
    let source = format!("{demo}/wfdb");
    let before: Vec<Vec<u8>> =
        names(Path::new(&source)).iter().map(|name| fs::read(Path::new(&source).join(name)).unwrap()).collect();
    let first = names(Path::new(&source)).into_iter().find(|name| name.ends_with(".hea")).unwrap();
    let (header, record) = (format!("{source}/{first}"), first.trim_end_matches(".hea").to_owned());
    let run = |more: &[&str]| efficientecg(&[&["report", &header, "--out", out, "--engine", "rten"], more].concat());
    let done = run(&["--format", "pdf,svg,json,png", "--sections", "all", "--dpi", "60"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let written = names(Path::new(out));
    for ending in [".pdf", ".svg", "-2.svg", ".png", ".report.json"] {
        assert!(written.contains(&format!("{record}{ending}")), "{ending}: {written:?}");
    }
    assert!(text(&fs::read(format!("{out}/{record}.pdf")).unwrap()).contains(&squeezed("SIMULATED RECORDING")));
    let again = run(&[]);
    assert_eq!(again.status.code(), Some(1), "a file that is there is not written over");
    assert!(run(&["--force"]).status.success());
    let after: Vec<Vec<u8>> =
        names(Path::new(&source)).iter().map(|name| fs::read(Path::new(&source).join(name)).unwrap()).collect();
    assert_eq!(before, after, "sources stay as they are");
    for wrong in [["--layout", "4x4"], ["--language", "xx"], ["--template", "/absent.toml"], ["--sections", "none"]] {
        assert_eq!(run(&wrong).status.code(), Some(2), "{wrong:?}");
    }
    let absent = efficientecg(&["report", "/absent.hea", "--out", out, "--engine", "rten"]);
    assert_eq!(absent.status.code(), Some(1));
}
