//! `[serve]`: from where of a request `throttlesim serve` takes who calls.

use super::Resolver;
use crate::catalog::Spanned;
use crate::scenario::{NoPlace, Serving, Taken};

impl Resolver<'_> {
    pub(super) fn read_serving(&mut self) -> Serving {
        let raw = self.raw.serve.clone();
        let mut place = |written: Option<Spanned<String>>| {
            let written = written?;
            let place: Result<Taken, NoPlace> = written.get_ref().parse();
            if let Err(help) = &place {
                let message = format!("\"{}\" is not a part of a request", written.get_ref());
                self.malformed(written.span(), message, &help.to_string());
            }
            place.ok()
        };
        Serving { account: place(raw.account), application: place(raw.application) }
    }
}
