//! Files for a merge and for a mirror, which takes JSON only: the first byte says of which kind.

#![no_main]

use connctl::input::read_as;
use connctl::model::{Patch, TransferFormat};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((kind, data)) = data.split_first() else {
        return;
    };
    let format = match kind % 3 {
        0 => TransferFormat::Toml,
        1 => TransferFormat::Json,
        _ => TransferFormat::Ndjson,
    };
    let read = |kind, tree| Patch::read(kind, tree, format);
    let _ = read_as(data, format, read, |_, _| Ok::<_, ()>(()));
});
