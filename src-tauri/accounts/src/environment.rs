//! What the environment says: where our files lie, what our keyring entries are called, what to fill in.
//!
//! Computed here, so that the app and the command line agree.

use std::path::PathBuf;

use crate::api_base::ApiBase;
use crate::service_name;
use crate::tenant::{Malformed, TenantId};

/// Name of the data folder, and of the keyring service, of an ordinary installation.
pub const IDENTIFIER: &str = "desktop.userfront.accounts";

/// The environment, read once at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The data folder: `USERFRONT_ACCOUNTS_HOME`, else the platform's data folder + our identifier.
    pub home: PathBuf,
    /// The keyring service: `USERFRONT_ACCOUNTS_SERVICE`. Else a first guess, until the data folder says it
    /// ([`service_name`](crate::service_name)): our identifier; when the home is set, one derived from it, so
    /// that two homes never share entries.
    pub service: String,
    /// `USERFRONT_ACCOUNTS_SERVICE` is set.
    pub service_is_set: bool,
    /// `USERFRONT_API_URL`: the API base for new tenants.
    pub api: ApiBase,
    /// `USERFRONT_TENANT`: the tenant ID filled in on the login screen.
    pub tenant: Option<TenantId>,
}

/// Why the environment cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// A variable does not hold what it should.
    #[error("{variable} is set to something else: {malformed}")]
    Malformed {
        /// Which variable.
        variable: &'static str,
        /// What it should be.
        malformed: Malformed,
    },
    /// The system does not say where data belongs.
    #[error("There is no data folder on this system. Set USERFRONT_ACCOUNTS_HOME to a folder of your own.")]
    NoDataFolder,
}

impl Environment {
    /// Reads it by `variable`, which is `std::env::var_os` but in tests. An empty variable counts as not set.
    ///
    /// # Errors
    /// [`EnvironmentError`], to be shown as it is.
    pub fn read(variable: impl Fn(&str) -> Option<std::ffi::OsString>) -> Result<Self, EnvironmentError> {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let text = |name: &str| set(name).map(|value| value.to_string_lossy().into_owned());
        let own_home = set("USERFRONT_ACCOUNTS_HOME").map(PathBuf::from);
        let own_service = text("USERFRONT_ACCOUNTS_SERVICE");
        let service_is_set = own_service.is_some();
        let service = match (own_service, &own_home) {
            (Some(service), _) => service,
            (None, Some(home)) => service_name::derived(home),
            (None, None) => IDENTIFIER.to_owned(),
        };
        let home = own_home.or_else(ordinary_home).ok_or(EnvironmentError::NoDataFolder)?;
        let malformed = |variable| move |malformed| EnvironmentError::Malformed { variable, malformed };
        let api = text("USERFRONT_API_URL").map(|url| url.parse()).transpose();
        let tenant = text("USERFRONT_TENANT").map(|id| id.parse()).transpose();
        Ok(Self {
            home,
            service,
            service_is_set,
            api: api.map_err(malformed("USERFRONT_API_URL"))?.unwrap_or_else(ApiBase::userfront),
            tenant: tenant.map_err(malformed("USERFRONT_TENANT"))?,
        })
    }
}

/// What this user's programs share while they are logged in to the computer, whatever their data folders;
/// nothing where the system has no such place.
#[must_use]
pub fn runtime_folder() -> Option<PathBuf> {
    Some(dirs::runtime_dir()?.join(IDENTIFIER))
}

/// The data folder of an ordinary installation.
pub(crate) fn ordinary_home() -> Option<PathBuf> {
    Some(dirs::data_dir()?.join(IDENTIFIER))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        let set: Vec<_> = set.iter().map(|(name, value)| ((*name).to_owned(), value.into())).collect();
        Environment::read(|name| {
            set.iter().find(|(n, _)| n == name).map(|(_, v): &(_, std::ffi::OsString)| v.clone())
        })
    }

    #[test]
    fn an_ordinary_installation_needs_no_variable() {
        let environment = read(&[("USERFRONT_API_URL", "")]).unwrap();
        assert_eq!(environment.service, IDENTIFIER);
        assert!(environment.home.ends_with(IDENTIFIER));
        assert_eq!((environment.api, environment.tenant), (ApiBase::userfront(), None));
    }

    #[test]
    fn another_home_has_entries_of_its_own() {
        let service = |home| read(&[("USERFRONT_ACCOUNTS_HOME", home)]).unwrap().service;
        assert_ne!(service("/a"), service("/b"));
        assert!(service("/a").starts_with(IDENTIFIER) && service("/a") != IDENTIFIER);
        let both = [("USERFRONT_ACCOUNTS_HOME", "/a"), ("USERFRONT_ACCOUNTS_SERVICE", "mine")];
        assert_eq!(read(&both).unwrap().service, "mine");
    }

    #[test]
    fn a_variable_that_makes_no_sense_is_named() {
        let error = read(&[("USERFRONT_API_URL", "http://api.userfront.com/")]).unwrap_err().to_string();
        assert!(error.contains("USERFRONT_API_URL") && error.contains("https://"), "{error}");
        let error = read(&[("USERFRONT_TENANT", "a b")]).unwrap_err().to_string();
        assert!(error.contains("USERFRONT_TENANT"), "{error}");
    }
}
