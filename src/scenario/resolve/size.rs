//! `[size]`: which value is looked for, and what must hold with it.

use super::Resolver;
use super::sweep::ends;
use crate::limiter::Population;
use crate::scenario::Expectation;
use crate::scenario::raw::{RawExpect, RawGoal};
use crate::scenario::sizing::{Goal, Sizing};

impl Resolver<'_> {
    pub(super) fn read_size(
        &mut self,
        population: Population,
        expectations: &[Expectation],
    ) -> Option<Sizing> {
        let raw = self.raw.size.clone()?;
        let place = raw.span();
        let size = raw.into_inner();
        let parts = self.parts();
        let known = &parts.strategies;
        for (key, name) in [("workload", &size.workload), ("call", &size.call)] {
            if let Some(name) = name.as_ref().filter(|_| size.meet.is_none()) {
                let message = format!("`{key}` has no effect: it belongs to `meet`");
                let help = format!("write `{key}` in an [[expect]], or add `meet`");
                self.no_effect(name.span(), message, &help);
            }
        }
        let strategies: Vec<usize> = match &size.strategies {
            None => (0..known.len()).collect(),
            Some(names) => {
                if names.is_empty() {
                    let help = "name one or more, or leave `strategies` out for all of them";
                    self.incomplete(place.clone(), "a size for no strategy", help);
                }
                self.once_each(names.iter().map(|name| (name.get_ref(), name.span())));
                names.iter().filter_map(|name| self.named(Some(name), known, "strategy")).collect()
            }
        };
        let meet: Vec<Expectation> = match &size.meet {
            None => expectations.to_vec(),
            Some(all) => {
                let expectation = |that: &crate::catalog::Spanned<String>| RawExpect {
                    that: that.clone(),
                    strategy: None,
                    workload: size.workload.clone(),
                    call: size.call.clone(),
                    account: None,
                    why: None,
                };
                let all: Vec<RawExpect> = all.iter().map(expectation).collect();
                all.iter().filter_map(|one| self.expectation(one, population, &parts)).collect()
            }
        };
        if meet.is_empty() {
            let help = "write meet = [\"throttle_rate < 1%\"], or an [[expect]]";
            self.incomplete(place.clone(), "nothing that must hold", help);
        }
        match ends(Some(size.from.get_ref()), Some(size.to.get_ref())) {
            Ok((from, to)) => Some(Sizing {
                address: size.address.get_ref().clone(),
                from,
                to,
                goal: match size.goal {
                    RawGoal::Largest => Goal::Largest,
                    RawGoal::Smallest => Goal::Smallest,
                },
                meet,
                strategies,
            }),
            Err(message) => {
                let help = "write from = 1 and to = 500, or \"50%\" and \"110%\"";
                self.no_effect(size.from.span().start..size.to.span().end, message, help);
                None
            }
        }
    }
}
