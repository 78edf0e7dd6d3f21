use super::*;
use crate::{
    analysis::LeadQuality,
    recording::{SampleIndex, SampleRange},
    signal::{
        quality::{Problem, ProblemSpan},
        waves::{BeatWaves, Wave},
    },
};

const RATE: f64 = 500.0;

fn beats(times: impl Iterator<Item = f64>) -> Vec<Beat> {
    times
        .map(|s| Beat { sample: SampleIndex((s * RATE) as u64), label: Some(BeatLabel::N), probability: None, uncertain: false })
        .collect()
}

fn quality(problems: Vec<ProblemSpan>) -> Quality {
    let lead = LeadQuality { usable: true, valid: 1.0, flat: false, notes: Vec::new(), numbers: Default::default(), problems };
    Quality { leads: [("II".to_owned(), lead)].into(), ..Quality::default() }
}

fn trends(beats: &[Beat], gaps: &[Gap], waves: Option<&Waves>, quality: &Quality, seconds: f64) -> Trends {
    let rate = Rate::HZ_500;
    let input = TrendInput { rate, length: (seconds * RATE) as u64, gaps, beats, waves, quality };
    Trends::new(&input, &Progress::new()).expect("not cancelled")
}

#[test]
fn steady_beats_have_their_interval_and_rate() {
    let beats = beats((0..75).map(|i| 0.4 + 0.8 * f64::from(i)));
    let trends = trends(&beats, &[], None, &quality(Vec::new()), 60.0);
    assert_eq!(trends.rr.points().len(), 74);
    assert!(trends.rr.points().iter().all(|p| (p.value - 800.0).abs() < 0.01 && p.segment == 0));
    assert!(trends.rate.points().len() == 12 && trends.rate.points().iter().all(|p| (p.value - 75.0).abs() < 0.1));
    assert!(trends.quality.points().iter().all(|p| p.value == 100.0));
    assert_eq!(trends.classes.iter().map(|bin| bin.counts[0]).sum::<u32>(), 75);
}

#[test]
fn nothing_is_joined_across_a_gap_or_where_no_heart_is_seen() {
    let beats = beats((0..60).map(f64::from).filter(|s| !(20.0..30.0).contains(s)));
    let joined = |trends: &Trends| trends.rr.points().iter().filter(|p| p.value > 1500.0).count();
    let pause = trends(&beats, &[], None, &quality(Vec::new()), 60.0);
    assert_eq!(joined(&pause), 1, "a pause with good signal is an RR interval");
    let gap = [SampleRange::new(11_000, 14_000)];
    let over_gap = trends(&beats, &gap, None, &quality(Vec::new()), 60.0);
    let off = quality(vec![ProblemSpan { problem: Problem::LeadOff, start: 21, end: 28 }]);
    let lead_off = trends(&beats, &[], None, &off, 60.0);
    for trends in [over_gap, lead_off] {
        assert_eq!(joined(&trends), 0);
        assert_eq!(trends.rr.lines(0.0, 60.0, 1000).len(), 2);
        assert_eq!(trends.rate.lines(0.0, 60.0, 1000).len(), 2);
    }
    let noisy = quality(vec![ProblemSpan { problem: Problem::Noise, start: 10, end: 15 }]);
    let noisy = trends(&beats, &[], None, &noisy, 60.0);
    assert_eq!(joined(&noisy), 1, "noise does not hide the heart");
    let worst = noisy.quality.points().iter().map(|p| p.value).fold(100.0, f32::min);
    assert_eq!(worst, 0.0, "seconds 10 to 15 are one bin");
}

#[test]
fn a_day_is_drawn_from_few_points_and_no_extreme_is_lost() {
    let mut at = 0.0;
    let beats = beats((0..100_000).map(|i| {
        at += if i == 43_210 { 4.0 } else { 0.8 + 0.05 * (f64::from(i) * 0.01).sin() };
        at
    }));
    let trends = trends(&beats, &[], None, &quality(Vec::new()), 86_400.0);
    let lines = trends.rr.lines(0.0, 86_400.0, 2000);
    let points: Vec<_> = lines.concat();
    assert!(points.len() <= 2000 && points.len() > 300, "{}", points.len());
    assert!(points.iter().any(|p| p[1] > 3990.0), "the pause is there");
    assert!(points.windows(2).all(|pair| pair[0][0] <= pair[1][0]));
    let near = trends.rr.lines(1000.0, 1060.0, 2000).concat();
    assert!(near.len() > 70 && near.len() < 80, "every beat when seen closely: {}", near.len());
    assert!(trends.rate.points().len() <= 288 && trends.classes.len() <= 289);
}

#[test]
fn qt_stands_against_the_interval_before_and_only_for_normal_beats() {
    let mut beats = beats((0..20).map(|i| 0.5 + f64::from(i)));
    beats[7].label = Some(BeatLabel::V);
    let wave = |onset: f64, offset: f64| Some(Wave { onset, peak: onset + 1.0, offset });
    let global = (0..20)
        .map(|i| {
            let r = beats[i].sample.0 as f64;
            BeatWaves {
                beat: i,
                p: None,
                qrs: wave(r - 20.0, r + 30.0),
                t: if i == 12 { None } else { wave(r + 100.0, r + 180.0) },
            }
        })
        .collect();
    let waves = Waves { global, leads: Vec::new() };
    let trends = trends(&beats, &[], Some(&waves), &quality(Vec::new()), 21.0);
    let [cell] = trends.qt_rr.as_slice() else { panic!("one cell: {:?}", trends.qt_rr) };
    assert!((cell.rr_ms - 1000.0).abs() < 1.0 && (cell.qt_ms - 400.0).abs() < 1.0);
    // Not the first (no interval before), the ectopic one and the one after it, and the one without a T wave.
    assert_eq!(cell.beats, 16);
}

#[test]
fn nothing_measured_has_no_points() {
    let trends = trends(&[], &[], None, &Quality::default(), 10.0);
    assert!(trends.rr.points().is_empty() && trends.rate.points().is_empty() && trends.quality.points().is_empty());
    assert!(trends.rr.lines(0.0, 10.0, 100).is_empty() && trends.qt_rr.is_empty());
}
