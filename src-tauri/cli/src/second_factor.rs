//! Second factors: chosen, given, and set up on the way where the user has none yet.
//!
//! What an authenticator app is set up with is shown on a terminal and nowhere else: standard output that goes to a file or a
//! pipe would keep it.

use std::io::{self, IsTerminal, Write};

use accounts::log_in::progress::{MfaChallenge, Progress};
use accounts::model::factor::{Channel, SecondFactor, Way};
use accounts::model::text::clean;
use accounts::ports::{CodeAddress, TotpSetUp};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::first_factor::proof;
use crate::log_in::{LogIn, show};
use crate::tell::tell;
use crate::ways;

impl LogIn<'_> {
    /// Gives a second factor. Where that leads, which may be to one more.
    pub(crate) async fn second_factor(&self, challenge: &MfaChallenge) -> Result<Progress, Failure> {
        let (way, is_configured) = self.choose_second(challenge)?;
        match (way, is_configured) {
            (SecondWay::Totp, true) => {
                self.until_taken(async || {
                    let code = self.totp_code()?;
                    Ok(self.accounts.confirm_second_totp(challenge, proof(&code)).await?)
                })
                .await
            }
            (SecondWay::Totp, false) => self.set_up_totp(challenge).await,
            (SecondWay::Code(Channel::Sms), false) => {
                let prompt = "Phone number for codes from now on, with its country code: ";
                let number = self.asking.name(prompt, "a phone number")?;
                self.second_code(challenge, Channel::Sms, Some(&CodeAddress::Phone(number))).await
            }
            (SecondWay::Code(channel), _) => self.second_code(challenge, channel, None).await,
        }
    }

    /// The only one that can be given, or the only one of those that the user has set up; else the user chooses.
    fn choose_second(&self, challenge: &MfaChallenge) -> Result<(SecondWay, bool), Failure> {
        let all = &challenge.second_factors;
        let possible: Vec<_> = all.iter().filter_map(|it| Some((it, SecondWay::of(it)?))).collect();
        let configured: Vec<_> = possible.iter().filter(|(second, _)| second.is_configured).collect();
        match (configured.as_slice(), possible.as_slice()) {
            (_, []) => {
                let words: Vec<_> = all.iter().map(|second| ways::words(&second.factor)).collect();
                let message = format!(
                    "{} asks for a second factor, and none of those it takes is possible here ({}). Nobody was logged in.",
                    self.place(),
                    words.join(", ")
                );
                Err(Failure::new(Exit::Failed, message))
            }
            ([(_, way)], _) => Ok((*way, true)),
            (_, [(second, way)]) => Ok((*way, second.is_configured)),
            (_, several) => {
                tell!("{} asks for a second factor:", self.place());
                ways::list(several.iter().map(|(second, way)| {
                    let words = ways::words(&second.factor);
                    let state = if second.is_configured { "" } else { ", not set up yet" };
                    format!("{} ({words}){state}", ways::label((*way).into()))
                }));
                ways::list_impossible(all.iter().map(|second| &second.factor));
                let words: Vec<_> = several.iter().map(|(second, _)| ways::words(&second.factor)).collect();
                let (second, way) = several[self.asking.choose(&words, None)?];
                Ok((way, second.is_configured))
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
            let by = match channel {
                Channel::Email => "e-mail",
                Channel::Sms => "SMS",
            };
            tell!("A code is on its way by {by}.");
        }
        show(&sent);
        self.until_taken(async || {
            let code = self.asking.code(&format!("Second code, for {}: ", self.place()))?;
            Ok(self.accounts.confirm_second_code(challenge, channel, address, &code).await?)
        })
        .await
    }

    async fn set_up_totp(&self, challenge: &MfaChallenge) -> Result<Progress, Failure> {
        // Before anything is asked of the server: nobody shall have a secret that was never shown.
        if self.report.json || !io::stdout().is_terminal() {
            return Err(Failure::usage(
                "An authenticator app has to be set up first, and its secret is shown on a terminal only. Run it again on a \
                 terminal, without --json; or choose another second factor.",
            ));
        }
        show_set_up(&self.accounts.second_totp_set_up(challenge).await?)?;
        self.until_taken(async || {
            let code = self.asking.code("Then type the code that the app shows: ")?;
            Ok(self.accounts.confirm_second_totp(challenge, proof(&code)).await?)
        })
        .await
    }
}

fn show_set_up(set_up: &TotpSetUp) -> Result<(), Failure> {
    let mut screen = io::stdout().lock();
    let mut show = || {
        writeln!(
            screen,
            "Set up your authenticator app with this secret:\n\n  {}\n",
            clean(set_up.secret.secret())
        )?;
        writeln!(screen, "Keep these backup codes. Each logs you in once, when the app is not at hand:\n")?;
        for code in &set_up.backup_codes {
            writeln!(screen, "  {}", clean(code.secret()))?;
        }
        writeln!(screen)?;
        screen.flush()
    };
    show().map_err(|error| Failure::new(Exit::Failed, format!("The secret cannot be shown: {error}.")))
}

/// What can be given here as a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SecondWay {
    Totp,
    Code(Channel),
}

impl SecondWay {
    fn of(second: &SecondFactor) -> Option<Self> {
        match second.factor.way()? {
            Way::Totp => Some(Self::Totp),
            Way::Code(channel) => Some(Self::Code(channel)),
            Way::Password | Way::Link | Way::Sso(_) => None,
        }
    }
}

impl From<SecondWay> for Way {
    fn from(way: SecondWay) -> Self {
        match way {
            SecondWay::Totp => Self::Totp,
            SecondWay::Code(channel) => Self::Code(channel),
        }
    }
}
