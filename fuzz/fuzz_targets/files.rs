//! Whole files: the first byte says of which kind.

#![no_main]

use connctl::config::Config;
use connctl::input::{read_actions, read_records};
use connctl::model::TransferFormat;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    let format = match kind % 5 {
        0 => TransferFormat::Toml,
        1 => TransferFormat::Json,
        2 => TransferFormat::Ndjson,
        3 => {
            let _ = read_actions(&String::from_utf8_lossy(data));
            return;
        }
        _ => {
            let _ = Config::parse(&String::from_utf8_lossy(data), "c".as_ref());
            return;
        }
    };
    let _ = read_records(data, format, |_, _| Ok::<_, ()>(()));
});
