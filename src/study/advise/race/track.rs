//! The race itself, on the figures of runs wherever they come from.

use super::super::relation::Relation;
use super::super::yardstick::{Figures, Yardstick};
use super::board::Board;
use super::{BUDGET, Fate, LOOKS, MOST_RUNS, Race, Round, SAMPLED};
use std::cmp::Ordering;

/// Runs some tasks, each a candidate and a replication, on so many accounts, after which at most so
/// many accounts are to come; `None` if stopped.
pub(super) type Runs<'a> = dyn FnMut(&[(usize, u32)], u32, u64) -> Option<Found> + 'a;

/// The figures of some runs in their order, `None` where one took more than it may.
pub(in super::super) struct Found {
    pub figures: Vec<Option<Figures>>,
    /// How many of them were not simulated, because another candidate had the same.
    pub shared: u64,
}

/// Runs after which a simpler candidate is chosen by its means, and what no run would tell rests.
const SETTLED: u32 = 12;

/// A race under way.
pub(super) struct Track<'a> {
    board: Board<'a>,
    /// All accounts.
    accounts: u32,
    /// Runs at most.
    budget: u64,
    fates: Vec<Fate>,
    rounds: Vec<Round>,
    /// Accounts simulated so far, over all runs.
    spent: u64,
    /// Runs that were not simulated, because another candidate had the same.
    shared: u64,
}

impl<'a> Track<'a> {
    pub fn new(
        yardstick: &'a Yardstick,
        sizes: Vec<usize>,
        accounts: u32,
        budget: Option<u64>,
    ) -> Self {
        let count = sizes.len();
        Self {
            board: Board::new(yardstick, sizes),
            accounts,
            budget: budget.unwrap_or(BUDGET * count as u64),
            fates: vec![Fate::Last; count],
            rounds: Vec::new(),
            spent: 0,
            shared: 0,
        }
    }

    /// Runs the race, first on a sample of so many accounts if there is one; `None` if it was
    /// stopped.
    pub fn run(mut self, sample: Option<u32>, runs: &mut Runs<'_>) -> Option<Race> {
        if let Some(sample) = sample {
            self.phase(sample, &SAMPLED, runs)?;
            // What may still be best starts again.
            let none = vec![Vec::new(); self.fates.len()];
            self.board.ledger.sampled = std::mem::replace(&mut self.board.ledger.all, none);
        }
        self.phase(self.accounts, &LOOKS, runs)?;
        self.confirm(runs)?;
        Some(self.finish())
    }

    /// Runs every candidate that races at these numbers of runs, until nothing is left to be told
    /// apart.
    fn phase(&mut self, accounts: u32, looks: &[u32], runs: &mut Runs<'_>) -> Option<()> {
        // What comes to no end shows that in one run.
        let all = self.racing();
        if self.affordable(accounts) >= all.len() as u64 * u64::from(looks[0]) {
            self.bring(all, accounts, 1, runs)?;
        }
        for look in looks {
            let waiting = self.racing();
            self.look(waiting, accounts, *look, runs)?;
            if self.racing().len() < 2 || (*look >= SETTLED && self.are_only_simpler()) {
                break;
            }
        }
        Some(())
    }

    /// Brings the choice to as many runs as a candidate may have: what is rare in its runs may make
    /// another better.
    fn confirm(&mut self, runs: &mut Runs<'_>) -> Option<()> {
        while let Some(choice) = self.choice() {
            if self.board.done(choice) >= MOST_RUNS || self.affordable(self.accounts) == 0 {
                break;
            }
            self.look(vec![choice], self.accounts, MOST_RUNS, runs)?;
        }
        Some(())
    }

    /// Brings some candidates to so many runs, and with them all that rests and may be better than
    /// the one that is then the best.
    fn look(
        &mut self,
        places: Vec<usize>,
        accounts: u32,
        look: u32,
        runs: &mut Runs<'_>,
    ) -> Option<()> {
        self.bring(places, accounts, look, runs)?;
        loop {
            self.judge();
            let racing = self.racing();
            self.rounds.last_mut().into_iter().for_each(|round| round.left = racing.len());
            let behind = racing.into_iter().filter(|of| self.board.done(*of) < look);
            let behind: Vec<usize> = behind.collect();
            if behind.is_empty() || self.affordable(accounts) == 0 {
                return Some(());
            }
            self.bring(behind, accounts, look, runs)?;
        }
    }

    /// The candidates that still race.
    fn racing(&self) -> Vec<usize> {
        (0..self.fates.len()).filter(|place| self.fates[*place] == Fate::Last).collect()
    }

    /// The best of all that come to an end.
    fn best(&self) -> Option<usize> {
        let ends = |place: &usize| self.fates[*place] != Fate::Endless;
        self.board.best((0..self.fates.len()).filter(ends))
    }

    /// What is chosen as things are: the simplest that the means do not tell apart from the best.
    fn choice(&self) -> Option<usize> {
        let best = self.best()?;
        let is_in = |place: &usize| !self.is_out(*place);
        Some(self.board.simplest((0..self.fates.len()).filter(is_in), best))
    }

    fn is_out(&self, place: usize) -> bool {
        matches!(self.fates[place], Fate::Endless | Fate::Worse(_))
    }

