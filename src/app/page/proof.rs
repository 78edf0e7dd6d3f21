//! The page measured as with a ruler: what is drawn where, in the picture that goes to the screen.

use super::{
    paint::Cache,
    scale::{Gain, NOMINAL_PX_PER_MM, Speed, Zoom},
};
use crate::{
    app::{jobs::Opened, state::State, theme::CLASSIC},
    layout::{Catalogue, LayoutId},
    recording::{Data, FileFormat, LeadName, MemorySource, Patient, Rate, Recording, Scale, Signal, StandardLead},
};
use efficientecg_raster::{Picture, Raster};
use egui::{Pos2, RawInput, Rect, Shape, pos2, vec2};
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

/// What goes to the screen.
struct Shown {
    page: Rect,
    shapes: Vec<Shape>,
    picture: Picture,
}

impl Shown {
    fn of(state: &State) -> Self {
        let ctx = egui::Context::default();
        let page = Rect::from_min_size(pos2(20.0, 30.0), vec2(1400.0, state.geometry().height));
        let size = [1440, page.bottom() as usize + 40];
        let screen = Rect::from_min_size(Pos2::ZERO, vec2(size[0] as f32, size[1] as f32));
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        let mut output = ctx.run_ui(input, |ui| Cache::default().paint(ui.painter(), page, state, &CLASSIC, |_| {}));
        let mut raster = Raster::default();
        raster.textures(&mut output.textures_delta);
        let shapes = output.shapes.iter().map(|clipped| clipped.shape.clone()).collect();
        let picture = raster.draw(&ctx.tessellate(output.shapes, 1.0), size, 1.0, CLASSIC.paper);
        Self { page, shapes, picture }
    }

    /// Calibration pulses: open lines of six points.
    fn pulses(&self) -> Vec<&[Pos2]> {
        let points = self.shapes.iter().filter_map(|shape| match shape {
            Shape::Path(path) if !path.closed && path.points.len() == 6 => Some(path.points.as_slice()),
            _ => None,
        });
        points.collect()
    }

    /// Share of a pixel that the trace covers, by how dark it is.
    fn ink(&self, x: usize, y: usize) -> f32 {
        let [paper, trace, here] = [CLASSIC.paper, CLASSIC.trace, self.picture.at(x, y)].map(|colour| f32::from(colour.g()));
        ((paper - here) / (paper - trace)).clamp(0.0, 1.0)
    }

    /// How far an unbroken line of ink reaches from the baseline at `x`, up where `sign` is 1 and down where it is -1, in points.
    fn reach(&self, x: f32, baseline: f32, sign: f32) -> f32 {
        let columns = (x - 1.5).round().max(0.0) as usize..=(x + 1.5).round() as usize;
        let reach = |column: usize| {
            let rows = (0..2000).map(|step| baseline - sign * step as f32).take_while(|y| *y >= 0.0);
            // The line of the baseline itself may lie between two rows.
            rows.skip(2).take_while(|y| self.ink(column, *y as usize) >= 0.5).last().map_or(0.0, |y| sign * (baseline - y))
        };
        columns.map(reach).fold(0.0, f32::max)
    }
}

#[test]
fn millimetres_are_true_on_a_measured_screen() {
    for (gain, speed) in [(Gain::Mm10, Speed::Mm25), (Gain::Mm20, Speed::Mm50), (Gain::Mm2_5, Speed::Mm12_5)] {
        let mut state = state();
        // Five points a millimetre, as the reader's ruler said.
        state.view.scale = super::geometry::PageScale { gain, speed, zoom: Zoom::factor(5.0 / NOMINAL_PX_PER_MM) };
        let shown = Shown::of(&state);
        assert!(!shown.pulses().is_empty(), "there is a calibration pulse");
        for pulse in shown.pulses() {
            // Lines lie on whole pixels: half a pixel to each side.
            let high = pulse[0].y - pulse[2].y;
            assert!((high - 5.0 * gain.mm_per_mv()).abs() <= 1.0, "{gain:?}: {pulse:?}");
            assert!((pulse[3].x - pulse[2].x - 5.0 * 0.2 * speed.mm_per_s()).abs() <= 1.0, "{speed:?}: {pulse:?}");
        }
        // Spikes are a second apart, those of the first lead 0.2 mV high.
        let geometry = state.geometry();
        let (baseline, left) = (shown.page.top() + geometry.baseline(0), shown.page.left() + geometry.cell(0, 4).0);
        let high = height_mv(0) * 5.0 * gain.mm_per_mv();
        let spike = |x: &usize| shown.reach(*x as f32, baseline, 1.0) >= (high - 1.0).max(2.0);
        for second in [0.5, 1.5] {
            let at = left + second * 5.0 * speed.mm_per_s();
            let found: Vec<usize> = ((at - 12.0) as usize..(at + 12.0) as usize).filter(spike).collect();
            let middle = found.iter().sum::<usize>() as f32 / found.len() as f32 + 0.5;
            // To a pixel.
            assert!((middle - at).abs() <= 1.0, "{gain:?} {speed:?}: spike at {at}, drawn at {found:?}");
        }
    }
}

#[test]
fn every_lead_is_where_its_name_says_in_every_layout() {
    for layout in Catalogue::standard().all().iter().filter(|layout| layout.id != LayoutId::new("median-beats")) {
        let mut state = state();
        state.view.layout = layout.id.clone();
        let (geometry, arranged) = (state.geometry(), state.layout());
        let shown = Shown::of(&state);
        for (row, line) in arranged.rows.iter().enumerate() {
            for (column, place) in line.places.iter().enumerate() {
                let (left, _) = geometry.cell(column, line.places.len());
                let baseline = shown.page.top() + geometry.baseline(row);
                // The second spike: the first may lie under the lead's name.
                let second = geometry.cell_start_s(column, line.places.len());
                let spike = (second + 0.5).ceil() + 0.5 - second;
                let x = shown.page.left() + left + spike as f32 * geometry.px_per_s;
                let sign = if place.inverted { -1.0 } else { 1.0 };
                let expected = height_mv(place.lead) * geometry.px_per_mv;
                let reach = shown.reach(x, baseline, sign);
                let name = format!("{} row {row} column {column}", layout.id);
                // The stroke's own half width lies beyond the value; ends of pixels to each side.
                assert!((reach - expected).abs() <= 2.0, "{name}: a spike of {reach} points, not {expected}");
                let other = shown.reach(x, baseline, -sign);
                assert!(other <= 2.0, "{name}: nothing goes the other way, but {other} points");
            }
        }
    }
}
