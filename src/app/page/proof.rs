//! The page measured as with a ruler: what is drawn where, in the shapes that go to the screen.

use super::{
    paint::Cache,
    scale::{Gain, NOMINAL_PX_PER_MM, Speed, Zoom},
};
use crate::{
    app::{jobs::Opened, state::State, theme::CLASSIC},
    layout::{Catalogue, LayoutId},
    recording::{Data, FileFormat, LeadName, MemorySource, Patient, Rate, Recording, Scale, Signal, StandardLead},
};
use egui::{Pos2, RawInput, Rect, Shape, epaint::ColorMode, pos2, vec2};
use std::sync::Arc;

/// Millivolts of the spikes in the lead of that index: each lead is known by its own.
fn height_mv(lead: usize) -> f32 {
    0.2 + 0.1 * lead as f32
}

/// Ten seconds at 500 Hz of twelve leads that are flat but for a spike in the middle of every second.
fn state() -> State {
    let leads = StandardLead::ALL.into_iter().enumerate().map(|(k, lead)| {
        let digital = (0..5000).map(|i| if i % 500 == 250 { (height_mv(k) * 1000.0) as i32 } else { 0 }).collect();
        let scale = Scale { gain: 1000.0, baseline: 0.0, unit: "mV".into(), millivolts_per_unit: Some(1.0) };
        Arc::new(Signal {
            label: lead.name().into(),
            lead: LeadName::Standard(lead),
            rate: Rate::HZ_500,
            calibrated: true,
            declared_checksum: None,
            data: Data::Recorded { source: Arc::new(MemorySource(digital)), scale },
        })
    });
    let recording = Recording {
        path: "proof".into(),
        name: "proof".into(),
        format: FileFormat::Wfdb,
        start: None,
        rate: Rate::HZ_500,
        length: 5000,
        leads: leads.collect(),
        other_signals: Vec::new(),
        gaps: Vec::new(),
        patient: Patient::default(),
        annotations: Vec::new(),
        repairs: Vec::new(),
        comments: Vec::new(),
        simulated: true,
    };
    let opened = Opened { recording: Arc::new(recording), centres: vec![0.0; 12] };
    State { opened: Some(Arc::new(opened)), page_size: [1400.0, 900.0], ..State::default() }
}

/// Open lines in the trace's colour, as they go to the screen.
fn lines(state: &State) -> (Rect, Vec<Vec<Pos2>>) {
    let ctx = egui::Context::default();
    let geometry = state.geometry();
    let page = Rect::from_min_size(pos2(20.0, 30.0), vec2(1400.0, geometry.height));
    let input = RawInput { screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(1500.0, 1400.0))), ..RawInput::default() };
    let mut output = ctx.run_ui(input, |ui| Cache::default().paint(ui.painter(), page, state, &CLASSIC, |_| {}));
    output.textures_delta.clear();
    let mut found = Vec::new();
    for clipped in output.shapes {
        if let Shape::Path(path) = clipped.shape
            && matches!(path.stroke.color, ColorMode::Solid(colour) if colour == CLASSIC.trace)
            && !path.closed
        {
            found.push(path.points);
        }
    }
    (page, found)
}

/// Highest point of a line above a height.
fn rise(line: &[Pos2], baseline: f32) -> f32 {
    baseline - line.iter().map(|point| point.y).fold(f32::INFINITY, f32::min)
}

#[test]
fn millimetres_are_true_on_a_measured_screen() {
    for (gain, speed) in [(Gain::Mm10, Speed::Mm25), (Gain::Mm20, Speed::Mm50), (Gain::Mm2_5, Speed::Mm12_5)] {
        let mut state = state();
        // Five points a millimetre, as the reader's ruler said.
        state.view.scale = super::geometry::PageScale { gain, speed, zoom: Zoom::factor(5.0 / NOMINAL_PX_PER_MM) };
        let (_, lines) = lines(&state);
        let pulses: Vec<&Vec<Pos2>> = lines.iter().filter(|line| line.len() == 6).collect();
        assert!(!pulses.is_empty(), "there is a calibration pulse");
        for pulse in pulses {
            // Lines lie on whole pixels: half a pixel to each side.
            assert!((rise(pulse, pulse[0].y) - 5.0 * gain.mm_per_mv()).abs() <= 1.0, "{gain:?}: {pulse:?}");
            assert!((pulse[3].x - pulse[2].x - 5.0 * 0.2 * speed.mm_per_s()).abs() <= 1.0, "{speed:?}: {pulse:?}");
        }
        // Spikes are a second apart.
        let trace = lines.iter().max_by_key(|line| line.len()).expect("traces");
        let floor = trace.iter().map(|point| point.y).fold(f32::NEG_INFINITY, f32::max);
        let top = rise(trace, floor);
        let spikes: Vec<f32> = trace.iter().filter(|point| rise(&[**point], floor) > 0.9 * top).map(|point| point.x).collect();
        assert!(spikes.len() >= 2);
        for pair in spikes.windows(2) {
            // To a pixel.
            assert!((pair[1] - pair[0] - 5.0 * speed.mm_per_s()).abs() <= 1.0, "{speed:?}: {pair:?}");
        }
    }
}

#[test]
fn every_lead_is_where_its_name_says_in_every_layout() {
    for layout in Catalogue::standard().all().iter().filter(|layout| layout.id != LayoutId::new("median-beats")) {
        let mut state = state();
        state.view.layout = layout.id.clone();
        let (geometry, arranged) = (state.geometry(), state.layout());
        let (page, lines) = lines(&state);
        for (row, line) in arranged.rows.iter().enumerate() {
            for (column, place) in line.places.iter().enumerate() {
                let (left, width) = geometry.cell(column, line.places.len());
                let baseline = page.top() + geometry.baseline(row);
                let inside = |points: &&Vec<Pos2>| {
                    let rests = points.iter().filter(|point| (point.y - baseline).abs() < 0.01).count();
                    points.len() > 6
                        && 2 * rests > points.len()
                        && (points[0].x - page.left() - left).abs() < 2.0
                        && (points[points.len() - 1].x - page.left() - left - width).abs() < 4.0
                };
                let drawn = lines.iter().find(inside);
                let name = format!("{} row {row} column {column}", layout.id);
                let drawn = drawn.unwrap_or_else(|| panic!("{name}: no trace"));
                let sign = if place.inverted { -1.0 } else { 1.0 };
                let expected = height_mv(place.lead) * geometry.px_per_mv;
                let furthest = drawn.iter().map(|point| sign * (baseline - point.y)).fold(f32::NEG_INFINITY, f32::max);
                assert!((furthest - expected).abs() < 0.5, "{name}: a spike of {furthest} points, not {expected}");
            }
        }
    }
}
