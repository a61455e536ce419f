//! The three JWTs: made, and read again.
//!
//! RS256, with the claims of `userfront-api.md`, "Tokens". One RSA key serves a whole process: making it
//! costs about as much as a few hundred signatures, and a restarted sandbox knows none of the old
//! sessions anyway. The key never leaves the process; its public half is served as a JWK set.

use std::sync::LazyLock;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse, ThumbprintHash},
};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Map, Value, json};

use crate::{
    state::user::{User, UserContext},
    tenant::Mode,
};

/// The tokens of a log-in or a refresh. No `Debug`: they are secrets.
pub(crate) struct Tokens {
    access: String,
    id: String,
    refresh: String,
}

/// When tokens are issued and how long they live.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    /// `iat`, in Unix seconds.
    pub(crate) issued_at: i64,
    /// The moment from which the lives below are counted, in Unix seconds.
    pub(crate) now: i64,
    pub(crate) access_seconds: u32,
    pub(crate) refresh_seconds: u32,
}

/// Signs the three tokens of one session.
pub(crate) fn issue(user: &User, session_id: &str, life: Life, context: UserContext<'_>) -> Tokens {
    let mode = context.mode;
    let with_life = |claims: Map<String, Value>, seconds: u32| {
        let mut claims = claims;
        claims.insert("sessionId".to_owned(), json!(session_id));
        claims.insert("iat".to_owned(), json!(life.issued_at));
        claims.insert("exp".to_owned(), json!(life.now.saturating_add(i64::from(seconds))));
        sign(&claims)
    };
    let mut access = identifiers(user, mode);
    access.insert("isConfirmed".to_owned(), json!(user.is_confirmed()));
    access.insert("isEmailConfirmed".to_owned(), json!(user.is_email_confirmed()));
    access.insert("isPhoneNumberConfirmed".to_owned(), json!(user.is_phone_number_confirmed()));
    access.insert("authorization".to_owned(), user.authorization.clone());
    let mut refresh = identifiers(user, mode);
    refresh.insert("type".to_owned(), json!("refresh"));
    Tokens {
        access: with_life(access, life.access_seconds),
        // The ID token's own life is not documented: it goes with the access token, whose refresh renews it.
        id: with_life(user.profile(context), life.access_seconds),
        refresh: with_life(refresh, life.refresh_seconds),
    }
}

fn identifiers(user: &User, mode: Mode) -> Map<String, Value> {
    Map::from_iter([
        ("mode".to_owned(), json!(mode)),
        ("tenantId".to_owned(), json!(user.tenant_id)),
        ("userId".to_owned(), json!(user.id)),
        ("userUuid".to_owned(), json!(user.uuid)),
    ])
}

impl Tokens {
    /// `{access: {value, cookieOptions}, id: {…}, refresh: {…}}`.
    pub(crate) fn to_json(&self, mode: Mode, life: Life) -> Value {
        let token = |value: &str, seconds: u32, same_site: &str| {
            // js-cookie, which the official client uses, counts `expires` in days.
            let days = f64::from(seconds) / 86_400.0;
            let secure = mode == Mode::Live;
            json!({
                "value": value,
                "cookieOptions": { "expires": days, "secure": secure, "sameSite": same_site },
            })
        };
        json!({
            "access": token(&self.access, life.access_seconds, "Lax"),
            "id": token(&self.id, life.access_seconds, "Lax"),
            "refresh": token(&self.refresh, life.refresh_seconds, "Strict"),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Access,
    Id,
    Refresh,
}

/// A token whose signature is this sandbox's own. It may be expired, and its session dead.
#[derive(Clone, Debug)]
pub(crate) struct Verified {
    pub(crate) kind: Kind,
    pub(crate) session_id: String,
    /// `exp`, in Unix seconds.
    pub(crate) expires_at: i64,
    /// `iat`, in Unix seconds.
    pub(crate) issued_at: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    session_id: String,
    exp: i64,
    iat: i64,
    r#type: Option<String>,
    authorization: Option<IgnoredAny>,
}

/// Checks the signature, and nothing else. `None` when it is not this sandbox's.
pub(crate) fn verify(token: &str) -> Option<Verified> {
    let mut validation = Validation::new(Algorithm::RS256);
    // Expiry is the caller's business: a log-out takes expired tokens, and the clock may be a virtual one.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let claims = jsonwebtoken::decode::<Claims>(token, &KEY.verifying, &validation).ok()?.claims;
    let kind = match (claims.r#type.as_deref(), claims.authorization) {
        (Some("refresh"), _) => Kind::Refresh,
        (_, Some(_)) => Kind::Access,
        _ => Kind::Id,
    };
    Some(Verified { kind, session_id: claims.session_id, expires_at: claims.exp, issued_at: claims.iat })
}

/// The public key that verifies every token of this process.
pub(crate) fn key_set() -> JwkSet {
    JwkSet { keys: vec![KEY.public.clone()] }
}

/// Makes the key now, rather than in the first call that needs it: the search for primes takes a tenth of a
/// second or four, and on a machine that does much else a hundred times that, which a client would take for a
/// server that hangs.
pub(crate) fn make_key() {
    LazyLock::force(&KEY);
}

struct SigningKey {
    signing: EncodingKey,
    verifying: DecodingKey,
    public: Jwk,
    key_id: String,
}

static KEY: LazyLock<SigningKey> = LazyLock::new(SigningKey::generate);

impl SigningKey {
    /// Panics when the crypto library cannot make or read back a key, which leaves nothing to go on with.
    fn generate() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("an RSA key can be made");
        let der: Pkcs8V1Der<'_> = pair.as_der().expect("a key that was just made can be written");
        // PEM, because `EncodingKey::from_rsa_der` wants PKCS#1 and the key is written as PKCS#8.
        let body = STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).expect("our own PEM can be read");
        let mut public = Jwk::from_encoding_key(&signing, Algorithm::RS256).expect("an RSA key is a JWK");
        let key_id = public.thumbprint(ThumbprintHash::SHA256).expect("a JWK has a thumbprint");
        public.common.key_id = Some(key_id.clone());
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        let verifying = DecodingKey::from_jwk(&public).expect("our own JWK can be read");
        Self { signing, verifying, public, key_id }
    }
}

fn sign(claims: &Map<String, Value>) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(KEY.key_id.clone());
    jsonwebtoken::encode(&header, claims, &KEY.signing).expect("a JSON object can be signed")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{state::user, tenant::Tenant};

