//! The conversation of `log-in`.

use std::io;

use accounts::model::factor::{AuthMethod, Channel, Factor, SecondFactor};
use accounts::model::link::{FRESH_FOR, LinkError, Reason};
use accounts::model::text::clean;
use accounts::ports::TotpSetUp;
use accounts::{Domain, Tenant, TenantId};

use super::accounts::tenant as place;
use super::causes;
use crate::failure::Failure;

pub(crate) use loopback::STRANGER;

pub(crate) const EMAIL_OR_USER_NAME: &str = "E-mail address or user name";
pub(crate) const EMAIL: &str = "E-mail address";
pub(crate) const PHONE_NUMBER: &str = "Phone number, with its country code";
pub(crate) const NEW_PHONE_NUMBER: &str = "Phone number for codes from now on, with its country code: ";
pub(crate) const LINK: &str = "Paste the whole link: ";
pub(crate) const PROVIDER_ID: &str = "ID of the provider: ";
pub(crate) const SET_UP_CODE: &str = "Then type the code that the app shows: ";
pub(crate) const PASTE_ADDRESS: &str =
    "Does it run on another computer? Copy the whole address that it ends at, and paste it here.\n";
pub(crate) const OTHER_ADDRESS: &str =
    "This is not the address that this log-in ends at. Copy all of it: it begins with http://127.0.0.1.";
pub(crate) const UNKNOWN_PROVIDER: &str =
    "one of apple, azure, facebook, github, google, linkedin, okta, twitter, custom";
pub(crate) const EMPTY_ARGUMENT: &str = "it is empty";

pub(crate) fn logged_in(name: &str) -> String {
    format!("Logged in as {name}.")
}

pub(crate) fn no_tenant() -> Failure {
    Failure::usage("Which tenant? Give --tenant ID.")
}

pub(crate) fn no_provider_id() -> Failure {
    Failure::usage("Which provider? Give --provider-id ID; the tenant's admin knows it.")
}

pub(crate) fn no_method(tenant: &TenantId) -> Failure {
    Failure::failed(format!("No way to log in to {tenant} works here. Log in with the app."))
}

pub(crate) fn method_not_offered(tenant: &Tenant, offered: &[AuthMethod]) -> Failure {
    let offered: Vec<_> = offered.iter().map(|way| method(*way)).collect();
    Failure::failed(format!(
        "{} does not offer this way to log in. It offers: {}.",
        place(tenant),
        offered.join("; ")
    ))
}

pub(crate) fn methods_of(tenant: &Tenant) -> String {
    format!("Ways to log in to {}:", place(tenant))
}

pub(crate) fn method(way: AuthMethod) -> String {
    match way {
        AuthMethod::Password => "password".to_owned(),
        AuthMethod::Link => "link by e-mail".to_owned(),
        AuthMethod::Code(Channel::Email) => "code by e-mail".to_owned(),
        AuthMethod::Code(Channel::Sms) => "code by SMS".to_owned(),
        AuthMethod::Totp => "code of an authenticator app, or a backup code".to_owned(),
        AuthMethod::Sso(provider) => format!("{provider}, in the browser"),
    }
}

/// `strategy/channel`, both as the server names them.
pub(crate) fn factor(factor: &Factor) -> String {
    clean(&format!("{}/{}", factor.strategy, factor.channel))
}

/// The numbered lines of a choice, and the factors that this program cannot use.
pub(crate) fn choices<'f>(
    labels: impl Iterator<Item = String>,
    factors: impl Iterator<Item = &'f Factor>,
) -> String {
    let impossible = factors.filter(|factor| factor.method().is_none());
    let impossible = impossible.map(|it| format!("  -  {}: not possible here", factor(it)));
    let possible = (1..).zip(labels).map(|(nth, label)| format!("  {nth}  {label}"));
    possible.chain(impossible).collect::<Vec<_>>().join("\n")
}

pub(crate) fn name_or(asked: &str, last: &str) -> String {
    format!("{asked} [{last}]: ")
}

pub(crate) fn asked(asked: &str) -> String {
    format!("{asked}: ")
}

pub(crate) fn password(name: &str, tenant: &Tenant) -> String {
    format!("Password of {name} for {}: ", place(tenant))
}

pub(crate) fn code(tenant: &Tenant) -> String {
    format!("Code for {}: ", place(tenant))
}

pub(crate) fn second_code(tenant: &Tenant) -> String {
    format!("Second code, for {}: ", place(tenant))
}

