//! How far long work has come: a bar with the time left, on a terminal only and only from the
//! second second on; and Ctrl-C (or a polite kill), which ends the program between two files, or,
//! for work that can be taken up again, between two pieces of it.

use super::{output, say};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

static LISTENING: AtomicBool = AtomicBool::new(false);
static STOPPED: AtomicBool = AtomicBool::new(false);
static WAITING: Mutex<()> = Mutex::new(());
static WAKING: Condvar = Condvar::new();

/// From now on Ctrl-C ends the program, but never within the writing of files that belong together.
pub(super) fn end_between_files() {
    // Where no handler can be set, Ctrl-C ends the program at once, as it always did.
    let _ = ctrlc::set_handler(|| {
        if LISTENING.load(Ordering::SeqCst) && !STOPPED.swap(true, Ordering::SeqCst) {
            drop(WAITING.lock().unwrap_or_else(PoisonError::into_inner));
            WAKING.notify_all();
            return;
        }
        output::when_whole(|| {
            say("stopped: files that were written are complete; nothing else was written");
            std::process::exit(130)
        });
    });
}

/// From now on Ctrl-C is noted, and only a second one ends the program.
pub(super) fn listen() {
    LISTENING.store(true, Ordering::SeqCst);
}

/// True once Ctrl-C was pressed.
pub(super) fn stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

/// Waits for Ctrl-C, or a polite kill, since `listen`. A second one ends the program.
#[cfg(feature = "serve")]
pub(super) fn wait_until_stopped() {
    let waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
    drop(WAKING.wait_while(waiting, |()| !stopped()));
}

/// How far work has come.
pub(super) struct Bar(ProgressBar);

/// A bar for so many pieces of work; hidden if quiet, or if nobody watches.
pub(super) fn bar(length: usize, done: usize, what: &'static str, quiet: bool) -> Bar {
    let bar = ProgressBar::with_draw_target(Some(length as u64), ProgressDrawTarget::hidden());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}, {eta} left");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar.set_position(done as u64);
    bar.reset_eta();
    if !quiet {
        let waiting = bar.clone();
        std::thread::spawn(move || {
            std::thread::sleep(std::time::Duration::from_secs(1));
            if !waiting.is_finished() {
                waiting.set_draw_target(ProgressDrawTarget::stderr());
            }
        });
    }
    Bar(bar)
}

impl Bar {
    /// A piece of work is done.
    pub fn inc(&self, pieces: u64) {
        self.0.inc(pieces);
    }

    /// So many pieces of work are done.
    pub fn is_at(&self, done: u64) {
        self.0.set_position(done);
    }

    /// So many pieces of work there are at most.
    pub fn is_of(&self, length: u64) {
        self.0.set_length(length);
    }

    /// All of it is, or it was stopped.
    pub fn finish_and_clear(&self) {
        self.0.finish_and_clear();
    }
}
