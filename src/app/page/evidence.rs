//! Evidence under the traces: filled bands where it speaks for the class, hatching where it speaks against.

use crate::{
    analysis::Evidence,
    app::theme::Palette,
    recording::{LeadName, SampleIndex},
};
use egui::{Color32, Mesh, Pos2, Rect, pos2};

/// Below this share of the scale nothing is drawn.
const FAINTEST: f32 = 0.04;
/// Distance of hatching lines in points.
const HATCH: f32 = 7.0;

/// Adds the evidence of one lead within `cell` to `mesh`. `start_s` is the time at the cell's left edge, `rate` the recording's.
/// A lead the model was not given gets nothing.
#[allow(clippy::too_many_arguments)] // A painter's primitives; a struct of the same fields would say no more.
pub fn add_row(
    mesh: &mut Mesh,
    evidence: &Evidence,
    peak: f32,
    lead: &LeadName,
    cell: Rect,
    start_s: f64,
    px_per_s: f32,
    rate: f64,
    palette: &Palette,
) {
    let Some(row) = evidence.row(lead) else { return };
    let x_of = |token: f64| {
        let second = (evidence.start.0 as f64 + token * evidence.hop) / rate;
        cell.left() + ((second - start_s) * f64::from(px_per_s)) as f32
    };
    for (token, value) in row.iter().enumerate() {
        let strength = value.abs() / peak;
        let (left, right) = (x_of(token as f64).max(cell.left()), x_of(token as f64 + 1.0).min(cell.right()));
        if !strength.is_finite() || strength < FAINTEST || right <= left {
            continue;
        }
        let rect = Rect::from_min_max(pos2(left, cell.top()), pos2(right, cell.bottom()));
        if *value > 0.0 {
            mesh.add_colored_rect(rect, palette.evidence(strength));
        } else {
            hatch(mesh, rect, palette.evidence_against(strength));
        }
    }
}

/// Value of one lead at one time, for the pointer.
pub fn value_at(evidence: &Evidence, lead: &LeadName, at: SampleIndex) -> Option<f32> {
    let token = (at.0.checked_sub(evidence.start.0)? as f64 / evidence.hop) as usize;
    evidence.row(lead)?.get(token).copied()
}

/// Diagonal lines; they lie on the same raster in every rectangle, so that neighbours join.
pub fn hatch(mesh: &mut Mesh, rect: Rect, colour: Color32) {
    let first = ((rect.left() + rect.top()) / HATCH).ceil() as i32;
    let last = ((rect.right() + rect.bottom()) / HATCH).floor() as i32;
    for i in first..=last {
        let sum = i as f32 * HATCH;
        // x + y = sum within the rectangle.
        let left = rect.left().max(sum - rect.bottom());
        let right = rect.right().min(sum - rect.top());
        if right > left {
            segment(mesh, pos2(left, sum - left), pos2(right, sum - right), colour);
        }
    }
}

fn segment(mesh: &mut Mesh, from: Pos2, to: Pos2, colour: Color32) {
    let normal = (to - from).rot90().normalized() * 0.6;
    let first = mesh.vertices.len() as u32;
    for corner in [from - normal, from + normal, to + normal, to - normal] {
        mesh.colored_vertex(corner, colour);
    }
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::theme::CLASSIC;

    fn evidence() -> Evidence {
        Evidence {
            start: SampleIndex(100),
            hop: 50.0,
            leads: vec![LeadName::parse("II")],
            tokens: 4,
            values: vec![1.0, 0.0, -0.5, 0.01],
        }
    }

    fn drawn(lead: &str, start_s: f64) -> Mesh {
        let mut mesh = Mesh::default();
        let cell = Rect::from_min_size(pos2(0.0, 0.0), egui::vec2(100.0, 40.0));
        add_row(&mut mesh, &evidence(), 1.0, &LeadName::parse(lead), cell, start_s, 50.0, 500.0, &CLASSIC);
        mesh
    }

    #[test]
    fn a_band_lies_where_the_token_lies() {
        let mesh = drawn("II", 0.0);
        let band: Vec<_> = mesh.vertices.iter().filter(|v| v.color == CLASSIC.evidence(1.0)).collect();
        let (left, right) = band.iter().fold((f32::MAX, f32::MIN), |(l, r), v| (l.min(v.pos.x), r.max(v.pos.x)));
        // Token 0: samples 100 to 150 at 500 Hz, 50 points a second.
        assert_eq!((left, right), (10.0, 15.0));
        assert!(mesh.vertices.len() > band.len(), "evidence against is hatched");
        assert!(mesh.vertices.iter().all(|v| v.pos.x <= 25.7), "the faint last token is not drawn");
    }

    #[test]
    fn a_lead_the_model_did_not_see_gets_nothing() {
        assert!(drawn("V1", 0.0).is_empty());
    }

    #[test]
    fn bands_stay_within_their_cell() {
        for start in [0.25, -1.85, 0.31] {
            let mesh = drawn("II", start);
            assert!(
                mesh.vertices.iter().all(|v| (-0.61..=100.61).contains(&v.pos.x) && (-0.61..=40.61).contains(&v.pos.y)),
                "{start}"
            );
        }
    }

    #[test]
    fn the_pointer_reads_the_token_under_it() {
        let lead = LeadName::parse("II");
        assert_eq!(value_at(&evidence(), &lead, SampleIndex(99)), None);
        assert_eq!(value_at(&evidence(), &lead, SampleIndex(149)), Some(1.0));
        assert_eq!(value_at(&evidence(), &lead, SampleIndex(200)), Some(-0.5));
        assert_eq!(value_at(&evidence(), &lead, SampleIndex(300)), None);
    }
}
