//! `[provider.NAME]` and `[limit.NAME]`: whose limits hold, in which region and environment.

use super::Resolver;
use crate::catalog::Spanned;
use crate::catalog::{
    self, Problem, ProblemKind, Provider, Resolved, Selection, Supplied, limit_problems,
};
use crate::scenario::OpenReading;
use crate::scenario::raw::{RawFigures, RawProvider};
use crate::scenario::text::PlanText;
use std::ops::Range;
use std::sync::Arc;

/// Plans that shares of the accounts have, besides the one that is resolved first.
pub(super) struct Shared {
    /// Where the scenario says so.
    pub place: Range<usize>,
    /// The catalogue under each other plan, with its name.
    pub others: Vec<(String, Resolved)>,
    /// The plan of each account.
    pub plan_of: Arc<[u16]>,
}

/// A provider as the scenario uses it.
pub(super) struct ResolvedProvider {
    /// The scenario's own name for it.
    pub name: String,
    pub resolved: Resolved,
    pub raw: RawProvider,
    /// Other plans that some of its accounts have.
    pub shared: Option<Shared>,
}

impl Resolver<'_> {
    pub(super) fn read_providers(&mut self) {
        for (name, raw) in self.raw.provider.clone() {
            if let Some((resolved, shared)) = self.read_provider(&name, &raw) {
                let name = name.into_inner();
                self.names.providers.push((name.clone(), chosen(&resolved, &raw)));
                self.providers.push(ResolvedProvider { name, resolved, raw, shared });
            }
        }
        if self.raw.limit.is_empty() {
            if self.raw.provider.is_empty() {
                let help = "add `[provider.amazon]` with `catalog = \"sp-api\"`, or a limit of \
                            your own, `[limit.NAME]`";
                self.missing(None, "a provider", help);
            }
            return;
        }
        self.read_own_limits();
    }

    /// The scenario's own limits belong to its one provider, or to one without a catalogue.
    fn read_own_limits(&mut self) {
        if self.providers.is_empty() && self.raw.provider.is_empty() {
            let resolved = Resolved::unlimited("own");
            let raw = RawProvider::default();
            let name = "own".into();
            self.providers.push(ResolvedProvider { name, resolved, raw, shared: None });
        }
        for (name, limit) in self.raw.limit.clone() {
            self.problems.extend(limit_problems(&name, &limit, None));
            let several = self.providers.len() > 1;
            match self.providers.first_mut() {
                Some(only) if !several => only.resolved.put_limit(name.get_ref(), limit),
                _ => self.contradiction(
                    name.span(),
                    "with several providers it is not clear whose limit this is",
                    "put it into a catalogue file of its own and name that as a provider's",
                ),
            }
        }
    }

    fn read_provider(
        &mut self,
        name: &Spanned<String>,
        raw: &RawProvider,
    ) -> Option<(Resolved, Option<Shared>)> {
        let Some(catalog) = &raw.catalog else {
            let what = format!("`catalog` of provider `{}`", name.get_ref());
            let help = "write catalog = \"sp-api\", or the path of a file of your own";
            self.missing(Some(name.span()), &what, help);
            return None;
        };
        let provider = self.open(catalog)?;
        let text = |spanned: &'_ Option<Spanned<String>>| {
            spanned.as_ref().map(|spanned| spanned.get_ref().clone())
        };
        let (region, environment) = (text(&raw.region), text(&raw.environment));
        let readings: Vec<(&str, &str)> = (raw.readings.iter())
            .map(|(name, choice)| (name.get_ref().as_str(), choice.get_ref().as_str()))
            .collect();
        let plans = self.chosen_plans(raw);
        let of_plan = |plan| Selection {
            region: region.as_deref(),
            environment: environment.as_deref(),
            plan,
            readings: &readings,
        };
        let selection = of_plan(plans.first.as_deref());
        let mut resolved = self.resolve(&provider, &selection, (catalog, raw))?;
        self.note_readings(name.get_ref(), &provider, &resolved);
        self.supply(&mut resolved, raw, true);
        let mut others = Vec::new();
        for plan in plans.others() {
            let mut other = self.resolve(&provider, &of_plan(Some(plan)), (catalog, raw))?;
            self.supply(&mut other, raw, false);
            others.push((plan.to_string(), other));
        }
        let shared = self.share_plans(plans, others, resolved.name());
        Some((resolved, shared))
    }

    /// A provider under one selection, or every problem of it at its place.
    fn resolve(
        &mut self,
        provider: &Provider,
        selection: &Selection<'_>,
        (catalog, raw): (&Spanned<String>, &RawProvider),
    ) -> Option<Resolved> {
        let problems = match provider.resolve(selection) {
            Ok(resolved) => return Some(resolved),
            Err(problems) => problems,
        };
        for problem in problems {
            let place = blame(&problem, raw).unwrap_or(catalog.span());
            self.problems.push(Problem { span: Some(place), ..problem });
        }
        None
    }

    /// What the provider leaves open.
    fn note_readings(&mut self, provider: &str, catalogue: &Provider, resolved: &Resolved) {
        let open = catalogue.readings().map(|(name, reading)| {
            let choices: Vec<String> =
                reading.choices.keys().map(|choice| choice.get_ref().clone()).collect();
            let chosen = resolved.choices().find(|(known, _)| *known == name);
            let chosen = chosen.and_then(|(_, choice)| choices.iter().position(|c| c == choice));
            OpenReading {
                provider: provider.into(),
                name: name.into(),
                question: reading.question.clone(),
                choices,
                chosen: chosen.unwrap_or(0),
            }
        });
        self.readings.extend(open);
    }

    /// A catalogue that ships with the program, or a file of the user's own.
    fn open(&mut self, catalog: &Spanned<String>) -> Option<Provider> {
        let name = catalog.get_ref();
        if !name.ends_with(".toml") {
            let built_in = catalog::built_in(name);
            return built_in.map_err(|list| self.all_at(catalog.span(), list, None)).ok();
        }
        let text = self.read_file(name, catalog.span())?;
        let read = Provider::read(text.clone());
        read.map_err(|list| self.all_at(catalog.span(), list, Some((name, &text)))).ok()
    }

    /// Problems of another file, told at the place that names it.
    fn all_at(&mut self, place: Range<usize>, list: Vec<Problem>, file: Option<(&str, &str)>) {
        for problem in list {
            let line = match (&problem.span, file) {
                (Some(span), Some((name, text))) => format!("{}: ", line_of(name, text, span)),
                (None, Some((name, _))) => format!("{name}: "),
                (_, None) => String::new(),
            };
            let message = format!("{line}{}", problem.message);
            let span = Some(place.clone());
            self.problems.push(Problem { span, message, ..problem });
        }
    }

    /// The scenario's own figures for operations; what is wrong with them is told if `tells`.
    fn supply(&mut self, resolved: &mut Resolved, raw: &RawProvider, tells: bool) {
        for (name, figures) in &raw.operation {
            for (count, what) in [(&figures.burst, "burst"), (&figures.limit, "limit")] {
                if let Some(zero) = count.as_ref().filter(|count| tells && *count.get_ref() == 0) {
                    let message = format!("a {what} of 0 admits nothing");
                    self.out_of_range(zero.span(), message, "write 1 or more");
                }
            }
            let RawFigures { rate, burst, limit } = figures.clone();
            resolved.put_figures(name.get_ref(), Supplied { rate, burst, limit });
        }
    }
}

