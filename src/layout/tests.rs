use super::{description::parse, *};
use crate::recording::{LeadName, StandardLead};
use proptest::prelude::*;

fn standard(id: &str) -> Description {
    Catalogue::standard().get(&LayoutId::new(id)).cloned().unwrap_or_else(|| panic!("no layout {id}"))
}

fn twelve() -> Vec<LeadName> {
    StandardLead::ALL.map(LeadName::Standard).to_vec()
}

fn names(names: &[&str]) -> Vec<LeadName> {
    names.iter().map(|name| LeadName::parse(name)).collect()
}

fn read(layout: &Layout, leads: &[LeadName]) -> Vec<Vec<String>> {
    let name = |place: &Place| format!("{}{}", if place.inverted { "-" } else { "" }, leads[place.lead]);
    layout.rows.iter().map(|row| row.places.iter().map(name).collect()).collect()
}

/// Every lead once beside the strips, whole rows, and strips of leads that there are.
fn check(layout: &Layout, leads: usize) -> Result<(), TestCaseError> {
    let mut seen: Vec<usize> = layout.rows.iter().filter(|row| !row.rhythm).flat_map(|row| &row.places).map(|p| p.lead).collect();
    seen.sort_unstable();
    let expected: Vec<usize> = if layout.shows == Shows::OneLead { seen.clone() } else { (0..leads).collect() };
    prop_assert_eq!(seen, expected);
    if layout.shows == Shows::OneLead {
        prop_assert_eq!(layout.rows.len(), usize::from(leads > 0));
    }
    for row in &layout.rows {
        prop_assert!(row.places.len() == layout.columns || row.places.len() == 1, "{layout:?}");
        prop_assert!(row.places.iter().all(|place| place.lead < leads));
    }
    prop_assert!(layout.beat_row < layout.rows.len().max(1));
    Ok(())
}

