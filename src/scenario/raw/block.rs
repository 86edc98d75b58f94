//! What makes a block of `strategy` a word of the language: its settings with the type of their
//! text, how they are read, and how explanations show them.

use crate::catalog::Quantity;
use crate::scenario::text::{Fraction, ShareText};
use crate::units::{Share, Span};

/// A block and its settings, in the words of the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// `aws_quota`
    pub name: String,
    /// Each setting, with its value.
    pub settings: Vec<(&'static str, String)>,
}

/// A text as the value that a block's setting has.
pub(super) trait Meant<T> {
    fn meant(&self) -> T;
}

/// A setting's value as explanations show it.
pub(super) trait Shown {
    fn shown(&self) -> String;
}

macro_rules! settings {
    ($($text:ty => $value:ty: $of:ident -> $meant:expr;)*) => {
        $(
            impl Meant<$value> for $text {
                fn meant(&self) -> $value {
                    let $of = self;
                    $meant
                }
            }

            impl Meant<Option<$value>> for $text {
                fn meant(&self) -> Option<$value> {
                    Some(self.meant())
                }
            }

            impl Shown for $value {
                fn shown(&self) -> String {
                    self.to_string()
                }
            }

            impl Shown for Option<$value> {
                fn shown(&self) -> String {
                    self.map_or("none".into(), |value| value.to_string())
                }
            }
        )*
    };
}

settings! {
    u32 => u32: of -> *of;
    f64 => f64: of -> *of;
    bool => bool: of -> *of;
    Fraction => Share: of -> of.0;
    Quantity<Span> => Span: of -> of.0;
}

impl Meant<Share> for ShareText {
    fn meant(&self) -> Share {
        self.0
    }
}

impl Meant<Share> for f64 {
    fn meant(&self) -> Share {
        Share::from_fraction(*self)
    }
}

impl<T, V: Meant<T>> Meant<Vec<T>> for Vec<V> {
    fn meant(&self) -> Vec<T> {
        self.iter().map(Meant::meant).collect()
    }
}

impl<T: Shown> Shown for Vec<T> {
    fn shown(&self) -> String {
        self.iter().map(Shown::shown).collect::<Vec<_>>().join(", ")
    }
}

/// `AwsQuota` is `aws_quota` in the language.
pub(super) fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (place, letter) in name.char_indices() {
        if letter.is_uppercase() && place > 0 {
            snake.push('_');
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// The language of families of blocks. A block has one of four forms:
///
/// ```text
///   Name { setting: Text, … }             a table of settings with the defaults of its `Default`
///   Name(setting: Text) { setting: … }    a table; the first are required, arguments of its `new`
///   Name = setting: Text;                 one value, the block's only setting
///   , Name = Block                        before all others: the name alone
/// ```
macro_rules! blocks {
    ($($(#[$doc:meta])* $raw:ident: $family:ident
        $(, $(#[$is:meta])* $word:ident = $alone:ident)?
    {
        $($(#[$does:meta])* $block:ident
            $(= $value:ident: $of:ty;)?
            $(($($(#[$needs:meta])* $need:ident: $needed:ty),+))?
            $({ $($(#[$says:meta])* $setting:ident: $text:ty),* })?
        )*
    })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Deserialize)]
            #[cfg_attr(test, derive(schemars::JsonSchema))]
            #[serde(rename_all = "snake_case")]
            pub(in crate::scenario) enum $raw {
                $($(#[$is])* $word,)?
                $($(#[$does])* $block($block),)*
            }

            $(blocks! {
                @form $(#[$does])* $block
                $(= $value: $of;)?
                $(($($(#[$needs])* $need: $needed),+))?
                $({ $($(#[$says])* $setting: $text),* })?
            })*

            impl $raw {
                /// The block as it begins, and what is wrong with its settings.
                pub fn meant(&self) -> (strategy::$family, Vec<strategy::Unsound>) {
                    match self {
                        $(Self::$word => (strategy::$alone.into(), Vec::new()),)?
                        $(Self::$block(raw) => {
                            let block = raw.block();
                            let found = block.problem().into_iter().collect();
                            (block.into(), found)
                        })*
                    }
                }
            }

            impl From<&strategy::$family> for Described {
                fn from(block: &strategy::$family) -> Self {
                    match block {
                        $(strategy::$family::$alone(_) => {
                            Self { name: snake(stringify!($word)), settings: Vec::new() }
                        })?
                        $(strategy::$family::$block(block) => {
                            Self { name: snake(stringify!($block)), settings: $block::shown(block) }
                        })*
                        // A block that the language has no word for.
                        #[allow(unreachable_patterns)]
                        other => Self { name: format!("{other:?}"), settings: Vec::new() },
                    }
                }
            }
        )*
    };

    (@form $(#[$does:meta])* $block:ident = $value:ident: $of:ty;) => {
        #[derive(Debug, Clone, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(transparent)]
        pub(in crate::scenario) struct $block {
            pub $value: $of,
        }

        impl $block {
            fn block(&self) -> strategy::$block {
                strategy::$block { $value: self.$value.meant() }
            }
        }

        blocks!(@shown $block $value);
    };

    (@form $(#[$does:meta])* $block:ident
        ($($(#[$needs:meta])* $need:ident: $needed:ty),+)
        { $($(#[$says:meta])* $setting:ident: $text:ty),* }
    ) => {
        $(#[$does])*
        #[derive(Debug, Clone, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields)]
        pub(in crate::scenario) struct $block {
            $($(#[$needs])* pub $need: $needed,)+
            $($(#[$says])* pub $setting: Option<$text>,)*
        }

        impl $block {
            fn block(&self) -> strategy::$block {
                let block = strategy::$block::new($(self.$need.meant()),+);
                blocks!(@set self block $($setting)*)
            }
        }

        blocks!(@shown $block $($need)+ $($setting)*);
    };

    (@form $(#[$does:meta])* $block:ident
        { $($(#[$says:meta])* $setting:ident: $text:ty),* }
    ) => {
        $(#[$does])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(deny_unknown_fields, default)]
        pub(in crate::scenario) struct $block {
            $(
                $(#[$says])*
                #[cfg_attr(test, schemars(extend("default" = schemas::default_of(
                    &strategy::$block::default().$setting.shown()
                ))))]
                pub $setting: Option<$text>,
            )*
        }

        impl $block {
            fn block(&self) -> strategy::$block {
                let block = strategy::$block::default();
                blocks!(@set self block $($setting)*)
            }
        }

        blocks!(@shown $block $($setting)*);
    };

    (@set $self:ident $block:ident $($setting:ident)*) => {{
        let mut block = $block;
        $(if let Some(setting) = &$self.$setting {
            block.$setting = setting.meant();
        })*
        block
    }};

    (@shown $block:ident $($setting:ident)*) => {
        impl $block {
            fn shown(block: &strategy::$block) -> Vec<(&'static str, String)> {
                vec![$((stringify!($setting), block.$setting.shown())),*]
            }
        }
    };
}

pub(super) use blocks;