    /// True if what races beside the best is surely not better by more than matters, and races only
    /// because it is simpler: then the means decide.
    fn are_only_simpler(&self) -> bool {
        let Some(best) = self.best() else { return true };
        let is_settled = |place: usize| {
            matches!(self.board.relation(place, best), Relation::Equal | Relation::NotBetter)
                || self.board.is_hopeless(place, best)
        };
        self.racing().into_iter().all(|place| place == best || is_settled(place))
    }

    /// Runs that the budget still allows.
    fn affordable(&self, accounts: u32) -> u64 {
        let all = self.budget * u64::from(self.accounts);
        all.saturating_sub(self.spent) / u64::from(accounts).max(1)
    }

    /// Brings candidates to so many runs; those for which the budget does not suffice are left.
    fn bring(
        &mut self,
        places: Vec<usize>,
        accounts: u32,
        look: u32,
        runs: &mut Runs<'_>,
    ) -> Option<()> {
        let number = self.rounds.len();
        let mut left = self.affordable(accounts);
        let mut tasks = Vec::new();
        let mut ran = Vec::new();
        for (nth, place) in self.board.in_order(&places).into_iter().enumerate() {
            let done = self.board.done(place);
            let more = look.saturating_sub(done);
            let few = u32::try_from(left).map_or(more, |left| more.min(left));
            if few < more && nth > 0 {
                self.fates[place] = Fate::Left(number);
                continue;
            }
            left -= u64::from(few);
            tasks.extend((done..done + few).map(|replication| (place, replication)));
            ran.push(place);
        }
        let most = ran.len() as u64 * u64::from(MOST_RUNS);
        let further = most.min(self.affordable(self.accounts)) * u64::from(self.accounts);
        let found = runs(&tasks, accounts, further)?;
        self.shared += found.shared;
        self.spent += (tasks.len() as u64 - found.shared) * u64::from(accounts);
        for ((place, _), found) in tasks.into_iter().zip(found.figures) {
            match found {
                Some(figures) => self.board.ledger.all[place].push(figures),
                None => self.fates[place] = Fate::Endless,
            }
        }
        let count = ran.len();
        ran.retain(|place| self.fates[*place] != Fate::Endless);
        ran.sort_unstable();
        let costs = self.board.costs(&ran);
        let left = ran.len();
        self.rounds.push(Round { accounts, runs: look, ran: count, left, costs });
        Some(())
    }

    /// Compares every candidate with the best of those that have the most runs.
    fn judge(&mut self) {
        let number = self.rounds.len().saturating_sub(1);
        let Some(best) = self.best() else { return };
        for place in 0..self.fates.len() {
            let is_out = matches!(self.fates[place], Fate::Endless | Fate::Left(_));
            if !is_out && self.board.done(place) > 0 {
                let was = self.fates[place];
                self.fates[place] = match (self.fate(place, best, number), was) {
                    // It rests since the round in which it was told apart.
                    (Fate::Worse(_), Fate::Worse(_))
                    | (Fate::NotBetter(_), Fate::NotBetter(_))
                    | (Fate::Tied(_), Fate::Tied(_))
                    | (Fate::Alike(_), Fate::Alike(_)) => was,
                    (now, _) => now,
                };
            }
        }
    }

    /// How a candidate fares against the best.
    fn fate(&self, place: usize, best: usize, number: usize) -> Fate {
        if place == best {
            return Fate::Last;
        }
        let relation = self.board.relation(place, best);
        if relation == Relation::Worse {
            return Fate::Worse(number);
        }
        // A simpler one is better if it is as good.
        let [own, its] = [place, best].map(|of| self.board.of(of));
        if self.board.is_simpler(place, best) || self.board.yardstick.may_differ(own, its) {
            return Fate::Last;
        }
        match relation {
            Relation::Equal => Fate::Tied(number),
            Relation::NotBetter => Fate::NotBetter(number),
            Relation::Open(Ordering::Equal) if self.is_hopeless(place, best) => Fate::Alike(number),
            _ => Fate::Last,
        }
    }

    /// True if a candidate has had runs enough to see that those that are left would not tell.
    fn is_hopeless(&self, place: usize, best: usize) -> bool {
        self.board.done(place) >= SETTLED && self.board.is_hopeless(place, best)
    }

    fn finish(self) -> Race {
        let Some(best) = self.choice() else { return self.into_race(Vec::new(), 0) };
        let others = (0..self.fates.len()).filter(|place| *place != best && !self.is_out(*place));
        let tied: Vec<usize> = others.filter(|place| self.board.is_tied(*place, best)).collect();
        let mut order = vec![best];
        order.extend(self.board.by_size(tied));
        let count = order.len();
        let rest = self.racing().into_iter().filter(|place| !order.contains(place));
        let rest: Vec<usize> = rest.filter(|place| self.board.done(*place) > 0).collect();
        order.extend(self.board.in_order(&rest));
        self.into_race(order, count)
    }

    fn into_race(self, order: Vec<usize>, tied: usize) -> Race {
        let Board { yardstick, ledger, .. } = self.board;
        let traded = (0..self.fates.len()).filter_map(|place| {
            let runs = ledger.last(place)?;
            let (goal, ..) = yardstick.goal()?;
            Some((place, [Yardstick::throttled(runs), yardstick.mean_cost(goal, runs)]))
        });
        Race {
            traded: traded.collect(),
            runs: self.spent.div_ceil(u64::from(self.accounts.max(1))),
            shared: self.shared,
            fates: self.fates,
            rounds: self.rounds,
            order,
            tied,
            ledger,
        }
    }
}
