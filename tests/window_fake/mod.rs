//! A backend without files and models: simulated recordings in memory and a made-up analysis whose evidence adds up.

pub mod drive;

use efficientecg::{
    analysis::*,
    app::{Backend, Failure, review::files::ExportOrder},
    recording::*,
    review::{Baseline, BaselineSource, Review, Reviewer, exchange},
    signal::{
        criteria::{
            Group, Severity, Statement,
            agreement::{Agreement, Disagreement},
        },
        measurements::{Limits, Measured, Measurements},
        quality::{Problem, ProblemSpan},
        waves::{BeatWaves, LeadWaves, Wave, Waves},
    },
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
    /// Files that were opened.
    pub opened: Mutex<Vec<PathBuf>>,
    /// Windows whose evidence was asked for.
    pub windows: Mutex<Vec<SampleRange>>,
    /// Beats whose evidence was asked for.
    pub beats: Mutex<Vec<SampleIndex>>,
    /// Windows whose waves were asked for.
    pub waves: Mutex<Vec<SampleRange>>,
}

/// Rate of every recording.
pub const RATE: f64 = 500.0;

impl Backend for Fake {
    /// The name tells what comes: `missing` fails, `lead1` has one lead, `long` half an hour, `short` four seconds, `gap` a gap, `off` a lead off from its fifth second on, `raw` no calibration,
    /// `refused` no answer, `many` statements, `strange` windows that are refused, `untrained` a model of random weights,
    /// `doe-2024-03-01` a patient and a time, `calm` a normal ECG, `fault` an analysis that fails, `unwaved` no waves, `norules` no criteria, `metnone` no criterion met, `longwords` long ones, `hum` mains hum of 50 Hz.
    fn open(&self, path: &Path, _progress: &Progress) -> Result<Recording, Failure> {
        self.opened.lock().expect("no panic while held").push(path.to_owned());
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if name.contains("missing") {
            return Err(Failure::new("the signal file missing.dat is absent; put it beside the header"));
        }
        let leads = name.strip_prefix("lead").and_then(|n| n.parse().ok()).unwrap_or(12);
        let seconds = match () {
            () if name.contains("long") && !name.contains("words") => 1800.0,
            () if name.contains("short") => 4.0,
            () => 10.0,
        };
        Ok(recording(path, &name, leads, seconds))
    }

    /// The headers in a folder there is on disk, by name.
    fn list(&self, folder: &Path, _progress: &Progress) -> Result<Vec<PathBuf>, Failure> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
        let mut found: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|e| e == "hea")).collect();
        found.sort();
        if found.is_empty() {
            return Err(Failure::new(format!("{}: no recording in this folder", folder.display())));
        }
        Ok(found)
    }

    fn analyse(&self, recording: Arc<Recording>, demographics: Demographics, progress: &Progress) -> Result<Analysis, Failure> {
        self.asked.lock().expect("no panic while held").push(demographics);
        if recording.name.contains("fault") {
            return Err(Failure::new("the analysis met a fault"));
        }
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

    fn waves(&self, recording: Arc<Recording>, window: SampleRange, _progress: &Progress) -> Result<Waves, Failure> {
        self.waves.lock().expect("no panic while held").push(window);
        Ok(waves(&recording, |at| window.contains(at)))
    }

    fn beat_evidence(&self, recording: Arc<Recording>, beat: SampleIndex, _progress: &Progress) -> Result<Vec<Finding>, Failure> {
        self.beats.lock().expect("no panic while held").push(beat);
        Ok(beat_findings(&recording, beat))
    }

    /// The beats as a table in the folder: what the command line's writers do is tested with them.
    fn export_review(
        &self,
        review: &Review,
        _reviewer: &Reviewer,
        recording: &Recording,
        order: &ExportOrder,
    ) -> Result<Vec<String>, Failure> {
        let path = order.folder.join("beats.csv");
        std::fs::write(&path, exchange::csv::beats(review, recording.rate)).map_err(Failure::new)?;
        Ok(vec![format!("Wrote {}", path.display())])
    }

    /// A table of beats, as the command line reads it.
    fn import_labels(&self, recording: &Recording, file: Option<&Path>, _: Option<&str>) -> Result<exchange::Incoming, Failure> {
        let file = file.ok_or_else(|| Failure::new("no annotations"))?;
        let text = std::fs::read_to_string(file).map_err(Failure::new)?;
        let beats = exchange::csv::read_beats(&text, recording.rate).map_err(Failure::new)?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let source = BaselineSource::Imported { annotator: "colleague".into(), file: name };
        let (rate, length) = (recording.rate, recording.length);
        let baseline = Baseline { source, rate, length, beats, intervals: Vec::new(), findings: Vec::new() };
        Ok(exchange::Incoming { baseline, warnings: Vec::new() })
    }

    /// Nobody has reviewed anything.
    fn reviewed(&self, _recording: &Recording, _progress: &Progress) -> Result<efficientecg::report::Reviewed, Failure> {
        Ok(efficientecg::report::Reviewed::default())
    }
}

