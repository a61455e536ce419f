//! `log-in`: from the arguments to an account, by any way in that the tenant offers.
//!
//! ```text
//! a way among the arguments ────────────────────────┐
//! none: ask the tenant, offer its ways on a terminal ┴─► first factor ─► logged in
//!                                                          └─► second factor, as often as the server asks ─► logged in
//! ```
//!
//! A code or link is asked for once more when it is wrong, on a terminal; in a script the run ends. Who is
//! half logged in lives in this process alone: whoever interrupts it is not logged in.

use accounts::log_in::error::LogInError;
use accounts::log_in::progress::Progress;
use accounts::model::factor::{Way, to_offer};
use accounts::model::pasted;
use accounts::model::token::Password;
use accounts::ports::{FactorError, Sent};
use accounts::storage::environment::Environment;
use accounts::{Accounts, Tenant};
use serde_json::json;

use crate::arguments;
use crate::asking::{self, Asking};
use crate::commands::readable;
use crate::exit::Exit;
use crate::failure::{Done, Failure};
use crate::report::{self, Report};
use crate::tell::tell;
use crate::ways;

/// One log-in.
pub(crate) struct LogIn<'a> {
    pub(crate) accounts: &'a Accounts,
    pub(crate) tenant: Tenant,
    /// As given among the arguments.
    user: Option<String>,
    pub(crate) asking: Asking,
    pub(crate) report: Report,
}

/// Why a factor led nowhere.
pub(crate) enum Unsuccessful {
    /// What was typed was wrong; another answer may be right.
    Wrong(Failure),
    /// Anything else.
    Over(Failure),
}

impl Unsuccessful {
    fn into_failure(self) -> Failure {
        let (Self::Wrong(failure) | Self::Over(failure)) = self;
        failure
    }
}

pub(crate) async fn log_in(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogIn,
    report: Report,
) -> Done {
    let tenant = parse_tenant(environment, &arguments)?;
    if arguments.replace {
        accounts.may_replace_foreign(None);
    }
    let log_in = LogIn { accounts, tenant, user: arguments.user, asking: Asking::new(), report };
    let mut progress = log_in.first_factor(&arguments.way, arguments.provider_id.as_deref()).await?;
    let id = loop {
        match progress {
            Progress::LoggedIn(id) => break id,
            Progress::SecondFactor(challenge) => progress = log_in.second_factor(&challenge).await?,
        }
    };
    if let Err(error) = accounts.renew_profile(&id).await {
        tracing::warn!(account = %id, %error, "the profile was not kept");
    }
    let overview = readable(accounts).await?;
    let account = overview.registry.account(&id);
    let name = account.map_or_else(|| id.to_string(), |account| account.name().to_owned());
    let value = json!({"account": account.map(|account| report::account(account, &overview))});
    report.say(&value, &format!("Logged in as {name}."));
    Ok(Exit::Done)
}