/// Whose limits, and which of them.
fn chosen(resolved: &Resolved, raw: &RawProvider) -> String {
    let mut parts = vec![resolved.name().to_string()];
    parts.extend(resolved.region().map(str::to_string));
    parts.push(resolved.environment().name().into());
    parts.extend(match raw.plan.as_ref().map(Spanned::get_ref) {
        Some(PlanText::Shares(shares)) => {
            let names: Vec<&str> = shares.keys().map(|name| name.get_ref().as_str()).collect();
            Some(format!("plans {}", names.join(" and ")))
        }
        _ => resolved.plan().map(|plan| format!("plan {plan}")),
    });
    let readings = resolved.choices();
    parts.extend(readings.map(|(name, choice)| format!("{name} = {choice}")));
    parts.join(", ")
}

/// `file:line:column` of a place in another file.
fn line_of(name: &str, text: &str, span: &Range<usize>) -> String {
    let before = &text[..span.start.min(text.len())];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    format!("{name}:{line}:{column}")
}

/// The value that a problem of a selection is about: the one whose text it quotes.
fn blame(problem: &Problem, raw: &RawProvider) -> Option<Range<usize>> {
    let ProblemKind::UnknownName { name } = &problem.kind else { return None };
    let scalars = raw.region.iter().chain(&raw.environment).chain(raw.readings.values());
    let plans = match raw.plan.as_ref().map(|plan| (plan.get_ref(), plan.span())) {
        Some((PlanText::One(plan), place)) => vec![(plan, place)],
        Some((PlanText::Shares(shares), _)) => {
            shares.keys().map(|plan| (plan.get_ref(), plan.span())).collect()
        }
        None => Vec::new(),
    };
    let named = scalars.chain(raw.readings.keys()).map(|name| (name.get_ref(), name.span()));
    let mut all = named.chain(plans);
    all.find(|(known, _)| *known == name).map(|(_, place)| place)
}
