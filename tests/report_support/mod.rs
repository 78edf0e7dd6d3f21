//! A recording whose every millimetre is known, and a reader of PDF content that knows nothing of the program that wrote it.

use chrono::NaiveDate;
use efficientecg::{
    recording::{
        Data, FileFormat, LeadName, MemorySource, Patient, Rate, Recording, SampleRange, Scale, Sex, Signal, StandardLead,
    },
    report::{Report, ReportInput, ReportOptions, Reviewed},
};
use lopdf::{Document, Object, content::Content};
use std::sync::Arc;

/// Points a millimetre.
pub const PT: f64 = 72.0 / 25.4;
pub const NAME: &str = "Müller-Łukasz 王小明 Иванова";

/// Twelve leads of ten seconds at 500 Hz, flat but for a triangle every second, half a second after the full one. Its height tells the
/// lead: 0.4 mV in I, 0.1 mV more in each that follows.
pub fn known() -> Recording {
    with_leads(&StandardLead::ALL, |lead, sample| {
        let height = 400 + 100 * lead as i32;
        let from_peak = (sample as i32 % 500 - 250).abs();
        // A thousandth of a millivolt is a count; something small keeps the line from being taken for a lead that is off.
        let floor = (sample as i32 * 7 % 3) * 4;
        if from_peak < 10 { (height * (10 - from_peak) / 10).max(floor) } else { floor }
    })
}

/// Ten seconds at 500 Hz in microvolts.
pub fn with_leads(leads: &[StandardLead], value: impl Fn(usize, usize) -> i32) -> Recording {
    let rate = Rate::HZ_500;
    let signal = |(number, lead): (usize, &StandardLead)| {
        Arc::new(Signal {
            label: lead.name().to_owned(),
            lead: LeadName::Standard(*lead),
            rate,
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded {
                source: Arc::new(MemorySource((0..5000).map(|sample| value(number, sample)).collect())),
                scale: Scale { gain: 1000.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
            },
        })
    };
    Recording {
        path: "known.hea".into(),
        name: "known".into(),
        format: FileFormat::Wfdb,
        start: NaiveDate::from_ymd_opt(2026, 3, 4).and_then(|day| day.and_hms_opt(5, 6, 7)),
        rate,
        length: 5000,
        leads: leads.iter().enumerate().map(signal).collect(),
        other_signals: Vec::new(),
        gaps: Vec::new(),
        patient: Patient {
            id: Some("P-17".into()),
            name: Some(NAME.into()),
            age_years: Some(56.0),
            sex: Some(Sex::Female),
            born: None,
        },
        annotations: Vec::new(),
        repairs: Vec::new(),
        comments: Vec::new(),
        simulated: false,
    }
}

/// The whole recording as a gap from one second to another.
pub fn gap(from_s: u64, to_s: u64) -> SampleRange {
    SampleRange::new(from_s * 500, to_s * 500)
}

/// A report without an analysis: nothing but the file is needed for the paper.
pub fn plain(recording: &Recording, options: &ReportOptions) -> Report {
    reviewed(recording, options, &Reviewed::default())
}

pub fn reviewed(recording: &Recording, options: &ReportOptions, reviewed: &Reviewed) -> Report {
    let made = NaiveDate::from_ymd_opt(2026, 11, 26).and_then(|day| day.and_hms_opt(12, 0, 0)).unwrap();
    Report::new(&ReportInput { recording, analysis: None, reviewed, made }, options).unwrap()
}

/// A stroked path of a PDF page.
#[derive(Debug, Clone)]
pub struct Stroked {
    /// Operands of the stroke colour, as parts of 255.
    pub colour: [i32; 3],
    /// Its lines, in mm from the page's upper left corner.
    pub lines: Vec<Vec<[f64; 2]>>,
}

/// Width and height of the first page in mm, and all that is stroked on it.
pub fn stroked(pdf: &[u8]) -> ((f64, f64), Vec<Stroked>) {
    let document = Document::load_mem(pdf).unwrap();
    let page = *document.get_pages().get(&1).unwrap();
    let number = |object: &Object| f64::from(object.as_float().unwrap());
    let size = document.get_dictionary(page).unwrap().get(b"MediaBox").unwrap().as_array().unwrap();
    let (width, height) = (number(&size[2]), number(&size[3]));
    let content = Content::decode(&document.get_page_content(page)).unwrap();
    let mut matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
    let mut colour = [0; 3];
    let mut kept = Vec::new();
    let mut lines: Vec<Vec<[f64; 2]>> = Vec::new();
    let mut out = Vec::new();
    for operation in content.operations {
        let n: Vec<f64> = operation.operands.iter().filter_map(|o| o.as_float().ok()).map(f64::from).collect();
        let at = |x: f64, y: f64, m: &[f64; 6]| [(m[0] * x + m[2] * y + m[4]) / PT, (height - (m[1] * x + m[3] * y + m[5])) / PT];
        match operation.operator.as_str() {
            "q" => kept.push((matrix, colour)),
            "Q" => (matrix, colour) = kept.pop().unwrap(),
            "cm" => {
                let m = matrix;
                matrix = [
                    n[0] * m[0] + n[1] * m[2],
                    n[0] * m[1] + n[1] * m[3],
                    n[2] * m[0] + n[3] * m[2],
                    n[2] * m[1] + n[3] * m[3],
                    n[4] * m[0] + n[5] * m[2] + m[4],
                    n[4] * m[1] + n[5] * m[3] + m[5],
                ];
            }
            "SC" | "SCN" | "RG" if n.len() == 3 => colour = [0, 1, 2].map(|i| (n[i] * 255.0).round() as i32),
            "m" => lines.push(vec![at(n[0], n[1], &matrix)]),
            "l" => lines.last_mut().unwrap().push(at(n[0], n[1], &matrix)),
            "S" | "s" | "B" | "b" => out.push(Stroked { colour, lines: std::mem::take(&mut lines) }),
            "n" | "f" | "f*" => lines.clear(),
            _ => {}
        }
    }
    ((width / PT, height / PT), out)
}

/// All text of a PDF without white space: how words are spaced is the extractor's business.
pub fn text(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = document.get_pages().keys().copied().collect();
    squeezed(&document.extract_text(&pages).unwrap())
}

pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
