//! Each request to the byte: method, path, and body in the official client's order of members.

use accounts::model::custom_data::CustomData;
use accounts::model::factor::Channel;
use accounts::model::link::LinkKind;
use accounts::model::tenant::UserUuid;
use accounts::model::token::{AccessToken, FirstFactorToken, OneTimeCode, Password};
use accounts::ports::{CodeAddress, CodeFor, NewUser, TotpFor, TotpOwner, TotpProof, UserChange, Userfront};
use userfront_client::UserfrontClient;

use crate::support::{Wire, client, header, link};

const EMAIL: &str = "mira+å@example.com";

async fn sent<F: AsyncFnOnce(&UserfrontClient, &accounts::Tenant)>(
    call: F,
) -> (String, Option<String>, String) {
    let wire = Wire::answering("200 OK", "", "{}").await;
    call(&client(), &wire.tenant()).await;
    let request = wire.only_request();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let (line, _) = head.split_once(" HTTP/1.1\r\n").unwrap();
    let token =
        header(&request, "authorization").map(|value| value.strip_prefix("Bearer ").unwrap().to_owned());
    (line.replace("/v0/", ""), token, body.to_owned())
}

macro_rules! sends {
    ($line:expr, $token:expr, $body:expr, |$client:ident, $tenant:ident| $call:expr) => {
        let (line, token, body) = sent(async |$client, $tenant| drop($call.await)).await;
        let expected: (&str, Option<&str>, &str) = ($line, $token, &$body);
        assert_eq!((line.as_str(), token.as_deref(), body.as_str()), expected);
    };
}

fn user(name: &str, username: &str) -> NewUser {
    NewUser { name: Some(name.to_owned()), username: Some(username.to_owned()) }
}

#[tokio::test]
async fn password_calls_send_these_bodies() {
    let (old, new) = (Password::new("old \"\\\n名"), Password::new("new"));
    sends!(
        "POST tenants/demo1234/auth/basic",
        None,
        r#"{"emailOrUsername":"mira","password":"old \"\\\n名","options":{"noResetEmail":true}}"#,
        |client, tenant| client.log_in_with_password(tenant, "mira", &old)
    );
    let mira = user("Mira Å 名 🌻 שלום", "mira");
    sends!(
        "POST tenants/demo1234/auth/create",
        None,
        r#"{"username":"mira","name":"Mira Å 名 🌻 שלום","email":"mira+å@example.com","password":"new"}"#,
        |client, tenant| client.sign_up_with_password(tenant, &mira, EMAIL, &new)
    );
    for nobody in [NewUser::default(), user("", "")] {
        sends!("POST tenants/demo1234/auth/create", None, r#"{"password":"new"}"#, |client, tenant| client
            .sign_up_with_password(tenant, &nobody, "", &new));
    }
    let access = AccessToken::new("a.b.c");
    sends!(
        "PUT tenants/demo1234/auth/basic",
        Some("a.b.c"),
        r#"{"password":"new","existingPassword":"old \"\\\n名"}"#,
        |client, tenant| client.change_password(tenant, &access, &old, &new)
    );
    let none = Password::new("");
    sends!("PUT tenants/demo1234/auth/basic", Some("a.b.c"), r#"{"password":"new"}"#, |client, tenant| {
        client.change_password(tenant, &access, &none, &new)
    });
}