pub(crate) fn totp_code(tenant: &Tenant) -> String {
    format!("Code of your authenticator app for {}, or a backup code: ", place(tenant))
}

pub(crate) fn link_sent(email: &str) -> String {
    format!("A link is on its way to {email}. It is good for {} minutes.", FRESH_FOR / 60)
}

pub(crate) fn code_sent(address: &str) -> String {
    format!("A code is on its way to {address}.")
}

pub(crate) fn second_code_sent(channel: Channel) -> String {
    let by = match channel {
        Channel::Email => "e-mail",
        Channel::Sms => "SMS",
    };
    format!("A code is on its way by {by}.")
}

pub(crate) fn test_mode_code(code: &str) -> String {
    format!("Test mode: nothing was sent, the code is {}", clean(code))
}

/// A link that parses has no character that controls a terminal.
pub(crate) fn test_mode_link(link: &str) -> String {
    format!("Test mode: nothing was sent, the link is {link}")
}

pub(crate) fn test_mode_bad_link(error: LinkError) -> String {
    format!("Test mode: nothing was sent, and the link cannot be shown. {}", causes::link(error))
}

pub(crate) fn link_for_new_password() -> Failure {
    Failure::failed("This link is for choosing a new password, which the app can do. Nothing was sent.")
}

pub(crate) fn doubt(reason: &Reason, tenant: &Tenant) -> String {
    match reason {
        Reason::NotAskedFor => "This is not the kind of link that was asked for.".to_owned(),
        Reason::AskedLongAgo => {
            format!("A link was asked for more than {} minutes ago.", FRESH_FOR / 60)
        }
        Reason::OtherSite { host } => {
            format!("This link leads to {host}, which is not known to belong to {}.", place(tenant))
        }
    }
}

pub(crate) fn use_link(tenant: &Tenant, name: Option<&str>) -> String {
    let name = name.unwrap_or("whoever the link is for");
    format!("Use it to log in to {} as {name}?", place(tenant))
}

pub(crate) fn link_not_used() -> Failure {
    Failure::failed("The link was not used. Nobody was logged in.")
}

pub(crate) fn second_factors_of(tenant: &Tenant) -> String {
    format!("{} asks for a second factor:", place(tenant))
}

pub(crate) fn second_factor(second: &SecondFactor, way: AuthMethod) -> String {
    let state = if second.is_configured { "" } else { ", not set up yet" };
    format!("{} ({}){state}", method(way), factor(&second.factor))
}

pub(crate) fn no_second_factor(tenant: &Tenant, all: &[SecondFactor]) -> Failure {
    let all: Vec<_> = all.iter().map(|second| factor(&second.factor)).collect();
    Failure::failed(format!(
        "{} asks for a second factor, and none of those it takes is possible here ({}). Nobody was \
         logged in.",
        place(tenant),
        all.join(", ")
    ))
}

pub(crate) fn secret_needs_terminal() -> Failure {
    Failure::usage(
        "An authenticator app has to be set up first, and its secret is shown on a terminal only. Run it \
         again on a terminal, without --json; or choose another second factor.",
    )
}

pub(crate) fn secret_not_shown(error: &io::Error) -> Failure {
    Failure::failed(format!("The secret cannot be shown: {error}."))
}

/// Holds secrets: for a terminal only.
pub(crate) fn totp_set_up(screen: &mut impl io::Write, set_up: &TotpSetUp) -> io::Result<()> {
    let secret = clean(set_up.secret.secret());
    writeln!(screen, "Set up your authenticator app with this secret:\n\n  {secret}\n")?;
    writeln!(screen, "Keep these backup codes. Each logs you in once, when the app is not at hand:\n")?;
    for code in &set_up.backup_codes {
        writeln!(screen, "  {}", clean(code.secret()))?;
    }
    writeln!(screen)
}

pub(crate) fn no_callback_server(error: &io::Error) -> Failure {
    Failure::failed(format!("The browser would not find its way back: {error}. Try again in a moment."))
}

pub(crate) fn browser_opens(page: &str) -> String {
    format!("Log in in the browser. If none opens, open this address yourself:\n  {page}")
}

pub(crate) fn no_browser(error: &io::Error) -> String {
    format!("No browser could be opened: {error}.")
}

pub(crate) fn browser_ends_at(domain: &Domain) -> String {
    format!("The browser ends at a page of {domain}. Copy the whole address of that page.")
}

pub(crate) fn waiting_for_browser() -> String {
    format!("Waiting for the browser, {} minutes at most.", loopback::LIFE.as_secs() / 60)
}
