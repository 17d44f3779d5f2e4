//! Choosing from a list.

use std::io;

use super::Target;
use crate::context::{Context, Intent};
use crate::error::{Error, Kind, Result};
use crate::model::Options;
use crate::output::layout;
use crate::store;

/// How many things there are to choose from at most.
const CHOICES: usize = 1_000;

/// Lets the person at the terminal choose.
pub(super) fn choose<T: Target>(
    options: &Options,
    dry_run: bool,
    context: &Context,
) -> Result<Vec<T::Id>> {
    let done = options.deed.done();
    if !context.ui.can_ask(false) {
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
    let snapshot = store.read()?;
    let (mut ids, others) = T::choices(&snapshot, options.environment)?;
    if ids.is_empty() {
        let message = format!("there is no {} to choose from", T::NOUN);
        return Err(Error::new(Kind::NotFound, message).hint(others));
    }
    let unseen = ids.len().saturating_sub(CHOICES);
    ids.truncate(CHOICES);
    let ids: Vec<T::Id> = ids.iter().filter_map(|id| id.parse().ok()).collect();
    let plan = T::plan(&snapshot, ids)?;
    drop(snapshot);
    drop(store);
    context.ui.note(&others);
    if unseen > 0 {
        context
            .ui
            .note(&format!("{unseen} more not offered; name them instead"));
    }
    let offered: Vec<&T> = plan.free().collect();
    let rows: Vec<_> = offered.iter().map(|one| one.cells()).collect();
    let table = layout(T::COLUMNS, &rows, None);
    let items: Vec<String> = table
        .lines()
        .skip(1)
        .map(|line| line.trim_start().to_owned())
        .collect();
    context
        .ui
        .note("Space marks, \"a\" marks all, Enter goes on, Esc leaves.");
    let question = format!("Choose the {}s to {}", T::NOUN, options.deed.verb());
    match context.ui.choose(&question, &items) {
        Ok(Some(chosen)) if !chosen.is_empty() => Ok(chosen
            .into_iter()
            .filter_map(|index| offered.get(index).map(|one| one.id().clone()))
            .collect()),
        Ok(_) => Err(Error::new(
            Kind::Declined,
            "nothing was chosen; nothing was changed",
        )),
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            Err(store::Error::Interrupted.into())
        }
        Err(error) => Err(Error::failure(format!(
            "the terminal cannot be asked: {error}; nothing was changed"
        ))
        .hint("name ids as arguments")
        .caused_by(error)),
    }
}
