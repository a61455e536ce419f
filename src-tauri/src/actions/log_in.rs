//! Logging in: each action works on the step that the window shows, and leads to the next step.

use std::sync::Arc;

use accounts::AccountId;
use accounts::log_in::error::LogInError;
use accounts::log_in::progress::Progress;
use accounts::model::factor::{AuthMethod, Channel, Factor};
use accounts::model::link::LinkKind;
use accounts::model::password_rule;
use accounts::model::pasted;
use accounts::model::token::{OneTimeCode, Password};
use accounts::ports::{CodeAddress, NewUser, TotpProof};

use crate::actions::action::{Action, Done, now};
use crate::actions::after_log_in::after_log_in;
use crate::actions::links;
use crate::dto::{ErrorCause, IpcError, SignUpWay};
use crate::error::{self, Wrong};
use crate::state::screen::Screen;
use crate::state::steps::{CodeSent, CodeTo, LinkSent, Step};

impl Action {
    pub(crate) async fn factor(&self) -> Result<Factor, IpcError> {
        if let Some(Step::Factor(factor)) = self.step() {
            return Ok(factor);
        }
        let (tenant, config) = self.tenant().await?;
        let last = self.app.last_factor(&tenant).await;
        let offered = accounts::model::factor::to_offer(&config.first_factors, last.as_ref());
        offered.cloned().ok_or_else(|| ErrorCause::OtherStep.into())
    }

    pub(crate) fn go_on(&self, done: Result<Progress, LogInError>, wrong: Wrong) -> Done {
        match done.map_err(|failure| error::of_log_in(failure, wrong))? {
            Progress::LoggedIn(account) => self.logged_in(account),
            Progress::SecondFactor(challenge) => self.go(|screen| {
                screen.steps.retain(|step| !step.ends_with_a_factor());
                screen.push(Step::SecondFactors(Arc::new(challenge)));
                screen.wants_login = true;
                screen.open = None;
            }),
        }
        Ok(())
    }

    pub(crate) fn logged_in(&self, account: AccountId) {
        self.go(Screen::leave_login);
        after_log_in(&self.app, account);
    }

    pub(crate) async fn choose_factor(&self, chosen: &Factor) -> Done {
        let (_, config) = self.tenant().await?;
        let factor = config.first_factors.into_iter().find(|factor| factor == chosen);
        let factor = factor.filter(|factor| factor.method().is_some()).ok_or(ErrorCause::OtherStep)?;
        self.go(|screen| {
            screen.steps.clear();
            screen.push(Step::Factor(factor));
        });
        Ok(())
    }

    pub(crate) async fn with_password(&self, name: &str, password: &Password) -> Done {
        let (tenant, _) = self.tenant().await?;
        let done = self.app.accounts.log_in_with_password(&tenant, pasted::name(name), password).await;
        self.go_on(done, Wrong::Credentials)
    }

    pub(crate) async fn send_link(&self, email: &str) -> Done {
        self.send_link_to(pasted::name(email).to_owned(), None).await.map(|step| self.push(step))
    }

    async fn send_link_to(&self, email: String, user: Option<NewUser>) -> Result<Step, IpcError> {
        let (tenant, _) = self.tenant().await?;
        let sent = self.app.accounts.send_link(&tenant, &email, user.as_ref()).await;
        let sent = sent.map_err(|failure| error::of_factor(failure, Wrong::Email))?;
        let purpose = if user.is_some() { LinkKind::SignUp } else { LinkKind::LogIn };
        Ok(Step::LinkSent(Arc::new(LinkSent { purpose, email, user, link: sent.link, at: now() })))
    }

    async fn send_reset_link_to(&self, email: String) -> Result<Step, IpcError> {
        let (tenant, _) = self.tenant().await?;
        let sent = self.app.accounts.send_reset_link(&tenant, &email).await;
        let sent = sent.map_err(|failure| error::of_factor(failure, Wrong::Email))?;
        let (purpose, user, at) = (LinkKind::Reset, None, now());
        Ok(Step::LinkSent(Arc::new(LinkSent { purpose, email, user, link: sent.link, at })))
    }

    pub(crate) async fn send_reset_link(&self, email: &str) -> Done {
        self.send_reset_link_to(pasted::name(email).to_owned()).await.map(|step| self.push(step))
    }

    pub(crate) async fn send_code(&self, address: &str) -> Done {
        let address = pasted::name(address).to_owned();
        let to = match self.step() {
            Some(Step::Phone(challenge)) => CodeTo::Second {
                challenge,
                channel: Channel::Sms,
                address: Some(CodeAddress::Phone(address)),
            },
            _ => match self.factor().await?.method() {
                Some(AuthMethod::Code(Channel::Email)) => {
                    CodeTo::First { address: CodeAddress::Email(address), user: None }
                }
                Some(AuthMethod::Code(Channel::Sms)) => {
                    CodeTo::First { address: CodeAddress::Phone(address), user: None }
                }
                _ => return Err(ErrorCause::OtherStep.into()),
            },
        };
        self.send_code_to(to).await.map(|step| self.push(step))
    }

    async fn send_code_to(&self, to: CodeTo) -> Result<Step, IpcError> {
        let accounts = &self.app.accounts;
        let (sent, channel) = match &to {
            CodeTo::First { address, user } => {
                let (tenant, _) = self.tenant().await?;
                (accounts.send_code(&tenant, address, user.as_ref()).await, address.channel())
            }
            CodeTo::Second { challenge, channel, address } => {
                (accounts.send_second_code(challenge, *channel, address.as_ref()).await, *channel)
            }
        };
        let wrong = match channel {
            Channel::Email => Wrong::Email,
            Channel::Sms => Wrong::Phone,
        };
        let sent = sent.map_err(|failure| error::of_factor(failure, wrong))?;
        Ok(Step::CodeSent(Arc::new(CodeSent { to, code: sent.code, at: now() })))
    }

