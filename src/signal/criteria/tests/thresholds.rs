//! Limits on single numbers: the last value without and the first with the statement.

use super::*;

/// Measurement, value without, value with, code.
type Limit = (&'static str, f64, f64, &'static str);

fn check(limits: &[Limit]) {
    for (name, without, with_it, code) in limits {
        let at = |value: f64| {
            with(|c| {
                c.set(name, value);
            })
        };
        assert!(!at(*without).has(code), "{name} {without} {code}");
        assert!(at(*with_it).has(code), "{name} {with_it} {code}: {:?}", at(*with_it).codes());
        let statement = at(*with_it).judge().statements.into_iter().find(|s| s.code == *code).expect("just seen");
        assert_eq!(statement.values.get(*name), Some(with_it), "{code} shows its value");
        let missing = with(|c| {
            c.set(name, *with_it).without(name);
        });
        assert!(!missing.has(code), "{name} missing, {code} said");
    }
}

#[test]
fn limits_on_one_number() {
    check(&[
        ("heart_rate", 100.0, 100.5, "AHA 21"),
        ("heart_rate", 60.0, 59.5, "AHA 22"),
        ("pr", 200.0, 200.5, "AHA 82"),
        ("pr", 120.0, 119.5, "AHA 80"),
        ("qrs", 119.5, 120.0, "AHA 107"),
        ("qrs", 110.0, 110.5, "AHA 107+301"),
        ("qrs", 120.0, 119.5, "AHA 107+301"),
        ("qrs_axis", -30.0, -30.5, "AHA 121"),
        ("qrs_axis", -90.5, -90.0, "AHA 121"),
        ("qrs_axis", 90.0, 90.5, "AHA 120"),
        ("qrs_axis", 179.0, -179.0, "AHA 122"),
        ("qrs_axis", -90.0, -90.5, "AHA 122"),
        ("sokolow_lyon", 3.49, 3.5, "AHA 142+312"),
        ("cornell", 2.8, 2.81, "AHA 142+312"),
        ("cornell_product", 244.0, 244.5, "AHA 142+312"),
        ("r_amplitude_aVL", 1.1, 1.11, "AHA 142+312"),
        ("ptf_v1", 3.9, 4.0, "AHA 140+312"),
        ("ptf_v1", -3.9, -4.0, "AHA 140+312"),
        ("p_amplitude_II", 0.25, 0.26, "AHA 141"),
        ("p_amplitude_V1", 0.15, 0.16, "AHA 141"),
        ("qtc_framingham", 449.5, 450.0, "AHA 148"),
        ("qtc_framingham", 340.5, 340.0, "AHA 149"),
    ]);
}

#[test]
fn sinus_bradycardia_weighs_more_below_50() {
    let at = |rate| {
        with(|c| {
            c.set("heart_rate", rate);
        })
    };
    assert_eq!(severity(&at(50.0), "AHA 22"), Some(Severity::Variant));
    assert_eq!(severity(&at(49.0), "AHA 22"), Some(Severity::Abnormal));
}

#[test]
fn first_degree_block_needs_conducted_p_waves() {
    let long = with(|c| {
        c.set("pr", 240.0);
    });
    assert!(long.has_scp("1AVB"));
    // Without P waves no PR is believed, though a number is there.
    let none = with(|c| {
        c.fibrillation().set("pr", 240.0);
    });
    assert!(!none.has("AHA 82"));
    // P waves not judged: the interval is told, the block is not.
    let unknown = with(|c| {
        c.rhythm.p_present.clear();
        c.set("pr", 240.0);
    });
    assert!(unknown.has_scp("LPR") && !unknown.has_scp("1AVB"));
}

