//! What runs statements on a server.
//!
//! The client is shared between the statements of a transaction, which take turns: a walk over many
//! rows is a cursor of the server, so that others can be asked beside it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::connect::Connected;
use super::watch::Watch;
use crate::store::engine::{Error, Parameters, Result, Session, Value};

/// How many rows a walk gets at once.
const BATCH: usize = 1_000;

/// From which run on the server is to remember a statement: before, asking it to costs more than it
/// saves.
const REMEMBERED_FROM: u32 = 3;

/// A session with a server.
pub(in crate::store) struct Server {
    client: RefCell<Client>,
    /// What the server remembers of statements, by their text, or how often each ran.
    statements: RefCell<HashMap<String, Known>>,
    /// What was found for many keys at once, by statement and key.
    ahead: RefCell<HashMap<String, HashMap<String, Vec<postgres::Row>>>>,
    /// The number of the last cursor.
    cursors: Cell<u64>,
    /// How many rows were written.
    written: Cell<u64>,
    /// Whether a transaction was begun and not ended.
    is_within: Cell<bool>,
    watch: Watch,
}

enum Known {
    Ran(u32),
    Prepared(postgres::Statement),
}

impl Server {
    pub(super) fn new(connected: Connected, interrupted: &Arc<AtomicBool>) -> Self {
        Self {
            watch: Watch::new(connected.canceller, interrupted),
            is_within: Cell::new(false),
            client: RefCell::new(connected.client),
            statements: RefCell::default(),
            ahead: RefCell::default(),
            cursors: Cell::new(0),
            written: Cell::new(0),
        }
    }

