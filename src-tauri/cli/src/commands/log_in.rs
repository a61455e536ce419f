//! `log-in`: by the auth method that the arguments name, or by one that the user chooses of the tenant's.
//!
//! ```text
//! a method among the arguments ──────────────────────────┐
//! none: ask the tenant, offer its methods on a terminal ─┴─► first factor ─► logged in
//!                                                              └─► second factor(s) ─► logged in
//! ```
//!
//! On a terminal a wrong code or link is asked for again; in a script the run ends. An MFA challenge lives in
//! this process alone: an interrupt ends it, and leaves the user logged out.

mod first_factor;
mod second_factor;
mod single_sign_on;

use accounts::log_in::error::LogInError;
use accounts::log_in::progress::Progress;
use accounts::model::factor::{AuthMethod, Factor, to_offer};
use accounts::model::link::Link;
use accounts::model::pasted;
use accounts::model::registry::LastTenant;
use accounts::model::token::Password;
use accounts::ports::{FactorError, Sent};
use accounts::storage::environment::Environment;
use accounts::{Accounts, Tenant};

use crate::arguments;
use crate::auth_methods::possible;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::messages::log_in as messages;
use crate::messages::prompts::{Wanted, no_terminal};
use crate::output::{Output, tell};
use crate::terminal::prompts::{self, Prompts};
use crate::{json, overview};

struct LogIn<'a> {
    accounts: &'a Accounts,
    tenant: Tenant,
    /// Of `--user`.
    user: Option<String>,
    prompts: Prompts,
    output: Output,
}

/// Why a factor did not log in.
enum Unsuccessful {
    /// The answer was wrong; another may be right.
    Wrong(Failure),
    Over(Failure),
}

impl Unsuccessful {
    fn into_failure(self) -> Failure {
        let (Self::Wrong(failure) | Self::Over(failure)) = self;
        failure
    }
}

pub(super) async fn log_in(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogIn,
    output: Output,
) -> Done {
    let tenant = parse_tenant(environment, &arguments)?;
    if arguments.replace {
        accounts.may_replace_foreign(None);
    }
    let log_in = LogIn { accounts, tenant, user: arguments.user, prompts: Prompts::new(), output };
    let mut progress = log_in.first_factor(&arguments.method, arguments.provider_id.as_deref()).await?;
    let id = loop {
        match progress {
            Progress::LoggedIn(id) => break id,
            Progress::SecondFactor(challenge) => progress = log_in.second_factor(&challenge).await?,
        }
    };
    if let Err(error) = accounts.renew_profile(&id).await {
        tracing::warn!(account = %id, %error, "the profile was not kept");
    }
    let overview = overview::read(accounts).await?;
    let line = messages::logged_in(&overview::name(&overview, &id));
    output.done(&json::logged_in(&id, &overview), &line);
    Ok(Exit::Done)
}

fn parse_tenant(environment: &Environment, arguments: &arguments::LogIn) -> Result<Tenant, Failure> {
    let id = match (&arguments.tenant, environment.tenant.clone()) {
        (Some(id), _) => id.parse()?,
        (None, set) => set?.ok_or_else(messages::no_tenant)?,
    };
    let api = match &arguments.api_url {
        Some(url) => url.parse()?,
        None => environment.api.clone()?,
    };
    let domain = arguments.domain.as_ref().map(|domain| domain.parse()).transpose()?;
    Ok(Tenant { id, api, domain })
}

