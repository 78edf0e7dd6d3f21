//! How long the analyses take, on one core.

use efficientecg::{
    recording::Rate,
    signal::{
        filter::{FilterSettings, apply},
        quality::assess,
        spikes::stimuli,
    },
    simulate::{Spec, simulate},
};
use std::{hint::black_box, time::Instant};

/// Prints the least of some runs for each analysis.
pub fn table() {
    let spec = Spec { noise_mv: 0.01, wander_mv: 0.1, ..Spec::default() };
    let simulated = simulate("", "", &spec);
    let leads: Vec<Vec<f32>> = simulated.leads.iter().map(|l| l.millivolts()).collect();
    let views: Vec<&[f32]> = leads.iter().map(Vec::as_slice).collect();
    let peaks: Vec<_> = simulated.beats.iter().map(|b| b.sample).collect();
    time("12 leads x 10 s x 500 Hz, quality by second", 20, || {
        for lead in &views {
            black_box(assess(lead, Rate::HZ_500, true));
        }
    });
    time("12 leads x 10 s x 500 Hz, 0.05-150 Hz and mains", 20, || {
        for lead in &views {
            black_box(apply(lead, Rate::HZ_500, &FilterSettings::DIAGNOSTIC));
        }
    });
    let hum: Vec<Vec<f32>> =
        leads.iter().map(|l| l.iter().enumerate().map(|(i, v)| v + 0.1 * (i as f32 * 0.629).sin()).collect()).collect();
    time("12 leads x 10 s x 500 Hz, 0.05-150 Hz and mains, with hum", 20, || {
        for lead in &hum {
            black_box(apply(lead, Rate::HZ_500, &FilterSettings::DIAGNOSTIC));
        }
    });
    time("12 leads x 10 s x 500 Hz, stimuli", 20, || {
        black_box(stimuli(&views, Rate::HZ_500, &peaks));
    });
    let Some(rate) = Rate::new(250.0) else { return };
    let hour = simulate("", "", &Spec { rate, duration_s: 3600.0, ..spec }).leads.swap_remove(1).millivolts();
    let day: Vec<f32> = hour.iter().copied().cycle().take(24 * hour.len()).collect();
    time("3 leads x 24 h x 250 Hz, quality by second", 1, || {
        for _ in 0..3 {
            black_box(assess(&day, rate, true));
        }
    });
}

fn time(what: &str, runs: usize, work: impl Fn()) {
    let least = (0..runs)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .min();
    println!("{what}: {:.2} ms", least.unwrap_or_default().as_secs_f64() * 1e3);
}
