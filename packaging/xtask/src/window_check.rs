//! A real start of the window on a virtual display, and a look at whether anything is drawn on it.

use crate::{
    display::{SIZE, Screen},
    library,
    options::WindowCheck,
    process::{Killed, find, output, run, say},
    project::{Profile, Project},
};
use anyhow::{Context, Result, bail};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Until the window is there: a debug build on a software renderer is slow.
const APPEARS: Duration = Duration::from_secs(60);
/// Until its recording is analysed and drawn.
const DRAWN: Duration = Duration::from_secs(90);
/// Between two pictures.
const PAUSE: Duration = Duration::from_millis(1500);
/// For the small programs that look at the window.
const QUICK: Duration = Duration::from_secs(30);
/// The application writes this to its standard error once the analysis of the recording it was started with is on the screen.
const READY: &str = "ready:";

/// Opens the window, waits until it is drawn, keeps `window.png` and `window.log` in the folder.
pub fn check(project: &Project, options: &WindowCheck, library: Option<&Path>) -> Result<ExitCode> {
    if !cfg!(target_os = "linux") {
        bail!("window-check needs Xvfb, which there is on Linux only");
    }
    for program in ["Xvfb", "openbox", "xdotool", "import", "identify"] {
        if find(program).is_none() {
            bail!(
                "{program} is not installed; `cargo xtask window-check` without --skip-packages installs it on Debian and Ubuntu"
            );
        }
    }
    let out = outside(project, &options.out)?;
    let recording = match &options.recording {
        Some(path) => Some(path.canonicalize().with_context(|| path.display().to_string())?),
        None => demo(&project.root.join("assets")),
    };
    let mut build = project.cargo();
    // The whole workspace, as the tests build it: of one package alone cargo would choose other features and compile much again.
    build.args(["build", "--workspace", "--all-targets"]);
    if run(&mut build)? != ExitCode::SUCCESS {
        bail!("the build failed; its messages are above");
    }
    if let Some(library) = library {
        library::place(project, library, Profile::Dev)?;
    }

    let screen = Screen::start()?;
    let log = out.join("window.log");
    let file = File::create(&log).with_context(|| log.display().to_string())?;
    let mut command = Command::new(project.binary(Profile::Dev));
    screen.apply(&mut command);
    command
        .args(&recording)
        // What the window remembers must neither come from nor go to this user's own folders.
        .env("XDG_DATA_HOME", screen.folder().join("data"))
        .env("XDG_CONFIG_HOME", screen.folder().join("config"))
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    say(&format!(
        "opening the window on {} ({})",
        screen.name(),
        recording.as_deref().unwrap_or(Path::new("no recording")).display()
    ));
    let begin = Instant::now();
    let mut application = Killed(command.spawn().context("efficientecg cannot be started")?);
    let picture = out.join("window.png");
    let looks = look(&screen, &mut application, &log, &picture);
    let seconds = begin.elapsed().as_secs_f64();
    drop(application);
    let looks = looks.with_context(|| format!("the window's own messages are in {}", log.display()))?;
    if let Some(fault) = looks.fault() {
        bail!("{fault}; the picture is {}, the window's messages are in {}", picture.display(), log.display());
    }
    say(&format!(
        "the window was drawn after {seconds:.1} s ({} colours, deviation {:.3}); picture: {}",
        looks.colours,
        looks.deviation,
        picture.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Waits for the window, then until it says that the analysis is shown, and takes the picture.
fn look(screen: &Screen, application: &mut Killed, log: &Path, picture: &Path) -> Result<Looks> {
    let begin = Instant::now();
    let window = loop {
        alive(application)?;
        let mut search = Command::new("xdotool");
        search.args(["search", "--onlyvisible", "--name", "EfficientECG"]);
        screen.apply(&mut search);
        let found = output(&mut search, QUICK)?;
        if let Some(id) = String::from_utf8_lossy(&found.stdout).lines().next() {
            break id.to_owned();
        }
        if begin.elapsed() > APPEARS {
            bail!("no window appeared within {} s", APPEARS.as_secs());
        }
        thread::sleep(Duration::from_millis(300));
    };
    // The picture is of the whole screen, so the window is to fill it. A window manager that refuses is no failure.
    let (width, height) = (SIZE.0.to_string(), SIZE.1.to_string());
    for arguments in [["windowmove", &window, "0", "0"], ["windowsize", &window, &width, &height]] {
        let mut command = Command::new("xdotool");
        screen.apply(command.args(arguments));
        let _ = output(&mut command, QUICK);
    }
    let begin = Instant::now();
    loop {
        thread::sleep(PAUSE);
        alive(application)?;
        let ready = fs::read_to_string(log).unwrap_or_default().lines().any(|line| line.starts_with(READY));
        if ready {
            // The frame that shows the analysis may still be on its way through a software renderer.
            thread::sleep(PAUSE * 2);
            return take_picture(screen, picture);
        }
        if begin.elapsed() > DRAWN {
            take_picture(screen, picture)?;
            bail!("no analysis was shown within {} s; the picture is {}", DRAWN.as_secs(), picture.display());
        }
    }
}

fn alive(application: &mut Killed) -> Result<()> {
    match application.0.try_wait()? {
        Some(status) => bail!("efficientecg ended by itself ({status})"),
        None => Ok(()),
    }
}

/// What ImageMagick says of a picture.
#[derive(Debug, Clone, PartialEq)]
struct Looks {
    colours: u32,
    /// Standard deviation of the pixels, 0 to 1.
    deviation: f64,
    signature: String,
}

impl Looks {
    fn parse(text: &str) -> Result<Self> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [colours, deviation, signature] = fields[..] else { bail!("`{text}` is not: colours, deviation, signature") };
        Ok(Self { colours: colours.parse()?, deviation: deviation.parse()?, signature: signature.to_owned() })
    }

    /// Why the picture is as good as blank. A page with grid, traces and text has hundreds of shades through its smoothed edges.
    fn fault(&self) -> Option<String> {
        if self.colours < 100 {
            return Some(format!("the window is as good as blank: {} colours", self.colours));
        }
        (self.deviation < 0.01).then(|| format!("the window is as good as blank: its pixels deviate by {:.4}", self.deviation))
    }
}

fn take_picture(screen: &Screen, picture: &Path) -> Result<Looks> {
    let mut import = Command::new("import");
    import.args(["-window", "root"]).arg(picture);
    screen.apply(&mut import);
    let taken = output(&mut import, QUICK)?;
    if !taken.status.success() {
        bail!("no picture could be taken: {}", String::from_utf8_lossy(&taken.stderr).trim());
    }
    let identified = output(Command::new("identify").args(["-format", "%k %[fx:standard_deviation] %#"]).arg(picture), QUICK)?;
    Looks::parse(&String::from_utf8_lossy(&identified.stdout))
}

/// The folder for the picture, which must not lie in the repository (its build folder excepted).
fn outside(project: &Project, out: &Path) -> Result<PathBuf> {
    fs::create_dir_all(out).with_context(|| out.display().to_string())?;
    let out = out.canonicalize().with_context(|| out.display().to_string())?;
    let inside = |folder: &Path| folder.canonicalize().is_ok_and(|folder| out.starts_with(folder));
    if inside(&project.root) && !inside(&project.target) {
        bail!("{} lies in the repository; give a folder outside of it", out.display());
    }
    Ok(out)
}

/// The first demo recording in a folder or one below it.
fn demo(folder: &Path) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    entries.sort();
    let recording = |path: &&PathBuf| path.extension().is_some_and(|e| e == "hea" || e == "edf");
    entries.iter().find(recording).cloned().or_else(|| entries.iter().filter(|path| path.is_dir()).find_map(|path| demo(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_pictures_are_told_from_drawn_ones() -> Result<()> {
        assert!(Looks::parse("1 0 abc")?.fault().is_some());
        assert!(Looks::parse("40 0.2 abc")?.fault().is_some(), "panels without a page");
        assert!(Looks::parse("5000 0.001 abc")?.fault().is_some());
        assert_eq!(Looks::parse("812 0.134 abc")?.fault(), None);
        assert!(Looks::parse("").is_err());
        Ok(())
    }

    #[test]
    fn the_folder_must_lie_outside() -> Result<()> {
        let project = Project::find()?;
        let inside = project.root.join("packaging");
        assert!(outside(&project, &inside).is_err());
        let elsewhere = std::env::temp_dir().join(format!("xtask-outside-{}", std::process::id()));
        assert!(outside(&project, &elsewhere).is_ok());
        fs::remove_dir(&elsewhere)?;
        Ok(())
    }
}
