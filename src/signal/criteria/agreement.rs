//! Rules beside the model.
