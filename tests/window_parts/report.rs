//! The report dialog: preview, choices, saving.

use crate::window_fake::drive::*;
use efficientecg::{
    app::{message::Message, paper::PaperMessage, report::Preview},
    report::Report,
    words::Language,
};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use std::sync::Arc;

const PREVIEW: &str = "Report as it will print, page 1 of";

/// A window with the dialog open and its first page drawn.
fn with_report(path: &str) -> Window {
    let mut window = analysed(&Arc::default(), path);
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    wait(&mut window, "the preview", |w| sees(w, PREVIEW));
    window
}

/// Types a path over what stands in the path field.
fn type_path(window: &mut Window, path: &str) {
    window.get_by_label("Path of the PDF file").focus();
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.run();
    window.get_by_label("Path of the PDF file").type_text(path);
    window.run();
}

/// The report in the preview.
fn report(window: &Window) -> Option<Arc<Report>> {
    match &window.state().state().reports.dialog.as_ref()?.preview {
        Preview::Ready(report, _) => Some(report.clone()),
        _ => None,
    }
}

fn pages(window: &Window) -> usize {
    report(window).map_or(0, |report| report.document.pages.len())
}

#[test]
fn a_report_is_previewed_changed_and_closed() {
    let mut window = with_report("/ecg/demo.hea");
    let before = pages(&window);
    window.get_by_label("Where the model looked").click();
    wait(&mut window, "another page", |w| sees(w, PREVIEW) && pages(w) > before);
    window.get_by_label("Next page").click();
    wait(&mut window, "the second page", |w| sees(w, "Report as it will print, page 2 of"));
    window.get_by_label("Audit trail").click();
    wait(&mut window, "why there is none", |w| sees(w, "Nothing was changed"));
    window.get_by_role_and_label(Role::ComboBox, "Language of the report").click();
    window.run();
    window.get_by_role_and_label(Role::Button, "Deutsch").click();
    wait(&mut window, "the German report", |w| report(w).is_some_and(|report| report.content.language == "de"));
    window.key_press(Key::Escape);
    window.run();
    assert!(!sees(&window, "Report as it will print"));
}

#[test]
fn a_report_is_saved_and_never_over_another_file_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.pdf");
    let mut window = with_report("/ecg/demo.hea");
    let typed = folder.path().join("one").display().to_string();
    type_path(&mut window, &typed);
    window.get_by_label("Save as PDF").click();
    wait(&mut window, "saving", |w| sees(w, "Saved: "));
    assert!(std::fs::read(&path).unwrap().starts_with(b"%PDF-"));
    std::fs::write(&path, "another's").unwrap();
    type_path(&mut window, &typed);
    window.get_by_label("Save as PDF").click();
    wait(&mut window, "the question", |w| sees(w, "there is such a file already"));
    assert_eq!(std::fs::read(&path).unwrap(), b"another's");
    window.get_by_label("Replace the file").click();
    wait(&mut window, "saving", |w| sees(w, "Saved: "));
    assert!(std::fs::read(&path).unwrap().starts_with(b"%PDF-"));
    type_path(&mut window, "/absent/folder/x.pdf");
    window.get_by_label("Save as PDF").click();
    wait(&mut window, "the reason", |w| sees(w, "/absent/folder"));
}

#[test]
fn a_template_that_is_none_is_told() {
    let mut window = with_report("/ecg/demo.hea");
    window.get_by_label("Template of the report").focus();
    window.run();
    window.get_by_label("Template of the report").type_text("/absent.toml");
    window.run();
    window.key_press(Key::Enter);
    wait(&mut window, "the reason", |w| sees(w, "No report: ") && sees(w, "/absent.toml"));
}

#[test]
fn without_a_recording_there_is_no_report() {
    let mut window = window(&Arc::default(), &[]);
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    window.run();
    assert!(window.state().state().reports.dialog.is_none());
}

#[test]
fn the_dialog_speaks_the_readers_language_and_so_does_its_report() {
    let mut window = with_report("/ecg/demo.hea");
    window.key_press(Key::Escape);
    window.run();
    window.state_mut().apply(Message::Paper(PaperMessage::SetLanguage(Language::German)));
    window.run();
    window.key_press_modifiers(Modifiers::COMMAND, Key::P);
    wait(&mut window, "the preview", |w| sees(w, "Befund, wie er gedruckt wird, Seite 1 von"));
    for word in ["Als PDF speichern", "Weitere Seiten", "Vorlage des Befunds", "Schläge nach Klassen"] {
        assert!(sees(&window, word), "{word}");
    }
    assert_eq!(report(&window).unwrap().content.language, "de");
}
