use accounts::model::settings::Settings;
use accounts::model::timestamp::Timestamp;
use accounts::ports::StoreStatus;
use serde_json::{Value, json};

use super::*;

const ID: &str = "demo1234:99d6e2c1-7c1f-4f0e-a8a6-0a57e7d4c001@test.api.userfront.com";
const NOW: i64 = 1_800_000_000;

fn overview(accounts: &Value, pending: &Value, now: i64) -> Overview {
    let registry = json!({"version": 4, "accounts": accounts, "pending": pending});
    Overview {
        registry: serde_json::from_value(registry).unwrap(),
        registry_is_read: true,
        store_name: String::new(),
        service: String::new(),
        store: StoreStatus::Ok,
        in_progress: Vec::new(),
        queued_log_outs: 0,
        registry_problem: None,
        settings: Settings::default(),
        clock_ahead: None,
        rollback: Vec::new(),
        unanswered: None,
        foreign: Vec::new(),
        elsewhere: Vec::new(),
        deleting: Vec::new(),
        now: Timestamp(now),
    }
}

fn tenant() -> Value {
    json!({"id": "demo1234", "api": "https://api.userfront.com/v0/", "domain": null})
}

/// It ends in nine and a half minutes, and cannot be renewed.
fn ending() -> Value {
    json!([{
        "id": ID, "tenant": tenant(), "phase": "active", "generation": 1, "session": "s1",
        "revokeEntry": "revoke.demo1234:s1@test.api.userfront.com", "accessExpiresAt": NOW + 570,
        "sessionEndsAt": NOW + 570, "loggedInAt": 1, "profile": {},
    }])
}

fn row(session: &str) -> Value {
    json!({
        "entry": format!("revoke.demo1234:{session}@test.api.userfront.com"), "tenant": tenant(),
        "account": ID, "session": session, "accountName": "Alva", "since": 1, "sessionEndsAt": NOW,
        "reason": {"kind": "found"},
    })
}

fn settled(session: &str, outcome: &str) -> Line {
    let line = json!({
        "at": NOW, "account": ID, "entry": row(session)["entry"], "accountName": "Alva",
        "what": "settled", "session": outcome, "by": "app",
    });
    serde_json::from_value(line).unwrap()
}

#[test]
fn each_of_two_pending_sessions_of_one_account_is_told_with_its_own_outcome() {
    let mut news = News::default();
    news.take(&overview(&json!([]), &json!([row("s1"), row("s2")]), NOW), &[], false);
    let one_left = overview(&json!([]), &json!([row("s2")]), NOW);
    assert!(news.needs_activity(&one_left));
    // The other's line is the latest one.
    let activity = [settled("s1", "revoked"), settled("s2", "lost")];
    let events: Vec<_> = news.take(&one_left, &activity, false).into_iter().map(|it| it.event).collect();
    assert_eq!(events, [NewsEvent::RevocationDone(SessionOutcome::Revoked)]);
    let none_left = overview(&json!([]), &json!([]), NOW);
    assert!(news.needs_activity(&none_left));
    let events: Vec<_> = news.take(&none_left, &activity, false).into_iter().map(|it| it.event).collect();
    assert_eq!(events, [NewsEvent::SessionLost]);
}

#[test]
fn a_sessions_end_is_told_when_the_user_looks_away_and_never_again() {
    let ending = overview(&ending(), &json!([]), NOW);
    let mut news = News::default();
    assert_eq!(news.take(&ending, &[], false), [], "the first look");
    assert_eq!(news.take(&ending, &[], true), [], "the user looks at the window");
    let told = news.take(&ending, &[], false);
    assert_eq!(told.iter().map(|it| it.event).collect::<Vec<_>>(), [NewsEvent::EndsSoon(10)]);
    assert_eq!(news.take(&ending, &[], false), []);
    let mut after_restart = News::after(news.ends_told().clone());
    for _ in 0..2 {
        assert_eq!(after_restart.take(&ending, &[], false), []);
    }
    let logged_out = overview(&json!([]), &json!([]), NOW);
    after_restart.take(&logged_out, &[], false);
    assert!(after_restart.ends_told().is_empty(), "nothing is kept of an account that has left");
}
