//! The auth methods that this program can use, and how an argument names one.

use accounts::model::factor::{AuthMethod, Factor, Provider};

use crate::messages;

/// The provider of this name, for `--browser`.
pub(crate) fn provider(name: &str) -> Result<Provider, &'static str> {
    match Factor::new(name, name).method() {
        Some(AuthMethod::Sso(provider)) => Ok(provider),
        _ => Err(messages::log_in::UNKNOWN_PROVIDER),
    }
}

/// The methods of these factors, in their order, each once: a password is the same with an e-mail address and
/// with a user name.
pub(crate) fn possible(factors: &[Factor]) -> Vec<(&Factor, AuthMethod)> {
    let mut possible: Vec<(&Factor, AuthMethod)> = Vec::new();
    for factor in factors {
        let Some(method) = factor.method() else { continue };
        let is_listed = |(listed, other): &(&Factor, AuthMethod)| {
            *other == method
                && (method != AuthMethod::Sso(Provider::Custom) || listed.provider_id == factor.provider_id)
        };
        if !possible.iter().any(is_listed) {
            possible.push((factor, method));
        }
    }
    possible
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
    fn each_known_method_is_listed_once() {
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
        let methods: Vec<_> =
            possible(&factors).into_iter().map(|(factor, method)| (factor.clone(), method)).collect();
        let sso = AuthMethod::Sso(Provider::Custom);
        assert_eq!(
            methods,
            [(factors[1].clone(), AuthMethod::Password), (custom("a"), sso), (custom("b"), sso)]
        );
    }
}
