//! The command line of `cargo xtask`.

use anyhow::{Result, bail};
use std::path::PathBuf;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub struct Options {
    pub skip_packages: bool,
    pub task: Task,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Task {
    Setup,
    Run(Run),
    /// Arguments for `cargo test`.
    Test(Vec<String>),
    /// Check the licences of what ships; `write`: renew the list.
    Licences {
        write: bool,
    },
    WindowCheck(WindowCheck),
    /// Arguments for `cargo bench`.
    Bench(Vec<String>),
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Run {
    pub virtual_display: bool,
    pub dev: bool,
    /// For `efficientecg`.
    pub arguments: Vec<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct WindowCheck {
    pub out: PathBuf,
    pub recording: Option<PathBuf>,
}

/// Reads the arguments; `None`: help is asked for.
pub fn parse(arguments: &[String]) -> Result<Option<Options>> {
    let Some((task, rest)) = arguments.split_first() else { return Ok(None) };
    let (own, passed) = match rest.iter().position(|a| a == "--") {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &[][..]),
    };
    if ["help", "--help", "-h"].contains(&task.as_str()) || own.iter().any(|a| a == "--help" || a == "-h") {
        return Ok(None);
    }
    let skip_packages = own.iter().any(|a| a == "--skip-packages");
    let own: Vec<&String> = own.iter().filter(|a| *a != "--skip-packages").collect();
    let task = match task.as_str() {
        "setup" => match own.first().copied().or(passed.first()) {
            Some(extra) => bail!("`setup` takes no `{extra}`"),
            None => Task::Setup,
        },
        "run" => {
            let mut run = Run::default();
            let mut own = own.into_iter();
            for argument in own.by_ref() {
                match argument.as_str() {
                    "--virtual" => run.virtual_display = true,
                    "--dev" => run.dev = true,
                    // The first argument that is not ours, and all after it, are for efficientecg.
                    _ => {
                        run.arguments.push(argument.clone());
                        break;
                    }
                }
            }
            run.arguments.extend(own.cloned().chain(passed.iter().cloned()));
            Task::Run(run)
        }
        // `--` means something to `cargo test` and `cargo bench` themselves.
        "test" | "bench" => {
            let separator = (!passed.is_empty()).then(|| "--".to_owned());
            let arguments = own.into_iter().cloned().chain(separator).chain(passed.iter().cloned()).collect();
            if task == "test" { Task::Test(arguments) } else { Task::Bench(arguments) }
        }
        "licences" => match own.iter().map(|a| a.as_str()).collect::<Vec<_>>().as_slice() {
            [] => Task::Licences { write: false },
            ["--write"] => Task::Licences { write: true },
            other => bail!("`licences` takes no `{}`", other.join(" ")),
        },
        "window-check" => Task::WindowCheck(window_check(own.into_iter().chain(passed))?),
        other => bail!("there is no task `{other}`"),
    };
    Ok(Some(Options { skip_packages, task }))
}

fn window_check<'a>(mut arguments: impl Iterator<Item = &'a String>) -> Result<WindowCheck> {
    let (mut out, mut recording) = (None, None);
    while let Some(argument) = arguments.next() {
        if argument == "--out" {
            out = arguments.next().map(PathBuf::from);
        } else if let Some(folder) = argument.strip_prefix("--out=") {
            out = Some(PathBuf::from(folder));
        } else if argument.starts_with('-') || recording.is_some() {
            bail!("`window-check` takes no `{argument}`");
        } else {
            recording = Some(PathBuf::from(argument));
        }
    }
    match out {
        Some(out) => Ok(WindowCheck { out, recording }),
        None => bail!("`window-check` needs --out FOLDER"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(line: &str) -> Result<Option<Task>> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Ok(parse(&arguments)?.map(|options| options.task))
    }

    fn strings(values: &[&str]) -> Vec<String> {
        values.iter().map(|v| (*v).to_owned()).collect()
    }

    #[test]
    fn run_passes_on_what_is_not_its_own() -> Result<()> {
        let run = |virtual_display, dev, arguments: &[&str]| {
            Some(Task::Run(Run { virtual_display, dev, arguments: strings(arguments) }))
        };
        assert_eq!(task("run")?, run(false, false, &[]));
        assert_eq!(task("run --virtual -- a.edf --dev")?, run(true, false, &["a.edf", "--dev"]));
        assert_eq!(task("run a.edf --virtual")?, run(false, false, &["a.edf", "--virtual"]));
        assert_eq!(task("run --dev -- analyze x --json")?, run(false, true, &["analyze", "x", "--json"]));
        Ok(())
    }

    #[test]
    fn test_keeps_the_separator_of_cargo() -> Result<()> {
        assert_eq!(
            task("test --lib model:: -- --nocapture")?,
            Some(Task::Test(strings(&["--lib", "model::", "--", "--nocapture"])))
        );
        assert_eq!(task("test")?, Some(Task::Test(Vec::new())));
        assert_eq!(task("bench --bench formats")?, Some(Task::Bench(strings(&["--bench", "formats"]))));
        Ok(())
    }

    #[test]
    fn window_check_needs_a_folder() -> Result<()> {
        assert!(task("window-check").is_err());
        assert!(task("window-check --out").is_err());
        assert!(task("window-check --out d a b").is_err());
        let check = WindowCheck { out: "d".into(), recording: Some("a.hea".into()) };
        assert_eq!(task("window-check a.hea --out d")?, Some(Task::WindowCheck(check)));
        Ok(())
    }

    #[test]
    fn help_unknown_tasks_and_extra_arguments() -> Result<()> {
        assert_eq!(task("")?, None);
        assert_eq!(task("run --help")?, None);
        assert_ne!(task("run -- --help")?, None, "that is for efficientecg");
        assert!(task("fly").is_err());
        assert!(task("setup now").is_err());
        let options = parse(&strings(&["setup", "--skip-packages"]))?;
        assert_eq!(options, Some(Options { skip_packages: true, task: Task::Setup }));
        Ok(())
    }
}
