//! Measuring two command lines in turn.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

use super::{MEASURE, SIZES, SMALL};

/// Runs a program so often and prints the time it took and the most memory it had. The measured
/// process is a child of this one and of nothing larger, because a child counts as its own what its
/// parent had when it was made.
pub fn measure(arguments: &[String]) {
    let [times, input, program, arguments @ ..] = arguments else {
        panic!("a count, an input and a program are needed");
    };
    let times: u32 = times.parse().unwrap();
    let start = Instant::now();
    for _ in 0..times {
        let status = Command::new(program)
            .args(arguments)
            .stdin(File::open(input).unwrap())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }
    let elapsed = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let microseconds =
        |time: TimeVal| i128::from(time.tv_sec()) * 1_000_000 + i128::from(time.tv_usec());
    let processor = microseconds(usage.user_time()) + microseconds(usage.system_time());
    println!("{} {processor} {}", elapsed.as_nanos(), usage.max_rss());
}

/// One measurement.
pub struct Measured {
    pub nanoseconds: f64,
    /// Of the processor, for the program itself and for the system, in microseconds.
    processor: f64,
    /// In KiB.
    peak: f64,
}

/// What is to be done before a run.
#[derive(Clone)]
pub enum Before {
    Nothing,
    /// Put a fresh copy of the first file at the second.
    Copy(PathBuf, PathBuf),
    /// Take the file away.
    Remove(PathBuf),
    /// Run this to its end.
    Run(Vec<String>),
}

/// A command line to measure.
#[derive(Clone)]
pub struct Side {
    pub line: Vec<String>,
    input: PathBuf,
    before: Before,
    times: u32,
    variables: Vec<(String, String)>,
}

impl Side {
    pub fn new(line: &[&str]) -> Self {
        Self {
            line: line.iter().map(|&word| word.to_owned()).collect(),
            input: "/dev/null".into(),
            before: Before::Nothing,
            times: 1,
            variables: Vec::new(),
        }
    }

    pub fn input(mut self, input: &Path) -> Self {
        input.clone_into(&mut self.input);
        self
    }

    pub fn before(mut self, before: Before) -> Self {
        self.before = before;
        self
    }

    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn variables(&self) -> impl Iterator<Item = (&String, &String)> {
        self.variables.iter().map(|(name, value)| (name, value))
    }

    pub fn run(&self) -> Measured {
        match &self.before {
            Before::Nothing => {}
            Before::Copy(from, to) => {
                fs::copy(from, to).unwrap();
                // Else the first sync of the run would pay for the copy.
                File::open(to).unwrap().sync_all().unwrap();
            }
            Before::Remove(path) => {
                let _ = fs::remove_file(path);
            }
            Before::Run(line) => {
                let output = Command::new(&line[0]).args(&line[1..]).output().unwrap();
                assert!(output.status.success(), "{line:?}: {output:?}");
            }
        }
        let output = Command::new(std::env::current_exe().unwrap())
            .arg(MEASURE)
            .arg(self.times.to_string())
            .arg(&self.input)
            .args(&self.line)
            .envs(self.variables())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "{:?} failed", self.line);
        let text = String::from_utf8(output.stdout).unwrap();
        let mut numbers = text.split_whitespace().map(|word| word.parse().unwrap());
        let mut next = || numbers.next().unwrap();
        Measured {
            nanoseconds: next(),
            processor: next(),
            peak: next(),
        }
    }

    /// How much it writes to standard output.
    pub fn output_size(&self) -> u64 {
        let mut child = Command::new(&self.line[0])
            .args(&self.line[1..])
            .envs(self.variables())
            .stdin(File::open(&self.input).unwrap())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut size = 0;
        let mut piece = vec![0; 1 << 16];
        let mut stdout = child.stdout.take().unwrap();
        loop {
            match stdout.read(&mut piece).unwrap() {
                0 => break,
                read => size += read as u64,
            }
        }
        child.wait().unwrap();
        size
    }
}

/// What a row of the table promises.
#[derive(Clone, Copy, Default)]
pub struct Target {
    ratio: Option<f64>,
    mebibytes: Option<f64>,
}

impl Target {
    pub fn new(ratio: f64, mebibytes: f64) -> Self {
        let given = |number: f64| (number > 0.0).then_some(number);
        Self {
            ratio: given(ratio),
            mebibytes: given(mebibytes),
        }
    }
}

/// Begins a table.
pub fn head(theirs: &str) {
    println!(
        "| Work | Connectors | Ratio, median (spread) | Processor | Target | Peak memory | {theirs} | Target | Output |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
}

/// Measures two command lines in turn and prints a row.
pub fn compare(
    work: &str,
    size: usize,
    pairs: usize,
    ours: &Side,
    theirs: &Side,
    target: Target,
) -> f64 {
    // At a medium size the start of a process weighs as much as the work.
    let target = if size < SMALL || size >= SIZES[3] {
        target
    } else {
        Target::default()
    };
    let output = match ours.before {
        Before::Nothing => mebibytes(ours.output_size() as f64 / f64::from(1 << 20)),
        _ => "–".to_owned(),
    };
    let (mut ratios, mut of_processor) = (Vec::new(), Vec::new());
    let (mut our_peak, mut their_peak) = (0_f64, 0_f64);
    for pair in 0..pairs {
        let (our, their) = if pair % 2 == 0 {
            let our = ours.run();
            (our, theirs.run())
        } else {
            let their = theirs.run();
            (ours.run(), their)
        };
        ratios.push(our.nanoseconds / their.nanoseconds);
        of_processor.push(our.processor / their.processor);
        our_peak = our_peak.max(our.peak / 1024.0);
        their_peak = their_peak.max(their.peak / 1024.0);
    }
    ratios.sort_by(f64::total_cmp);
    of_processor.sort_by(f64::total_cmp);
    let median = ratios[pairs / 2];
    let judged = |found: f64, limit: Option<f64>, unit: &str| match limit {
        None => "–".to_owned(),
        Some(limit) if found <= limit => format!("≤ {limit}{unit}"),
        Some(limit) => format!("≤ {limit}{unit} **missed**"),
    };
    println!(
        "| {work} | {size} | {median:.2} ({:.2}–{:.2}) | {:.2} | {} | {} | {} | {} | {output} |",
        ratios[0],
        ratios[pairs - 1],
        of_processor[pairs / 2],
        judged(median, target.ratio, ""),
        mebibytes(our_peak),
        mebibytes(their_peak),
        judged(our_peak, target.mebibytes, " MiB"),
    );
    our_peak
}

fn mebibytes(number: f64) -> String {
    format!("{number:.1} MiB")
}
