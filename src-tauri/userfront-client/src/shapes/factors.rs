//! The ways in that a tenant names.

use accounts::factor::{Factor, SecondFactor};
use accounts::ports::TenantMode;
use accounts::text::clean;
use serde_json::Value;

use super::Object;

/// `{mode, authentication: {firstFactors}}`; `None` without a mode that is known.
pub(crate) fn tenant_mode(object: &Object) -> Option<TenantMode> {
    let mode = object.get("mode")?.as_str()?.parse().ok()?;
    Some(TenantMode { mode, first_factors: listed(object, "firstFactors").filter_map(factor).collect() })
}

/// `{authentication: {secondFactors: [{strategy, channel, isConfiguredByUser}]}}`. What does not say that it is set up is
/// set up on the way.
pub(super) fn second_factors(object: &Object) -> Vec<SecondFactor> {
    let second = |value: &Value| {
        let is_configured = value.get("isConfiguredByUser").and_then(Value::as_bool) == Some(true);
        Some(SecondFactor { factor: factor(value)?, is_configured })
    };
    listed(object, "secondFactors").filter_map(second).collect()
}

fn listed<'a>(object: &'a Object, key: &str) -> impl Iterator<Item = &'a Value> {
    let factors = object.get("authentication").and_then(|authentication| authentication.get(key));
    factors.and_then(Value::as_array).into_iter().flatten()
}

/// `{strategy, channel, providerId?}`. How a provider of single sign-on is spelled is not known (an assumption, and only
/// here): one word alone, in either place or bare, names both. What has no word at all is left out.
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
    use accounts::tenant::Mode;
    use serde_json::json;

    use super::super::object;
    use super::*;

    fn words<'a>(factors: impl IntoIterator<Item = &'a Factor>) -> Vec<String> {
        factors.into_iter().map(|factor| format!("{}/{}", factor.strategy, factor.channel)).collect()
    }

    #[test]
    fn factors_of_unknown_shape_do_no_harm() {
        let answer = json!({"mode": "live", "authentication": {"firstFactors": [
            {"channel": "email", "strategy": "password"}, {"strategy": "github"}, {"channel": "okta"}, "apple",
            {"channel": "new\u{202e}", "strategy": "thing"}, {}, null, 7, {"strategy": 7}, {"strategy": "\u{0}"},
            [], ""], "secondFactors": []}});
        let read = tenant_mode(&object(answer)).unwrap();
        assert_eq!(read.mode, Mode::Live);
        assert_eq!(
            words(&read.first_factors),
            ["password/email", "github/github", "okta/okta", "apple/apple", "thing/new"]
        );

        for bare in [json!({"mode": "test"}), json!({"mode": "test", "authentication": {"firstFactors": {}}})]
        {
            assert_eq!(tenant_mode(&object(bare)).unwrap().first_factors, []);
        }
        for bad in [json!({}), json!({"mode": "Live"}), json!({"mode": 1}), json!({"authentication": {}})] {
            assert!(tenant_mode(&object(bad.clone())).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_custom_provider_may_be_named() {
        let answer = json!({"mode": "test", "authentication": {"firstFactors": [
            {"strategy": "custom", "channel": "custom", "providerId": "5fa8\u{202e}5f64"},
            {"strategy": "custom", "providerId": 7}, {"strategy": "custom", "providerId": ""}]}});
        let read = tenant_mode(&object(answer)).unwrap();
        let ids: Vec<_> = read.first_factors.iter().map(|factor| factor.provider_id.as_deref()).collect();
        assert_eq!(ids, [Some("5fa85f64"), None, None]);
    }

    #[test]
    fn a_second_factor_is_set_up_only_if_it_says_so() {
        let answer = json!({"authentication": {"secondFactors": [
            {"strategy": "totp", "channel": "authenticator", "isConfiguredByUser": true},
            {"strategy": "verificationCode", "channel": "sms"},
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
        for none in
            [json!({}), json!({"authentication": 7}), json!({"authentication": {"secondFactors": {}}})]
        {
            assert_eq!(second_factors(&object(none)), []);
        }
    }
}
