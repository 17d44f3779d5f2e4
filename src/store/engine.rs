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

use super::bulk::Bulk;
#[cfg(feature = "postgres")]
use super::postgres::session as server;

/// The result of a statement.
pub(super) type Result<T, E = Error> = std::result::Result<T, E>;

/// What an engine says went wrong.
#[derive(Debug)]
pub(super) enum Error {
    /// The library that reads a file.
    Sqlite(rusqlite::Error),
    /// A server.
    #[cfg(feature = "postgres")]
    Server(postgres::Error),
    /// There is no row.
    NoRow,
    /// What a column holds is not what it was to hold.
    #[cfg(feature = "postgres")]
    Column(String),
    /// What belongs to the connector or service of this id was not written.
    #[cfg(feature = "postgres")]
    NotWritten(&'static str, String),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

#[cfg(feature = "postgres")]
impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        Self::Server(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(error) => error.fmt(formatter),
            #[cfg(feature = "postgres")]
            Self::Server(error) => match error.as_db_error() {
                // Its own word is only that there is an error.
                Some(told) => told.message().fmt(formatter),
                None => error.fmt(formatter),
            },
            Self::NoRow => formatter.write_str("there is no row"),
            #[cfg(feature = "postgres")]
            Self::Column(problem) => formatter.write_str(problem),
            #[cfg(feature = "postgres")]
            Self::NotWritten(noun, id) => write!(formatter, "{noun} {id} was not written"),
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
            Err(Error::NoRow) => Ok(None),
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

#[cfg(feature = "postgres")]
impl<'v> Value<'v> {
    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&'v str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
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
pub(super) trait Parameters<'p> {
    /// Hands on each.
    fn each(self, bind: impl FnMut(Value<'p>) -> Result<()>) -> Result<()>;
}

impl<'p> Parameters<'p> for &'p [&'p str] {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'p>) -> Result<()>) -> Result<()> {
        self.iter().copied().map(Value::Text).try_for_each(bind)
    }
}

impl<'p, const N: usize> Parameters<'p> for [&'p str; N] {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'p>) -> Result<()>) -> Result<()> {
        self.into_iter().map(Value::Text).try_for_each(bind)
    }
}

impl<'p> Parameters<'p> for &[Value<'p>] {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'p>) -> Result<()>) -> Result<()> {
        self.iter().copied().try_for_each(bind)
    }
}

