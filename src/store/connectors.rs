//! Connectors in the store.

use rusqlite::{OptionalExtension, Row, Statement, ffi, params, params_from_iter};

use super::error::damaged;
use super::query::{Conditions, optional_text, parse, parse_optional, text};
use super::{Change, Error, Result, Snapshot};
use crate::model::{
    Connector, ConnectorFilter, ConnectorId, ConnectorSummary, Environment, Label, Policy,
    Reference, Revision, Role, Search, SecretName, Settings, Time,
};

const COLUMNS: &str = r#"id, name, system, environment, "group", settings, note, expires_at,
    last_used_at, created_at, updated_at, revision"#;

impl Snapshot<'_> {
    /// The connector of this id, if there is one.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn connector(&self, id: &ConnectorId) -> Result<Option<Connector>> {
        let sql = format!("SELECT {COLUMNS} FROM connectors WHERE id = ?1");
        let mut statement = self.transaction.prepare_cached(&sql)?;
        let Some(mut connector) = statement
            .query_row([id.as_str()], |row| Ok(connector_from(row)))
            .optional()?
            .transpose()?
        else {
            return Ok(None);
        };
        connector.secrets = self.secret_names(id)?;
        Ok(Some(connector))
    }

    /// Every connector with all that is known of it, by id, and its secrets as ciphertext, by name.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_connector<E: From<Error>>(
        &self,
        mut visit: impl FnMut(Connector, Vec<(SecretName, Vec<u8>)>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {COLUMNS} FROM connectors ORDER BY id");
        let mut statement = self.transaction.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement.query([]).map_err(Error::from)?;
        let mut walking = self.transaction.prepare(SECRETS).map_err(Error::from)?;
        let mut secrets = Secrets::new(&mut walking)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let mut connector = connector_from(row)?;
            let secrets = secrets.of(connector.id.as_str())?;
            connector.secrets = secrets.iter().map(|(name, _)| name.clone()).collect();
            visit(connector, secrets)?;
        }
        Ok(())
    }

    /// The connectors that the filter selects, by id.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_connector_summary<E: From<Error>>(
        &self,
        filter: &ConnectorFilter,
        mut visit: impl FnMut(&ConnectorSummary<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut conditions = Conditions::default();
        conditions.equal("environment", filter.environment.map(Environment::as_str));
        conditions.equal("system", filter.system.as_ref().map(Label::as_str));
        conditions.equal("\"group\"", filter.group.as_ref().map(Label::as_str));
        if let Some(service) = &filter.used_by {
            conditions.add(
                "id IN (SELECT connector_id FROM service_connectors WHERE service_id = ?)",
                service.as_str(),
            );
        }
        if let Some(now) = filter.expired_at {
            conditions.add("expires_at <= ?", &now.to_string());
        }
        if let Some(since) = filter.idle_since {
            // Both columns are texts that sort as times; max() of several is NULL if one is.
            let condition = "max(created_at, coalesce(last_used_at, '')) <= ?";
            conditions.add(condition, &since.to_string());
        }
        let searches_notes = filter.searches_notes && filter.search.is_some();
        let note = if searches_notes { "note" } else { "NULL" };
        let sql = format!(
            "SELECT id, name, system, environment, updated_at, expires_at, last_used_at, {note}
             FROM connectors{} ORDER BY id",
            conditions.sql()
        );
        let mut statement = self.transaction.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement
            .query(params_from_iter(&conditions.values))
            .map_err(Error::from)?;
        let mut counting = self.transaction.prepare(USES).map_err(Error::from)?;
        let mut uses = Uses::new(&mut counting)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let mut summary = summary_from(row)?;
            let note = optional_text(row, 7)?.unwrap_or_default();
            let found = |search: &Search| {
                let mut texts = [summary.id, summary.name, summary.system, note].into_iter();
                texts.any(|text| search.is_in(text))
            };
            if !filter.search.as_ref().is_none_or(found) {
                continue;
            }
            summary.used_by = uses.of(summary.id)?;
            if !(filter.unused && summary.used_by > 0) {
                visit(&summary)?;
            }
        }
        Ok(())
    }

    /// How many connectors the filter selects.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_connectors(&self, filter: &ConnectorFilter) -> Result<usize> {
        let mut count = 0;
        self.each_connector_summary(filter, |_| {
            count += 1;
            Ok::<_, Error>(())
        })?;
        Ok(count)
    }

    /// The references to a connector, by service and role.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn references(&self, id: &ConnectorId) -> Result<Vec<Reference>> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT services.id, services.name, service_connectors.role, services.active
             FROM service_connectors JOIN services ON services.id = service_connectors.service_id
             WHERE service_connectors.connector_id = ?1
             ORDER BY services.id, service_connectors.role DESC",
        )?;
        let mut rows = statement.query([id.as_str()])?;
        let mut references = Vec::new();
        while let Some(row) = rows.next()? {
            let service = text(row, 0)?;
            references.push(Reference {
                service: parse(row, 0, "the id", service)?,
                name: parse(row, 1, "the name", service)?,
                role: Role::from_name(text(row, 2)?)
                    .ok_or_else(|| damaged("a role", service, "unknown"))?,
                active: row.get(3)?,
            });
        }
        Ok(references)
    }

    /// Those of the connectors that do not exist.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn missing_connectors<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i ConnectorId>,
    ) -> Result<Vec<&'i ConnectorId>> {
        let sql = "SELECT 1 FROM connectors WHERE id = ?1";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut missing = Vec::new();
        for id in ids {
            if !statement.exists([id.as_str()])? {
                missing.push(id);
            }
        }
        Ok(missing)
    }

    /// Ids of connectors that look like `id`, the nearest first, at most three.
    ///
    /// In a large store only ids that begin alike are compared.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn similar_connectors(&self, id: &ConnectorId) -> Result<Vec<String>> {
        self.similar("connectors", id.as_str())
    }
}

