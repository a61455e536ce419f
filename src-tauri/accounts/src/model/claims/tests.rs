//! The seeds of the fuzzer (`src-tauri/fuzz/corpus/claims`), each with the expected result.

use std::fs;
use std::path::Path;

use crate::model::claims::*;

/// `{"alg":"RS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";

fn corpus() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus/claims")
}

/// base64url without padding.
fn encoded(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits =
            group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for digit in 0..=group.len() {
            text.push(char::from(DIGITS[(bits >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}

fn jwt(payload: &str) -> String {
    format!("{HEADER}.{}.c2lnbmF0dXJl", encoded(payload.as_bytes()))
}

/// The seed's lines are the payloads of the access, the ID and the refresh token.
fn read(seed: &str) -> Result<Claims, Refused> {
    let text = fs::read_to_string(corpus().join(seed)).unwrap();
    let mut payloads = text.trim_end_matches('\n').split('\n').map(jwt);
    let access = AccessToken::new(payloads.next().unwrap());
    let (id, refresh) = (payloads.next().map(IdToken::new), payloads.next().map(RefreshToken::new));
    Claims::read(&tenant(), &Tokens { access, id, refresh })
}

fn tenant() -> Tenant {
    Tenant {
        id: "demo1234".parse().unwrap(),
        api: "https://api.userfront.com/v0/".parse().unwrap(),
        domain: None,
    }
}

#[test]
fn tokens_without_consistent_identifiers_are_refused() {
    let outcomes = [
        ("access", None),
        ("far-future", None),
        ("hostile-text", None),
        ("live", None),
        ("mixed", Some(Refused::Mixed)),
        ("not-json", Some(Refused::Unreadable("not a JWT"))),
        ("other-tenant", Some(Refused::OtherTenant)),
        ("parts", Some(Refused::Unreadable("not a JWT"))),
        ("refresh-token", Some(Refused::Unreadable("not a JWT"))),
        ("three", None),
        ("token", Some(Refused::Unreadable("not a JWT"))),
        ("two", None),
        ("wrong-types", Some(Refused::Unreadable("exp"))),
    ];
    for (seed, refused) in &outcomes {
        assert_eq!(read(seed).err(), *refused, "{seed}");
    }
    // Every seed has an expected result above.
    let mut seeds: Vec<_> = fs::read_dir(corpus())
        .unwrap()
        .map(|seed| seed.unwrap().file_name().into_string().unwrap())
        .collect();
    seeds.sort();
    assert_eq!(seeds, outcomes.map(|(seed, _)| seed));
}

#[test]
fn the_refresh_token_gives_the_session_and_the_id_token_gives_the_name() {
    let claims = read("three").unwrap();
    assert_eq!(
        (claims.access_expires_at, claims.session_ends_at),
        (Timestamp(605_800), Timestamp(2_593_000))
    );
    assert_eq!((claims.session_life, claims.issued_at), (2_592_000, Some(Timestamp(1_000))));
    assert_eq!(claims.profile.name.as_deref(), Some("Åsa 名倉 🌻"));
    let roles: Vec<_> = claims.profile.roles.iter().map(|role| role.tenant_id.as_str()).collect();
    assert_eq!(roles, ["demo1234", "other999"]);
    // Without a refresh token the access token's end is the session's.
    assert_eq!(read("access").unwrap().session_ends_at, Timestamp(605_800));
}

fn refreshed(access: &str, refresh: Option<&str>) -> Result<Claims, Refused> {
    let with = |claims: &str, rest: &str| {
        jwt(&format!(
            r#"{{"mode":"test","tenantId":"demo1234","userUuid":"u-1","exp":1800000000.5{claims}{rest}}}"#
        ))
    };
    let tokens = Tokens {
        access: AccessToken::new(with(access, r#","iat":1799999000.25"#)),
        id: None,
        refresh: refresh.map(|claims| RefreshToken::new(with(claims, r#","iat":1799999000"#))),
    };
    Claims::read_refreshed(&tenant(), &tokens, &"known".parse().unwrap())
}

#[test]
fn a_refresh_may_bring_another_session_or_name_none() {
    let (one, two) = (r#","sessionId":"one""#, r#","sessionId":"two""#);
    let session = |access, refresh| refreshed(access, refresh).map(|claims| claims.session.to_string());
    for (access, refresh, expected) in [
        (one, Some(one), Ok("one")),
        (one, None, Ok("one")),
        (one, Some(""), Ok("one")),
        ("", Some(one), Ok("one")),
        ("", Some(""), Ok("known")),
        ("", None, Ok("known")),
        (r#","sessionId":null"#, None, Ok("known")),
        (one, Some(two), Err(Refused::Mixed)),
        (r#","sessionId":7"#, None, Err(Refused::Unreadable("sessionId"))),
    ] {
        assert_eq!(session(access, refresh), expected.map(str::to_owned), "{access} {refresh:?}");
    }
}

#[test]
fn an_implausible_access_token_life_is_none() {
    let life = |issued_at: i64| {
        let claims = format!(
            r#"{{"tenantId":"demo1234","userUuid":"u","sessionId":"s","mode":"test",
            "iat":{issued_at},"exp":1000000}}"#
        );
        let tokens = Tokens { access: AccessToken::new(jwt(&claims)), id: None, refresh: None };
        Claims::read(&tenant(), &tokens).unwrap().access_life()
    };
    assert_eq!((life(999_000), life(1_000_000), life(1_000_001)), (Some(1_000), None, None));
    assert_eq!(
        (life(1_000_000 - LONGEST_LIFE), life(1_000_000 - LONGEST_LIFE - 1)),
        (Some(LONGEST_LIFE), None)
    );
}

#[test]
fn a_moment_with_a_fraction_is_cut_off_at_the_second() {
    let claims = refreshed(r#","sessionId":"one""#, Some("")).unwrap();
    assert_eq!(claims.access_expires_at, Timestamp(1_800_000_000));
    assert_eq!((claims.issued_at, claims.session_life), (Some(Timestamp(1_799_999_000)), 1_000));
    let expiry =
        |exp: &str| expiry_of(&SessionToken::Access(AccessToken::new(jwt(&format!(r#"{{"exp":{exp}}}"#)))));
    assert_eq!(expiry("1e9"), Some(Timestamp(1_000_000_000)));
    assert_eq!(expiry("-0.5"), Some(Timestamp(-1)));
    assert_eq!((expiry("1e300"), expiry("-1e300"), expiry("\"1\"")), (None, None, None));
}

#[test]
fn display_only_claims_may_be_missing_or_nonsense() {
    let profile = read("access").unwrap().profile;
    assert_eq!((profile.name, profile.email, profile.username, profile.image), (None, None, None, None));
    // Empty, null, with control and direction characters.
    let profile = read("hostile-text").unwrap().profile;
    assert_eq!(profile.email, None);
    let name = profile.name.unwrap();
    assert!(name.contains('a') && name.contains('b'), "{name:?}");
    assert!(!name.contains(['\u{202e}', '\u{2069}', '\0', '\n']), "{name:?}");
    // An implausible life counts as the longest.
    assert_eq!(read("far-future").unwrap().session_life, LONGEST_LIFE);
}
