//! From characters to glyphs: bidirectional text, one font and script a run, shaped with that font's own rules.

use super::fonts::Face;
use crate::report::page::{PT_PER_MM, Weight};
use rustybuzz::{Direction, UnicodeBuffer};
use std::{cell::RefCell, collections::HashMap, ops::Range, rc::Rc};
use unicode_bidi::BidiInfo;
use unicode_script::{Script, UnicodeScript};

/// What stands for a character that no font has.
pub const REPLACEMENT: char = '\u{FFFD}';
/// Texts are cut at this length: untrusted files may hold any.
const LONGEST: usize = 4000;

/// One glyph; lengths are in units of the type size.
#[derive(Debug, Clone, PartialEq)]
pub struct Glyph {
    /// Its number in the font.
    pub id: u32,
    /// How far the pen moves.
    pub advance: f32,
    /// Where it is drawn from the pen, to the right.
    pub x_offset: f32,
    /// And upwards.
    pub y_offset: f32,
    /// Which bytes of the line's text it stands for.
    pub range: Range<usize>,
}

/// Glyphs of one font, left to right.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// The font.
    pub face: Face,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
    /// Sum of their advances, in units of the type size.
    pub width: f32,
}

/// A line of text as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Shaped {
    /// The text that the glyphs' ranges speak of: as given, but only characters that can be drawn.
    pub text: String,
    /// Runs from left to right.
    pub runs: Vec<Run>,
    /// Sum of their widths, in units of the type size.
    pub width: f32,
}

/// A text as it can be printed: white space is one space, control and formatting characters go, what no font has becomes
/// [`REPLACEMENT`]. Also tells whether there was something that no font has.
pub fn printable(text: &str) -> (String, bool) {
    let mut lost = false;
    let kept = text.chars().take(LONGEST).filter_map(|c| match c {
        c if c.is_whitespace() => Some(' '),
        // Marks of direction, joiners, byte order marks: they have no picture, and PDF/A allows no text for nothing.
        c if c.is_control() || is_format(c) => None,
        c if Face::ALL.into_iter().any(|face| face.has(c)) && !is_private(c) => Some(c),
        _ => {
            lost = true;
            Some(REPLACEMENT)
        }
    });
    (kept.collect(), lost)
}

