//! The pipeline on simulated recordings, with the built-in engine and the models in the binary.

use super::*;
use crate::{
    model::{EngineChoice, ModelOptions},
    recording::{
        Data, FileFormat, INVALID_SAMPLE, LeadName, MemorySource, Patient, Rate, Recording, Scale, Signal, StandardLead,
    },
    signal::features::RECORD_FEATURES,
    simulate::{COUNTS_PER_MV, Simulated, Spec, demo_recordings, simulate},
};
use std::sync::{Arc, OnceLock};

fn analyzer() -> &'static Analyzer {
    static ANALYZER: OnceLock<Analyzer> = OnceLock::new();
    ANALYZER.get_or_init(|| {
        let options = ModelOptions { engine: EngineChoice::Rten, ..ModelOptions::default() };
        Analyzer::open(&options).expect("the models in the binary run on the built-in engine")
    })
}

/// The simulated leads as a recording in memory; `change` may spoil the samples of a lead.
pub(super) fn recording(simulated: &Simulated, calibrated: bool, change: impl Fn(StandardLead, &mut Vec<i32>)) -> Recording {
    let signal = |lead: &crate::simulate::SimulatedLead| {
        let mut samples: Vec<i32> = lead.counts.iter().map(|c| i32::from(*c)).collect();
        change(lead.lead, &mut samples);
        Arc::new(Signal {
            label: lead.lead.name().to_owned(),
            lead: lead.lead.into(),
            rate: simulated.rate,
            calibrated,
            declared_checksum: None,
            data: Data::Recorded {
                source: Arc::new(MemorySource(samples)),
                scale: Scale { gain: COUNTS_PER_MV, baseline: 0.0, unit: "mV".to_owned(), millivolts_per_unit: Some(1.0) },
            },
        })
    };
    Recording {
        path: simulated.name.clone().into(),
        name: simulated.name.clone(),
        format: FileFormat::Wfdb,
        start: None,
        rate: simulated.rate,
        length: simulated.leads.first().map_or(0, |l| l.counts.len() as u64),
        leads: simulated.leads.iter().map(signal).collect(),
        other_signals: Vec::new(),
        gaps: Vec::new(),
        patient: Patient::default(),
        annotations: Vec::new(),
        repairs: Vec::new(),
        comments: Vec::new(),
        simulated: true,
    }
}

pub(super) fn analyze(recording: &Recording) -> Analysis {
    analyzer().analyze(recording, Demographics::default(), &Progress::new()).expect("an analysis")
}

fn of_task<'a>(findings: &'a [Finding], task: &'a str) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(move |f| f.task == task)
}

#[test]
fn evidence_features_and_bias_add_up_to_every_logit() {
    for simulated in demo_recordings() {
        let analysis = analyze(&recording(&simulated, true, |_, _| {}));
        assert_eq!(analysis.findings.len(), 43, "4 rhythms, 5 superclasses, 34 statements: {:?}", analysis.refused);
        for finding in &analysis.findings {
            let evidence = finding.evidence.as_ref().expect("evidence");
            let features: f32 = finding.feature_evidence.iter().map(|f| f.contribution).sum();
            let sum = finding.bias + features + evidence.sum();
            assert!((sum - finding.logit).abs() < 1e-3, "{} {}: {sum} is not {}", simulated.name, finding.code, finding.logit);
            assert_eq!(evidence.values.len(), evidence.leads.len() * evidence.tokens);
            let unknown = finding.feature_evidence.iter().filter(|f| f.value.is_none());
            assert!(
                unknown.clone().count() >= 2 && unknown.clone().all(|f| f.contribution == 0.0),
                "unknown age and sex add nothing"
            );
        }
    }
}

#[test]
fn beats_and_rate_are_the_true_ones() {
    for simulated in demo_recordings() {
        let analysis = analyze(&recording(&simulated, true, |_, _| {}));
        assert_eq!(analysis.beats.len(), simulated.beats.len(), "{}", simulated.name);
        for (found, truth) in analysis.beats.iter().zip(&simulated.beats) {
            assert!(found.sample.0.abs_diff(truth.sample.0) <= 10, "{}: {found:?} {truth:?}", simulated.name);
            assert!(found.label.is_some());
        }
        let first = simulated.beats.first().expect("a beat").sample;
        let last = simulated.beats.last().expect("a beat").sample;
        let rate = 60.0 * (simulated.beats.len() - 1) as f64 / (simulated.rate.seconds(last) - simulated.rate.seconds(first));
        let measured = analysis.measurements.0["heart_rate"].value.expect("a rate");
        assert!((measured - rate).abs() < 1.0, "{}: {measured} is not {rate}", simulated.name);
    }
}

