//! The four users of each tenant (`user.rs`), and new ones.
//!
//! Assumptions: a new user is a `member` without a picture, with a random UUID and the tenant's next
//! `userId`; user name, e-mail address and phone number are each one user's within a tenant.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    refusal::Refusal,
    state::user::{User, authorization, of_tenant},
    tenant::Tenant,
};

/// No `Debug`: it holds a password.
#[derive(Clone, Default)]
pub(crate) struct NewUser {
    /// The UUID that was promised, if one was.
    pub(crate) uuid: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone_number: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) data: Option<Value>,
    pub(crate) password: Option<String>,
}

impl NewUser {
    /// A new user known by an address in `channel` alone, `email` or `sms`.
    pub(crate) fn at(channel: &str, address: &str) -> Self {
        let address = Some(address.to_owned());
        match channel {
            "sms" => Self { phone_number: address, ..Self::default() },
            _ => Self { email: address, ..Self::default() },
        }
    }
}

pub(crate) struct Users(Vec<User>);

impl Users {
    /// The four of each tenant.
    pub(crate) fn of(tenants: &[Tenant]) -> Self {
        Self(tenants.iter().flat_map(of_tenant).collect())
    }

    /// The users of one tenant, the oldest first.
    pub(crate) fn within<'a>(&'a self, tenant_id: &'a str) -> impl Iterator<Item = &'a User> {
        self.0.iter().filter(move |user| user.tenant_id == tenant_id)
    }

    pub(crate) fn get(&self, uuid: &str) -> Option<&User> {
        self.0.iter().find(|user| user.uuid == uuid)
    }

    pub(crate) fn get_mut(&mut self, uuid: &str) -> Option<&mut User> {
        self.0.iter_mut().find(|user| user.uuid == uuid)
    }

    /// Refuses a user name, e-mail address or phone number of another user than `except`.
    pub(crate) fn check_free(
        &self,
        tenant_id: &str,
        wanted: &NewUser,
        except: Option<&str>,
    ) -> Result<(), Refusal> {
        let others = || self.within(tenant_id).filter(|user| Some(user.uuid.as_str()) != except);
        if wanted.email.as_deref().is_some_and(|email| others().any(|user| user.has_email(email))) {
            return Err(Refusal::bad_request("This e-mail address is taken"));
        }
        if wanted.username.is_some() && others().any(|user| user.username == wanted.username) {
            return Err(Refusal::bad_request("This user name is taken"));
        }
        if wanted.phone_number.is_some() && others().any(|user| user.phone_number == wanted.phone_number) {
            return Err(Refusal::bad_request("This phone number is taken"));
        }
        Ok(())
    }

    /// Adds a user and returns the UUID: the promised one, else a random one.
    pub(crate) fn add(&mut self, tenant: &Tenant, new_user: NewUser, now: &str) -> String {
        let NewUser { uuid, username, email, phone_number, name, data, password } = new_user;
        let uuid = uuid.unwrap_or_else(|| Uuid::new_v4().to_string());
        let id = self.within(&tenant.id).map(|user| user.id).max().unwrap_or(0) + 1;
        self.0.push(User {
            id,
            uuid: uuid.clone(),
            tenant_id: tenant.id.clone(),
            username,
            email,
            phone_number,
            name,
            image: None,
            data: data.unwrap_or_else(|| json!({})),
            password,
            confirmed_email_at: None,
            confirmed_phone_number_at: None,
            created_at: now.to_owned(),
            updated_at: now.to_owned(),
            authorization: authorization(tenant, "", &["member"]),
            totp: None,
            offered_totp: None,
        });
        uuid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_unique_within_a_tenant() {
        let users = Users::of(&[Tenant::demo(), Tenant::nordlicht()]);
        let wanted = |email: &str| NewUser { email: Some(email.to_owned()), ..NewUser::default() };
        assert!(users.check_free("demo1234", &wanted("ADMIN@example.com"), None).is_err());
        let own = users.within("demo1234").next().map(|user| user.uuid.clone());
        assert!(users.check_free("demo1234", &wanted("admin@example.com"), own.as_deref()).is_ok());
        assert!(users.check_free("nordlich", &wanted("admin@example.com"), own.as_deref()).is_err());
        assert!(users.check_free("demo1234", &wanted("new@example.com"), None).is_ok());
        assert!(users.check_free("demo1234", &NewUser::default(), None).is_ok());
    }
}
