//! Does the actions of `official/same-request.mjs` with our client.

use std::collections::BTreeMap;
use std::time::SystemTime;

use accounts::model::browser_pages::{SamlStep, provider_url, saml_url};
use accounts::model::factor::{Channel, Provider};
use accounts::model::link::{Link, LinkKind};
use accounts::model::tenant::{Tenant, UserUuid};
use accounts::model::token::{
    AccessToken, FirstFactorToken, OneTimeCode, Password, SamlToken, SessionToken, Tokens,
};
use accounts::ports::{
    CodeAddress, CodeFor, FactorAnswer, NewUser, Sent, TotpFor, TotpOwner, TotpProof, TotpSetUp, UserChange,
    Userfront,
};
use sandbox::{ADMIN_BACKUP_CODES, ADMIN_TOTP_SECRET, Sandbox, totp_code};
use serde_json::json;
use userfront_client::UserfrontClient;

use super::{Action, DOMAIN};
use crate::support::{client, link_to, payload, tenant, tokens_of};

const PASSWORD: &str = "testmodepassword";

struct Ours<'a> {
    client: UserfrontClient,
    tenant: Tenant,
    sandbox: &'a Sandbox,
    seen: usize,
    done: Vec<Action>,
}

pub(super) async fn actions(test: &Sandbox, live: &Sandbox) -> Vec<Action> {
    let mut ours = Ours::at(test, "demo1234");
    ours.tenant.domain = None;
    ours.client.mode(&ours.tenant).await.unwrap();
    ours.note("setMode(), without a domain", "mode", &[]);
    ours.begin("demo1234");
    ours.client.mode(&ours.tenant).await.unwrap();
    ours.note("setMode()", "mode", &[]);
    through_a_session(&mut ours).await;
    let user = new_user("Nya 名", Some("nya"));
    let password = Password::new(PASSWORD);
    tokens_of(ours.client.sign_up_with_password(&ours.tenant, &user, "nya@example.com", &password).await);
    ours.note("signup({method: \"password\"})", "sign_up_with_password", &[]);
    by_link(&mut ours).await;
    by_code(&mut ours).await;
    ours.begin("mfa01234");
    by_second_factor(&mut ours).await;
    ours.begin("sso01234");
    by_provider(&mut ours);
    let mut in_live_mode = Ours::at(live, "demo1234");
    with_saml(&mut in_live_mode).await;
    ours.done.into_iter().chain(in_live_mode.done).collect()
}

impl<'a> Ours<'a> {
    fn at(sandbox: &'a Sandbox, id: &str) -> Self {
        let tenant = tenant(&sandbox.api_base());
        let mut ours = Self { client: client(), tenant, sandbox, seen: 0, done: Vec::new() };
        ours.begin(id);
        ours
    }

    fn begin(&mut self, id: &str) {
        self.tenant.id = id.parse().unwrap();
        self.tenant.domain = Some(DOMAIN.parse().unwrap());
    }

    /// Everything sent since the last action was this one.
    fn note(&mut self, official: &str, ours: &str, secrets: &[(&str, &str)]) {
        let requests = self.sandbox.requests().split_off(self.seen);
        self.seen += requests.len();
        let secrets: BTreeMap<_, _> =
            secrets.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (official, ours) = (official.to_owned(), ours.to_owned());
        self.done.push(Action { official, ours, requests, url: None, secrets });
    }

    /// The same, for an action that opens a URL in a browser.
    fn note_url(&mut self, official: &str, ours: &str, url: String, secrets: &[(&str, &str)]) {
        self.note(official, ours, secrets);
        self.done.last_mut().unwrap().url = Some(url);
    }

    /// Everything sent since the last action only prepared the next one.
    fn skip(&mut self) {
        self.seen = self.sandbox.requests().len();
    }

    async fn log_in(&self, name: &str) -> Tokens {
        let answer = self.client.log_in_with_password(&self.tenant, name, &Password::new(PASSWORD)).await;
        tokens_of(answer).tokens
    }

    async fn first_factor(&self, name: &str) -> FirstFactorToken {
        match self.client.log_in_with_password(&self.tenant, name, &Password::new(PASSWORD)).await.unwrap() {
            FactorAnswer::SecondFactor(required) => required.token,
            other => panic!("no second factor was asked for: {other:?}"),
        }
    }

    async fn follow(&self, link: &Link) {
        tokens_of(self.client.log_in_with_link(&self.tenant, link).await);
    }

    async fn give_totp(&self, who: TotpFor<'_>, code: &str) {
        let code = OneTimeCode::new(code);
        tokens_of(self.client.log_in_with_totp(&self.tenant, who, TotpProof::Code(&code)).await);
    }

    async fn give_backup_code(&self, who: TotpFor<'_>) {
        let code = OneTimeCode::new(ADMIN_BACKUP_CODES[0]);
        tokens_of(self.client.log_in_with_totp(&self.tenant, who, TotpProof::BackupCode(&code)).await);
    }
}

fn new_user(name: &str, username: Option<&str>) -> NewUser {
    NewUser { name: Some(name.to_owned()), username: username.map(str::to_owned) }
}

