//! `connctl audit verify`

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{ChainedAnew, Hash, text};
use crate::output::{ChainHead, Format};
use crate::store::Chain;

/// Check that no entry of the audit trail was changed, removed or moved
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Each entry is chained to the one before it. An end that was cut off leaves a chain that is whole;
it shows only against a head that you noted earlier, somewhere else.

Examples:
  connctl audit verify
  connctl audit verify -o ids > head.txt"
)]
pub struct Args {
    /// A head that was noted earlier, which must be part of the chain
    #[arg(long, value_name = "HASH")]
    head: Option<Hash>,
}

/// Runs the command.
pub fn run(args: &Args, context: &Context) -> Result<()> {
    let format = context.format(&Format::ALL)?;
    let store = context.open()?;
    let snapshot = store.read()?;
    if args.head == Some(Hash::START) {
        return Err(Error::usage(
            "this is the head of an empty trail, which every trail begins with",
        )
        .hint("note the head anew, now that there are entries: connctl audit verify"));
    }
    let mut is_known = args.head.is_none();
    let mut progress = context.ui.progress("entries checked");
    let chain = snapshot.check_audit(|entry| {
        progress.advance();
        is_known |= args.head == Some(entry.hash);
    })?;
    drop(progress);
    let anew = snapshot.chained_anew()?;
    drop(snapshot);
    let head = match chain {
        Chain::Whole(head) => head,
        Chain::Broken { sequence, problem } => {
            return Err(
                Error::failure(format!("entry {sequence} of the audit trail: {problem}"))
                    .hint("compare with a copy of the store, to see what was there"),
            );
        }
    };
    if let (false, Some(noted), Some(ChainedAnew { before, after })) = (is_known, args.head, anew) {
        let what = if noted == before.hash {
            "the head that you noted was the last"
        } else {
            "the head that you noted, if it was one, was an earlier one"
        };
        return Err(Error::failure(format!(
            "the audit trail was chained anew by entry {}; the head was {}; {what}",
            after.sequence, before.hash
        ))
        .hint("note the head anew: connctl audit verify"));
    }
    if let (false, Some(noted)) = (is_known, args.head) {
        return Err(Error::failure(format!(
            "the head {noted} is not part of the audit trail, which has {} and ends in {}",
            text::counted(head.sequence, "entry", "entries"),
            head.hash
        ))
        .hint("its end was cut off or written anew; compare with a copy of the store"));
    }
    let head = ChainHead {
        sequence: head.sequence,
        hash: head.hash,
    };
    context.write_list(format, "heads", [head])
}
