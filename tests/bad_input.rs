//! Bad input by the thousand: whatever comes in, nothing panics, every mistake has a place, and a
//! refusal never repeats what a terminal would obey.

#![allow(clippy::unwrap_used)]

use connctl::config::Config;
use connctl::input::{Error, read_actions, read_as, read_records};
use connctl::model::text::is_unsafe;
use connctl::model::token::fill_in;
use connctl::model::{ConnectorId, Patch, Time, TransferFormat, When};
use proptest::collection::vec;
use proptest::prelude::*;

/// A sound file in each format.
const SOUND: [(TransferFormat, &str); 3] = [
    (
        TransferFormat::Toml,
        "[[connectors]]\nid = \"a\"\nsystem = \"http\"\nenvironment = \"live\"\n\
         note = \"\"\"\nx\n\"\"\"\n[connectors.settings]\nn = 1\nd = 2026-11-21\n\
         [connectors.secrets]\nkey = 'plain'\n\n\
         [[services]]\nid = \"s\"\nsources = [\"a\"]\ndestinations = [\"a\"]\n",
    ),
    (
        TransferFormat::Json,
        r#"{"connectors": [{"id": "a", "system": "http", "environment": "live",
            "settings": {"n": 1, "deep": [null, {"x": 1.5}]}, "secrets": {"key": "plain"}}],
            "services": [{"id": "s", "sources": ["a"], "destinations": ["a"], "active": false}]}"#,
    ),
    (
        TransferFormat::Ndjson,
        "{\"type\":\"connector\",\"id\":\"a\",\"system\":\"http\",\"environment\":\"live\"}\n\n\
         {\"type\":\"service\",\"id\":\"s\",\"sources\":[\"a\"],\"destinations\":[\"a\"]}\n",
    ),
];

/// A sound file for a merge in each format.
const PATCHES: [(TransferFormat, &str); 3] = [
    (
        TransferFormat::Toml,
        "[[connectors]]\nid = \"a\"\nnote = \"\"\ngroup = 'g'\n[connectors.secrets]\n\
         key = 'plain'\n\n[[services]]\nid = \"s\"\nactive = false\n",
    ),
    (
        TransferFormat::Json,
        r#"{"connectors": [{"id": "a", "note": null, "settings": {"n": null},
            "secrets": {"key": "plain", "old": null}}],
            "services": [{"id": "s", "schedule": null, "sources": ["a"]}]}"#,
    ),
    (
        TransferFormat::Ndjson,
        "{\"type\":\"connector\",\"id\":\"a\",\"secrets\":{\"key\":\"plain\"}}\n\
         {\"type\":\"service\",\"id\":\"s\",\"note\":null}\n",
    ),
];

const ACTIONS: &str = r#"[{"ActionType": "CredStore.DeleteEntry", "Description": "x",
    "Parameters": {"EntryId": "conn-[Region=eu]-[Env:HOME]"}}]"#;

/// A change of a text: some bytes replaced, removed, doubled or put in.
fn mutated(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let edit = (
        any::<prop::sample::Index>(),
        0..4_u8,
        vec(any::<u8>(), 0..6),
    );
    vec(edit, 1..6).prop_map(move |edits| {
        let mut bytes = text.as_bytes().to_vec();
        for (place, kind, new) in edits {
            let at = place.index(bytes.len() + 1);
            let end = (at + new.len()).min(bytes.len());
            match kind {
                0 => drop(bytes.splice(at..end, new)),
                1 => drop(bytes.drain(at..end)),
                2 => drop(bytes.splice(at..at, new)),
                _ => bytes.extend_from_within(at..),
            }
        }
        bytes
    })
}

/// Reads a file, and checks the error if there is one.
fn read(bytes: &[u8], format: TransferFormat) {
    check(read_records(bytes, format, |_, _| Ok::<_, ()>(())));
}

/// As [`read`], for a merge or a mirror.
fn read_patches(bytes: &[u8], format: TransferFormat) {
    let read = |kind, tree| Patch::read(kind, tree, format);
    check(read_as(bytes, format, read, |_, _| Ok::<_, ()>(())).map(drop));
}

