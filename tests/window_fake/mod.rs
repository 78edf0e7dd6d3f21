//! A backend without files and models: simulated recordings in memory and a made-up analysis whose evidence adds up.

use efficientecg::{
    analysis::*,
    app::{Backend, Failure},
    recording::*,
    signal::measurements::{Measured, Measurements},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// What the fake does and what was asked of it.
#[derive(Default)]
pub struct Fake {
    /// Analyses wait until this is set (or they are cancelled).
    pub hold: AtomicBool,
    /// Age and sex of every analysis begun.
    pub asked: Mutex<Vec<Demographics>>,
    /// Windows whose evidence was asked for.
    pub windows: Mutex<Vec<SampleRange>>,
}

/// Rate of every recording.
pub const RATE: f64 = 500.0;

impl Backend for Fake {
    /// The name tells what comes: `missing` fails, `lead1` has one lead, `long` half an hour, `short` four seconds, `gap` a gap, `raw` no calibration,
    /// `refused` no answer, `untrained` a model of random weights.
    fn open(&self, path: &Path, _progress: &Progress) -> Result<Recording, Failure> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name.contains("missing") {
            return Err(Failure::new("the signal file missing.dat is absent; put it beside the header"));
        }
        let leads = name.strip_prefix("lead").and_then(|n| n.parse().ok()).unwrap_or(12);
        let seconds = match () {
            () if name.contains("long") => 1800.0,
            () if name.contains("short") => 4.0,
            () => 10.0,
        };
        Ok(recording(path, &name, leads, seconds))
    }

    fn list(&self, folder: &Path, _progress: &Progress) -> Result<Vec<PathBuf>, Failure> {
        Err(Failure::new(format!("{}: no recording in this folder", folder.display())))
    }

    fn analyse(&self, recording: Arc<Recording>, demographics: Demographics, progress: &Progress) -> Result<Analysis, Failure> {
        self.asked.lock().expect("no panic while held").push(demographics);
        progress.report("detecting beats", 0.4)?;
        while self.hold.load(Ordering::Relaxed) {
            progress.check()?;
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(analysis(&recording, demographics))
    }

    fn evidence(
        &self,
        recording: Arc<Recording>,
        demographics: Demographics,
        window: SampleRange,
        _progress: &Progress,
    ) -> Result<Vec<Finding>, Failure> {
        self.windows.lock().expect("no panic while held").push(window);
        Ok(findings(&recording, demographics, window, true))
    }
}

/// A Gaussian wave of an ECG.
fn wave(t: f64, at: f64, width: f64, height: f64) -> f64 {
    height * (-0.5 * ((t - at) / width).powi(2)).exp()
}

/// Length of a beat in seconds.
const BEAT: f64 = 0.83;
/// Samples after which the signal repeats: nine beats.
const PERIOD: u64 = 9 * 415;

fn recording(path: &Path, name: &str, count: usize, seconds: f64) -> Recording {
    let rate = Rate::new(RATE).expect("positive");
    let length = (seconds * RATE) as u64;
    let r = [0.7, 1.1, 0.4, -0.9, 0.2, 0.7, 0.25, 0.6, 0.9, 1.5, 1.3, 0.9];
    let s = [0.1, 0.15, 0.2, 0.0, 0.2, 0.1, 0.9, 1.3, 0.8, 0.4, 0.2, 0.1];
    let t = [0.2, 0.3, 0.1, -0.25, 0.05, 0.2, -0.1, 0.4, 0.45, 0.4, 0.3, 0.2];
    let leads: Vec<Arc<Signal>> = (0..count)
        .map(|lead| {
            let k = lead % 12;
            // Nine beats of 415 samples, over and over.
            let nine: Vec<i32> = (0..PERIOD)
                .map(|i| {
                    let time = i as f64 / RATE;
                    let (beat, phase) = (i / (PERIOD / 9), (i % (PERIOD / 9)) as f64 / RATE);
                    let noise = ((i * 7919 + lead as u64 * 104_729) % 97) as f64 / 97.0 - 0.5;
                    let ectopic = beat % 9 == 5;
                    let qrs = if ectopic {
                        wave(phase, 0.30, 0.035, 1.5 * r[k]) + wave(phase, 0.40, 0.04, -0.9 * r[k])
                    } else {
                        wave(phase, 0.16, 0.022, 0.13 * r[k].signum())
                            + wave(phase, 0.325, 0.008, -0.1)
                            + wave(phase, 0.35, 0.011, r[k])
                            + wave(phase, 0.377, 0.011, -s[k])
                    };
                    let value =
                        qrs + wave(phase, 0.6, 0.05, t[k]) + 0.02 * noise + 0.05 * (time * std::f64::consts::TAU / 7.47).sin();
                    (value * 1000.0) as i32
                })
                .map(|v| if name.contains("raw") { v / 4 } else { v })
                .collect();
            let digital = (0..length as usize)
                .map(|i| {
                    let v = nine[i % nine.len()];
                    let lost = name.contains("gap") && (2600..3100).contains(&i) || name.contains("gap") && lead == 3;
                    if lost { INVALID_SAMPLE } else { v }
                })
                .collect();
            Arc::new(Signal {
                label: StandardLead::ALL[k].name().into(),
                lead: if lead < 12 { StandardLead::ALL[k].into() } else { LeadName::Other(format!("X{lead}")) },
                rate,
                calibrated: !name.contains("raw"),
                declared_checksum: None,
                data: Data::Recorded {
                    source: Arc::new(MemorySource(digital)),
                    scale: Scale { gain: 1000.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) },
                },
            })
        })
        .collect();
    let leads = derive(leads, name);
    let known = name.contains("patient");
    Recording {
        path: path.to_owned(),
        name: name.to_owned(),
        format: FileFormat::Wfdb,
        start: None,
        rate,
        length,
        leads,
        other_signals: Vec::new(),
        gaps: Vec::new(),
        patient: Patient { age_years: known.then_some(58.0), sex: known.then_some(Sex::Female), ..Patient::default() },
        annotations: vec![AnnotationSet {
            annotator: "reader".into(),
            annotations: vec![Annotation {
                at: SampleIndex(500),
                duration: None,
                mnemonic: Mnemonic("\"".into()),
                subtype: 0,
                chan: 0,
                num: 0,
                text: "lead off".into(),
            }],
        }],
        repairs: vec![Repair::new("gain of signal 3", "0", "200 counts per mV, the format's default")],
        comments: Vec::new(),
        simulated: true,
    }
}

