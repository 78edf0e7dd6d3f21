//! Names, ranks and element types of the graph's inputs and outputs, as `models/README.md` fixes them.

use super::engine::ElementType;

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

/// Inputs with rank and element type.
pub const INPUTS: [(&str, usize, ElementType); 5] = [
    (SIGNAL, 3, ElementType::F32),
    (LEAD_IDS, 2, ElementType::I64),
    (TOKEN_MASK, 3, ElementType::F32),
    (FEATURES, 2, ElementType::F32),
    (FEATURE_MASK, 2, ElementType::F32),
];

/// Outputs with rank; all are 32-bit floats.
pub const OUTPUTS: [(&str, usize); 4] = [(LOGITS, 2), (EVIDENCE, 4), (FEATURE_EVIDENCE, 3), (BIAS, 1)];