impl<'p> Parameters<'p> for &'p Vec<OwnedValue> {
    #[inline]
    fn each(self, bind: impl FnMut(Value<'p>) -> Result<()>) -> Result<()> {
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
    /// A server.
    #[cfg(feature = "postgres")]
    Server(&'c server::Server),
}

impl Session<'_> {
    /// A statement that runs once.
    pub(super) fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        match self {
            Self::Sqlite(connection) => Ok(Statement::Sqlite(connection.prepare(sql)?)),
            #[cfg(feature = "postgres")]
            Self::Server(server) => Ok(Statement::Server(server::Statement::new(
                server, sql, false,
            ))),
        }
    }

    /// A statement that runs often.
    pub(super) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        match self {
            Self::Sqlite(connection) => {
                Ok(Statement::SqliteCached(connection.prepare_cached(sql)?))
            }
            #[cfg(feature = "postgres")]
            Self::Server(server) => {
                Ok(Statement::Server(server::Statement::new(server, sql, true)))
            }
        }
    }

    /// Runs a statement, and tells how many rows it wrote.
    pub(super) fn execute<'p>(&self, sql: &str, parameters: impl Parameters<'p>) -> Result<usize> {
        self.prepare(sql)?.execute(parameters)
    }

    /// Runs statements without parameters.
    pub(super) fn execute_batch(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            #[cfg(feature = "postgres")]
            Self::Server(server) => server.run(sql),
        }
    }

    /// What `read` makes of the first row.
    pub(super) fn query_row<'p, T>(
        &self,
        sql: &str,
        parameters: impl Parameters<'p>,
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
            #[cfg(feature = "postgres")]
            Self::Server(server) => server.run("SET CONSTRAINTS ALL DEFERRED"),
        }
    }

    /// The one value that a statement without parameters finds. On a server it runs outside of any
    /// transaction.
    #[cfg(feature = "postgres")]
    pub(super) fn only<T: Column>(&self, sql: &str) -> Result<T> {
        self.prepare_cached(sql)?.query_row([], |row| row.get(0))
    }

    /// Whether a server runs them.
    pub(super) fn is_on_server(&self) -> bool {
        !matches!(self, Self::Sqlite(_))
    }

    /// Asks a statement whose parameters are texts for many at once, where each question would be a
    /// journey to a server. What it finds is there when the statement runs with each of them.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(
            unused_variables,
            clippy::needless_pass_by_value,
            clippy::unnecessary_wraps,
            reason = "only a server is asked"
        )
    )]
    pub(super) fn read_ahead<'k, const N: usize>(
        &self,
        sql: &str,
        keys: impl IntoIterator<Item = [&'k str; N]>,
    ) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Self::Server(server) => {
                let keys: Vec<_> = keys.into_iter().collect();
                server.read_ahead(sql, &keys)
            }
        }
    }

    /// The server that runs them, if one does.
    #[cfg(feature = "postgres")]
    pub(super) fn server(&self) -> Option<&server::Server> {
        match self {
            Self::Sqlite(_) => None,
            Self::Server(server) => Some(server),
        }
    }

    /// Whether what is written by the thousand is gathered.
    pub(super) fn gathers(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            #[cfg(feature = "postgres")]
            Self::Server(server) => server.gathers(),
        }
    }

    /// Writes a row with this statement or, where rows are gathered, with others that are written as
    /// `bulk` says; tells how many rows were written, or will be.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(unused_variables, reason = "nothing is gathered for a file")
    )]
    pub(super) fn write<'p>(
        &self,
        sql: &str,
        bulk: Bulk,
        values: impl Parameters<'p>,
    ) -> Result<usize> {
        #[cfg(feature = "postgres")]
        if let Some(server) = self.server()
            && server.gathers()
        {
            return server.add(bulk, values).map(|()| 1);
        }
        self.prepare_cached(sql)?.execute(values)
    }

    /// Calls a function of the server that writes.
    pub(super) fn call<'p, T>(
        &self,
        sql: &str,
        parameters: impl Parameters<'p>,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let value = self.prepare_cached(sql)?.query_row(parameters, read)?;
        #[cfg(feature = "postgres")]
        if let Self::Server(server) = self {
            server.note_written();
        }
        Ok(value)
    }

    /// How many rows this session has written since it began.
    pub(super) fn total_changes(&self) -> u64 {
        match self {
            Self::Sqlite(connection) => connection.total_changes(),
            #[cfg(feature = "postgres")]
            Self::Server(server) => server.written(),
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

    /// Takes charge of the transaction that was begun on the server.
    #[cfg(feature = "postgres")]
    pub(super) fn on_server(server: &'s server::Server) -> Self {
        let session = Session::Server(server);
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
            #[cfg(feature = "postgres")]
            Session::Server(server) => server.undo(),
        }
    }
}

/// A statement.
pub(super) enum Statement<'c> {
    /// One that runs once.
    Sqlite(rusqlite::Statement<'c>),
    /// One that runs often.
    SqliteCached(CachedStatement<'c>),
    /// One for a server.
    #[cfg(feature = "postgres")]
    Server(server::Statement<'c>),
}

impl Statement<'_> {
    /// Begins to read what it finds.
    #[inline]
    pub(super) fn query<'p>(&mut self, parameters: impl Parameters<'p>) -> Result<Rows<'_>> {
        let statement = match self {
            Self::Sqlite(statement) => statement,
            Self::SqliteCached(statement) => &mut **statement,
            #[cfg(feature = "postgres")]
            Self::Server(statement) => return Ok(Rows::Server(statement.query(parameters)?)),
        };
        bind(statement, parameters)?;
        Ok(Rows::Sqlite(statement.raw_query()))
    }

    /// Runs it, and tells how many rows it wrote.
    #[inline]
    pub(super) fn execute<'p>(&mut self, parameters: impl Parameters<'p>) -> Result<usize> {
        let statement = match self {
            Self::Sqlite(statement) => statement,
            Self::SqliteCached(statement) => &mut **statement,
            #[cfg(feature = "postgres")]
            Self::Server(statement) => return statement.execute(parameters),
        };
        bind(statement, parameters)?;
        Ok(statement.raw_execute()?)
    }

    /// What `read` makes of the first row.
    #[inline]
    pub(super) fn query_row<'p, T>(
        &mut self,
        parameters: impl Parameters<'p>,
        read: impl FnOnce(Row<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut rows = self.query(parameters)?;
        match rows.next()? {
            Some(row) => read(row),
            None => Err(Error::NoRow),
        }
    }

    /// Whether it finds anything.
    #[inline]
    pub(super) fn exists<'p>(&mut self, parameters: impl Parameters<'p>) -> Result<bool> {
        Ok(self.query(parameters)?.next()?.is_some())
    }
}

