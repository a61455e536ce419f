//! A user, and the four that Userfront gives to every new tenant (`userfront-api.md`, "Test mode").
//!
//! | user | phone number | |
//! |---|---|---|
//! | `admin` | +15555550101 | [`ADMIN_TOTP_SECRET`], [`ADMIN_BACKUP_CODES`]; a role in `nordlich`, too |
//! | `member` | +15555550102 | has a picture |
//! | `viewer` | +15555550103 | |
//! | `unconfirmed` | +15555550104 | e-mail address not confirmed |
//!
//! The IDs of these are derived from tenant and user name, so that they are the same at every start and in
//! both modes, and differ between tenants. Names, roles and pictures are the sandbox's own. Assumption:
//! `isConfirmed` is either of e-mail address and phone number.
//!
//! [`ADMIN_TOTP_SECRET`]: crate::ADMIN_TOTP_SECRET
//! [`ADMIN_BACKUP_CODES`]: crate::ADMIN_BACKUP_CODES

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    tenant::{Mode, Tenant},
    totp::Authenticator,
};

/// The password of all four users. It is long enough for live mode's rule, so it serves there too.
const PASSWORD: &str = "testmodepassword";

/// Passwords that are taken for every user, in test mode only.
const TEST_MODE_PASSWORDS: [&str; 3] = ["test", "dev", "password"];

const CREATED_AT: &str = "2024-03-01T08:30:00.000Z";
const UPDATED_AT: &str = "2024-09-17T14:05:09.000Z";

/// A user of one tenant. No `Debug`: it holds a password.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: u32,
    pub(crate) uuid: String,
    pub(crate) tenant_id: String,
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) name: Option<String>,
    /// A URL, or a path where this sandbox serves pictures.
    pub(crate) image: Option<String>,
    /// Any JSON object, or `null`.
    pub(crate) data: Value,
    pub(crate) password: Option<String>,
    pub(crate) confirmed_email_at: Option<String>,
    pub(crate) confirmed_phone_number_at: Option<String>,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    /// `{TENANT_ID: {roles: […]}}`, as in the access token.
    pub(crate) authorization: Value,
    pub(crate) totp: Option<Authenticator>,
    /// One that was offered and not confirmed yet.
    pub(crate) offered_totp: Option<Authenticator>,
}

/// Settings that tokens and `GET self` show beside the user.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UserContext<'a> {
    pub(crate) mode: Mode,
    /// Where this sandbox serves pictures.
    pub(crate) origin: &'a str,
    pub(crate) is_mfa_required: bool,
}

/// The four users of `tenant`.
pub(crate) fn of_tenant(tenant: &Tenant) -> Vec<User> {
    let user = |id: u32, username: &str, name: &str, roles: &[&str]| User {
        id,
        uuid: uuid(&tenant.id, username),
        tenant_id: tenant.id.clone(),
        username: Some(username.to_owned()),
        email: Some(format!("{username}@example.com")),
        phone_number: Some(format!("+1555555010{id}")),
        name: Some(name.to_owned()),
        image: (username == "member").then(|| "/pictures/member.png".to_owned()),
        data: json!({}),
        password: Some(PASSWORD.to_owned()),
        confirmed_email_at: (username != "unconfirmed").then(|| CREATED_AT.to_owned()),
        confirmed_phone_number_at: None,
        created_at: CREATED_AT.to_owned(),
        updated_at: UPDATED_AT.to_owned(),
        authorization: authorization(tenant, username, roles),
        totp: (username == "admin").then(Authenticator::of_admin),
        offered_totp: None,
    };
    vec![
        user(1, "admin", "Alva Admin", &["admin"]),
        user(2, "member", "Åsa 名倉 Märta 🌻", &["member"]),
        user(3, "viewer", "Väinö Viewer", &["viewer"]),
        user(4, "unconfirmed", "Uma Unconfirmed", &["member"]),
    ]
}

fn uuid(tenant_id: &str, username: &str) -> String {
    let name = format!("userfront-sandbox/{tenant_id}/{username}");
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}

