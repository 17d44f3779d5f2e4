//! The person at the terminal: notes, questions and progress.
//!
//! Everything here goes to standard error or comes from the terminal, so that standard output
//! carries data only. No other module asks anything.

mod keys;
mod line;
mod pick;

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::time::{Duration, Instant};

use console::Term;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::model::text;
use crate::platform;
use pick::Picker;

pub use line::Line;
pub use pick::{Batch, Choice, Picked};

/// How much output is held back before the first of it is written. What fits is written after the
/// store has been let go, so that a reader who pauses (`list | less`) keeps nobody from writing.
pub const HELD_OUTPUT: usize = 6 << 20;

/// How much output is held back where the store is on a server, on which no reader keeps anybody from
/// writing.
pub const HELD_OF_SERVER: usize = 256 << 10;

/// How long work goes on before its progress is shown.
const PROGRESS_DELAY: Duration = Duration::from_millis(700);

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// On a terminal that wants it.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What the person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Yes.
    Yes,
    /// No, in whichever way.
    No,
    /// Something else than the text that was asked for.
    Other {
        /// The text that was asked for.
        wanted: String,
    },
    /// Ctrl-C, or another signal that ends the program.
    Interrupted,
}

/// What the environment says of the terminal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wishes {
    /// It wants no colour.
    pub no_color: bool,
    /// Its cursor cannot be moved, and nothing on it be cleared (`TERM=dumb`).
    pub is_still: bool,
}

/// The terminal, or what stands in its place.
#[derive(Clone)]
pub struct Ui {
    stdin_is_terminal: bool,
    stdout_is_terminal: bool,
    stderr_is_terminal: bool,
    color: Color,
    wishes: Wishes,
    /// Say nothing but errors.
    pub quiet: bool,
    /// Say where errors come from.
    pub verbose: bool,
    /// Never ask.
    pub no_input: bool,
    /// Say everything as objects, one a line.
    pub json: bool,
}

impl Ui {
    /// Looks at the three standard streams.
    pub fn new(color: Color, wishes: Wishes) -> Self {
        Self {
            stdin_is_terminal: io::stdin().is_terminal(),
            stdout_is_terminal: io::stdout().is_terminal(),
            stderr_is_terminal: io::stderr().is_terminal(),
            color,
            wishes,
            quiet: false,
            verbose: false,
            no_input: false,
            json: false,
        }
    }

