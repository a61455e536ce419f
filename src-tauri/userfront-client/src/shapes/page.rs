//! The token for a page of Userfront that is opened in a browser.

use accounts::model::token::SamlToken;

use super::{Object, take_secret};

/// In bytes; the token goes into a URL.
const LONGEST: usize = 4096;

pub(crate) fn saml_token(object: &mut Object) -> Option<SamlToken> {
    take_secret(object, "token", LONGEST).map(SamlToken::new)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::object;
    use super::*;

    #[test]
    fn a_saml_token_is_fit_for_a_url_or_none() {
        let token = saml_token(&mut object(json!({"token": "eyJ.canary"}))).unwrap();
        assert_eq!(token.secret(), "eyJ.canary");
        for none in [json!({}), json!({"token": null}), json!({"token": ""}), json!({"token": "a b"})] {
            assert!(saml_token(&mut object(none)).is_none());
        }
    }
}
