//! Families of blocks that stand in for one another: an enum of plain data, and a contract that
//! each of its blocks keeps.
//!
//! A block is a file with a struct: public fields are its settings, whose `Default` is what its
//! source has; private ones are its state, which begins as nothing. A strategy holds a block as it
//! begins, and every client a copy of its own. Another one takes a file, a variant here, and a line
//! of the scenario language.

use crate::units::Span;
use std::borrow::Cow;

/// What sort of mistake the settings of a block make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// They exclude one another, or the block does nothing with them.
    Contradiction,
    /// One of them is beyond what is possible.
    OutOfRange,
    /// Something is missing.
    Incomplete,
    /// One of them changes nothing.
    NoEffect,
}

/// Settings with which a block does not do what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsound {
    /// What sort of mistake it is.
    pub flaw: Flaw,
    /// What is wrong.
    pub wrong: Cow<'static, str>,
    /// What would be right.
    pub remedy: Cow<'static, str>,
}

impl Unsound {
    /// What is wrong, and what would be right.
    fn of(flaw: Flaw, wrong: impl Into<Cow<'static, str>>, remedy: Cow<'static, str>) -> Self {
        Self { flaw, wrong: wrong.into(), remedy }
    }

    /// A contradiction.
    #[must_use]
    pub fn new(wrong: &'static str, remedy: &'static str) -> Self {
        Self::of(Flaw::Contradiction, wrong, remedy.into())
    }

    /// A setting beyond what is possible.
    #[must_use]
    pub fn out_of_range(wrong: impl Into<Cow<'static, str>>, remedy: &'static str) -> Self {
        Self::of(Flaw::OutOfRange, wrong, remedy.into())
    }

    /// Something that is missing.
    #[must_use]
    pub fn incomplete(wrong: &'static str, remedy: &'static str) -> Self {
        Self::of(Flaw::Incomplete, wrong, remedy.into())
    }

    /// A setting that changes nothing.
    #[must_use]
    pub fn no_effect(wrong: &'static str, remedy: &'static str) -> Self {
        Self::of(Flaw::NoEffect, wrong, remedy.into())
    }

    /// A first wait, with its key, that is 0 or above the longest.
    #[must_use]
    pub fn first_wait((key, first): (&str, Span), cap: Span) -> Option<Self> {
        if !first.is_zero() && first <= cap {
            return None;
        }
        let wrong = match cap < Span::LONGEST {
            true => format!("a back-off from {first} up to {cap}"),
            false => format!("a back-off from {first}"),
        };
        let remedy = format!("the {key} is above 0 and not above the cap");
        Some(Self::of(Flaw::OutOfRange, wrong, remedy.into()))
    }
}

/// An enum of blocks that passes a contract on to whichever it holds.
macro_rules! family {
    (
        $(#[$meta:meta])* $name:ident: $contract:ident $blocks:tt
        $(fn $method:ident $args:tt $(-> $out:ty)?;)*
    ) => {
        family!(@blocks $(#[$meta])* $name $blocks);

        impl $contract for $name {
            $(family!(@method $blocks $method $args $(-> $out)?);)*
        }
    };
    (@method $blocks:tt $method:ident
        (&mut self $(, $arg:ident: $type:ty)* $(,)?) $(-> $out:ty)?
    ) => {
        #[inline]
        fn $method(&mut self $(, $arg: $type)*) $(-> $out)? {
            family!(@each self $blocks $method ($($arg),*))
        }
    };
    (@method $blocks:tt $method:ident
        (&self $(, $arg:ident: $type:ty)* $(,)?) $(-> $out:ty)?
    ) => {
        #[inline(always)]
        fn $method(&self $(, $arg: $type)*) $(-> $out)? {
            family!(@each self $blocks $method ($($arg),*))
        }
    };
    (@blocks $(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $block:ident,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$doc])* $block($block),)*
        }

        $(
            impl From<$block> for $name {
                fn from(block: $block) -> Self {
                    Self::$block(block)
                }
            }
        )*
    };
    (@each $self:ident { $($(#[$doc:meta])* $block:ident,)* } $method:ident $args:tt) => {
        match $self {
            $(Self::$block(block) => block.$method $args,)*
        }
    };
}

pub(super) use family;
