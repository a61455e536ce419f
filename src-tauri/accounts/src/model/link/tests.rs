use proptest::prelude::*;

use crate::model::link::LinkError::{
    Characters, Credentials, Empty, Malformed, Missing, NamesHost, NotALink, Scheme, TooLong, Twice,
};
use crate::model::link::*;

const GOOD: &str = "https://app.example.com/login?uuid=a1b2-c3&token=Canary.x_y~z-9&type=login";

fn error(text: &str) -> LinkError {
    Link::parse(text).expect_err(text)
}

fn web(host: &str, is_secure: bool, is_loopback: bool) -> Origin {
    Origin::Web { host: host.to_owned(), is_secure, is_loopback }
}

#[test]
fn a_link_is_read_whole() {
    let link = Link::parse(&format!("\u{3000} {GOOD}&tenant_id=demo1234&utm_source=mail%20%C3%A5#top \r\n"))
        .unwrap();
    assert_eq!((link.token.secret(), link.uuid.as_str()), ("Canary.x_y~z-9", "a1b2-c3"));
    assert_eq!((link.kind, link.tenant.unwrap().as_str()), (LinkKind::LogIn, "demo1234"));
    assert_eq!(link.from, web("app.example.com", true, false));
}

#[test]
fn each_form_of_a_link_tells_its_origin() {
    let ours = Origin::OurScheme;
    for (before, from) in [
        ("userfront-accounts://login", ours.clone()),
        ("userfront-accounts://login/", ours.clone()),
        ("userfront-accounts:login", ours.clone()),
        ("userfront-accounts:///login", ours.clone()),
        ("USERFRONT-Accounts:login", ours),
        ("HTTPS://APP.example.com:443/", web("app.example.com", true, false)),
        ("https://app.example.com:8443", web("app.example.com:8443", true, false)),
        ("http://app.example.com/a/b", web("app.example.com", false, false)),
        ("https://å.example/名", web("xn--5ca.example", true, false)),
        ("http://localhost:5173/login", web("localhost:5173", false, true)),
        ("http://app.localhost/login", web("app.localhost", false, true)),
        ("http://127.9.9.9:80/login", web("127.9.9.9", false, true)),
        ("http://0x7f.1/login", web("127.0.0.1", false, true)),
        ("http://[::1]:7/login", web("[::1]:7", false, true)),
        ("https://localhost.example/login", web("localhost.example", true, false)),
        ("https://127.0.0.1.example/login", web("127.0.0.1.example", true, false)),
        ("https://notlocalhost/login", web("notlocalhost", true, false)),
    ] {
        assert_eq!(Link::parse(&format!("{before}?token=t&uuid=u")).unwrap().from, from, "{before}");
    }
}

#[test]
fn an_unknown_link_kind_is_passed_on_and_a_missing_one_is_omitted() {
    for (kind, expected, sent, is_for_password) in [
        ("", LinkKind::Unsaid, None, false),
        ("&type=", LinkKind::Unsaid, None, false),
        ("&type", LinkKind::Unsaid, None, false),
        ("&type=login", LinkKind::LogIn, Some("login"), false),
        ("&type=welcome", LinkKind::SignUp, Some("welcome"), false),
        ("&type=verify", LinkKind::Verify, Some("verify"), false),
        ("&type=reset", LinkKind::Reset, Some("reset"), true),
        ("&type=invite", LinkKind::Invite, Some("invite"), true),
        ("&type=in_vite-2", LinkKind::Other("in_vite-2".to_owned()), Some("in_vite-2"), false),
    ] {
        let link = Link::parse(&format!("userfront-accounts:login?token=t&uuid=u{kind}")).unwrap();
        assert_eq!((&link.kind, link.kind.as_type()), (&expected, sent));
        assert_eq!(link.kind.is_for_new_password(), is_for_password, "{kind}");
    }
}

#[test]
fn a_link_to_reset_is_for_a_new_password_unless_its_type_says_otherwise() {
    for (before, more, expected) in [
        // As in the official client's tests.
        ("https://example.com/reset", "", LinkKind::Reset),
        ("https://example.com/auth/reset/", "", LinkKind::Reset),
        ("https://example.com/reset", "&type=", LinkKind::Reset),
        ("https://example.com/reset", "&type=login", LinkKind::LogIn),
        ("https://example.com/reset/x", "", LinkKind::Unsaid),
        ("https://example.com/Reset", "", LinkKind::Unsaid),
        ("https://example.com/preset", "", LinkKind::Unsaid),
        ("https://reset", "", LinkKind::Unsaid),
        ("https://reset/", "", LinkKind::Unsaid),
        ("userfront-accounts://login", "", LinkKind::Unsaid),
    ] {
        let link = Link::parse(&format!("{before}?token=aaaaa&uuid=bbbbb{more}")).unwrap();
        assert_eq!(link.kind, expected, "{before} {more}");
    }
}

