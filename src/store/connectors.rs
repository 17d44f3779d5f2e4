//! Connectors in the store.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use super::bulk::Bulk;
use super::cursor::{Belongings, Share};
use super::engine::{Row, params};
use super::error::{one_row, refused};
use super::query::{parse, text};
use super::salvage::{Fields, Salvaged};
use super::secrets::SECRET_NAMES;
use super::{Change, Error, Result, Snapshot};
use crate::model::{
    Connector, ConnectorId, Environment, Label, Reference, Role, SecretName, Settings, Time, Usage,
};

/// What is written of a connector but for its standing.
pub(super) const KEPT: &str = r#"id, name, system, environment, "group", settings, note, expires_at,
    last_used_at, created_at, updated_at, revision, origin"#;

const STANDING: &str = "protected, retired_at, retired_until";

/// Asks whether there is a connector of this id.
pub(super) const EXISTS: &str = "SELECT 1 FROM connectors WHERE id = ?1";

/// What is asked for a connector, by its id: its columns, and the names of its secrets.
pub(super) static OF_A_RECORD: LazyLock<[String; 2]> = LazyLock::new(|| {
    [
        format!("SELECT {KEPT}, {STANDING} FROM connectors WHERE id = ?1"),
        SECRET_NAMES.to_owned(),
    ]
});

