//! Where a server is, as people write it, and who may see what of it.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::percent_decode_str;

use crate::model::text;

/// How a URL of a server begins.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// The options that say what the place before them says too: they differ by server.
const OF_PLACE: [&str; 6] = ["dbname", "host", "hostaddr", "password", "port", "user"];

/// The options that the driver does not know, or takes too lightly.
const OURS: [&str; 3] = ["schema", "sslmode", "sslrootcert"];

/// The other options that may be given.
const OTHERS: [&str; 9] = [
    "application_name",
    "connect_timeout",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_retries",
    "options",
    "target_session_attrs",
    "tcp_user_timeout",
];

/// The URL of a server. Whoever shows it shows no password.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl(String);

impl ServerUrl {
    /// Takes a text that begins as the URL of a server does. One with `@` among the options is none:
    /// a password with `?` in it would be taken for the place of the server, and shown.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let is_url = SCHEMES.iter().any(|scheme| text.starts_with(scheme));
        let options = text.split_once('?').map_or("", |(_, options)| options);
        (is_url && !options.contains('@')).then(|| Self(text.to_owned()))
    }

    /// Whether a password stands in it, before the host or among the options, or what can only be one:
    /// a port that is no number.
    #[must_use]
    pub fn has_password(&self) -> bool {
        let parts = self.parts();
        parts.password.is_some()
            || matches!(shown_place(parts.place), Cow::Owned(_))
            || self.options().any(|(name, _)| is_secret(name))
    }

    /// The value of an option, if it is given.
    pub(super) fn option(&self, wanted: &str) -> Option<Cow<'_, str>> {
        let mut options = self.options();
        let (_, value) = options.find(|(name, _)| *name == wanted)?;
        Some(percent_decode_str(value).decode_utf8_lossy())
    }

    /// What is wrong with it that the driver would not tell, or tell with what nobody is to see.
    pub(super) fn check(&self) -> Result<(), String> {
        let parts = self.parts();
        if parts.login.is_some_and(|login| login.contains(['@', '/'])) {
            return Err("@ and / in a user or a password are written %40 and %2F".to_owned());
        }
        if matches!(shown_place(parts.place), Cow::Owned(_)) {
            return Err(
                "a port is a number, and a password stands with the user before the host: \
                 postgres://USER:PASSWORD@HOST"
                    .to_owned(),
            );
        }
        let mut seen: Vec<&str> = Vec::new();
        for (name, _) in self.options() {
            if !is_known(name) && seen.iter().copied().any(is_secret) {
                return Err("& in a password is written %26".to_owned());
            } else if !is_known(name) {
                let mut known = [&OF_PLACE[..], &OURS, &OTHERS].concat();
                known.sort_unstable();
                let name = text::visible(name);
                return Err(format!("the option {name} is none of {}", known.join(", ")));
            } else if seen.contains(&name) {
                return Err(format!("the option {name} is given twice"));
            }
            seen.push(name);
        }
        Ok(())
    }

    /// All of it that the driver understands, with the password.
    pub(super) fn for_driver(&self) -> String {
        let start = self.0.split('?').next().unwrap_or_default();
        format!("{start}{}", self.query(|name| !OURS.contains(&name)))
    }

    /// The same without what says where a server is and who logs in.
    pub(super) fn for_every_server(&self) -> String {
        format!(
            "{}{}",
            SCHEMES[0],
            self.query(|name| OTHERS.contains(&name))
        )
    }

    /// Some of the options, as they stand behind a place.
    fn query(&self, is_wanted: impl Fn(&str) -> bool) -> String {
        let options = self.options().filter(|(name, _)| is_wanted(name));
        let options: Vec<_> = options
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("?{}", options.join("&"))
    }

    fn options(&self) -> impl Iterator<Item = (&str, &str)> {
        let query = self.0.split_once('?').map_or("", |(_, query)| query);
        let all = query.split('&').filter(|option| !option.is_empty());
        all.map(|option| option.split_once('=').unwrap_or((option, "")))
    }

    fn parts(&self) -> Parts<'_> {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let rest = rest.split('?').next().unwrap_or_default();
        // A password that was not encoded may hold any of these, so the last counts.
        let (login, place) = rest
            .rsplit_once('@')
            .map_or((None, rest), |(login, place)| (Some(login), place));
        let parts = login.map(|login| {
            login
                .split_once(':')
                .map_or((login, None), |(user, password)| (user, Some(password)))
        });
        let (user, password) =
            parts.map_or((None, None), |(user, password)| (Some(user), password));
        Parts {
            scheme,
            login,
            user,
            password,
            place,
        }
    }
}

struct Parts<'u> {
    scheme: &'u str,
    /// The user and the password.
    login: Option<&'u str>,
    user: Option<&'u str>,
    password: Option<&'u str>,
    /// The hosts, the ports and the database.
    place: &'u str,
}

/// Whether an option holds what nobody is to see.
fn is_secret(name: &str) -> bool {
    name.to_ascii_lowercase().contains("pass")
}

fn is_known(name: &str) -> bool {
    [&OF_PLACE[..], &OURS, &OTHERS]
        .iter()
        .any(|known| known.contains(&name))
}

