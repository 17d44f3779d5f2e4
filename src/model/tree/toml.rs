//! TOML.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::{Error, Growth, Key, Node, Tree, Written, too_deep};

impl Tree {
    /// Reads a TOML document.
    ///
    /// # Errors
    /// When the text is something else, or breaks a rule that holds for all values.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let table = DeTable::parse(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            // The reader itself gives up far beyond the depth that is allowed.
            if error.message().contains("recursion") {
                too_deep().or_at(at)
            } else {
                Error::syntax(error.message(), at)
            }
        })?;
        let at = table.span().start;
        let mut growth = Growth { values: 0 };
        Ok(Self {
            at,
            node: table_of(table.into_inner(), 0, &mut growth)?,
        })
    }
}

fn table_of(table: DeTable<'_>, depth: usize, growth: &mut Growth) -> Result<Node, Error> {
    let entries = table.into_iter().map(|(key, value)| {
        let key = Key {
            at: key.span().start,
            text: key.into_inner().into_owned(),
        };
        let tree = tree_of(value, depth + 1, growth);
        let tree = tree.map_err(|error| error.under(&key.text))?;
        Ok((key, tree))
    });
    Ok(Node::Table(entries.collect::<Result<_, _>>()?))
}

fn tree_of(value: Spanned<DeValue<'_>>, depth: usize, growth: &mut Growth) -> Result<Tree, Error> {
    let at = value.span().start;
    growth.add(depth, at)?;
    let node = match value.into_inner() {
        DeValue::String(text) => Node::Text(Zeroizing::new(text.into_owned())),
        DeValue::Integer(number) => Node::Number(Written::Digits(number.to_string().into())),
        DeValue::Float(number) => Node::Number(Written::Digits(number.as_str().into())),
        DeValue::Boolean(value) => Node::Bool(value),
        DeValue::Datetime(date) => Node::Date(date.to_string()),
        DeValue::Array(items) => {
            let items = items.into_iter().enumerate().map(|(index, item)| {
                let tree = tree_of(item, depth + 1, growth);
                tree.map_err(|error| error.in_list(index))
            });
            Node::List(items.collect::<Result<_, _>>()?)
        }
        DeValue::Table(table) => table_of(table, depth, growth)?,
    };
    Ok(Tree { at, node })
}