/// Gives a statement its parameters, in the order of their numbers.
#[inline]
fn bind<'p>(
    statement: &mut rusqlite::Statement<'_>,
    parameters: impl Parameters<'p>,
) -> Result<()> {
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
    /// Read from a server.
    #[cfg(feature = "postgres")]
    Server(server::Rows<'s>),
}

impl Rows<'_> {
    /// Moves on to the next row.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>> {
        match self {
            Self::Sqlite(rows) => Ok(rows.next()?.map(Row::Sqlite)),
            #[cfg(feature = "postgres")]
            Self::Server(rows) => {
                rows.advance()?;
                Ok(rows.get().map(Row::Server))
            }
        }
    }

    /// Moves on to the next row, for [`Rows::get`].
    #[inline]
    pub(super) fn advance(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(rows) => Ok(rows.advance()?),
            #[cfg(feature = "postgres")]
            Self::Server(rows) => rows.advance(),
        }
    }

    /// The row that was moved on to.
    #[inline]
    pub(super) fn get(&self) -> Option<Row<'_>> {
        match self {
            Self::Sqlite(rows) => rows.get().map(Row::Sqlite),
            #[cfg(feature = "postgres")]
            Self::Server(rows) => rows.get().map(Row::Server),
        }
    }
}

/// What a column can be read as.
pub(super) trait Column: FromSql {
    /// Reads what a server sent. The error is what is wrong with it.
    #[cfg_attr(
        not(feature = "postgres"),
        allow(dead_code, reason = "only a server sends values")
    )]
    fn from_value(value: Value<'_>) -> Result<Self, String>;
}

impl<T: Column> Column for Option<T> {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl Column for i64 {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Integer(number) => Ok(number),
            _ => Err("no number".to_owned()),
        }
    }
}

impl Column for u32 {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        let number = i64::from_value(value)?;
        Self::try_from(number).map_err(|error| error.to_string())
    }
}

impl Column for bool {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl Column for String {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text.to_owned()),
            _ => Err("no text".to_owned()),
        }
    }
}

impl Column for Vec<u8> {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        match value {
            Value::Blob(bytes) => Ok(bytes.to_vec()),
            _ => Err("no bytes".to_owned()),
        }
    }
}

impl<const N: usize> Column for [u8; N] {
    fn from_value(value: Value<'_>) -> Result<Self, String> {
        let wrong = || format!("not {N} bytes");
        match value {
            Value::Blob(bytes) => bytes.try_into().map_err(|_| wrong()),
            _ => Err(wrong()),
        }
    }
}

/// A row that a statement found.
#[derive(Clone, Copy)]
pub(super) enum Row<'r> {
    /// Read from a file.
    Sqlite(&'r rusqlite::Row<'r>),
    /// Read from a server.
    #[cfg(feature = "postgres")]
    Server(&'r postgres::Row),
}

impl<'r> Row<'r> {
    /// A column, as a value of its own.
    #[inline]
    pub(super) fn get<T: Column>(self, column: usize) -> Result<T> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            #[cfg(feature = "postgres")]
            Self::Server(row) => {
                let found = T::from_value(server::column(row, column)?);
                found.map_err(|problem| Error::Column(format!("column {column}: {problem}")))
            }
        }
    }

    /// A column that holds text or nothing, borrowed from the engine. The error is what is wrong
    /// with what it holds.
    #[inline]
    pub(super) fn text(self, column: usize) -> Result<Option<&'r str>, String> {
        match self {
            Self::Sqlite(row) => {
                let value = row.get_ref(column).map_err(|error| told(&error))?;
                value.as_str_or_null().map_err(|error| told(&error))
            }
            #[cfg(feature = "postgres")]
            Self::Server(row) => match server::column(row, column) {
                Ok(Value::Null) => Ok(None),
                Ok(Value::Text(text)) => Ok(Some(text)),
                Ok(_) => Err("no text".to_owned()),
                Err(error) => Err(error.to_string()),
            },
        }
    }
}

/// What an engine says is wrong with a column. Lists read millions of columns and hardly ever one
/// that is damaged, so this stays out of their way.
#[cold]
fn told(error: &dyn fmt::Display) -> String {
    error.to_string()
}
