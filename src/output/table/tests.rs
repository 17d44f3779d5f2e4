use proptest::prelude::*;

use super::*;
use crate::output::Style;
use crate::output::column::{Constant, column};

const COLUMNS: &[Column] = &[
    column("ID"),
    column("OUTCOME").of(Content::Word),
    column("NAME").of(Content::Text),
    column("SYSTEM").said(Constant::After("of system")),
    column("ENVIRONMENT")
        .of(Content::Word)
        .said(Constant::Adjective),
    column("USED BY").of(Content::Count),
    column("SOURCES").of(Content::Ids),
    column("UPDATED")
        .of(Content::Time)
        .said(Constant::After("updated at")),
    column("ADVICE").of(Content::Sentence),
];

fn table(rows: &[Vec<String>], style: Style) -> (String, Closing) {
    let mut out = Vec::new();
    let mut table = TableRows::new(&mut out, COLUMNS, style);
    for row in rows {
        let values: Vec<_> = row.iter().map(|cell| Value::Text(cell)).collect();
        table.write(&values).unwrap();
    }
    let closing = table.finish().unwrap();
    (String::from_utf8(out).unwrap(), closing)
}

fn terminal(width: usize) -> Style {
    Style {
        terminal_width: Some(width),
        says_closing: true,
        now: "2026-11-25T10:00:00Z".parse().ok(),
        ..Style::default()
    }
}

fn row(cells: [&str; 9]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

/// Rows in which some columns may have the same value everywhere.
fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let id = || "[a-z][a-z0-9._:-]{0,40}";
    let one = (
        id(),
        prop::sample::select(vec!["deleted", "would_delete", "in_use"]),
        "[a-zA-Z東é ]{0,60}",
        prop::sample::select(vec!["http", "business_central"]),
        prop::sample::select(vec!["live", "testing"]),
        0..1_000_000u32,
        prop::collection::vec(id(), 0..5),
        prop::sample::select(vec!["2026-11-24T10:00:00Z", "2025-01-02T03:04:05Z", ""]),
        "([a-z]{1,12}( [a-z]{1,12}){0,12}(: connctl show [a-z]{1,30})?)?",
    );
    let one = one.prop_map(
        |(id, outcome, name, system, environment, used, sources, time, advice)| {
            let used = used.to_string();
            let cells = [
                &id,
                outcome,
                &name,
                system,
                environment,
                &used,
                &sources.join(","),
                time,
                &advice,
            ];
            row(cells)
        },
    );
    (
        prop::collection::vec(one, 1..12),
        prop::collection::vec(any::<bool>(), 9),
    )
        .prop_map(|(mut rows, same)| {
            let first = rows[0].clone();
            for row in &mut rows {
                for column in 1..9 {
                    if same[column] {
                        row[column].clone_from(&first[column]);
                    }
                }
            }
            rows
        })
}

/// The words of a text, however it is laid out.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

proptest! {
    #[test]
    fn nothing_that_is_pasted_is_cut_and_no_line_is_too_wide(rows in rows(), width in 20..300usize) {
        let (shown, closing) = table(&rows, terminal(width));
        for line in shown.lines() {
            // What alone is wider stands on a line of its own, at its beginning.
            let is_alone = || !line.starts_with(' ')
                && rows.iter().any(|row| {
                    row[0] == line
                        || row[6].split(',').any(|id| id == line)
                        || row[8].ends_with(line) && line.starts_with("connctl ")
                });
            prop_assert!(line.width() <= width || is_alone(), "{width}: {line:?}\n{shown}");
        }
        let flat = words(&shown);
        let said = closing.counted("row", "rows");
        for row in &rows {
            prop_assert!(flat.contains(&row[0].as_str()), "{}: {shown}", row[0]);
            prop_assert!(flat.contains(&row[1].as_str()), "{}: {shown}", row[1]);
            for constant in [&row[3], &row[4]] {
                let is_shown = flat.contains(&constant.as_str()) || words(&said).contains(&constant.as_str());
                prop_assert!(is_shown, "{constant}: {shown}{said}");
            }
            for id in row[6].split(',').take(1).filter(|id| !id.is_empty()) {
                prop_assert!(shown.contains(id), "{id}: {shown}");
            }
            for word in words(&row[8]) {
                prop_assert!(flat.contains(&word), "{word}: {shown}");
            }
            if let Some((_, command)) = row[8].split_once(": ") {
                prop_assert!(shown.contains(command), "{command}: {shown}");
            }
        }
    }

    #[test]
    fn a_message_keeps_to_the_width_as_well(rows in rows(), width in 20..300usize) {
        let shown = layout(COLUMNS, &rows, Some(width));
        for line in shown.lines() {
            prop_assert!(line.width() <= width || !line.starts_with(' '), "{width}: {line:?}");
        }
        for row in &rows {
            prop_assert!(words(&shown).contains(&row[0].as_str()), "{}: {shown}", row[0]);
        }
    }
}

