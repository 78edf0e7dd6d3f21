//! EfficientECG Review: the library behind the window and the command line.
//!
//! Research software, not a medical device: nothing it says is a diagnosis.
//!
//! Folders are layers; a module may use those below it, never those above:
//!
//! | layer | what it holds |
//! |---|---|
//! | `app` | the window (egui): state, messages, views |
//! | [`commands`] | `analyze`, `info`, `export`, `convert`, `demo`, `evaluate`, `review`, `prepare`, `providers`: the command line without a window |
//! | [`review`] | what people decide: edits, undo, states, audit trail, store, agreement |
//! | [`layout`] | which lead stands where on a page: layouts as data, for window and report |
//! | [`analysis`] | recording to [`analysis::Analysis`]: the pipeline, with progress and cancel |
//! | [`model`] | EfficientECG: cards, engines (ONNX Runtime, rten), providers, inputs, evidence |
//! | [`signal`] | filters, resampling, beats, features, quality. No files, no model |
//! | [`simulate`] | simulated recordings with ground truth, beside `signal` |
//! | [`scoring`] | annotations against a reference as EC57 defines it, beside `signal`. No files |
//! | [`formats`] | files to and from recordings: WFDB, EDF, BDF |
//! | [`recording`] | the domain: recordings, leads, time, gaps, patients, annotations. No input or output |

pub mod analysis;
#[cfg(feature = "window")]
pub mod app;
pub mod commands;
pub mod formats;
pub mod layout;
pub mod model;
pub mod recording;
pub mod review;
pub mod scoring;
pub mod signal;
pub mod simulate;
