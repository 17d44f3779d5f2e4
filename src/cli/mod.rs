//! The command line: the flags that every command knows, and the tree of commands.

mod help;
mod manner;
mod mistakes;

use std::any::TypeId;
use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::mem::ManuallyDrop;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{ArgAction, Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::args::given;
use crate::commands::{
    access, add, audit, backup, compact, completions, copy, delete, doctor, edit, exec, export,
    impact, import, init, key, list, man, policy, protect, prune, rename, replace, restore, retire,
    revive, run, secret, service, show, unprotect,
};
use crate::context::{Context, Flags, Task};
use crate::error::Result;
use crate::model::{Assignment, Label, Name, Permission, text};
use crate::output::Format;
use crate::ui::Color;

pub use manner::Manner;
pub use mistakes::usage_error;

/// Administer the connectors of an integration platform.
#[derive(Debug, Parser)]
#[command(
    name = "connctl",
    version,
    about = "Administer the connectors of an integration platform: list them, see what uses each, \
             delete them safely",
    arg_required_else_help = true,
    disable_help_subcommand = true,
    styles = STYLES,
    max_term_width = 100
)]
pub struct Cli {
    /// What every command knows.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Green.on_default());

/// The heading of the flags that every command knows.
const GLOBAL_OPTIONS: &str = "Global options";

/// The flags that every command knows.
#[derive(Debug, Args)]
#[command(next_help_heading = GLOBAL_OPTIONS)]
pub struct Global {
    /// The store: a file, or postgres://… [env: CONNCTL_STORE] [default: connctl/store.db in the data folder]
    #[arg(long, global = true, value_name = "PATH")]
    store: Option<PathBuf>,
    /// The configuration [env: CONNCTL_CONFIG] [default: connctl/config.toml in the configuration
    /// folder]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The format of the data [default: table]
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT")]
    output: Option<Format>,
    /// When to use colour [env: NO_COLOR] [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    color: Option<ColorChoice>,
    /// Leave tables as wide as they are, also on a terminal that is narrower
    #[arg(long, global = true)]
    wide: bool,
    /// Say nothing but errors on standard error
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say where errors come from
    #[arg(short, long, global = true)]
    verbose: bool,
    /// Never ask; what would need an answer is an error
    #[arg(long, global = true)]
    no_input: bool,
    /// Why you do this, for the audit trail
    #[arg(long, global = true, value_name = "TEXT")]
    reason: Option<String>,
}

impl From<Global> for Flags {
    fn from(global: Global) -> Self {
        Self {
            store: global.store,
            config: global.config,
            output: global.output,
            color: global.color.map(color_of),
            quiet: global.quiet,
            verbose: global.verbose,
            no_input: global.no_input,
            reason: global.reason,
            wide: global.wide,
        }
    }
}

/// The choice of colour in words of the terminal.
pub fn color_of(choice: ColorChoice) -> Color {
    match choice {
        ColorChoice::Auto => Color::Auto,
        ColorChoice::Always => Color::Always,
        ColorChoice::Never => Color::Never,
    }
}

/// The commands. Each is described where its arguments are; a comment here would hide that.
#[derive(Debug, Subcommand)]
#[expect(missing_docs)]
pub enum Command {
    List(list::Args),
    Show(show::Args),
    Impact(impact::Args),
    Add(add::Args),
    Edit(edit::Args),
    Copy(copy::Args),
    Rename(rename::Args),
    Replace(replace::Args),
    Protect(protect::Args),
    Unprotect(unprotect::Args),
    Retire(retire::Args),
    Revive(revive::Args),
    Delete(delete::Args),
    Prune(prune::Args),
    #[command(subcommand)]
    Service(service::Command),
    #[command(subcommand)]
    Secret(secret::Command),
    Exec(exec::Args),
    #[command(subcommand)]
    Key(key::Command),
    Run(run::Args),
    Import(import::Args),
    Export(export::Args),
    #[command(subcommand)]
    Policy(policy::Command),
    #[command(subcommand)]
    Access(access::Command),
    #[command(subcommand)]
    Audit(audit::Command),
    Init(init::Args),
    Doctor(doctor::Args),
    Backup(backup::Args),
    Restore(restore::Args),
    Compact(compact::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::List(args) => list::run(args, context),
            Self::Show(args) => show::run(&args, context),
            Self::Impact(args) => impact::run(&args, context),
            Self::Add(args) => add::run(args, context),
            Self::Edit(args) => edit::run(args, context),
            Self::Copy(args) => copy::run(args, context),
            Self::Rename(args) => rename::run(&args, context),
            Self::Replace(args) => replace::run(args, context),
            Self::Protect(args) => protect::run(&args, context),
            Self::Unprotect(args) => unprotect::run(&args, context),
            Self::Retire(args) => retire::run(&args, context),
            Self::Revive(args) => revive::run(&args, context),
            Self::Delete(args) => delete::run(&args, context),
            Self::Prune(args) => prune::run(args, context),
            Self::Run(args) => run::run(&args, context),
            Self::Service(command) => service::run(command, context),
            Self::Secret(command) => secret::run(&command, context),
            Self::Exec(args) => exec::run(&args, context),
            Self::Key(command) => key::run(&command, context),
            Self::Import(args) => import::run(&args, context),
            Self::Export(args) => export::run(&args, context),
            Self::Policy(command) => policy::run(&command, context),
            Self::Access(command) => access::run(&command, context),
            Self::Audit(command) => audit::run(command, context),
            Self::Init(args) => init::run(&args, context),
            Self::Doctor(doctor::Args {}) => doctor::run(context),
            Self::Backup(args) => backup::run(&args, context),
            Self::Restore(args) => restore::run(&args, context),
            Self::Compact(compact::Args {}) => compact::run(context),
            Self::Completions(args) => completions::run(&args, context, tree()),
            Self::Man(args) => man::run(&args, context, tree()),
        }
    }
}

