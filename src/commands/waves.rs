//! Waves as the command line prints them: flat, in whole samples, absent waves as `null`.

use crate::signal::waves::{BeatWaves, Wave, Waves};
use serde::{Serialize, Serializer, ser::SerializeMap};

/// `{"global": [...], "LEAD": [...]}`.
#[derive(Debug)]
pub struct WavesDocument<'a>(pub &'a Waves);

#[derive(Debug, Serialize)]
struct Row {
    beat: usize,
    p_onset: Option<i64>,
    p_peak: Option<i64>,
    p_offset: Option<i64>,
    qrs_onset: Option<i64>,
    qrs_peak: Option<i64>,
    qrs_offset: Option<i64>,
    t_onset: Option<i64>,
    t_peak: Option<i64>,
    t_offset: Option<i64>,
}

impl Row {
    fn of(waves: &BeatWaves) -> Self {
        let at = |wave: Option<Wave>, point: fn(Wave) -> f64| wave.map(|wave| point(wave).round() as i64);
        let (onset, peak, offset) = (|w: Wave| w.onset, |w: Wave| w.peak, |w: Wave| w.offset);
        Self {
            beat: waves.beat,
            p_onset: at(waves.p, onset),
            p_peak: at(waves.p, peak),
            p_offset: at(waves.p, offset),
            qrs_onset: at(waves.qrs, onset),
            qrs_peak: at(waves.qrs, peak),
            qrs_offset: at(waves.qrs, offset),
            t_onset: at(waves.t, onset),
            t_peak: at(waves.t, peak),
            t_offset: at(waves.t, offset),
        }
    }
}

impl Serialize for WavesDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = |beats: &[BeatWaves]| beats.iter().map(Row::of).collect::<Vec<_>>();
        let mut map = serializer.serialize_map(Some(1 + self.0.leads.len()))?;
        map.serialize_entry("global", &rows(&self.0.global))?;
        for lead in &self.0.leads {
            map.serialize_entry(&lead.lead, &rows(&lead.beats))?;
        }
        map.end()
    }
}