/// A place without what stands where a port is to be and is no number: somebody who forgets the host
/// has written a password there.
fn shown_place(place: &str) -> Cow<'_, str> {
    let (hosts, database) = place.find('/').map_or((place, ""), |at| place.split_at(at));
    let mut is_changed = false;
    let shown: Vec<_> = hosts
        .split(',')
        .map(|host| {
            let name = host.find(']').map_or(0, |end| end + 1);
            let colon = host[name..].find(':').map(|at| name + at);
            match colon.map(|at| host.split_at(at + 1)) {
                Some((name, port)) if !port.bytes().all(|byte| byte.is_ascii_digit()) => {
                    is_changed = true;
                    format!("{name}***")
                }
                _ => host.to_owned(),
            }
        })
        .collect();
    if is_changed {
        Cow::Owned(format!("{}{database}", shown.join(",")))
    } else {
        Cow::Borrowed(place)
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            scheme,
            user,
            password,
            place,
            ..
        } = self.parts();
        let mut shown = format!("{scheme}://");
        if let Some(user) = user {
            let password = if password.is_some() { ":***" } else { "" };
            shown.push_str(&format!("{user}{password}@"));
        }
        shown.push_str(&shown_place(place));
        let mut mark = '?';
        for (name, value) in self.options() {
            // What is behind `&` in a password that was not encoded looks like an option.
            shown.push_str(&match name {
                name if is_secret(name) => format!("{mark}{name}=***"),
                name if is_known(name) => format!("{mark}{name}={value}"),
                _ => format!("{mark}***"),
            });
            mark = '&';
        }
        formatter.write_str(&text::visible(&shown))
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> ServerUrl {
        ServerUrl::new(text).unwrap()
    }

    #[test]
    fn nobody_sees_a_password() {
        for (text, shown) in [
            ("postgres://kim@db/platform", "postgres://kim@db/platform"),
            (
                "postgres://kim@[::1]:5433,db2/p?schema=s",
                "postgres://kim@[::1]:5433,db2/p?schema=s",
            ),
            (
                "postgres://kim:MARK@db1,db2:5433/p",
                "postgres://kim:***@db1,db2:5433/p",
            ),
            ("postgres://kim:MA@RK@db/p", "postgres://kim:***@db/p"),
            ("postgres://kim:MA/RK@db/p", "postgres://kim:***@db/p"),
            (
                "postgres://kim:MA:RK@db/p?sslmode=disable",
                "postgres://kim:***@db/p?sslmode=disable",
            ),
            (
                "postgresql:///p?host=/run&password=MARK",
                "postgresql:///p?host=/run&password=***",
            ),
            (
                "postgresql:///p?password=MARK&MARK=MARK&schema=s",
                "postgresql:///p?password=***&***&schema=s",
            ),
            (
                "postgres://db/p?sslpassword=MARK&user=kim",
                "postgres://db/p?sslpassword=***&user=kim",
            ),
            ("postgres://db,kim:MARK/p", "postgres://db,kim:***/p"),
            ("postgres://[::1]:MARK/p", "postgres://[::1]:***/p"),
        ] {
            assert_eq!(url(text).to_string(), shown);
            assert_eq!(format!("{:?}", url(text)), shown);
            assert_eq!(url(text).has_password(), text != shown, "{text}");
        }
        let odd = url("postgres://db/p?p%61ssword=MARK");
        assert_eq!(odd.to_string(), "postgres://db/p?***");
        assert!(odd.check().is_err());
        assert_eq!(
            url("postgres://\u{1b}[1m/p").to_string(),
            "postgres://\\u{1b}[1m/p"
        );
        assert_eq!(ServerUrl::new("mysql://u:p@h/d"), None);
        assert_eq!(ServerUrl::new("postgres://kim:MA?RK@db/p"), None);
    }

    #[test]
    fn options_are_for_us_or_for_the_driver() {
        let url =
            url("postgres://db/p?sslmode=verify-full&user=a&sslrootcert=%2Fca.pem&options=-c");
        assert_eq!(url.option("sslrootcert").unwrap(), "/ca.pem");
        assert_eq!(url.option("sslcert"), None);
        assert_eq!(url.for_driver(), "postgres://db/p?user=a&options=-c");
        assert_eq!(url.for_every_server(), "postgres://?options=-c");
    }

    #[test]
    fn what_is_wrong_with_it_is_told_without_a_password() {
        for (text, problem) in [
            ("postgres://kim:MA@RK@db/p", "%40"),
            ("postgres://kim:MA/RK@db/p", "%2F"),
            ("postgres://kim:MARK/p", "a port is a number"),
            ("postgres:///p?password=x&MARK=MARK", "%26"),
            (
                "postgres:///p?sslmod=require",
                "the option sslmod is none of application_name, ",
            ),
            (
                "postgres:///p?sslmode=disable&sslmode=require",
                "the option sslmode is given twice",
            ),
            (
                "postgres:///p?%73slmode=disable",
                "the option %73slmode is none of ",
            ),
        ] {
            let told = url(text).check().unwrap_err();
            assert!(told.contains(problem) && !told.contains("MARK"), "{told}");
        }
        url("postgres://kim:x@%2Frun:5433,db/p?connect_timeout=3")
            .check()
            .unwrap();
    }
}
