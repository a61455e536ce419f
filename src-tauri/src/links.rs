//! Links that come: pasted, followed in test mode, or from outside by the `userfront-accounts:` scheme.
//!
//! Whether one is taken, asked about or refused is the domain's to say ([`accounts::model::link`]). What is asked
//! about waits here, in memory alone, until the user has answered.

use std::ffi::OsString;
use std::sync::Arc;

use accounts::log_in::progress::Progress;
use accounts::model::factor::Factor;
use accounts::model::link::{AskedFor, Link, Reason, Verdict};
use accounts::model::pasted;
use accounts::{Accounts, Tenant};
use tauri::{AppHandle, Runtime};

use crate::here::Window;
use crate::ipc::dto::{self, ErrorCause, ErrorCode, IpcError};
use crate::ipc::error::Wrong;
use crate::screen::ChosenTenant;
use crate::shell::Shell;
use crate::steps::{self, Step};
use crate::window::{self, MAIN};

/// The scheme that brings links from outside.
const SCHEME: &str = "userfront-accounts:";

type Done = Result<(), IpcError>;

/// A link that waits for the user to say whether it is to be taken.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    /// Tells it from the ones before: a yes to one of them is none to this one.
    pub(crate) id: u64,
    link: Arc<Link>,
    tenant: Tenant,
    /// The address that it was asked for with, if it was.
    asked_email: Option<String>,
    other_site: Option<String>,
}

impl Arrived {
    pub(crate) fn to_dto(&self, registry: &accounts::model::registry::Registry) -> dto::ArrivedLink {
        let is_its_account = |account: &&accounts::model::registry::Account| {
            account.tenant == self.tenant && account.id.user().as_str() == self.link.uuid.as_str()
        };
        dto::ArrivedLink {
            id: self.id,
            purpose: steps::purpose(&self.link.kind),
            account_name: registry
                .accounts
                .iter()
                .find(is_its_account)
                .map(|account| account.name().to_owned()),
            tenant_id: self.tenant.id.to_string(),
            api_host: self.tenant.api.host(),
            asked_email: self.asked_email.clone(),
            other_site: self.other_site.clone(),
        }
    }
}

/// The name that a link was asked for with.
pub(crate) fn awaited_name(accounts: &Accounts, tenant: &Tenant) -> Option<String> {
    let awaited = accounts.awaited_link().filter(|asked| asked.tenant == *tenant)?;
    Some(awaited.email).filter(|email| !email.is_empty())
}

/// The link among what a program was started with. What of it is no UTF-8 is replaced, as on the way from a
/// second start, and no link has such a character.
pub(crate) fn among(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Option<String> {
    arguments
        .into_iter()
        .map(|argument| argument.into().to_string_lossy().into_owned())
        .find(|argument| argument.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME)))
}

/// A link has come from outside. What is wrong with it is said above the view.
pub(crate) fn arrive<R: Runtime>(app: &AppHandle<R>, text: String) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let window = Window::at(&app, MAIN);
        if let Err(error) = window.link_from_outside(&text).await {
            window.shell().change_screen(MAIN, |screen| {
                screen.notice = Some(error.into());
            });
        }
        window::to_front(&app);
    });
}