fn with(more: &str) -> String {
    format!("{GOOD}{more}")
}

fn query(query: &str) -> String {
    format!("https://app.example.com/login?{query}")
}

fn at(place: &str) -> String {
    format!("{place}?token=t&uuid=u")
}

fn each_is_refused(table: Vec<(String, LinkError)>) {
    for (text, expected) in table {
        assert_eq!(error(&text), expected, "{}", text.chars().take(120).collect::<String>());
    }
}

#[test]
fn a_text_other_than_a_log_in_link_is_refused_with_its_reason() {
    each_is_refused(vec![
        (String::new(), Empty),
        (" \r\n\t".to_owned(), Empty),
        (with(&"x".repeat(1_000_000)), TooLong),
        (with(&format!("&x={}", "x".repeat(LONGEST + 1 - GOOD.len() - 3))), TooLong),
        // Other schemes, even with other faults.
        ("javascript:alert(1)".to_owned(), Scheme),
        ("JavaScript://app.example.com/?token=t&uuid=u%0aalert(\"1 2\")".to_owned(), Scheme),
        ("data:text/html,<script>x</script>".to_owned(), Scheme),
        ("file:///etc/passwd".to_owned(), Scheme),
        (at("ftp://app.example.com/"), Scheme),
        (at("view-source:https://app.example.com/"), Scheme),
        (at("userfront-accounts2:login"), Scheme),
        (at("java\nscript:alert(1)"), NotALink),
        // No link at all.
        ("Log in to Example".to_owned(), NotALink),
        (at("app.example.com/login"), NotALink),
        (at("https:app.example.com/login"), NotALink),
        (at("https:/app.example.com/login"), NotALink),
        (at("https:///app.example.com/login"), NotALink),
        (at("https://"), NotALink),
        (at("https://app.example.com:99999/"), NotALink),
        (at("https://app.example%2ecom/"), NotALink),
        (at(&format!("https://{}.example/", "a".repeat(250))), NotALink),
        (at("userfront-accounts:"), NotALink),
        (at("userfront-accounts://log-in"), NotALink),
        (at("userfront-accounts:////login"), NotALink),
        (at("userfront-accounts://app.example.com/login"), NotALink),
        (at("userfront-accounts://login//"), NotALink),
    ]);
}

#[test]
fn a_misleading_host_or_a_parameter_that_names_one_is_refused() {
    each_is_refused(vec![
        // A misleading host.
        (at("https://app.example.com@evil.example/"), Credentials),
        (at("https://user:password@app.example.com/"), Credentials),
        (at("https://@app.example.com/"), Credentials),
        (at("userfront-accounts://a@login"), Credentials),
        (at("https://app.example.com\\@evil.example/"), Characters),
        // A parameter that would choose the server.
        (with("&api=x"), NamesHost),
        (with("&api_url=https://evil.example/v0/"), NamesHost),
        (with("&API-URL"), NamesHost),
        (with("&baseUrl=x"), NamesHost),
        (with("&host="), NamesHost),
        (with("&base=x"), NamesHost),
    ]);
}

#[test]
fn a_parameter_that_is_missing_doubled_or_damaged_is_named() {
    let long = |length: usize| query(&format!("uuid=u&token={}", "t".repeat(length)));
    each_is_refused(vec![
        // Parameters missing, doubled, damaged.
        (query(""), Missing("uuid")),
        ("https://app.example.com/login".to_owned(), Missing("uuid")),
        ("https://app.example.com/login#?token=t&uuid=u".to_owned(), Missing("uuid")),
        (query("uuid=u"), Missing("token")),
        (query("uuid=u#&token=t"), Missing("token")),
        (query("Token=t&uuid=u"), Missing("token")),
        (with("&token=other"), Twice("token")),
        (with("&uuid=u"), Twice("uuid")),
        (with("&type=login"), Twice("type")),
        (with("&tenant_id=a&tenant_id=a"), Twice("tenant_id")),
        (with("&tenant_id=a/b"), Malformed("tenant_id")),
        (with("&tenant_id="), Malformed("tenant_id")),
        (query("token=&uuid=u"), Malformed("token")),
        (query("token&uuid=u"), Malformed("token")),
        (query("token=a+b&uuid=u"), Malformed("token")),
        (query("token=a%20b&uuid=u"), Malformed("token")),
        (query("token=å&uuid=u"), Malformed("token")),
        (query("token=t;uuid=u&uuid=u"), Malformed("token")),
        (long(1025), Malformed("token")),
        (query("token=t&uuid=a_b"), Malformed("uuid")),
        (query(&format!("token=t&uuid={}", "u".repeat(65))), Malformed("uuid")),
        (query("token=t&uuid=u&type=log%20in"), Malformed("type")),
        (query(&format!("token=t&uuid=u&type={}", "x".repeat(33))), Malformed("type")),
    ]);
    Link::parse(&long(1024)).unwrap();
}

