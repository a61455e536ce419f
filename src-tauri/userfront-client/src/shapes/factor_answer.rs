use accounts::model::token::{AccessToken, FirstFactorToken, IdToken, RefreshToken, SessionToken, Tokens};
use accounts::ports::{FactorAnswer, LogInAnswer, MfaRequired};
use serde_json::Value;

use super::{Object, factors, redirect_to, take_secret};

/// In bytes; Userfront's first-factor tokens have about 60.
const LONGEST_TOKEN: usize = 1024;

#[derive(Debug)]
pub(crate) enum Answered {
    Factor(FactorAnswer),
    /// An authorization code, whose exchange is not known.
    PkceRequired,
}

/// Tokens come first: they name a session that must be ended.
///
/// # Errors
/// The fault in the answer.
pub(crate) fn answered(mut object: Object) -> Result<Answered, &'static str> {
    let redirect_to = redirect_to(&object);
    match tokens(&mut object) {
        Ok(tokens) => return Ok(Answered::Factor(FactorAnswer::Tokens(LogInAnswer { tokens, redirect_to }))),
        Err(Some(refresh)) => return Ok(Answered::Factor(FactorAnswer::WithoutAccess(refresh))),
        Err(None) => {}
    }
    let says_mfa = object.get("isMfaRequired").and_then(Value::as_bool) == Some(true);
    if says_mfa || object.get("firstFactorToken").is_some_and(Value::is_string) {
        let token = take_secret(&mut object, "firstFactorToken", LONGEST_TOKEN)
            .ok_or("it asks for a second factor, and has no first-factor token that can be sent")?;
        let second_factors = factors::second_factors(&object);
        let required = MfaRequired { token: FirstFactorToken::new(token), second_factors };
        return Ok(Answered::Factor(FactorAnswer::SecondFactor(required)));
    }
    let says_pkce = object.get("message").and_then(Value::as_str) == Some("PKCE required");
    let pkce = says_pkce || object.get("authorizationCode").is_some_and(Value::is_string);
    if pkce { Ok(Answered::PkceRequired) } else { Err("it has no access token") }
}

/// `tokens: {access: {value}, id?: {value}, refresh?: {value}}`. The ID and refresh tokens may be missing or
/// malformed, because an answer with an access token has created (or kept) a session.
///
/// # Errors
/// Without an access token: the refresh token, if there is one.
pub(crate) fn tokens(object: &mut Object) -> Result<Tokens, Option<RefreshToken>> {
    let [access, id, refresh] = values(object);
    let refresh = refresh.map(RefreshToken::new);
    match access {
        Some(access) => Ok(Tokens { access: AccessToken::new(access), id: id.map(IdToken::new), refresh }),
        None => Err(refresh),
    }
}

/// The access token and the refresh token of an answer, if present: either can end its session.
pub(crate) fn any_tokens(object: &mut Object) -> Vec<SessionToken> {
    let [access, _, refresh] = values(object);
    let access = access.map(|text| SessionToken::Access(AccessToken::new(text)));
    let refresh = refresh.map(|text| SessionToken::Refresh(RefreshToken::new(text)));
    access.into_iter().chain(refresh).collect()
}

