//! The ECG page: layouts, scales, and a painter of its own for paper, traces, evidence and beats.

mod beats;
pub mod caliper_marks;
pub mod decimate;
pub mod drawn;
pub mod evidence;
pub mod geometry;
pub mod grid;
mod halves;
mod lead_off;
mod lit;
pub mod magnifier;
pub mod marks;
mod median;
pub mod paint;
pub mod place;
#[cfg(test)]
mod proof;
pub mod pyramid;
pub mod scale;
pub mod spans;
pub mod strip;
pub mod stroke;
pub mod tangent_marks;
mod tiles;
pub mod time_axis;
pub mod traces;
