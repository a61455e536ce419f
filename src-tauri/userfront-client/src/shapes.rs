//! The objects of `userfront-api.md`, read with tolerance for everything that is only shown.

use accounts::account::Profile;
use accounts::claims::roles;
use accounts::factor::Factor;
use accounts::ports::TenantMode;
use accounts::text::clean;
use accounts::token::{AccessToken, IdToken, RefreshToken, Tokens};
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// What an answer to a first factor is.
#[derive(Debug)]
pub(crate) enum FirstFactorAnswer {
    Tokens { tokens: Tokens, redirect_to: Option<String> },
    SecondFactorRequired,
    PkceRequired,
}

/// A string as it may be shown; `None` when it is missing, of another type, or empty.
fn shown(object: &Object, key: &str) -> Option<String> {
    object.get(key)?.as_str().map(clean).filter(|text| !text.is_empty())
}

/// `redirectTo`: where the server would send a browser.
pub(crate) fn redirect_to(object: &Object) -> Option<String> {
    shown(object, "redirectTo")
}

/// Tokens, MFA required, or PKCE required. Tokens win: they name a session that somebody has to end.
pub(crate) fn first_factor_answer(mut object: Object) -> Option<FirstFactorAnswer> {
    let redirect_to = redirect_to(&object);
    if let Some(tokens) = tokens(&mut object) {
        return Some(FirstFactorAnswer::Tokens { tokens, redirect_to });
    }
    let says_mfa = object.get("isMfaRequired").and_then(Value::as_bool) == Some(true);
    if says_mfa || object.get("firstFactorToken").is_some_and(Value::is_string) {
        return Some(FirstFactorAnswer::SecondFactorRequired);
    }
    let says_pkce = object.get("message").and_then(Value::as_str) == Some("PKCE required");
    let pkce = says_pkce || object.get("authorizationCode").is_some_and(Value::is_string);
    pkce.then_some(FirstFactorAnswer::PkceRequired)
}

/// `tokens: {access: {value}, id?: {value}, refresh?: {value}}`. Without an access token there are none; the others may
/// be missing or malformed, because an answer with an access token has made (or kept) a session.
pub(crate) fn tokens(object: &mut Object) -> Option<Tokens> {
    let tokens = object.get_mut("tokens")?.as_object_mut()?;
    let mut value = |name: &str| match tokens.get_mut(name)?.get_mut("value")?.take() {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    };
    Some(Tokens {
        access: AccessToken::new(value("access")?),
        id: value("id").map(IdToken::new),
        refresh: value("refresh").map(RefreshToken::new),
    })
}

/// `{mode, authentication: {firstFactors}}`; `None` without a mode that is known.
pub(crate) fn tenant_mode(object: &Object) -> Option<TenantMode> {
    let mode = object.get("mode")?.as_str()?.parse().ok()?;
    let factors = object.get("authentication").and_then(|authentication| authentication.get("firstFactors"));
    let factors = factors.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Some(TenantMode { mode, first_factors: factors.iter().filter_map(factor).collect() })
}

/// `{strategy, channel}`. How a provider of single sign-on is spelled is not known (an assumption, and only here): one
/// word alone, in either place or bare, names both. What has no word at all is left out.
fn factor(value: &Value) -> Option<Factor> {
    let word = |value: &Value| value.as_str().map(clean).filter(|word| !word.is_empty());
    if let Some(provider) = word(value) {
        return Some(Factor { strategy: provider.clone(), channel: provider });
    }
    let (strategy, channel) = (value.get("strategy").and_then(word), value.get("channel").and_then(word));
    Some(Factor { strategy: strategy.clone().or(channel.clone())?, channel: channel.or(strategy)? })
}

/// The user of `GET self`; `None` when the object names no user, by `userUuid` or `userId`.
pub(crate) fn user(object: &Object) -> Option<Profile> {
    let user_id = object.get("userId").and_then(Value::as_i64);
    if user_id.is_none() && shown(object, "userUuid").is_none() {
        return None;
    }
    let of_tenant = |key: &str| shown(object.get("tenant")?.as_object()?, key);
    Some(Profile {
        user_id,
        name: shown(object, "name"),
        email: shown(object, "email"),
        username: shown(object, "username"),
        image: shown(object, "image"),
        tenant_name: of_tenant("name"),
        logout_redirect_path: of_tenant("logoutRedirectPath"),
        roles: roles(object),
    })
}

#[cfg(test)]
mod tests {
    use accounts::tenant::Mode;
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Object {
        let Value::Object(object) = value else { panic!("{value}") };
        object
    }

