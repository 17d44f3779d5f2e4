//! Telling the hooks what was changed.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::Context;
use crate::model::text;
use crate::platform::{self, IN_HOOK, Program};
use crate::store::Store;

/// How long a hook may take.
const LIMIT: Duration = Duration::from_secs(10);

/// How many entries are read at a time for a hook, so that one that reads slowly keeps nobody from
/// writing.
const PAGE: u32 = 1_000;

impl Context {
    /// Hands these entries of the audit trail, which were committed, to the hooks. `done` says what
    /// holds also where a hook fails.
    pub(super) fn announce(&self, store: &Store, entries: &RangeInclusive<u64>, done: &str) {
        let last = *entries.end();
        for hook in &self.hooks {
            let program = Program {
                command: hook,
                environment: self.environment(IN_HOOK),
                limit: LIMIT,
                answer_limit: 0,
            };
            let told = program.run(
                |input| {
                    let mut sequence = entries.start() - 1;
                    while sequence < last {
                        let page = store
                            .read()
                            .and_then(|snapshot| snapshot.audit_entries_after(sequence, PAGE))
                            .map_err(std::io::Error::other)?;
                        for entry in page.iter().filter(|entry| entry.sequence <= last) {
                            serde_json::to_writer(&mut *input, entry)?;
                            input.write_all(b"\n")?;
                        }
                        match page.last() {
                            Some(entry) => sequence = entry.sequence,
                            None => break,
                        }
                    }
                    Ok(())
                },
                &|| platform::signals().is_raised(),
            );
            if let Err(failure) = told {
                let program = hook.first().map_or("", String::as_str);
                self.ui.warn(&format!(
                    "the hook {} failed: {}; {done}{}",
                    text::visible(program),
                    failure.error,
                    failure.said()
                ));
            }
        }
    }
}