#[test]
fn limits_by_sex() {
    let cornell = |sex, value| {
        with(|c| {
            c.sex = sex;
            c.set("cornell", value);
        })
        .has_scp("VCLVH")
    };
    assert!(!cornell(Some(Sex::Female), 2.0) && cornell(Some(Sex::Female), 2.01));
    assert!(!cornell(Some(Sex::Male), 2.8) && cornell(Some(Sex::Male), 2.81));
    assert!(!cornell(None, 2.8) && cornell(None, 2.81));
    let qt = |sex, value| {
        with(|c| {
            c.sex = sex;
            c.set("qtc_framingham", value);
        })
        .judge()
        .scp("LNGQT")
        .cloned()
    };
    assert!(qt(Some(Sex::Female), 459.0).is_none() && qt(Some(Sex::Female), 460.0).is_some());
    assert!(qt(None, 459.0).is_none());
    assert!(qt(None, 460.0).is_some_and(|s| s.rule.contains("sex unknown")));
}

#[test]
fn high_voltage_in_the_young_is_no_hypertrophy() {
    let at = |age| {
        with(|c| {
            c.age = Some(age);
            c.set("sokolow_lyon", 4.0);
        })
        .scp()
    };
    assert!(at(34.0).contains(&"HVOLT".to_owned()) && !at(34.0).contains(&"VCLVH".to_owned()));
    assert!(at(35.0).contains(&"VCLVH".to_owned()) && !at(35.0).contains(&"HVOLT".to_owned()));
}

#[test]
fn hypertrophy_is_stated_with_support_and_marks_st_t_as_secondary() {
    let case = with(|c| {
        c.set("sokolow_lyon", 4.0);
        c.leads("st_j", &[V5, V6], -0.1).leads("st_j60", &[V5, V6], -0.12).leads("t_amplitude", &[V5, V6], -0.2);
    });
    let said = case.judge();
    assert!(said.scp("LVH").is_some_and(|s| s.rule.contains("V5") && s.values.contains_key("st_j_V5")));
    assert!(said.scp("INVT").is_some_and(|s| s.caveats.iter().any(|c| c.contains("secondary"))));
}

#[test]
fn low_voltage_by_limb_and_chest() {
    let (limb, chest) = StandardLead::ALL.split_at(6);
    let low = |leads: &[StandardLead], value: f64| {
        with(|c| {
            c.leads("qrs_pp", leads, value);
        })
    };
    assert!(!low(limb, 0.5).has("AHA 125") && low(limb, 0.49).has("AHA 125"));
    assert!(!low(chest, 1.0).has("AHA 125") && low(chest, 0.99).has("AHA 125"));
    assert!(!low(limb, 0.4).has_scp("NORM") && !low(chest, 0.9).has_scp("NORM"));
    assert!(low(&StandardLead::ALL, 0.4).has_scp("LVOLT") && !low(limb, 0.4).has_scp("LVOLT"));
    let open = with(|c| {
        c.leads("qrs_pp", limb, 0.4).without("qrs_pp_aVF");
    });
    assert!(!open.has("AHA 125") && open.skipped("low voltage"));
}

#[test]
fn qt_is_not_judged_where_it_is_doubtful_until_it_is_marked() {
    type Change = fn(&mut Case);
    let doubts: [Change; 3] = [
        |c| {
            c.set("qrs", 130.0);
        },
        |c| {
            c.set("rr_sd", 90.0);
        },
        |c| {
            c.fibrillation();
        },
    ];
    for (number, doubt) in doubts.into_iter().enumerate() {
        let at = |value: f64| {
            with(|c| {
                doubt(c);
                c.set("qtc_framingham", value);
            })
        };
        assert!(!at(480.0).has_scp("LNGQT") && at(480.0).skipped("QT interval"), "{number}");
        assert!(at(505.0).judge().scp("LNGQT").is_some_and(|s| !s.caveats.is_empty()), "{number}");
        assert!(!at(330.0).has("AHA 149"), "{number}");
    }
}

#[test]
fn the_formula_of_qtc_is_named_and_the_next_one_taken() {
    let case = with(|c| {
        c.without("qtc_framingham").set("qtc_fridericia", 470.0);
    });
    assert!(case.judge().scp("LNGQT").is_some_and(|s| s.rule.contains("Fridericia") && !s.values.contains_key("qtc_framingham")));
}