fn code_now(secret: &str) -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    totp_code(secret, now).unwrap()
}

fn code_of(set_up: &TotpSetUp) -> String {
    assert!(set_up.qr_code.is_some());
    assert_eq!(set_up.backup_codes.len(), 10);
    code_now(set_up.secret.secret())
}

fn uuid_of(token: &AccessToken) -> UserUuid {
    payload(token.secret()).unwrap()["userUuid"].as_str().unwrap().parse().unwrap()
}

async fn through_a_session(ours: &mut Ours<'_>) {
    let wrong = Password::new("wrong");
    let refused = ours.client.log_in_with_password(&ours.tenant, "member@example.com", &wrong).await;
    refused.unwrap_err();
    ours.note("login({method: \"password\"}), refused", "log_in_with_password", &[]);
    let tokens = ours.log_in("member").await;
    ours.note("login({method: \"password\"})", "log_in_with_password", &[]);
    ours.client.user(&ours.tenant, &tokens.access).await.unwrap();
    ours.note("redirectIfLoggedIn()", "user", &[]);
    let refresh = tokens.refresh.unwrap();
    ours.client.refresh(&ours.tenant, &refresh).await.unwrap();
    ours.note("tokens.refresh()", "refresh", &[]);

    let data = json!({"color": "#2a9d8f", "名": [null, 1.5, "🌻"]});
    let everything = UserChange {
        name: Some("Åsa 名倉 🌻 שלום".into()),
        username: Some("asa".into()),
        image: Some("https://example.com/å.png".into()),
        data: Some(data.to_string().parse().unwrap()),
    };
    let cleared = UserChange { name: Some(String::new()), ..UserChange::default() };
    for (official, change) in [("user.update(…)", everything), ("user.update({name: null})", cleared)] {
        let user = ours.client.change_user(&ours.tenant, &tokens.access, &change).await.unwrap();
        assert!(user.data.as_str().contains("\"color\":\"#2a9d8f\""));
        ours.client.refresh(&ours.tenant, &refresh).await.unwrap();
        ours.note(official, "change_user, refresh", &[]);
    }
    ours.client.change_user(&ours.tenant, &tokens.access, &UserChange::default()).await.unwrap();
    ours.note("user.update({})", "change_user", &[]);

    let (old, new) = (Password::new(PASSWORD), Password::new("another1234 å\""));
    ours.client.change_password(&ours.tenant, &tokens.access, &old, &new).await.unwrap();
    ours.note("updatePassword({method: \"jwt\"})", "change_password", &[]);
    let owner = TotpOwner::LoggedIn(&tokens.access);
    let code = code_of(&ours.client.totp_set_up(&ours.tenant, owner).await.unwrap());
    ours.note("user.getTotp()", "totp_set_up", &[]);
    ours.give_totp(TotpFor::User(&uuid_of(&tokens.access)), &code).await;
    ours.note("login({method: \"totp\", userUuid})", "log_in_with_totp", &[("<code>", &code)]);
    let session = SessionToken::Access(tokens.access);
    ours.client.revoke(&ours.tenant, &session).await.answer.unwrap();
    ours.note("logout()", "revoke", &[]);
}

async fn by_link(ours: &mut Ours<'_>) {
    let link_in = |sent: Sent, kind| link_to(sent.link.unwrap().secret(), kind);
    let sent = ours.client.send_link(&ours.tenant, "viewer@example.com", None).await.unwrap();
    ours.note("sendLoginLink()", "send_link", &[]);
    let link = link_in(sent, LinkKind::LogIn);
    ours.follow(&link).await;
    ours.note("login({method: \"link\"})", "log_in_with_link", &[("<token>", link.token.secret())]);

    let user = new_user("Ny 名", Some("ny"));
    let sent = ours.client.send_link(&ours.tenant, "ny+å@example.com", Some(&user)).await.unwrap();
    ours.note("signup({method: \"passwordless\"})", "send_link", &[]);
    let link = link_in(sent, LinkKind::SignUp);
    ours.follow(&link).await;
    let secrets = [("<token>", link.token.secret()), ("<uuid>", link.uuid.as_str())];
    ours.note("login({method: \"link\", linkType: \"welcome\"})", "log_in_with_link", &secrets);

    let nobody = NewUser::default();
    let sent = ours.client.send_link(&ours.tenant, "nu@example.com", Some(&nobody)).await.unwrap();
    ours.note("signup({method: \"passwordless\"}), the address alone", "send_link", &[]);
    let link = link_in(sent, LinkKind::Unsaid);
    ours.follow(&link).await;
    let secrets = [("<token>", link.token.secret()), ("<uuid>", link.uuid.as_str())];
    ours.note("login({method: \"link\"}), without a type", "log_in_with_link", &secrets);

    let sent = ours.client.send_reset_link(&ours.tenant, "viewer@example.com").await.unwrap();
    ours.note("sendResetLink()", "send_reset_link", &[]);
    let link = link_in(sent, LinkKind::Reset);
    let password = Password::new("another1234");
    tokens_of(ours.client.reset_password(&ours.tenant, &link, &password).await);
    ours.note("resetPassword({method: \"link\"})", "reset_password", &[("<token>", link.token.secret())]);
}