fn any_leads() -> impl Strategy<Value = Vec<LeadName>> {
    let pool =
        ["I", "II", "III", "aVR", "-aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "MLII", "V7", "X", "ECG1", "Ω"];
    let known = prop::sample::subsequence(pool.to_vec(), 0..=pool.len()).prop_shuffle();
    // Two channels of one name happen in files.
    (known, prop::collection::vec(prop::sample::select(pool.to_vec()), 0..4)).prop_map(|(mut known, more)| {
        known.extend(more);
        names(&known)
    })
}

/// A layout as somebody might write it: distinct names in rows of one length.
fn any_layout() -> impl Strategy<Value = String> {
    let pool = vec!["I", "II", "III", "-aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "MLII", "V7", "X", "Z"];
    (
        Just(pool).prop_shuffle(),
        1usize..5,
        1usize..5,
        any::<bool>(),
        prop::sample::subsequence(vec!["II", "V1", "V5", "MLII"], 0..4),
    )
        .prop_map(|(pool, height, width, simultaneous, rhythm)| {
            let rows: Vec<Vec<&str>> =
                pool.chunks(width).take(height).filter(|row| row.len() == width).map(<[_]>::to_vec).collect();
            let time = if simultaneous { "simultaneous" } else { "sequential" };
            format!("[[layout]]\nid = \"own\"\ntime = \"{time}\"\nrows = {rows:?}\nrhythm = {rhythm:?}\n")
        })
}

proptest! {
    #[test]
    fn every_lead_stands_exactly_once_in_every_layout(leads in any_leads(), chosen in 0usize..30) {
        for description in Catalogue::standard().all() {
            check(&description.arrange(&leads, chosen), leads.len())?;
        }
        check(&Layout::rows(&leads), leads.len())?;
    }

    #[test]
    fn own_layouts_keep_the_rule_too(text in any_layout(), leads in any_leads()) {
        let (own, faults) = parse(&text, "own").map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert!(faults.is_empty(), "{faults:?} in {text}");
        check(&own[0].arrange(&leads, 0), leads.len())?;
    }

    #[test]
    fn whatever_stands_in_the_file_nothing_breaks(text in "(\\[\\[layout\\]\\]\n)?(id|rows|name|time|rhythm|shows|x)? ?= ?[\\[\\]\"a-zI,V1-6 -]{0,40}\n?.{0,40}") {
        if let Ok((good, _)) = parse(&text, "own") {
            for layout in good {
                check(&layout.arrange(&twelve(), 0), 12)?;
            }
        }
    }
}

#[test]
fn the_layouts_that_come_with_the_program_have_no_fault() {
    let (good, faults) = parse(include_str!("../../assets/layouts/standard.toml"), "standard.toml").expect("readable");
    assert_eq!(faults, []);
    assert_eq!(Catalogue::standard().all(), good);
    assert!(Catalogue::standard().get(&LayoutId::default()).is_some());
    for id in ["3x4", "3x4+1", "3x4+3", "6x2", "12x1", "one-lead", "median-beats", "cabrera-6x2"] {
        standard(id);
    }
}

#[test]
fn twelve_leads_stand_as_on_paper() {
    let leads = twelve();
    let layout = standard("3x4+3").arrange(&leads, 0);
    let wanted = [
        vec!["I", "aVR", "V1", "V4"],
        vec!["II", "aVL", "V2", "V5"],
        vec!["III", "aVF", "V3", "V6"],
        vec!["V1"],
        vec!["II"],
        vec!["V5"],
    ];
    assert_eq!(read(&layout, &leads), wanted);
    assert_eq!((layout.columns, layout.beat_row, layout.is_sequential()), (4, 4, true));
    assert_eq!(layout.words(), "3 × 4 + 3 strips");
    assert_eq!(standard("12x1").arrange(&leads, 0).rows.len(), 12);
    assert!(!standard("6x2-simultaneous").arrange(&leads, 0).is_sequential());
}

#[test]
fn cabrera_turns_avr_over_unless_the_file_did() {
    let leads = twelve();
    let layout = standard("cabrera-12x1").arrange(&leads, 0);
    assert_eq!(read(&layout, &leads)[..6].concat(), ["aVL", "I", "-aVR", "II", "aVF", "III"]);
    let turned = names(&["I", "II", "III", "-aVR", "aVL", "aVF"]);
    let layout = standard("cabrera-12x1").arrange(&turned, 0);
    assert!(layout.rows.iter().flat_map(|row| &row.places).all(|place| !place.inverted));
    assert_eq!(read(&layout, &turned).concat(), ["aVL", "I", "-aVR", "II", "aVF", "III"]);
}

#[test]
fn fewer_leads_leave_no_empty_frame() {
    let eight = names(&["I", "II", "V1", "V2", "V3", "V4", "V5", "V6"]);
    let layout = standard("3x4+1").arrange(&eight, 0);
    assert_eq!(read(&layout, &eight), [vec!["I", "V3"], vec!["II", "V4"], vec!["V1", "V5"], vec!["V2", "V6"], vec!["II"]]);
    for few in [&["II"][..], &["MLII", "V5"], &["V1", "II", "V5"]] {
        let leads = names(few);
        let layout = standard("3x4+1").arrange(&leads, 0);
        assert_eq!((layout.columns, layout.rows.len()), (1, few.len()), "no strip repeats what has a whole row");
    }
    let three = names(&["V1", "II", "V5"]);
    assert_eq!(read(&standard("3x4").arrange(&three, 0), &three), [["II"], ["V1"], ["V5"]], "in the layout's order");
    assert_eq!(standard("3x4").arrange(&three, 0).beat_row, 0);
}

#[test]
fn leads_nobody_asked_for_follow_below() {
    let mut leads = twelve();
    leads.extend(names(&["X", "Y", "Z"]));
    let layout = standard("3x4+1").arrange(&leads, 0);
    assert_eq!(read(&layout, &leads)[3..], [["X"], ["Y"], ["Z"], ["II"]]);
    assert_eq!(layout.beat_row, 6);
}

#[test]
fn faults_are_told_plainly() {
    let reason = |text: &str| match parse(text, "own.toml") {
        Ok((good, faults)) => {
            assert!(good.is_empty(), "{text}");
            faults[0].to_string()
        }
        Err(fault) => fault.to_string(),
    };
    let layout = |rest: &str| format!("[[layout]]\nid = \"own\"\n{rest}\n");
    for (text, part) in [
        (layout("rows = [[\"I\", \"II\"], [\"III\"]]"), "row 2 has 1 leads, the first has 2"),
        (layout("rows = [[\"I\", \"ECG I\"]]"), "lead I stands twice in its rows"),
        (layout("rows = [[\"aVR\"], [\"-aVR\"]]"), "lead aVR stands twice"),
        (layout(""), "it has no rows"),
        (layout("rows = [[\"I\"]]\nshows = \"one lead\""), "neither rows nor rhythm strips"),
        (layout("rows = [[\"\"]]"), "name in its rows is empty"),
        (layout("row = [[\"I\"]]"), "line 3: unknown field `row`"),
        (layout("rows = [[\"I\"]]\ntime = \"later\""), "line 4: unknown variant `later`"),
        ("[[layout]]\nid = \"\"\nrows = [[\"I\"]]".to_owned(), "its id must have 1 to 40 characters"),
        ("nonsense".to_owned(), "line 1"),
    ] {
        let told = reason(&text);
        assert!(told.contains(part) && told.contains("own.toml"), "{text}: {told}");
    }
}

#[test]
fn own_layouts_join_those_that_come_with_the_program() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(Catalogue::with_own(folder.path()), (Catalogue::standard(), Vec::new()));
    let text = "[[layout]]\nid = \"holter\"\nrows = [[\"MLII\"], [\"V5\"]]\n[[layout]]\nid = \"12x1\"\nrows = [[\"I\"]]\n";
    std::fs::write(folder.path().join(OWN_FILE), text).expect("written");
    let (catalogue, faults) = Catalogue::with_own(folder.path());
    assert_eq!(catalogue.all().len(), Catalogue::standard().all().len() + 1);
    let holter = catalogue.get(&LayoutId::new("holter")).expect("read");
    let leads = names(&["V5", "MLII"]);
    assert_eq!(read(&holter.arrange(&leads, 0), &leads), [["MLII"], ["V5"]]);
    assert!(faults.len() == 1 && faults[0].to_string().contains("\"12x1\""), "{faults:?}");
    std::fs::write(folder.path().join(OWN_FILE), [0xff, 0xfe]).expect("written");
    let (catalogue, faults) = Catalogue::with_own(folder.path());
    assert_eq!(catalogue, Catalogue::standard());
    assert!(matches!(&faults[..], [LayoutError::Unreadable { .. }]), "{faults:?}");
}

#[test]
fn the_rhythm_strip_prefers_lead_two() {
    assert_eq!(rhythm_lead(&names(&["V5", "MLII"])), Some(1));
    assert_eq!(rhythm_lead(&names(&["ECG1"])), Some(0));
    assert_eq!(rhythm_lead(&[]), None);
}
