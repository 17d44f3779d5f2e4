//! What a list looks like.

use std::num::NonZeroUsize;

use crate::output::Wanted;

/// The shape of a list.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Shape of the list")]
pub struct ShapeArgs {
    #[command(flatten)]
    columns: ColumnArgs,
    /// No more rows than this
    #[arg(long, value_name = "NUMBER", value_parser = limit)]
    limit: Option<NonZeroUsize>,
}

/// The shape of a list that has a limit of its own.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Shape of the list")]
pub struct ColumnArgs {
    /// Only these columns, in this order, by their names in JSON
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',')]
    columns: Vec<String>,
    /// Sort by this column, "-COLUMN" the other way round; again for what is alike
    #[arg(
        long,
        value_name = "COLUMN",
        action = clap::ArgAction::Append,
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    sort: Vec<String>,
    /// End each id in NUL instead of a line end; needs "-o ids"
    #[arg(short = '0', long)]
    null: bool,
}

fn limit(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "give a number from 1 on")
}

impl From<ShapeArgs> for Wanted {
    fn from(args: ShapeArgs) -> Self {
        Self {
            limit: args.limit.map(NonZeroUsize::get),
            ..args.columns.into()
        }
    }
}

impl From<ColumnArgs> for Wanted {
    fn from(args: ColumnArgs) -> Self {
        Self {
            null: args.null,
            columns: args.columns,
            sort: args.sort,
            limit: None,
        }
    }
}