    fn uses_color(&self, is_terminal: bool) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !self.wishes.no_color,
        }
    }

    /// Whether data is written in colour.
    pub fn colors_output(&self) -> bool {
        self.uses_color(self.stdout_is_terminal)
    }

    /// The columns of the terminal that data goes to, if it goes to one.
    pub fn output_width(&self) -> Option<usize> {
        let (_, columns) = Term::stdout().size();
        self.stdout_is_terminal.then_some(usize::from(columns))
    }

    /// The columns of the terminal that notes and questions go to.
    pub fn notes_width(&self) -> usize {
        usize::from(Term::stderr().size().1)
    }

    /// The columns of the terminal that errors and notes go to as text, if they go to one.
    pub fn message_width(&self) -> Option<usize> {
        (self.stderr_is_terminal && !self.json).then(|| self.notes_width())
    }

    /// Standard output, of which so many bytes are held back. It must be flushed.
    pub fn output(&self, held: usize) -> BufWriter<Box<dyn Write>> {
        BufWriter::with_capacity(held, platform::unbuffered_output())
    }

    /// Whether somebody sees the notes.
    pub fn is_seen(&self) -> bool {
        self.stderr_is_terminal
    }

    /// Whether what somebody types is standard input, and is shown.
    pub fn is_typed_to(&self) -> bool {
        self.stdin_is_terminal
    }

    /// Whether somebody sees both the data and the notes.
    pub fn is_watched(&self) -> bool {
        self.stdout_is_terminal && self.stderr_is_terminal
    }

    /// Says something that is neither data nor an error.
    pub fn note(&self, message: &str) {
        if self.quiet {
            return;
        }
        if self.json {
            return Self::say_object("note", &Told::new(message));
        }
        self.say(&text::visible_lines(message));
    }

    /// Warns of something that did not stop the work. Whoever wants quiet is told all the same.
    pub fn warn(&self, message: &str) {
        if self.json {
            return Self::say_object("warning", &Told::new(message));
        }
        self.say_labelled("warning:", &text::visible_lines(message), |label| {
            label.yellow()
        });
    }

    /// Shows an error and what to do next.
    pub fn error(&self, kind: &str, code: u8, message: &str, hint: Option<&str>) {
        if self.json {
            let told = Told {
                kind: Some(kind),
                hint,
                exit_code: Some(code),
                ..Told::new(message)
            };
            return Self::say_object("error", &told);
        }
        self.say_labelled("error:", &text::visible_lines(message), StyledLabel::red);
        if let Some(hint) = hint {
            // Each line of it stands below the first.
            let hint = text::visible_lines(hint).replace('\n', "\n      ");
            self.say_labelled("hint:", &hint, StyledLabel::cyan);
        }
    }

    /// Says what is wrong with the command line, which tells itself that it is an error.
    pub fn mistake(&self, message: &str) {
        match message.strip_prefix("error: ") {
            Some(message) => self.say_labelled("error:", message, StyledLabel::red),
            None => self.say(message),
        }
    }

    /// Says something behind a label that is set off by colour.
    fn say_labelled(&self, label: &str, message: &str, look: impl Fn(StyledLabel) -> StyledLabel) {
        let styled = look(console::style(label.to_owned())).bold();
        let styled = styled.force_styling(self.uses_color(self.stderr_is_terminal));
        let shown = format!("{label} {message}");
        let shown = self.folded(&shown);
        Self::write_line(&format!(
            "{styled}{}",
            shown.strip_prefix(label).unwrap_or(&shown)
        ));
    }

    /// A message in lines that the terminal need not break, if it goes to one.
    pub fn folded<'t>(&self, message: &'t str) -> Cow<'t, str> {
        match self.message_width() {
            Some(width) => text::folded(message, width),
            None => Cow::Borrowed(message),
        }
    }

    /// Writes a line with an object to standard error: under this name, what is told.
    fn say_object(name: &str, told: &Told<'_>) {
        let told = serde_json::to_string(told).unwrap_or_default();
        Self::write_line(&text::json_escaped(&format!("{{\"{name}\":{told}}}")));
    }

    /// Says something while a question is prepared, or where it comes from: also to whoever wants
    /// quiet.
    pub fn say(&self, message: &str) {
        Self::write_line(&self.folded(message));
    }

    /// Writes a line to standard error as it is. There is nobody to tell if that fails.
    fn write_line(line: &str) {
        let _ = writeln!(io::stderr().lock(), "{line}");
    }

    /// Whether a question can be put and answered: somebody must see it, and the answer must come
    /// from a terminal. With `stdin_is_data` the ids come through standard input, and the answer
    /// from the controlling terminal.
    pub fn can_ask(&self, stdin_is_data: bool) -> bool {
        !self.no_input && self.stderr_is_terminal && (self.stdin_is_terminal || stdin_is_data)
    }

    /// Asks a question that `y` or `yes` answers with yes, and all else with no.
    pub fn confirm(&self, question: &str) -> io::Result<Answer> {
        self.ask(&format!("{question} [y/N]"), |text| {
            let is_yes = text.eq_ignore_ascii_case("y") || text.eq_ignore_ascii_case("yes");
            if is_yes { Answer::Yes } else { Answer::No }
        })
    }

    /// Asks a question that only this text answers with yes.
    pub fn confirm_by_typing(&self, question: &str, wanted: &str) -> io::Result<Answer> {
        self.ask(question, |text| match text {
            _ if text == wanted => Answer::Yes,
            "" | "n" | "N" | "no" => Answer::No,
            _ => Answer::Other {
                wanted: wanted.to_owned(),
            },
        })
    }

    fn ask(&self, question: &str, answer_of: impl Fn(&str) -> Answer) -> io::Result<Answer> {
        let question = text::visible(question);
        let question = text::folded(&question, self.notes_width());
        let line = line::read_shown(&format!("{question} "), self.wishes.is_still)?;
        Ok(match line {
            Line::Text(text) => answer_of(text.trim()),
            Line::Left | Line::NotKept => Answer::No,
            Line::Interrupted => Answer::Interrupted,
        })
    }

    /// Asks for a text that is not shown while it is typed: it is exactly what was typed or pasted.
    pub fn ask_hidden(&self, question: &str) -> io::Result<Line> {
        line::read_hidden(question)
    }

    /// Whether a list to choose from can be shown.
    pub fn can_choose(&self) -> bool {
        self.can_ask(false) && !self.wishes.is_still
    }

    /// Lets the person choose any number of things; `remark` says what is not among them. `more` gives
    /// what fits what was typed, behind the last that was looked at, a little at a time.
    pub fn choose<E: From<io::Error>>(
        &self,
        question: &str,
        remark: &str,
        more: impl FnMut(&str, &str) -> Result<Batch, E>,
    ) -> Result<Picked, E> {
        let has_color = self.uses_color(self.stderr_is_terminal);
        Picker::new(question, remark, has_color).run(more)
    }

    /// Shows the progress of long work on a terminal that shows no data meanwhile.
    pub fn progress(&self, what: &'static str) -> Progress {
        Progress::new(what, self.can_animate() && !self.stdout_is_terminal)
    }

    /// Shows the progress of long work that writes no data.
    pub fn silent_progress(&self, what: &'static str) -> Progress {
        Progress::new(what, self.can_animate())
    }

    fn can_animate(&self) -> bool {
        self.stderr_is_terminal && !self.wishes.is_still && !self.quiet
    }
}

