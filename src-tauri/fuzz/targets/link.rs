//! Whatever is pasted: reading it never panics, what is accepted obeys the rules, and what it says can be
//! said again.

#![no_main]

use accounts::Tenant;
use accounts::model::link::{AskedFor, LONGEST, Link, LinkKind, Origin, Reason, Verdict, verdict};
use accounts::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Link::parse(text) {
        Ok(link) => {
            obeys_the_rules(&link, text);
            reads_the_same_again(&link);
            is_judged_by_the_rules(&link);
        }
        Err(error) => {
            // A message is whole, and repeats nothing that was pasted.
            let message = error.to_string();
            assert!(message.ends_with(['.', ':']) && message.len() < 200, "{message}");
        }
    }
});

fn obeys_the_rules(link: &Link, text: &str) {
    assert!(text.trim().len() <= LONGEST);
    let text = accounts::model::pasted::link(text);
    assert!(!text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\' || c == '\u{202e}'));
    let token = link.token.secret();
    assert!((1..=1024).contains(&token.len()) && text.contains(token));
    assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)));
    let uuid = link.uuid.as_str();
    assert!((1..=64).contains(&uuid.len()) && text.contains(uuid));
    assert!(uuid.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
    assert!(link.kind.as_type().is_none_or(|it| !it.is_empty() && it.len() <= 32));
    let (scheme, rest) = text.split_once(':').expect("a scheme");
    match &link.from {
        Origin::OurScheme => assert!(scheme.eq_ignore_ascii_case("userfront-accounts")),
        Origin::Web { host, is_secure, .. } => {
            assert_eq!(*is_secure, scheme.eq_ignore_ascii_case("https"));
            assert!(rest.starts_with("//") && !host.is_empty() && host.is_ascii());
            assert!(!host.contains(['/', '@', '?', '#', '%', ' ']));
        }
    }
    // Nothing that is printed repeats the token, unless another part is written as it is.
    let tenant = link.tenant.as_ref().map(ToString::to_string).unwrap_or_default();
    let host = if let Origin::Web { host, .. } = &link.from { host.as_str() } else { "" };
    let is_elsewhere = [uuid, &tenant, host, link.kind.as_type().unwrap_or_default()].iter().any(|part| part.contains(token));
    assert!(!format!("{link:?}").contains(token) || is_elsewhere || token.len() < 16);
}

/// A link that is made of what was read is read as the same.
fn reads_the_same_again(link: &Link) {
    let place = match &link.from {
        Origin::OurScheme => "userfront-accounts:login".to_owned(),
        Origin::Web { host, is_secure: true, .. } => format!("https://{host}/"),
        Origin::Web { host, .. } => format!("http://{host}/"),
    };
    let kind = link.kind.as_type().map(|said| format!("&type={said}")).unwrap_or_default();
    let tenant = link.tenant.as_ref().map(|tenant| format!("&tenant_id={tenant}")).unwrap_or_default();
    let again = format!("{place}?token={}&uuid={}{kind}{tenant}", link.token.secret(), link.uuid);
    // What is left out in between may have made it shorter, nothing makes it longer but a host in another
    // script.
    if again.len() > LONGEST {
        return;
    }
    let again = Link::parse(&again).expect("made of parts that were accepted");
    assert_eq!(again.token.secret(), link.token.secret());
    assert_eq!(
        (&again.uuid, &again.kind, &again.tenant, &again.from),
        (&link.uuid, &link.kind, &link.tenant, &link.from)
    );
}

fn is_judged_by_the_rules(link: &Link) {
    let now = Timestamp(1_000_000);
    let tenant = Tenant {
        id: "demo1234".parse().expect("an ID"),
        api: "https://api.example/v0/".parse().expect("an API"),
        domain: Some("app.example.com".parse().expect("a domain")),
    };
    let asked = AskedFor { tenant: tenant.clone(), email: String::new(), purpose: LinkKind::LogIn, at: now };
    let is_foreign = link.tenant.as_ref().is_some_and(|named| *named != tenant.id);
    assert!(matches!(verdict(link, None, None, now), Verdict::Ask(_)));
    match verdict(link, Some(&tenant), None, now) {
        Verdict::Take => panic!("taken although nothing was asked for"),
        Verdict::Ask(reasons) => assert!(!is_foreign && reasons.contains(&Reason::NotAskedFor)),
        Verdict::Refuse(_) => assert!(is_foreign),
    }
    if verdict(link, Some(&tenant), Some(&asked), now) == Verdict::Take {
        assert!(!is_foreign && !link.kind.is_for_new_password());
        let known = ["app.example.com", "api.example"];
        match &link.from {
            Origin::OurScheme | Origin::Web { is_loopback: true, .. } => {}
            Origin::Web { host, .. } => assert!(known.contains(&host.as_str()), "taken from {host}"),
        }
    }
}