#[tokio::test]
async fn link_calls_send_these_bodies() {
    sends!(
        "POST tenants/demo1234/auth/link",
        None,
        r#"{"email":"mira+å@example.com"}"#,
        |client, tenant| client.send_link(tenant, EMAIL, None)
    );
    let mira = user("Mira", "mira");
    sends!(
        "POST tenants/demo1234/auth/link",
        None,
        r#"{"email":"mira+å@example.com","name":"Mira","username":"mira"}"#,
        |client, tenant| client.send_link(tenant, EMAIL, Some(&mira))
    );
    for (kind, link_type) in [
        (LinkKind::LogIn, r#","linkType":"login""#),
        (LinkKind::SignUp, r#","linkType":"welcome""#),
        (LinkKind::Verify, r#","linkType":"verify""#),
        (LinkKind::Other("new".into()), r#","linkType":"new""#),
        (LinkKind::Unsaid, ""),
    ] {
        let link = link("a-token", kind);
        let body = format!(r#"{{"token":"a-token","uuid":"5fa85f64-aa"{link_type}}}"#);
        sends!("PUT tenants/demo1234/auth/link", None, body, |client, tenant| client
            .log_in_with_link(tenant, &link));
    }
    sends!(
        "POST tenants/demo1234/auth/reset/link",
        None,
        r#"{"email":"mira+å@example.com"}"#,
        |client, tenant| client.send_reset_link(tenant, EMAIL)
    );
    let (link, password) = (link("a-token", LinkKind::Reset), Password::new("new"));
    sends!(
        "PUT tenants/demo1234/auth/reset",
        None,
        r#"{"uuid":"5fa85f64-aa","token":"a-token","password":"new"}"#,
        |client, tenant| client.reset_password(tenant, &link, &password)
    );
}

#[tokio::test]
async fn code_calls_send_these_bodies() {
    let (email, phone) = (CodeAddress::Email(EMAIL.into()), CodeAddress::Phone("+15555550102".into()));
    let (code, mira) = (OneTimeCode::new("123456"), user("Mira", "mira"));
    let line = "POST tenants/demo1234/auth/code";
    sends!(line, None, r#"{"channel":"email","email":"mira+å@example.com"}"#, |client, tenant| client
        .send_code(tenant, CodeFor::Address(&email), None));
    sends!(
        line,
        None,
        r#"{"channel":"sms","phoneNumber":"+15555550102","name":"Mira","username":"mira"}"#,
        |client, tenant| client.send_code(tenant, CodeFor::Address(&phone), Some(&mira))
    );
    let first = FirstFactorToken::new("uf_test");
    let second = |address| CodeFor::SecondFactor { channel: Channel::Sms, address, token: &first };
    sends!(line, Some("uf_test"), r#"{"channel":"sms"}"#, |client, tenant| client.send_code(
        tenant,
        second(None),
        None
    ));
    sends!(line, Some("uf_test"), r#"{"channel":"sms","phoneNumber":"+15555550102"}"#, |client, tenant| {
        client.send_code(tenant, second(Some(&phone)), None)
    });
    let line = "PUT tenants/demo1234/auth/code";
    sends!(
        line,
        None,
        r#"{"channel":"email","verificationCode":"123456","email":"mira+å@example.com"}"#,
        |client, tenant| client.log_in_with_code(tenant, CodeFor::Address(&email), &code)
    );
    sends!(
        line,
        None,
        r#"{"channel":"sms","verificationCode":"123456","phoneNumber":"+15555550102"}"#,
        |client, tenant| client.log_in_with_code(tenant, CodeFor::Address(&phone), &code)
    );
    sends!(line, Some("uf_test"), r#"{"channel":"sms","verificationCode":"123456"}"#, |client, tenant| {
        client.log_in_with_code(tenant, second(None), &code)
    });
}

#[tokio::test]
async fn address_change_calls_send_these_bodies() {
    let access = AccessToken::new("a.b.c");
    let (email, phone) = (CodeAddress::Email(EMAIL.into()), CodeAddress::Phone("+15555550102".into()));
    sends!(
        "POST auth/verify/email",
        Some("a.b.c"),
        r#"{"email":"mira+å@example.com"}"#,
        |client, tenant| client.send_verification(tenant, &access, &email)
    );
    sends!("POST auth/verify/phone", Some("a.b.c"), r#"{"phoneNumber":"+15555550102"}"#, |client, tenant| {
        client.send_verification(tenant, &access, &phone)
    });
}

#[tokio::test]
async fn authenticator_app_calls_send_these_bodies() {
    let (code, first) = (OneTimeCode::new("123456"), FirstFactorToken::new("uf_test"));
    let uuid: UserUuid = "5fa85f64-aa".parse().unwrap();
    let line = "POST tenants/demo1234/auth/totp";
    for (who, token, rest) in [
        (TotpFor::Name("mira"), None, r#","emailOrUsername":"mira"}"#),
        (TotpFor::User(&uuid), None, r#","userUuid":"5fa85f64-aa"}"#),
        (TotpFor::SecondFactor(&first), Some("uf_test"), "}"),
    ] {
        let body = format!(r#"{{"totpCode":"123456"{rest}"#);
        sends!(line, token, body, |client, tenant| client.log_in_with_totp(
            tenant,
            who,
            TotpProof::Code(&code)
        ));
        let body = format!(r#"{{"backupCode":"123456"{rest}"#);
        sends!(line, token, body, |client, tenant| client.log_in_with_totp(
            tenant,
            who,
            TotpProof::BackupCode(&code)
        ));
    }
    let access = AccessToken::new("a.b.c");
    sends!("GET auth/totp", Some("a.b.c"), "", |client, tenant| client
        .totp_set_up(tenant, TotpOwner::LoggedIn(&access)));
    sends!("GET auth/totp", Some("uf_test"), "", |client, tenant| client
        .totp_set_up(tenant, TotpOwner::SecondFactor(&first)));
}

#[tokio::test]
async fn user_change_calls_send_these_bodies() {
    let access = AccessToken::new("a.b.c");
    let body =
        r##"{"색":["#2a9d8f",null],"שלום":{"🌻":1.50},"id":18446744073709551616,"x":59.32932349999999}"##;
    let everything = UserChange {
        name: Some("Åsa 名倉".into()),
        username: Some("åsa".into()),
        image: Some("https://x.example/å.png".into()),
        data: Some(body.parse().unwrap()),
    };
    let body =
        format!(r#"{{"name":"Åsa 名倉","username":"åsa","image":"https://x.example/å.png","data":{body}}}"#);
    sends!("PUT self", Some("a.b.c"), body, |client, tenant| client.change_user(
        tenant,
        &access,
        &everything
    ));
    let cleared = UserChange {
        name: Some(String::new()),
        image: Some(String::new()),
        data: Some(CustomData::default()),
        ..UserChange::default()
    };
    sends!("PUT self", Some("a.b.c"), r#"{"name":null,"image":null,"data":{}}"#, |client, tenant| client
        .change_user(tenant, &access, &cleared));
    let long = UserChange { name: Some("名å🌻".repeat(455)), ..UserChange::default() };
    let body = format!(r#"{{"name":"{}"}}"#, "名å🌻".repeat(455));
    sends!("PUT self", Some("a.b.c"), body, |client, tenant| client.change_user(tenant, &access, &long));
    // Without a change no `PUT` is sent, as in the official client.
    let nothing = UserChange::default();
    sends!("GET self", Some("a.b.c"), "", |client, tenant| client.change_user(tenant, &access, &nothing));
    sends!("GET auth/saml/idp/token", Some("a.b.c"), "", |client, tenant| client.saml_token(tenant, &access));
}