/// III = II - I as a derived lead, where the name asks for it.
fn derive(mut leads: Vec<Arc<Signal>>, name: &str) -> Vec<Arc<Signal>> {
    if name.contains("derived") && leads.len() >= 3 {
        let terms = vec![Term { factor: 1.0, signal: leads[1].clone() }, Term { factor: -1.0, signal: leads[0].clone() }];
        let derived = Signal { data: Data::Derived(terms), ..(*leads[2]).clone() };
        leads[2] = Arc::new(derived);
    }
    leads
}

fn findings(recording: &Recording, demographics: Demographics, window: SampleRange, with_evidence: bool) -> Vec<Finding> {
    let classes = [
        ("rhythm", "N", "Normal sinus rhythm", 0.12, 0.5),
        ("rhythm", "A", "Atrial fibrillation", 0.87, 0.41),
        ("rhythm", "O", "Other rhythm", 0.38, 0.35),
        ("superclass", "NORM", "Normal ECG", 0.03, 0.45),
        ("superclass", "MI", "Myocardial infarction", 0.72, 0.4),
        ("superclass", "STTC", "ST/T change", 0.44, 0.45),
    ];
    let leads: Vec<LeadName> = recording.leads.iter().take(11).map(|signal| signal.lead.clone()).collect();
    classes
        .into_iter()
        .map(|(task, code, label, probability, threshold)| {
            let hop = 20.0;
            let tokens = (window.len() as f64 / hop) as usize;
            let values: Vec<f32> = (0..leads.len() * tokens)
                .map(|i| {
                    let (lead, token) = (i / tokens, i % tokens);
                    let phase = (window.start.0 as f64 / RATE + token as f64 * hop / RATE) % BEAT;
                    let looks = wave(phase, 0.16, 0.06, 0.02) - wave(phase, 0.6, 0.05, 0.012);
                    (looks * (1.0 + lead as f64 * 0.2)) as f32
                })
                .collect();
            let evidence = Evidence { start: window.start, hop, leads: leads.clone(), tokens, values };
            let feature = |name: &str, label: &str, value: Option<f32>, unit: &str, by: f32| FeatureEvidence {
                name: name.into(),
                label: label.into(),
                value,
                unit: unit.into(),
                contribution: if value.is_some() { by } else { 0.0 },
            };
            let feature_evidence = vec![
                feature("age_years", "Age", demographics.age_years, "years", 0.31),
                feature("sex_male", "Sex", demographics.sex.map(|s| f32::from(s == Sex::Male)), "", -0.08),
                feature("rr_irregularity", "RR irregularity", Some(0.18), "", 0.92),
                feature("p_correlation", "P wave repeats", Some(0.21), "", 0.4),
            ];
            let bias = -1.2;
            let logit = bias + feature_evidence.iter().map(|f| f.contribution).sum::<f32>() + evidence.sum();
            Finding {
                task: task.into(),
                code: code.into(),
                label: label.into(),
                probability,
                threshold,
                present: probability >= threshold && code != "O",
                exclusive: task == "rhythm",
                uncertain: (probability - threshold).abs() < 0.05,
                model: "efficientecg-record".into(),
                logit,
                bias,
                feature_evidence,
                evidence: with_evidence.then(|| Arc::new(evidence)),
            }
        })
        .collect()
}

