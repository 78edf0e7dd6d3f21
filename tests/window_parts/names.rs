//! Every control says what it is to a screen reader.

use crate::window_fake::drive::*;
use efficientecg::app::{drawer::Drawer, message::Message, paper::PaperMessage};
use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::NodeT as _;
use std::sync::Arc;

/// Controls without a name: role and place.
fn nameless(window: &Window) -> Vec<String> {
    let controls = window.root().children_recursive().filter(|node| {
        matches!(
            node.accesskit_node().role(),
            Role::Button
                | Role::CheckBox
                | Role::ComboBox
                | Role::Link
                | Role::MultilineTextInput
                | Role::RadioButton
                | Role::Slider
                | Role::SpinButton
                | Role::TextInput
        )
    });
    let controls: Vec<_> = controls.collect();
    assert!(controls.len() > 20, "there are controls: {}", controls.len());
    let bare = controls.iter().filter(|node| node.accesskit_node().label().is_none_or(|label| label.trim().is_empty()));
    bare.map(|node| format!("{:?} at {:?}", node.accesskit_node().role(), node.rect())).collect()
}

#[test]
fn every_control_has_a_name() {
    let mut window = analysed(&Arc::default(), "/ecg/long.hea");
    type Step<'a> = (&'a str, &'a dyn Fn(&mut Window));
    let steps: [Step; 8] = [
        ("the page", &|_| {}),
        ("calipers", &|window| window.key_press(Key::C)),
        ("a finding", &|window| window.key_press(Key::Period)),
        ("trends", &|window| window.state_mut().apply(Message::ToggleDrawer(Drawer::Trends))),
        ("messages", &|window| window.state_mut().apply(Message::ToggleDrawer(Drawer::Messages))),
        ("settings", &|window| window.state_mut().apply(Message::Paper(PaperMessage::ToggleLooks))),
        ("keys", &|window| {
            window.state_mut().apply(Message::Paper(PaperMessage::ToggleLooks));
            window.state_mut().apply(Message::ToggleHelp);
        }),
        ("the review", &|window| {
            window.state_mut().apply(Message::ToggleHelp);
            window.key_press_modifiers(Modifiers::NONE, Key::A);
        }),
    ];
    for (what, step) in steps {
        step(&mut window);
        window.run();
        window.run();
        assert_eq!(nameless(&window), Vec::<String>::new(), "{what}");
    }
}
