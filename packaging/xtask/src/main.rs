//! The one door to EfficientECG Review on a machine with a Rust toolchain: set-up, run, test.
//!
//! No shell is involved, so that it is the same on Linux, Windows and macOS.

mod bench;
mod display;
mod library;
mod licences;
mod options;
mod packages;
mod pins;
mod process;
mod project;
mod window_check;

use anyhow::{Context, Result, bail};
use options::{Run, Task};
use process::{run, say};
use project::{Profile, Project};
use std::{
    env,
    process::{Command, ExitCode},
};

const USAGE: &str = "\
cargo xtask setup                          obtain ONNX Runtime and the system packages the window needs
cargo xtask run [--virtual] [--dev] [-- ARGUMENTS]
                                           set up, build (release), and open the window; ARGUMENTS go to efficientecg:
                                           recordings to open, or a command such as `analyze`
                                             --virtual   show the window on a virtual display, as on a machine without a screen
                                             --dev       build quicker, run slower
cargo xtask test [ARGUMENTS]               set up and run all tests; ARGUMENTS go to `cargo test`
cargo xtask window-check --out FOLDER [RECORDING]
                                           open the real window on a virtual display, check that it is drawn, and keep a
                                           picture of it in FOLDER (outside of the repository)
cargo xtask bench [ARGUMENTS]              set up the programs the benches compare with, and run the benches; ARGUMENTS go to `cargo bench`
cargo xtask licences [--write]             check the licences of all crates that ship; --write renews docs/third-party.md

--skip-packages with any of them: install no system packages.";

fn main() -> ExitCode {
    match work() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn work() -> Result<ExitCode> {
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.into_string().map_err(|a| anyhow::anyhow!("{} is not UTF-8", a.to_string_lossy())))
        .collect::<Result<_>>()?;
    let Some(options) = options::parse(&arguments).with_context(|| format!("usage:\n\n{USAGE}"))? else {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    let project = Project::find()?;
    let packages = |list: &[&packages::Package]| if options.skip_packages { Ok(()) } else { packages::ensure(list) };
    match options.task {
        Task::Setup => {
            packages(&packages::for_running())?;
            if let Some(library) = library::obtain(&project)? {
                for profile in [Profile::Dev, Profile::Release] {
                    library::place(&project, &library, profile)?;
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Task::Run(run) => start(&project, &run, packages),
        Task::Test(arguments) => {
            packages(&packages::for_testing())?;
            let library = library::obtain(&project)?;
            let mut command = project.cargo();
            command.args(["test", "--workspace"]).args(arguments);
            // An own choice of library is respected.
            if let Some(library) = library.filter(|_| env::var_os(library::VARIABLE).is_none()) {
                library::place(&project, &library, Profile::Dev)?;
                command.env(library::VARIABLE, library);
                // With the library at hand a test that needs it must not pass over it.
                command.env("EFFICIENTECG_REQUIRE_ORT", "1");
            }
            run(&mut command)
        }
        Task::Bench(arguments) => bench::run(&project, arguments),
        Task::Licences { write } => {
            licences::run(project.root.as_path(), write)?;
            Ok(ExitCode::SUCCESS)
        }
        Task::WindowCheck(check) => {
            packages(&packages::for_testing())?;
            let library = library::obtain(&project)?;
            window_check::check(&project, &check, library.as_deref())
        }
    }
}

/// Commands of `efficientecg` that open no window.
const WINDOWLESS: [&str; 11] =
    ["analyze", "info", "demo", "prepare", "providers", "evaluate", "convert", "export", "report", "help", "--help"];

fn start(project: &Project, options: &Run, packages: impl Fn(&[&packages::Package]) -> Result<()>) -> Result<ExitCode> {
    let windowless = options.arguments.first().is_some_and(|first| WINDOWLESS.contains(&first.as_str()) || first == "--version");
    // A machine without a screen shows the window on a virtual one.
    let on_virtual = !windowless && cfg!(target_os = "linux") && (options.virtual_display || !has_display());
    if !windowless {
        packages(&if on_virtual { packages::for_testing() } else { packages::for_running() })?;
    }
    let library = library::obtain(project)?;
    let profile = if options.dev { Profile::Dev } else { Profile::Release };
    say(&format!("building efficientecg ({}); the first time takes some minutes", profile.folder()));
    let mut build = project.cargo();
    build.args(["build", "--package", "efficientecg", "--bin", "efficientecg"]);
    if profile == Profile::Release {
        build.arg("--release");
    }
    if run(&mut build)? != ExitCode::SUCCESS {
        bail!("the build failed; its messages are above");
    }
    if let Some(library) = &library {
        library::place(project, library, profile)?;
    }
    let binary = project.binary(profile);
    let mut command = Command::new(&binary);
    // The user's own folder stays the current one, so that relative paths among the arguments mean what they say.
    command.args(&options.arguments);
    if options.arguments.is_empty() {
        command.arg(project.root.join("assets/demo/wfdb"));
    }
    if !on_virtual {
        return run(&mut command);
    }
    let screen = display::Screen::start().with_context(|| {
        format!(
            "efficientecg is built ({}), but there is no display to open its window on (neither DISPLAY nor WAYLAND_DISPLAY is \
             set), and a virtual one cannot be started",
            binary.display()
        )
    })?;
    say(&format!(
        "there is no screen: the window opens on the virtual display {name}; see it with  import -display {name} -window root picture.png  and stop with Ctrl-C",
        name = screen.name()
    ));
    screen.apply(&mut command);
    run(&mut command)
}

fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}