/// R peak of a beat.
fn r_peak(i: u64) -> f64 {
    i as f64 * BEAT + 0.35 - if i % 9 == 5 { 0.05 } else { 0.0 }
}

/// The waves of the beats whose R peak `wanted` takes; they lie where [`recording`] draws them: PR 200 ms, QRS 100 ms, QT 430 ms. Each lead sees
/// its QRS complex begin some milliseconds later than the first of them.
fn waves(recording: &Recording, wanted: impl Fn(SampleIndex) -> bool) -> Waves {
    let beats = |late: f64| -> Vec<BeatWaves> {
        (0..(recording.duration_s() / BEAT) as u64)
            .filter(|i| wanted(recording.rate.sample_at(r_peak(*i))))
            .map(|i| {
                let wave = |onset: f64, peak: f64, offset: f64| {
                    let at = |second: f64| (i as f64 * BEAT + second) * RATE;
                    Some(Wave { onset: at(onset + late), peak: at(peak), offset: at(offset) })
                };
                let ectopic = i % 9 == 5;
                BeatWaves {
                    beat: i as usize,
                    p: if ectopic { None } else { wave(0.10, 0.16, 0.22) },
                    qrs: if ectopic { wave(0.20, 0.30, 0.48) } else { wave(0.30, 0.35, 0.40) },
                    t: wave(0.48, 0.60, 0.73),
                }
            })
            .collect()
    };
    let lead = |(k, signal): (usize, &Arc<Signal>)| LeadWaves { lead: signal.lead.clone(), beats: beats(0.001 * k as f64) };
    Waves { global: beats(0.0), leads: recording.leads.iter().enumerate().map(lead).collect() }
}

/// What a clinical ECG carries in its corner.
fn measured(recording: &Recording) -> Measurements {
    let of = |value: f64, unit: &str| Measured { beats: Some(11), confidence: Some(0.9), ..Measured::new(value, unit) };
    let within = |measured: Measured, low: Option<f64>, high: Option<f64>, source: &str| Measured {
        limits: Some(Limits { low, high, source: source.into() }),
        ..measured
    };
    let leads = |names: &[&str]| names.iter().map(|name| LeadName::parse(name)).collect::<Vec<_>>();
    let mut all: std::collections::BTreeMap<String, Measured> = [
        ("heart_rate", of(72.3, "bpm")),
        ("heart_rate_min", of(58.0, "bpm")),
        ("heart_rate_max", of(104.0, "bpm")),
        ("rr_mean", of(830.0, "ms")),
        ("pr", Measured { leads: leads(&["I", "II", "V1"]), ..within(of(200.0, "ms"), Some(120.0), Some(200.0), "AHA 2009") }),
        ("p_duration", of(120.0, "ms")),
        ("qrs", within(of(100.0, "ms"), None, Some(110.0), "AHA/ACCF/HRS 2009, part III")),
        ("qt", of(430.0, "ms")),
        (
            "qtc_bazett",
            Measured {
                warning: Some("the rate is unstable".into()),
                ..within(of(472.0, "ms"), Some(390.0), Some(450.0), "AHA/ACCF/HRS 2009, part IV")
            },
        ),
        ("qtc_fridericia", within(of(457.6, "ms"), Some(390.0), Some(450.0), "AHA/ACCF/HRS 2009, part IV")),
        ("qtc_framingham", within(of(449.0, "ms"), Some(390.0), Some(450.0), "AHA/ACCF/HRS 2009, part IV")),
        ("qtc_hodges", within(of(451.4, "ms"), Some(390.0), Some(450.0), "AHA/ACCF/HRS 2009, part IV")),
        ("p_axis", Measured::missing("degrees", "P waves are too small")),
        (
            "qrs_axis",
            Measured { leads: leads(&["I", "aVF"]), ..within(of(-34.0, "degrees"), Some(-30.0), Some(90.0), "AHA 2009") },
        ),
        ("t_axis", Measured { confidence: Some(0.3), ..of(41.0, "degrees") }),
        ("sokolow_lyon", Measured { leads: leads(&["V1", "V5"]), ..of(2.1, "mV") }),
        ("cornell", of(1.2, "mV")),
    ]
    .map(|(name, measured)| (name.to_owned(), measured))
    .into();
    for signal in &recording.leads {
        let mut add = |name: &str, measured: Measured| all.insert(format!("{name}_{}", signal.lead), measured);
        add("p_amplitude", of(0.13, "mV"));
        add("q_amplitude", of(-0.1, "mV"));
        add("r_amplitude", of(1.1, "mV"));
        add("s_amplitude", Measured::missing("mV", "no S wave"));
        add("st_j", of(0.02, "mV"));
        add("st_j60", within(of(0.21, "mV"), Some(-0.05), Some(0.1), "AHA 2009"));
        add("t_amplitude", of(0.3, "mV"));
    }
    Measurements(all)
}