async fn by_code(ours: &mut Ours<'_>) {
    let nils = new_user("Nils", None);
    let email = CodeAddress::Email("viewer@example.com".into());
    let phone = CodeAddress::Phone("+15555550199".into());
    for (send, address, user, log_in) in [
        (
            "sendVerificationCode({channel: \"email\"})",
            email,
            None,
            "login({method: \"verificationCode\", channel: \"email\"})",
        ),
        (
            "signup({method: \"verificationCode\", channel: \"sms\"})",
            phone,
            Some(&nils),
            "login({method: \"verificationCode\", channel: \"sms\"})",
        ),
    ] {
        let to = CodeFor::Address(&address);
        let code = ours.client.send_code(&ours.tenant, to, user).await.unwrap().code.unwrap();
        ours.note(send, "send_code", &[]);
        tokens_of(ours.client.log_in_with_code(&ours.tenant, to, &code).await);
        ours.note(log_in, "log_in_with_code", &[("<code>", code.secret())]);
    }
    let code = code_now(ADMIN_TOTP_SECRET);
    ours.give_totp(TotpFor::Name("admin"), &code).await;
    ours.note("login({method: \"totp\"})", "log_in_with_totp", &[("<code>", &code)]);
    ours.give_backup_code(TotpFor::Name("admin")).await;
    ours.note("login({method: \"totp\", backupCode})", "log_in_with_totp", &[]);
}

async fn by_second_factor(ours: &mut Ours<'_>) {
    let first = ours.first_factor("member").await;
    ours.note("login({method: \"password\"}), second factor wanted", "log_in_with_password", &[]);
    let to = CodeFor::SecondFactor { channel: Channel::Sms, address: None, token: &first };
    let code = ours.client.send_code(&ours.tenant, to, None).await.unwrap().code.unwrap();
    ours.note("sendVerificationCode({channel: \"sms\"}), second factor", "send_code", &[]);
    tokens_of(ours.client.log_in_with_code(&ours.tenant, to, &code).await);
    let secrets = [("<code>", code.secret())];
    ours.note("login({method: \"verificationCode\"}), second factor", "log_in_with_code", &secrets);
    ours.first_factor("member").await;
    ours.note("login({method: \"password\"}), after a second factor", "log_in_with_password", &[]);

    let first = ours.first_factor("viewer").await;
    ours.skip();
    let owner = TotpOwner::SecondFactor(&first);
    let code = code_of(&ours.client.totp_set_up(&ours.tenant, owner).await.unwrap());
    ours.note("user.getTotp(), second factor", "totp_set_up", &[]);
    ours.give_totp(TotpFor::SecondFactor(&first), &code).await;
    ours.note("login({method: \"totp\"}), second factor set up", "log_in_with_totp", &[("<code>", &code)]);

    let first = ours.first_factor("admin").await;
    ours.skip();
    let code = code_now(ADMIN_TOTP_SECRET);
    ours.give_totp(TotpFor::SecondFactor(&first), &code).await;
    ours.note("login({method: \"totp\"}), second factor", "log_in_with_totp", &[("<code>", &code)]);
    let first = ours.first_factor("admin").await;
    ours.skip();
    ours.give_backup_code(TotpFor::SecondFactor(&first)).await;
    ours.note("login({method: \"totp\", backupCode}), second factor", "log_in_with_totp", &[]);
}

fn by_provider(ours: &mut Ours<'_>) {
    use Provider::{Apple, Azure, Custom, Facebook, Github, Google, Linkedin, Okta};
    let origin = format!("https://{DOMAIN}");
    for provider in [Apple, Azure, Facebook, Github, Google, Linkedin, Okta] {
        let url = provider_url(&ours.tenant, provider, None, &origin, "/back å?a=b&c#d");
        let official = format!("login({{method: \"{provider}\"}})");
        ours.note_url(&official, "provider_url", url.into(), &[]);
    }
    let url = provider_url(&ours.tenant, Custom, Some("acme login/名"), &origin, "/");
    ours.note_url("login({method: \"custom\"})", "provider_url", url.into(), &[]);
    let url = provider_url(&ours.tenant, Google, None, &origin, "");
    ours.note_url("login({method: \"google\"}), without a redirect", "provider_url", url.into(), &[]);
}

async fn with_saml(ours: &mut Ours<'_>) {
    let access = ours.log_in("member").await.access;
    ours.note("login({method: \"password\"}), live mode", "log_in_with_password", &[]);
    for (official, step) in
        [("login({method: \"saml\"})", SamlStep::LogIn), ("logout({method: \"saml\"})", SamlStep::LogOut)]
    {
        let token = ours.client.saml_token(&ours.tenant, &access).await.unwrap();
        // The text is readable only through another type: the domain gives the address to the browser in the
        // same way.
        let url = SamlToken::from(saml_url(&ours.tenant, step, &token, &uuid_of(&access)));
        let secrets = [("<token>", token.secret())];
        ours.note_url(official, "saml_token, saml_url", url.secret().to_owned(), &secrets);
    }
}
