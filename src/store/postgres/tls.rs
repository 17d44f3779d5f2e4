//! TLS with a server: nobody else reads what is sent over a network, and the server is the one that
//! was named.

use std::error::Error;
use std::fmt;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use postgres::Socket;
use postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, InvalidDnsNameError, ServerName};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};
use tokio_rustls::{Connect, TlsConnector, client};

/// Whose word is taken on who a server is.
#[derive(Clone)]
pub(super) struct Tls(Arc<ClientConfig>);

impl Tls {
    /// Takes the word of those whose certificates are in this file, as PEM; without one, of those
    /// whom the system trusts. The error is what is wrong with them.
    pub(super) fn new(roots: Option<&Path>) -> Result<Self, String> {
        let roots = match roots {
            Some(file) => roots_in(file)
                .map_err(|problem| format!("{}: {problem}", crate::model::text::path(file)))?,
            None => roots_of_system()?,
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }
}

fn roots_in(file: &Path) -> Result<RootCertStore, String> {
    let told = |error| match error {
        pem::Error::Io(error) => error.to_string(),
        _ => "it is no file of certificates in PEM".to_owned(),
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(file).map_err(told)? {
        let added = roots.add(certificate.map_err(told)?);
        added.map_err(|_| "it holds a certificate that cannot be read".to_owned())?;
    }
    if roots.is_empty() {
        return Err("there is no certificate in it".to_owned());
    }
    Ok(roots)
}

fn roots_of_system() -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    // Some of them are too odd for others than their makers.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        return Err("the system names nobody whose word on a server could be taken".to_owned());
    }
    Ok(roots)
}

/// Why there is no TLS with a server.
#[derive(Debug)]
pub(super) struct Problem(String);

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Error for Problem {}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        let tls = error.get_ref().and_then(|inner| inner.downcast_ref());
        Self(tls.map_or_else(|| error.to_string(), told))
    }
}

fn told(error: &rustls::Error) -> String {
    use rustls::CertificateError as Of;
    let rustls::Error::InvalidCertificate(problem) = error else {
        return error.to_string();
    };
    match problem {
        Of::UnknownIssuer | Of::BadSignature => {
            "its certificate is by nobody whose word is taken".to_owned()
        }
        Of::NotValidForName | Of::NotValidForNameContext { .. } => {
            "its certificate is for another name".to_owned()
        }
        Of::Expired | Of::ExpiredContext { .. } => "its certificate has expired".to_owned(),
        Of::NotValidYet | Of::NotValidYetContext { .. } => {
            "its certificate is not valid yet".to_owned()
        }
        other => format!("its certificate is not valid: {other}"),
    }
}

impl MakeTlsConnect<Socket> for Tls {
    type Stream = Encrypted;
    type TlsConnect = With;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> Result<With, Self::Error> {
        Ok(With {
            tls: TlsConnector::from(Arc::clone(&self.0)),
            name: ServerName::try_from(host)?.to_owned(),
        })
    }
}

/// Begins TLS with a server of this name.
pub(super) struct With {
    tls: TlsConnector,
    name: ServerName<'static>,
}

impl TlsConnect<Socket> for With {
    type Stream = Encrypted;
    type Error = Problem;
    type Future = Beginning;

    fn connect(self, socket: Socket) -> Beginning {
        Beginning(Box::new(self.tls.connect(self.name, socket)))
    }
}

/// TLS that is being agreed on.
pub(super) struct Beginning(Box<Connect<Socket>>);

impl Future for Beginning {
    type Output = Result<Encrypted, Problem>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let begun = Pin::new(&mut *self.0).poll(context);
        begun.map(|stream| Ok(Encrypted(Box::new(stream?))))
    }
}

/// What is sent to a server and comes from it.
pub(super) struct Encrypted(Box<client::TlsStream<Socket>>);

impl Encrypted {
    fn inner(self: Pin<&mut Self>) -> Pin<&mut client::TlsStream<Socket>> {
        Pin::new(&mut *self.get_mut().0)
    }
}

impl TlsStream for Encrypted {
    /// None: who the server is was verified in full.
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.inner().poll_read(context, buffer)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.inner().poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.inner().poll_shutdown(context)
    }
}
