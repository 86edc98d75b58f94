//! Whom one instance of a limit is for: the factors that tell instances apart.
//!
//! ```text
//!   scope [account, process]   one for each account and each of its processes
//!   scope [process]            one for each number of a process: a machine of all accounts
//!   scope [account, key]       one for each thing that an account's requests ask for
//! ```

use crate::wire::Caller;

/// The factors that tell a limit's instances apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scope {
    /// One for each application.
    pub application: bool,
    /// One for each account.
    pub account: bool,
    /// One for each regional account.
    pub region: bool,
    /// One for each operation.
    pub operation: bool,
    /// One for each number of a process, whosever it is.
    pub process: bool,
    /// One for each thing that requests ask for.
    pub key: bool,
}

/// How many callers there are, and what they ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Population {
    /// Developer applications.
    pub applications: u32,
    /// Accounts.
    pub accounts: u32,
    /// Regional accounts of each.
    pub regions: u32,
    /// Uncoordinated processes of each of them, at least 1.
    pub processes: u32,
    /// Things that requests ask for, where limits tell them apart.
    pub keys: u32,
}

impl Population {
    /// One of each.
    pub const ONE: Self = Self { applications: 1, accounts: 1, regions: 1, processes: 1, keys: 1 };
}

impl Scope {
    /// True for each factor that it has, with its name, in the order of catalogues.
    #[must_use]
    pub const fn factors(self) -> [(bool, &'static str); 6] {
        [
            (self.application, "application"),
            (self.account, "account"),
            (self.region, "region"),
            (self.process, "process"),
            (self.key, "key"),
            (self.operation, "operation"),
        ]
    }

    /// How many of each factor are told apart, but of operations; 1 of what is not.
    #[must_use]
    pub const fn counts(self, of: Population) -> [u32; 5] {
        const fn count(scoped: bool, number: u32) -> u32 {
            if scoped { number } else { 1 }
        }
        [
            count(self.application, of.applications),
            count(self.account, of.accounts),
            count(self.region, of.regions),
            count(self.process, of.processes),
            count(self.key, of.keys),
        ]
    }

    /// How many callers it tells apart.
    #[must_use]
    pub fn instances(self, of: Population) -> u64 {
        self.counts(of).into_iter().map(u64::from).fold(1, u64::saturating_mul)
    }

    /// Every caller that it tells apart, the application changing last; what it does not tell apart
    /// is 0.
    pub fn callers(self, of: Population) -> impl Iterator<Item = Caller> {
        let [_, accounts, regions, processes, keys] = self.counts(of).map(u64::from);
        (0..self.instances(of)).map(move |number| {
            let part = |below: u64, count: u64| u32::try_from(number / below % count).unwrap_or(0);
            let (accounts_of, regions_of) = (regions * processes * keys, processes * keys);
            Caller {
                application: part(accounts * accounts_of, u64::MAX),
                account: part(accounts_of, accounts),
                region: part(regions_of, regions),
                process: part(keys, processes),
                key: part(1, keys),
                node: 0,
            }
        })
    }
}