fn is_format(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' | '\u{FE00}'..='\u{FE0F}')
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

/// Shapes one line.
pub fn shape(text: &str, weight: Weight) -> Shaped {
    let text = printable(text).0;
    let mut runs = Vec::new();
    if text.is_ascii() {
        push(&mut runs, &text, 0..text.len(), Face::for_weight(weight)[0], false, Script::Latin);
    } else {
        let bidi = BidiInfo::new(&text, None);
        for paragraph in &bidi.paragraphs {
            let (levels, parts) = bidi.visual_runs(paragraph, paragraph.range.clone());
            for part in parts {
                let rtl = levels.get(part.start).is_some_and(|level| level.is_rtl());
                let mut pieces = pieces(&text, part, weight);
                if rtl {
                    pieces.reverse();
                }
                for (range, face, script) in pieces {
                    push(&mut runs, &text, range, face, rtl, script);
                }
            }
        }
    }
    let width = runs.iter().map(|run: &Run| run.width).sum();
    Shaped { text, runs, width }
}

/// Width of a line in millimetres at a size in points.
pub fn width_mm(text: &str, weight: Weight, size: f32) -> f32 {
    kept(text, weight).width * size / PT_PER_MM
}

/// Lines that a thread keeps at most, of each weight, and the longest that is kept, bytes.
const KEPT: usize = 4096;
const LONGEST_KEPT: usize = 160;

/// As [`shape`]; what was shaped lately on this thread is not shaped again: lines are measured several times before they are drawn, and most words
/// of a report are those of the one before.
pub fn kept(text: &str, weight: Weight) -> Rc<Shaped> {
    thread_local! {
        static LINES: [RefCell<HashMap<String, Rc<Shaped>>>; 2] = Default::default();
    }
    if text.len() > LONGEST_KEPT {
        return Rc::new(shape(text, weight));
    }
    LINES.with(|lines| {
        let [regular, bold] = lines;
        let lines = if weight == Weight::Bold { bold } else { regular };
        if let Some(known) = lines.borrow().get(text) {
            return known.clone();
        }
        let shaped = Rc::new(shape(text, weight));
        let mut lines = lines.borrow_mut();
        if lines.len() >= KEPT {
            lines.clear();
        }
        lines.insert(text.to_owned(), shaped.clone());
        shaped
    })
}

/// Cuts a part of one direction where font or script change. Spaces, marks and other characters of no script stay with what is before them.
fn pieces(text: &str, part: Range<usize>, weight: Weight) -> Vec<(Range<usize>, Face, Script)> {
    let mut out: Vec<(Range<usize>, Face, Script)> = Vec::new();
    for (at, c) in text.get(part.clone()).unwrap_or_default().char_indices() {
        let range = part.start + at..part.start + at + c.len_utf8();
        let script = c.script();
        let neutral = matches!(script, Script::Common | Script::Inherited | Script::Unknown);
        let face = Face::for_weight(weight).into_iter().find(|face| face.has(c)).unwrap_or(Face::Regular);
        match out.last_mut() {
            Some(last) if (neutral && last.1.has(c)) || (last.1 == face && (last.2 == script || neutral_script(last.2))) => {
                last.0.end = range.end;
                if neutral_script(last.2) {
                    last.2 = script;
                }
            }
            _ => out.push((range, face, script)),
        }
    }
    out
}

fn neutral_script(script: Script) -> bool {
    matches!(script, Script::Common | Script::Inherited | Script::Unknown)
}

fn push(runs: &mut Vec<Run>, text: &str, range: Range<usize>, face: Face, rtl: bool, script: Script) {
    let Some(piece) = text.get(range.clone()).filter(|piece| !piece.is_empty()) else { return };
    let parsed = face.parsed();
    let em = parsed.units_per_em() as f32;
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(piece);
    let tag = rustybuzz::ttf_parser::Tag::from_bytes(&script_tag(script));
    if let Some(script) = rustybuzz::Script::from_iso15924_tag(tag) {
        buffer.set_script(script);
    }
    buffer.set_direction(if rtl { Direction::RightToLeft } else { Direction::LeftToRight });
    let output = rustybuzz::shape(parsed, &[], buffer);
    let infos = output.glyph_infos();
    // Where each cluster ends: at the beginning of the next one in the text.
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let end = |start: usize| {
        let next = starts.partition_point(|s| *s <= start);
        starts.get(next).copied().unwrap_or(piece.len())
    };
    let glyphs: Vec<Glyph> = infos
        .iter()
        .zip(output.glyph_positions())
        .map(|(info, position)| {
            let start = info.cluster as usize;
            Glyph {
                id: info.glyph_id,
                advance: position.x_advance as f32 / em,
                x_offset: position.x_offset as f32 / em,
                y_offset: position.y_offset as f32 / em,
                range: range.start + start..range.start + end(start),
            }
        })
        .collect();
    let width = glyphs.iter().map(|glyph| glyph.advance).sum();
    runs.push(Run { face, glyphs, width });
}

/// ISO 15924 code.
fn script_tag(script: Script) -> [u8; 4] {
    let mut tag = *b"Zyyy";
    let name = script.short_name().as_bytes();
    if let Ok(name) = <[u8; 4]>::try_from(name) {
        tag = name;
    }
    tag
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_of_many_scripts_have_a_picture_for_every_character() {
        for name in [
            "Müller-Łukasiewicz",
            "Παπαδόπουλος",
            "Иванова Ольга",
            "محمد علي",
            "דוד כהן",
            "王小明",
            "田中さくら",
            "Գրիգորյան",
            "გიორგი",
            "Nguyễn Thị Hoa",
            "Øystein Åse",
            "김민준 황보혜린",
            "สมชาย ใจดี",
            "राजेश कुमार",
            "রহিম উদ্দিন",
            "முத்து",
            "రాము",
            "રમેશ",
            "ਗੁਰਪ੍ਰੀਤ",
            "ಮಂಜುನಾಥ",
            "സുരേഷ്",
            "නිමල්",
            "សុខា",
            "အောင်ဆန်း",
            "አበበ",
        ] {
            let shaped = shape(name, Weight::Bold);
            assert!(!printable(name).1, "{name}");
            assert!(shaped.width > 1.0);
            assert!(shaped.runs.iter().flat_map(|r| &r.glyphs).all(|g| g.id != 0), "{name}");
        }
    }

    #[test]
    fn what_no_font_has_is_replaced_and_told() {
        let (text, lost) = printable("a\u{1F600}\u{E123}\tb\u{0}\u{202E}c");
        assert_eq!(text.matches(REPLACEMENT).count(), if Face::Regular.has('\u{1F600}') { 1 } else { 2 });
        assert!(lost && text.ends_with(" bc"));
        // No font has Egyptian hieroglyphs: what cannot be shown is told, never left out.
        assert_eq!(printable("\u{13000}\u{13001}"), (REPLACEMENT.to_string().repeat(2), true));
    }

    #[test]
    fn right_to_left_text_is_laid_out_from_the_right() {
        let shaped = shape("דוד", Weight::Regular);
        let starts: Vec<usize> = shaped.runs.iter().flat_map(|r| &r.glyphs).map(|g| g.range.start).collect();
        assert!(starts.windows(2).all(|w| w[0] > w[1]), "{starts:?}");
        // A number within it runs to the right.
        let mixed = shape("דוד 123", Weight::Regular);
        let digits: Vec<usize> = mixed.runs.iter().flat_map(|r| &r.glyphs).map(|g| g.range.start).filter(|s| *s >= 7).collect();
        assert!(digits.windows(2).all(|w| w[0] < w[1]), "{digits:?}");
    }

    #[test]
    fn what_is_kept_is_what_would_be_shaped() {
        for round in 0..KEPT + 100 {
            let text = format!("Text {round} 王");
            assert_eq!(*kept(&text, Weight::Bold), shape(&text, Weight::Bold));
        }
        assert_ne!(kept("Same", Weight::Bold), kept("Same", Weight::Regular));
    }

    #[test]
    fn arabic_letters_join() {
        // Shaped together the letters take other forms than alone.
        let joined: Vec<u32> = shape("محمد", Weight::Regular).runs.iter().flat_map(|r| &r.glyphs).map(|g| g.id).collect();
        let alone: Vec<u32> = "محمد"
            .chars()
            .rev()
            .flat_map(|c| shape(&c.to_string(), Weight::Regular).runs)
            .flat_map(|r| r.glyphs)
            .map(|g| g.id)
            .collect();
        assert_ne!(joined, alone);
    }

    proptest! {
        #[test]
        fn any_text_can_be_shaped(text in "\\PC{0,40}|[\u{0590}-\u{06FF}a-z0-9 ]{0,30}") {
            let shaped = shape(&text, Weight::Regular);
            prop_assert!(shaped.width.is_finite());
            for glyph in shaped.runs.iter().flat_map(|r| &r.glyphs) {
                prop_assert!(shaped.text.get(glyph.range.clone()).is_some_and(|t| !t.is_empty()), "{:?} of {:?}", glyph, shaped.text);
            }
        }
    }
}
