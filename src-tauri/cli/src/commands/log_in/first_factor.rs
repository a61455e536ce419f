//! First factors that are sent or typed: a link, a code, an authenticator app.

use accounts::log_in::progress::Progress;
use accounts::model::factor::{Channel, Factor};
use accounts::model::link::{Link, Reason, Verdict};
use accounts::model::token::OneTimeCode;
use accounts::ports::{CodeAddress, TotpProof};

use super::{LogIn, Unsuccessful, show_sent};
use crate::failure::Failure;
use crate::messages::log_in as messages;
use crate::messages::prompts::Wanted;
use crate::output::tell;

impl LogIn<'_> {
    pub(super) async fn with_link(&self) -> Result<Progress, Failure> {
        let email = self.name(messages::EMAIL, is_email).await?;
        let sent = self.accounts.send_link(&self.tenant, &email, None).await?;
        if sent.link.is_none() {
            tell(messages::link_sent(&email));
        }
        show_sent(&sent);
        self.with_pasted_link(Some(&email), &Factor::new("link", "email")).await
    }

    pub(super) async fn with_code(&self, channel: Channel) -> Result<Progress, Failure> {
        let address = match channel {
            Channel::Email => CodeAddress::Email(self.name(messages::EMAIL, is_email).await?),
            Channel::Sms => CodeAddress::Phone(self.name(messages::PHONE_NUMBER, is_phone).await?),
        };
        let sent = self.accounts.send_code(&self.tenant, &address, None).await?;
        let (CodeAddress::Email(to) | CodeAddress::Phone(to)) = &address;
        if sent.code.is_none() {
            tell(messages::code_sent(to));
        }
        show_sent(&sent);
        self.until_accepted(async || {
            let code = self.prompts.code(&messages::code(&self.tenant))?;
            Ok(self.accounts.log_in_with_code(&self.tenant, &address, &code).await?)
        })
        .await
    }

    pub(super) async fn with_totp(&self) -> Result<Progress, Failure> {
        let name = self.name(messages::EMAIL_OR_USER_NAME, |_| true).await?;
        self.until_accepted(async || {
            let code = self.totp_code()?;
            Ok(self.accounts.log_in_with_totp(&self.tenant, &name, proof(&code)).await?)
        })
        .await
    }

    pub(super) fn totp_code(&self) -> Result<OneTimeCode, Failure> {
        self.prompts.code_or_backup_code(&messages::totp_code(&self.tenant))
    }

    /// Asks for the whole link, judges it, and logs in with it. `factor` is the
    /// one that sent it.
    pub(super) async fn with_pasted_link(
        &self,
        name: Option<&str>,
        factor: &Factor,
    ) -> Result<Progress, Failure> {
        self.until_accepted(async || {
            let typed = self.prompts.answer(messages::LINK, Wanted::Link)?;
            let link = Link::parse(&typed).map_err(|error| Unsuccessful::Wrong(error.into()))?;
            if link.kind.is_for_new_password() {
                return Err(Unsuccessful::Wrong(messages::link_for_new_password()));
            }
            match self.accounts.judge_link(&link, Some(&self.tenant)) {
                Verdict::Take => {}
                Verdict::Refuse(refusal) => return Err(Unsuccessful::Wrong(refusal.into())),
                Verdict::Ask(reasons) => self.ask_about(name, &reasons)?,
            }
            Ok(self.accounts.log_in_with_link(&self.tenant, &link, name, Some(factor)).await?)
        })
        .await
    }

    /// Names account and host; anything but a yes is a failure.
    fn ask_about(&self, name: Option<&str>, reasons: &[Reason]) -> Result<(), Failure> {
        for reason in reasons {
            tell(messages::doubt(reason, &self.tenant));
        }
        if self.prompts.agrees(&messages::use_link(&self.tenant, name))? {
            Ok(())
        } else {
            Err(messages::link_not_used())
        }
    }
}

/// Digits alone come from an app; a backup code has letters and a hyphen, too.
pub(super) fn proof(code: &OneTimeCode) -> TotpProof<'_> {
    if code.secret().bytes().all(|byte| byte.is_ascii_digit()) {
        TotpProof::Code(code)
    } else {
        TotpProof::BackupCode(code)
    }
}

fn is_email(name: &str) -> bool {
    name.contains('@')
}

fn is_phone(name: &str) -> bool {
    name.starts_with('+')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_a_code_and_anything_else_a_backup_code() {
        for (typed, is_code) in
            [("123456", true), ("60bb6-9393a", false), ("12345-67890", false), ("名", false)]
        {
            let code = OneTimeCode::new(typed);
            assert_eq!(matches!(proof(&code), TotpProof::Code(_)), is_code, "{typed}");
        }
    }
}
