//! Over the bridge, as Userfront's own forms do it: signing up with an address alone, second factors,
//! invitations, and another e-mail address or phone number.

use serde_json::{Value, json};

use crate::{Bridge, PASSWORD};

impl Bridge {
    pub(crate) fn choose(&self, tenant: &str) {
        let form = json!({"tenantId": tenant, "apiUrl": "", "domain": ""});
        self.call("choose_tenant", form).unwrap();
    }

    /// *My account*, with the user read.
    fn open_profile(&self) -> String {
        let id = self.snapshot()["accounts"][0]["id"].as_str().unwrap().to_owned();
        self.call("show_profile", json!({"account": id})).unwrap();
        assert_eq!(self.snapshot()["view"]["name"], "profile");
        id
    }

    fn send_to(&self, id: &str, channel: &str, address: &str) -> Value {
        let arguments = json!({"account": id, "channel": channel, "address": address});
        self.call("send_verification", arguments).unwrap();
        self.snapshot()["view"]["newAddress"].clone()
    }

    fn sessions_alive(&self) -> usize {
        self.sandbox.sessions().iter().filter(|session| session.alive).count()
    }

    /// The older session of an account is ended in the background.
    fn waits_for_one_session(&self) {
        self.wait_until("the older session ends", |_| self.sessions_alive() == 1);
    }
}

#[test]
fn an_address_alone_signs_up_by_link_and_by_code() {
    for (way, address) in
        [("link", "ny@example.com"), ("emailCode", "nu@example.com"), ("smsCode", "+15555559999")]
    {
        let bridge = Bridge::new();
        bridge.choose("demo1234");
        bridge.call("show_sign_up", json!({"way": way})).unwrap();
        let form = json!({"way": way, "name": "", "username": "", "address": address});
        bridge.call("sign_up_with", form).unwrap();
        let step = bridge.snapshot()["view"]["step"].clone();
        if way == "link" {
            assert_eq!((&step["purpose"], &step["email"]), (&json!("signUp"), &json!(address)));
            bridge.call("follow_test_link", json!({})).unwrap();
        } else {
            bridge.call("confirm_code", json!({"code": step["testCode"]})).unwrap();
        }
        assert_eq!(bridge.snapshot()["view"]["name"], "account", "{way}");
        bridge.open_profile();
        let user = bridge.snapshot()["view"]["user"].clone();
        assert!([&user["email"], &user["phoneNumber"]].contains(&&json!(address)), "{user}");
    }
}

