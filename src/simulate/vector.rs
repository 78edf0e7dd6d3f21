//! The heart as one moving dipole, and what the twelve leads see of it.

use crate::recording::StandardLead;

/// A dipole in Frank's axes: x to the left, y to the feet, z to the back; in millivolts.
pub(super) type Vector = [f64; 3];

/// What the eight independent leads see of a dipole. Source: Dower et al., Clin Cardiol 1980;3:87-95 (I, II, V1-V6 of Frank's x, y, z).
const DOWER: [(StandardLead, Vector); 8] = [
    (StandardLead::I, [0.632, -0.235, 0.059]),
    (StandardLead::II, [0.235, 1.066, -0.132]),
    (StandardLead::V1, [-0.515, 0.157, -0.917]),
    (StandardLead::V2, [0.044, 0.164, -1.387]),
    (StandardLead::V3, [0.882, 0.098, -1.277]),
    (StandardLead::V4, [1.213, 0.127, -0.601]),
    (StandardLead::V5, [1.125, 0.127, -0.086]),
    (StandardLead::V6, [0.831, 0.076, 0.230]),
];

/// The eight leads from which the other four follow.
pub(super) fn independent_leads() -> impl Iterator<Item = (StandardLead, Vector)> {
    DOWER.into_iter()
}

/// The vector's projection.
pub(super) fn seen(axis: Vector, dipole: Vector) -> f64 {
    axis[0] * dipole[0] + axis[1] * dipole[1] + axis[2] * dipole[2]
}

/// Sum of squares over the twelve leads.
pub(super) fn energy_in_twelve_leads(dipole: Vector) -> f64 {
    let eight: f64 = DOWER.iter().map(|(_, axis)| seen(*axis, dipole).powi(2)).sum();
    let (one, two) = (seen(DOWER[0].1, dipole), seen(DOWER[1].1, dipole));
    let others = [two - one, -(one + two) / 2.0, one - two / 2.0, two - one / 2.0];
    eight + others.iter().map(|v| v * v).sum::<f64>()
}

/// Standard deviations from a wave's centre to where it begins and ends for the truth: 4 % of its height.
pub(super) const EXTENT: f64 = 2.5;

/// One lobe of the vector loop: a Gaussian in time with its own rise and fall.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lobe {
    /// Direction and size at its peak.
    pub vector: Vector,
    /// Its peak, seconds.
    pub at: f64,
    /// Standard deviation of its rise, seconds.
    pub rise: f64,
    /// Standard deviation of its fall, seconds.
    pub fall: f64,
}

impl Lobe {
    pub const fn new(vector: Vector, at: f64, rise: f64, fall: f64) -> Self {
        Self { vector, at, rise, fall }
    }

    /// Height at time `t`, 1 at the peak.
    pub fn height(&self, t: f64) -> f64 {
        let d = t - self.at;
        let width = if d < 0.0 { self.rise } else { self.fall };
        (-0.5 * (d / width).powi(2)).exp()
    }

    /// Beginning of the wave.
    pub fn onset(&self) -> f64 {
        self.at - EXTENT * self.rise
    }

    /// End of the wave.
    pub fn offset(&self) -> f64 {
        self.at + EXTENT * self.fall
    }

    /// The same lobe, stretched in time by `factor` around 0 and then moved by `shift`.
    pub fn placed(self, factor: f64, shift: f64) -> Self {
        Self { at: self.at * factor + shift, rise: self.rise * factor, fall: self.fall * factor, ..self }
    }

    /// The same lobe, `factor` times as large.
    pub fn scaled(self, factor: f64) -> Self {
        Self { vector: self.vector.map(|v| v * factor), ..self }
    }
}
