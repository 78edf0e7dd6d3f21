use super::*;
use data::FILES;

fn luminance(c: Color32) -> f32 {
    let linear = [c.r(), c.g(), c.b()].map(|v| {
        let v = f32::from(v) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// OKLab lightness and the two colour axes.
fn oklab(c: Color32) -> [f32; 3] {
    let [r, g, b] = [c.r(), c.g(), c.b()].map(|v| {
        let v = f32::from(v) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    });
    let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
    let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
    let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
    [
        0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
        1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
        0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
    ]
}

/// As a person without M cones (deuteranopia) or without L cones (protanopia) sees it: Viénot, Brettel and Mollon 1999.
fn dichromat(c: Color32, matrix: [[f32; 3]; 3]) -> Color32 {
    let linear = [c.r(), c.g(), c.b()].map(|v| (f32::from(v) / 255.0).powf(2.2));
    let seen = matrix.map(|row| row.iter().zip(linear).map(|(a, b)| a * b).sum::<f32>().clamp(0.0, 1.0).powf(1.0 / 2.2));
    Color32::from_rgb((seen[0] * 255.0) as u8, (seen[1] * 255.0) as u8, (seen[2] * 255.0) as u8)
}
const PROTAN: [[f32; 3]; 3] = [[0.112_38, 0.887_62, 0.0], [0.112_38, 0.887_62, 0.0], [0.004_01, -0.004_01, 1.0]];
const DEUTAN: [[f32; 3]; 3] = [[0.292_75, 0.707_25, 0.0], [0.292_75, 0.707_25, 0.0], [-0.022_34, 0.022_34, 1.0]];

#[test]
fn every_file_reads_and_is_named_once() {
    let read: Vec<Theme> = FILES.iter().map(|text| data::read(text).unwrap_or_else(|e| panic!("{e}\n{text}"))).collect();
    assert_eq!(*ALL, read);
    let mut ids: Vec<&str> = read.iter().map(|theme| theme.id.as_str()).collect();
    assert_eq!(ids[0], "classic");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), FILES.len());
    assert_eq!(Theme::named("no such theme").id, "classic");
}

#[test]
fn text_can_be_read_in_every_theme() {
    for theme in ALL.iter() {
        let (ui, page) = (&theme.ui, &theme.palette);
        let least = if theme.id == "contrast" { 7.0 } else { 4.5 };
        let enough = |text: Color32, on: Color32, what: &str| {
            let found = contrast(text, on);
            assert!(found >= least, "{}: {what} has a contrast of {found:.2}", theme.id);
        };
        for on in [ui.panel, ui.bar, ui.sheet] {
            for (text, what) in
                [(ui.text, "text"), (ui.weak, "weak"), (ui.accent, "accent"), (ui.caution, "caution"), (ui.error, "error")]
            {
                enough(text, on, what);
            }
        }
        enough(ui.caution, ui.caution_soft, "caution on its ground");
        enough(ui.error, ui.error_soft, "error on its ground");
        enough(ui.text, ui.accent_soft, "chosen text");
        enough(ui.text, ui.chosen, "the chosen measurement");
        for (colour, what) in theme.beats.into_iter().zip(["N", "S", "V", "F", "Q"]) {
            enough(colour, page.paper, what);
        }
        for (colour, what) in page.waves.into_iter().zip(["P", "QRS", "T"]) {
            enough(colour, page.paper, what);
        }
        for colour in page.leads {
            enough(colour, page.paper, "a superimposed lead");
        }
        for (colour, what) in [(page.caliper, "caliper"), (page.chosen_beat, "chosen beat")] {
            enough(colour, page.paper, what);
        }
        for (colour, what) in [(page.trace, "trace"), (page.label, "label"), (page.note, "note"), (page.lit_edge, "lit edge")] {
            enough(colour, page.paper, what);
        }
        let lit = over(page.lit, page.paper);
        enough(page.trace, lit, "trace on the band");
        enough(page.lit_edge, lit, "lengths on the band");
        // The trace stands out from the strongest line of the grid and from invalid stretches.
        assert!(contrast(page.trace, over(page.bold, page.paper)) >= 4.5, "{}: trace on the grid", theme.id);
        assert!(contrast(page.trace, page.invalid) >= 4.5, "{}: trace on invalid ground", theme.id);
    }
}

fn over(above: Color32, below: Color32) -> Color32 {
    let rest = 255 - u16::from(above.a());
    let mix = |a: u8, b: u8| (u16::from(a) + u16::from(b) * rest / 255).min(255) as u8;
    Color32::from_rgb(mix(above.r(), below.r()), mix(above.g(), below.g()), mix(above.b(), below.b()))
}

#[test]
fn evidence_is_even_to_the_eye_and_never_hides_the_trace() {
    for theme in ALL.iter() {
        let page = &theme.palette;
        for ramp in [page.for_ramp, page.against_ramp] {
            let steps: Vec<[f32; 3]> = (0..=20).map(|i| oklab(ramp.at(i as f32 / 20.0))).collect();
            let apart: Vec<f32> =
                steps.windows(2).map(|p| p[0].iter().zip(p[1]).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()).collect();
            let mean = apart.iter().sum::<f32>() / apart.len() as f32;
            assert!(apart.iter().all(|d| (d / mean - 1.0).abs() < 0.35), "{}: {apart:?}", theme.id);
        }
        for i in 0..=20 {
            let found = contrast(page.evidence(i as f32 / 20.0), page.trace);
            assert!(found > 4.5, "{}: the trace on evidence has {found:.2}", theme.id);
        }
        // For and against are told apart by the colour-blind too, apart from the hatching.
        for matrix in [PROTAN, DEUTAN] {
            let [_, a, b] = oklab(dichromat(page.evidence(1.0), matrix));
            let [_, c, d] = oklab(dichromat(page.evidence_against(1.0), matrix));
            let distance = ((a - c).powi(2) + (b - d).powi(2)).sqrt();
            assert!(distance > 0.08, "{}: for and against are {distance:.3} apart", theme.id);
        }
    }
}

#[test]
fn names_in_many_scripts_have_glyphs() {
    let ctx = egui::Context::default();
    fonts::install(&ctx);
    ctx.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
    let text = "Łódź Ħamrun Ωμέγα Дмитрий Հայ გიორგი עברית محمد 王小明 ひらがな カタカナ";
    let font = egui::FontId::proportional(14.0);
    let missing: String =
        ctx.fonts_mut(|fonts| text.chars().filter(|c| !c.is_whitespace() && !fonts.has_glyph(&font, *c)).collect());
    assert_eq!(missing, "");
}