/// What each command needs. What an option adds to that, the command checks itself.
pub const PERMISSIONS: &[(&str, Permission)] = &[
    ("list", Permission::Read),
    ("show", Permission::Read),
    ("impact", Permission::Read),
    ("add", Permission::Edit),
    ("edit", Permission::Edit),
    ("copy", Permission::Edit),
    ("rename", Permission::Govern),
    ("replace", Permission::Edit),
    ("protect", Permission::Govern),
    ("unprotect", Permission::Govern),
    ("retire", Permission::Govern),
    ("revive", Permission::Govern),
    ("delete", Permission::Remove),
    ("prune", Permission::Remove),
    ("run", Permission::Remove),
    ("service list", Permission::Read),
    ("service show", Permission::Read),
    ("service add", Permission::Edit),
    ("service edit", Permission::Edit),
    ("service activate", Permission::Edit),
    ("service deactivate", Permission::Edit),
    ("service delete", Permission::Remove),
    ("secret list", Permission::Read),
    ("secret get", Permission::ReadSecrets),
    ("secret set", Permission::Edit),
    ("secret delete", Permission::Remove),
    ("exec", Permission::ReadSecrets),
    ("key list", Permission::Read),
    ("key init", Permission::Edit),
    ("key add", Permission::Govern),
    ("key remove", Permission::Govern),
    ("import", Permission::Edit),
    ("export", Permission::Read),
    ("policy list", Permission::Read),
    ("policy set", Permission::Govern),
    ("access list", Permission::Read),
    ("access grant", Permission::Govern),
    ("access revoke", Permission::Govern),
    ("audit list", Permission::Read),
    ("audit show", Permission::Read),
    ("audit verify", Permission::Read),
    ("init", Permission::Read),
    ("doctor", Permission::Read),
    ("backup", Permission::Read),
    ("restore", Permission::Govern),
    ("compact", Permission::Edit),
    ("completions", Permission::Read),
    ("man", Permission::Read),
];

