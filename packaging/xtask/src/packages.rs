//! System packages that a window, and its tests, need on Linux.

use crate::process::{find, output, say};
use anyhow::Result;
use std::{process::Command, time::Duration};

/// A package of Debian and Ubuntu, and what it is for.
#[derive(Debug, PartialEq, Eq)]
pub struct Package {
    pub name: &'static str,
    pub what: &'static str,
    testing: bool,
}

const fn package(name: &'static str, what: &'static str, testing: bool) -> Package {
    Package { name, what, testing }
}

/// winit, glutin and ONNX Runtime open these at run time; nothing is needed to build.
const PACKAGES: [Package; 13] = [
    package("libgl1", "OpenGL", false),
    package("libegl1", "EGL", false),
    package("libgl1-mesa-dri", "OpenGL drivers, also for machines without a graphics card", false),
    package("libxkbcommon-x11-0", "keyboard", false),
    package("libx11-xcb1", "X11", false),
    package("libxcursor1", "X11 cursors", false),
    package("libxi6", "X11 input", false),
    package("libxrandr2", "X11 screens", false),
    package("xvfb", "virtual display", true),
    package("openbox", "window manager for it", true),
    package("xdotool", "finds and drives windows", true),
    package("x11-utils", "asks about windows", true),
    package("imagemagick", "pictures of windows", true),
];

/// What the window needs.
pub fn for_running() -> Vec<&'static Package> {
    PACKAGES.iter().filter(|p| !p.testing).collect()
}

/// What the window and its tests need.
pub fn for_testing() -> Vec<&'static Package> {
    PACKAGES.iter().collect()
}

/// Installs what is missing where that is possible, else names it. Failing to install stops nothing: the window may work all the same,
/// and says itself what it lacks.
pub fn ensure(wanted: &[&Package]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if find("dpkg-query").is_none() || find("apt-get").is_none() {
        let list: Vec<_> = wanted.iter().map(|p| format!("{} ({})", p.name, p.what)).collect();
        say(&format!("this is not Debian or Ubuntu; the window needs what these Debian packages hold: {}", list.join(", ")));
        return Ok(());
    }
    let missing = missing(wanted)?;
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    let Some(administrator) = administrator() else {
        say(&format!(
            "these system packages are missing, and only an administrator can install them:\n  sudo apt-get install -y --no-install-recommends {names}"
        ));
        return Ok(());
    };
    say(&format!("installing system packages: {names}"));
    // Lists may be absent on a fresh machine and are often old on others; the installation itself tells whether that mattered.
    for arguments in [vec!["update", "-q"], [&["install", "-q", "-y", "--no-install-recommends"], &missing[..]].concat()] {
        let mut command = Command::new(administrator.first().copied().unwrap_or("apt-get"));
        command.args(administrator.iter().skip(1)).args(&arguments).env("DEBIAN_FRONTEND", "noninteractive");
        if !output_is_success(&mut command) {
            say(&format!("`apt-get {}` failed; if the window does not open, install by hand: {names}", arguments.join(" ")));
        }
    }
    Ok(())
}

fn output_is_success(command: &mut Command) -> bool {
    command.stdout(std::process::Stdio::null()).status().is_ok_and(|status| status.success())
}

/// The command that installs: apt-get for root, by sudo where it asks for no password.
fn administrator() -> Option<Vec<&'static str>> {
    let answer = |program: &str, arguments: &[&str]| output(Command::new(program).args(arguments), Duration::from_secs(20)).ok();
    if answer("id", &["-u"]).is_some_and(|o| o.stdout.trim_ascii() == b"0") {
        return Some(vec!["apt-get"]);
    }
    let sudo = find("sudo").is_some() && answer("sudo", &["-n", "true"]).is_some_and(|o| o.status.success());
    sudo.then(|| vec!["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND", "apt-get"])
}

fn missing(wanted: &[&Package]) -> Result<Vec<&'static str>> {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f", "${Package} ${db:Status-Status}\n"]).args(wanted.iter().map(|p| p.name));
    // It exits with an error when it does not know one of them, and still lists the others.
    let listed = output(&mut query, Duration::from_secs(60))?;
    let listed = String::from_utf8_lossy(&listed.stdout);
    Ok(wanted.iter().map(|p| p.name).filter(|name| !is_installed(&listed, name)).collect())
}

fn is_installed(listed: &str, name: &str) -> bool {
    listed.lines().any(|line| line.split_once(' ') == Some((name, "installed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installed_packages_are_recognised() {
        let listed = "libgl1 installed\nxvfb not-installed\nlibgl1-mesa-dri config-files\n";
        assert!(is_installed(listed, "libgl1"));
        for name in ["xvfb", "libgl1-mesa-dri", "openbox", "libgl"] {
            assert!(!is_installed(listed, name), "{name}");
        }
    }

    #[test]
    fn tests_need_more_than_running() {
        assert!(for_running().iter().all(|p| for_testing().contains(p)));
        assert!(for_testing().iter().any(|p| p.name == "xvfb"));
        assert!(for_running().iter().all(|p| p.name != "xvfb"));
    }
}
