//! Logging in, and tokens that cannot be kept: their sessions are ended, queued for revocation, or named as
//! lost and said to be alive.

use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::LogInError;
use accounts::model::activity::Event;
use accounts::model::registry_error::RegistryError;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::not_stored::NotStored;
use accounts::ports::{CallFailure, RegistryStorage};
use credential_store::effects::{Effects, Fault};
use sandbox::Request;
use serde_json::json;

use crate::fakes::MemoryRegistry;
use crate::world::{PASSWORD, World};

const DOWN: CallFailure = CallFailure::ServerFault { status: 503, retry_after: None };

/// The fault of the tokens that the server sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    OtherTenant,
    Mixed,
    /// None: the registry cannot be written to say that the account is logging in.
    Nothing,
}

/// A server that sends such tokens, and ends no session.
fn server_that_sends(wrong: Wrong) -> World {
    let world = World::new();
    match wrong {
        Wrong::OtherTenant => world.network.answer_for_tenant("sso01234"),
        Wrong::Mixed => {
            let body = json!({"emailOrUsername": "member", "password": PASSWORD});
            let answer = world.server.handle(&Request::post("tenants/demo1234/auth/basic", &body));
            world.network.replace_refresh_token(answer.text("/tokens/refresh/value").unwrap());
        }
        Wrong::Nothing => {}
    }
    world.network.fail_log_outs(DOWN);
    world
}

fn rollback(error: LogInError) -> Rollback {
    match error {
        LogInError::Tokens { rollback, .. } | LogInError::NotStored { rollback, .. } => rollback,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn sessions_of_refused_tokens_are_ended_or_queued() {
    for (wrong, sessions) in [(Wrong::OtherTenant, 1), (Wrong::Mixed, 2)] {
        for server_answers in [true, false] {
            let world = server_that_sends(wrong);
            if server_answers {
                world.network.heal();
            }
            let error = world.process([]).log_in(&world).await.unwrap_err();
            assert!(matches!(error, LogInError::Tokens { .. }), "{error:?}");
            let (expected, session, queued) = if server_answers {
                (Rollback::Ended, SessionOutcome::Over, 0)
            } else {
                (Rollback::Pending, SessionOutcome::Pending, sessions)
            };
            assert_eq!((rollback(error), world.registry().pending.len()), (expected, queued), "{wrong:?}");
            assert_eq!(world.disk.activity().last().unwrap().event, Event::LogInFailed { session });
            world.assert_invariant("refused");
            world.quiet_start().await;
            world.assert_settled("refused");
            assert!(world.sessions_alive().is_empty() && world.entries().is_empty(), "{wrong:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_session_of_an_unwritten_log_in_is_queued() {
    for fault in [Fault::Fail, Fault::Hang, Fault::HangAndHappen] {
        let world = server_that_sends(Wrong::Nothing);
        // 1 registry, 2 server, 3 registry (logging in)
        let process = world.process([(3, fault)]);
        assert_eq!(rollback(process.log_in(&world).await.unwrap_err()), Rollback::Pending, "{fault:?}");
        assert!(world.registry().accounts.is_empty(), "{fault:?}: also when it was written all the same");
        assert_eq!(world.registry().pending.len(), 1);
        world.assert_invariant("pending");
        world.quiet_start().await;
        world.assert_settled("pending, and ended");
        assert!(world.sessions_alive().is_empty(), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_session_of_a_log_in_to_a_busy_account_is_queued() {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    let older = world.sessions_alive();
    let elsewhere = MemoryRegistry { disk: world.disk.clone(), effects: Effects::new() };
    let lock = elsewhere.lock_account(&id).await.unwrap();
    world.network.fail_log_outs(DOWN);
    let error = process.log_in(&world).await.unwrap_err();
    let cause = NotStored::Registry(RegistryError::Busy);
    assert_eq!(error, LogInError::NotStored { cause, rollback: Rollback::Pending });
    world.assert_invariant("busy");
    drop(lock);
    world.quiet_start().await;
    world.assert_settled("logged in as before");
    assert_eq!(world.sessions_alive(), older);
}

#[tokio::test(start_paused = true)]
async fn a_session_neither_stored_nor_ended_nor_queued_is_reported_alive() {
    for can_be_named in [true, false] {
        let world = server_that_sends(Wrong::Nothing);
        // Neither *logging in* nor the row can be written, before and after the call that ends the
        // session.
        let mut faults = vec![(3, Fault::Fail), (4, Fault::Fail), (6, Fault::Fail)];
        if !can_be_named {
            faults.push((7, Fault::Fail));
        }
        let error = world.process(faults).log_in(&world).await.unwrap_err();
        let Rollback::Alive { reason, until } = rollback(error) else { panic!("it is not said") };
        assert_eq!((reason, until.is_some()), (DOWN, true));
        let line = world.disk.activity().pop().unwrap();
        assert_eq!(line.event, Event::LogInFailed { session: SessionOutcome::Lost });
        assert!(line.account.is_some() && line.token.is_some());
        assert_eq!(world.registry().lost.len(), usize::from(can_be_named));
        if can_be_named {
            world.assert_invariant("lost");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_fault_in_a_failed_log_in_loses_no_session() {
    for wrong in [Wrong::OtherTenant, Wrong::Mixed, Wrong::Nothing] {
        for fault in [Fault::Fail, Fault::Lie, Fault::Hang, Fault::HangAndHappen] {
            // The third effect is *logging in*, or with other tokens the row of a pending revocation.
            for k in 4.. {
                let world = server_that_sends(wrong);
                let what = format!("{wrong:?}, effect {k} spoiled by {fault:?}");
                let process = world.process([(3, Fault::Fail), (k, fault)]);
                process.log_in(&world).await.unwrap_err();
                let effects = process.effects.count();
                world.assert_invariant(&what);
                process.effects.die();
                world.quiet_start().await;
                world.assert_settled(&what);
                if effects < k {
                    break;
                }
            }
        }
    }
}
