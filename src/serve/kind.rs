//! Which providers are answered in their own form.

use http::{HeaderMap, header};

/// A provider whose answers, or whose callers, have a form of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    SpApi,
    AmazonPay,
    PaApi,
    CreatorsApi,
    Ecomdash,
    ShopifyRest,
    ShopifyGraphql,
    Walmart,
    Etsy,
    BigCommerce,
    Stripe,
    Merchant,
    /// Any other.
    Plain,
}

/// Headers by which clients of a plain API tell who they are, the first that is there.
const CREDENTIALS: [&str; 5] =
    ["x-account", "authorization", "x-auth-token", "x-api-key", "ocp-apim-subscription-key"];

impl Kind {
    /// The kind of a provider, by the name in its catalogue; copies of a catalogue keep it.
    pub fn of(name: &str) -> Self {
        match name {
            "SP-API" => Self::SpApi,
            "Amazon Pay" => Self::AmazonPay,
            "PA-API" => Self::PaApi,
            "Creators API" => Self::CreatorsApi,
            "Ecomdash" => Self::Ecomdash,
            "Shopify REST" => Self::ShopifyRest,
            "Shopify GraphQL" => Self::ShopifyGraphql,
            "Walmart Marketplace" => Self::Walmart,
            "Etsy" => Self::Etsy,
            "BigCommerce" => Self::BigCommerce,
            "Stripe" => Self::Stripe,
            "Google Merchant API" => Self::Merchant,
            _ => Self::Plain,
        }
    }

    /// The text by which a call tells its account, where no token of this endpoint does; `words`
    /// stand for what is in braces of its path.
    pub fn credential<'a>(self, headers: &'a HeaderMap, words: &[&'a str]) -> Option<&'a str> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        match self {
            Self::SpApi => text("x-amz-access-token"),
            Self::AmazonPay => text("authorization").and_then(public_key),
            Self::PaApi => text("authorization").and_then(access_key),
            Self::Ecomdash => text("ocp-apim-subscription-key").or_else(|| text("authorization")),
            Self::ShopifyRest | Self::ShopifyGraphql => text("x-shopify-access-token"),
            Self::Walmart => text("wm_sec.access_token").or_else(|| text("authorization")),
            Self::Etsy => text("x-api-key"),
            Self::BigCommerce => text("x-auth-token"),
            Self::CreatorsApi | Self::Stripe => text("authorization"),
            Self::Merchant => words.first().copied(),
            Self::Plain => {
                let said = CREDENTIALS.iter().find_map(|name| text(name))?;
                // A signature is another one with each call, its key is not.
                Some(access_key(said).unwrap_or(said))
            }
        }
    }

    /// What of its callers is a guess.
    pub const fn guess(self) -> Option<&'static str> {
        match self {
            Self::AmazonPay => Some(
                "the reasonCode of a 429 is in no source: it is \"TooManyRequests\"; a public key \
                 is an account",
            ),
            Self::Ecomdash => Some(
                "answers have the form of Azure API Management; a subscription key is an account",
            ),
            Self::ShopifyGraphql => {
                Some("a query costs what the scenario or catalogue says: queries are not read")
            }
            Self::Merchant => Some("bodies of successes are empty"),
            Self::Walmart | Self::Etsy | Self::BigCommerce | Self::Stripe => {
                Some("bodies of successes are empty; a credential is an account")
            }
            Self::PaApi | Self::CreatorsApi | Self::ShopifyRest => {
                Some("a credential is an account, of application 1")
            }
            Self::SpApi | Self::Plain => None,
        }
    }
}

/// `AMZN-PAY-RSASSA-PSS-V2 PublicKeyId=SANDBOX-…, SignedHeaders=…`
fn public_key(authorization: &str) -> Option<&str> {
    let (_, rest) = authorization.split_once("PublicKeyId=")?;
    rest.split([',', ' ']).next().filter(|key| !key.is_empty())
}

/// `AWS4-HMAC-SHA256 Credential=AKID/20261127/…, …`
fn access_key(authorization: &str) -> Option<&str> {
    let (_, rest) = authorization.split_once("Credential=")?;
    rest.split(['/', ',']).next().filter(|key| !key.is_empty())
}

/// The environment that a public key of Amazon Pay is for.
pub(super) fn environment_of_key(headers: &HeaderMap) -> Option<&'static str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let key = public_key(value)?;
    let of = [("LIVE-", "live"), ("SANDBOX-", "sandbox")];
    of.into_iter().find(|(prefix, _)| key.starts_with(prefix)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_from_signatures() {
        let mut headers = HeaderMap::new();
        let pay = "AMZN-PAY-RSASSA-PSS-V2 PublicKeyId=SANDBOX-AE5, SignedHeaders=accept";
        headers.insert("authorization", pay.parse().expect("a value"));
        assert_eq!(Kind::AmazonPay.credential(&headers, &[]), Some("SANDBOX-AE5"));
        assert_eq!(environment_of_key(&headers), Some("sandbox"));
        let aws = "AWS4-HMAC-SHA256 Credential=AKID/20261127/us-east-1, SignedHeaders=host";
        headers.insert("authorization", aws.parse().expect("a value"));
        assert_eq!(Kind::PaApi.credential(&headers, &[]), Some("AKID"));
        assert_eq!(Kind::Plain.credential(&headers, &[]), Some("AKID"));
        assert_eq!(Kind::AmazonPay.credential(&headers, &[]), None);
    }
}
