//! Labels out and in as the window asks for them.

use super::{
    export::{How, files},
    import,
};
use crate::{
    app::review::files::{ExportOrder, Form},
    commands::{BadUsage, cli::ExportTo, outgoing::Outgoing},
    formats::write::{self, record_name},
    recording::Recording,
    review::{
        Review, Reviewer,
        exchange::{self, Incoming},
    },
};
use anyhow::{Result, bail};
use std::path::Path;

/// Writes a review's labels; gives what was written and what is not in it, a sentence each. Files that are there already are kept.
///
/// # Errors
/// An annotator's name that no file can have; a folder that cannot be made; files that are there already; a review that must not be trained on.
pub fn export(review: &Review, reviewer: &Reviewer, recording: &Recording, order: &ExportOrder) -> Result<Vec<String>> {
    let training = order.form == Form::Training;
    let to = match order.form {
        Form::Wfdb | Form::Training => ExportTo::Wfdb,
        Form::Edf => ExportTo::Edf,
        Form::Csv => ExportTo::Csv,
        Form::Json => ExportTo::Json,
    };
    if matches!(to, ExportTo::Wfdb | ExportTo::Edf) && !write::is_annotator(&order.annotator) {
        bail!("annotator `{}`: letters, digits, `_` and `-`, and no other file's extension, are needed", order.annotator);
    }
    if training && !review.state().is_confirmed() {
        bail!("nobody stands for this review yet: confirm it before a model is trained on it");
    }
    let mut out = Outgoing::new(&order.folder, false, &[])?;
    let name = out.name(&record_name(&recording.name), &recording.path)?;
    let labels = order.folder.join("labels.csv");
    if training && labels.exists() {
        bail!(BadUsage(format!("{}: exists already; choose another folder", labels.display())));
    }
    let how = How { to: Some(to), annotator: &order.annotator, training };
    let mut told = Vec::new();
    for (path, losses) in files(recording, review, reviewer, &how, &name, &out)? {
        told.push(format!("Wrote {}", path.display()));
        told.extend(losses.iter().map(ToString::to_string));
    }
    if training {
        let (rows, unknown) = exchange::training_rows(review, &name, &recording.patient);
        write::whole(&labels, format!("{}{rows}", exchange::TRAINING_HEADER).as_bytes(), out.existing())?;
        told.push(format!("Wrote {}", labels.display()));
        told.extend(unknown);
    }
    Ok(told)
}

/// Reads another annotator's labels of a recording.
///
/// # Errors
/// A file that cannot be read, is of another recording's rate, or has several annotators and none is named.
pub fn labels(recording: &Recording, file: Option<&Path>, annotator: Option<&str>) -> Result<Incoming> {
    Ok(import::labels(recording, file, annotator)?.0)
}
