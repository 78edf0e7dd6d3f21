//! `efficientecg convert`: recordings with all their annotations as files of another format.

use super::{
    BadUsage, Exit, Item, batch,
    cli::{ConvertArgs, RecordingFormat},
    message,
    outgoing::{self, Outgoing},
    recordings,
};
use crate::formats::write::{self, NewRecording, Written};
use anyhow::{Result, bail};

/// Runs the command.
///
/// # Errors
/// Arguments that do not go together, a folder that cannot be made. A recording that fails is named and the rest goes on.
pub fn run(arguments: &ConvertArgs) -> Result<Exit> {
    if arguments.format.is_some() && arguments.to != RecordingFormat::Wfdb {
        bail!(BadUsage("--format is for --to wfdb".to_owned()));
    }
    let items = recordings(&arguments.paths);
    if arguments.name.is_some() && items.len() != 1 {
        bail!(BadUsage(format!("--name is for one recording; there are {}", items.len())));
    }
    if let Some(name) = arguments.name.as_deref().filter(|name| write::record_name(name) != *name) {
        bail!(BadUsage(format!("--name {name}: only letters, digits, `_` and `-` are allowed")));
    }
    let mut out = Outgoing::new(&arguments.out, arguments.force, &items)?;
    let mut counter = batch::Counter::new(items.len());
    for item in &items {
        let done = one(arguments, item, &mut out);
        counter.count(done.is_err());
        match done {
            Ok(written) => outgoing::tell(&written.path, &written.losses),
            Err(error) => message(&format!("{}: {error:#}", item.path.display())),
        }
    }
    Ok(Exit::all(counter.finish()))
}

fn one(arguments: &ConvertArgs, item: &Item, out: &mut Outgoing) -> Result<Written> {
    let recording = item.open()?;
    let name = out.name(arguments.name.as_deref().unwrap_or(&recording.name), &item.path)?;
    Ok(match arguments.to {
        RecordingFormat::Wfdb => {
            let format = arguments.format.map(Into::into);
            write::wfdb(&out.folder, &NewRecording::of(&recording, &name), format, out.existing())?
        }
        RecordingFormat::Edf => {
            // What an EDF file has itself goes with it; a WFDB record's annotations lie beside it.
            let annotations =
                if recording.format == crate::recording::FileFormat::Wfdb { recording.annotations.as_slice() } else { &[] };
            write::edf(&out.folder, &recording, &name, annotations, out.existing())?
        }
    })
}
