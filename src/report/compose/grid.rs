//! ECG paper and calibration pulse.

use super::{
    scale::{PULSE_ROOM, Scale},
    style::{BOLD, FINE, TRACE},
};
use crate::report::page::{Area, Item, Part, Point, Role, Stroke};

/// Millimetre paper: fine lines 1 mm apart, bold ones 5 mm apart, both from the area's upper left corner, whose sides are multiples of 5 mm.
pub fn grid(area: Area) -> Part {
    let lines = |keep: fn(u32) -> bool| {
        let (columns, rows) = (area.width.round() as u32, area.height.round() as u32);
        let down = (0..=columns).filter(move |mm| keep(*mm)).map(move |mm| {
            let x = area.x + mm as f32;
            vec![Point { x, y: area.y }, Point { x, y: area.bottom() }]
        });
        let across = (0..=rows).filter(move |mm| keep(*mm)).map(move |mm| {
            let y = area.y + mm as f32;
            vec![Point { x: area.x, y }, Point { x: area.right(), y }]
        });
        down.chain(across).collect::<Vec<_>>()
    };
    let fine = Item::Lines { lines: lines(|mm| !mm.is_multiple_of(5)), stroke: Stroke { colour: FINE, width: 0.09 } };
    let bold = Item::Lines { lines: lines(|mm| mm.is_multiple_of(5)), stroke: Stroke { colour: BOLD, width: 0.15 } };
    Part::new(Role::Decoration, vec![fine, bold])
}

/// Width of the calibration pulse, seconds.
pub const PULSE_S: f32 = 0.2;

/// The calibration pulse: 1 mV high, 200 ms wide, with its foot on `base`, left of where the traces begin at `right`.
pub fn pulse(right: f32, base: f32, scale: Scale) -> Item {
    let (width, height) = (PULSE_S * scale.mm_per_s, scale.mm_per_mv);
    let foot = if width + 4.0 < PULSE_ROOM { 1.5 } else { 0.0 };
    let up = right - PULSE_ROOM + 0.5 * (PULSE_ROOM - width);
    let points = [(up - foot, 0.0), (up, 0.0), (up, height), (up + width, height), (up + width, 0.0), (up + width + foot, 0.0)];
    let line = points.into_iter().map(|(x, high)| Point { x, y: base - high }).collect();
    Item::Lines { lines: vec![line], stroke: TRACE }
}
