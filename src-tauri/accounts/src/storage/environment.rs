//! The environment: the data folder, the keyring service, and the tenant and API to fill in. Read here, so
//! that the app and the command line agree.

use crate::storage::folders::IDENTIFIER;
use crate::storage::folders::ordinary_home;
use std::path::PathBuf;

use crate::model::api_base::ApiBase;
use crate::model::malformed::Malformed;
use crate::model::pasted;
use crate::model::tenant::TenantId;
use crate::storage::folders::derived;

/// The environment, read once at start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The data folder: `USERFRONT_ACCOUNTS_HOME`, else the platform's data folder + our identifier.
    pub home: PathBuf,
    /// The keyring service: `USERFRONT_ACCOUNTS_SERVICE`. Without it this is a guess until the data folder
    /// names it ([`service_name`](crate::storage::service_name)): our identifier or, if the home is set, a
    /// name derived from it, so that two homes never share entries.
    pub service: String,
    /// Whether `USERFRONT_ACCOUNTS_SERVICE` is set.
    pub service_is_set: bool,
    /// `USERFRONT_API_URL`: the API base for new tenants. An error stops only log-ins that need it.
    pub api: Result<ApiBase, EnvironmentError>,
    /// `USERFRONT_TENANT`: the tenant ID filled in on the login screen. An error has the same effect.
    pub tenant: Result<Option<TenantId>, EnvironmentError>,
}

/// Why the environment cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// A variable has the wrong form.
    #[error("{variable} cannot be used. {malformed}")]
    Malformed {
        /// The variable's name.
        variable: &'static str,
        /// The form it should have.
        malformed: Malformed,
    },
    /// A relative data folder would change with the working directory.
    #[error(
        "USERFRONT_ACCOUNTS_HOME is not an absolute path: it would name another data folder in each folder \
         that a program is started in. Set it to a whole path, from the root."
    )]
    RelativeHome,
    /// The system does not say where data belongs.
    #[error("There is no data folder on this system. Set USERFRONT_ACCOUNTS_HOME to a folder of your own.")]
    NoDataFolder,
}

impl Environment {
    /// Reads it by `variable`, in production `std::env::var_os`. An empty variable counts as not set.
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
            (None, Some(home)) => derived(home),
            (None, None) => IDENTIFIER.to_owned(),
        };
        let home = own_home.or_else(ordinary_home).ok_or(EnvironmentError::NoDataFolder)?;
        if !home.is_absolute() {
            return Err(EnvironmentError::RelativeHome);
        }
        let malformed = |variable| move |malformed| EnvironmentError::Malformed { variable, malformed };
        let named =
            |name: &str| text(name).map(|text| pasted::name(&text).to_owned()).filter(|it| !it.is_empty());
        let api = named("USERFRONT_API_URL").map_or_else(|| Ok(ApiBase::userfront()), |url| url.parse());
        let tenant = named("USERFRONT_TENANT").map(|id| id.parse()).transpose();
        Ok(Self {
            home,
            service,
            service_is_set,
            api: api.map_err(malformed("USERFRONT_API_URL")),
            tenant: tenant.map_err(malformed("USERFRONT_TENANT")),
        })
    }

    /// The errors that keep a new tenant from being filled in.
    pub fn problems(&self) -> impl Iterator<Item = &EnvironmentError> {
        [self.api.as_ref().err(), self.tenant.as_ref().err()].into_iter().flatten()
    }
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
        assert_eq!((environment.problems().count(), &environment.tenant), (0, &Ok(None)));
        assert_eq!(environment.api, Ok(ApiBase::userfront()));
    }

    #[test]
    fn another_data_folder_has_its_own_keyring_service() {
        let service = |home| read(&[("USERFRONT_ACCOUNTS_HOME", home)]).unwrap().service;
        assert_ne!(service("/a"), service("/b"));
        assert!(service("/a").starts_with(IDENTIFIER) && service("/a") != IDENTIFIER);
        let both = [("USERFRONT_ACCOUNTS_HOME", "/a"), ("USERFRONT_ACCOUNTS_SERVICE", "mine")];
        assert_eq!(read(&both).unwrap().service, "mine");
    }

    #[test]
    fn a_malformed_log_in_variable_is_reported_and_stops_nothing_else() {
        let both = [("USERFRONT_API_URL", "http://api.userfront.com/"), ("USERFRONT_TENANT", "a b")];
        let environment = read(&both).unwrap();
        let api = environment.api.as_ref().unwrap_err().to_string();
        assert!(api.contains("USERFRONT_API_URL") && api.contains("https://"), "{api}");
        let tenant = environment.tenant.as_ref().unwrap_err().to_string();
        assert!(tenant.contains("USERFRONT_TENANT"), "{tenant}");
        let problems: Vec<_> = environment.problems().map(ToString::to_string).collect();
        assert_eq!(problems, [api, tenant]);
    }

    #[test]
    fn blanks_around_a_variable_are_ignored() {
        let both =
            [("USERFRONT_API_URL", " https://api.example.com/v0 \n"), ("USERFRONT_TENANT", " demo1234\r")];
        let environment = read(&both).unwrap();
        assert_eq!(environment.problems().count(), 0);
        assert_eq!(environment.tenant, Ok(Some("demo1234".parse().unwrap())));
    }

    #[test]
    fn a_relative_data_folder_is_refused() {
        for relative in ["accounts", "./accounts", "../accounts", "~/accounts"] {
            assert_eq!(read(&[("USERFRONT_ACCOUNTS_HOME", relative)]), Err(EnvironmentError::RelativeHome));
        }
    }
}
