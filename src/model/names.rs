//! Names, ranks and element types of the graph's inputs and outputs, as `models/README.md` fixes them.

use super::{card::Kind, engine::ElementType};

/// `[N, L, T]`: millivolts.
pub const SIGNAL: &str = "signal";
/// `[N, L]`: indices into the card's leads.
pub const LEAD_IDS: &str = "lead_ids";
/// `[N, L, K]`: 1 where a token is valid.
pub const TOKEN_MASK: &str = "token_mask";
/// `[N, F]`: normalised features.
pub const FEATURES: &str = "features";
/// `[N, F]`: 1 where a feature is known.
pub const FEATURE_MASK: &str = "feature_mask";
/// `[N, C]`.
pub const LOGITS: &str = "logits";
/// `[N, C, L, K]`.
pub const EVIDENCE: &str = "evidence";
/// `[N, C, F]`.
pub const FEATURE_EVIDENCE: &str = "feature_evidence";
/// `[C]`.
pub const BIAS: &str = "bias";

/// `[N]`, where the graph has it: how far the row's signals lie from those of the training recordings.
pub const DISTANCE: &str = "distance";

/// `[N, L, C, T]`: probability of each class at each sample of each lead.
pub const WAVES: &str = "waves";

/// A graph's inputs with rank and element type, and its outputs with rank and the dimension that counts classes; all outputs are 32-bit floats.
#[derive(Debug, Clone, Copy)]
pub struct Ports {
    /// Inputs.
    pub inputs: &'static [(&'static str, usize, ElementType)],
    /// Outputs.
    pub outputs: &'static [(&'static str, usize, usize)],
}

/// What a graph of that kind takes and gives.
pub fn ports(kind: Kind) -> Ports {
    match kind {
        Kind::Record | Kind::Beat => Ports { inputs: &INPUTS, outputs: &OUTPUTS },
        Kind::Waves => Ports { inputs: INPUTS.split_at(3).0, outputs: &[(WAVES, 4, 2)] },
    }
}

const INPUTS: [(&str, usize, ElementType); 5] = [
    (SIGNAL, 3, ElementType::F32),
    (LEAD_IDS, 2, ElementType::I64),
    (TOKEN_MASK, 3, ElementType::F32),
    (FEATURES, 2, ElementType::F32),
    (FEATURE_MASK, 2, ElementType::F32),
];

const OUTPUTS: [(&str, usize, usize); 4] = [(LOGITS, 2, 1), (EVIDENCE, 4, 1), (FEATURE_EVIDENCE, 3, 1), (BIAS, 1, 0)];