#[test]
fn nothing_is_seen_where_there_is_no_signal() {
    let simulated = simulate("gap", "with a gap", &Spec { duration_s: 20.0, ..Spec::default() });
    // No lead has a sample from 6 to 10 s; V1 is off throughout.
    let (from, to) = (6 * 500, 10 * 500);
    let recording = recording(&simulated, true, |lead, samples| {
        samples[from..to].fill(INVALID_SAMPLE);
        if lead == StandardLead::V1 {
            samples.fill(3);
        }
    });
    let analysis = analyze(&recording);
    assert!(!analysis.quality.leads["V1"].usable && analysis.quality.leads["V1"].flat);
    assert!(analysis.beats.iter().all(|b| !(from as u64..to as u64).contains(&b.sample.0)), "no beats in the gap");
    assert!(analysis.refused.iter().any(|r| r.task == "superclass" && r.reason.contains("V1")), "{:?}", analysis.refused);
    let finding = of_task(&analysis.findings, "rhythm").next().expect("rhythm is answered from the other leads");
    let evidence = finding.evidence.as_ref().expect("evidence");
    assert!(evidence.row(&LeadName::Standard(StandardLead::V1)).is_none());
    let row = evidence.row(&LeadName::Standard(StandardLead::II)).expect("II");
    let at = |sample: usize| (sample as f64 / evidence.hop) as usize;
    assert!(row[at(from) + 1..at(to) - 1].iter().all(|v| *v == 0.0), "no evidence in the gap");
    assert!(row.iter().any(|v| *v != 0.0));
}

#[test]
fn uncalibrated_leads_answer_for_rhythm_only() {
    let simulated = simulate("uncalibrated", "", &Spec { duration_s: 10.0, ..Spec::default() });
    let analysis = analyze(&recording(&simulated, false, |_, samples| samples.iter_mut().for_each(|s| *s *= 7)));
    assert_eq!(of_task(&analysis.findings, "rhythm").count(), 4);
    assert_eq!(of_task(&analysis.findings, "superclass").count(), 0);
    assert!(analysis.refused.iter().any(|r| r.task == "superclass" && r.reason.contains("uncalibrated")));
    // Scale must not matter then.
    let other = analyze(&recording(&simulated, false, |_, samples| samples.iter_mut().for_each(|s| *s *= 2)));
    for (a, b) in analysis.findings.iter().zip(&other.findings) {
        assert!((a.probability - b.probability).abs() < 1e-2, "{}: {} {}", a.code, a.probability, b.probability);
    }
}

#[test]
fn long_recordings_are_summed_up_from_windows_that_can_be_looked_into() {
    let simulated = simulate("long", "", &Spec { duration_s: 95.0, ..Spec::default() });
    let recording = recording(&simulated, true, |_, _| {});
    let analysis = analyze(&recording);
    assert_eq!(analysis.windows.len(), 10, "95 s: nine windows of 10 s and one of 5 s");
    assert_eq!(analysis.windows.last().map(|w| w.end_s), Some(95.0));
    let mean = |code: &str| {
        let seconds = |w: &WindowFindings| w.end_s - w.start_s;
        let found =
            |w: &WindowFindings| w.findings.iter().find(|f| f.code == code).map_or(f64::NAN, |f| f64::from(f.probability));
        analysis.windows.iter().map(|w| seconds(w) * found(w)).sum::<f64>() / 95.0
    };
    for finding in &analysis.findings {
        assert!((f64::from(finding.probability) - mean(&finding.code)).abs() < 1e-5, "{}", finding.code);
        assert!(finding.evidence.is_none());
    }
    assert_eq!(of_task(&analysis.findings, "rhythm").filter(|f| f.present).count(), 1);
    let window = analysis.windows[4].clone();
    let closer = analyzer().evidence(&recording, Demographics::default(), window.range, &Progress::new()).expect("evidence");
    assert_eq!(closer.len(), window.findings.len());
    for (close, summary) in closer.iter().zip(&window.findings) {
        assert_eq!(close.evidence.as_ref().map(|e| e.start), Some(window.range.start));
        // Filters see other neighbours; the answer must be the same to what a reader sees.
        assert!((close.probability - summary.probability).abs() < 0.02, "{} {}", close.probability, summary.probability);
    }
}

#[test]
fn age_and_sex_reach_the_model() {
    let simulated = simulate("age", "", &Spec { duration_s: 10.0, ..Spec::default() });
    let recording = recording(&simulated, true, |_, _| {});
    let with = |age| {
        let demographics = Demographics { age_years: Some(age), sex: Some(crate::recording::Sex::Female) };
        analyzer().analyze(&recording, demographics, &Progress::new()).expect("an analysis")
    };
    let (young, old) = (with(25.0), with(85.0));
    let logit = |analysis: &Analysis, code: &str| analysis.findings.iter().find(|f| f.code == code).map(|f| f.logit);
    assert_ne!(logit(&young, "NORM"), logit(&old, "NORM"));
    let age = young.findings[4].feature_evidence.iter().find(|f| f.name == "age_years").expect("age");
    assert_eq!(age.value, Some(25.0));
}

#[test]
fn a_cancelled_analysis_ends() {
    let simulated = simulate("cancel", "", &Spec { duration_s: 10.0, ..Spec::default() });
    let progress = Progress::new();
    progress.cancel();
    let ended = analyzer().analyze(&recording(&simulated, true, |_, _| {}), Demographics::default(), &progress);
    assert!(matches!(ended, Err(AnalysisError::Cancelled(_))));
}