impl<R: Runtime> Window<'_, R> {
    /// The user has pasted a link.
    pub(crate) async fn use_link(self, text: &str) -> Done {
        if let Some(Step::Browser(shown)) = self.step()
            && let Some(by_hand) = &shown.by_hand
        {
            return if by_hand.take(pasted::link(text)) {
                Ok(())
            } else {
                Err(ErrorCause::NotLoginAddress.into())
            };
        }
        let link = Link::parse(text)?;
        let tenant = self.shell().tenant_of(self.label).await.ok_or(ErrorCause::NoTenant)?;
        self.take_or_ask(link, tenant).await
    }

    /// The link that test mode shows instead of sending it.
    pub(crate) async fn follow_test_link(self) -> Done {
        let Some(Step::LinkSent(sent)) = self.step() else { return Err(ErrorCause::OtherStep.into()) };
        let link = sent.link.as_ref().ok_or(ErrorCause::OtherStep)?;
        self.use_link(link.secret()).await
    }

    async fn link_from_outside(self, text: &str) -> Done {
        let link = Link::parse(text)?;
        let tenant = self.shell().tenant_for(&link, self.label).await.ok_or(ErrorCause::LinkWithoutTenant)?;
        self.take_or_ask(link, tenant).await
    }

    async fn take_or_ask(self, mut link: Link, tenant: Tenant) -> Done {
        let accounts = &self.shell().accounts;
        // What the user is asked about is what is done.
        link.kind = accounts.purpose_of_link(&link, &tenant);
        match accounts.judge_link(&link, Some(&tenant)) {
            Verdict::Take => self.take(&Arc::new(link), tenant).await,
            Verdict::Ask(reasons) => {
                self.ask_about(link, tenant, reasons);
                Ok(())
            }
            Verdict::Refuse(_) => Err(ErrorCause::LinkOfOtherTenant.into()),
        }
    }

    fn ask_about(self, link: Link, tenant: Tenant, reasons: Vec<Reason>) {
        let shell = self.shell();
        let is_asked_for = !reasons.contains(&Reason::NotAskedFor);
        let asked_email = awaited_name(&shell.accounts, &tenant).filter(|_| is_asked_for);
        let other_site = reasons.into_iter().find_map(|reason| match reason {
            Reason::OtherSite { host } => Some(host),
            _ => None,
        });
        let (id, link) = (shell.next_arrival(), Arc::new(link));
        shell.ask_about_link(Arrived { id, link, tenant, asked_email, other_site });
    }

    /// The user has said yes to this link. It is kept while nobody has called it wrong: the keyring may be
    /// locked, or the network away.
    pub(crate) async fn take_arrived(self, id: u64) -> Done {
        let arrived = self.shell().arrived_link().filter(|arrived| arrived.id == id);
        let arrived = arrived.ok_or(ErrorCause::LinkGone)?;
        let done = self.take(&arrived.link, arrived.tenant).await;
        if !matches!(&done, Err(error) if error.code != ErrorCode::Link) {
            self.shell().drop_arrived_link(id);
        }
        done
    }

    /// Logs in with it, or asks for the new password.
    async fn take(self, link: &Arc<Link>, tenant: Tenant) -> Done {
        if link.kind.is_for_new_password() {
            return self.ask_for_new_password(link, tenant).await;
        }
        let accounts = &self.shell().accounts;
        let name = awaited_name(accounts, &tenant);
        let factor = match self.step() {
            Some(Step::Browser(browser)) => browser.factor.clone(),
            _ => Factor::new("link", "email"),
        };
        let done = accounts.log_in_with_link(&tenant, link, name.as_deref(), Some(&factor)).await;
        let here = if let Ok(Progress::SecondFactor(_)) = done { self.turn_to(tenant).await? } else { self };
        here.go_on(done, Wrong::Link)
    }

    async fn ask_for_new_password(self, link: &Arc<Link>, tenant: Tenant) -> Done {
        self.turn_to(tenant).await?.if_still_here(|screen| {
            screen.wants_login = true;
            screen.open = None;
            screen.push(Step::NewPassword(link.clone()));
        });
        Ok(())
    }

    /// The login screen goes on with this tenant: what was begun at another one is over.
    async fn turn_to(self, tenant: Tenant) -> Result<Self, IpcError> {
        if self.shell().hold_tenant(self.label).await.is_some_and(|(chosen, _)| chosen == tenant) {
            return Ok(self);
        }
        let ways_in = self.shell().accounts.auth_config(&tenant).await?;
        if !self.is_here() {
            return Ok(self);
        }
        self.go(|screen| screen.choose(ChosenTenant::Chosen(tenant, ways_in)));
        Ok(Window::at(self.app, self.label))
    }
}

impl Shell {
    async fn tenant_for(&self, link: &Link, window: &str) -> Option<Tenant> {
        let registry = self.registry().await;
        let known: Vec<_> = registry.accounts.iter().map(|account| &account.tenant).collect();
        tenant_for(link, self.accounts.awaited_link().as_ref(), self.tenant_of(window).await, &known)
    }
}