impl Change<'_> {
    /// Adds a connector. Secrets are not added with it.
    ///
    /// # Errors
    /// When the id is taken, or a policy does not allow it.
    pub fn insert_connector(&self, connector: &Connector) -> Result<()> {
        let sql = format!(
            "INSERT INTO connectors ({COLUMNS})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        );
        self.put_connector(&sql, connector)
    }

    /// Replaces what is kept of the connector with this id, but for its environment and secrets.
    ///
    /// # Errors
    /// When a policy does not allow it.
    pub fn update_connector(&self, connector: &Connector) -> Result<()> {
        self.put_connector(
            r#"UPDATE connectors SET name = ?2, system = ?3, "group" = ?5, settings = ?6, note = ?7,
                 expires_at = ?8, last_used_at = ?9, created_at = ?10, updated_at = ?11,
                 revision = ?12
               WHERE id = ?1 AND environment = ?4"#,
            connector,
        )
    }

    fn put_connector(&self, sql: &str, connector: &Connector) -> Result<()> {
        let settings = serde_json::to_string(&connector.settings)
            .map_err(|error| Error::Engine(error.into()))?;
        let time = |time: Option<Time>| time.map(|time| time.to_string());
        let result = self.transaction.prepare_cached(sql)?.execute(params![
            connector.id.as_str(),
            connector.name.as_str(),
            connector.system.as_str(),
            connector.environment.as_str(),
            connector.group.as_ref().map(Label::as_str),
            settings,
            connector.note,
            time(connector.expires_at),
            time(connector.last_used_at),
            connector.created_at.to_string(),
            connector.updated_at.to_string(),
            connector.revision.as_bytes(),
        ]);
        match result {
            Ok(_) => Ok(()),
            Err(error) => match error.sqlite_error().map(|error| error.extended_code) {
                Some(ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => {
                    Err(Error::ConnectorExists(connector.id.clone()))
                }
                Some(ffi::SQLITE_CONSTRAINT_UNIQUE) => Err(self.one_per_system_error(connector)?),
                _ => Err(error.into()),
            },
        }
    }

    fn one_per_system_error(&self, connector: &Connector) -> Result<Error> {
        let other: String = self.transaction.query_row(
            r#"SELECT id FROM connectors
               WHERE system = ?1 AND coalesce("group", '') = ?2 AND environment = ?3 AND id <> ?4
               ORDER BY id LIMIT 1"#,
            params![
                connector.system.as_str(),
                connector.group.as_ref().map_or("", Label::as_str),
                connector.environment.as_str(),
                connector.id.as_str(),
            ],
            |row| row.get(0),
        )?;
        Ok(Error::Policy {
            policy: Policy::OnePerSystem,
            other: other
                .parse()
                .map_err(|error| damaged("the id", &other, error))?,
            environment: connector.environment,
        })
    }
}

/// Every secret in the order of the connectors' ids.
const SECRETS: &str = "SELECT connector_id, name, value FROM secrets ORDER BY connector_id, name";

/// A cursor over the secrets, moved along with a cursor over the connectors.
struct Secrets<'s> {
    rows: rusqlite::Rows<'s>,
    /// The secret that the cursor has arrived at; `None` at the end.
    next: Option<(String, SecretName, Vec<u8>)>,
}