/// A label before its colour is known.
type StyledLabel = console::StyledObject<String>;

/// What is told as an object: an error, a warning or a note.
#[derive(Serialize)]
struct Told<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    message: &'a str,
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<u8>,
}

impl<'a> Told<'a> {
    fn new(message: &'a str) -> Self {
        Self {
            kind: None,
            message,
            hint: None,
            exit_code: None,
        }
    }
}

/// Hides the cursor until it is dropped.
struct HiddenCursor<'t>(&'t Term);

impl<'t> HiddenCursor<'t> {
    fn new(terminal: &'t Term) -> io::Result<Self> {
        terminal.hide_cursor()?;
        Ok(Self(terminal))
    }
}

impl Drop for HiddenCursor<'_> {
    fn drop(&mut self) {
        // There is nothing left to try if this fails.
        let _ = self.0.show_cursor();
    }
}

/// Counts what has been done, on the terminal and only there.
pub struct Progress {
    what: &'static str,
    started: Instant,
    is_shown: bool,
    bar: Option<ProgressBar>,
    done: u64,
}

impl Progress {
    fn new(what: &'static str, is_shown: bool) -> Self {
        Self {
            what,
            #[expect(clippy::disallowed_methods, reason = "progress is shown by the clock")]
            started: Instant::now(),
            is_shown,
            bar: None,
            done: 0,
        }
    }

    /// Counts one more.
    pub fn advance(&mut self) {
        const STEP: u64 = 512;
        self.done += 1;
        if !self.is_shown || !self.done.is_multiple_of(STEP) {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() > PROGRESS_DELAY {
            let style = ProgressStyle::with_template("{spinner} {human_pos} {msg} ({per_sec})");
            let bar = ProgressBar::new_spinner().with_message(self.what);
            self.bar = Some(style.map_or(bar.clone(), |style| bar.with_style(style)));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.done);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