impl Snapshot<'_> {
    /// The connector of this id, if there is one.
    ///
    /// # Errors
    /// When the store, or something of the connector, cannot be read.
    pub fn connector(&self, id: &ConnectorId) -> Result<Option<Connector>> {
        let salvaged = self.salvaged_connector(id)?;
        salvaged.map(Salvaged::whole).transpose()
    }

    /// The connector of this id, if there is one, as far as it can be read.
    pub fn salvaged_connector(&self, id: &ConnectorId) -> Result<Option<Salvaged<Connector>>> {
        let [sql, _] = &*OF_A_RECORD;
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query([id.as_str()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut salvaged = connector_from(row, id.clone());
        match self.secret_names(id) {
            Ok(names) => salvaged.record.secrets = names,
            Err(error) => salvaged.note("secrets", error),
        }
        Ok(Some(salvaged))
    }

    /// Every connector with all that is known of it, by id; of its secrets the names.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_connector<E: From<Error>>(
        &self,
        mut visit: impl FnMut(Connector) -> Result<(), E>,
    ) -> Result<(), E> {
        let nothing = |_: Row<'_>| Ok(());
        self.each_connector_beside(&NAMES, nothing, |connector, _| visit(connector))
    }

    /// Every connector, by id, with its secrets as ciphertext, by name. Not every user of a server may
    /// read those.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_connector_with_secrets<E: From<Error>>(
        &self,
        mut visit: impl FnMut(Connector, Vec<(SecretName, Vec<u8>)>) -> Result<(), E>,
    ) -> Result<(), E> {
        let value = |row: Row<'_>| Ok(row.get(2)?);
        self.each_connector_beside(&SECRETS, value, |connector, values| {
            let secrets = connector.secrets.iter().cloned().zip(values).collect();
            visit(connector, secrets)
        })
    }

    fn each_connector_beside<V, E: From<Error>>(
        &self,
        secrets: &Belongings,
        value: impl Fn(Row<'_>) -> Result<V>,
        mut visit: impl FnMut(Connector, Vec<V>) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = format!("SELECT {KEPT}, {STANDING} FROM connectors ORDER BY id");
        let mut statement = self.transaction.prepare(&sql).map_err(Error::from)?;
        let mut rows = statement.query([]).map_err(Error::from)?;
        let mut query = secrets.of(Share::Many, &self.transaction)?;
        let mut beside = query.beside()?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            let id = parse(row, 0, "the id", text(row, 0)?)?;
            let mut connector = connector_from(row, id).whole()?;
            let id = connector.id.as_str();
            let (mut names, mut values) = (Vec::new(), Vec::new());
            beside.of(id, |row| {
                names.push(parse(row, 1, "a secret", id)?);
                values.push(value(row)?);
                Ok(())
            })?;
            connector.secrets = names;
            visit(connector, values)?;
        }
        Ok(())
    }

    /// What uses a connector.
    pub fn usage(&self, id: &ConnectorId) -> Result<Usage> {
        self.usage_naming(id, Usage::NAMED)
    }

    /// What uses a connector, with the references of so many services at most.
    pub fn usage_naming(&self, id: &ConnectorId, most: usize) -> Result<Usage> {
        Ok(Usage {
            references: self.first_references(id, most)?,
            ..self.counted_usage(id)?
        })
    }

    /// How much a connector is used, without what uses it.
    pub(super) fn counted_usage(&self, id: &ConnectorId) -> Result<Usage> {
        let sql = "SELECT count(*) FROM (SELECT DISTINCT service_id FROM service_connectors
                     WHERE connector_id = ?1) AS services";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let services: i64 = statement.query_row([id.as_str()], |row| row.get(0))?;
        Ok(Usage {
            services: services.unsigned_abs(),
            ..Usage::default()
        })
    }

    /// The references of the first services that use a connector, so many at most.
    pub(super) fn first_references(&self, id: &ConnectorId, most: usize) -> Result<Vec<Reference>> {
        let mut references: Vec<Reference> = Vec::new();
        let mut named = 0;
        self.each_reference(id, |reference| {
            let is_next = references
                .last()
                .is_none_or(|last| last.service != reference.service);
            named += usize::from(is_next);
            if named > most {
                return Ok::<_, Error>(ControlFlow::Break(()));
            }
            references.push(reference);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(references)
    }

    /// The references to a connector, by service and role, until `visit` breaks off.
    ///
    /// # Errors
    /// When the store cannot be read, or `visit` fails.
    pub fn each_reference<E: From<Error>>(
        &self,
        id: &ConnectorId,
        mut visit: impl FnMut(Reference) -> Result<ControlFlow<()>, E>,
    ) -> Result<(), E> {
        let mut statement = self
            .transaction
            .prepare_cached(
                "SELECT service_connectors.service_id, services.name, service_connectors.role,
                   services.active, services.id IS NOT NULL
                 FROM service_connectors
                 LEFT JOIN services ON services.id = service_connectors.service_id
                 WHERE service_connectors.connector_id = ?1
                 ORDER BY service_connectors.service_id, service_connectors.role DESC",
            )
            .map_err(Error::from)?;
        let mut rows = statement.query([id.as_str()]).map_err(Error::from)?;
        while let Some(row) = rows.next().map_err(Error::from)? {
            if let Some(reference) = reference_from(row)
                && visit(reference)?.is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// Those of the connectors that do not exist.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn missing_connectors<'i>(
        &self,
        ids: impl IntoIterator<Item = &'i ConnectorId>,
    ) -> Result<Vec<&'i ConnectorId>> {
        let mut statement = self.transaction.prepare_cached(EXISTS)?;
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
            "INSERT INTO connectors ({KEPT}, {STANDING})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 0, NULL, NULL)
             ON CONFLICT (id) DO NOTHING"
        );
        let is_taken = || {
            self.missing_connectors([&connector.id])
                .map(|missing| missing.is_empty())
        };
        if self.transaction.gathers() {
            // What is gathered is written too late to tell; the policies have the first word, as ever.
            self.make_room(connector)?;
            if is_taken()? {
                return Err(Error::ConnectorExists(connector.id.clone()));
            }
        }
        let written = self.put_connector(&sql, Bulk::NEW_CONNECTORS, connector)?;
        if written == 0 && is_taken()? {
            return Err(Error::ConnectorExists(connector.id.clone()));
        }
        one_row(written, "connector", connector.id.as_str())?;
        if connector.protected || connector.retired_at.is_some() {
            self.update_standing(connector)?;
        }
        Ok(())
    }

    /// Replaces what is kept of the connector with this id, but for its environment, secrets and
    /// standing. An origin stays unless there is a new one.
    ///
    /// # Errors
    /// When a policy does not allow it, or there is no such connector.
    pub fn update_connector(&self, connector: &Connector) -> Result<()> {
        let updated = self.put_connector(
            r#"UPDATE connectors SET name = ?2, system = ?3, "group" = ?5, settings = ?6, note = ?7,
                 expires_at = ?8, last_used_at = ?9, created_at = ?10, updated_at = ?11,
                 revision = ?12, origin = coalesce(?13, origin)
               WHERE id = ?1 AND environment = ?4"#,
            Bulk::CONNECTORS,
            connector,
        )?;
        one_row(updated, "connector", connector.id.as_str())
    }

    /// Replaces all that is kept of the connector with this id, of which something cannot be read,
    /// but for its secrets.
    ///
    /// # Errors
    /// When a policy does not allow it, or there is no such connector.
    pub fn put_connector_right(&self, connector: &Connector) -> Result<()> {
        let sql = "UPDATE connectors SET environment = ?2, origin = NULL WHERE id = ?1";
        let words = [connector.id.as_str(), connector.environment.as_str()];
        let updated = self.transaction.execute(sql, words);
        let updated = updated.map_err(|error| refused(error, &connector.id))?;
        one_row(updated, "connector", connector.id.as_str())?;
        self.update_connector(connector)?;
        self.update_standing(connector)
    }

    /// Replaces whether the connector with this id is protected and on trial, and nothing else of
    /// it but the revision and the time of its change.
    ///
    /// # Errors
    /// When it is to be on trial and a service refers to it, or there is no such connector.
    pub fn update_standing(&self, connector: &Connector) -> Result<()> {
        let time = |time: Option<Time>| time.map(|time| time.to_string());
        let sql = "UPDATE connectors SET protected = ?2, retired_at = ?3, retired_until = ?4,
                     updated_at = ?5, revision = ?6
                   WHERE id = ?1";
        let updated = self.transaction.prepare_cached(sql)?.execute(params![
            connector.id.as_str(),
            connector.protected,
            time(connector.retired_at),
            time(connector.retired_until),
            connector.updated_at.to_string(),
            connector.revision.as_bytes(),
        ]);
        let updated = updated.map_err(|error| refused(error, &connector.id))?;
        one_row(updated, "connector", connector.id.as_str())
    }

    /// How many rows the statement wrote.
    fn put_connector(&self, sql: &str, bulk: Bulk, connector: &Connector) -> Result<usize> {
        self.make_room(connector)?;
        let settings = serde_json::to_string(&connector.settings)
            .map_err(|error| Error::Engine(error.into()))?;
        let time = |time: Option<Time>| time.map(|time| time.to_string());
        let written = self.transaction.write(
            sql,
            bulk,
            params![
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
                connector.origin.as_ref().map(Label::as_str),
            ],
        );
        written.map_err(|error| refused(error, &connector.id))
    }
}