fn values(object: &mut Object) -> [Option<String>; 3] {
    let mut tokens = object.get_mut("tokens").and_then(Value::as_object_mut);
    ["access", "id", "refresh"].map(|name| match tokens.as_mut()?.get_mut(name)?.get_mut("value")?.take() {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::object;
    use super::*;

    fn read(value: Value) -> Result<Answered, &'static str> {
        answered(object(value))
    }

    fn mfa(value: Value) -> MfaRequired {
        match read(value).unwrap() {
            Answered::Factor(FactorAnswer::SecondFactor(required)) => required,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn tokens_are_read_with_or_without_other_members() {
        let all = json!({"tokens": {"access": {"value": "a", "cookieOptions": {}}, "id": {"value": "i"},
            "refresh": {"value": "r"}}, "redirectTo": "/dash\u{202e}board", "isMfaRequired": false});
        let Ok(Answered::Factor(FactorAnswer::Tokens(answer))) = read(all) else { panic!("no tokens") };
        assert_eq!(answer.tokens.access.secret(), "a");
        assert_eq!(answer.tokens.id.unwrap().secret(), "i");
        assert_eq!(answer.tokens.refresh.unwrap().secret(), "r");
        assert_eq!(answer.redirect_to.as_deref(), Some("/dashboard"));

        let odd = json!({"tokens": {"access": {"value": "a"}, "id": {"value": 7}, "refresh": "r"}});
        let tokens = super::tokens(&mut object(odd)).unwrap();
        assert!(tokens.id.is_none() && tokens.refresh.is_none());
        for none in [
            json!({}),
            json!({"tokens": null}),
            json!({"tokens": {}}),
            json!({"tokens": {"access": "a"}}),
            json!({"tokens": {"access": {"value": ""}}}),
        ] {
            assert!(matches!(super::tokens(&mut object(none.clone())), Err(None)), "{none}");
        }
        for half in [
            json!({"tokens": {"refresh": {"value": "r"}}}),
            json!({"tokens": {"access": {"value": null}, "refresh": {"value": "r"}}}),
            json!({"tokens": {"access": {"value": ""}, "id": {"value": "i"}, "refresh": {"value": "r"}}}),
        ] {
            let Err(Some(refresh)) = super::tokens(&mut object(half.clone())) else { panic!("lost: {half}") };
            assert_eq!(refresh.secret(), "r");
        }
    }

    #[test]
    fn a_second_factor_comes_with_the_token_of_the_first() {
        let answer = json!({"message": "MFA required", "mode": "test", "isMfaRequired": true,
            "isEmailConfirmed": false, "firstFactorToken": "uf_test_first_factor_canary", "authentication": {
                "firstFactor": {"strategy": "password", "channel": "email"},
                "secondFactors": [
                    {"strategy": "totp", "channel": "authenticator", "isConfiguredByUser": true},
                    {"strategy": "verificationCode", "channel": "sms", "isConfiguredByUser": false}]}});
        let required = mfa(answer);
        assert_eq!(required.token.secret(), "uf_test_first_factor_canary");
        assert!(!format!("{required:?}").contains("canary"));
        let [totp, sms] = &required.second_factors[..] else { panic!("{required:?}") };
        assert!(totp.factor.is("totp", "authenticator") && totp.is_configured);
        assert!(sms.factor.is("verificationCode", "sms") && !sms.is_configured);
        // The token alone or the word alone is enough; but without a token the log-in cannot go on.
        assert_eq!(mfa(json!({"firstFactorToken": "uf"})).second_factors, []);
        for token in ["x".repeat(1024), "~!x".to_owned()] {
            assert_eq!(mfa(json!({"isMfaRequired": true, "firstFactorToken": token})).token.secret(), token);
        }
        let unfit = ["", "with space", "line\nbreak", "å", "\u{7f}", &"x".repeat(1025)];
        for token in unfit.iter().map(|text| json!(text)).chain([json!(null), json!(7), json!(["uf"])]) {
            let detail = read(json!({"isMfaRequired": true, "firstFactorToken": token})).unwrap_err();
            assert!(detail.contains("first-factor token"), "{token}: {detail}");
        }
        assert!(read(json!({"isMfaRequired": true})).is_err());
    }

    #[test]
    fn pkce_and_second_factor_demands_are_told_apart() {
        let pkce = json!({"message": "PKCE required", "authorizationCode": "c", "redirectTo": "/"});
        assert!(matches!(read(pkce), Ok(Answered::PkceRequired)));
        assert!(matches!(read(json!({"authorizationCode": "c"})), Ok(Answered::PkceRequired)));
        let half = json!({"tokens": {"access": {"value": null}, "refresh": {"value": "r"}}, "message": "OK"});
        let Ok(Answered::Factor(FactorAnswer::WithoutAccess(refresh))) = read(half) else { panic!("lost") };
        assert_eq!(refresh.secret(), "r", "it can end the session that was made");
        let everything = json!({"isMfaRequired": true, "firstFactorToken": "uf", "authorizationCode": "c",
            "tokens": {"access": {"value": "a"}}});
        assert!(
            matches!(read(everything), Ok(Answered::Factor(FactorAnswer::Tokens(_)))),
            "a session that exists is not lost"
        );
        let both = json!({"firstFactorToken": "uf", "authorizationCode": "c"});
        assert!(matches!(read(both), Ok(Answered::Factor(FactorAnswer::SecondFactor(_)))));
        assert!(read(json!({"message": "OK", "isMfaRequired": false})).is_err());
        assert!(read(json!({"firstFactorToken": null, "authorizationCode": 7})).is_err());
    }
}
