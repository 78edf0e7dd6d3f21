//! The arguments of the binary.

mod outgoing;
mod report;
mod review;

pub use outgoing::{ConvertArgs, ExportArgs, ExportTo, RecordingFormat, SignalFormat};
pub use report::{FilterArg, GainArg, PaperArg, ReportArgs, ReportFormat, SectionArg, SpeedArg};
pub use review::{ImportArgs, ReviewArgs, ReviewCommand, ReviewExportArgs, ShowArgs};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Opens ECG recordings (EDF, WFDB), shows calibrated traces with the model's evidence drawn on them, and analyses
/// them. Research software, not a medical device: nothing it says is a diagnosis. Nothing is sent anywhere.
#[derive(Debug, Parser)]
#[command(name = "efficientecg", version, about, args_conflicts_with_subcommands = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do; without a command the window opens.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The window's own arguments.
    #[command(flatten)]
    pub window: WindowArgs,
}

const EXIT_CODES: &str = "Exit codes: 0 all done; 1 some recordings failed; 2 bad usage; 3 engine or model unusable.\nSet EFFICIENTECG_LOG=debug for a log on standard error (it never holds patient data).";

/// `efficientecg [FILES]`: the window.
#[derive(Debug, Args)]
pub struct WindowArgs {
    /// Recordings or folders to open; without any, the simulated demo recordings.
    pub files: Vec<PathBuf>,

    /// Engine, provider and models.
    #[command(flatten)]
    pub engine: EngineArgs,

    /// Save what the window shows once the first recording is analysed as a PNG picture, and close.
    #[arg(long, value_name = "FILE")]
    pub screenshot: Option<PathBuf>,

    /// Choose this finding (its code, e.g. `A` or `MI`) once the recording is analysed, so that its evidence is drawn.
    #[arg(long, value_name = "CODE")]
    pub show: Option<String>,
}

/// Which engine runs the models, where, and which models.
#[derive(Debug, Clone, Args)]
pub struct EngineArgs {
    /// Engine: ONNX Runtime where it can be had, else the built-in rten.
    #[arg(long, value_enum, default_value_t = EngineArg::Auto)]
    pub engine: EngineArg,

    /// Execution provider; anything but `auto` is an error where it cannot be met.
    #[arg(long, value_enum, default_value_t = ProviderArg::Auto)]
    pub provider: ProviderArg,

    /// Folder with models (`NAME.onnx` and its card `NAME.json`) to use instead of the built-in ones.
    /// (EFFICIENTECG_MODELS names one too).
    #[arg(long, value_name = "DIR")]
    pub models: Option<PathBuf>,

    /// Threads to use; default: as many as there are cores.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
}

/// `--engine`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// ONNX Runtime, else rten.
    Auto,
    /// ONNX Runtime or nothing.
    Onnxruntime,
    /// The built-in engine.
    Rten,
}

/// `--provider`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProviderArg {
    /// The processor: for networks as small as these a graphics card is slower.
    Auto,
    /// Processor.
    Cpu,
    /// NVIDIA.
    Cuda,
    /// DirectX 12 (Windows).
    Directml,
    /// Apple.
    Coreml,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse recordings and print what was found as JSON.
    Analyze(AnalyzeArgs),
    /// Tell what is in a recording: signals, digests, annotations, repairs.
    Info(InfoArgs),
    /// Write labels - the analysis' or an annotator's - as WFDB, EDF+, CSV or JSON.
    Export(ExportArgs),
    /// Write reports: PDF on ECG paper at true scale, pictures of the pages, the content as JSON.
    Report(ReportArgs),
    /// Write recordings with all their annotations as WFDB or EDF+, without an analysis.
    Convert(ConvertArgs),
    /// Write the six simulated demo recordings (EDF+ and WFDB).
    Demo(DemoArgs),
    /// Compare two annotation files beat by beat and run by run, as EC57 and WFDB's bxb and rxr define it.
    Evaluate(EvaluateArgs),
    /// List, show, export, import and verify what people decided about recordings.
    Review(ReviewArgs),
    /// Write recordings as arrays for training: filtered, resampled, with beats and features.
    Prepare(PrepareArgs),
    /// Tell which engines and providers can be used here, and why others cannot.
    Providers(ProvidersArgs),
    /// List the installed models with their cards, and check that files and answers are what the cards say.
    Models(ModelsArgs),
}

/// How JSON is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct JsonArgs {
    /// Pretty-printed JSON (the default is the same).
    #[arg(long, conflicts_with = "jsonl")]
    pub json: bool,

    /// One JSON object a line.
    #[arg(long)]
    pub jsonl: bool,
}

/// `analyze`.
#[derive(Debug, Args)]
pub struct AnalyzeArgs {
    /// Recordings and folders (folders are searched for recordings).
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// JSON form.
    #[command(flatten)]
    pub form: JsonArgs,