impl LogIn<'_> {
    async fn first_factor(
        &self,
        method: &arguments::AuthMethod,
        provider_id: Option<&str>,
    ) -> Result<Progress, Failure> {
        if method.password_stdin {
            let name = self.name(messages::EMAIL_OR_USER_NAME, |_| true).await?;
            let password = prompts::password_line()?;
            return self.try_password(&name, &password).await.map_err(Unsuccessful::into_failure);
        }
        if let Some(by) = method.code {
            return self.with_code(by.into()).await;
        }
        if let Some(provider) = method.browser {
            return self.with_provider(provider, provider_id).await;
        }
        if method.link {
            return self.with_link().await;
        }
        if method.totp {
            return self.with_totp().await;
        }
        self.with_chosen_method().await
    }

    async fn with_chosen_method(&self) -> Result<Progress, Failure> {
        if !self.prompts.is_terminal() {
            return Err(no_terminal());
        }
        let factors = self.accounts.auth_config(&self.tenant).await?.first_factors;
        let last = self.remembered().await?.and_then(|last| last.last_factor);
        let possible = possible(&factors);
        let Some(offered) = to_offer(&factors, last.as_ref()) else {
            return Err(messages::no_method(&self.tenant.id));
        };
        let nth = match possible.as_slice() {
            [_] => 0,
            several => self.choose_method(&factors, several, offered)?,
        };
        match possible[nth] {
            (_, AuthMethod::Password) => self.with_password().await,
            (_, AuthMethod::Link) => self.with_link().await,
            (_, AuthMethod::Code(channel)) => self.with_code(channel).await,
            (_, AuthMethod::Totp) => self.with_totp().await,
            (factor, AuthMethod::Sso(provider)) => {
                self.with_provider(provider, factor.provider_id.as_deref()).await
            }
        }
    }

    fn choose_method(
        &self,
        all: &[Factor],
        possible: &[(&Factor, AuthMethod)],
        offered: &Factor,
    ) -> Result<usize, Failure> {
        tell(messages::methods_of(&self.tenant));
        tell(messages::choices(possible.iter().map(|(_, method)| messages::method(*method)), all.iter()));
        let words: Vec<_> = possible.iter().map(|(factor, _)| messages::factor(factor)).collect();
        let offered = possible.iter().position(|(_, method)| Some(*method) == offered.method());
        self.prompts.choose(&words, offered)
    }

    /// The user: of `--user`, else asked for. On a terminal the last name is offered, if it is of the `right`
    /// kind.
    async fn name(&self, asked: &str, right: impl Fn(&str) -> bool) -> Result<String, Failure> {
        if let Some(user) = &self.user {
            return Ok(user.clone());
        }
        let last = if self.prompts.is_terminal() { self.remembered().await? } else { None };
        let last = last.and_then(|last| last.email_or_username);
        let Some(last) = last.filter(|last| right(last)) else {
            return self.prompts.name(&messages::asked(asked), Wanted::User);
        };
        let typed = self.prompts.line(&messages::name_or(asked, &last), Wanted::User)?;
        let typed = pasted::name(&typed);
        Ok(if typed.is_empty() { last } else { typed.to_owned() })
    }

    /// The last log-in, if it was to this tenant.
    async fn remembered(&self) -> Result<Option<LastTenant>, Failure> {
        let last = overview::read(self.accounts).await?.registry.last_tenant.clone();
        Ok(last.filter(|last| last.tenant == self.tenant))
    }

    /// Repeats the attempt until the server accepts it or the tries are used up.
    async fn until_accepted(
        &self,
        mut attempt: impl AsyncFnMut() -> Result<Progress, Unsuccessful>,
    ) -> Result<Progress, Failure> {
        for _ in 1..self.prompts.tries() {
            match attempt().await {
                Ok(progress) => return Ok(progress),
                Err(Unsuccessful::Over(failure)) => return Err(failure),
                Err(Unsuccessful::Wrong(failure)) => tell(failure.message),
            }
        }
        attempt().await.map_err(Unsuccessful::into_failure)
    }

    async fn try_password(&self, name: &str, password: &Password) -> Result<Progress, Unsuccessful> {
        Ok(self.accounts.log_in_with_password(&self.tenant, name, password).await?)
    }

    async fn with_password(&self) -> Result<Progress, Failure> {
        let name = self.name(messages::EMAIL_OR_USER_NAME, |_| true).await?;
        self.until_accepted(async || {
            let prompt = messages::password(&name, &self.tenant);
            let password: Password = self.prompts.password(&prompt)?;
            self.try_password(&name, &password).await
        })
        .await
    }
}

/// Shows the code or link that test mode answers with instead of sending it.
fn show_sent(sent: &Sent) {
    if let Some(code) = &sent.code {
        tell(messages::test_mode_code(code.secret()));
    }
    match sent.link.as_ref().map(|link| (link, Link::parse(link.secret()))) {
        Some((link, Ok(_))) => tell(messages::test_mode_link(link.secret())),
        Some((_, Err(error))) => tell(messages::test_mode_bad_link(error)),
        None => {}
    }
}

impl From<Failure> for Unsuccessful {
    fn from(failure: Failure) -> Self {
        Self::Over(failure)
    }
}

impl From<LogInError> for Unsuccessful {
    fn from(error: LogInError) -> Self {
        let is_wrong = matches!(error, LogInError::Factor(FactorError::Wrong { .. }));
        if is_wrong { Self::Wrong(error.into()) } else { Self::Over(error.into()) }
    }
}
