//! What changes in a text, as `diff -u` and `git apply` write it.

use std::fmt::Write as _;

/// Lines around a change that are shown.
const CONTEXT: usize = 3;

/// The most lines that come or go for which the shortest difference is looked for.
const MOST: usize = 2000;

/// One line of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// What makes `new` of `old`, in the file `name`; empty where they are the same.
pub(super) fn unified(name: &str, old: &str, new: &str) -> String {
    let lines = lines(old, new);
    let changes: Vec<usize> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Same(_)))
        .map(|(at, _)| at)
        .collect();
    let mut out = String::new();
    let (Some(&first), Some(_)) = (changes.first(), changes.last()) else { return out };
    _ = writeln!(out, "--- a/{name}\n+++ b/{name}");
    let mut hunk = (first, first);
    let mut hunks = Vec::new();
    for &at in &changes {
        if at > hunk.1 + 2 * CONTEXT {
            hunks.push(hunk);
            hunk = (at, at);
        }
        hunk.1 = at;
    }
    hunks.push(hunk);
    for (from, to) in hunks {
        let from = from.saturating_sub(CONTEXT);
        let to = (to + 1 + CONTEXT).min(lines.len());
        hunk_text(&lines, from, to, &mut out);
    }
    out
}

fn hunk_text(lines: &[Line<'_>], from: usize, to: usize, out: &mut String) {
    let is_old = |line: &&Line<'_>| !matches!(line, Line::New(_));
    let is_new = |line: &&Line<'_>| !matches!(line, Line::Gone(_));
    let shown = &lines[from..to];
    let range = |before: usize, count: usize| format!("{},{count}", before + usize::from(count > 0));
    let old = range(lines[..from].iter().filter(is_old).count(), shown.iter().filter(is_old).count());
    let new = range(lines[..from].iter().filter(is_new).count(), shown.iter().filter(is_new).count());
    _ = writeln!(out, "@@ -{old} +{new} @@");
    for line in shown {
        let (mark, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Gone(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        _ = write!(out, "{mark}{text}");
        if !text.ends_with('\n') {
            out.push_str("\n\\ No newline at end of file\n");
        }
    }
}

fn lines<'a>(old: &'a str, new: &'a str) -> Vec<Line<'a>> {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let front = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let back = old[front..].iter().rev().zip(new[front..].iter().rev()).take_while(|(a, b)| a == b).count();
    let (old_middle, new_middle) = (&old[front..old.len() - back], &new[front..new.len() - back]);
    let mut lines: Vec<Line<'_>> = old[..front].iter().map(|line| Line::Same(line)).collect();
    lines.extend(shortest(old_middle, new_middle).unwrap_or_else(|| {
        let gone = old_middle.iter().map(|line| Line::Gone(line));
        gone.chain(new_middle.iter().map(|line| Line::New(line))).collect()
    }));
    lines.extend(old[old.len() - back..].iter().map(|line| Line::Same(line)));
    lines
}

/// The difference with the fewest lines (Myers, 1986); `None` where it has too many.
fn shortest<'a>(old: &[&'a str], new: &[&'a str]) -> Option<Vec<Line<'a>>> {
    let most = (old.len() + new.len()).min(MOST);
    // How far each diagonal reaches into the old lines, after each step; diagonal `k` stands at `k + most + 1`.
    let mut reach = vec![0_usize; 2 * most + 3];
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for step in 0..=most {
        steps.push(reach.clone());
        for k in (0..=2 * step).step_by(2) {
            let place = most + 1 + k - step;
            let goes_down = k == 0 || (k != 2 * step && reach[place - 1] < reach[place + 1]);
            let mut x = if goes_down { reach[place + 1] } else { reach[place - 1] + 1 };
            // y = x - diagonal
            let Some(mut y) = (x + most + 1).checked_sub(place) else { continue };
            while x < old.len() && y < new.len() && old[x] == new[y] {
                (x, y) = (x + 1, y + 1);
            }
            reach[place] = x;
            if x >= old.len() && y >= new.len() {
                return Some(way_back(old, new, &steps, most));
            }
        }
    }
    None
}

fn way_back<'a>(old: &[&'a str], new: &[&'a str], steps: &[Vec<usize>], most: usize) -> Vec<Line<'a>> {
    let (mut x, mut y) = (old.len(), new.len());
    let mut lines = Vec::new();
    for (step, reach) in steps.iter().enumerate().rev() {
        let place = (most + 1 + x) - y;
        let (lowest, highest) = (most + 1 - step, most + 1 + step);
        let goes_down = place == lowest || (place != highest && reach[place - 1] < reach[place + 1]);
        let former_place = if goes_down { place + 1 } else { place - 1 };
        let former_x = if step == 0 { 0 } else { reach[former_place] };
        let former_y = if step == 0 { 0 } else { (former_x + most + 1).saturating_sub(former_place) };
        while x > former_x && y > former_y {
            (x, y) = (x - 1, y - 1);
            lines.push(Line::Same(old[x]));
        }
        if step > 0 {
            if goes_down {
                y -= 1;
                lines.push(Line::New(new[y]));
            } else {
                x -= 1;
                lines.push(Line::Gone(old[x]));
            }
        }
    }
    lines.reverse();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_as_git_writes_it() {
        assert_eq!(unified("a", "x\n", "x\n"), "");
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n";
        let new = "1\n2\n3\nfour\n5\n6\n7\n8\n9\n10\n11\n12\n13\n";
        assert_eq!(
            unified("k8s/a.yaml", old, new),
            "--- a/k8s/a.yaml\n+++ b/k8s/a.yaml\n@@ -1,7 +1,7 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n\
             @@ -10,3 +10,4 @@\n 10\n 11\n 12\n+13\n"
        );
        assert_eq!(
            unified("a", "", "x"),
            "--- a/a\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n\\ No newline at end of file\n"
        );
    }

    #[test]
    fn both_texts_come_out_of_a_difference() {
        let mut seed = 7_u32;
        let mut random = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        for _ in 0..300 {
            let mut text = || {
                let lines: Vec<&str> =
                    (0..random(12)).map(|_| ["a\n", "b\n", "c\n", "d\n"][random(4) as usize]).collect();
                lines.concat()
            };
            let (old, new) = (text(), text());
            let lines = lines(&old, &new);
            let side = |leaves_out: fn(&Line<'_>) -> bool| -> String {
                let kept = lines.iter().filter(|line| !leaves_out(line));
                kept.map(|(Line::Same(text) | Line::Gone(text) | Line::New(text))| *text).collect()
            };
            assert_eq!(side(|line| matches!(line, Line::New(_))), old);
            assert_eq!(side(|line| matches!(line, Line::Gone(_))), new);
        }
    }
}
