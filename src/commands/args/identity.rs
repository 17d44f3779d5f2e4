//! Which private keys to use.

use std::path::PathBuf;

use crate::context::Context;
use crate::credentials::Identities;
use crate::error::Result;
use crate::ops::keys;

/// Which private keys to use.
#[derive(Debug, clap::Args)]
pub struct IdentityArgs {
    /// A file with private keys: age identities or an SSH key; may be given several times
    /// [env: CONNCTL_IDENTITY] [default: connctl/identity.txt in the configuration folder]
    #[arg(long = "identity", value_name = "FILE")]
    pub files: Vec<PathBuf>,
}

impl IdentityArgs {
    /// Reads the private keys, asking for passphrases.
    pub fn load(&self, context: &Context) -> Result<Identities> {
        keys::load(&self.files, context)
    }
}
