//! Secrets, as ciphertext only, and the recipients that they are encrypted for.

use super::bulk::Bulk;
use super::engine::{OptionalExtension, Value, params};
use super::error::{kept, one_row};
use super::query::{parse, parse_optional, text};
use super::{Change, Result, Snapshot};
use crate::model::{ConnectorId, SecretName, Time};

/// Asks for the names of the secrets of a connector, sorted.
pub(super) const SECRET_NAMES: &str =
    "SELECT name FROM secrets WHERE connector_id = ?1 ORDER BY name";

/// Asks for the ciphertext of a secret.
pub(super) const ONE: &str = "SELECT value FROM secrets WHERE connector_id = ?1 AND name = ?2";

/// What is kept of a secret.
pub(super) const COLUMNS: &str = "connector_id, name, value, set_at";

/// How many secrets are held in memory at a time while all of them are encrypted anew.
const PAGE: u32 = 100;

/// A secret in the store.
#[derive(Debug, Clone)]
pub struct StoredSecret {
    /// The connector it belongs to.
    pub connector: ConnectorId,
    /// Its name.
    pub name: SecretName,
    /// An age file.
    pub ciphertext: Vec<u8>,
}

/// What is known of a secret beside its value.
#[derive(Debug, Clone)]
pub struct SecretAge {
    /// The connector it belongs to.
    pub connector: ConnectorId,
    /// Its name.
    pub name: SecretName,
    /// When its value was set; unknown for old ones.
    pub set_at: Option<Time>,
}

/// A recipient of the store.
#[derive(Debug, Clone)]
pub struct StoredRecipient {
    /// The public key.
    pub key: String,
    /// Whose it is.
    pub comment: Option<String>,
    /// From when on secrets are encrypted for it.
    pub added_at: Time,
}

impl Snapshot<'_> {
    /// The names of a connector's secrets, sorted.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn secret_names(&self, id: &ConnectorId) -> Result<Vec<SecretName>> {
        let mut statement = self.transaction.prepare_cached(SECRET_NAMES)?;
        let mut rows = statement.query([id.as_str()])?;
        let mut names = Vec::new();
        while let Some(row) = rows.next()? {
            names.push(parse(row, 0, "a secret", id.as_str())?);
        }
        Ok(names)
    }

    /// The ciphertext of a secret, if there is one of this name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn secret(&self, id: &ConnectorId, name: &SecretName) -> Result<Option<Vec<u8>>> {
        let mut statement = self.transaction.prepare_cached(ONE)?;
        Ok(statement
            .query_row([id.as_str(), name.as_str()], |row| row.get(0))
            .optional()?)
    }

    /// How many secrets there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn count_secrets(&self) -> Result<u64> {
        let sql = "SELECT count(*) FROM secrets";
        let count: i64 = self.transaction.query_row(sql, [], |row| row.get(0))?;
        Ok(count.unsigned_abs())
    }

    /// Hands on each secret, or each of one connector: those whose value is not known to have been
    /// set since a time, if there is one.
    pub fn each_secret_age<E: From<super::Error>>(
        &self,
        id: Option<&ConnectorId>,
        not_since: Option<Time>,
        mut visit: impl FnMut(SecretAge) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT connector_id, name, set_at FROM secrets
                   WHERE (?1 IS NULL OR connector_id = ?1)
                       AND (?2 IS NULL OR set_at IS NULL OR set_at < ?2)
                   ORDER BY connector_id, name";
        let mut statement = self
            .transaction
            .prepare_cached(sql)
            .map_err(super::Error::from)?;
        let not_since = not_since.map(|time| time.to_string());
        let mut rows = statement
            .query(params![id.map(ConnectorId::as_str), not_since])
            .map_err(super::Error::from)?;
        while let Some(row) = rows.next().map_err(super::Error::from)? {
            let connector: ConnectorId = parse(row, 0, "a secret", "its connector")?;
            let name = parse(row, 1, "a secret", connector.as_str())?;
            let set_at = parse_optional(row, 2, "set_at", connector.as_str())?;
            visit(SecretAge {
                connector,
                name,
                set_at,
            })?;
        }
        Ok(())
    }

    /// The recipients that secrets are encrypted for, sorted.
    pub fn recipients(&self) -> Result<Vec<StoredRecipient>> {
        let sql = "SELECT recipient, added_at, comment FROM recipients ORDER BY recipient";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut recipients = Vec::new();
        while let Some(row) = rows.next()? {
            let key = text(row, 0)?.to_owned();
            recipients.push(StoredRecipient {
                added_at: parse(row, 1, "added_at", &key)?,
                comment: row.get(2)?,
                key,
            });
        }
        Ok(recipients)
    }
}

