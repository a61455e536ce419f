//! The ways in, as people read them and as they are given as arguments.

use accounts::model::factor::{Channel, Factor, Provider, Way};
use accounts::model::text;

use crate::tell::tell;

/// The provider of this name, for `--browser`.
pub(crate) fn provider(name: &str) -> Result<Provider, String> {
    match Factor::new(name, name).way() {
        Some(Way::Sso(provider)) => Ok(provider),
        _ => Err("one of apple, azure, facebook, github, google, linkedin, okta, twitter, custom".to_owned()),
    }
}

/// What a person reads.
pub(crate) fn label(way: Way) -> String {
    match way {
        Way::Password => "password".to_owned(),
        Way::Link => "link by e-mail".to_owned(),
        Way::Code(Channel::Email) => "code by e-mail".to_owned(),
        Way::Code(Channel::Sms) => "code by SMS".to_owned(),
        Way::Totp => "code of an authenticator app, or a backup code".to_owned(),
        Way::Sso(provider) => format!("{provider}, in the browser"),
    }
}

/// `strategy/channel`. Both words are the server's.
pub(crate) fn words(factor: &Factor) -> String {
    text::clean(&format!("{}/{}", factor.strategy, factor.channel))
}

/// What can be done here of these factors, in their order, each way once: a password is the same whether it goes with an
/// e-mail address or with a user name.
pub(crate) fn possible(factors: &[Factor]) -> Vec<(&Factor, Way)> {
    let mut possible: Vec<(&Factor, Way)> = Vec::new();
    for factor in factors {
        let Some(way) = factor.way() else { continue };
        let is_listed = |(listed, other): &(&Factor, Way)| {
            *other == way && (way != Way::Sso(Provider::Custom) || listed.provider_id == factor.provider_id)
        };
        if !possible.iter().any(is_listed) {
            possible.push((factor, way));
        }
    }
    possible
}

/// A numbered list, on standard error.
pub(crate) fn list(labels: impl Iterator<Item = String>) {
    for (nth, label) in (1..).zip(labels) {
        tell!("  {nth}  {label}");
    }
}

/// What the server names and nobody here knows: it is said, and is no error.
pub(crate) fn list_impossible<'f>(factors: impl IntoIterator<Item = &'f Factor>) {
    for factor in factors.into_iter().filter(|factor| factor.way().is_none()) {
        tell!("  -  {}: not possible here", words(factor));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_named_as_the_api_names_it() {
        assert_eq!(provider("okta"), Ok(Provider::Okta));
        assert_eq!(provider("custom"), Ok(Provider::Custom));
        for other in ["", "Okta", "password", "totp", "link", "myspace"] {
            assert!(provider(other).is_err(), "{other}");
        }
    }

    #[test]
    fn each_way_is_listed_once_and_what_is_not_known_is_not() {
        let custom =
            |id: &str| Factor { provider_id: Some(id.to_owned()), ..Factor::new("custom", "custom") };
        let factors = [
            Factor::new("webauthn", "device"),
            Factor::new("password", "email"),
            Factor::new("password", "username"),
            custom("a"),
            custom("b"),
            custom("b"),
        ];
        let ways: Vec<_> =
            possible(&factors).into_iter().map(|(factor, way)| (factor.clone(), way)).collect();
        let sso = Way::Sso(Provider::Custom);
        assert_eq!(ways, [(factors[1].clone(), Way::Password), (custom("a"), sso), (custom("b"), sso)]);
    }
}
