//! What holds for any connector and any service, not only for those that somebody thought of.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use connctl::input::{Decision, read_actions, read_records};
use connctl::model::text::is_unsafe;
use connctl::model::{ConnectorRecord, Record, ServiceRecord, TransferFormat};
use connctl::output::{Finding, Format, Record as _, Rows, Style, Transfer, Visible};

fn id() -> impl Strategy<Value = String> {
    "[A-Za-z0-9][A-Za-z0-9._:-]{0,12}"
}

/// A text with what formats give a meaning to.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "\\PC{0,4}",
        ".{0,4}",
        Just("\n[[connectors]]\n".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("'''".to_owned()),
        Just("\\".to_owned()),
        Just("\r\n".to_owned()),
        Just("\u{202e}\u{9b}\u{feff}\u{e0041}".to_owned()),
        Just("👩\u{200d}👧\u{200d}".to_owned()),
    ];
    // U+0000 is refused everywhere.
    vec(piece, 0..6).prop_map(|pieces| pieces.concat().replace('\0', ""))
}

fn time() -> impl Strategy<Value = String> {
    (1_000..9_999, 1..13, 1..29, 0..24)
        .prop_map(|(year, month, day, hour)| format!("{year}-{month:02}-{day:02}T{hour:02}:00:00Z"))
}

/// Any setting that every format can express.
fn setting() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::num::f64::NORMAL.prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(text(), inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn connector()(
        id in id(),
        name in option::of(text().prop_filter("a name", |name| !name.is_empty())),
        system in "[a-zé東]{1,8}",
        live in any::<bool>(),
        note in option::of(text()),
        expires_at in option::of(time()),
        settings in btree_map(text().prop_filter("a key", |key| !key.is_empty()), setting(), 0..4),
    ) -> Record {
        let object = json!({
            "id": id,
            "name": name,
            "system": system,
            "environment": if live { "live" } else { "testing" },
            "note": note,
            "expires_at": expires_at,
            "settings": settings,
        });
        Record::Connector(serde_json::from_value::<ConnectorRecord>(object).unwrap())
    }
}

prop_compose! {
    fn service()(
        id in id(),
        active in any::<bool>(),
        sources in btree_set(id(), 1..4),
        destinations in btree_set(id(), 1..4),
        schedule in option::of(text()),
    ) -> Record {
        let object = json!({
            "id": id,
            "active": active,
            "sources": sources,
            "destinations": destinations,
            "schedule": schedule,
        });
        Record::Service(serde_json::from_value::<ServiceRecord>(object).unwrap())
    }
}

fn write(records: &[Record], format: TransferFormat) -> Vec<u8> {
    let mut transfer = Transfer::new(Vec::new(), format);
    for record in records {
        transfer.write(record).unwrap();
    }
    transfer.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_exported_is_imported_as_it_was(
        connectors in vec(connector(), 0..3),
        services in vec(service(), 0..3),
    ) {
        let records = [connectors, services].concat();
        for format in [TransferFormat::Toml, TransferFormat::Json, TransferFormat::Ndjson] {
            let file = write(&records, format);
            let mut found = Vec::new();
            let read = read_records(file.as_slice(), format, |record, _| {
                found.push(record);
                Ok::<_, ()>(())
            });
            prop_assert!(read.is_ok(), "{read:?}\n{}", String::from_utf8_lossy(&file));
            // In TOML, what may still belong to the last connector stands behind services.
            found.sort_by_key(Record::record_type);
            let without_type = found.iter().map(ignore_type).collect::<Vec<_>>();
            prop_assert_eq!(&without_type, &records);
            prop_assert_eq!(write(&found, format), file);
        }
    }

    #[test]
    fn a_terminal_gets_the_same_values_and_nothing_to_obey(
        connectors in vec(connector(), 0..3),
        name in text(),
    ) {
        for format in [TransferFormat::Toml, TransferFormat::Json, TransferFormat::Ndjson] {
            let mut shown = Vec::new();
            let mut transfer = Transfer::new(Visible::new(&mut shown, format.into()), format);
            for record in &connectors {
                transfer.write(record).unwrap();
            }
            transfer.finish().unwrap();
            check_obeyed(&shown)?;
            let mut found = Vec::new();
            let read = read_records(shown.as_slice(), format, |record, _| {
                found.push(ignore_type(&record));
                Ok::<_, ()>(())
            });
            prop_assert!(read.is_ok(), "{read:?}\n{}", String::from_utf8_lossy(&shown));
            prop_assert_eq!(&found, &connectors);
        }
        for format in Format::ALL {
            let mut shown = Vec::new();
            let style = Style { terminal_width: Some(80), ..Style::default() };
            let out = Visible::new(&mut shown, format.into());
            let mut rows = Rows::new(out, Finding::COLUMNS, format, style).unwrap();
            rows.write(&Finding::ok("check", name.as_str())).unwrap();
            rows.finish().unwrap();
            check_obeyed(&shown)?;
            if format.is_json() {
                let read: Value = serde_json::from_slice(&shown).unwrap();
                let object = read.get(0).unwrap_or(&read);
                prop_assert_eq!(&object["detail"], &Value::from(name.as_str()));
            }
        }
    }

    #[test]
    fn no_action_runs_whose_condition_is_false_or_unknown(
        pieces in vec(condition_piece(), 0..7),
        values in btree_map("[TU]", token_value(), 0..3),
    ) {
        let condition = pieces.concat();
        let action = json!({
            "ActionType": "CredStore.DeleteEntry",
            "Condition": condition,
            "Parameters": {"EntryId": "a"},
        });
        let Ok(actions) = read_actions(&action.to_string()) else {
            return Ok(());
        };
        let runs = matches!(
            actions[0].decide(|name| values.get(name).cloned()),
            Ok(Decision::Runs(_))
        );
        prop_assert!(!runs || condition.is_empty() || is_true(&condition, &values), "{condition}");
        // What is true of a known token runs, so that the property says something.
        prop_assert!(runs || !is_true(&condition, &values), "{condition}");
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..64), piece in text()) {
        let text = [piece.as_bytes(), &bytes].concat();
        for format in [TransferFormat::Toml, TransferFormat::Json, TransferFormat::Ndjson] {
            let mut ids = BTreeSet::new();
            let _ = read_records(text.as_slice(), format, |record, _| {
                ids.insert(record.record_type().as_str());
                Ok::<_, ()>(())
            });
        }
    }
}

