use super::*;

fn id(api: &str, mode: Mode) -> AccountId {
    let api: ApiBase = api.parse().unwrap();
    AccountId::new(&api, mode, "demo1234".parse().unwrap(), "99d6-aa".parse().unwrap())
}

#[test]
fn a_renewed_profile_clears_details_that_the_server_cleared() {
    let some = |text: &str| Some(text.to_owned());
    let whole = Profile {
        user_id: Some(1),
        name: some("Mira"),
        email: some("m@x.example"),
        username: some("mira"),
        image: some("https://x.example/m.png"),
        tenant_name: some("Demo"),
        logout_redirect_path: some("/bye"),
        roles: vec![TenantRoles { tenant_id: "demo1234".to_owned(), roles: vec!["admin".to_owned()] }],
    };
    let mut profile = whole.clone();
    profile.renew(Profile::default());
    assert_eq!(profile, Profile { roles: vec![], ..whole.clone() });
    let id_token = Profile { user_id: Some(1), email: some("m@x.example"), ..Profile::default() };
    profile.renew(id_token.clone());
    let cleared = Profile { name: None, username: None, image: None, roles: vec![], ..whole };
    assert_eq!(profile, cleared);
    assert_eq!(profile.display_name(), Some("m@x.example"));
    profile.renew(Profile { tenant_name: some("Demo"), ..id_token });
    assert_eq!(profile, Profile { logout_redirect_path: None, ..cleared });
    let blank = Profile { name: some("\u{200d}\u{2800}"), ..profile };
    assert_eq!(blank.display_name(), Some("m@x.example"), "a name of which nothing can be seen");
}

#[test]
fn the_same_ids_at_another_host_or_mode_are_another_account() {
    let here = id("https://api.userfront.com/v0/", Mode::Live);
    assert_ne!(here, id("https://x.example/v0/", Mode::Live));
    assert_ne!(here, id("https://api.userfront.com/v0/", Mode::Test));
    assert_eq!(here.to_string(), "demo1234:99d6-aa@live.api.userfront.com");
}

#[test]
fn an_account_id_survives_writing_and_reading() {
    for api in
        ["https://api.userfront.com/v0/", "http://127.0.0.1:80/", "http://127.0.0.1:443/", "http://[::1]:9/"]
    {
        let id = id(api, Mode::Test);
        assert_eq!(id.to_string().parse::<AccountId>().unwrap(), id, "{api}");
    }
    for bad in
        ["", "demo1234", "a:b@test", "a:b@c.d", "a:b@test.", "a b:c@test.d", "a:b@test.x/y", "a:b@test.u@x"]
    {
        assert!(bad.parse::<AccountId>().is_err(), "{bad}");
    }
}

#[test]
fn entries_are_named_as_the_design_says() {
    let id = id("https://x.example:8443/v0/", Mode::Test);
    assert_eq!(EntryName::access(&id).as_str(), "access.demo1234:99d6-aa@test.x.example:8443");
    assert_eq!(EntryName::refresh(&id).as_str(), "refresh.demo1234:99d6-aa@test.x.example:8443");
    let revoke = |session: &str| EntryName::revoke(&id, &session.parse().unwrap(), "5ha");
    assert_eq!(revoke("s_1-A").as_str(), "revoke.demo1234:s_1-A@test.x.example:8443");
    let superseded = EntryName::superseded(&id, &"s_1-A".parse().unwrap(), "5ha");
    assert_eq!(superseded.as_str(), "superseded.demo1234:s_1-A@test.x.example:8443");
    assert!(matches!(superseded.meaning(), Some(Listed::OfSuperseded { .. })));
    assert!(matches!(revoke("s_1-A").meaning(), Some(Listed::OfRevocation { .. })));
    assert_eq!(revoke("s/1").as_str(), "revoke.demo1234:5ha@test.x.example:8443");
    assert_eq!(revoke(&"s".repeat(65)).as_str(), "revoke.demo1234:5ha@test.x.example:8443");
}
