//! The vocabulary of an integration platform as plain values.
//!
//! Nothing here performs input or output, reads a clock or knows a store: a value is made from text
//! or from its parts, is valid from then on, and can be compared, shown and serialized.

mod access;
mod audit;
pub mod condition;
mod connector;
mod deed;
mod environment;
mod file;
mod guards;
mod id;
mod impact;
mod label;
mod macros;
mod patch;
mod plan;
mod policy;
mod reference;
mod replacement;
mod revision;
mod search;
mod secret;
mod sensitive;
mod service;
mod settings;
pub mod text;
mod time;
pub mod token;
pub mod tree;
mod trial;
mod variable;

pub use access::{Actor, Grant, InvalidUserName, Permission, UserName, UserRole};
pub use audit::{
    Action, AuditEntry, AuditFilter, ChainedAnew, Detail, Event, Hash, Hasher, Head, InvalidHash,
    TEXT_LIMIT, Verdict, bounded, mentioned, without_values,
};
pub use connector::{Connector, ConnectorEdit, ConnectorFilter, ConnectorSummary, Edit};
pub use deed::Deed;
pub use environment::Environment;
pub use file::{
    ConnectorRecord, RecipientRecord, Record, RecordType, ServiceRecord, TransferFormat,
};
pub use guards::{Answers, Cleared, GuardUse};
pub use id::{ConnectorId, InvalidId, ServiceId};
pub use impact::{Impact, ServiceUse};
pub use label::{InvalidText, Label, Name, UNREADABLE};
pub use patch::{
    ConnectorPatch, Patch, SecretsEdit, ServicePatch, changed_fields, changed_service_fields,
};
pub use plan::{
    ConnectorSubject, Options, Outcome, Plan, Problem, Refusal, Row, ServiceSubject, State, Subject,
};
pub use policy::{Policy, UnknownPolicy};
pub use reference::{Reference, Role, Usage};
pub use replacement::{End, Move, MoveOutcome, Replacement, Roles};
pub use revision::Revision;
pub use search::Search;
pub use secret::{
    MAX_SECRET_SIZE, Secret, SecretChanges, SecretName, SecretText, SecretTexts, is_mask,
};
pub use sensitive::{Exposed, holds_password};
pub use service::{
    ImpossibleEdit, RoleEdit, Service, ServiceEdit, ServiceFilter, ServiceKind, ServiceSummary,
};
pub use settings::{Assignment, InvalidAssignment, Settings};
pub use time::{Duration, InvalidDuration, InvalidTime, Since, Time, TooLate, When};
pub use trial::{Attempt, Attempts, Trial, Trials};
pub use variable::VariableName;
