//! The signals that ask the program to end: INT, TERM and HUP.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

const END_SIGNALS: [i32; 3] = [SIGINT, SIGTERM, SIGHUP];

/// From now on a signal that asks the program to end sets `flag`, and does nothing else.
pub fn watch_interrupts(flag: &Arc<AtomicBool>) {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        for signal in END_SIGNALS {
            // Without the handler the signal ends the program, which is safe as well.
            let _ = flag::register(signal, Arc::clone(flag));
        }
    });
}

/// From now on the second signal that asks the program to end does so at once. The terminal must
/// not be in the hands of a [`super::Keyboard`] then, because it would stay there.
pub fn end_at_second_interrupt() {
    static WATCHING: Once = Once::new();
    WATCHING.call_once(|| {
        let seen = Arc::new(AtomicBool::new(false));
        for signal in END_SIGNALS {
            let _ = flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&seen));
            let _ = flag::register(signal, Arc::clone(&seen));
        }
    });
}