pub(crate) fn authorization(tenant: &Tenant, username: &str, roles: &[&str]) -> Value {
    let mut tenants = Map::new();
    tenants.insert(tenant.id.clone(), json!({ "roles": roles }));
    let second = Tenant::nordlicht().id;
    if username == "admin" && tenant.id != second {
        tenants.insert(second, json!({ "roles": ["viewer"] }));
    }
    Value::Object(tenants)
}

impl User {
    /// Whether `email` is this user's. Letter case does not count in e-mail addresses: an assumption.
    pub(crate) fn has_email(&self, email: &str) -> bool {
        self.email.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(email))
    }

    /// Whether `identifier` is this user's e-mail address or user name.
    pub(crate) fn is_named(&self, identifier: &str) -> bool {
        // An assumption: letter case counts in user names.
        self.username.as_deref() == Some(identifier) || self.has_email(identifier)
    }

    /// Whether `password` lets this user in.
    pub(crate) fn accepts(&self, password: &str, mode: Mode) -> bool {
        self.password.as_deref() == Some(password)
            || (mode == Mode::Test && TEST_MODE_PASSWORDS.contains(&password))
    }

    /// The user's name in an authenticator app.
    pub(crate) fn label(&self) -> &str {
        let names = [&self.email, &self.username, &self.phone_number];
        names.into_iter().flatten().next().unwrap_or(&self.uuid)
    }

    pub(crate) fn is_email_confirmed(&self) -> bool {
        self.confirmed_email_at.is_some()
    }

    pub(crate) fn is_phone_number_confirmed(&self) -> bool {
        self.confirmed_phone_number_at.is_some()
    }

    pub(crate) fn is_confirmed(&self) -> bool {
        self.is_email_confirmed() || self.is_phone_number_confirmed()
    }

    /// The fields that the ID token and `GET self` share.
    pub(crate) fn profile(&self, context: UserContext<'_>) -> Map<String, Value> {
        let ours =
            |image: &String| image.starts_with("/pictures/").then(|| format!("{}{image}", context.origin));
        let image = self.image.as_ref().map(|image| ours(image).unwrap_or_else(|| image.clone()));
        let profile = json!({
            "email": self.email,
            "phoneNumber": self.phone_number,
            "username": self.username,
            "name": self.name,
            "image": image,
            "data": self.data,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "mode": context.mode,
            "userId": self.id,
            "userUuid": self.uuid,
            "tenantId": self.tenant_id,
            "isEmailConfirmed": self.is_email_confirmed(),
            "isPhoneNumberConfirmed": self.is_phone_number_confirmed(),
            "confirmedEmailAt": self.confirmed_email_at,
            "confirmedPhoneNumberAt": self.confirmed_phone_number_at,
            "isMfaRequired": context.is_mfa_required,
            "isConfirmed": self.is_confirmed(),
        });
        match profile {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_stable_and_differ_between_tenants() {
        let demo = of_tenant(&Tenant::demo());
        // Pinned: scripts and registries made with an earlier sandbox must still fit.
        assert_eq!(demo[0].uuid, "35cf89fb-a156-571c-b152-2c7025f5fa03");
        let all: std::collections::HashSet<_> =
            [demo, of_tenant(&Tenant::nordlicht())].concat().into_iter().map(|user| user.uuid).collect();
        assert_eq!(all.len(), 8);
    }

    #[test]
    fn weak_passwords_are_taken_in_test_mode_only() {
        let admin = &of_tenant(&Tenant::demo())[0];
        for weak in TEST_MODE_PASSWORDS {
            assert!(admin.accepts(weak, Mode::Test) && !admin.accepts(weak, Mode::Live));
        }
        assert!(admin.accepts(PASSWORD, Mode::Live));
        assert!(!admin.accepts("", Mode::Test) && !admin.accepts("Testmodepassword", Mode::Test));
    }

    #[test]
    fn only_the_admin_has_a_role_elsewhere() {
        let users = of_tenant(&Tenant::demo());
        assert_eq!(
            users[0].authorization,
            json!({"demo1234": {"roles": ["admin"]}, "nordlich": {"roles": ["viewer"]}})
        );
        assert_eq!(users[1].authorization, json!({"demo1234": {"roles": ["member"]}}));
    }
}