#[test]
fn a_recording_without_leads_or_samples_is_refused_not_guessed() {
    let simulated = simulate("none", "", &Spec { duration_s: 10.0, ..Spec::default() });
    let mut empty = recording(&simulated, true, |_, _| {});
    empty.leads.clear();
    for recording in [empty, recording(&simulated, true, |_, samples| samples.fill(INVALID_SAMPLE))] {
        let analysis = analyze(&recording);
        assert!(analysis.findings.is_empty() && analysis.beats.is_empty());
        assert_eq!(analysis.measurements.0["heart_rate"].value, None);
        for task in ["rhythm", "superclass", "beats"] {
            assert!(analysis.refused.iter().any(|r| r.task == task), "{task}: {:?}", analysis.refused);
        }
    }
}

#[test]
fn a_recording_sampled_too_slowly_for_a_model_is_refused_with_the_rates() {
    let simulated = simulate("slow", "", &Spec { duration_s: 10.0, ..Spec::default() });
    let mut slow = recording(&simulated, true, |_, _| {});
    // The same samples said to be of 80 Hz: beats can be seen, what lies above 40 Hz cannot.
    slow.rate = Rate::new(80.0).expect("positive");
    for signal in &mut slow.leads {
        *signal = Arc::new(Signal { rate: slow.rate, ..(**signal).clone() });
    }
    let analysis = analyze(&slow);
    assert!(analysis.findings.is_empty() && analysis.beats.iter().all(|beat| beat.label.is_none()));
    for task in ["rhythm", "superclass"] {
        let refusal = analysis.refused.iter().find(|r| r.task == task).expect("a refusal");
        assert!(refusal.reason.contains("sampled 80 times a second") && refusal.reason.contains("at least 90"), "{refusal:?}");
    }
}

#[test]
fn training_gets_the_features_that_models_are_given() {
    for simulated in demo_recordings() {
        let recording = recording(&simulated, true, |_, _| {});
        let analysis = analyze(&recording);
        let (rate, band) = (Rate::new(100.0).expect("a rate"), (0.5, 45.0));
        let described = analyzer()
            .describe(&recording, Demographics::default(), rate, band, &Progress::new())
            .expect("features of a recording that can be analysed");
        let of = |name: &str| described.features.get(name).copied().flatten();
        for feature in analysis.findings.iter().flat_map(|f| &f.feature_evidence) {
            assert_eq!(of(&feature.name), feature.value, "{}: {}", simulated.name, feature.name);
        }
        // The only name that both have: a share here, per cent there.
        let measured = analysis.measurements.0.iter().filter(|(name, _)| *name != "rr_pnn50" && of(name).is_some());
        assert!(measured.clone().count() > 10 && of("qrs").is_some() && of("snr_db").is_some() && of("p_share").is_some());
        for (name, measured) in measured {
            assert_eq!(of(name), measured.value.map(|v| v as f32), "{}: {name}", simulated.name);
        }
        for name in described.features.keys() {
            assert!(RECORD_FEATURES.iter().any(|f| f.name == *name), "{name} is listed nowhere");
        }
    }
}

#[test]
fn a_model_that_asks_for_measurements_gets_them() {
    let simulated = simulate("asked", "", &Spec::default());
    let recording = recording(&simulated, true, |_, _| {});
    let options = ModelOptions { engine: EngineChoice::Rten, ..ModelOptions::default() };
    let analysis = Analyzer::open(&options)
        .expect("models")
        .analyze(&recording, Demographics::default(), &Progress::new())
        .expect("an analysis");
    let finding = analysis.findings.first().expect("a finding");
    let given = |name: &str| finding.feature_evidence.iter().find(|f| f.name == name).expect(name).value;
    for name in ["qrs", "t_amplitude_V2"] {
        assert_eq!(given(name), analysis.measurements.value(name).map(|v| v as f32), "{name}");
        assert!(given(name).is_some());
    }
    assert!(given("snr_db").is_some() && given("beat_odd_share").is_some());
    let sum = finding.bias
        + finding.feature_evidence.iter().map(|f| f.contribution).sum::<f32>()
        + finding.evidence.as_ref().expect("evidence").sum();
    assert!((sum - finding.logit).abs() < 1e-3);
}

#[test]
fn without_beats_there_are_no_findings() {
    let simulated = simulate("hum", "", &Spec::default());
    let hum = recording(&simulated, true, |_, samples| {
        for (number, sample) in samples.iter_mut().enumerate() {
            *sample = (600.0 * (number as f32 * 0.2 * std::f32::consts::PI).sin()) as i32;
        }
    });
    let analysis = analyze(&hum);
    assert!(analysis.beats.is_empty() && analysis.findings.is_empty(), "{:?}", analysis.findings);
    for task in ["rhythm", "superclass", "statement"] {
        assert!(analysis.refused.iter().any(|r| r.task == task), "{task} must say why: {:?}", analysis.refused);
    }
}
