//! A virtual display with a window manager, gone when this value is.

use crate::process::{Killed, find};
use anyhow::{Context, Result, bail};
use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// Width and height of the virtual screen in pixels.
pub const SIZE: (u32, u32) = (1600, 1000);

/// A running Xvfb with openbox. Fields are dropped in this order: the manager before its display.
pub struct Screen {
    _manager: Option<Killed>,
    _server: Killed,
    name: String,
    runtime: PathBuf,
}

impl Screen {
    /// Starts it on a free display.
    pub fn start() -> Result<Self> {
        if find("Xvfb").is_none() {
            bail!("Xvfb is not installed (Debian: xvfb); a virtual display needs it");
        }
        // The server chooses a free number itself and writes it to its standard output.
        let size = format!("{}x{}x24", SIZE.0, SIZE.1);
        let mut server = Killed(
            Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", &size, "+extension", "GLX", "-nolisten", "tcp"])
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .context("Xvfb cannot be started")?,
        );
        let stdout = server.0.stdout.take().context("Xvfb has no output")?;
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(stdout).read_line(&mut line);
            // Nobody listens any more when it took too long.
            let _ = sender.send(read.map(|_| line));
        });
        let number = receiver.recv_timeout(Duration::from_secs(20)).context("Xvfb did not start within 20 s")??;
        let number: u32 = number.trim().parse().context("Xvfb found no free display")?;

        let runtime = env::temp_dir().join(format!("efficientecg-display-{number}-{}", std::process::id()));
        fs::create_dir_all(&runtime).with_context(|| runtime.display().to_string())?;
        let mut screen = Self { _manager: None, _server: server, name: format!(":{number}"), runtime };
        let mut manager = Command::new("openbox");
        manager.arg("--sm-disable").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        screen.apply(&mut manager);
        // Without a window manager the window is shown too, only the keyboard does not reach it.
        screen._manager = manager.spawn().ok().map(Killed);
        Ok(screen)
    }

    /// Its name, e.g. `:1`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Makes a program use it, with the software renderer.
    pub fn apply(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env("XDG_RUNTIME_DIR", &self.runtime)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET");
    }

    /// A folder that goes with the display.
    pub fn folder(&self) -> &PathBuf {
        &self.runtime
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.runtime);
    }
}
