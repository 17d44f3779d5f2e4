//! All that the tables know of an engine: the verbs of rusqlite, for statements in the SQL that every
//! engine takes.
//!
//! An engine is a variant of [`Session`], [`Statement`], [`Rows`] and [`Row`], told apart by a match:
//! a walk over a million rows pays for no call through a pointer, and texts stay borrowed from the
//! engine.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use rusqlite::fallible_streaming_iterator::FallibleStreamingIterator;
use rusqlite::types::{FromSql, ToSqlOutput};
use rusqlite::{CachedStatement, ToSql};

/// The result of a statement.
pub(super) type Result<T, E = Error> = std::result::Result<T, E>;

/// What an engine says went wrong.
#[derive(Debug)]
pub(super) enum Error {
    /// The library that reads a file.
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => error.fmt(formatter),
        }
    }
}

/// Takes what may not be there for what it is.
pub(super) trait OptionalExtension<T> {
    /// `None` where there is no row.
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(Error::Sqlite(rusqlite::Error::QueryReturnedNoRows)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What a parameter of a statement stands for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'v> {
    /// A text that is not there.
    Null,
    /// A number, or a flag as 0 or 1.
    Integer(i64),
    /// A text.
    Text(&'v str),
    /// Bytes.
    Blob(&'v [u8]),
}

impl ToSql for Value<'_> {
    #[inline]
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::{Value as Owned, ValueRef};
        Ok(match *self {
            Self::Null => ToSqlOutput::Owned(Owned::Null),
            Self::Integer(number) => ToSqlOutput::Owned(Owned::Integer(number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

/// What can be a parameter of a statement.
pub(super) trait Parameter {
    /// As the engines take it.
    fn value(&self) -> Value<'_>;
}

impl<T: Parameter + ?Sized> Parameter for &T {
    fn value(&self) -> Value<'_> {
        (**self).value()
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Parameter::value)
    }
}

impl Parameter for str {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Parameter for String {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Parameter for Cow<'_, str> {
    fn value(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl Parameter for [u8] {
    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl Parameter for Vec<u8> {
    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl<const N: usize> Parameter for [u8; N] {
    fn value(&self) -> Value<'_> {
        Value::Blob(self)
    }
}

impl Parameter for i64 {
    fn value(&self) -> Value<'_> {
        Value::Integer(*self)
    }
}

impl Parameter for u32 {
    fn value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

impl Parameter for bool {
    fn value(&self) -> Value<'_> {
        Value::Integer(i64::from(*self))
    }
}

/// A value that outlives what it was made of.
#[derive(Debug, Clone)]
pub(super) enum OwnedValue {
    /// A number, or a flag as 0 or 1.
    Integer(i64),
    /// A text.
    Text(String),
}

impl Parameter for OwnedValue {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Integer(number) => Value::Integer(*number),
            Self::Text(text) => Value::Text(text),
        }
    }
}

impl From<String> for OwnedValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for OwnedValue {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for OwnedValue {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

/// The parameters of a statement, by position.
pub(super) trait Parameters {
    /// Hands on each.
    fn each(self, bind: impl FnMut(Value<'_>) -> Result<()>) -> Result<()>;
}

impl Parameters for &[&str] {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'_>) -> Result<()>) -> Result<()> {
        self.iter().map(Parameter::value).try_for_each(bind)
    }
}

impl<const N: usize> Parameters for [&str; N] {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'_>) -> Result<()>) -> Result<()> {
        self.iter().map(Parameter::value).try_for_each(bind)
    }
}

impl Parameters for &[Value<'_>] {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'_>) -> Result<()>) -> Result<()> {
        self.iter().copied().try_for_each(bind)
    }
}

impl Parameters for &Vec<OwnedValue> {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'_>) -> Result<()>) -> Result<()> {
        self.iter().map(Parameter::value).try_for_each(bind)
    }
}

/// Parameters of several types.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::store::engine::Parameter::value(&$value)),*]
            as &[$crate::store::engine::Value<'_>]
    };
}
pub(super) use params;

/// What runs statements.
pub(super) enum Session<'c> {
    /// A file, or memory.
    Sqlite(&'c rusqlite::Connection),
}

impl Session<'_> {
    /// A statement that runs once.
    pub(super) fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        match self {
            Self::Sqlite(connection) => Ok(Statement::Sqlite(connection.prepare(sql)?)),
        }
    }

    /// A statement that runs often.
    pub(super) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        match self {
            Self::Sqlite(connection) => {
                Ok(Statement::SqliteCached(connection.prepare_cached(sql)?))
            }
        }
    }

    /// Runs a statement, and tells how many rows it wrote.
    pub(super) fn execute(&self, sql: &str, parameters: impl Parameters) -> Result<usize> {
        self.prepare(sql)?.execute(parameters)
    }

    /// Runs statements without parameters.
    pub(super) fn execute_batch(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
        }
    }

