//! The signals that ask the program to end: INT, TERM and HUP.
//!
//! They end it at once, as they do any other program, but while somebody holds them back: during a
//! change of the store and while the terminal is in an unusual state. Then they are noted, and
//! whoever holds them back looks.

use std::io;
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use nix::sys::signal::{Signal, killpg};
use nix::unistd;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::{flag, low_level};

/// The signals, the one that names the end of the program first: reading keys sends an INT after
/// any of them.
const ALL: [i32; 3] = [SIGTERM, SIGHUP, SIGINT];

/// What is known of the signals; there is one of it, because signals are sent to the process.
pub struct Signals {
    /// Whether one has come while they were held back.
    raised: Arc<AtomicBool>,
    /// Which of [`ALL`] have come.
    which: [Arc<AtomicBool>; 3],
    /// Whether a signal ends the program at once.
    is_deadly: Arc<AtomicBool>,
    /// How many hold them back.
    holders: AtomicUsize,
}

/// The signals of this process.
pub fn signals() -> &'static Signals {
    static SIGNALS: OnceLock<Signals> = OnceLock::new();
    SIGNALS.get_or_init(|| {
        let signals = Signals {
            raised: Arc::default(),
            which: Default::default(),
            is_deadly: Arc::new(AtomicBool::new(true)),
            holders: AtomicUsize::new(0),
        };
        let ignored = ignored();
        for (signal, has_come) in ALL.into_iter().zip(&signals.which) {
            // What whoever started this program wants ignored, such as HUP under nohup or INT of a
            // command in the background of a script, stays ignored.
            if ignored & (1 << (signal - 1)) != 0 {
                continue;
            }
            // Without these the signal ends the program, which is safe as well. They run in this
            // order, so a deadly signal is not noted.
            let _ = flag::register_conditional_default(signal, Arc::clone(&signals.is_deadly));
            let _ = flag::register(signal, Arc::clone(has_come));
            let _ = flag::register(signal, Arc::clone(&signals.raised));
        }
        signals
    })
}

impl Signals {
    /// Holds the signals back until what is returned is dropped. Whoever does that must look at
    /// [`Signals::flag`] often.
    pub fn hold(&'static self) -> Held {
        self.holders.fetch_add(1, Ordering::SeqCst);
        self.is_deadly.store(false, Ordering::SeqCst);
        Held(self)
    }

    /// From now on no signal ends the program: what was done is to be told.
    pub fn disarm(&'static self) {
        std::mem::forget(self.hold());
    }

    /// Set once a signal has come.
    pub fn flag(&self) -> &Arc<AtomicBool> {
        &self.raised
    }

    /// Whether a signal has come.
    pub fn is_raised(&self) -> bool {
        self.raised.load(Ordering::SeqCst)
    }

    /// The number of the signal that came; that of INT if none has.
    pub fn number(&self) -> i32 {
        let mut all = ALL.into_iter().zip(&self.which);
        all.find(|(_, has_come)| has_come.load(Ordering::SeqCst))
            .map_or(SIGINT, |(signal, _)| signal)
    }

    /// Does what the terminal does at Ctrl-C where it is not read key by key: every program in the
    /// foreground of `terminal` gets the signal, this one too. Where another signal was what ended
    /// the reading of keys, nothing is left to do.
    pub fn interrupt_foreground(&self, terminal: impl AsFd) -> io::Result<()> {
        if self.is_raised() {
            return Ok(());
        }
        let sent = unistd::tcgetpgrp(terminal).and_then(|group| killpg(group, Signal::SIGINT));
        self.raised.store(true, Ordering::SeqCst);
        Ok(sent?)
    }

    /// Ends the program as the signal that came would have: a shell sees that, and ends a loop.
    pub fn die(&self) {
        // Where the signal is ignored, the exit code has to do.
        let _ = low_level::emulate_default_handler(self.number());
    }
}

/// The signals are held back for as long as this lives.
pub struct Held(&'static Signals);

impl Drop for Held {
    fn drop(&mut self) {
        if self.0.holders.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.is_deadly.store(true, Ordering::SeqCst);
        }
    }
}

/// The signals that this process was started to ignore, a bit each, the first being signal 1.
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or_default()
}
