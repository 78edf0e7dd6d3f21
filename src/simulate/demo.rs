//! The six recordings that ship with the application.

use super::{Conduction, Rhythm, Simulated, Spec, simulate};
use crate::recording::Sex;

/// The demo recordings: 20 s, twelve leads, 500 Hz, mild noise, wander and breathing; always the same.
pub fn demo_recordings() -> Vec<Simulated> {
    let usual = Spec { duration_s: 20.0, noise_mv: 0.006, wander_mv: 0.03, ..Spec::default() };
    let demo = |name: &str, title: &str, age: u8, sex: Sex, spec: Spec| Simulated {
        age_years: Some(age),
        sex: Some(sex),
        ..simulate(name, title, &spec)
    };
    vec![
        demo("demo_normal", "Normal sinus rhythm", 34, Sex::Female, Spec { seed: 101, heart_rate: 68.0, ..usual.clone() }),
        demo(
            "demo_af",
            "Atrial fibrillation",
            74,
            Sex::Male,
            Spec { seed: 102, rhythm: Rhythm::AtrialFibrillation, heart_rate: 98.0, ..usual.clone() },
        ),
        demo(
            "demo_bigeminy",
            "Sinus rhythm with ventricular bigeminy",
            58,
            Sex::Male,
            Spec { seed: 103, rhythm: Rhythm::Bigeminy, heart_rate: 76.0, ..usual.clone() },
        ),
        demo(
            "demo_lbbb",
            "Sinus rhythm with left bundle branch block",
            69,
            Sex::Female,
            Spec { seed: 104, conduction: Conduction::LeftBundleBranchBlock, heart_rate: 72.0, ..usual.clone() },
        ),
        demo(
            "demo_inferior_st_elevation",
            "Inferior ST elevation",
            61,
            Sex::Male,
            Spec { seed: 105, conduction: Conduction::InferiorStElevation, heart_rate: 64.0, ..usual.clone() },
        ),
        demo(
            "demo_paced",
            "Ventricular pacing",
            81,
            Sex::Female,
            Spec { seed: 106, rhythm: Rhythm::VentricularPaced, heart_rate: 60.0, ..usual },
        ),
    ]
}