    /// What runs statements.
    pub(super) fn session(&self) -> Session<'_> {
        Session::Server(self)
    }

    /// Begins a transaction with statements in one message, and hands on the first row that they find,
    /// as texts. While the transaction lasts, the user can interrupt any statement.
    pub(super) fn begin(&self, sql: &str) -> Result<SimpleQueryRow> {
        self.watch.arm();
        self.is_within.set(true);
        self.ahead.borrow_mut().clear();
        let messages = self.client.borrow_mut().simple_query(sql)?;
        let mut rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        rows.next().ok_or(Error::NoRow)
    }

    /// Asks a statement with one parameter, a text, for many at once. What it finds is there when the
    /// statement runs with each of them, the first time, unless something was written meanwhile.
    pub(in crate::store) fn read_ahead(&self, sql: &str, keys: &[&str]) -> Result<()> {
        let each = sql.replace("?1", "keys.key");
        let all = format!(
            "SELECT found.*, keys.key FROM json_array_elements_text($1::JSON) AS keys (key),
               LATERAL ({each}) AS found"
        );
        let mut found: HashMap<String, Vec<postgres::Row>> = keys
            .iter()
            .map(|key| ((*key).to_owned(), Vec::new()))
            .collect();
        let keys = serde_json::to_string(keys);
        let keys = keys.map_err(|error| Error::Column(error.to_string()))?;
        let bound = Bound(vec![Value::Text(&keys)]);
        for row in self.all(&all, true, &bound)? {
            let key: &str = row.try_get(row.len() - 1)?;
            if let Some(rows) = found.get_mut(key) {
                rows.push(row);
            }
        }
        self.ahead.borrow_mut().insert(sql.replace('?', "$"), found);
        Ok(())
    }

    /// What was found ahead, if it was asked for.
    fn found_ahead(&self, sql: &str, parameters: &Bound<'_>) -> Option<Vec<postgres::Row>> {
        let &[Value::Text(key)] = parameters.0.as_slice() else {
            return None;
        };
        self.ahead.borrow_mut().get_mut(sql)?.remove(key)
    }

    /// Ends a transaction for good, which a signal does not interrupt any more: a commit that waits
    /// for a standby and is cut short counts as made, although the standby may not have it.
    pub(super) fn commit(&self) -> crate::store::Result<()> {
        self.watch.disarm()?;
        self.run("COMMIT")?;
        self.is_within.set(false);
        Ok(())
    }

    /// Notes that a function wrote something.
    pub(in crate::store) fn note_written(&self) {
        self.written.set(self.written.get() + 1);
    }

    /// Runs statements without parameters.
    pub(in crate::store) fn run(&self, sql: &str) -> Result<()> {
        Ok(self.client.borrow_mut().batch_execute(sql)?)
    }

    /// Undoes the transaction under way, if there is one.
    pub(in crate::store) fn undo(&self) {
        if self.is_within.replace(false) {
            // No cursor outlives its transaction; and where even this fails, the session is lost,
            // and the server undoes it.
            let _ = self.watch.disarm();
            let _ = self.run("ROLLBACK");
        }
    }

    /// How many rows were written since the session began.
    pub(in crate::store) fn written(&self) -> u64 {
        self.written.get()
    }

    /// Everything that a statement finds.
    fn all(
        &self,
        sql: &str,
        is_frequent: bool,
        parameters: &Bound<'_>,
    ) -> Result<Vec<postgres::Row>> {
        let mut client = self.client.borrow_mut();
        match self.prepared(&mut client, sql, is_frequent, parameters)? {
            Some(statement) => Ok(client.query(&statement, &parameters.values())?),
            None => Ok(client.query_typed(sql, &parameters.typed())?),
        }
    }

    /// Runs a statement, and tells how many rows it wrote.
    fn execute(&self, sql: &str, is_frequent: bool, parameters: &Bound<'_>) -> Result<u64> {
        let mut client = self.client.borrow_mut();
        let rows = match self.prepared(&mut client, sql, is_frequent, parameters)? {
            Some(statement) => client.execute(&statement, &parameters.values())?,
            None => client.execute_typed(sql, &parameters.typed())?,
        };
        self.written.set(self.written.get() + rows);
        self.ahead.borrow_mut().clear();
        Ok(rows)
    }

    /// What the server remembers of a statement, once it ran often enough.
    fn prepared(
        &self,
        client: &mut Client,
        sql: &str,
        is_frequent: bool,
        parameters: &Bound<'_>,
    ) -> Result<Option<postgres::Statement>> {
        if !is_frequent {
            return Ok(None);
        }
        let mut statements = self.statements.borrow_mut();
        let known = match statements.get_mut(sql) {
            Some(known) => known,
            None => statements.entry(sql.to_owned()).or_insert(Known::Ran(0)),
        };
        match known {
            Known::Prepared(statement) => Ok(Some(statement.clone())),
            Known::Ran(times) if *times + 1 < REMEMBERED_FROM => {
                *times += 1;
                Ok(None)
            }
            Known::Ran(_) => {
                let types: Vec<Type> = parameters.0.iter().map(type_of).collect();
                let statement = client.prepare_typed(sql, &types)?;
                *known = Known::Prepared(statement.clone());
                Ok(Some(statement))
            }
        }
    }
}

/// A statement for a server.
pub(in crate::store) struct Statement<'c> {
    server: &'c Server,
    sql: String,
    /// Whether it runs often and is expected to find little; else it runs once, and finds any number
    /// of rows.
    is_frequent: bool,
}

impl<'c> Statement<'c> {
    pub(in crate::store) fn new(server: &'c Server, sql: &str, is_frequent: bool) -> Self {
        Self {
            server,
            // Parameters have numbers, and there is no other question mark.
            sql: sql.replace('?', "$"),
            is_frequent,
        }
    }

