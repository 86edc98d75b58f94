//! What a strategy spares its provider: `start`, `cache` and `batch`, and the `keys` of a workload.

use super::Resolver;
use super::indices::Known;
use super::strategies::sharing;
use crate::catalog::Quantity;
use crate::catalog::Spanned;
use crate::scenario::raw::{RawStart, RawStrategy, RawUnits, RawWorkload};
use crate::scenario::text::value;
use crate::strategy::{Batching, Caching, Start};
use crate::workload::Keys;
use std::collections::HashSet;

/// Things that a workload can ask for at most.
const MOST_KEYS: u32 = 10_000_000;

impl Resolver<'_> {
    pub(super) fn keys(&mut self, raw: &RawWorkload) -> Option<Keys> {
        let keys = raw.keys.as_ref()?;
        let (count, s) = (keys.get_ref().count, keys.get_ref().zipf);
        if !(1..=MOST_KEYS).contains(&count) {
            let help = format!("write a count from 1 to {MOST_KEYS}");
            self.out_of_range(keys.span(), format!("{count} things to ask for"), &help);
        }
        if !(0.0..=10.0).contains(&s) {
            let message = format!("{s} is no exponent of Zipf's law");
            self.out_of_range(
                keys.span(),
                message,
                "write 0 (all alike) to 10; web caches see 0.8",
            );
        }
        Some(Keys::zipf(count.clamp(1, MOST_KEYS), if s.is_finite() { s.max(0.0) } else { 0.0 }))
    }

    pub(super) fn put_off(&mut self, raw: &RawStrategy) -> Option<Start> {
        let start = raw.start.as_ref()?;
        let (period, made): (_, fn(_) -> _) = match *start.get_ref() {
            RawStart::Offset(Quantity(period)) => (period, Start::Offset),
            RawStart::Spread(Quantity(period)) => (period, Start::Spread),
        };
        if period.is_zero() {
            let help = "write how long it takes until all have begun, such as \"15m\"";
            self.no_effect(start.span(), "a start that is not put off at all", help);
        }
        Some(made(period))
    }

    pub(super) fn cache(&mut self, raw: &RawStrategy) -> Option<Caching> {
        let cache = raw.cache.as_ref()?;
        let known = self.raw.workload.values().any(|workload| workload.keys.is_some());
        if !known {
            let message = "a cache of answers to what? no workload says what its requests ask for";
            let help = "write keys = { count = 10000, zipf = 0.8 } in a workload";
            self.incomplete(cache.span(), message, help);
        }
        let of = cache.get_ref();
        if of.ttl.0.is_zero() || of.capacity == Some(0) {
            let help = "write a `ttl` above 0 and a `capacity` of 1 or more";
            self.no_effect(cache.span(), "a cache that keeps nothing", help);
        }
        if of.shared && of.across.is_some() {
            self.shared_beside_across(cache.span());
        }
        let sharing = sharing(of.shared, of.across);
        Some(Caching { ttl: of.ttl.0, capacity: of.capacity, sharing })
    }

    pub(super) fn batch(&mut self, raw: &RawStrategy) -> Option<Batching> {
        let spanned = raw.batch.as_ref()?;
        let batch = spanned.get_ref();
        let known = Known::of(self.names.calls.iter().map(String::as_str));
        for call in batch.calls.iter().flatten() {
            if known.place(call.get_ref()).is_none() {
                let help = self.remedy(call.get_ref(), &known, "the calls are");
                let message = format!("nobody calls `{}` here", call.get_ref());
                self.no_effect(call.span(), message, &help);
            }
        }
        let names = |calls: &'_ Vec<Spanned<String>>| -> HashSet<String> {
            calls.iter().map(|call| call.get_ref().clone()).collect()
        };
        let named = batch.calls.as_ref().map(names);
        let whole = self.whole_batches();
        for call in batch.calls.iter().flatten().filter(|call| whole.contains(call.get_ref())) {
            let message = format!("each request of `{}` is a whole batch", call.get_ref());
            let help = "a step has per = \"batch\": name other calls";
            self.no_effect(call.span(), message, help);
        }
        let mut sizes = Vec::new();
        for (name, provider) in self.names.calls.clone().iter().zip(self.provider_of.clone()) {
            let mut size = 1;
            let is_meant = named.as_ref().is_none_or(|calls| calls.contains(name.as_str()));
            if is_meant && !whole.contains(name) {
                let facts = self.providers[provider].resolved.operation(name).ok();
                let published = facts.and_then(|facts| value(facts.batch_limit.as_ref()));
                if let Some((given, limit)) = batch.size.zip(published).filter(|(g, l)| g > l) {
                    let message = format!("{given} in a call of `{name}`, which takes {limit}");
                    self.out_of_range(spanned.span(), message, "write a smaller `size`");
                }
                size = batch.size.or(published).unwrap_or(1).max(1);
            }
            sizes.push(size);
        }
        if sizes.iter().all(|size| *size == 1) {
            let message = "no call takes more than one request at a time";
            let help = match whole.is_empty() {
                true => "write a `size` for calls whose batch limit is not published",
                false => "steps with per = \"batch\" send whole batches: leave `batch` out",
            };
            self.no_effect(spanned.span(), message, help);
        }
        Some(Batching { linger: batch.linger.0, sizes })
    }

    /// The calls whose requests are whole batches already: no more fit into one.
    fn whole_batches(&self) -> HashSet<String> {
        let steps = self.raw.workload.values().filter_map(|workload| workload.steps.as_ref());
        let steps = steps.flat_map(|steps| steps.get_ref());
        let whole = steps.filter(|step| value(step.per.as_ref()) == Some(RawUnits::Batch));
        whole.map(|step| step.call.get_ref().clone()).collect()
    }
}
