//! Families of blocks that stand in for one another: an enum of plain data, and a contract that
//! each of its blocks keeps.
//!
//! A block is a file with a struct: public fields are its settings, whose `Default` is what its
//! source has; private ones are its state, which begins as nothing. A strategy holds a block as it
//! begins, and every client a copy of its own. Another one takes a file, a variant here, and a line
//! of the scenario language.

/// Settings of a block that exclude one another, or with which it does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsound {
    /// What is wrong.
    pub wrong: &'static str,
    /// What would be right.
    pub remedy: &'static str,
}

impl Unsound {
    /// What is wrong, and what would be right.
    #[must_use]
    pub const fn new(wrong: &'static str, remedy: &'static str) -> Self {
        Self { wrong, remedy }
    }
}

/// An enum of blocks that passes a contract on to whichever it holds.
macro_rules! family {
    (
        $(#[$meta:meta])* $name:ident: $contract:ident $blocks:tt
        $(fn $method:ident(&mut self $(, $arg:ident: $type:ty)* $(,)?) $(-> $out:ty)?;)*
    ) => {
        family!(@blocks $(#[$meta])* $name $blocks);

        impl $contract for $name {
            $(
                #[inline]
                fn $method(&mut self $(, $arg: $type)*) $(-> $out)? {
                    family!(@each self $blocks $method ($($arg),*))
                }
            )*
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
