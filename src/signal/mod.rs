//! Signal analysis: no files, no model.
