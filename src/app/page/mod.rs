//! The ECG page: layouts, scales, and a painter of its own for paper, traces, evidence and beats.

mod beats;
pub mod decimate;
pub mod evidence;
pub mod geometry;
pub mod grid;
mod lit;
pub mod marks;
mod median;
pub mod paint;
#[cfg(test)]
mod proof;
pub mod pyramid;
pub mod scale;
pub mod spans;
mod tiles;
pub mod traces;
