//! What runs statements on a server.
//!
//! The client is shared between the statements of a transaction, which take turns: a walk over many
//! rows is a cursor of the server, so that others can be asked beside it.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::error::Error as StdError;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use super::connect::Connected;
use super::watch::Watch;
use crate::store;
use crate::store::bulk::Bulk;
use crate::store::engine::{Error, Parameters, Result, Session, Value};
use crate::store::error::refused_one;

/// How many rows a walk gets at once.
const BATCH: usize = 1_000;

/// Stands between the parameters of one question; no text of a store holds it.
const BETWEEN_KEYS: &str = "\0";

/// From which run on the server is to remember a statement: before, asking it to costs more than it
/// saves.
const REMEMBERED_FROM: u32 = 3;

/// A session with a server.
pub(in crate::store) struct Server {
    client: RefCell<Client>,
    /// What the server remembers of statements, by their text, or how often each ran.
    statements: RefCell<HashMap<String, Known>>,
    /// What was found for many keys at once, by statement and key.
    ahead: RefCell<HashMap<String, Found>>,
    /// Whether what is written by the thousand is gathered.
    gathers: Cell<bool>,
    /// What was gathered: rows as JSON, in the order in which they are to be written.
    gathered: RefCell<BTreeMap<Bulk, Vec<String>>>,
    /// The number of the last cursor.
    cursors: Cell<u64>,
    /// How many rows were written.
    written: Cell<u64>,
    /// The schema of the store.
    schema: String,
    /// Whether a transaction was begun and not ended.
    is_within: Cell<bool>,
    watch: Watch,
}

/// What a statement found, by what it was asked.
type Found = HashMap<String, Rc<[postgres::Row]>>;

enum Known {
    Ran(u32),
    Prepared(postgres::Statement),
}

impl Server {
    pub(super) fn new(connected: Connected, schema: &str, interrupted: &Arc<AtomicBool>) -> Self {
        Self {
            schema: schema.to_owned(),
            watch: Watch::new(connected.canceller, interrupted),
            is_within: Cell::new(false),
            client: RefCell::new(connected.client),
            statements: RefCell::default(),
            ahead: RefCell::default(),
            gathers: Cell::new(false),
            gathered: RefCell::default(),
            cursors: Cell::new(0),
            written: Cell::new(0),
        }
    }