fn check(result: Result<(), Error<()>>) {
    match result {
        Ok(()) => {}
        Err(Error::Content { place, message }) => {
            assert!(!place.is_empty() && !message.is_empty());
            assert!(
                !message.contains("plain"),
                "a secret is repeated: {message}"
            );
        }
        Err(other) => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_an_id_of_the_alphabet_or_refused(text in any::<String>()) {
        match text.parse::<ConnectorId>() {
            Ok(id) => {
                let allowed = |c: char| c.is_ascii_alphanumeric() || "._:-".contains(c);
                prop_assert!(id.as_str().chars().all(allowed) && (1..=128).contains(&text.len()));
            }
            Err(error) => prop_assert!(!error.to_string().contains(is_unsafe)),
        }
    }

    #[test]
    fn what_tokens_stand_for_is_never_looked_at_again(
        before in "[a-z\\[\\]=:]{0,8}",
        value in any::<String>(),
        after in "[a-z]{0,4}",
    ) {
        let text = format!("{before}[Name]{after}");
        let filled = fill_in(&text, |name| (name == "Name").then(|| value.clone()));
        if !before.contains(['[', ']']) {
            prop_assert_eq!(filled.unwrap(), format!("{before}{value}{after}"));
        }
    }

    #[test]
    fn any_bytes_are_a_file_or_have_a_place(bytes in vec(any::<u8>(), 0..200)) {
        for (format, _) in SOUND {
            read(&bytes, format);
        }
    }

    #[test]
    fn a_mistake_in_toml_has_a_place(bytes in mutated(SOUND[0].1)) {
        read(&bytes, SOUND[0].0);
    }

    #[test]
    fn a_mistake_in_json_has_a_place(bytes in mutated(SOUND[1].1)) {
        read(&bytes, SOUND[1].0);
    }

    #[test]
    fn a_mistake_in_ndjson_has_a_place(bytes in mutated(SOUND[2].1)) {
        read(&bytes, SOUND[2].0);
    }

    #[test]
    fn a_mistake_in_a_file_to_merge_has_a_place(
        (format, bytes) in (0..PATCHES.len()).prop_flat_map(|index| {
            let (format, sound) = PATCHES[index];
            mutated(sound).prop_map(move |bytes| (format, bytes))
        })
    ) {
        read_patches(&bytes, format);
    }

    #[test]
    fn any_actions_are_understood_or_refused(bytes in mutated(ACTIONS)) {
        if let Err(problem) = read_actions(&String::from_utf8_lossy(&bytes)) {
            prop_assert!(!problem.is_empty());
        }
    }

    #[test]
    fn any_configuration_is_understood_or_refused(
        bytes in mutated("store = 's'\ncolor = 'auto'\nbusy_timeout = '5s'\n[hooks]\non_change = ['x']\n")
    ) {
        let text = String::from_utf8_lossy(&bytes);
        if let Err(error) = Config::parse(&text, std::path::Path::new("c")) {
            prop_assert!(error.to_string().starts_with("c:"));
        }
    }

    #[test]
    fn any_text_is_a_time_or_refused(text in "[-+0-9TZPpa-z:. ]{0,24}") {
        let now: Time = "2026-11-21T10:00:00Z".parse().unwrap();
        if let Ok(when) = text.parse::<When>()
            && let Ok(Some(time)) = when.from(now)
        {
            prop_assert_eq!(time.to_string().len(), 20);
        }
    }
}

#[test]
fn the_sound_files_are_sound() {
    for (format, text) in SOUND {
        let mut count = 0;
        read_records(text.as_bytes(), format, |_, _| {
            count += 1;
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(count, 2, "{text}");
    }
    for (format, text) in PATCHES {
        let mut count = 0;
        let read = |kind, tree| Patch::read(kind, tree, format);
        read_as(text.as_bytes(), format, read, |_, _| {
            count += 1;
            Ok::<_, ()>(())
        })
        .unwrap();
        assert_eq!(count, 2, "{text}");
    }
    assert_eq!(read_actions(ACTIONS).unwrap().len(), 1);
}

#[test]
fn deep_nesting_is_refused_and_not_a_crash() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let connector = format!(
            r#"{{"type":"connector","id":"a","system":"x","environment":"live","settings":{{"s":{deep}}}}}"#
        );
        read(connector.as_bytes(), TransferFormat::Ndjson);
        assert!(read_actions(&deep).is_err());
    }
    let deep = format!("x = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    read(deep.as_bytes(), TransferFormat::Toml);
}