    const LIFE: Life = Life { issued_at: 1_000, now: 1_000, access_seconds: 60, refresh_seconds: 600 };

    fn tokens(user: usize) -> Tokens {
        let context = UserContext { mode: Mode::Test, origin: "http://127.0.0.1:1", is_mfa_required: false };
        issue(&user::of_tenant(&Tenant::demo())[user], "s-1", LIFE, context)
    }

    fn payload(token: &str) -> Value {
        let part = token.split('.').nth(1).expect("three parts");
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).expect("base64url");
        serde_json::from_slice(&bytes).expect("JSON")
    }

    fn keys(value: &Value) -> Vec<&str> {
        let mut keys: Vec<_> = value.as_object().expect("an object").keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }

    #[test]
    fn the_three_tokens_carry_the_documented_claims() {
        let made = tokens(1);
        let (access, id, refresh) = (payload(&made.access), payload(&made.id), payload(&made.refresh));
        assert_eq!(
            keys(&access).join(" "),
            "authorization exp iat isConfirmed isEmailConfirmed isPhoneNumberConfirmed mode sessionId \
             tenantId userId userUuid"
        );
        assert_eq!(
            keys(&id).join(" "),
            "confirmedEmailAt confirmedPhoneNumberAt createdAt data email exp iat image isConfirmed \
             isEmailConfirmed isMfaRequired isPhoneNumberConfirmed mode name phoneNumber sessionId tenantId \
             updatedAt userId userUuid username"
        );
        assert_eq!(keys(&refresh).join(" "), "exp iat mode sessionId tenantId type userId userUuid");
        assert_eq!((&access["iat"], &access["exp"]), (&json!(1_000), &json!(1_060)));
        assert_eq!(refresh["exp"], json!(1_600));
        assert_eq!(id["name"], json!("Åsa 名倉 Märta 🌻"));
        assert_eq!(id["image"], json!("http://127.0.0.1:1/pictures/member.png"));
        assert_eq!(payload(&tokens(0).id)["image"], Value::Null);
    }

    #[test]
    fn a_token_is_verified_by_its_signature_and_kind() {
        let made = tokens(0);
        let kind = |token: &str| verify(token).map(|verified| verified.kind);
        assert_eq!(kind(&made.access), Some(Kind::Access));
        assert_eq!(kind(&made.id), Some(Kind::Id));
        assert_eq!(kind(&made.refresh), Some(Kind::Refresh));
        let (signed, signature) = made.access.rsplit_once('.').expect("three parts");
        let other = tokens(1).access;
        let (_, foreign) = other.rsplit_once('.').expect("three parts");
        assert_eq!(kind(&format!("{signed}.{foreign}")), None);
        assert_eq!(kind(&format!("{signed}.")), None);
        assert_eq!(kind(signature), None);
        assert_eq!(kind(""), None);
    }

    #[test]
    fn a_token_signed_with_the_public_key_as_hmac_secret_is_refused() {
        let secret = serde_json::to_vec(&key_set()).expect("JSON");
        let claims = json!({"sessionId": "s-1", "exp": 9_999_999_999_i64, "authorization": {}});
        let forged =
            jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(&secret))
                .expect("signed");
        assert!(verify(&forged).is_none());
    }

    #[test]
    fn the_key_set_verifies_a_token_by_its_key_id() {
        let token = tokens(0).access;
        let set = key_set();
        let kid = jsonwebtoken::decode_header(&token).expect("a header").kid.expect("a key ID");
        let key = DecodingKey::from_jwk(set.find(&kid).expect("the key")).expect("a usable key");
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        assert!(jsonwebtoken::decode::<Value>(&token, &key, &validation).is_ok());
    }
}
