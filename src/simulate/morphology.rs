//! What beats look like: vector loops of the kinds of beats that are simulated.

use super::vector::Lobe;

/// The waves of one kind of beat. P lobes count from the P wave's onset, QRS lobes from the R peak, T lobes from the end of T.
#[derive(Debug, Clone)]
pub(super) struct Morphology {
    /// Atrial depolarisation.
    pub p: Vec<Lobe>,
    /// Ventricular depolarisation.
    pub qrs: Vec<Lobe>,
    /// Displacement of the ST segment: rises at the end of QRS, merges into the T wave.
    pub st: Option<[f64; 3]>,
    /// Repolarisation.
    pub t: Vec<Lobe>,
    /// QT interval at 60 beats a minute, seconds.
    pub qt_s: f64,
    /// A stimulus precedes the QRS complex.
    pub stimulus: bool,
    /// WFDB mnemonic.
    pub mnemonic: &'static str,
}

impl Morphology {
    /// QRS onset and offset relative to the R peak.
    pub fn qrs_extent(&self) -> (f64, f64) {
        extent(&self.qrs)
    }
}

/// First onset and last offset of lobes.
pub(super) fn extent(lobes: &[Lobe]) -> (f64, f64) {
    lobes.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), lobe| (from.min(lobe.onset()), to.max(lobe.offset())))
}

/// Right atrium first (towards V1), left atrium behind it: upright in II, biphasic in V1.
fn sinus_p() -> Vec<Lobe> {
    vec![Lobe::new([0.04, 0.085, -0.06], 0.040, 0.016, 0.018), Lobe::new([0.075, 0.06, 0.055], 0.068, 0.018, 0.016)]
}

/// Normal conduction.
pub(super) fn normal() -> Morphology {
    Morphology {
        p: sinus_p(),
        qrs: vec![
            // Septum: to the right and forward. Free wall: left, down. Base: back.
            Lobe::new([-0.17, 0.0, -0.26], -0.022, 0.0075, 0.008),
            Lobe::new([1.10, 0.72, 0.28], 0.0, 0.0105, 0.011),
            Lobe::new([-0.15, -0.13, 0.58], 0.022, 0.009, 0.0105),
        ],
        st: None,
        t: vec![Lobe::new([0.32, 0.20, -0.16], -0.082, 0.056, 0.032)],
        qt_s: 0.40,
        stimulus: false,
        mnemonic: "N",
    }
}

/// Left bundle branch block: activation crosses the septum from right to left and reaches the lateral wall late.
pub(super) fn left_bundle_branch_block() -> Morphology {
    Morphology {
        p: sinus_p(),
        qrs: vec![
            Lobe::new([0.05, 0.10, -0.13], -0.050, 0.007, 0.008),
            Lobe::new([0.72, 0.30, 0.72], -0.018, 0.016, 0.016),
            Lobe::new([0.46, 0.18, 1.06], 0.008, 0.018, 0.020),
            Lobe::new([0.86, 0.08, 0.46], 0.040, 0.016, 0.020),
        ],
        st: Some([-0.11, -0.01, -0.17]),
        t: vec![Lobe::new([-0.34, -0.05, -0.30], -0.110, 0.062, 0.044)],
        qt_s: 0.44,
        stimulus: false,
        mnemonic: "L",
    }
}

/// Acute inferior infarction: the injury current points down and a little to the right, more so to III than to II.
pub(super) fn inferior_st_elevation() -> Morphology {
    Morphology {
        p: sinus_p(),
        qrs: vec![
            Lobe::new([-0.10, -0.36, -0.26], -0.026, 0.0085, 0.0085),
            Lobe::new([1.00, 0.66, 0.30], 0.0, 0.0105, 0.011),
            Lobe::new([-0.12, -0.08, 0.45], 0.022, 0.009, 0.0105),
        ],
        st: Some([-0.06, 0.27, 0.14]),
        t: vec![Lobe::new([0.07, 0.28, 0.02], -0.105, 0.062, 0.042)],
        qt_s: 0.40,
        stimulus: false,
        mnemonic: "N",
    }
}

/// A ventricular ectopic beat from the right ventricular outflow tract: wide, like left bundle branch block, axis to the feet.
pub(super) fn ventricular_ectopic() -> Morphology {
    Morphology {
        p: Vec::new(),
        qrs: vec![
            Lobe::new([0.05, 0.30, -0.10], -0.045, 0.014, 0.016),
            Lobe::new([0.40, 1.45, 0.95], 0.0, 0.026, 0.026),
            Lobe::new([0.30, 0.35, 0.55], 0.045, 0.018, 0.019),
        ],
        st: Some([-0.06, -0.16, -0.16]),
        t: vec![Lobe::new([-0.22, -0.55, -0.40], -0.118, 0.070, 0.045)],
        qt_s: 0.45,
        stimulus: false,
        mnemonic: "V",
    }
}

/// Paced from the apex of the right ventricle: a stimulus, then a wide complex with its axis to the upper left.
pub(super) fn paced() -> Morphology {
    Morphology {
        p: Vec::new(),
        qrs: vec![
            Lobe::new([0.26, -0.26, 0.14], -0.045, 0.016, 0.018),
            Lobe::new([-0.10, -1.02, 0.60], 0.0, 0.027, 0.026),
            Lobe::new([0.16, -0.40, 0.28], 0.045, 0.018, 0.020),
        ],
        st: Some([0.03, 0.13, -0.10]),
        t: vec![Lobe::new([0.10, 0.46, -0.28], -0.118, 0.066, 0.045)],
        qt_s: 0.46,
        stimulus: true,
        mnemonic: "/",
    }
}
