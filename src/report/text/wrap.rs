//! Line breaking.

use super::shape::width_mm;
use crate::report::page::Weight;

/// Breaks a text into lines of at most `width` mm at a size in points: at spaces, within a word only where it alone is too long. Line breaks
/// of the text are kept; every line but a paragraph's last ends with the space at which it was broken.
pub fn wrap(text: &str, weight: Weight, size: f32, width: f32) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let candidate = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if width_mm(&candidate, weight, size) <= width {
                line = candidate;
                continue;
            }
            if !line.is_empty() {
                line.push(' ');
                lines.push(std::mem::take(&mut line));
            }
            line = broken(word, weight, size, width, &mut lines);
        }
        lines.push(line);
    }
    lines
}

/// Breaks a word that is too long for a line; gives back what is left for the next one.
fn broken(word: &str, weight: Weight, size: f32, width: f32, lines: &mut Vec<String>) -> String {
    if width_mm(word, weight, size) <= width {
        return word.to_owned();
    }
    let mut line = String::new();
    for c in word.chars() {
        line.push(c);
        if width_mm(&line, weight, size) > width && line.chars().count() > 1 {
            line.pop();
            lines.push(std::mem::replace(&mut line, c.to_string()));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lines_break_at_spaces_and_keep_their_words() {
        let text = "the quick brown fox jumps over the lazy dog";
        let lines = wrap(text, Weight::Regular, 8.0, 25.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.concat(), text);
        assert_eq!(wrap("a\nb", Weight::Regular, 8.0, 25.0), ["a", "b"]);
        assert!(wrap("", Weight::Regular, 8.0, 25.0).is_empty());
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_wider(text in "[a-zäß漢 ]{0,120}", width in 5.0f32..60.0) {
            let lines = wrap(&text, Weight::Regular, 8.0, width);
            let letters = |t: &str| t.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in &lines {
                prop_assert!(width_mm(line.trim_end(), Weight::Regular, 8.0) <= width || line.trim_end().chars().count() == 1);
            }
        }
    }
}
