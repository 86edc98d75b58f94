//! `[league]`: every preset, with so many workers each, as a strategy of its own.
//!
//! ```toml
//! [league]
//! presets = "all"                        # or a list of names
//! workers = [1, 4, 16]
//! ```
//!
//! Where there are several workloads, each strategy runs one of them, so that none delays another.

use super::Resolver;
use crate::catalog::Spanned;
use crate::scenario::preset::{self, presets};
use crate::scenario::raw::{PresetsText, RawStrategy};
use crate::scenario::text::{Limitable, WorkersText};
use crate::scenario::{League, Player};

/// A strategy of the league, as if it had been written.
pub(super) struct Entrant {
    pub name: Spanned<String>,
    pub raw: RawStrategy,
    pub player: Player,
}

impl Resolver<'_> {
    pub(super) fn read_league(&mut self) -> Vec<Entrant> {
        let Some(league) = self.raw.league.clone() else { return Vec::new() };
        let presets = self.league_presets(&league.presets);
        let workers = league.workers;
        if workers.get_ref().is_empty() || workers.get_ref().contains(&0) {
            let help = "write workers = [1, 4, 16]";
            self.incomplete(workers.span(), "a league of clients without workers", help);
        }
        self.once_each(workers.get_ref().iter().map(|count| (count, workers.span())));
        let place = league.presets.span();
        let workloads: Vec<Option<Spanned<String>>> = match self.raw.workload.len() {
            0 | 1 => vec![None],
            _ => self.raw.workload.keys().map(|name| Some(name.clone())).collect(),
        };
        let mut entrants = Vec::new();
        for workload in &workloads {
            for preset in &presets {
                for count in workers.get_ref().iter().copied().filter(|count| *count > 0) {
                    let of = workload.as_ref().map_or("", |workload| workload.get_ref());
                    let at = if of.is_empty() { "" } else { "-" };
                    let name = format!("{preset}-{count}{at}{of}");
                    let crew = WorkersText {
                        count: Limitable::Number(count),
                        reserve: 0,
                        shared: false,
                        across: None,
                    };
                    let raw = RawStrategy {
                        preset: Some(Spanned::new(place.clone(), preset.clone())),
                        workers: Some(Spanned::new(workers.span(), crew)),
                        label: Some(format!("{preset}, {count} workers")),
                        workloads: workload
                            .clone()
                            .map(|name| Spanned::new(name.span(), vec![name])),
                        ..RawStrategy::default()
                    };
                    let player = Player { preset: preset.clone(), workers: count };
                    let name = Spanned::new(place.clone(), name);
                    entrants.push(Entrant { name, raw, player });
                }
            }
        }
        entrants
    }

    fn league_presets(&mut self, raw: &Spanned<PresetsText>) -> Vec<String> {
        let PresetsText(Some(listed)) = raw.get_ref() else {
            return presets().iter().map(|preset| preset.name.to_string()).collect();
        };
        self.once_each(listed.iter().map(|name| (name, raw.span())));
        let mut names = Vec::new();
        for name in listed {
            match preset::find(name, raw.span()) {
                Ok(found) => names.push(found.name.to_string()),
                Err(unknown) => {
                    let help = unknown.to_string();
                    self.unknown((name, raw.span()), format!("no preset `{name}`"), &help);
                }
            }
        }
        names
    }

    /// Who plays, in the order of the strategies; `None` for those that are written out.
    pub(super) fn league(&self, players: Vec<Option<Player>>) -> Option<League> {
        self.raw.league.as_ref().map(|_| League { players })
    }
}
