//! Second factors: chosen, given, and set up during the log-in where the user has none yet.
//!
//! The secret of an authenticator app is shown on a terminal alone: a file or a pipe would keep it.

use std::io::{self, IsTerminal, Write};

use accounts::log_in::progress::{MfaChallenge, Progress};
use accounts::model::factor::{AuthMethod, Channel, SecondFactor};
use accounts::ports::{CodeAddress, TotpSetUp};

use super::first_factor::proof;
use super::{LogIn, show_sent};
use crate::failure::Failure;
use crate::messages::log_in as messages;
use crate::messages::prompts::Wanted;
use crate::output::tell;

impl LogIn<'_> {
    /// Gives a second factor. The server may ask for one more.
    pub(super) async fn second_factor(&self, challenge: &MfaChallenge) -> Result<Progress, Failure> {
        let (method, is_configured) = self.choose_second(challenge)?;
        match (method, is_configured) {
            (SecondMethod::Totp, true) => {
                self.until_accepted(async || {
                    let code = self.totp_code()?;
                    Ok(self.accounts.confirm_second_totp(challenge, proof(&code)).await?)
                })
                .await
            }
            (SecondMethod::Totp, false) => self.set_up_totp(challenge).await,
            (SecondMethod::Code(Channel::Sms), false) => {
                let number = self.prompts.name(messages::NEW_PHONE_NUMBER, Wanted::PhoneNumber)?;
                self.second_code(challenge, Channel::Sms, Some(&CodeAddress::Phone(number))).await
            }
            (SecondMethod::Code(channel), _) => self.second_code(challenge, channel, None).await,
        }
    }

    /// The only one that the user has set up, or the only one possible; else the user chooses.
    fn choose_second(&self, challenge: &MfaChallenge) -> Result<(SecondMethod, bool), Failure> {
        let all = &challenge.second_factors;
        let possible: Vec<_> = all.iter().filter_map(|it| Some((it, SecondMethod::of(it)?))).collect();
        let configured: Vec<_> = possible.iter().filter(|(second, _)| second.is_configured).collect();
        match (configured.as_slice(), possible.as_slice()) {
            (_, []) => Err(messages::no_second_factor(&self.tenant, all)),
            ([(_, method)], _) => Ok((*method, true)),
            (_, [(second, method)]) => Ok((*method, second.is_configured)),
            (_, several) => {
                tell(messages::second_factors_of(&self.tenant));
                let labels =
                    several.iter().map(|(second, method)| messages::second_factor(second, (*method).into()));
                tell(messages::choices(labels, all.iter().map(|second| &second.factor)));
                let words = several.iter().map(|(second, _)| messages::factor(&second.factor));
                let words: Vec<_> = words.collect();
                let (second, method) = several[self.prompts.choose(&words, None)?];
                Ok((method, second.is_configured))
            }
        }
    }

    async fn second_code(
        &self,
        challenge: &MfaChallenge,
        channel: Channel,
        address: Option<&CodeAddress>,
    ) -> Result<Progress, Failure> {
        let sent = self.accounts.send_second_code(challenge, channel, address).await?;
        if sent.code.is_none() {
            tell(messages::second_code_sent(channel));
        }
        show_sent(&sent);
        self.until_accepted(async || {
            let code = self.prompts.code(&messages::second_code(&self.tenant))?;
            Ok(self.accounts.confirm_second_code(challenge, channel, address, &code).await?)
        })
        .await
    }

    async fn set_up_totp(&self, challenge: &MfaChallenge) -> Result<Progress, Failure> {
        // Checked before the call: the server must not make a secret that is never shown.
        if self.output.json || !io::stdout().is_terminal() {
            return Err(messages::secret_needs_terminal());
        }
        show_set_up(&self.accounts.second_totp_set_up(challenge).await?)?;
        self.until_accepted(async || {
            let code = self.prompts.code(messages::SET_UP_CODE)?;
            Ok(self.accounts.confirm_second_totp(challenge, proof(&code)).await?)
        })
        .await
    }
}

fn show_set_up(set_up: &TotpSetUp) -> Result<(), Failure> {
    let mut screen = io::stdout().lock();
    let shown = messages::totp_set_up(&mut screen, set_up).and_then(|()| screen.flush());
    shown.map_err(|error| messages::secret_not_shown(&error))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SecondMethod {
    Totp,
    Code(Channel),
}

impl SecondMethod {
    fn of(second: &SecondFactor) -> Option<Self> {
        match second.factor.method()? {
            AuthMethod::Totp => Some(Self::Totp),
            AuthMethod::Code(channel) => Some(Self::Code(channel)),
            AuthMethod::Password | AuthMethod::Link | AuthMethod::Sso(_) => None,
        }
    }
}

impl From<SecondMethod> for AuthMethod {
    fn from(way: SecondMethod) -> Self {
        match way {
            SecondMethod::Totp => Self::Totp,
            SecondMethod::Code(channel) => Self::Code(channel),
        }
    }
}