#[test]
fn a_new_address_belongs_to_the_user_once_its_link_or_code_is_used() {
    let bridge = Bridge::new();
    bridge.log_in().unwrap();
    let id = bridge.open_profile();
    let waiting = bridge.send_to(&id, "email", " new@example.com ");
    assert_eq!((&waiting["channel"], &waiting["address"]), (&json!("email"), &json!("new@example.com")));
    assert_eq!(bridge.snapshot()["view"]["user"]["email"], "admin@example.com", "not yet");
    bridge.call("confirm_email", json!({"account": id, "link": waiting["testLink"]})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(
        (&snapshot["view"]["name"], &snapshot["view"]["newAddress"]),
        (&json!("profile"), &Value::Null)
    );
    assert_eq!(snapshot["view"]["user"]["email"], "new@example.com");
    assert_eq!(
        (&snapshot["notice"]["kind"], &snapshot["notice"]["address"]),
        (&json!("addressChanged"), &json!("new@example.com"))
    );
    assert_eq!(snapshot["accounts"][0]["email"], "new@example.com");

    let waiting = bridge.send_to(&id, "sms", "+15555559999");
    assert_eq!(bridge.code("confirm_phone", json!({"account": id, "code": "abcdef"})), "code");
    bridge.call("confirm_phone", json!({"account": id, "code": waiting["testCode"]})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["user"]["phoneNumber"], "+15555559999");
    assert_eq!(bridge.snapshot()["accounts"].as_array().unwrap().len(), 1);
    bridge.waits_for_one_session();
}

#[test]
fn a_new_address_is_refused_at_its_field_and_other_links_change_nothing() {
    let bridge = Bridge::new();
    bridge.log_in().unwrap();
    let id = bridge.open_profile();
    let to = |channel: &str, address: &str| json!({"account": id, "channel": channel, "address": address});
    assert_eq!(bridge.code("send_verification", to("email", "member@example.com")), "email");
    assert_eq!(bridge.code("send_verification", to("sms", "123")), "phone");
    assert_eq!(bridge.snapshot()["view"]["newAddress"], Value::Null);
    assert_eq!(bridge.code("confirm_email", json!({"account": id, "link": "x"})), "failed", "nothing waits");

    let sent = bridge.send_to(&id, "email", "new@example.com");
    let link = sent["testLink"].as_str().unwrap();
    for wrong in [
        "no link".to_owned(),
        link.replace("type=verify", "type=reset"),
        link.replace("type=verify", "type=invite"),
        format!("{link}&tenant_id=sso01234"),
        link.replace("token=", "token=0"),
    ] {
        assert_eq!(bridge.code("confirm_email", json!({"account": id, "link": wrong})), "link", "{wrong}");
    }
    assert_eq!(bridge.sessions_alive(), 1);
    bridge.call("leave_verification", json!({})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["newAddress"], Value::Null);
    assert_eq!(bridge.snapshot()["view"]["user"]["email"], "admin@example.com");
}

#[test]
fn a_link_to_a_new_address_may_come_by_our_scheme_without_a_question() {
    let bridge = Bridge::new();
    bridge.log_in().unwrap();
    let id = bridge.open_profile();
    let sent = bridge.send_to(&id, "email", "new@example.com");
    let (_, query) = sent["testLink"].as_str().unwrap().split_once('?').unwrap();
    bridge.call("use_link", json!({"link": format!("userfront-accounts:login?{query}")})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!((&snapshot["arrivedLink"], &snapshot["view"]["name"]), (&Value::Null, &json!("account")));
    assert_eq!(snapshot["accounts"][0]["email"], "new@example.com");
    bridge.waits_for_one_session();
}

fn log_in_to_two_factors(bridge: &Bridge, user: &str) -> Vec<Value> {
    bridge.choose("mfa01234");
    bridge.call("log_in", json!({"emailOrUsername": user, "password": PASSWORD})).unwrap();
    bridge.snapshot()["view"]["step"]["factors"].as_array().unwrap().clone()
}

#[test]
fn only_second_factors_that_are_set_up_are_offered_once_there_is_one() {
    let bridge = Bridge::new();
    let factors = log_in_to_two_factors(&bridge, "member");
    let channels: Vec<_> = factors.iter().map(|factor| factor["channel"].as_str().unwrap()).collect();
    assert_eq!(channels, ["sms", "email"]);
    // A fresh authenticator is not to be had past them.
    let totp = json!({"strategy": "totp", "channel": "authenticator"});
    assert_eq!(bridge.code("choose_second_factor", totp), "failed");
    assert!(!bridge.sandbox.requests().iter().any(|request| request.path == "/v0/auth/totp"));
}

#[test]
fn an_address_change_with_a_second_factor_keeps_the_session() {
    let bridge = Bridge::new();
    log_in_to_two_factors(&bridge, "member");
    bridge.call("choose_second_factor", json!({"strategy": "verificationCode", "channel": "sms"})).unwrap();
    let code = bridge.snapshot()["view"]["step"]["testCode"].clone();
    bridge.call("confirm_code", json!({"code": code})).unwrap();
    let id = bridge.open_profile();
    let sent = bridge.send_to(&id, "email", "new@example.com");
    bridge.call("confirm_email", json!({"account": id, "link": sent["testLink"]})).unwrap();
    let snapshot = bridge.snapshot();
    assert_eq!(
        (&snapshot["view"]["name"], &snapshot["view"]["user"]["email"]),
        (&json!("profile"), &json!("new@example.com"))
    );
    assert_eq!(snapshot["accounts"][0]["email"], "new@example.com", "the tokens say it");
    assert_eq!((bridge.sessions_alive(), bridge.sandbox.sessions().len()), (1, 1));
}

#[test]
fn an_invitation_leads_to_a_password() {
    let bridge = Bridge::new();
    bridge.choose("demo1234");
    bridge.call("show_forgotten_password", json!({})).unwrap();
    bridge.call("send_reset_link", json!({"email": "member@example.com"})).unwrap();
    let link = bridge.snapshot()["view"]["step"]["testLink"].as_str().unwrap().to_owned();
    bridge.call("leave_step", json!({})).unwrap();
    bridge.call("use_link", json!({"link": link.replace("type=reset", "type=invite")})).unwrap();
    let arrived = bridge.snapshot()["arrivedLink"].clone();
    assert_eq!(arrived["purpose"], "invite", "nobody asks for an invitation");
    bridge.call("take_arrived_link", json!({"id": arrived["id"]})).unwrap();
    assert_eq!(bridge.snapshot()["view"]["step"]["kind"], "newPassword");
    bridge.call("reset_password", json!({"password": "a new password 1"})).unwrap();
    assert_eq!(bridge.snapshot()["accounts"][0]["email"], "member@example.com");
}
