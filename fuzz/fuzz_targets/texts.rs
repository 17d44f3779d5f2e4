//! Single texts: ids, tokens, settings, times, recipients and armored secrets.

#![no_main]

use connctl::credentials::{self, Recipient};
use connctl::model::token::fill_in;
use connctl::model::{Assignment, ConnectorId, Hash, Label, Name, Revision, SecretName, When};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(id) = text.parse::<ConnectorId>() {
        assert!(id.as_str().bytes().all(|byte| byte.is_ascii_graphic()));
    }
    let _ = fill_in(text, |name| (name.len() < 3).then(|| "[Name]".to_owned()));
    let _ = text.parse::<Assignment>();
    let _ = text.parse::<Label>();
    let _ = text.parse::<Name>();
    let _ = text.parse::<SecretName>();
    let _ = text.parse::<When>();
    let _ = text.parse::<Revision>();
    let _ = text.parse::<Hash>();
    let _ = text.parse::<Recipient>();
    let _ = credentials::dearmor(text);
});