const SHORT: [&str; 9] = [
    "shop-eu",
    "deleted",
    "Shop of Europe",
    "shopify",
    "live",
    "2",
    "a",
    "2026-11-24T10:00:00Z",
    "",
];

#[test]
fn what_all_rows_have_in_common_goes_first_then_names_then_dates() {
    let other = [
        "erp",
        "in_use",
        "The resource planning",
        "netsuite",
        "live",
        "0",
        "b,c",
        "2025-01-02T10:00:00Z",
        "",
    ];
    let rows = [row(SHORT), row(other)];
    let (shown, closing) = table(&rows, terminal(80));
    assert_eq!(
        shown,
        "\
ID       OUTCOME  NAME          SYSTEM    USED BY  SOURCES  UPDATED
shop-eu  deleted  Shop of Eur…  shopify   2        a        2026-11-24T10:00:00Z
erp      in_use   The resourc…  netsuite  0        b,c      2025-01-02T10:00:00Z
"
    );
    assert_eq!(
        closing.counted("connector", "connectors"),
        "2 live connectors"
    );
    let (shown, _) = table(&rows, terminal(67));
    assert_eq!(
        shown,
        "\
ID       OUTCOME  NAME       SYSTEM    USED BY  SOURCES  UPDATED
shop-eu  deleted  Shop of …  shopify   2        a        Nov 24
erp      in_use   The reso…  netsuite  0        b,c      2025-01-02
"
    );
    let (shown, closing) = table(&rows[..1], terminal(40));
    assert_eq!(
        shown,
        "\
shop-eu
  outcome      deleted
  name         Shop of Europe
  system       shopify
  environment  live
  used by      2
  sources      a
  updated      2026-11-24T10:00:00Z
"
    );
    assert!(!closing.is_needed());
    let (shown, _) = table(
        &rows,
        Style {
            wide: true,
            ..terminal(40)
        },
    );
    assert!(
        shown.contains("2026-11-24T10:00:00Z") && shown.lines().count() == 3,
        "{shown}"
    );
}

#[test]
fn one_that_is_much_wider_stands_in_a_block_among_the_others() {
    let wide = format!("wide-{}", "x".repeat(40));
    let ids = ["a", "b", &wide, "c"];
    let rows: Vec<_> = ids
        .iter()
        .map(|id| row([id, "deleted", "Name", "http", "live", "1", "", "", ""]))
        .collect();
    let (shown, closing) = table(&rows, terminal(40));
    assert_eq!(
        shown,
        format!(
            "ID  OUTCOME  NAME  SYSTEM  USED BY
a   deleted  Name  http    1
b   deleted  Name  http    1
{wide}
  outcome      deleted
  name         Name
  system       http
  environment  live
  used by      1
c   deleted  Name  http    1
"
        )
    );
    assert_eq!(closing.counted("row", "rows"), "4 live rows");
    // More than a few are no exception.
    let rows: Vec<_> = rows
        .iter()
        .cycle()
        .skip(2)
        .step_by(2)
        .take(4)
        .cloned()
        .collect();
    assert!(!table(&rows, terminal(40)).0.contains("OUTCOME"));
}

#[test]
fn nothing_is_left_out_where_nobody_would_be_told() {
    let style = Style {
        says_closing: false,
        ..terminal(90)
    };
    let (shown, closing) = table(&[row(SHORT), row(SHORT)], style);
    assert!(shown.contains("live") && !closing.is_needed(), "{shown}");
}

#[test]
fn later_rows_that_need_more_room_get_a_header_of_their_own() {
    let mut rows = vec![row(SHORT); MEASURED_ROWS];
    rows.push(row(SHORT));
    let lines = |rows: &[Vec<String>]| table(rows, terminal(120)).0.lines().count();
    assert_eq!(lines(&rows), MEASURED_ROWS + 2);
    rows[MEASURED_ROWS][0] = "an-id-that-is-longer-than-all-before".to_owned();
    assert_eq!(lines(&rows), MEASURED_ROWS + 4);
}

#[test]
fn what_matters_has_a_colour_and_means_the_same_without() {
    let rows = [row(SHORT)];
    let (plain, _) = table(&rows, terminal(200));
    let (colored, _) = table(
        &rows,
        Style {
            color: true,
            ..terminal(200)
        },
    );
    assert!(colored.contains("\u{1b}[35mlive\u{1b}[0m"), "{colored:?}");
    assert!(
        colored.contains("\u{1b}[31mdeleted\u{1b}[0m"),
        "{colored:?}"
    );
    assert_eq!(console::strip_ansi_codes(&colored), plain);
    let (file, _) = table(
        &rows,
        Style {
            color: true,
            ..Style::default()
        },
    );
    assert!(!file.contains("\u{1b}[35m"), "{file:?}");
}
