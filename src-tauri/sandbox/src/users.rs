//! The four users that Userfront gives to every new tenant (`userfront-api.md`, "Test mode").
//!
//! Their IDs are derived from tenant and user name, so that they are the same at every start and in
//! both modes, and differ between tenants. Names, roles and pictures are the sandbox's own.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::tenant::{Mode, Tenant};

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
    pub(crate) username: &'static str,
    pub(crate) email: String,
    name: &'static str,
    password: &'static str,
    has_picture: bool,
    pub(crate) is_confirmed: bool,
    /// `{TENANT_ID: {roles: […]}}`, as in the access token.
    pub(crate) authorization: Value,
}

/// The four users of `tenant`.
pub(crate) fn of_tenant(tenant: &Tenant) -> Vec<User> {
    let user = |id: u32, username: &'static str, name: &'static str, roles: &[&str]| User {
        id,
        uuid: uuid(&tenant.id, username),
        tenant_id: tenant.id.clone(),
        username,
        email: format!("{username}@example.com"),
        name,
        password: PASSWORD,
        has_picture: username == "member",
        is_confirmed: username != "unconfirmed",
        authorization: authorization(tenant, username, roles),
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

fn authorization(tenant: &Tenant, username: &str, roles: &[&str]) -> Value {
    let mut tenants = Map::new();
    tenants.insert(tenant.id.clone(), json!({ "roles": roles }));
    let second = Tenant::nordlicht().id;
    if username == "admin" && tenant.id != second {
        tenants.insert(second, json!({ "roles": ["viewer"] }));
    }
    Value::Object(tenants)
}

impl User {
    /// Whether `identifier` is this user's e-mail address or user name.
    pub(crate) fn is_named(&self, identifier: &str) -> bool {
        // An assumption: letter case counts in user names, and not in e-mail addresses.
        self.username == identifier || self.email.eq_ignore_ascii_case(identifier)
    }

    /// Whether `password` lets this user in.
    pub(crate) fn accepts(&self, password: &str, mode: Mode) -> bool {
        password == self.password || (mode == Mode::Test && TEST_MODE_PASSWORDS.contains(&password))
    }

    /// The fields that the ID token and `GET self` share. `origin` is where this sandbox serves pictures.
    pub(crate) fn profile(&self, mode: Mode, origin: &str) -> Map<String, Value> {
        let image = self.has_picture.then(|| format!("{origin}/pictures/{}.png", self.username));
        let confirmed_at = self.is_confirmed.then_some(CREATED_AT);
        let profile = json!({
            "email": self.email,
            "phoneNumber": null,
            "username": self.username,
            "name": self.name,
            "image": image,
            "data": {},
            "createdAt": CREATED_AT,
            "updatedAt": UPDATED_AT,
            "mode": mode,
            "userId": self.id,
            "userUuid": self.uuid,
            "tenantId": self.tenant_id,
            "isEmailConfirmed": self.is_confirmed,
            "isPhoneNumberConfirmed": false,
            "confirmedEmailAt": confirmed_at,
            "confirmedPhoneNumberAt": null,
            "isMfaRequired": false,
            "isConfirmed": self.is_confirmed,
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
