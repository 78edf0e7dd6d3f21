//! Shapes and clusters on a lead of two kinds of beats.

use super::*;
use crate::{
    recording::INVALID_SAMPLE,
    review::test_support::{machine_beat, recording},
};

/// Narrow beats every 200 samples (0.8 s), every fifth broad and inverted; noise of some counts; `beats` in all.
fn lead(beats: usize) -> (Vec<i32>, Vec<SampleIndex>) {
    let mut samples: Vec<i32> = (0..beats * 200).map(|n| ((n * 7919) % 11) as i32 - 5).collect();
    let mut places = Vec::new();
    for beat in 0..beats {
        let r = beat * 200 + 100;
        for offset in -40i32..40 {
            let height = if beat % 5 == 4 {
                -240.0 * bump(offset, 14.0) + 90.0 * bump(offset - 24, 8.0)
            } else {
                200.0 * bump(offset, 4.0) - 40.0 * bump(offset - 8, 3.0)
            };
            samples[(r as i32 + offset) as usize] += height as i32;
        }
        places.push(SampleIndex(r as u64));
    }
    (samples, places)
}

fn bump(offset: i32, width: f64) -> f64 {
    (-0.5 * (f64::from(offset) / width).powi(2)).exp()
}

fn on(_: f32) -> bool {
    true
}

#[test]
fn all_like_this_are_those_of_its_shape() {
    let (samples, places) = lead(50);
    let shapes = Shapes::read(&recording(&samples), &places, &on).unwrap();
    let broad = shapes.similar(places[4], 0.9, &on).unwrap();
    assert_eq!(broad, places.iter().copied().skip(4).step_by(5).collect::<Vec<_>>());
    assert_eq!(shapes.similar(places[0], 0.9, &on).unwrap().len(), 40);
    assert!(shapes.similar(SampleIndex(1), 0.9, &on).unwrap().is_empty());
}

#[test]
fn peaks_placed_a_little_off_are_still_alike() {
    let (samples, places) = lead(50);
    let off: Vec<SampleIndex> = places.iter().enumerate().map(|(n, at)| SampleIndex(at.0 + (n % 3) as u64)).collect();
    let shapes = Shapes::read(&recording(&samples), &off, &on).unwrap();
    assert_eq!(shapes.similar(off[0], 0.9, &on).unwrap().len(), 40);
}

#[test]
fn two_shapes_make_two_clusters_with_their_mean_beats() {
    let (mut samples, places) = lead(60);
    samples[11 * 200 + 100] = INVALID_SAMPLE;
    let shapes = Shapes::read(&recording(&samples), &places, &on).unwrap();
    let found = cluster(&shapes, DEFAULT_LIMIT, &on).unwrap();
    assert_eq!(found.unreadable, [places[11]]);
    assert_eq!(found.clusters.iter().map(|c| c.beats.len()).collect::<Vec<_>>(), [47, 12]);
    assert!(found.clusters[1].beats.iter().all(|at| (at.0 - 100) / 200 % 5 == 4));
    let at_r = |cluster: usize| found.clusters[cluster].mean[0][Clusters::R];
    assert!(at_r(0) > 0.6 && at_r(1) < -0.7, "{} {}", at_r(0), at_r(1));
    let in_all: usize = found.clusters.iter().map(|c| c.beats.len()).sum();
    assert_eq!(in_all + found.unreadable.len(), places.len(), "every beat is somewhere");
}

#[test]
fn whoever_asked_can_stop() {
    let (samples, places) = lead(10);
    let recording = recording(&samples);
    assert!(matches!(Shapes::read(&recording, &places, &|_| false), Err(ShapesError::Cancelled)));
    let shapes = Shapes::read(&recording, &places, &on).unwrap();
    assert!(matches!(cluster(&shapes, DEFAULT_LIMIT, &|_| false), Err(ShapesError::Cancelled)));
    assert!(matches!(shapes.similar(places[0], 0.9, &|_| false), Err(ShapesError::Cancelled)));
    let none = Shapes::read(&recording, &[], &on).unwrap();
    assert!(cluster(&none, DEFAULT_LIMIT, &on).unwrap().clusters.is_empty());
}

#[test]
fn going_from_one_to_the_next() {
    let beats: Vec<Beat> = (0..20)
        .map(|n| machine_beat(n * 100, if n % 5 == 0 { BeatType::VentricularPremature } else { BeatType::Normal }, n % 7 == 3))
        .collect();
    let beats = Beats::new(beats);
    let ventricular = Wanted::Class(BeatLabel::V, LabelMap::Aami);
    assert_eq!(next(&beats, ventricular, SampleIndex(0)), Some(SampleIndex(500)));
    assert_eq!(previous(&beats, ventricular, SampleIndex(500)), Some(SampleIndex(0)));
    assert_eq!(next(&beats, Wanted::Uncertain, SampleIndex(300)), Some(SampleIndex(1000)));
    assert_eq!(next(&beats, ventricular, SampleIndex(1500)), None);
    let all_v = all(&beats, Wanted::Type(BeatType::VentricularPremature), Some(SampleRange::new(0, 1001)));
    assert_eq!(all_v.iter().map(|at| at.0).collect::<Vec<_>>(), [0, 500, 1000]);
    assert_eq!(all(&beats, Wanted::Any, None).len(), 20);
}