    /// Engine, provider and models.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `info`.
#[derive(Debug, Args)]
pub struct InfoArgs {
    /// Recordings and folders.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// JSON form.
    #[command(flatten)]
    pub form: JsonArgs,

    /// List every annotation of this annotator (`atr`, `qrs` ...; `edf` for EDF+ annotation signals).
    #[arg(long, value_name = "NAME")]
    pub annotations: Option<String>,
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Folder to write to; made if absent.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Overwrite existing files.
    #[arg(long)]
    pub force: bool,
}

/// `evaluate`.
#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// WFDB records and folders (folders are searched for records).
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Annotator that is held to be right.
    #[arg(long, value_name = "NAME", default_value = "atr")]
    pub reference: String,

    /// Annotator to judge; `analysis` runs the analysis on each recording and judges its beats.
    #[arg(long, value_name = "NAME")]
    pub test: String,

    /// Compare runs of ectopic beats too (`rxr`); `--runs=only` prints nothing else.
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "too")]
    pub runs: Option<RunsArg>,

    /// Which mnemonics count as supraventricular: figures must say which map they use.
    #[arg(long, value_enum, default_value_t = MapArg::Aami)]
    pub map: MapArg,

    /// Begin here instead of after five minutes of learning (seconds, `m:s` or `h:m:s`): not a standard comparison any more.
    #[arg(short = 'f', long, value_name = "TIME", value_parser = time)]
    pub from: Option<f64>,

    /// One line a record for each table (`bxb -L - -`, `rxr -L - -`).
    #[arg(long, conflicts_with = "json")]
    pub line: bool,

    /// Name every beat on which the two disagree, on standard error (`bxb -v`); with `--json` in the document.
    #[arg(short = 'v', long)]
    pub verbose: bool,

    /// Print one JSON document with every record, gross and average figures.
    #[arg(long)]
    pub json: bool,

    /// Engine, provider and models for `--test analysis`.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `--runs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RunsArg {
    /// Beats and runs.
    Too,
    /// Runs only.
    Only,
}

/// `--map`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MapArg {
    /// As `bxb`: `j`, `e` and `n` are S.
    Aami,
    /// As machine-learning papers: `e` and `j` are N.
    Ml,
}

/// Seconds of `90`, `1:30` or `0:1:30`.
fn time(text: &str) -> Result<f64, String> {
    let parts: Vec<Option<f64>> =
        text.split(':').map(|part| part.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)).collect();
    match parts.iter().copied().collect::<Option<Vec<f64>>>() {
        Some(parts) if parts.len() <= 3 => Ok(parts.iter().fold(0.0, |seconds, part| seconds * 60.0 + part)),
        _ => Err("a time is seconds, `m:s` or `h:m:s`".to_owned()),
    }
}

/// `prepare`.
#[derive(Debug, Args)]
pub struct PrepareArgs {
    /// Recordings and folders.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Folder to write `index.jsonl`, `features.json`, `beat_features.json` and `signal.f32` to; must not hold them yet.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// Rate of the arrays in Hz.
    #[arg(long, default_value_t = 100.0)]
    pub rate: f64,

    /// Zero-phase band in Hz, low and high edge.
    #[arg(long, num_args = 2, value_names = ["LOW", "HIGH"], default_values_t = [0.5, 45.0])]
    pub band: Vec<f64>,

    /// Annotator that holds the reference beats.
    #[arg(long, default_value = "atr")]
    pub annotator: String,

    /// Write no `signal.f32`.
    #[arg(long)]
    pub features_only: bool,

    /// Engine and models that classify the beats and find the waves that are measured.
    #[command(flatten)]
    pub engine: EngineArgs,
}

/// `providers`.
#[derive(Debug, Args)]
pub struct ProvidersArgs {
    /// Engine, provider and models to try.
    #[command(flatten)]
    pub engine: EngineArgs,

    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

/// `models`.
#[derive(Debug, Args)]
pub struct ModelsArgs {
    /// Show the whole card of this model.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// Print JSON, the whole cards in it.
    #[arg(long)]
    pub json: bool,

    /// Engine, provider and models to check.
    #[command(flatten)]
    pub engine: EngineArgs,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn files_without_a_command_open_the_window() {
        let cli = Cli::try_parse_from(["efficientecg", "a.hea", "b.edf"]).unwrap();
        assert!(cli.command.is_none());
        assert_eq!(cli.window.files.len(), 2);
    }

    #[test]
    fn times_are_seconds_minutes_or_hours() {
        assert_eq!((time("0"), time("5:0"), time("1:0:30.5")), (Ok(0.0), Ok(300.0), Ok(3630.5)));
        for wrong in ["", "-1", "1:2:3:4", "a", "1:", "inf", "NaN"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn analyze_needs_a_path() {
        assert!(Cli::try_parse_from(["efficientecg", "analyze", "--jsonl"]).is_err());
    }
}