fn statements() -> Vec<Statement> {
    let statement = |group, code: &str, text: &str, rule: &str, values: &[(&str, f64)]| Statement {
        group,
        severity: Severity::Abnormal,
        scp: None,
        leads: Vec::new(),
        confidence: None,
        caveats: Vec::new(),
        code: code.into(),
        text: text.into(),
        rule: rule.into(),
        values: values.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
    };
    vec![
        statement(Group::Axis, "AHA 121", "left-axis deviation", "QRS axis from -90 to -30 degrees", &[("qrs_axis", -34.0)]),
        statement(
            Group::Repolarisation,
            "AHA 148",
            "prolonged QT interval",
            "QTc above 450 ms in men",
            &[("qtc_fridericia", 457.6), ("qrs", 100.0)],
        ),
    ]
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
                    // Nine beats are no whole number of 50 Hz cycles, but 3735 samples are nearly.
                    let hum = if name.contains("hum") { 0.08 * (time * std::f64::consts::TAU * 50.0).sin() } else { 0.0 };
                    let value = qrs
                        + hum
                        + wave(phase, 0.6, 0.05, t[k])
                        + 0.02 * noise
                        + 0.05 * (time * std::f64::consts::TAU / 7.47).sin();
                    (value * 1000.0) as i32
                })
                .map(|v| if name.contains("raw") { v / 4 } else { v })
                .collect();
            let digital = (0..length as usize)
                .map(|i| {
                    let v = nine[i % nine.len()];
                    let lost = name.contains("gap") && (2600..3100).contains(&i) || name.contains("gap") && lead == 3;
                    let off = name.contains("off") && lead == 7 && i >= 2500;
                    if lost {
                        INVALID_SAMPLE
                    } else if off {
                        0
                    } else {
                        v
                    }
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
        start: day_of(name),
        rate,
        length,
        leads,
        other_signals: Vec::new(),
        gaps: Vec::new(),
        patient: Patient {
            age_years: known.then_some(58.0),
            sex: known.then_some(Sex::Female),
            name: name.starts_with("doe").then(|| "Doe, Jane".to_owned()),
            id: name.starts_with("doe").then(|| "P-7".to_owned()),
            ..Patient::default()
        },
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

/// Noon of the day the name ends with.
fn day_of(name: &str) -> Option<chrono::NaiveDateTime> {
    let day = name.get(name.len().checked_sub(10)?..)?;
    chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?.and_hms_opt(12, 0, 0)
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
    // Probabilities of 20 statements: every fifth is present, the next uncertain.
    const CODES: [&str; 20] = [
        "AFIB", "CLBBB", "CRBBB", "LAFB", "1AVB", "LVH", "IMI", "ASMI", "PVC", "PACE", "ISC_", "NDT", "ABQRS", "IRBBB",
        "LAO/LAE", "QWAVE", "LOWT", "NT_", "INVT", "STACH",
    ];
    let statements = CODES.iter().enumerate().map(|(i, code)| {
        let probability = [0.9, 0.52, 0.1, 0.2, 0.05][i % 5] + i as f32 * 1e-3;
        ("statement", *code, *code, probability, 0.5)
    });
    let many = recording.name.contains("many");
    let classes: Vec<_> = classes.into_iter().chain(statements.filter(|_| many)).collect();
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
            let mut feature_evidence = vec![
                feature("age_years", "Age", demographics.age_years, "years", 0.31),
                feature("sex_male", "Sex", demographics.sex.map(|s| f32::from(s == Sex::Male)), "", -0.08),
                feature("rr_irregularity", "RR irregularity", Some(0.18), "", 0.92),
                feature("p_correlation", "P wave repeats", Some(0.21), "", 0.4),
            ];
            // Measurements that hardly matter: too many to be shown one by one.
            feature_evidence
                .extend((1..=12).map(|i| feature(&format!("small_{i}"), &format!("Small {i}"), Some(1.0), "ms", 0.01)));
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

/// Classes of a beat: V of every ninth, else N; the evidence lies in lead II.
fn beat_findings(recording: &Recording, beat: SampleIndex) -> Vec<Finding> {
    let ectopic = ((beat.0 as f64 / RATE) / BEAT) as u64 % 9 == 5;
    [("N", "Normal beat"), ("V", "Ventricular ectopic beat")]
        .into_iter()
        .map(|(code, label)| {
            let own = (code == "V") == ectopic;
            let sign = if own { 1.0 } else { -1.0 };
            let leads = recording.leads.iter().map(|signal| &signal.lead).filter(|l| l.to_string() == "II").cloned().collect();
            let values: Vec<f32> = (0..20).map(|token| sign * wave(f64::from(token), 9.0, 2.0, 0.5) as f32).collect();
            let evidence = Evidence { start: SampleIndex(beat.0.saturating_sub(200)), hop: 20.0, leads, tokens: 20, values };
            Finding {
                task: "beat".into(),
                code: code.into(),
                label: label.into(),
                probability: if own { 0.97 } else { 0.03 },
                threshold: 0.5,
                present: own,
                exclusive: true,
                uncertain: false,
                model: "efficientecg-record".into(),
                logit: 0.25 + evidence.sum(),
                bias: 0.25,
                feature_evidence: Vec::new(),
                evidence: Some(Arc::new(evidence)),
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
        .map(|window| {
            let strange = recording.name.contains("strange");
            let reason = || "unlike the recordings the model was trained on (distance 31.2, limit 12.3)".to_owned();
            let refusal = |task: &str| Refusal { task: task.into(), reason: reason() };
            if strange {
                WindowFindings { findings: Vec::new(), refused: ["rhythm", "superclass"].map(refusal).into(), ..window }
            } else {
                window
            }
        })
        .collect();
    let beats = (0..(recording.duration_s() / BEAT) as u64)
        .map(|i| Beat {
            sample: recording.rate.sample_at(r_peak(i)),
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
        numbers: Default::default(),
        problems: Vec::new(),
    };
    let mut leads: std::collections::BTreeMap<String, LeadQuality> =
        recording.leads.iter().map(|signal| (signal.lead.to_string(), lead(true, &[]))).collect();
    if recording.name.contains("gap") {
        leads.insert("aVR".into(), lead(false, &["no valid samples"]));
    }
    if recording.name.contains("off")
        && let Some(quality) = leads.get_mut("V2")
    {
        quality.problems.push(ProblemSpan { problem: Problem::LeadOff, start: 5, end: 10 });
    }
    let waved = !recording.name.contains("unwaved");
    // Of long recordings ten seconds of every minute.
    let looked_at = |at: SampleIndex| !long || (25.0..35.0).contains(&(at.0 as f64 / RATE % 60.0));
    let mut refused = Vec::new();
    if recording.leads.len() < 8 || nothing {
        refused.push(Refusal { task: "statement".into(), reason: "needs leads I, II and V1 to V6".into() });
    }
    if !waved {
        refused.push(Refusal { task: "waves".into(), reason: "no wave model is installed".into() });
    }
    let unmeasured = |name: &str| (name.to_owned(), Measured::missing("ms", "waves are not delineated"));
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
        refused,
        quality: Quality { leads, ..Quality::default() },
        demographics,
        findings: match () {
            () if nothing => Vec::new(),
            () if recording.name.contains("calm") => {
                let mut all = findings(recording, demographics, full, !long);
                all.retain(|finding| finding.task == "rhythm");
                for finding in &mut all {
                    finding.present = finding.code == "N";
                }
                all
            }
            () => findings(recording, demographics, full, !long),
        },
        windows,
        beats,
        waves: waved.then(|| waves(recording, looked_at)),
        measurements: if waved {
            measured(recording)
        } else {
            Measurements([("heart_rate".to_owned(), Measured::new(72.3, "bpm")), unmeasured("pr"), unmeasured("qt")].into())
        },
        statements: match () {
            () if recording.name.contains("norules") => None,
            () if recording.name.contains("metnone") || recording.name.contains("calm") => Some(Vec::new()),
            () if recording.name.contains("longwords") => {
                Some(statements().into_iter().map(|one| Statement { text: one.text.repeat(9), ..one }).collect())
            }
            () => Some(statements()),
        },
        not_judged: Vec::new(),
        agreement: Agreement {
            disagreements: vec![Disagreement {
                topic: "atrial fibrillation".into(),
                rule_says: "sinus rhythm".into(),
                model_says: "present (87 %)".into(),
            }],
            ..Agreement::default()
        },
        median_beat: None,
        repairs: Vec::new(),
        timings: Timings { read: 12.0, signal: 31.0, model: 44.0, total: 88.0 },
    }
}