    /// What `read` makes of the first row.
    pub(super) fn query_row<T>(
        &self,
        sql: &str,
        parameters: impl Parameters,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare(sql)?.query_row(parameters, read)
    }

    /// Lets references point to nothing until the end of the transaction.
    pub(super) fn defer_references(&self) -> Result<()> {
        match self {
            Self::Sqlite(connection) => {
                Ok(connection.pragma_update(None, "defer_foreign_keys", true)?)
            }
        }
    }

    /// How many rows this session has written since it began.
    pub(super) fn total_changes(&self) -> u64 {
        match self {
            Self::Sqlite(connection) => connection.total_changes(),
        }
    }
}

/// A session within a transaction, which is undone where it is dropped before it was ended.
pub(super) struct Transaction<'s> {
    session: Session<'s>,
}

impl<'s> Transaction<'s> {
    /// Takes charge of the transaction that was begun on the connection.
    pub(super) fn begun(connection: &'s rusqlite::Connection) -> Self {
        let session = Session::Sqlite(connection);
        Self { session }
    }
}

impl<'s> Deref for Transaction<'s> {
    type Target = Session<'s>;

    fn deref(&self) -> &Session<'s> {
        &self.session
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        match self.session {
            Session::Sqlite(connection) => {
                if !connection.is_autocommit() {
                    // Where even this fails, the engine undoes it at the next opening.
                    let _ = connection.execute_batch("ROLLBACK");
                }
            }
        }
    }
}

/// A statement.
pub(super) enum Statement<'c> {
    /// One that runs once.
    Sqlite(rusqlite::Statement<'c>),
    /// One that runs often.
    SqliteCached(CachedStatement<'c>),
}

impl Statement<'_> {
    /// Begins to read what it finds.
    #[inline]
    pub(super) fn query(&mut self, parameters: impl Parameters) -> Result<Rows<'_>> {
        let statement = match self {
            Self::Sqlite(statement) => statement,
            Self::SqliteCached(statement) => &mut **statement,
        };
        bind(statement, parameters)?;
        Ok(Rows::Sqlite(statement.raw_query()))
    }

    /// Runs it, and tells how many rows it wrote.
    #[inline]
    pub(super) fn execute(&mut self, parameters: impl Parameters) -> Result<usize> {
        let statement = match self {
            Self::Sqlite(statement) => statement,
            Self::SqliteCached(statement) => &mut **statement,
        };
        bind(statement, parameters)?;
        Ok(statement.raw_execute()?)
    }

    /// What `read` makes of the first row.
    #[inline]
    pub(super) fn query_row<T>(
        &mut self,
        parameters: impl Parameters,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut rows = self.query(parameters)?;
        match rows.next()? {
            Some(row) => read(row),
            None => Err(rusqlite::Error::QueryReturnedNoRows.into()),
        }
    }

    /// Whether it finds anything.
    #[inline]
    pub(super) fn exists(&mut self, parameters: impl Parameters) -> Result<bool> {
        Ok(self.query(parameters)?.next()?.is_some())
    }
}

/// Gives a statement its parameters, in the order of their numbers.
#[inline]
fn bind(statement: &mut rusqlite::Statement<'_>, parameters: impl Parameters) -> Result<()> {
    let mut position = 0;
    parameters.each(|value| {
        position += 1;
        Ok(statement.raw_bind_parameter(position, value)?)
    })
}

/// What a statement finds, row by row.
pub(super) enum Rows<'s> {
    /// Read from a file.
    Sqlite(rusqlite::Rows<'s>),
}

impl Rows<'_> {
    /// Moves on to the next row.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>> {
        match self {
            Self::Sqlite(rows) => Ok(rows.next()?.map(Row::Sqlite)),
        }
    }

    /// Moves on to the next row, for [`Rows::get`].
    #[inline]
    pub(super) fn advance(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(rows) => Ok(rows.advance()?),
        }
    }

    /// The row that was moved on to.
    #[inline]
    pub(super) fn get(&self) -> Option<Row<'_>> {
        match self {
            Self::Sqlite(rows) => rows.get().map(Row::Sqlite),
        }
    }
}

/// A row that a statement found.
#[derive(Clone, Copy)]
pub(super) enum Row<'r> {
    /// Read from a file.
    Sqlite(&'r rusqlite::Row<'r>),
}

impl<'r> Row<'r> {
    /// A column, as a value of its own.
    #[inline]
    pub(super) fn get<T: FromSql>(self, column: usize) -> Result<T> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
        }
    }

    /// A column that holds text or nothing, borrowed from the engine. The error is what is wrong
    /// with what it holds.
    #[inline]
    pub(super) fn text(self, column: usize) -> Result<Option<&'r str>, String> {
        match self {
            Self::Sqlite(row) => row
                .get_ref(column)
                .map_err(|error| error.to_string())?
                .as_str_or_null()
                .map_err(|error| error.to_string()),
        }
    }
}
