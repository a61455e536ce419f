//! Walks that failed once.

use std::time::Duration;

use accounts::ports::{CallFailure, StoreStatus};
use credential_store::effects::Fault;
use sandbox::RefreshSession;

use super::step::{Choice, Other, Step};
use super::walk;
use crate::fakes::{DiskTrouble, Gate, LastGood, Trouble};

#[tokio::test(start_paused = true)]
async fn earlier_failing_walks_lose_or_hide_no_session() {
    let log_in = |program, host| Step::LogIn { program, host };
    let log_out = |program, host| Step::LogOut { program, host };
    let spoil = |program, k, fault| Step::Spoil { program, k, fault };
    let down = CallFailure::ServerFault { status: 503, retry_after: Some(Duration::from_secs(9)) };
    let fails = Step::Network(Some(Trouble::Fails { after: false, failure: down }));
    let slow = Step::Network(Some(Trouble::Slow(Duration::from_secs(3))));
    for steps in [
        vec![log_in(0, 0), spoil(1, 6, Fault::Lie), log_in(1, 0), log_out(0, 0)],
        vec![
            log_in(0, 1),
            spoil(0, 3, Fault::HangAndHappen),
            spoil(1, 4, Fault::Hang),
            Step::Cross { host: 1, with_log_in: false },
        ],
        vec![spoil(0, 3, Fault::HangAndHappen), log_in(1, 0), slow, log_out(0, 0)],
        vec![log_in(0, 1), fails, log_out(0, 1), Step::Clock(-7_312)],
    ] {
        walk(RefreshSession::Keep, &steps).await;
    }
    let refresh = |program, host| Step::Refresh { program, host };
    let leaves_later = Step::LogOutLater { program: 0, host: 1 };
    let behind = Step::Damage { program: 0, copy: LastGood::Behind(3) };
    let steps = [log_in(0, 1), refresh(0, 1), spoil(0, 2, Fault::Crash), leaves_later, behind];
    walk(RefreshSession::Rename, &steps).await;
    let unauthorized = r#"{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}"#;
    let refused = || Step::Gates(vec![Gate::says("auth/logout", 401, unauthorized)]);
    let damage = |copy| Step::Damage { program: 0, copy };
    for steps in [
        vec![refused(), log_in(0, 0), log_out(0, 0), log_in(0, 0), damage(LastGood::Behind(6))],
        vec![refused(), log_in(0, 0), damage(LastGood::Behind(1)), damage(LastGood::Behind(3))],
        vec![log_in(0, 0), log_in(0, 0), refused(), Step::Restart { program: 0 }, damage(LastGood::Nothing)],
        vec![
            Step::Replace { program: 0 },
            log_in(0, 0),
            log_in(0, 0),
            log_in(0, 0),
            refused(),
            Step::Retry { program: 0 },
            damage(LastGood::Behind(3)),
        ],
        vec![
            Step::Gates(vec![Gate::says("auth/logout", 204, "null")]),
            log_in(0, 0),
            Step::Disk(DiskTrouble { unreadable: false, no_locks: true }),
            Step::Cross { host: 0, with_log_in: false },
        ],
        vec![
            Step::Network(Some(Trouble::Lies)),
            log_in(0, 1),
            Step::DiskFull(true),
            log_out(0, 1),
            Step::Wait(1),
        ],
        vec![
            Step::Other(Other::LogIn),
            Step::Restart { program: 0 },
            Step::Foreign { program: 0, choice: Choice::TakeOver },
        ],
    ] {
        walk(RefreshSession::Rename, &steps).await;
    }
    // A list that is behind calls the session dead of an account that has logged in again since.
    for writes in 0..8 {
        let damage = Step::Damage { program: 0, copy: LastGood::Behind(writes) };
        let steps = [log_in(0, 1), log_out(0, 1), log_in(0, 1), Step::DiskFull(true), damage, log_out(0, 1)];
        walk(RefreshSession::Keep, &steps).await;
    }
    // The log-out that takes over finds sessions in the entry that only the row of the first one names.
    for k in 1..14 {
        let steps = [log_in(0, 0), refused(), spoil(0, k, Fault::Fail), log_out(0, 0), log_out(1, 0)];
        walk(RefreshSession::Rename, &steps).await;
    }
    // A list that is behind by several refreshes, each of which has superseded a session.
    for refreshes in 1..5 {
        for writes in 1..8 {
            let mut steps = vec![log_in(0, 0)];
            steps.extend((0..refreshes).map(|_| refresh(0, 0)));
            steps.push(damage(LastGood::Behind(writes)));
            walk(RefreshSession::Rename, &steps).await;
        }
    }
    // The server lies about a session while the list cannot be written.
    for k in 1..20 {
        let steps = [
            log_in(0, 0),
            Step::Network(Some(Trouble::Lies)),
            spoil(0, k, Fault::Fail),
            log_out(0, 0),
            Step::Wait(1),
        ];
        walk(RefreshSession::Rename, &steps).await;
        let later = [
            log_in(0, 0),
            spoil(0, 1, Fault::HangAndHappen),
            Step::LogOutLater { program: 0, host: 0 },
            Step::Keyring(StoreStatus::Ok),
            Step::Network(Some(Trouble::Lies)),
            spoil(0, k, Fault::Fail),
            log_out(0, 0),
            Step::Wait(1),
        ];
        walk(RefreshSession::Rename, &later).await;
    }
}

/// Since the list could not be written.
#[tokio::test(start_paused = true)]
async fn no_walk_loses_another_sessions_tokens_in_the_reserved_entry() {
    let log_in = |host| Step::LogIn { program: 0, host };
    let log_out = || Step::LogOut { program: 0, host: 0 };
    let spoil = |program, k, fault| Step::Spoil { program, k, fault };
    let refresh = |program| Step::Refresh { program, host: 0 };
    let times_out = Trouble::Fails { after: false, failure: CallFailure::TimedOut };
    let steps = [
        Step::Network(Some(Trouble::Lies)),
        log_in(0),
        log_in(1),
        Step::DiskFull(true),
        log_out(),
        refresh(1),
        spoil(1, 1, Fault::Fail),
        log_out(),
        Step::Network(Some(times_out)),
        refresh(0),
    ];
    walk(RefreshSession::Rename, &steps).await;
    for k in 1..20 {
        for fault in [Fault::Fail, Fault::Crash, Fault::Hang] {
            for next in [log_out(), log_in(0), Step::Forget { program: 0, host: 0 }] {
                let left = [log_in(0), Step::DiskFull(true), Step::RefreshByCommand { host: 0 }];
                let later = [Step::DiskFull(false), spoil(0, k, fault), next];
                let steps: Vec<_> = left.into_iter().chain(later).collect();
                walk(RefreshSession::Rename, &steps).await;
            }
        }
    }
}