/// The command line of the whole program.
pub fn tree() -> clap::Command {
    let tree = help::laid_out(Cli::command());
    with_habits(tree.args_override_self(true), &[], &|_| true)
}

/// As much of the tree as these arguments are read by: the commands that a word of them may name,
/// without what only help shows. To make the whole of it at the start of every command would take
/// longer than most of them do.
fn tree_to_read(arguments: &[OsString]) -> clap::Command {
    let is_named = |name: &str| arguments.iter().skip(1).any(|word| word == name);
    let named = READERS.iter().filter(|(name, _)| is_named(name));
    let named = named.map(|(name, with_arguments)| {
        let command = with_arguments(clap::Command::new(*name));
        let is_group = command.has_subcommands();
        command.subcommand_required(is_group)
    });
    let tree = Global::augment_args(clap::Command::new("connctl"))
        .subcommands(named)
        .subcommand_required(true)
        .disable_help_subcommand(true)
        .args_override_self(true);
    with_habits(tree, &[], &|command| is_named(command.get_name()))
}

/// What gives a command its arguments, or the commands below it.
type Reader = fn(clap::Command) -> clap::Command;

/// The reader of each command.
const READERS: &[(&str, Reader)] = &[
    ("list", list::Args::augment_args),
    ("show", show::Args::augment_args),
    ("impact", impact::Args::augment_args),
    ("add", add::Args::augment_args),
    ("edit", edit::Args::augment_args),
    ("copy", copy::Args::augment_args),
    ("rename", rename::Args::augment_args),
    ("replace", replace::Args::augment_args),
    ("protect", protect::Args::augment_args),
    ("unprotect", unprotect::Args::augment_args),
    ("retire", retire::Args::augment_args),
    ("revive", revive::Args::augment_args),
    ("delete", delete::Args::augment_args),
    ("prune", prune::Args::augment_args),
    ("service", service::Command::augment_subcommands),
    ("secret", secret::Command::augment_subcommands),
    ("exec", exec::Args::augment_args),
    ("key", key::Command::augment_subcommands),
    ("run", run::Args::augment_args),
    ("import", import::Args::augment_args),
    ("export", export::Args::augment_args),
    ("policy", policy::Command::augment_subcommands),
    ("access", access::Command::augment_subcommands),
    ("audit", audit::Command::augment_subcommands),
    ("init", init::Args::augment_args),
    ("doctor", doctor::Args::augment_args),
    ("backup", backup::Args::augment_args),
    ("restore", restore::Args::augment_args),
    ("compact", compact::Args::augment_args),
    ("completions", completions::Args::augment_args),
    ("man", man::Args::augment_args),
];

/// The options that say what is touched or how much: given twice with different values, none of
/// them is the one that was meant. Of all others the last one given counts.
const MEANT_ONCE: [&str; 8] = [
    "store",
    "env",
    "expect",
    "expect-deleted",
    "plan",
    "keep",
    "replace-with",
    "for",
];

/// The command and those below it that are wanted with what holds for options of all commands: free
/// text may begin with `-`, and every value of what is [`MEANT_ONCE`] is kept, to be compared.
fn with_habits(
    command: clap::Command,
    above: &[clap::Arg],
    is_wanted: &dyn Fn(&clap::Command) -> bool,
) -> clap::Command {
    let is_meant_once = |arg: &clap::Arg| arg.get_long().is_some_and(|l| MEANT_ONCE.contains(&l));
    let command = command.args(above).mut_args(|arg| {
        if is_meant_once(&arg) {
            // clap would keep one value of a global option only, wherever it was given.
            arg.action(ArgAction::Append).global(false)
        } else if is_free_text(&arg) {
            arg.allow_hyphen_values(true)
        } else {
            arg
        }
    });
    let is_for_all =
        |arg: &&clap::Arg| arg.get_help_heading() == Some(GLOBAL_OPTIONS) && is_meant_once(arg);
    let below: Vec<_> = command
        .get_arguments()
        .filter(is_for_all)
        .cloned()
        .collect();
    command.mut_subcommands(|command| {
        if is_wanted(&command) {
            with_habits(command, &below, is_wanted)
        } else {
            command
        }
    })
}