    pub(crate) async fn send_again(&self) -> Done {
        let again = match self.step() {
            Some(Step::LinkSent(sent)) if sent.purpose == LinkKind::Reset => {
                self.send_reset_link_to(sent.email.clone()).await
            }
            Some(Step::LinkSent(sent)) => self.send_link_to(sent.email.clone(), sent.user.clone()).await,
            Some(Step::CodeSent(sent)) => self.send_code_to(sent.to.clone()).await,
            _ => Err(ErrorCause::OtherStep.into()),
        };
        again.map(|step| self.replace(step))
    }

    pub(crate) async fn confirm_code(&self, code: &OneTimeCode) -> Done {
        let Some(Step::CodeSent(sent)) = self.step() else { return Err(ErrorCause::OtherStep.into()) };
        let accounts = &self.app.accounts;
        let done = match &sent.to {
            CodeTo::First { address, .. } => {
                let (tenant, _) = self.tenant().await?;
                accounts.log_in_with_code(&tenant, address, code).await
            }
            CodeTo::Second { challenge, channel, address } => {
                accounts.confirm_second_code(challenge, *channel, address.as_ref(), code).await
            }
        };
        self.go_on(done, Wrong::Code)
    }

    pub(crate) async fn with_totp(&self, name: &str, proof: TotpProof<'_>) -> Done {
        let accounts = &self.app.accounts;
        let done = if let Some(challenge) = self.step().as_ref().and_then(Step::challenge) {
            accounts.confirm_second_totp(challenge, proof).await
        } else {
            let (tenant, _) = self.tenant().await?;
            accounts.log_in_with_totp(&tenant, pasted::name(name), proof).await
        };
        self.go_on(done, Wrong::Code)
    }

    pub(crate) async fn choose_second_factor(&self, strategy: &str, channel: &str) -> Done {
        let Some(Step::SecondFactors(challenge)) = self.step() else {
            return Err(ErrorCause::OtherStep.into());
        };
        let chosen = challenge.second_factors.iter().find(|second| second.factor.is(strategy, channel));
        let chosen = chosen.ok_or(ErrorCause::OtherStep)?;
        let step = match (chosen.factor.method(), chosen.is_configured) {
            (Some(AuthMethod::Totp), true) => Step::Totp(challenge),
            (Some(AuthMethod::Totp), false) => {
                let totp = self.app.accounts.second_totp_set_up(&challenge).await?;
                Step::SetUpTotp(challenge, Arc::new(totp))
            }
            (Some(AuthMethod::Code(Channel::Sms)), false) => Step::Phone(challenge),
            (Some(AuthMethod::Code(channel)), _) => {
                self.send_code_to(CodeTo::Second { challenge, channel, address: None }).await?
            }
            _ => return Err(ErrorCause::OtherStep.into()),
        };
        self.push(step);
        Ok(())
    }

    pub(crate) async fn sign_up(&self, user: NewUser, email: &str, password: &Password) -> Done {
        let (tenant, config) = self.tenant().await?;
        if !password_rule::is_met(password, config.mode) {
            return Err(ErrorCause::WeakPassword.into());
        }
        let done =
            self.app.accounts.sign_up_with_password(&tenant, &user, pasted::name(email), password).await;
        self.go_on(done, Wrong::NewUser)
    }

    pub(crate) async fn sign_up_with(&self, way: SignUpWay, user: NewUser, address: &str) -> Done {
        let (address, user) = (pasted::name(address).to_owned(), Some(user));
        let step = match way {
            SignUpWay::Link => self.send_link_to(address, user).await?,
            SignUpWay::EmailCode => {
                self.send_code_to(CodeTo::First { address: CodeAddress::Email(address), user }).await?
            }
            SignUpWay::SmsCode => {
                self.send_code_to(CodeTo::First { address: CodeAddress::Phone(address), user }).await?
            }
            SignUpWay::Password => return Err(ErrorCause::OtherStep.into()),
        };
        self.push(step);
        Ok(())
    }

    pub(crate) async fn reset_password(&self, password: &Password) -> Done {
        let Some(Step::NewPassword(link)) = self.step() else { return Err(ErrorCause::OtherStep.into()) };
        let (tenant, config) = self.tenant().await?;
        if !password_rule::is_met(password, config.mode) {
            return Err(ErrorCause::WeakPassword.into());
        }
        let accounts = &self.app.accounts;
        let name = links::awaited_name(accounts, &tenant);
        let done = accounts.reset_password(&tenant, &link, name.as_deref(), password).await;
        self.go_on(done, Wrong::Reset)
    }

    pub(crate) async fn leave_step(&self) {
        self.app.leave_form(|screen| drop(screen.pop())).await;
    }

    pub(crate) async fn show_forgotten_password(&self) -> Done {
        self.tenant().await?;
        self.push(Step::ForgottenPassword);
        Ok(())
    }

    pub(crate) async fn sign_up_by(&self, way: SignUpWay) -> Done {
        self.tenant().await?;
        match self.step() {
            Some(Step::SignUp(_)) => self.replace(Step::SignUp(way)),
            _ => self.push(Step::SignUp(way)),
        }
        Ok(())
    }
}
