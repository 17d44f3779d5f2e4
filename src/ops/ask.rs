//! Asking the person at the terminal.

use std::io;

use zeroize::Zeroizing;

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::store;
use crate::ui::{Answer, Line};

/// Goes on only if the person said yes.
pub fn checked(answer: io::Result<Answer>) -> Result<()> {
    match answer {
        Ok(Answer::Yes) => Ok(()),
        Ok(Answer::No) => Err(Error::new(Kind::Declined, "declined; nothing was changed")),
        Ok(Answer::Other { wanted }) => Err(Error::new(
            Kind::Declined,
            format!("what was typed is not {wanted}; nothing was changed"),
        )),
        Ok(Answer::Interrupted) => Err(store::Error::Interrupted.into()),
        Err(error) => Err(Error::usage(format!(
            "nothing was changed, because the terminal cannot be asked: {error}"
        ))
        .hint("give --yes to go on without being asked")
        .caused_by(error)),
    }
}

/// Asks whether to remove `what`, which is shown; what is live takes typing `wanted`.
pub fn removal(
    context: &Context,
    what: &str,
    is_live: bool,
    wanted: &str,
    stdin_is_data: bool,
) -> Result<()> {
    if !context.ui.can_ask(stdin_is_data) {
        return Err(Error::usage(format!(
            "{what} was not deleted, because nobody can be asked"
        ))
        .hint("give --yes to delete without being asked"));
    }
    context
        .ui
        .say(&format!("This will be deleted permanently: {what}"));
    checked(if is_live {
        let question = format!("It is live. Type {wanted} to delete it:");
        context.ui.confirm_by_typing(&question, wanted)
    } else {
        context.ui.confirm("Delete it?")
    })
}

/// Asks whether to replace `what`.
pub fn replacement(context: &Context, what: &str, stdin_is_data: bool) -> Result<()> {
    if !context.ui.can_ask(stdin_is_data) {
        return Err(Error::usage(format!(
            "{what} was not replaced, because nobody can be asked"
        ))
        .hint("give --yes to replace without being asked"));
    }
    checked(context.ui.confirm(&format!("Replace {what}?")))
}

/// Asks for a text that is not shown.
pub fn hidden(question: &str, context: &Context) -> Result<Zeroizing<String>> {
    match context.ui.ask_hidden(question) {
        Ok(Line::Text(text)) => Ok(text),
        Ok(Line::Left) => Err(Error::new(
            Kind::Declined,
            "nothing was typed; nothing was changed",
        )),
        Ok(Line::NotKept) => Err(Error::usage(
            "what was typed or pasted has several lines, keys that are no text, or more than 1 MiB; \
             nothing was changed",
        )),
        Ok(Line::Interrupted) => Err(store::Error::Interrupted.into()),
        Err(error) => {
            Err(Error::usage(format!("the terminal cannot be asked: {error}")).caused_by(error))
        }
    }
}
