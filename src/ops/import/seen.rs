//! What a file has named so far.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, RandomState};

use crate::model::RecordType;

/// What a file has named so far, in a few bytes for each id.
///
/// Only a hash of 64 bits is kept, by a key that is new each time. Among a million ids two have the
/// same one about once in 40 million imports. Then an id seems to stand in the file twice, and the
/// file is refused; nothing ever seems to be missing that is there.
#[derive(Default)]
pub(super) struct Seen {
    hasher: RandomState,
    hashes: BTreeSet<u64>,
}

impl Seen {
    /// Notes that the file names this; false if it did already.
    pub(super) fn insert(&mut self, record_type: RecordType, id: &str) -> bool {
        let hash = self.hasher.hash_one((record_type, id));
        self.hashes.insert(hash)
    }

    /// Whether the file names this.
    pub(super) fn contains(&self, record_type: RecordType, id: &str) -> bool {
        let hash = self.hasher.hash_one((record_type, id));
        self.hashes.contains(&hash)
    }
}
