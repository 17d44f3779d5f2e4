//! Which private keys to use.

use std::path::PathBuf;

use crate::context::{Change, Context, Reader};
use crate::credentials::Identities;
use crate::error::Result;
use crate::ops::keys;
use crate::ops::reseal::{self, Resealed};

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

/// How to encrypt every secret anew.
#[derive(Debug, clap::Args)]
pub struct ResealArgs {
    #[command(flatten)]
    identity: IdentityArgs,
    /// Leave secrets that no identity at hand can read encrypted as they are
    #[arg(long)]
    leave_unreadable: bool,
}

impl ResealArgs {
    /// Reads the private keys, unless there is nothing to read with them.
    pub fn load_if_needed(&self, context: &Context, store: &Reader) -> Result<Identities> {
        let files = &self.identity.files;
        reseal::identities_if_needed(context, store, files, self.leave_unreadable)
    }

    /// Encrypts every secret anew.
    pub fn all(
        &self,
        context: &Context,
        change: &Change<'_>,
        identities: &Identities,
    ) -> Result<Resealed> {
        reseal::all(context, change, identities, self.leave_unreadable)
    }
}