fn analysis(recording: &Recording, demographics: Demographics) -> Analysis {
    let long = recording.duration_s() > 61.0;
    let nothing = recording.name.contains("refused") || recording.leads.is_empty();
    let full = recording.full_range();
    let windows = (0..full.end.0 / 5000)
        .filter(|_| long)
        .map(|i| SampleRange::new(i * 5000, (i + 1) * 5000))
        .map(|range| WindowFindings {
            start_s: range.start.0 as f64 / RATE,
            end_s: range.end.0 as f64 / RATE,
            range,
            findings: findings(recording, demographics, range, false),
            refused: Vec::new(),
        })
        .collect();
    let beats = (0..(recording.duration_s() / BEAT) as u64)
        .map(|i| Beat {
            sample: recording.rate.sample_at(i as f64 * BEAT + 0.35 - if i % 9 == 5 { 0.05 } else { 0.0 }),
            label: Some(if i % 9 == 5 { BeatLabel::V } else { BeatLabel::N }),
            probability: Some(0.97),
            uncertain: i % 27 == 14,
        })
        .collect();
    let lead = |usable, notes: &[&str]| LeadQuality {
        usable,
        valid: if usable { 1.0 } else { 0.0 },
        flat: false,
        notes: notes.iter().map(|note| (*note).to_owned()).collect(),
    };
    let mut leads: std::collections::BTreeMap<String, LeadQuality> =
        recording.leads.iter().map(|signal| (signal.lead.to_string(), lead(true, &[]))).collect();
    if recording.name.contains("gap") {
        leads.insert("aVR".into(), lead(false, &["no valid samples"]));
    }
    let measured = |value: Option<f64>, unit: &str, reason: Option<&str>| match value {
        Some(value) => Measured::new(value, unit),
        None => Measured::missing(unit, reason.unwrap_or("no reason")),
    };
    Analysis {
        engine: Some(EngineInUse {
            engine: "rten 0.27.0".into(),
            provider: "CPU".into(),
            note: Some("ONNX Runtime was not found".into()),
        }),
        models: vec![ModelInUse {
            name: "efficientecg-record".into(),
            version: if recording.name.contains("untrained") { "0.0.0-untrained" } else { "0.1.0" }.into(),
            sha256: "0123456789abcdef".into(),
        }],
        refused: if recording.leads.len() < 8 || nothing {
            vec![Refusal { task: "statement".into(), reason: "needs leads I, II and V1 to V6".into() }]
        } else {
            Vec::new()
        },
        quality: Quality { acceptable: None, probability: None, leads },
        demographics,
        findings: if nothing { Vec::new() } else { findings(recording, demographics, full, !long) },
        windows,
        beats,
        waves: None,
        measurements: Measurements(
            [
                ("heart_rate".to_owned(), measured(Some(72.3), "/min", None)),
                ("pr_interval".to_owned(), measured(None, "ms", Some("waves are not delineated"))),
            ]
            .into(),
        ),
        statements: None,
        repairs: Vec::new(),
        timings: Timings { read: 12.0, signal: 31.0, model: 44.0, total: 88.0 },
    }
}