const NAMES: Belongings = Belongings {
    select: "SELECT connector_id, name FROM secrets",
    ..SECRETS
};

const SECRETS: Belongings = Belongings {
    select: "SELECT connector_id, name, value FROM secrets",
    owner: "connector_id",
    order: "name",
};

/// A reference, as far as it can be read: whoever asks what stands in the way of a deletion is told
/// of it all the same.
fn reference_from(row: Row<'_>) -> Option<Reference> {
    let mut fields = Fields::new(row);
    let service = fields.optional(0, "id")?;
    let is_there: bool = fields.flag(4, "id", true);
    Some(Reference {
        service,
        name: is_there.then(|| fields.name(1)),
        role: fields.one_of(2, "role", Role::from_name, Role::Source),
        active: is_there && fields.flag(3, "active", true),
    })
}

fn connector_from(row: Row<'_>, id: ConnectorId) -> Salvaged<Connector> {
    let mut fields = Fields::new(row);
    let settings = fields.required(5, "settings", || "{}".to_owned());
    let settings = Settings::from_stored(&settings).unwrap_or_else(|error| {
        fields.note("settings", error);
        Settings::default()
    });
    let connector = Connector {
        id,
        name: fields.name(1),
        system: fields.label(2, "system"),
        // What may be live is live.
        environment: fields.one_of(3, "environment", Environment::from_name, Environment::Live),
        group: fields.optional(4, "group"),
        settings,
        secrets: Vec::new(),
        note: fields.optional(6, "note"),
        expires_at: fields.optional(7, "expires_at"),
        last_used_at: fields.optional(8, "last_used_at"),
        created_at: fields.time(9, "created_at"),
        updated_at: fields.time(10, "updated_at"),
        revision: fields.revision(11),
        origin: fields.optional(12, "origin"),
        protected: fields.flag(13, "protected", true),
        retired_at: fields.optional(14, "retired_at"),
        retired_until: fields.optional(15, "retired_until"),
    };
    fields.into_salvaged(connector)
}
