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

    /// Visits every caller that it tells apart, the application changing last; what it does not
    /// tell apart is 0. Plain loops: there are millions of accounts.
    #[inline]
    pub fn each_caller(self, of: Population, mut visit: impl FnMut(Caller)) {
        let [applications, accounts, regions, processes, keys] = self.counts(of);
        for application in 0..applications {
            for account in 0..accounts {
                for region in 0..regions {
                    for process in 0..processes {
                        for key in 0..keys {
                            visit(Caller { application, account, region, process, key, node: 0 });
                        }
                    }
                }
            }
        }
    }
}
