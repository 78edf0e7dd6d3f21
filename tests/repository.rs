//! The repository itself: links that lead somewhere, models that were trained.

use std::{
    fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            documents(&path, out);
        } else if path.extension().is_some_and(|e| e == "md") {
            out.push(path);
        }
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut files = vec![root().join("README.md"), root().join("models/README.md")];
    documents(&root().join("docs"), &mut files);
    files.push(root().join("models/training/README.md"));
    let mut links = 0;
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") || link.starts_with('#') {
                continue;
            }
            links += 1;
            let target = file.parent().unwrap().join(link.split('#').next().unwrap_or(link));
            assert!(target.exists(), "{}: the link to {link} leads nowhere", file.display());
        }
    }
    assert!(links > 5, "links were looked at");
}

#[test]
fn models_that_ship_are_trained_and_name_their_data() {
    for name in ["efficientecg-record", "efficientecg-beat"] {
        let card = fs::read_to_string(root().join(format!("models/{name}.json"))).unwrap();
        let card: serde_json::Value = serde_json::from_str(&card).unwrap();
        let version = card["version"].as_str().unwrap();
        assert!(!version.contains("untrained"), "{name} {version}");
        let sets = card["training"]["sets"].as_array().unwrap();
        assert!(!sets.is_empty());
        for set in sets {
            assert!(set["licence"].as_str().is_some_and(|l| !l.is_empty()), "{set}");
            assert!(set["credit"].as_str().is_some_and(|c| !c.is_empty()), "{set}");
        }
        for list in ["metrics", "limits", "not_for"] {
            assert!(card[list].as_array().is_some_and(|l| !l.is_empty()), "{name}: {list} is empty");
        }
        for metric in card["metrics"].as_array().unwrap() {
            for field in ["split", "command", "records", "ci95"] {
                assert!(!metric[field].is_null(), "{name}: {} has no {field}", metric["figure"]);
            }
        }
    }
}
