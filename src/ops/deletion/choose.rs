//! Choosing from a list.

use std::io;

use super::Target;
use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::{Options, Search};
use crate::store;
use crate::ui::{Batch, Picked};

/// Lets the person at the terminal choose.
pub(super) fn choose<T: Target>(
    options: &Options,
    dry_run: bool,
    context: &Context,
) -> Result<Vec<T::Id>> {
    let done = options.deed.done();
    if !context.ui.can_choose() {
        return Err(
            Error::usage(format!("no {} was named; nothing was {done}", T::NOUN))
                .hint("name ids as arguments, or give \"-\" to read them from standard input"),
        );
    }
    let store = if dry_run {
        context.open_for_dry_run()?
    } else {
        let store = context.open_existing()?;
        context.check(&store, &Intent::new(T::action(options.deed), None))?;
        store
    };
    // Each look is a short one, so that the list keeps nobody from writing.
    let look = |typed: &str, last: &str| {
        let snapshot = store.read()?;
        T::choices(
            &snapshot,
            options.environment,
            Search::new(typed).as_ref(),
            last,
        )
    };
    let others = T::others(options.environment);
    if !has_any(look)? {
        let message = format!("there is no {} to choose from", T::NOUN);
        return Err(Error::new(Kind::NotFound, message).hint(others));
    }
    let question = format!("Choose the {}s to {}", T::NOUN, options.deed.verb());
    let more = |typed: &str, last: &str| Ok(look(typed, last)?);
    match context.ui.choose(&question, &others, more) {
        Ok(Picked::Chosen(ids)) if !ids.is_empty() => {
            Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
        }
        Ok(Picked::Chosen(_) | Picked::Left) => Err(Error::new(
            Kind::Declined,
            "nothing was chosen; nothing was changed",
        )),
        Ok(Picked::Interrupted) => Err(store::Error::Interrupted.into()),
        Err(Failure::Store(error)) => Err(error.into()),
        Err(Failure::Terminal(error)) => Err(Error::failure(format!(
            "the terminal cannot be asked: {error}; nothing was changed"
        ))
        .hint("name ids as arguments")
        .caused_by(error)),
    }
}

/// Why nobody could choose.
enum Failure {
    Store(store::Error),
    Terminal(io::Error),
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Terminal(error)
    }
}

/// Whether there is anything to choose from.
fn has_any(look: impl Fn(&str, &str) -> store::Result<Batch>) -> store::Result<bool> {
    let mut last = Some(String::new());
    while let Some(begin) = last {
        let batch = look("", &begin)?;
        if !batch.found.is_empty() {
            return Ok(true);
        }
        last = batch.last;
    }
    Ok(false)
}