fn parse_tenant(environment: &Environment, arguments: &arguments::LogIn) -> Result<Tenant, Failure> {
    let id = match (&arguments.tenant, environment.tenant.clone()) {
        (Some(id), _) => id.parse()?,
        (None, set) => set?.ok_or_else(|| Failure::usage("Which tenant? Give --tenant ID."))?,
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
        way: &arguments::Way,
        provider_id: Option<&str>,
    ) -> Result<Progress, Failure> {
        if way.password_stdin {
            let name = self.name("E-mail address or user name", |_| true).await?;
            let password = asking::password_line()?;
            return self.try_password(&name, &password).await.map_err(Unsuccessful::into_failure);
        }
        if let Some(by) = way.code {
            return self.with_code(by.into()).await;
        }
        if let Some(provider) = way.browser {
            return self.with_provider(provider, provider_id).await;
        }
        if way.link {
            return self.with_link().await;
        }
        if way.totp {
            return self.with_totp().await;
        }
        self.with_chosen_way().await
    }

    /// Offers what the tenant offers.
    async fn with_chosen_way(&self) -> Result<Progress, Failure> {
        if !self.asking.is_terminal() {
            return Err(asking::no_terminal());
        }
        let ways_in = self.accounts.auth_config(&self.tenant).await?;
        let last = self.remembered().await?.and_then(|last| last.last_factor);
        let factors = &ways_in.first_factors;
        let possible = ways::possible(factors);
        let Some(offered) = to_offer(factors, last.as_ref()) else {
            let message = format!("No way in to {} is possible here. Log in with the app.", self.tenant.id);
            return Err(Failure::new(Exit::Failed, message));
        };
        let nth = match possible.as_slice() {
            [_] => 0,
            several => {
                tell!("Ways in to {}:", self.place());
                ways::list(several.iter().map(|(_, way)| ways::label(*way)));
                ways::list_impossible(factors);
                let words: Vec<_> = several.iter().map(|(factor, _)| ways::words(factor)).collect();
                let offered = several.iter().position(|(_, way)| Some(*way) == offered.way());
                self.asking.choose(&words, offered)?
            }
        };
        match possible[nth] {
            (_, Way::Password) => self.with_password().await,
            (_, Way::Link) => self.with_link().await,
            (_, Way::Code(channel)) => self.with_code(channel).await,
            (_, Way::Totp) => self.with_totp().await,
            (factor, Way::Sso(provider)) => self.with_provider(provider, factor.provider_id.as_deref()).await,
        }
    }

    /// Who logs in: as given, else asked for. On a terminal the name used last is offered, if it is of the
    /// `right` kind.
    pub(crate) async fn name(&self, what: &str, right: impl Fn(&str) -> bool) -> Result<String, Failure> {
        if let Some(user) = &self.user {
            return Ok(user.clone());
        }
        let last = if self.asking.is_terminal() { self.remembered().await? } else { None };
        let last = last.and_then(|last| last.email_or_username);
        let Some(last) = last.filter(|last| right(last)) else {
            return self.asking.name(&format!("{what}: "), "the user");
        };
        let typed = self.asking.line(&format!("{what} [{last}]: "), "the user")?;
        let typed = pasted::name(&typed);
        Ok(if typed.is_empty() { last } else { typed.to_owned() })
    }

    /// What is known of this tenant, if it is the one that was used last.
    async fn remembered(&self) -> Result<Option<accounts::model::registry::LastTenant>, Failure> {
        let last = readable(self.accounts).await?.registry.last_tenant;
        Ok(last.filter(|last| last.tenant == self.tenant))
    }

    /// Where it is that somebody logs in to. Any API but Userfront's own is named wherever something is
    /// typed.
    pub(crate) fn place(&self) -> String {
        let Tenant { id, api, .. } = &self.tenant;
        if api.is_userfront() { id.to_string() } else { format!("{id} at {}", api.host()) }
    }

    /// Asks and tries, until the server takes it or there were enough tries.
    pub(crate) async fn until_taken(
        &self,
        mut attempt: impl AsyncFnMut() -> Result<Progress, Unsuccessful>,
    ) -> Result<Progress, Failure> {
        for _ in 1..self.asking.tries() {
            match attempt().await {
                Ok(progress) => return Ok(progress),
                Err(Unsuccessful::Over(failure)) => return Err(failure),
                Err(Unsuccessful::Wrong(failure)) => tell!("{}", failure.message),
            }
        }
        attempt().await.map_err(Unsuccessful::into_failure)
    }

    async fn try_password(&self, name: &str, password: &Password) -> Result<Progress, Unsuccessful> {
        match self.accounts.log_in_with_password(&self.tenant, name, password).await {
            Err(LogInError::Factor(FactorError::Wrong { message })) => {
                Err(Unsuccessful::Wrong(Failure::wrong_password(&message)))
            }
            done => Ok(done?),
        }
    }

    /// A password, typed.
    async fn with_password(&self) -> Result<Progress, Failure> {
        let name = self.name("E-mail address or user name", |_| true).await?;
        self.until_taken(async || {
            let prompt = format!("Password of {name} for {}: ", self.place());
            let password: Password = self.asking.password(&prompt)?;
            self.try_password(&name, &password).await
        })
        .await
    }
}

/// Shows what test mode answers with instead of sending it. Both are the server's words.
pub(crate) fn show(sent: &Sent) {
    if let Some(code) = &sent.code {
        tell!("Test mode: nothing was sent, the code is {}", accounts::model::text::clean(code.secret()));
    }
    match sent.link.as_ref().map(|link| (link, accounts::model::link::Link::parse(link.secret()))) {
        // A link that can be read has no character in it that does anything to a terminal.
        Some((link, Ok(_))) => tell!("Test mode: nothing was sent, the link is {}", link.secret()),
        Some((_, Err(error))) => {
            tell!("Test mode: nothing was sent, and the link cannot be shown. {error}");
        }
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
