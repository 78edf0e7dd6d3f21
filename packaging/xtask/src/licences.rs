//! `cargo xtask licences`: every crate that the binary is built from carries a licence we may ship under, and
//! `docs/third-party.md` lists them all.

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    path::Path,
    process::Command,
};

/// Licences that allow shipping in a binary under MIT or Apache-2.0. MPL-2.0 is file-wise copyleft: unchanged crates are fine.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Ubuntu-font-1.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
    workspace_members: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// `None`: a normal dependency, which ends up in the binary.
    kind: Option<String>,
}

/// Checks the licences; with `write`, writes the list anew, else compares it.
pub fn run(root: &Path, write: bool) -> Result<()> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("cargo metadata did not start")?;
    ensure!(output.status.success(), "cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Metadata = serde_json::from_slice(&output.stdout).context("cargo metadata was not understood")?;
    let shipped = shipped(&metadata);
    let mut faults = Vec::new();
    let mut list = String::from(
        "# Third-party parts\n\nCrates that the binary is built from, on any platform, with their licences. Written by `cargo xtask licences --write`, \
         checked by CI.\nONNX Runtime (MIT) is obtained at set-up and loaded at run time. Model weights: see their cards under `models/`.\n\
         Fonts: see [their licences](../assets/fonts/LICENCES.md).\n\n\
         | crate | version | licence |\n|---|---|---|\n",
    );
    for package in shipped {
        match package.license.as_deref() {
            Some(text) if allowed(text) => {}
            Some(text) => faults.push(format!("{} {}: {text}", package.name, package.version)),
            None => faults.push(format!("{} {}: no licence named", package.name, package.version)),
        }
        writeln!(list, "| {} | {} | {} |", package.name, package.version, package.license.as_deref().unwrap_or("?"))?;
    }
    if !faults.is_empty() {
        bail!("licences that must not ship:\n  {}", faults.join("\n  "));
    }
    let path = root.join("docs/third-party.md");
    if write {
        std::fs::write(&path, list).with_context(|| format!("{} could not be written", path.display()))?;
        println!("wrote {}", path.display());
    } else {
        let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        ensure!(committed == list, "docs/third-party.md is out of date: run `cargo xtask licences --write`");
        println!("licences: all allowed, docs/third-party.md is up to date");
    }
    Ok(())
}

/// All packages that normal dependencies lead to from the application, without the workspace's own.
fn shipped(metadata: &Metadata) -> Vec<&Package> {
    let packages: BTreeMap<&str, &Package> = metadata.packages.iter().map(|p| (p.id.as_str(), p)).collect();
    let nodes: BTreeMap<&str, &Node> = metadata.resolve.nodes.iter().map(|n| (n.id.as_str(), n)).collect();
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = metadata
        .workspace_members
        .iter()
        .map(String::as_str)
        .filter(|id| packages.get(id).is_some_and(|p| p.name == "efficientecg"))
        .collect();
    while let Some(id) = open.pop() {
        if reached.insert(id)
            && let Some(node) = nodes.get(id)
        {
            let normal = node.deps.iter().filter(|d| d.dep_kinds.iter().any(|k| k.kind.is_none()));
            open.extend(normal.map(|d| d.pkg.as_str()));
        }
    }
    let mut list: Vec<&Package> = reached
        .into_iter()
        .filter(|id| !metadata.workspace_members.contains(*id))
        .filter_map(|id| packages.get(id).copied())
        .collect();
    list.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    list
}

/// Whether an SPDX expression can be met with allowed licences; old manifests write `/` for OR.
fn allowed(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    spdx::Expression::parse(&expression)
        .is_ok_and(|parsed| parsed.evaluate(|requirement| requirement.license.id().is_some_and(|id| ALLOWED.contains(&id.name))))
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn choices_are_met_and_copyleft_is_not() {
        assert!(allowed("MIT OR Apache-2.0"));
        assert!(allowed("MIT/Apache-2.0"));
        assert!(allowed("GPL-3.0-only OR MIT"));
        assert!(allowed("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"));
        assert!(!allowed("GPL-3.0-only"));
        assert!(!allowed("MIT AND AGPL-3.0-only"));
        assert!(!allowed("no licence at all"));
    }
}
