//! Who may do what with the store.

use super::engine::params;
use super::error::{damaged, kept, one_row};
use super::query::{parse, parse_optional, text};
use super::{Change, Result, Snapshot};
use crate::model::{Actor, Grant, Time, UserName, UserRole};

impl Snapshot<'_> {
    /// What this user may do: the role that was given to the name or to the number; admin for the
    /// user who owns the machine; else viewer. On a server it is the word of the server.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn role(&self, actor: &Actor) -> Result<UserRole> {
        if self.transaction.is_on_server() {
            return self.role_on_server();
        }
        if actor.owns_the_machine() {
            return Ok(UserRole::Admin);
        }
        let user = actor.user.as_str();
        let number = UserName::of_uid(actor.uid);
        let sql = r#"SELECT role FROM grants WHERE "user" IN (?1, ?2)"#;
        let mut statement = self.transaction.prepare(sql)?;
        let mut rows = statement.query([user, number.as_str()])?;
        let mut greatest = UserRole::Viewer;
        while let Some(row) = rows.next()? {
            let role = UserRole::from_name(text(row, 0)?)
                .ok_or_else(|| damaged("the role", user, "unknown"))?;
            greatest = greatest.max(role);
        }
        Ok(greatest)
    }

    /// What the server lets whoever is logged in do.
    fn role_on_server(&self) -> Result<UserRole> {
        let sql = "SELECT role_of_session()";
        let role: String = self
            .transaction
            .prepare_cached(sql)?
            .query_row([], |row| row.get(0))?;
        UserRole::from_name(&role).ok_or_else(|| damaged("the role", &role, "unknown"))
    }

    /// Every grant, by user.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn grants(&self) -> Result<Vec<Grant>> {
        let sql = r#"SELECT "user", role, granted_at FROM grants ORDER BY "user""#;
        let mut statement = self.transaction.prepare(sql)?;
        let mut rows = statement.query([])?;
        let is_on_server = self.transaction.is_on_server();
        let mut grants = Vec::new();
        while let Some(row) = rows.next()? {
            let user = text(row, 0)?;
            grants.push(Grant {
                user: if is_on_server {
                    UserName::of_role(user)
                } else {
                    parse(row, 0, "the name of a user", user)?
                },
                role: UserRole::from_name(text(row, 1)?)
                    .ok_or_else(|| damaged("the role", user, "unknown"))?,
                granted_at: parse_optional(row, 2, "granted_at", user)?,
            });
        }
        Ok(grants)
    }
}

impl Change<'_> {
    /// Gives a user this role, in place of the one they had.
    ///
    /// # Errors
    /// When the store fails.
    pub fn grant(&self, user: &UserName, role: UserRole, now: Option<Time>) -> Result<()> {
        if self.transaction.is_on_server() {
            return self.set_role(user, Some(role)).map(drop);
        }
        let written = self.transaction.execute(
            r#"INSERT INTO grants ("user", role, granted_at) VALUES (?1, ?2, ?3)
               ON CONFLICT ("user") DO UPDATE
               SET role = excluded.role, granted_at = excluded.granted_at"#,
            params![
                user.as_str(),
                role.as_str(),
                now.map(|time| time.to_string())
            ],
        )?;
        one_row(written, "the role of", user.as_str())
    }

    /// Takes a user's role away; false if they have none.
    ///
    /// # Errors
    /// When the store fails.
    pub fn revoke(&self, user: &UserName) -> Result<bool> {
        if self.transaction.is_on_server() {
            return self.set_role(user, None);
        }
        let sql = r#"DELETE FROM grants WHERE "user" = ?1"#;
        let revoked = self.transaction.execute(sql, [user.as_str()])? > 0;
        let sql = r#"SELECT 1 FROM grants WHERE "user" = ?1"#;
        let is_left = self.transaction.prepare(sql)?.exists([user.as_str()])?;
        kept(!is_left, "the role of", user.as_str())?;
        Ok(revoked)
    }

    /// Notes that the server is to take from a user the role that they have at the end of the change,
    /// and to give this one; false if they have none.
    fn set_role(&self, user: &UserName, role: Option<UserRole>) -> Result<bool> {
        let sql = r#"SELECT 1 FROM grants WHERE "user" = ?1"#;
        let has_one = self.transaction.prepare(sql)?.exists([user.as_str()])?;
        self.roles.borrow_mut().push((user.clone(), role));
        Ok(has_one)
    }

    /// Has the server give a user this role alone.
    #[cfg(feature = "postgres")]
    pub(super) fn set_role_of(&self, user: &UserName, role: Option<UserRole>) -> Result<()> {
        let set = self.transaction.call(
            "SELECT set_role_of(?1::NAME, ?2)",
            params![user.as_str(), role.map(UserRole::as_str)],
            |_| Ok(()),
        );
        set.map_err(|error| match error.into() {
            super::Error::NoSuchRole(_) => super::Error::NoSuchRole(user.to_string()),
            other => other,
        })
    }
}