/// What conditions are made of, and what they must not be made of.
fn condition_piece() -> impl Strategy<Value = String> {
    let known = [
        "[T]", "[U]", "[V]", "[T=x]", "!", "=", "==", "!=", " ", "\"", "\"x\"", "\"\"", "True",
        "False", "true", "x", "||", "&&", "(", ")", "&#91;", "\\", "\n",
    ];
    prop_oneof![
        9 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,3}",
    ]
}

fn token_value() -> impl Strategy<Value = String> {
    let known = [
        "true",
        "True",
        "false",
        "False",
        "",
        "x",
        "TRUE",
        "\"x\"",
        "[U]",
        "x\" == \"x",
    ];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

/// Whether a condition is one of those that are known, and true: written down a second time, as a
/// list of all that can be.
fn is_true(condition: &str, values: &BTreeMap<String, String>) -> bool {
    let condition = condition.trim_matches(' ');
    let known = ["T", "U", "V"].map(|name| (format!("[{name}]"), values.get(name).cloned()));
    let with_default = values.get("T").cloned().or(Some("x".to_owned()));
    for (token, value) in known
        .into_iter()
        .chain([("[T=x]".to_owned(), with_default)])
    {
        let Some(value) = value else { continue };
        let is_yes = ["true", "True"].contains(&value.as_str());
        let is_no = ["false", "False", ""].contains(&value.as_str());
        if let Some(rest) = condition.strip_prefix(&token) {
            let rest = rest.trim_start_matches(' ');
            let written = value.replace('[', "&#91;");
            let is_plain = !value.contains(['"', '\\', ']']);
            let spaced = |operator: &str, operand: &str| {
                rest.strip_prefix(operator)
                    .is_some_and(|rest| rest.trim_start_matches(' ') == operand)
            };
            let differs = rest.strip_prefix("!=").is_some_and(|rest| {
                let text = rest.trim_start_matches(' ');
                let text = text
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'));
                text.is_some_and(|text| {
                    !text.contains(|c: char| matches!(c, '"' | '\\' | '[' | ']') || c.is_control())
                        && text.replace("&#91;", "[") != value
                })
            });
            return rest.is_empty() && is_yes
                || is_plain && spaced("==", &format!("\"{written}\""))
                || differs
                || spaced("=", "True") && is_yes
                || spaced("=", "False") && is_no;
        }
        if condition.strip_prefix('!') == Some(&token) {
            return is_no;
        }
    }
    false
}

/// Fails if a terminal would obey anything in these bytes but line ends and tabs.
fn check_obeyed(shown: &[u8]) -> Result<(), TestCaseError> {
    let shown = String::from_utf8(shown.to_vec()).unwrap();
    let stays = |c| matches!(c, '\n' | '\t' | '\u{200c}' | '\u{200d}');
    prop_assert!(!shown.contains(|c| is_unsafe(c) && !stays(c)), "{shown:?}");
    Ok(())
}

/// NDJSON names the type of each record, which is no part of what it says.
fn ignore_type(record: &Record) -> Record {
    let mut record = record.clone();
    match &mut record {
        Record::Recipient(recipient) => recipient.record_type = None,
        Record::Connector(connector) => connector.record_type = None,
        Record::Service(service) => service.record_type = None,
    }
    record
}