impl Change<'_> {
    /// Keeps this ciphertext, whose value is set now, as the secret of this name, in place of what
    /// was there.
    pub fn set_secret(
        &self,
        id: &ConnectorId,
        name: &SecretName,
        ciphertext: &[u8],
        now: Time,
    ) -> Result<()> {
        self.write_secret()?;
        let now = now.to_string();
        let parameters = [
            Value::Text(id.as_str()),
            Value::Text(name.as_str()),
            Value::Blob(ciphertext),
            Value::Text(&now),
        ];
        // What is gathered takes the place of what was there.
        if !self.transaction.gathers() {
            let sql =
                "UPDATE secrets SET value = ?3, set_at = ?4 WHERE connector_id = ?1 AND name = ?2";
            let mut update = self.transaction.prepare_cached(sql)?;
            if update.execute(&parameters[..])? > 0 {
                self.removes_secrets.set(true);
                return Ok(());
            }
        }
        let sql = format!("INSERT INTO secrets ({COLUMNS}) VALUES (?1, ?2, ?3, ?4)");
        let written = self
            .transaction
            .write(&sql, Bulk::SECRETS, &parameters[..])?;
        one_row(written, "connector", id.as_str())
    }

    /// Removes a secret; false if there is none of this name.
    ///
    /// # Errors
    /// When the store fails.
    pub fn remove_secret(&self, id: &ConnectorId, name: &SecretName) -> Result<bool> {
        let sql = "DELETE FROM secrets WHERE connector_id = ?1 AND name = ?2";
        let mut statement = self.transaction.prepare_cached(sql)?;
        let removed = statement.execute([id.as_str(), name.as_str()])? > 0;
        let sql = "SELECT 1 FROM secrets WHERE connector_id = ?1 AND name = ?2";
        let mut left = self.transaction.prepare_cached(sql)?;
        let is_left = left.exists([id.as_str(), name.as_str()])?;
        kept(!is_left, "connector", id.as_str())?;
        self.removes_secrets
            .set(self.removes_secrets.get() || removed);
        Ok(removed)
    }

    /// Removes all secrets of a connector, whatever their names.
    pub fn remove_secrets(&self, id: &ConnectorId) -> Result<()> {
        let sql = "DELETE FROM secrets WHERE connector_id = ?1";
        let removed = self.transaction.execute(sql, [id.as_str()])? > 0;
        let sql = "SELECT 1 FROM secrets WHERE connector_id = ?1";
        let is_left = self.transaction.prepare(sql)?.exists([id.as_str()])?;
        kept(!is_left, "connector", id.as_str())?;
        self.removes_secrets
            .set(self.removes_secrets.get() || removed);
        Ok(())
    }

    /// Replaces the ciphertext of every secret by what `reseal` makes of it, if anything.
    ///
    /// # Errors
    /// When the store or `reseal` fails; then the change must not be committed.
    pub fn reseal_secrets<E: From<super::Error>>(
        &self,
        mut reseal: impl FnMut(&StoredSecret) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<(), E> {
        self.write_secret()?;
        let mut last = None;
        loop {
            // The rows are not changed under a cursor that walks over them.
            let page = self.secrets_behind(last.as_ref())?;
            for secret in &page {
                if let Some(ciphertext) = reseal(secret)? {
                    self.replace_ciphertext(secret, &ciphertext)?;
                }
            }
            last = page.into_iter().next_back();
            if last.is_none() {
                return Ok(());
            }
        }
    }

    fn replace_ciphertext(&self, secret: &StoredSecret, ciphertext: &[u8]) -> Result<()> {
        let sql = "UPDATE secrets SET value = ?3 WHERE connector_id = ?1 AND name = ?2";
        let (connector, name) = (secret.connector.as_str(), secret.name.as_str());
        let mut statement = self.transaction.prepare_cached(sql)?;
        let written = statement.execute(params![connector, name, ciphertext])?;
        one_row(written, "connector", connector)?;
        self.removes_secrets.set(true);
        Ok(())
    }

    /// The next secrets in order, behind this one.
    fn secrets_behind(&self, last: Option<&StoredSecret>) -> Result<Vec<StoredSecret>> {
        let sql = "SELECT connector_id, name, value FROM secrets
                   WHERE (connector_id, name) > (?1, ?2) ORDER BY connector_id, name LIMIT ?3";
        let (connector, name) = last.map_or(("", ""), |last| {
            (last.connector.as_str(), last.name.as_str())
        });
        let mut statement = self.transaction.prepare_cached(sql)?;
        let mut rows = statement.query(params![connector, name, PAGE])?;
        let mut page = Vec::new();
        while let Some(row) = rows.next()? {
            let connector: ConnectorId = parse(row, 0, "a secret", "its connector")?;
            page.push(StoredSecret {
                name: parse(row, 1, "a secret", connector.as_str())?,
                ciphertext: row.get(2)?,
                connector,
            });
        }
        Ok(page)
    }

    /// Adds a recipient; false if it is there already. Secrets stay as they are.
    ///
    /// # Errors
    /// When the store fails.
    pub fn add_recipient(&self, recipient: &str, comment: Option<&str>, now: Time) -> Result<bool> {
        let sql = "INSERT INTO recipients (recipient, comment, added_at) VALUES (?1, ?2, ?3)
                   ON CONFLICT DO NOTHING";
        let added = self
            .transaction
            .execute(sql, params![recipient, comment, now.to_string()])?
            > 0;
        kept(self.is_recipient(recipient)?, "recipient", recipient)?;
        Ok(added)
    }

    /// Removes a recipient; false if it is not there. Secrets stay as they are.
    ///
    /// # Errors
    /// When the store fails.
    pub fn remove_recipient(&self, recipient: &str) -> Result<bool> {
        let sql = "DELETE FROM recipients WHERE recipient = ?1";
        let removed = self.transaction.execute(sql, [recipient])? > 0;
        kept(!self.is_recipient(recipient)?, "recipient", recipient)?;
        Ok(removed)
    }

    fn is_recipient(&self, recipient: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM recipients WHERE recipient = ?1";
        Ok(self.transaction.prepare(sql)?.exists([recipient])?)
    }

    /// Notes that a secret of the connector was read now, which is no change of the connector.
    ///
    /// # Errors
    /// When the store fails.
    pub fn set_last_used(&self, id: &ConnectorId, now: Time) -> Result<()> {
        let sql = "UPDATE connectors SET last_used_at = ?2 WHERE id = ?1";
        let written = self
            .transaction
            .execute(sql, params![id.as_str(), now.to_string()])?;
        one_row(written, "connector", id.as_str())
    }
}
