//! References that are written while they are read, however many there are.

use std::cell::Cell;
use std::fmt::Display;
use std::ops::ControlFlow;

use serde::ser::{Error, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::model::Reference;

/// What is done with one reference after the other, until it breaks off.
pub type Visit<'v> = dyn FnMut(Reference) -> ControlFlow<()> + 'v;

/// A list of references, none of which is kept.
pub struct EachReference<F, E> {
    each: F,
    failed: Cell<Option<E>>,
}

impl<F, E> EachReference<F, E>
where
    F: Fn(&mut Visit<'_>) -> Result<(), E>,
{
    /// The references that `each` shows to what it is given.
    pub fn new(each: F) -> Self {
        let failed = Cell::new(None);
        Self { each, failed }
    }

    /// Why not all of them could be read; then what was written is no whole document.
    pub fn failed(self) -> Option<E> {
        self.failed.into_inner()
    }
}

impl<F, E: Display> Serialize for EachReference<F, E>
where
    F: Fn(&mut Visit<'_>) -> Result<(), E>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let mut written = Ok(());
        let read = (self.each)(&mut |reference| {
            written = list.serialize_element(&reference);
            match written {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        });
        written?;
        if let Err(error) = read {
            let stopped = S::Error::custom(&error);
            self.failed.set(Some(error));
            return Err(stopped);
        }
        list.end()
    }
}
