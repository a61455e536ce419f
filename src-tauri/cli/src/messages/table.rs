//! Tables, in columns as a terminal shows them.

use unicode_truncate::UnicodeTruncateStr as _;
use unicode_width::UnicodeWidthStr as _;

/// Between two columns.
const GAP: &str = "  ";

/// A column that is shortened keeps as many columns of the terminal while another can be left out.
const LEGIBLE: usize = 8;

/// The columns of a table, the best choice first.
pub(super) struct Layout<'a> {
    pub(super) choices: &'a [&'a [usize]],
    /// Those that are shortened.
    pub(super) shortened: &'a [usize],
}

/// Pads each column to its widest cell.
pub(super) fn aligned<R: AsRef<[String]>>(rows: &[R]) -> String {
    let columns = rows.first().map_or(0, |row| row.as_ref().len());
    let widths: Vec<_> = (0..columns).map(|nth| widest(rows, nth)).collect();
    let padded = |(cell, width): (&String, &usize)| pad(cell, *width);
    let line = |row: &R| {
        let cells: Vec<_> = row.as_ref().iter().zip(&widths).map(padded).collect();
        format!("{}\n", cells.join(GAP).trim_end())
    };
    rows.iter().map(line).collect()
}

impl Layout<'_> {
    /// The cells of the first choice that fits and that is clear, or else of the last, each padded to the
    /// width of its column but for the last.
    pub(super) fn fit<const N: usize>(
        &self,
        rows: &[[String; N]],
        width: usize,
        is_clear: impl Fn(&[Vec<String>]) -> bool,
    ) -> Vec<Vec<String>> {
        let natural: [usize; N] = std::array::from_fn(|nth| widest(rows, nth));
        let is_short = |nth: &usize| self.shortened.contains(nth);
        let least = |columns: &[usize]| {
            let cell = |nth: &usize| if is_short(nth) { natural[*nth].min(LEGIBLE) } else { natural[*nth] };
            columns.iter().map(cell).sum::<usize>() + gaps(columns.len())
        };
        let fitting = self.choices.iter().filter(|columns| least(columns) <= width);
        let mut shown = fitting.map(|columns| self.cells(rows, natural, columns, width));
        let final_choice = self.choices.last().copied().unwrap_or_default();
        let otherwise = || self.cells(rows, natural, final_choice, width);
        shown.find(|lines| is_clear(lines)).unwrap_or_else(otherwise)
    }

    /// Shortened to the width.
    fn cells<const N: usize>(
        &self,
        rows: &[[String; N]],
        mut widths: [usize; N],
        columns: &[usize],
        width: usize,
    ) -> Vec<Vec<String>> {
        while columns.iter().map(|nth| widths[*nth]).sum::<usize>() + gaps(columns.len()) > width {
            let widest =
                columns.iter().filter(|nth| self.shortened.contains(nth)).max_by_key(|nth| widths[**nth]);
            match widest {
                Some(nth) if widths[*nth] > 1 => widths[*nth] -= 1,
                _ => break,
            }
        }
        let cell = |row: &[String; N], nth: &usize| {
            let cell = shorten(&row[*nth], widths[*nth]);
            if columns.last() == Some(nth) { cell } else { pad(&cell, widths[*nth]) + GAP }
        };
        rows.iter().map(|row| columns.iter().map(|nth| cell(row, nth)).collect()).collect()
    }
}

fn gaps(columns: usize) -> usize {
    columns.saturating_sub(1) * GAP.len()
}

fn widest<R: AsRef<[String]>>(rows: &[R], nth: usize) -> usize {
    rows.iter().map(|row| row.as_ref()[nth].width()).max().unwrap_or(0)
}

fn pad(cell: &str, width: usize) -> String {
    cell.to_owned() + &" ".repeat(width.saturating_sub(cell.width()))
}

/// No character is cut in two.
fn shorten(cell: &str, width: usize) -> String {
    if cell.width() <= width {
        return cell.to_owned();
    }
    let (begin, _) = cell.unicode_truncate(width.saturating_sub(1));
    format!("{}…", begin.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYOUT: Layout<'_> = Layout { choices: &[&[0, 1, 2], &[0, 2]], shortened: &[0, 1] };

    fn row(cells: [&str; 3]) -> [String; 3] {
        cells.map(str::to_owned)
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [row(["Väinö", "a@b.c", "ok"]), row(["名倉 🌻", "long@example.com", ""])];
        assert_eq!(aligned(&rows), "Väinö    a@b.c             ok\n名倉 🌻  long@example.com\n");
        assert_eq!(aligned::<[String; 3]>(&[]), "");
    }

    #[test]
    fn a_cell_is_shortened_by_its_width_on_the_terminal() {
        for (cell, width, shown) in [
            ("Alva Admin", 10, "Alva Admin"),
            ("Alva Admin", 9, "Alva Adm…"),
            ("Alva Admin", 6, "Alva…"),
            ("名倉さくら", 10, "名倉さくら"),
            ("名倉さくら", 6, "名倉…"),
            ("Va\u{308}ino\u{308}", 5, "Va\u{308}ino\u{308}"),
            ("Va\u{308}ino\u{308}", 3, "Va\u{308}…"),
            ("👩\u{200d}🚀👩\u{200d}🚀", 3, "👩\u{200d}🚀…"),
            ("ab", 1, "…"),
        ] {
            assert_eq!(shorten(cell, width), shown, "{cell} in {width}");
            assert!(shorten(cell, width).width() <= width, "{cell} in {width}");
        }
    }

    #[test]
    fn the_widest_column_is_shortened_first_and_then_one_is_left_out() {
        let rows =
            [row(["Alva Admin", "a.very.long@example.com", "session ended"]), row(["名倉", "n@b.c", "ok"])];
        let shown = |width| -> Vec<String> {
            LAYOUT.fit(&rows, width, |_| true).iter().map(|row| row.concat()).collect()
        };
        assert_eq!(
            shown(50),
            ["Alva Admin  a.very.long@example.com  session ended", "名倉        n@b.c                    ok"]
        );
        assert_eq!(shown(40), ["Alva Admin  a.very.long@…  session ended", "名倉        n@b.c          ok"]);
        assert_eq!(shown(33), ["Alva Ad…  a.very.…  session ended", "名倉      n@b.c     ok"]);
        assert_eq!(shown(32), ["Alva Admin  session ended", "名倉        ok"]);
        assert_eq!(shown(20), ["Alva…  session ended", "名倉   ok"]);
        // The last column is never shortened.
        assert_eq!(shown(1), ["…  session ended", "…  ok"]);
    }

    #[test]
    fn a_choice_that_is_not_clear_is_passed_over() {
        let rows = [row(["Mira", "a@example.com", "ok"]), row(["Mira", "b@example.com", "ok"])];
        let is_clear = |lines: &[Vec<String>]| lines[0][0] != lines[1][0];
        let layout = Layout { choices: &[&[0, 2], &[1, 2], &[0, 1, 2]], shortened: &[0, 1] };
        assert_eq!(layout.fit(&rows, 80, is_clear)[1].concat(), "b@example.com  ok");
        assert_eq!(layout.fit(&rows, 80, |_| false)[1].concat(), "Mira  b@example.com  ok", "the last");
    }
}