    /// What runs statements.
    pub(super) fn session(&self) -> Session<'_> {
        Session::Server(self)
    }

    /// Begins a transaction of a mode, together with statements in one message, and hands on the first
    /// row that they find, as texts. While the transaction lasts, the user can interrupt any statement.
    pub(super) fn begin(&self, mode: &str, sql: &str) -> Result<SimpleQueryRow> {
        self.watch.arm();
        self.is_within.set(true);
        self.forget();
        // What was set when the session began is another's word where a pool of connections gives each
        // transaction another one: it would be another store.
        let begin = format!(
            "BEGIN {mode}; SET LOCAL search_path TO \"{}\", pg_temp; {sql}",
            self.schema
        );
        let messages = self.client.borrow_mut().simple_query(&begin)?;
        let mut rows = messages.into_iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        });
        rows.next().ok_or(Error::NoRow)
    }

    /// Asks a statement whose parameters are texts for many at once. What it finds is there when the
    /// statement runs with each of them, until something is written that is not gathered.
    pub(in crate::store) fn read_ahead<const N: usize>(
        &self,
        sql: &str,
        keys: &[[&str; N]],
    ) -> Result<()> {
        let mut each = sql.to_owned();
        for position in 0..N {
            let parameter = format!("?{}", position + 1);
            each = each.replace(&parameter, &format!("(keys.key ->> {position})"));
        }
        let all = format!(
            "SELECT found.*, keys.place
             FROM json_array_elements($1::JSON) WITH ORDINALITY AS keys (key, place),
               LATERAL ({each}) AS found"
        );
        let listed: Vec<&[&str]> = keys.iter().map(<[_; N]>::as_slice).collect();
        let listed = serde_json::to_string(&listed);
        let listed = listed.map_err(|error| Error::Column(error.to_string()))?;
        let mut found: Vec<Vec<postgres::Row>> = keys.iter().map(|_| Vec::new()).collect();
        // The plan for a table that was small would be a slow one now.
        for row in self.all(&all, false, &Bound(vec![Value::Text(&listed)]))? {
            let place: i64 = row.try_get(row.len() - 1)?;
            let place = usize::try_from(place - 1).ok();
            if let Some(rows) = place.and_then(|place| found.get_mut(place)) {
                rows.push(row);
            }
        }
        let found = keys.iter().zip(found);
        let found = found.map(|(key, rows)| (key.join(BETWEEN_KEYS), rows.into()));
        let mut ahead = self.ahead.borrow_mut();
        ahead.insert(sql.replace('?', "$"), found.collect());
        Ok(())
    }

    /// What was found ahead, if it was asked for.
    fn found_ahead(&self, sql: &str, parameters: &Bound<'_>) -> Option<Rc<[postgres::Row]>> {
        let ahead = self.ahead.borrow();
        let found = ahead.get(sql)?;
        let key: Option<Vec<&str>> = parameters.0.iter().map(Value::as_text).collect();
        found.get(&key?.join(BETWEEN_KEYS)).cloned()
    }

    /// Does work of which what is written by the thousand is gathered, and writes that. What was read
    /// ahead for it is old then.
    pub(in crate::store) fn gathering<T, E: From<store::Error>>(
        &self,
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        self.gathers.set(true);
        let done = work();
        self.gathers.set(false);
        let done = done?;
        self.write_gathered().map_err(refused_one)?;
        self.ahead.borrow_mut().clear();
        Ok(done)
    }

    /// Whether what is written by the thousand is gathered.
    pub(in crate::store) fn gathers(&self) -> bool {
        self.gathers.get()
    }

    /// Gathers a row. It is written before anything else is asked or written that was not read ahead.
    pub(in crate::store) fn add<'p>(&self, bulk: Bulk, values: impl Parameters<'p>) -> Result<()> {
        let row = bulk.row(&Bound::new(values)?.0)?;
        self.gathered
            .borrow_mut()
            .entry(bulk)
            .or_default()
            .push(row);
        Ok(())
    }

    /// Writes what was gathered.
    fn write_gathered(&self) -> Result<()> {
        for (bulk, rows) in self.gathered.take() {
            let list = format!("[{}]", rows.join(","));
            let bound = Bound(vec![Value::Text(&list)]);
            let written = self.all(&bulk.sql(), false, &bound)?;
            self.written.set(self.written.get() + written.len() as u64);
            let owners = written.iter().map(|row| row.try_get(0));
            bulk.check(&rows, &owners.collect::<Result<Vec<_>, _>>()?)?;
            if let Some(sql) = bulk.sql_of_left()
                && let Some(left) = self.all(&sql, false, &bound)?.first()
            {
                return Err(bulk.not_written(left.try_get(0)?));
            }
        }
        Ok(())
    }

    /// Forgets what was read ahead and gathered.
    fn forget(&self) {
        self.ahead.borrow_mut().clear();
        self.gathered.borrow_mut().clear();
        self.gathers.set(false);
    }

    /// Ends a transaction for good, which a signal does not interrupt any more: a commit that waits
    /// for a standby and is cut short counts as made, although the standby may not have it.
    pub(super) fn commit(&self) -> store::Result<()> {
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
        self.write_gathered()?;
        Ok(self.client.borrow_mut().batch_execute(sql)?)
    }

    /// Undoes the transaction under way, if there is one.
    pub(in crate::store) fn undo(&self) {
        if self.is_within.replace(false) {
            self.forget();
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
        self.write_gathered()?;
        let mut client = self.client.borrow_mut();
        match self.prepared(&mut client, sql, is_frequent, parameters)? {
            Some(statement) => Ok(client.query(&statement, &parameters.values())?),
            None => Ok(client.query_typed(sql, &parameters.typed())?),
        }
    }

    /// Runs a statement, and tells how many rows it wrote.
    fn execute(&self, sql: &str, is_frequent: bool, parameters: &Bound<'_>) -> Result<u64> {
        self.write_gathered()?;
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
        server.write_gathered()?;
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
            batch: Rc::default(),
            at: None,
        };
        rows.fetch()?;
        Ok(rows)
    }

    /// All that it finds, if that is as little as is expected of it: then one message is enough.
    fn found_at_once(&self, bound: &Bound<'_>) -> Result<Option<Rc<[postgres::Row]>>> {
        if let Some(found) = self.server.found_ahead(&self.sql, bound) {
            return Ok(Some(found));
        }
        let bounded = format!("SELECT * FROM ({}) AS found LIMIT {}", self.sql, BATCH + 1);
        let found = self.server.all(&bounded, true, bound)?;
        Ok((found.len() <= BATCH).then(|| found.into()))
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
    batch: Rc<[postgres::Row]>,
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
        self.batch = self.server.all(&fetch, false, &Bound(Vec::new()))?.into();
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