impl<'s> Secrets<'s> {
    fn new(statement: &'s mut Statement<'_>) -> Result<Self> {
        let mut secrets = Self {
            rows: statement.query([])?,
            next: None,
        };
        secrets.advance()?;
        Ok(secrets)
    }

    fn advance(&mut self) -> Result<()> {
        self.next = match self.rows.next()? {
            Some(row) => {
                let connector = text(row, 0)?;
                let name = parse(row, 1, "a secret", connector)?;
                Some((connector.to_owned(), name, row.get(2)?))
            }
            None => None,
        };
        Ok(())
    }

    /// The secrets of the connector. The ids asked for must ascend.
    fn of(&mut self, id: &str) -> Result<Vec<(SecretName, Vec<u8>)>> {
        let mut found = Vec::new();
        while let Some((connector, name, value)) =
            self.next.take_if(|(next, ..)| next.as_str() <= id)
        {
            if connector == id {
                found.push((name, value));
            }
            self.advance()?;
        }
        Ok(found)
    }
}

/// The references to every connector, so that a walk over the connectors can count them.
const USES: &str = "SELECT connector_id, service_id FROM service_connectors
    ORDER BY connector_id, service_id";

/// A cursor over the references, moved along with a cursor over the connectors: both are in the
/// order of the connectors' ids, so one pass counts for a million rows without a look-up for each.
struct Uses<'s> {
    rows: rusqlite::Rows<'s>,
    /// The connector that the cursor has arrived at; `None` at the end.
    connector: Option<String>,
    /// The service that it has arrived at.
    service: String,
    /// Whether this is the first reference from that service to that connector.
    is_other_service: bool,
}

impl<'s> Uses<'s> {
    fn new(statement: &'s mut Statement<'_>) -> Result<Self> {
        let mut uses = Self {
            rows: statement.query([])?,
            connector: Some(String::new()),
            service: String::new(),
            is_other_service: true,
        };
        uses.advance()?;
        Ok(uses)
    }

    fn advance(&mut self) -> Result<()> {
        let Some(row) = self.rows.next()? else {
            self.connector = None;
            return Ok(());
        };
        let (connector, service) = (text(row, 0)?, text(row, 1)?);
        let arrived = self.connector.get_or_insert_default();
        self.is_other_service = arrived != connector || self.service != service;
        arrived.clear();
        arrived.push_str(connector);
        self.service.clear();
        self.service.push_str(service);
        Ok(())
    }

    /// How many services refer to the connector. The ids asked for must ascend.
    fn of(&mut self, id: &str) -> Result<u64> {
        while self
            .connector
            .as_deref()
            .is_some_and(|arrived| arrived < id)
        {
            self.advance()?;
        }
        let mut count = 0;
        while self.connector.as_deref() == Some(id) {
            count += u64::from(self.is_other_service);
            self.advance()?;
        }
        Ok(count)
    }
}

fn summary_from<'r>(row: &'r Row<'_>) -> Result<ConnectorSummary<'r>> {
    Ok(ConnectorSummary {
        id: text(row, 0)?,
        name: text(row, 1)?,
        system: text(row, 2)?,
        environment: text(row, 3)?,
        used_by: 0,
        updated_at: text(row, 4)?,
        expires_at: optional_text(row, 5)?,
        last_used_at: optional_text(row, 6)?,
    })
}

fn connector_from(row: &Row<'_>) -> Result<Connector> {
    let id = text(row, 0)?;
    Ok(Connector {
        id: parse(row, 0, "the id", id)?,
        name: parse(row, 1, "the name", id)?,
        system: parse(row, 2, "the system", id)?,
        environment: Environment::from_name(text(row, 3)?)
            .ok_or_else(|| damaged("the environment", id, "unknown"))?,
        group: parse_optional(row, 4, "the group", id)?,
        settings: Settings::from_stored(text(row, 5)?)
            .map_err(|error| damaged("the settings", id, error))?,
        secrets: Vec::new(),
        note: optional_text(row, 6)?.map(str::to_owned),
        expires_at: parse_optional(row, 7, "expires_at", id)?,
        last_used_at: parse_optional(row, 8, "last_used_at", id)?,
        created_at: parse(row, 9, "created_at", id)?,
        updated_at: parse(row, 10, "updated_at", id)?,
        revision: Revision::from_bytes(row.get(11)?),
    })
}
