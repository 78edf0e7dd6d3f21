//! A graph loaded by an engine and verified against its card.

use super::{
    card::{Card, Kind},
    engine::{Engine, LoadOptions, Session},
    error::ModelError,
    selftest,
    store::Stored,
};

/// A card with its running graph.
pub(super) struct Loaded {
    pub card: Card,
    pub session: Box<dyn Session>,
}

impl Loaded {
    /// Verifies the hash, loads the graph, verifies its form, and runs the self-test.
    ///
    /// # Errors
    /// [`ModelError::Card`], [`ModelError::Engine`] or [`ModelError::SelfTest`].
    pub fn load(engine: &dyn Engine, stored: &Stored, options: &LoadOptions) -> Result<Self, ModelError> {
        let card = stored.card.clone();
        card.check_bytes(&stored.file, &stored.graph)?;
        let session = engine.load(&card.name, &stored.graph, options)?;
        card.check_graph(&stored.file, session.as_ref())?;
        let loaded = Self { card, session };
        selftest::run(&loaded, stored.vectors.as_deref(), &engine.info())?;
        Ok(loaded)
    }

    /// The card's kind, or an error for the wrong use of a model.
    pub fn expect_kind(&self, kind: Kind) -> Result<(), ModelError> {
        if self.card.kind == kind {
            return Ok(());
        }
        let reason = format!("a {:?} model, not a {kind:?} model", self.card.kind);
        Err(ModelError::Input { model: self.card.name.clone(), reason })
    }
}