    #[test]
    fn tokens_are_read_with_or_without_company() {
        let all = json!({"tokens": {"access": {"value": "a", "cookieOptions": {}}, "id": {"value": "i"},
            "refresh": {"value": "r"}}, "redirectTo": "/dash\u{202e}board", "isMfaRequired": false});
        let Some(FirstFactorAnswer::Tokens { tokens, redirect_to }) = first_factor_answer(object(all)) else {
            panic!("no tokens")
        };
        assert_eq!(tokens.access.secret(), "a");
        assert_eq!(tokens.id.unwrap().secret(), "i");
        assert_eq!(tokens.refresh.unwrap().secret(), "r");
        assert_eq!(redirect_to.as_deref(), Some("/dashboard"));

        let odd = json!({"tokens": {"access": {"value": "a"}, "id": {"value": 7}, "refresh": "r"}});
        let tokens = super::tokens(&mut object(odd)).unwrap();
        assert!(tokens.id.is_none() && tokens.refresh.is_none());
        for none in [
            json!({}),
            json!({"tokens": null}),
            json!({"tokens": {}}),
            json!({"tokens": {"access": "a"}}),
            json!({"tokens": {"access": {"value": ""}}}),
            json!({"tokens": {"access": {"value": null}, "refresh": {"value": "r"}}}),
        ] {
            assert!(super::tokens(&mut object(none.clone())).is_none(), "{none}");
        }
    }

    #[test]
    fn further_demands_are_told_apart() {
        let read = |value| first_factor_answer(object(value));
        let mfa = json!({"message": "MFA required", "mode": "test", "isMfaRequired": true,
            "firstFactorToken": "uf_test_first_factor_canary"});
        let answer = read(mfa);
        assert!(matches!(answer, Some(FirstFactorAnswer::SecondFactorRequired)));
        assert!(!format!("{answer:?}").contains("canary"));
        assert!(matches!(
            read(json!({"firstFactorToken": "uf"})),
            Some(FirstFactorAnswer::SecondFactorRequired)
        ));
        let pkce = json!({"message": "PKCE required", "authorizationCode": "c", "redirectTo": "/"});
        assert!(matches!(read(pkce), Some(FirstFactorAnswer::PkceRequired)));
        assert!(
            matches!(
                read(json!({"isMfaRequired": true, "tokens": {"access": {"value": "a"}}})),
                Some(FirstFactorAnswer::Tokens { .. })
            ),
            "a session that exists is not lost"
        );
        assert!(read(json!({"message": "OK", "isMfaRequired": false})).is_none());
    }

    #[test]
    fn factors_of_unknown_shape_do_no_harm() {
        let answer = json!({"mode": "live", "authentication": {"firstFactors": [
            {"channel": "email", "strategy": "password"}, {"strategy": "github"}, {"channel": "okta"}, "apple",
            {"channel": "new\u{202e}", "strategy": "thing"}, {}, null, 7, {"strategy": 7}, {"strategy": "\u{0}"},
            [], ""], "secondFactors": []}});
        let read = tenant_mode(&object(answer)).unwrap();
        assert_eq!(read.mode, Mode::Live);
        let words: Vec<_> =
            read.first_factors.iter().map(|f| format!("{}/{}", f.strategy, f.channel)).collect();
        assert_eq!(words, ["password/email", "github/github", "okta/okta", "apple/apple", "thing/new"]);

        for bare in [json!({"mode": "test"}), json!({"mode": "test", "authentication": {"firstFactors": {}}})]
        {
            assert_eq!(tenant_mode(&object(bare)).unwrap().first_factors, []);
        }
        for bad in [json!({}), json!({"mode": "Live"}), json!({"mode": 1}), json!({"authentication": {}})] {
            assert!(tenant_mode(&object(bad.clone())).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_user_is_shown_as_far_as_it_can_be_read() {
        let whole = json!({"userId": 33, "userUuid": "u", "name": "Mira \u{202e}Å", "email": "m@x.example",
            "username": "mira", "image": "https://x.example/m.png", "tenantId": "demo1234",
            "tenant": {"tenantId": "demo1234", "name": "Demo", "logoutRedirectPath": "/bye"},
            "authorization": {"demo1234": {"roles": ["admin", "mem\u{0}ber", 7]}}});
        let profile = user(&object(whole)).unwrap();
        assert_eq!(profile.user_id, Some(33));
        assert_eq!(profile.display_name(), Some("Mira Å"));
        assert_eq!(profile.email.as_deref(), Some("m@x.example"));
        assert_eq!(profile.username.as_deref(), Some("mira"));
        assert_eq!(profile.image.as_deref(), Some("https://x.example/m.png"));
        assert_eq!(profile.tenant_name.as_deref(), Some("Demo"));
        assert_eq!(profile.logout_redirect_path.as_deref(), Some("/bye"));
        assert_eq!(profile.roles[0].roles, ["admin", "member"]);

        let odd = json!({"userUuid": "u", "name": 7, "email": null, "tenant": "Demo", "authorization": []});
        assert_eq!(user(&object(odd)).unwrap(), Profile::default());
        for nobody in [json!({}), json!({"message": "OK"}), json!({"userId": "33", "userUuid": 7})] {
            assert!(user(&object(nobody.clone())).is_none(), "{nobody}");
        }
    }
}