    pub(in crate::store) fn query<'p>(
        &mut self,
        parameters: impl Parameters<'p>,
    ) -> Result<Rows<'_>> {
        let server = self.server;
        let bound = Bound::new(parameters)?;
        if self.is_frequent
            && let Some(batch) = self.found_at_once(&bound)?
        {
            return Ok(Rows {
                server,
                cursor: None,
                has_more: false,
                batch,
                at: None,
            });
        }
        let number = server.cursors.get() + 1;
        server.cursors.set(number);
        let declare = format!("DECLARE walk_{number} NO SCROLL CURSOR FOR {}", self.sql);
        server
            .client
            .borrow_mut()
            .execute_typed(&declare, &bound.typed())?;
        let mut rows = Rows {
            server,
            cursor: Some(number),
            has_more: true,
            batch: Vec::new(),
            at: None,
        };
        rows.fetch()?;
        Ok(rows)
    }

    /// All that it finds, if that is as little as is expected of it: then one message is enough.
    fn found_at_once(&self, bound: &Bound<'_>) -> Result<Option<Vec<postgres::Row>>> {
        if let Some(found) = self.server.found_ahead(&self.sql, bound) {
            return Ok(Some(found));
        }
        let bounded = format!("SELECT * FROM ({}) AS found LIMIT {}", self.sql, BATCH + 1);
        let found = self.server.all(&bounded, true, bound)?;
        Ok((found.len() <= BATCH).then_some(found))
    }

    pub(in crate::store) fn execute<'p>(
        &mut self,
        parameters: impl Parameters<'p>,
    ) -> Result<usize> {
        let bound = Bound::new(parameters)?;
        let written = self.server.execute(&self.sql, self.is_frequent, &bound)?;
        Ok(usize::try_from(written).unwrap_or(usize::MAX))
    }
}

/// What a statement finds.
pub(in crate::store) struct Rows<'c> {
    server: &'c Server,
    /// The cursor that walks over it, if any.
    cursor: Option<u64>,
    /// Whether the cursor may have more.
    has_more: bool,
    batch: Vec<postgres::Row>,
    /// Which of the batch was moved on to.
    at: Option<usize>,
}

impl Rows<'_> {
    /// Moves on to the next row.
    pub(in crate::store) fn advance(&mut self) -> Result<()> {
        let next = self.at.map_or(0, |at| at + 1);
        self.at = Some(next);
        if next >= self.batch.len() && self.has_more {
            self.fetch()?;
            self.at = Some(0);
        }
        Ok(())
    }

    /// The row that was moved on to.
    pub(in crate::store) fn get(&self) -> Option<&postgres::Row> {
        self.batch.get(self.at?)
    }

    fn fetch(&mut self) -> Result<()> {
        let Some(number) = self.cursor else {
            return Ok(());
        };
        let fetch = format!("FETCH {BATCH} FROM walk_{number}");
        self.batch = self.server.all(&fetch, false, &Bound(Vec::new()))?;
        self.has_more = self.batch.len() == BATCH;
        Ok(())
    }
}

/// A column of a row, borrowed from it.
pub(in crate::store) fn column(row: &postgres::Row, column: usize) -> Result<Value<'_>> {
    let Some(known) = row.columns().get(column) else {
        return Err(Error::Column(format!("there is no column {column}")));
    };
    let number = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
    Ok(match *known.type_() {
        Type::INT8 => number(row.try_get(column)?),
        Type::INT4 => number(row.try_get::<_, Option<i32>>(column)?.map(i64::from)),
        Type::BOOL => number(row.try_get::<_, Option<bool>>(column)?.map(i64::from)),
        Type::BYTEA => row
            .try_get::<_, Option<&[u8]>>(column)?
            .map_or(Value::Null, Value::Blob),
        _ => row
            .try_get::<_, Option<&str>>(column)?
            .map_or(Value::Null, Value::Text),
    })
}

/// The parameters of one run of a statement.
struct Bound<'v>(Vec<Value<'v>>);

impl<'v> Bound<'v> {
    fn new(parameters: impl Parameters<'v>) -> Result<Self> {
        let mut values = Vec::new();
        parameters.each(|value| {
            values.push(value);
            Ok(())
        })?;
        Ok(Self(values))
    }

    fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(|value| value as _).collect()
    }

    fn typed(&self) -> Vec<(&(dyn ToSql + Sync), Type)> {
        let typed = |value| (value as &(dyn ToSql + Sync), type_of(value));
        self.0.iter().map(typed).collect()
    }
}

fn type_of(value: &Value<'_>) -> Type {
    match value {
        // Whatever may be nothing is a text.
        Value::Null | Value::Text(_) => Type::TEXT,
        Value::Integer(_) => Type::INT8,
        Value::Blob(_) => Type::BYTEA,
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(kind, out),
            Self::Text(text) => text.to_sql(kind, out),
            Self::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