/// Whether it is an option whose value people write as they like.
fn is_free_text(arg: &clap::Arg) -> bool {
    let value = arg.get_value_parser().type_id();
    let texts = [
        TypeId::of::<String>(),
        TypeId::of::<Name>(),
        TypeId::of::<Label>(),
        TypeId::of::<Assignment>(),
    ];
    !arg.is_positional()
        && arg.get_action().takes_values()
        && arg.get_possible_values().is_empty()
        && texts.iter().any(|text| value == *text)
}

/// Refuses an option that is meant once and was given different values.
fn check_meant_once(
    tree: &mut clap::Command,
    matches: &clap::ArgMatches,
) -> std::result::Result<(), clap::Error> {
    for option in MEANT_ONCE {
        let given = given::values(matches, &option.replace('-', "_"));
        if let Some(other) = given.iter().find(|value| **value != given[0]) {
            let names_server = |value: &&OsStr| value.to_string_lossy().contains("://");
            let shown = |value: &OsStr| text::Quoted::from(&*value.to_string_lossy());
            let values = if given.iter().any(names_server) {
                // There may be a password in it.
                "which are not repeated, because one names a server".to_owned()
            } else {
                format!("{} and {}", shown(given[0]), shown(other))
            };
            let message = format!("--{option} is given two values, {values}");
            return Err(tree.error(ErrorKind::ArgumentConflict, message));
        }
    }
    Ok(())
}

/// The command line with `--help` at its end if `help` stands where a command is expected. clap's own
/// `help` would be a second tree of all commands in every script that completes them.
fn with_help_as_option<'a>(arguments: &'a [OsString], tree: &clap::Command) -> Cow<'a, [OsString]> {
    let mut command = tree;
    let mut is_value = false;
    for (index, word) in arguments.iter().enumerate().skip(1) {
        let Some(word) = word.to_str().filter(|word| *word != "--") else {
            break;
        };
        if std::mem::take(&mut is_value) {
            continue;
        }
        if word.starts_with('-') {
            let mut options = command.get_arguments().chain(tree.get_arguments());
            is_value = options.any(|arg| {
                let long = arg
                    .get_long()
                    .is_some_and(|l| word.strip_prefix("--") == Some(l));
                let short = arg
                    .get_short()
                    .is_some_and(|s| word.strip_prefix('-') == Some(&*s.to_string()));
                (long || short) && arg.get_action().takes_values()
            });
        } else if let Some(below) = command.find_subcommand(word) {
            command = below;
        } else if word == "help" && command.has_subcommands() {
            let mut arguments = arguments.to_vec();
            arguments.remove(index);
            arguments.push("--help".into());
            return arguments.into();
        } else {
            break;
        }
    }
    arguments.into()
}

/// Answers a shell that asks how a word goes on, if that is what these arguments are; else tells that
/// they are something to do.
pub fn offers(arguments: &[OsString]) -> bool {
    let asked = match arguments {
        [_, word, asked @ ..] if word == completions::ASK => asked,
        _ => return false,
    };
    completions::offer(asked.to_vec(), tree);
    true
}

/// Reads the command line, and tells what the command is called and needs.
pub fn parse(
    arguments: &[OsString],
    manner: Manner,
) -> std::result::Result<(Cli, Task), clap::Error> {
    // Taking the tree apart is left to the end of the process.
    let mut tree = ManuallyDrop::new(tree_to_read(arguments));
    let matches = match matches_of(&mut tree, arguments) {
        Ok(matches) => matches,
        // What is wrong, and any help, is told by the whole tree.
        Err(_) => matches_of(
            &mut help::with_whole_examples(self::tree()).color(manner.color),
            arguments,
        )?,
    };
    let store = given::values(&matches, "store").last().map(PathBuf::from);
    let mut words = Vec::new();
    let mut below = matches.subcommand();
    while let Some((name, matches)) = below {
        words.push(name);
        below = matches.subcommand();
    }
    let command = words.join(" ");
    let stated = PERMISSIONS.iter().find(|(name, _)| *name == command);
    let task = Task {
        permission: stated.map_or(Permission::Govern, |(_, permission)| *permission),
        command,
    };
    let mut cli = Cli::from_arg_matches(&matches)?;
    cli.global.store = store;
    Ok((cli, task))
}