/// The tenant that a link from outside is for: where one was asked for, unless the login screen shows another
/// one by now or the link names another one; the one that it names, of those known here; the one on the login
/// screen. A link never says where its API is.
fn tenant_for(
    link: &Link,
    asked: Option<&AskedFor>,
    shown: Option<Tenant>,
    known: &[&Tenant],
) -> Option<Tenant> {
    let is_named = |tenant: &Tenant| link.tenant.as_ref().is_none_or(|named| *named == tenant.id);
    let is_shown = |tenant: &Tenant| shown.as_ref().is_none_or(|shown| shown == tenant);
    if let Some(asked) = asked.filter(|asked| is_named(&asked.tenant) && is_shown(&asked.tenant)) {
        return Some(asked.tenant.clone());
    }
    if link.tenant.is_none() {
        return shown;
    }
    let mut known = known.iter().filter(|tenant| is_named(tenant));
    match (shown.filter(is_named), known.next()) {
        (Some(shown), _) => Some(shown),
        (None, Some(first)) if known.all(|other| other == first) => Some((*first).clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use accounts::model::link::LinkKind;
    use accounts::model::timestamp::Timestamp;

    use super::*;

    fn tenant(id: &str, api: &str) -> Tenant {
        Tenant { id: id.parse().unwrap(), api: api.parse().unwrap(), domain: None }
    }

    #[test]
    fn what_was_asked_for_elsewhere_says_nothing_of_a_link_for_the_tenant_that_is_shown() {
        let api = "https://api.userfront.com/v0/";
        let (a, b, other_b) = (tenant("a", api), tenant("b", api), tenant("b", "https://api.example/"));
        let asked = AskedFor {
            tenant: a.clone(),
            email: "mira@example.com".to_owned(),
            purpose: LinkKind::LogIn,
            at: Timestamp(0),
        };
        let link =
            |named: &str| Link::parse(&format!("userfront-accounts:login?token=t&uuid=u{named}")).unwrap();
        let (unnamed, for_a, for_b) = (link(""), link("&tenant_id=a"), link("&tenant_id=b"));
        for (link, asked, shown, known, expected) in [
            // Asked for, and nothing speaks against it.
            (&unnamed, Some(&asked), Some(&a), vec![&b], Some(&a)),
            (&unnamed, Some(&asked), None, vec![], Some(&a)),
            (&for_a, Some(&asked), None, vec![], Some(&a)),
            // Asked for, and then another tenant was chosen, or the link is for another one.
            (&unnamed, Some(&asked), Some(&b), vec![], Some(&b)),
            (&for_b, Some(&asked), Some(&b), vec![], Some(&b)),
            (&for_b, Some(&asked), Some(&a), vec![&b], Some(&b)),
            (&for_b, Some(&asked), Some(&a), vec![], None),
            (&for_a, Some(&asked), Some(&b), vec![], None),
            // Not asked for.
            (&unnamed, None, Some(&b), vec![&a], Some(&b)),
            (&unnamed, None, None, vec![&a], None),
            (&for_b, None, Some(&other_b), vec![&b], Some(&other_b)),
            (&for_b, None, Some(&a), vec![&b, &a, &b], Some(&b)),
            (&for_b, None, None, vec![&b, &other_b], None),
        ] {
            let found = tenant_for(link, asked, shown.cloned(), &known);
            assert_eq!(found.as_ref(), expected, "{:?} {} {shown:?}", link.tenant, asked.is_some());
        }
    }

    #[test]
    fn a_link_is_found_among_the_arguments() {
        let found = |arguments: &[&str]| among(arguments.iter().map(ToString::to_string));
        assert_eq!(
            found(&["userfront-accounts", "Userfront-Accounts:login?x"]),
            Some("Userfront-Accounts:login?x".into())
        );
        for other in ["https://x", "", "userfront-accounts", "å", "--userfront-accounts:"] {
            assert_eq!(found(&["app", other]), None, "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_no_utf_8_is_found_and_refused() {
        use std::os::unix::ffi::OsStringExt as _;
        let arguments = [&b"\xff"[..], b"userfront-accounts:login?token=\xe5&uuid=u"];
        let link = among(arguments.map(|bytes| OsString::from_vec(bytes.to_vec()))).unwrap();
        assert!(Link::parse(&link).is_err());
    }
}
