//! First factors that are sent or typed: a link, a code, an authenticator app.

use accounts::log_in::progress::Progress;
use accounts::model::factor::{Channel, Factor};
use accounts::model::link::{FRESH_FOR, Link, Reason, Verdict};
use accounts::model::token::OneTimeCode;
use accounts::ports::{CodeAddress, TotpProof};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::log_in::{LogIn, Unsuccessful, show};
use crate::tell::tell;

impl LogIn<'_> {
    /// A link, sent and then pasted.
    pub(crate) async fn with_link(&self) -> Result<Progress, Failure> {
        let email = self.name("E-mail address", is_email).await?;
        let sent = self.accounts.send_link(&self.tenant, &email, None).await?;
        if sent.link.is_none() {
            tell!("A link is on its way to {email}. It is good for {} minutes.", FRESH_FOR / 60);
        }
        show(&sent);
        self.with_pasted_link(Some(&email), &Factor::new("link", "email")).await
    }

    /// A code, sent and then typed.
    pub(crate) async fn with_code(&self, channel: Channel) -> Result<Progress, Failure> {
        let address = match channel {
            Channel::Email => CodeAddress::Email(self.name("E-mail address", is_email).await?),
            Channel::Sms => {
                CodeAddress::Phone(self.name("Phone number, with its country code", is_phone).await?)
            }
        };
        let sent = self.accounts.send_code(&self.tenant, &address, None).await?;
        let (CodeAddress::Email(to) | CodeAddress::Phone(to)) = &address;
        if sent.code.is_none() {
            tell!("A code is on its way to {to}.");
        }
        show(&sent);
        self.until_taken(async || {
            let code = self.asking.code(&format!("Code for {}: ", self.place()))?;
            Ok(self.accounts.log_in_with_code(&self.tenant, &address, &code).await?)
        })
        .await
    }

    /// A code of an authenticator app, or a backup code.
    pub(crate) async fn with_totp(&self) -> Result<Progress, Failure> {
        let name = self.name("E-mail address or user name", |_| true).await?;
        self.until_taken(async || {
            let code = self.totp_code()?;
            Ok(self.accounts.log_in_with_totp(&self.tenant, &name, proof(&code)).await?)
        })
        .await
    }

    pub(crate) fn totp_code(&self) -> Result<OneTimeCode, Failure> {
        let place = self.place();
        let prompt = format!("Code of your authenticator app for {place}, or a backup code: ");
        self.asking.code_or_backup_code(&prompt)
    }

    /// Asks for the whole link, judges it, and logs in with it. `factor` is how it came about.
    pub(crate) async fn with_pasted_link(
        &self,
        name: Option<&str>,
        factor: &Factor,
    ) -> Result<Progress, Failure> {
        self.until_taken(async || {
            let typed = self.asking.answer("Paste the whole link: ", "a link")?;
            let link = Link::parse(&typed).map_err(|error| Unsuccessful::Wrong(error.into()))?;
            if link.kind.is_for_new_password() {
                let message =
                    "This link is for choosing a new password, which the app can do. Nothing was sent.";
                return Err(Unsuccessful::Wrong(Failure::new(Exit::Failed, message)));
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

    /// Names account and host, and goes on only when the user says so.
    fn ask_about(&self, name: Option<&str>, reasons: &[Reason]) -> Result<(), Failure> {
        for reason in reasons {
            match reason {
                Reason::NotAskedFor => tell!("This is not the kind of link that was asked for."),
                Reason::AskedLongAgo => {
                    tell!("A link was asked for more than {} minutes ago.", FRESH_FOR / 60);
                }
                Reason::OtherSite { host } => {
                    tell!("This link leads to {host}, which is not known to belong to {}.", self.place());
                }
            }
        }
        let name = name.unwrap_or("whoever the link is for");
        if self.asking.agrees(&format!("Use it to log in to {} as {name}?", self.place()))? {
            return Ok(());
        }
        Err(Failure::new(Exit::Failed, "The link was not used. Nobody was logged in."))
    }
}

/// Digits alone come from an app; a backup code has letters and a hyphen, too.
pub(crate) fn proof(code: &OneTimeCode) -> TotpProof<'_> {
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