fn matches_of(
    tree: &mut clap::Command,
    arguments: &[OsString],
) -> std::result::Result<clap::ArgMatches, clap::Error> {
    let arguments = &*with_help_as_option(arguments, tree);
    let matches = tree
        .try_get_matches_from_mut(arguments)
        .map_err(|error| mistakes::told(error, tree, arguments))?;
    check_meant_once(tree, &matches)?;
    Ok(matches)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_tree_is_sound() {
        tree().debug_assert();
    }

    #[test]
    fn help_is_a_word_where_a_command_is_expected() {
        let tree = tree();
        let read = |line: &str| {
            let line: Vec<_> = line.split(' ').map(OsString::from).collect();
            let read = with_help_as_option(&line, &tree).join(OsStr::new(" "));
            read.into_string().unwrap()
        };
        for (line, meant) in [
            ("connctl help", "connctl --help"),
            ("connctl help delete", "connctl delete --help"),
            ("connctl help service add", "connctl service add --help"),
            ("connctl service help add", "connctl service add --help"),
            (
                "connctl -o json -q help list",
                "connctl -o json -q list --help",
            ),
            ("connctl --store help list", "connctl --store help list"),
            ("connctl show help", "connctl show help"),
            ("connctl -- help", "connctl -- help"),
        ] {
            assert_eq!(read(line), meant);
        }
    }

    #[test]
    fn every_option_for_free_text_takes_a_value_that_begins_with_a_dash() {
        fn walk(command: &clap::Command, found: &mut BTreeSet<String>) {
            let options = command
                .get_arguments()
                .filter(|arg| arg.is_allow_hyphen_values_set());
            found.extend(options.filter_map(clap::Arg::get_long).map(str::to_owned));
            command
                .get_subcommands()
                .for_each(|below| walk(below, found));
        }
        let mut found = BTreeSet::new();
        walk(&tree(), &mut found);
        for option in [
            "group", "name", "note", "reason", "schedule", "search", "set", "unset",
        ] {
            assert!(found.contains(option), "--{option}");
        }
        for option in ["store", "env", "plan", "expires", "identity"] {
            assert!(!found.contains(option), "--{option}");
        }
    }

    #[test]
    fn what_is_meant_once_is_kept_as_often_as_it_is_given() {
        fn walk(command: &clap::Command) {
            for arg in command.get_arguments() {
                if arg
                    .get_long()
                    .is_some_and(|long| MEANT_ONCE.contains(&long))
                {
                    let name = format!("{} --{}", command.get_name(), arg.get_id());
                    assert!(matches!(arg.get_action(), ArgAction::Append), "{name}");
                    assert!(!arg.is_global_set(), "{name}");
                    assert_eq!(
                        arg.get_long().unwrap().replace('-', "_"),
                        arg.get_id().as_str()
                    );
                }
            }
            command.get_subcommands().for_each(walk);
        }
        walk(&tree());
    }

    #[test]
    fn every_command_states_what_it_needs() {
        fn walk(command: &clap::Command, words: &str, found: &mut Vec<String>) {
            for below in command.get_subcommands() {
                let words = format!("{words} {}", below.get_name());
                if below.has_subcommands() {
                    walk(below, &words, found);
                } else {
                    found.push(words.trim().to_owned());
                }
            }
        }
        let mut found = Vec::new();
        walk(&tree(), "", &mut found);
        found.sort_unstable();
        let mut stated: Vec<_> = PERMISSIONS.iter().map(|(name, _)| *name).collect();
        stated.sort_unstable();
        assert_eq!(found, stated);
    }

    #[test]
    fn the_part_of_the_tree_reads_as_the_whole_does() {
        fn lines(command: &clap::Command, found: &mut Vec<Vec<OsString>>) {
            let help = command.get_after_help().map(ToString::to_string);
            for line in help.as_deref().unwrap_or_default().lines() {
                let words = line.trim().split(' ').take_while(|word| *word != "|");
                found.push(words.map(OsString::from).collect());
            }
            command
                .get_subcommands()
                .for_each(|below| lines(below, found));
        }
        let mut found = Vec::new();
        lines(&tree(), &mut found);
        for line in [
            "connctl list --store list --store list -o json -q",
            "connctl --store delete show a --note -b --note c",
            "connctl edit add --name -2 --note service --set -k=-1",
            "connctl --reason add delete a --reason -b -y -y --expect 1 --expect 1",
            "connctl service edit a --name -x --store b",
        ] {
            found.push(line.split(' ').map(OsString::from).collect());
        }
        let mut read = 0;
        for line in found.iter().filter(|line| line[0] == "connctl") {
            let whole = matches_of(&mut tree(), line);
            match matches_of(&mut tree_to_read(line), line) {
                Ok(matches) => {
                    // Before this stands which commands the tree knows.
                    let [part, whole] = [matches, whole.unwrap()].map(|matches| {
                        let text = format!("{matches:?}");
                        text.split_once("args: FlatMap").unwrap().1.to_owned()
                    });
                    assert_eq!(part, whole, "{line:?}");
                    read += 1;
                }
                // Else the whole tree would be made for nothing, time and again.
                Err(error) => assert!(whole.is_err(), "{line:?}: {error}"),
            }
        }
        assert!(read > 50, "{read}");
    }

    #[test]
    fn each_command_is_read_with_all_that_the_whole_tree_knows_of_it() {
        fn described(command: &clap::Command) -> String {
            let arguments: Vec<_> = command
                .get_arguments()
                .map(|arg| format!("{arg:?}"))
                .collect();
            let groups: Vec<_> = command.get_groups().collect();
            let below: Vec<_> = command.get_subcommands().map(described).collect();
            let is_group = command.is_subcommand_required_set();
            format!("{arguments:#?} {groups:#?} {is_group} {below:#?}")
        }
        let whole = tree();
        let names: Vec<_> = whole
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        let read: Vec<_> = READERS.iter().map(|(name, _)| *name).collect();
        assert_eq!(read, names);
        for command in whole.get_subcommands() {
            let below = command.get_subcommands().map(clap::Command::get_name);
            let line = ["connctl", command.get_name()].into_iter().chain(below);
            let line: Vec<_> = line.map(OsString::from).collect();
            let tree = tree_to_read(&line);
            let read = tree.find_subcommand(command.get_name()).unwrap();
            assert_eq!(described(read), described(command), "{line:?}");
        }
    }

    #[test]
    fn every_command_has_one_line_and_examples() {
        fn check(command: &clap::Command) {
            let about = command
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                about.contains(' ') && !about.contains(['\n', '`']),
                "{}",
                command.get_name()
            );
            if command.has_subcommands() {
                command.get_subcommands().for_each(check);
            } else {
                let help = command
                    .get_after_help()
                    .map(ToString::to_string)
                    .unwrap_or_default();
                let (_, examples) = help.split_once("Examples:\n").unwrap_or_default();
                let examples: Vec<_> = examples.lines().collect();
                assert!(examples.len() >= 2, "{}", command.get_name());
                for example in examples {
                    assert!(example.len() <= 80, "wider than a terminal: {example}");
                    // Whoever pastes one without a thought is asked, or nothing happens.
                    let is_sure = example
                        .split(' ')
                        .any(|word| matches!(word, "--yes" | "-y"));
                    assert!(!is_sure, "{example}");
                }
            }
        }
        tree().get_subcommands().for_each(check);
    }
}
