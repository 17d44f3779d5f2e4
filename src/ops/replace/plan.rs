//! Plans of a replacement: what a dry run wrote, for whoever reviews it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::super::plan_file;
use crate::error::{Error, Result};
use crate::model::{ConnectorId, End, Move, MoveOutcome, Replacement, Revision, Role, ServiceId};

/// What was planned for one service, as a dry run wrote it. Of a plan to delete it has too little.
#[derive(Deserialize)]
pub struct Planned {
    id: ServiceId,
    outcome: String,
    #[serde(default)]
    roles: Vec<Role>,
    from: Option<ConnectorId>,
    to: Option<ConnectorId>,
    revision: Option<Revision>,
    from_revision: Option<Revision>,
    to_revision: Option<Revision>,
}

impl Planned {
    /// The replacement of this one service; else why there is none.
    pub fn into_replacement(self) -> std::result::Result<Replacement, String> {
        match MoveOutcome::from_name(&self.outcome) {
            Some(MoveOutcome::WouldReplace) => {}
            Some(MoveOutcome::Replaced) => {
                return Err("this is the report of a replacement, not a plan".to_owned());
            }
            None => return Err("this is no plan of a replacement".to_owned()),
        }
        let Self {
            id,
            from: Some(from),
            to: Some(to),
            revision: Some(revision),
            from_revision: Some(from_revision),
            to_revision: Some(to_revision),
            ..
        } = self
        else {
            return Err(format!("{} lacks a part", self.id));
        };
        Ok(Replacement {
            from: End {
                id: from,
                revision: from_revision,
            },
            to: End {
                id: to,
                revision: to_revision,
            },
            moves: vec![Move {
                service: id,
                roles: self.roles.into_iter().collect(),
                revision,
            }],
        })
    }
}

/// Replacements by one connector, put together from those of single services.
#[derive(Default)]
pub struct Gathered(BTreeMap<ConnectorId, Replacement>);

impl Gathered {
    /// Adds a service; else why that cannot be.
    pub fn add(&mut self, one: Replacement) -> std::result::Result<(), String> {
        let contradicts = |one: &Replacement| {
            let services = one.moves.iter().map(|one| one.service.as_str());
            let services = services.collect::<Vec<_>>().join(", ");
            Err(format!("{services} contradicts what stands before it"))
        };
        if self
            .0
            .values()
            .next()
            .is_some_and(|other| other.to != one.to)
        {
            return contradicts(&one);
        }
        match self.0.get_mut(&one.from.id) {
            Some(known) if known.from != one.from => contradicts(&one),
            Some(known) => {
                known.moves.extend(one.moves);
                Ok(())
            }
            None => {
                self.0.insert(one.from.id.clone(), one);
                Ok(())
            }
        }
    }

    /// One for each connector that gives way, with its services by id; else why that cannot be.
    pub fn finish(self) -> std::result::Result<Vec<Replacement>, String> {
        let mut all: Vec<_> = self.0.into_values().collect();
        for Replacement { moves, .. } in &mut all {
            moves.sort_by(|one, other| one.service.cmp(&other.service));
            let twice = moves
                .windows(2)
                .find(|two| two[0].service == two[1].service);
            if let Some(twice) = twice {
                return Err(format!("{} stands there twice", twice[0].service));
            }
        }
        Ok(all)
    }
}

/// The replacement that a dry run planned, with what it looked at; `None` if it planned none.
pub fn read(path: &Path) -> Result<Option<Replacement>> {
    let name = plan_file::name(path);
    let wrong = |message: &str| {
        Error::usage(format!("{name}: {message}; nothing was changed"))
            .hint("a plan is what \"connctl replace --dry-run -o json\" writes")
    };
    let mut gathered = Gathered::default();
    for planned in plan_file::read::<Planned>(path, &wrong)? {
        let one = planned.into_replacement();
        one.and_then(|one| gathered.add(one))
            .map_err(|message| wrong(&message))?;
    }
    let mut all = gathered.finish().map_err(|message| wrong(&message))?;
    if all.len() > 1 {
        return Err(wrong("it puts one in the place of several"));
    }
    Ok(all.pop())
}
