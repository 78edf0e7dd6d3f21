//! What is measured on simulated recordings whose intervals are known, through the whole pipeline.

use super::tests::{analyze, recording};
use crate::{
    recording::StandardLead,
    simulate::{Simulated, Spec, simulate},
};

/// Mean over the beats, in ms, of what the truth says.
fn truth(simulated: &Simulated, of: impl Fn(&crate::simulate::TrueBeat) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = simulated.beats.iter().filter_map(of).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64 * 1000.0 / simulated.rate.hz())
}

struct Errors {
    what: String,
    pr: f64,
    qrs: f64,
    qt: f64,
}

fn errors(spec: &Spec) -> Errors {
    let simulated = simulate("grid", "", spec);
    let analysis = analyze(&recording(&simulated, true, |_, _| {}));
    let what = format!(
        "{}/min, PR {:?}, QRS {:?}, QT {:?}, noise {}, {} leads, {} Hz",
        spec.heart_rate,
        spec.pr_s,
        spec.qrs_s,
        spec.qt_s,
        spec.noise_mv,
        spec.leads.len(),
        spec.rate.hz()
    );
    let difference = |name: &str, truth: Option<f64>| match (analysis.measurements.value(name), truth) {
        (Some(found), Some(truth)) => found - truth,
        (None, None) => 0.0,
        (found, truth) => panic!("{what}: {name} {found:?}, truth {truth:?}: {:?}", analysis.measurements.get(name)),
    };
    let pr = difference("pr", truth(&simulated, |b| Some((b.qrs.start.0 - b.p?.start.0) as f64)));
    let qrs = difference("qrs", truth(&simulated, |b| Some(b.qrs.len() as f64)));
    let qt = difference("qt", truth(&simulated, |b| Some((b.t?.end.0 - b.qrs.start.0) as f64)));
    Errors { what, pr, qrs, qt }
}

/// Rates, intervals and noise; combinations that no heart has (no room for P between T and QRS) left out.
fn grid() -> Vec<Spec> {
    let mut out = Vec::new();
    for heart_rate in [30.0, 50.0, 72.0, 100.0, 140.0, 180.0, 220.0] {
        for (pr, qrs, qt) in [
            (0.16, 0.09, 0.40),
            (0.10, 0.08, 0.32),
            (0.20, 0.10, 0.36),
            (0.32, 0.10, 0.42),
            (0.16, 0.07, 0.30),
            (0.16, 0.14, 0.44),
            (0.18, 0.18, 0.50),
            (0.14, 0.09, 0.52),
        ] {
            if pr + qt + 0.03 > 60.0 / heart_rate {
                continue;
            }
            for noise_mv in [0.0, 0.02] {
                out.push(Spec {
                    seed: out.len() as u64 + 1,
                    heart_rate,
                    noise_mv,
                    pr_s: Some(pr),
                    qrs_s: Some(qrs),
                    qt_s: Some(qt),
                    respiration: 0.3,
                    ..Spec::default()
                });
            }
        }
    }
    out
}

#[test]
fn intervals_of_simulated_recordings_are_recovered() {
    let found: Vec<Errors> = grid().iter().map(errors).collect();
    let mut worst = Vec::new();
    for (name, of) in [("PR", (|e| e.pr) as fn(&Errors) -> f64), ("QRS", |e| e.qrs), ("QT", |e| e.qt)] {
        let mean = found.iter().map(of).sum::<f64>() / found.len() as f64;
        let most = found.iter().max_by(|a, b| of(a).abs().total_cmp(&of(b).abs())).expect("a grid");
        let within = found.iter().filter(|e| of(e).abs() <= 10.0).count();
        println!(
            "{name}: mean error {mean:.1} ms, {within} of {} within 10 ms, worst {:.1} ms at {}",
            found.len(),
            of(most),
            most.what
        );
        worst.push((of(most).abs(), mean.abs(), within as f64 / found.len() as f64));
    }
    // Where QRS complexes are as narrow or as wide as hardly any in the training set, boundaries lean towards the usual width.
    assert!(worst.iter().all(|(most, mean, within)| *most <= 16.0 && *mean <= 3.0 && *within >= 0.85), "{worst:?}");
}

/// Few leads see less, and noise hides what is small: how much that costs is printed.
#[test]
fn few_leads_and_noise_cost_some_milliseconds() {
    use crate::recording::StandardLead::{II, V1, V5};
    for (leads, noise_mv) in [
        (vec![II], 0.0),
        (vec![II, V1, V5], 0.0),
        (vec![II], 0.05),
        (StandardLead::ALL.to_vec(), 0.1),
        (StandardLead::ALL.to_vec(), 0.2),
    ] {
        let found: Vec<Errors> = [50.0, 72.0, 100.0]
            .into_iter()
            .flat_map(|heart_rate| [0.09, 0.12].map(|qrs| (heart_rate, qrs)))
            .map(|(heart_rate, qrs)| {
                let (pr_s, qrs_s, qt_s) = (Some(0.16), Some(qrs), Some(0.38));
                errors(&Spec {
                    seed: 3,
                    heart_rate,
                    noise_mv,
                    pr_s,
                    qrs_s,
                    qt_s,
                    leads: leads.clone(),
                    respiration: 0.3,
                    ..Spec::default()
                })
            })
            .collect();
        let most = |of: fn(&Errors) -> f64| found.iter().map(|e| of(e).abs()).fold(0.0, f64::max);
        let (pr, qrs, qt) = (most(|e| e.pr), most(|e| e.qrs), most(|e| e.qt));
        println!("{} leads, noise {noise_mv} mV: worst PR {pr:.1}, QRS {qrs:.1}, QT {qt:.1} ms", leads.len());
        // A single lead does not see all of what the truth, over twelve leads, counts.
        let limit = if leads.len() == 1 { 40.0 } else { 25.0 };
        assert!([pr, qrs, qt].iter().all(|error| *error <= limit), "{} leads, noise {noise_mv}: {pr} {qrs} {qt}", leads.len());
    }
}
