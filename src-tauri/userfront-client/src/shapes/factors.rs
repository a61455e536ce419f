use accounts::model::auth_config::AuthConfig;
use accounts::model::factor;
use accounts::model::factor::{Factor, SecondFactor};
use accounts::model::tenant::Mode;
use accounts::model::text::clean;
use serde_json::Value;

use super::Object;

/// `{mode, authentication: {firstFactors}}`. Like the official client, it takes an answer without a mode as
/// test mode. If the answer names no factors, all known factors are offered: the user picks one, and the
/// server refuses the others. `None` for an unknown mode, or when both members are missing, as in another
/// server's answer.
pub(crate) fn tenant_mode(object: &Object) -> Option<AuthConfig> {
    let says = |key: &str| object.get(key).filter(|value| !value.is_null() && *value != "");
    let mode = match says("mode") {
        Some(mode) => mode.as_str()?.parse().ok()?,
        None => says("authentication").map(|_| Mode::Test)?,
    };
    let first_factors = match list(object, "firstFactors") {
        Some(listed) => listed.iter().filter_map(factor).collect(),
        None => factor::every(),
    };
    Some(AuthConfig { mode, first_factors })
}

/// `{authentication: {secondFactors: [{strategy, channel, isConfiguredByUser, isPreferredByUser}]}}`. A
/// factor that is not marked as configured is set up during the log-in.
pub(super) fn second_factors(object: &Object) -> Vec<SecondFactor> {
    let is = |value: &Value, key: &str| value.get(key).and_then(Value::as_bool) == Some(true);
    let second = |value: &Value| {
        let factor = factor(value)?;
        let is_preferred = is(value, "isPreferredByUser");
        Some(SecondFactor { factor, is_configured: is(value, "isConfiguredByUser"), is_preferred })
    };
    list(object, "secondFactors").into_iter().flatten().filter_map(second).collect()
}

fn list<'a>(object: &'a Object, key: &str) -> Option<&'a Vec<Value>> {
    object.get("authentication")?.get(key)?.as_array()
}

/// `{strategy, channel, providerId?}`. A provider of single sign-on is the strategy of a factor by `email`.
/// One word alone, in either place or bare, is taken for both (an assumption, made only here). A factor
/// without any word is left out.
fn factor(value: &Value) -> Option<Factor> {
    let word = |value: &Value| value.as_str().map(clean).filter(|word| !word.is_empty());
    if let Some(provider) = word(value) {
        return Some(Factor::new(provider.clone(), provider));
    }
    let (strategy, channel) = (value.get("strategy").and_then(word), value.get("channel").and_then(word));
    Some(Factor {
        strategy: strategy.clone().or(channel.clone())?,
        channel: channel.or(strategy)?,
        provider_id: value.get("providerId").and_then(word),
    })
}

#[cfg(test)]
mod tests {
    use accounts::model::tenant::Mode;
    use serde_json::json;

    use super::super::object;
    use super::*;

    fn words<'a>(factors: impl IntoIterator<Item = &'a Factor>) -> Vec<String> {
        factors.into_iter().map(|factor| format!("{}/{}", factor.strategy, factor.channel)).collect()
    }

    #[test]
    fn factors_of_unknown_shape_are_skipped() {
        let answer = json!({"mode": "live", "authentication": {"firstFactors": [
            {"channel": "email", "strategy": "password"}, {"strategy": "github"}, {"channel": "okta"},
            "apple", {"channel": "new\u{202e}", "strategy": "thing"}, {}, null, 7, {"strategy": 7},
            {"strategy": "\u{0}"}, [], ""], "secondFactors": []}});
        let read = tenant_mode(&object(answer)).unwrap();
        assert_eq!(read.mode, Mode::Live);
        assert_eq!(
            words(&read.first_factors),
            ["password/email", "github/github", "okta/okta", "apple/apple", "thing/new"]
        );

        let none = json!({"mode": "live", "authentication": {"firstFactors": [], "secondFactors": []}});
        assert_eq!(tenant_mode(&object(none)).unwrap().first_factors, [], "nobody logs in there");
        for bad in [
            json!({}),
            json!({"message": "OK"}),
            json!({"mode": "Live"}),
            json!({"mode": 1}),
            json!({"mode": null}),
        ] {
            assert!(tenant_mode(&object(bad.clone())).is_none(), "{bad}");
        }
    }

    #[test]
    fn an_answer_without_a_mode_is_of_test_mode() {
        let password = json!({"firstFactors": [{"channel": "email", "strategy": "password"}]});
        for answer in [
            json!({"authentication": password}),
            json!({"mode": null, "authentication": password}),
            json!({"mode": "", "authentication": password}),
        ] {
            let read = tenant_mode(&object(answer)).unwrap();
            assert_eq!(
                (read.mode, words(&read.first_factors)),
                (Mode::Test, vec!["password/email".to_owned()])
            );
        }
    }

    #[test]
    fn an_answer_without_first_factors_offers_every_factor() {
        for bare in [
            json!({"mode": "live"}),
            json!({"mode": "live", "authentication": null}),
            json!({"mode": "live", "authentication": {}}),
            json!({"mode": "live", "authentication": {"firstFactors": {}}}),
        ] {
            let read = tenant_mode(&object(bare.clone())).unwrap();
            assert_eq!((read.mode, read.first_factors), (Mode::Live, factor::every()), "{bare}");
        }
        assert_eq!(
            tenant_mode(&object(json!({"authentication": {}}))).unwrap().first_factors,
            factor::every()
        );
    }

    #[test]
    fn a_custom_provider_may_have_an_id() {
        let answer = json!({"mode": "test", "authentication": {"firstFactors": [
            {"strategy": "custom", "channel": "custom", "providerId": "5fa8\u{202e}5f64"},
            {"strategy": "custom", "providerId": 7}, {"strategy": "custom", "providerId": ""}]}});
        let read = tenant_mode(&object(answer)).unwrap();
        let ids: Vec<_> = read.first_factors.iter().map(|factor| factor.provider_id.as_deref()).collect();
        assert_eq!(ids, [Some("5fa85f64"), None, None]);
    }

    #[test]
    fn a_second_factor_counts_as_set_up_only_if_the_answer_says_so() {
        let answer = json!({"authentication": {"secondFactors": [
            {"strategy": "totp", "channel": "authenticator", "isConfiguredByUser": true},
            {"strategy": "verificationCode", "channel": "sms", "isPreferredByUser": true},
            {"strategy": "verificationCode", "channel": "email", "isConfiguredByUser": "true"},
            null, {"isConfiguredByUser": true}, {"strategy": ["totp"]}, "okta"]}});
        let read = second_factors(&object(answer));
        let factors = words(read.iter().map(|second| &second.factor));
        assert_eq!(
            factors,
            ["totp/authenticator", "verificationCode/sms", "verificationCode/email", "okta/okta"]
        );
        let configured: Vec<_> = read.iter().map(|second| second.is_configured).collect();
        assert_eq!(configured, [true, false, false, false]);
        let preferred: Vec<_> = read.iter().map(|second| second.is_preferred).collect();
        assert_eq!(preferred, [false, true, false, false]);
        for none in
            [json!({}), json!({"authentication": 7}), json!({"authentication": {"secondFactors": {}}})]
        {
            assert_eq!(second_factors(&object(none)), []);
        }
    }
}
