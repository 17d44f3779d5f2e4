//! Actions with a condition: none runs whose condition is false or unknown.

#![no_main]

use connctl::input::{Decision, read_actions};
use connctl::model::condition::Condition;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (condition, value) = input;
    let value = |name: &str| (name == "T").then(|| value.to_owned());
    let text = serde_json::json!({
        "ActionType": "CredStore.DeleteEntry",
        "Condition": condition,
        "Parameters": {"EntryId": "a"},
    });
    let Ok(actions) = read_actions(&text.to_string()) else {
        return;
    };
    let runs = matches!(actions[0].decide(value), Ok(Decision::Runs(_)));
    let holds = Condition::parse(condition).is_ok_and(|known| known.holds(value) == Ok(true));
    assert!(!runs || condition.is_empty() || holds);
});
