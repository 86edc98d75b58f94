//! What a reader must know before the results, found while the file is read.

use super::{Meaning, ProviderMeaning};
use crate::catalog::Offer;
use crate::scenario::Note;

impl Meaning<'_> {
    /// All notes, the most important first.
    pub(super) fn notes(&self) -> Vec<Note> {
        let providers = (0..).zip(&self.providers);
        providers.flat_map(|(number, provider)| self.ends(number, provider)).collect()
    }

    /// What a provider does not offer any more, or not for long: all of it, or calls that are made.
    fn ends(&self, number: usize, provider: &ProviderMeaning) -> Vec<Note> {
        let calls = self.names.calls.iter().zip(&self.provider_of);
        let mut calls = calls.filter(|(_, of)| **of == number).map(|(call, _)| call).peekable();
        let note = |calls: Vec<String>, offer: Offer| Note::Ends {
            provider: provider.resolved.name().into(),
            calls,
            offer,
        };
        let whole = provider.resolved.standing();
        if whole.ends() && calls.peek().is_some() {
            return vec![note(Vec::new(), whole)];
        }
        let mut groups: Vec<(Offer, Vec<String>)> = Vec::new();
        for call in calls {
            let operation = provider.resolved.operation(call).map(Offer::from);
            let Some(offer) = operation.ok().filter(Offer::ends) else { continue };
            match groups.iter_mut().find(|(known, _)| *known == offer) {
                Some((_, calls)) => calls.push(call.clone()),
                None => groups.push((offer, vec![call.clone()])),
            }
        }
        groups.into_iter().map(|(offer, calls)| note(calls, offer)).collect()
    }
}