#[test]
fn an_invisible_character_is_refused_at_any_place() {
    let unseen = "\0\u{1}\t\n\r \u{7f}\u{85}\u{a0}\u{ad}\u{200b}\u{200d}\u{200e}\u{202e}\u{2028}\u{2066}\
                  \u{2069}\u{feff}\u{e0041}\\<>\"";
    for hostile in unseen.chars() {
        for at in ["https://".len(), "https://app.example.com/lo".len(), GOOD.len() - 5] {
            let mut text = GOOD.to_owned();
            text.insert(at, hostile);
            assert_eq!(error(&text), LinkError::Characters, "{hostile:?} at {at}");
        }
    }
}

#[test]
fn a_deceptive_percent_sequence_is_refused_at_any_place() {
    for trick in [
        "%00",
        "%0a",
        "%0D",
        "%7f",
        "%2e%2e",
        "%2E",
        "%41",
        "%74oken=x",
        "%5f",
        "%25",
        "%2500",
        "%252e",
        "%5c",
        "%3c",
        "%C0%AE",
        "%c0%80",
        "%E0%80%80",
        "%ED%A0%80",
        "%F4%90%80%80",
        "%80",
        "%C3",
        "%C3x%A5",
        "%E2%80%AE",
        "%E2%80%8B",
        "%C2%A0",
        "%",
        "%2",
        "%zz",
        "%+1",
        "%å",
        "%u0041",
    ] {
        for text in [
            format!("https://app.example.com/{trick}?token=t&uuid=u"),
            format!("https://app.example.com/login?token=t&uuid=u&x={trick}"),
            format!("https://app.example.com/login?token=t&uuid=u&{trick}"),
            format!("https://app.example.com/login?token=t{trick}&uuid=u"),
        ] {
            assert_eq!(error(&text), LinkError::Characters, "{text}");
        }
    }
    for harmless in ["%20", "%C3%A5", "%E5%90%8D%f0%9f%9a%80", "%2F", "%3A%2f%2F", "%3D%26"] {
        Link::parse(&format!("https://a.example/{harmless}?token=t&uuid=u&x={harmless}")).unwrap();
    }
}

#[test]
fn nothing_of_a_link_is_printed() {
    let link = Link::parse(GOOD).unwrap();
    assert!(!format!("{link:?} {link:#?}").contains("Canary"), "{link:?}");
    for text in
        [format!("{GOOD}&token=Canary"), GOOD.replace("Canary", "Canary+"), GOOD.replace("https", "canary")]
    {
        let error = error(&text);
        assert!(!format!("{error} {error:?}").to_lowercase().contains("canary"), "{error}");
    }
}

fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "https://",
            "http://",
            "userfront-accounts:",
            "login",
            "?",
            "&",
            "=",
            "#",
            "/",
            "@",
            ":",
            "%",
            "%2e",
            "%C3%A5",
            "token=",
            "uuid=",
            "type=",
            "tenant_id=",
            "token=t",
            "uuid=u",
            "type=reset",
            "app.example.com",
            "[::1]",
            "\u{202e}",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,4}",
        "[A-Za-z0-9._~-]{0,12}",
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(0x5EED),
        ..ProptestConfig::default()
    })]

    #[test]
    fn an_accepted_link_obeys_the_rules(
        text in prop_oneof![any::<String>(), pieces(), pieces().prop_map(|end| format!("{GOOD}{end}"))],
    ) {
        let Ok(link) = Link::parse(&text) else { return Ok(()) };
        let token = link.token.secret();
        prop_assert!((1..=1024).contains(&token.len()) && text.contains(token));
        prop_assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
        prop_assert!((1..=64).contains(&link.uuid.as_str().len()) && text.trim().len() <= LONGEST);
        if let Origin::Web { host, .. } = &link.from {
            prop_assert!(host.is_ascii() && !host.is_empty() && !host.contains(['/', '@', '?', '#']));
        }
    }

    #[test]
    fn a_well_made_link_is_accepted(
        token in "[A-Za-z0-9._~-]{1,200}",
        uuid in "[A-Za-z0-9-]{1,64}",
        host in "[a-z]{1,20}\\.example",
    ) {
        let link = Link::parse(&format!("https://{host}/login?uuid={uuid}&token={token}")).unwrap();
        prop_assert_eq!((link.token.secret(), link.uuid.as_str()), (token.as_str(), uuid.as_str()));
        prop_assert_eq!(link.from, web(&host, true, false));
    }
}
