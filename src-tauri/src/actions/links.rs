//! Links that arrive: pasted, followed in test mode, or from outside by the `userfront-accounts:` scheme.
//!
//! The domain accepts or refuses a link, or lets the window ask ([`accounts::model::link`]). Such a link
//! stays in memory until the user has answered.

use std::sync::Arc;

use accounts::log_in::progress::Progress;
use accounts::model::factor::Factor;
use accounts::model::link::{AskedFor, Link, Reason, Verdict};
use accounts::model::pasted;
use accounts::{Accounts, Tenant};

use crate::actions::action::{Action, Done};
use crate::dto::{ErrorCause, ErrorCode, IpcError};
use crate::error::Wrong;
use crate::state::app_state::AppState;
use crate::state::arrived_link::ArrivedLink;
use crate::state::steps::Step;
use crate::state::tenant::ChosenTenant;

pub(crate) fn awaited_name(accounts: &Accounts, tenant: &Tenant) -> Option<String> {
    let awaited = accounts.awaited_link().filter(|asked| asked.tenant == *tenant)?;
    Some(awaited.email).filter(|email| !email.is_empty())
}

/// A link from outside. Its error is shown above the view.
pub(crate) async fn arrive(app: &Arc<AppState>, text: &str) {
    if let Err(error) = Action::begin(app).link_from_outside(text).await {
        app.change_screen(|screen| screen.notice = Some(error.into()));
    }
}

impl Action {
    pub(crate) async fn use_link(&self, text: &str) -> Done {
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
        let tenant = self.app.login_tenant(&*self.app.registry().await).ok_or(ErrorCause::NoTenant)?;
        self.take_or_ask(link, tenant).await
    }

    pub(crate) async fn follow_test_link(&self) -> Done {
        let Some(Step::LinkSent(sent)) = self.step() else { return Err(ErrorCause::OtherStep.into()) };
        let link = sent.link.as_ref().ok_or(ErrorCause::OtherStep)?;
        self.use_link(link.secret()).await
    }

    async fn link_from_outside(&self, text: &str) -> Done {
        let link = Link::parse(text)?;
        let registry = self.app.registry().await;
        let known: Vec<_> = registry.accounts.iter().map(|account| &account.tenant).collect();
        let (asked, shown) = (self.app.accounts.awaited_link(), self.app.login_tenant(&registry));
        let tenant = tenant_for(&link, asked.as_ref(), shown, &known);
        self.take_or_ask(link, tenant.ok_or(ErrorCause::LinkWithoutTenant)?).await
    }

    async fn take_or_ask(&self, mut link: Link, tenant: Tenant) -> Done {
        let accounts = &self.app.accounts;
        // The question names the purpose for which the link is then used.
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

    fn ask_about(&self, link: Link, tenant: Tenant, reasons: Vec<Reason>) {
        let app = &self.app;
        let is_asked_for = !reasons.contains(&Reason::NotAskedFor);
        let asked_email = awaited_name(&app.accounts, &tenant).filter(|_| is_asked_for);
        let other_site = reasons.into_iter().find_map(|reason| match reason {
            Reason::OtherSite { host } => Some(host),
            _ => None,
        });
        let (id, link) = (app.next_arrival(), Arc::new(link));
        app.ask_about_link(ArrivedLink { id, link, tenant, asked_email, other_site });
    }

    /// The user has accepted this link. It is kept unless it is wrong: the keyring may be locked, or the
    /// network unreachable.
    pub(crate) async fn take_arrived(&self, id: u64) -> Done {
        let arrived = self.app.arrived_link().filter(|arrived| arrived.id == id);
        let arrived = arrived.ok_or(ErrorCause::LinkGone)?;
        let done = self.take(&arrived.link, arrived.tenant).await;
        if !matches!(&done, Err(error) if error.code != ErrorCode::Link) {
            self.app.drop_arrived_link(id);
        }
        done
    }

    async fn take(&self, link: &Arc<Link>, tenant: Tenant) -> Done {
        if link.kind.is_for_new_password() {
            return self.ask_for_new_password(link, tenant).await;
        }
        let accounts = &self.app.accounts;
        let name = awaited_name(accounts, &tenant);
        let factor = match self.step() {
            Some(Step::Browser(browser)) => browser.factor.clone(),
            _ => Factor::new("link", "email"),
        };
        let done = accounts.log_in_with_link(&tenant, link, name.as_deref(), Some(&factor)).await;
        let here =
            if let Ok(Progress::SecondFactor(_)) = done { self.turn_to(tenant).await? } else { self.clone() };
        here.go_on(done, Wrong::Link)
    }

    async fn ask_for_new_password(&self, link: &Arc<Link>, tenant: Tenant) -> Done {
        self.turn_to(tenant).await?.if_still_here(|screen| {
            screen.wants_login = true;
            screen.open = None;
            screen.push(Step::NewPassword(link.clone()));
        });
        Ok(())
    }

    /// Shows this tenant on the login screen; a log-in to another tenant ends.
    async fn turn_to(&self, tenant: Tenant) -> Result<Self, IpcError> {
        if self.app.hold_tenant().await.is_some_and(|(chosen, _)| chosen == tenant) {
            return Ok(self.clone());
        }
        let config = self.app.accounts.auth_config(&tenant).await?;
        if !self.is_still_here() {
            return Ok(self.clone());
        }
        self.go(|screen| screen.choose(ChosenTenant::Chosen(tenant, config)));
        Ok(Action::begin(&self.app))
    }
}

/// The tenant of a link from outside, in this order: the one for which a link was requested, unless the login
/// screen or the link names another; the known tenant that the link names; the one on the login screen. A
/// link never names its API.
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
    fn a_link_belongs_to_the_requested_or_named_or_shown_tenant() {
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
            // Requested, and no other tenant is named.
            (&unnamed, Some(&asked), Some(&a), vec![&b], Some(&a)),
            (&unnamed, Some(&asked), None, vec![], Some(&a)),
            (&for_a, Some(&asked), None, vec![], Some(&a)),
            // Requested, but then another tenant was chosen, or the link names another.
            (&unnamed, Some(&asked), Some(&b), vec![], Some(&b)),
            (&for_b, Some(&asked), Some(&b), vec![], Some(&b)),
            (&for_b, Some(&asked), Some(&a), vec![&b], Some(&b)),
            (&for_b, Some(&asked), Some(&a), vec![], None),
            (&for_a, Some(&asked), Some(&b), vec![], None),
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
}
