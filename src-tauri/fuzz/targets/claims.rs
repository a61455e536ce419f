//! Whatever a server sends for tokens: reading it never panics, and what is accepted is what was asked for.
//!
//! The input is read twice: as a token itself; and as three lines, the payloads of the access, the ID and the
//! refresh token.

#![no_main]

use accounts::model::claims::{Claims, expiry_of, roles, session_of, user_of};
use accounts::{AccessToken, AccountId, IdToken, RefreshToken, SessionToken, Tenant, Tokens};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use libfuzzer_sys::fuzz_target;

/// `{"alg":"RS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";

/// As long as a session is believed to live, in seconds.
const LONGEST_LIFE: i64 = 366 * 24 * 60 * 60;

fuzz_target!(|input: &[u8]| {
    if let Ok(token) = std::str::from_utf8(input) {
        let tokens = Tokens {
            access: AccessToken::new(token),
            id: Some(IdToken::new(token)),
            refresh: Some(RefreshToken::new(token)),
        };
        read(&tokens);
    }
    let mut payloads = input.split(|byte| *byte == b'\n').map(token);
    if let Some(access) = payloads.next() {
        let id = payloads.next().map(IdToken::new);
        let refresh = payloads.next().map(RefreshToken::new);
        read(&Tokens { access: AccessToken::new(access), id, refresh });
    }
    if let Ok(payload) = serde_json::from_slice(input) {
        for role in roles(&payload) {
            assert!(is_fit(&role.tenant_id) && role.roles.iter().all(|role| is_fit(role)));
        }
    }
});

fn token(payload: &[u8]) -> String {
    format!("{HEADER}.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(payload))
}

fn read(tokens: &Tokens) {
    let tenant = Tenant {
        id: "demo1234".parse().expect("an ID"),
        api: "https://api.userfront.com/v0/".parse().expect("an API"),
        domain: None,
    };
    for token in tokens.for_revocation() {
        let (expiry, user, session) = (expiry_of(&token), user_of(&token), session_of(&token));
        // Either token is read in the same way.
        let other = match token {
            SessionToken::Access(token) => SessionToken::Refresh(RefreshToken::from(token.into_secret())),
            SessionToken::Refresh(token) => SessionToken::Access(AccessToken::from(token.into_secret())),
        };
        assert_eq!((expiry, user, session), (expiry_of(&other), user_of(&other), session_of(&other)));
    }
    let claims = Claims::read(&tenant, tokens);
    assert_eq!(claims, Claims::read(&tenant, tokens));
    match claims {
        Ok(claims) => obeys_the_rules(&claims, &tenant, tokens),
        Err(refused) => assert!(refused.to_string().len() < 100, "it quotes nothing"),
    }
}

fn obeys_the_rules(claims: &Claims, tenant: &Tenant, tokens: &Tokens) {
    let access = SessionToken::Access(tokens.access.clone());
    assert_eq!(claims.account.tenant(), &tenant.id);
    assert_eq!(claims.account.host(), tenant.api.host());
    assert_eq!(Some(claims.account.user()), user_of(&access).as_ref());
    assert_eq!(Some(&claims.session), session_of(&access).as_ref());
    assert_eq!(Some(claims.access_expires_at), expiry_of(&access));
    let last = tokens.refresh.clone().map_or(access, SessionToken::Refresh);
    assert_eq!(Some(claims.session_ends_at), expiry_of(&last));
    if let Some(named) = session_of(&last) {
        assert_eq!(named, claims.session);
    }
    assert!((1..=LONGEST_LIFE).contains(&claims.session_life));
    // An account's name can be written down and read back.
    assert_eq!(claims.account.to_string().parse::<AccountId>().as_ref(), Ok(&claims.account));
    let profile = &claims.profile;
    for text in [&profile.name, &profile.email, &profile.username, &profile.image].into_iter().flatten() {
        assert!(is_fit(text) && !text.is_empty());
    }
    for role in &profile.roles {
        assert!(is_fit(&role.tenant_id) && role.roles.iter().all(|role| is_fit(role)));
    }
}

/// Bounded, and without control and direction characters.
fn is_fit(text: &str) -> bool {
    let turns =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    text.chars().count() <= 4096 && !text.chars().any(|c| c.is_control() || turns(c))
}
