//! Ends what a server is doing once the user interrupts it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::connect::Canceller;
use crate::store::{Error, Result};

/// How often it looks whether the user has interrupted.
const LOOK: Duration = Duration::from_millis(50);

/// How long after one request the next follows, if the statement still runs: the first can have come
/// between two statements.
const AGAIN: Duration = Duration::from_millis(500);

/// Sees to it that the statement under way ends when the user interrupts. It begins disarmed.
pub(super) struct Watch {
    shared: Arc<Shared>,
    interrupted: Arc<AtomicBool>,
}

struct Shared {
    state: Mutex<State>,
    has_changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Armed,
    Disarmed,
    Ended,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, state: State) {
        *self.state() = state;
        self.has_changed.notify_all();
    }
}

impl Watch {
    pub(super) fn new(canceller: Canceller, interrupted: &Arc<AtomicBool>) -> Self {
        Self::with(interrupted, move || {
            // A server that is gone has ended the statement too.
            let _ = canceller.cancel();
        })
    }

    fn with(interrupted: &Arc<AtomicBool>, cancel: impl Fn() + Send + 'static) -> Self {
        let watch = Self {
            shared: Arc::new(Shared {
                state: Mutex::new(State::Disarmed),
                has_changed: Condvar::new(),
            }),
            interrupted: Arc::clone(interrupted),
        };
        let (shared, flag) = (Arc::clone(&watch.shared), Arc::clone(interrupted));
        // Without the thread an interrupt is noticed after the statement.
        let _ = thread::Builder::new().spawn(move || keep_watch(&shared, &flag, cancel));
        watch
    }

    /// From now on an interrupt ends the statement under way.
    pub(super) fn arm(&self) {
        self.shared.set(State::Armed);
    }

    /// From now on no statement is ended; call it before a change is committed.
    ///
    /// # Errors
    /// When the user has interrupted: the server may have been asked, and end the next statement at
    /// any time. So nothing is committed then.
    pub(super) fn disarm(&self) -> Result<()> {
        self.shared.set(State::Disarmed);
        // Whoever asks the server has looked at this before, and it is never lowered.
        if self.interrupted.load(Ordering::SeqCst) {
            return Err(Error::Interrupted);
        }
        Ok(())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // Not waited for: it may be asking a server that does not answer.
        self.shared.set(State::Ended);
    }
}

fn keep_watch(shared: &Shared, interrupted: &AtomicBool, cancel: impl Fn()) {
    let mut state = shared.state();
    loop {
        state = match *state {
            State::Ended => return,
            State::Disarmed => {
                let changed = shared.has_changed.wait(state);
                changed.unwrap_or_else(PoisonError::into_inner)
            }
            State::Armed => {
                let is_interrupted = interrupted.load(Ordering::SeqCst);
                if is_interrupted {
                    drop(state);
                    cancel();
                    state = shared.state();
                }
                if *state == State::Armed {
                    let pause = if is_interrupted { AGAIN } else { LOOK };
                    let changed = shared.has_changed.wait_timeout(state, pause);
                    changed.unwrap_or_else(PoisonError::into_inner).0
                } else {
                    state
                }
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A watch, and where its requests arrive.
    fn watch(interrupted: &Arc<AtomicBool>) -> (Watch, mpsc::Receiver<()>) {
        let (sender, requests) = mpsc::channel();
        let watch = Watch::with(interrupted, move || {
            let _ = sender.send(());
        });
        (watch, requests)
    }

    #[test]
    fn an_interrupt_ends_statements_while_it_is_armed() {
        let interrupted = Arc::default();
        let (watch, requests) = watch(&interrupted);
        watch.arm();
        watch.disarm().unwrap();
        watch.arm();
        interrupted.store(true, Ordering::SeqCst);
        // Again and again, as one can come too early.
        requests.recv().unwrap();
        requests.recv().unwrap();
        assert!(matches!(watch.disarm(), Err(Error::Interrupted)));
        drop(watch);
        // The thread ends, and with it what it sends with.
        while requests.recv().is_ok() {}
    }

    #[test]
    fn nothing_is_asked_for_that_was_not_armed() {
        let interrupted = Arc::new(AtomicBool::new(true));
        let (watch, requests) = watch(&interrupted);
        assert!(watch.disarm().is_err());
        drop(watch);
        assert!(requests.recv().is_err());
    }
}
