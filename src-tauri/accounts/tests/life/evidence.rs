//! Tests the table in the module documentation of `evidence`, row by row: the cost of each witness, and that
//! none loses a token.

use accounts::model::reason::Reason;
use std::time::Duration;

use accounts::log_out::pending_revocations::Occasion;
use accounts::model::activity::Event;
use accounts::model::registry::PendingRevocation;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::CallFailure;
use accounts::{AccountId, EntryName};
use credential_store::effects::Fault;
use tokio::time::sleep;

use crate::fakes::{Gate, Trouble};
use crate::world::{Process, SERVICE, World};

const OK: &str = r#"{"message":"OK","redirectTo":"/login"}"#;
const USER: &str = r#"{"userId":1,"name":"Admin"}"#;
pub(crate) const UNAUTHORIZED: &str = r#"{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}"#;
const CANNOT_GET: &str = r#"{"statusCode":404,"message":"Cannot GET /v0","error":"Not Found"}"#;

/// How the session and the tokens are when the log-out begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StoredToken {
    Alive,
    /// Another program has ended the session.
    Ended,
    EndedWithoutRefresh,
    AliveWithoutRefresh,
    EndedWithExpiredAccess,
}

fn html() -> CallFailure {
    CallFailure::Unintelligible { status: 200, detail: "it is not JSON".to_owned() }
}

fn bad_gateway() -> CallFailure {
    CallFailure::ServerFault { status: 502, retry_after: None }
}

/// `admin` is logged in; the session and the tokens are in the given state.
async fn world(stored: StoredToken) -> (World, Process, AccountId) {
    let mut world = World::new();
    let without_refresh = !matches!(stored, StoredToken::Alive | StoredToken::Ended);
    if without_refresh {
        world.network.withhold_refresh_tokens();
    }
    let (process, id) = world.logged_in().await;
    if !matches!(stored, StoredToken::Alive | StoredToken::AliveWithoutRefresh) {
        world.unsure = true;
        let session = world.registry().account(&id).unwrap().session.clone();
        assert!(world.server.kill_session(session.as_str()));
    }
    if stored == StoredToken::EndedWithExpiredAccess {
        let expires_at = world.registry().account(&id).unwrap().access_expires_at;
        world.clock.advance(expires_at.0 - world.clock.now() + 1);
    }
    (world, process, id)
}

fn count_calls(world: &World, call: &str) -> usize {
    world.server.requests().iter().filter(|request| request.path.ends_with(call)).count()
}

fn pending_row(world: &World) -> PendingRevocation {
    world.registry().pending[0].clone()
}

/// Every row of the two tables: which calls a gate answers, and the outcome of the log-out.
#[tokio::test(start_paused = true)]
async fn session_counts_as_over_only_on_evidence() {
    use StoredToken::{Alive, AliveWithoutRefresh, Ended, EndedWithExpiredAccess, EndedWithoutRefresh};
    let says = Gate::says;
    let lost = |call| Gate::says(call, 204, "null");
    for (what, stored, gates, expected) in [
        // The answer to the log-out.
        ("its word", Alive, vec![], "revoked"),
        ("204, and done", Alive, vec![lost("auth/logout").acts()], "over"),
        ("204, and not done", Alive, vec![lost("auth/logout")], "pending"),
        ("201 with its words", Alive, vec![says("auth/logout", 201, OK)], "pending"),
        ("an empty object", Alive, vec![says("auth/logout", 200, "{}")], "pending"),
        ("an error inside", Alive, vec![Gate::fails("auth/logout", html())], "pending"),
        ("refused, and over", Ended, vec![], "over"),
        ("404, and over", Ended, vec![says("auth/logout", 404, CANNOT_GET)], "over"),
        ("401 in front of it", Alive, vec![says("auth/logout", 401, UNAUTHORIZED)], "pending"),
        ("404 of a moved route", Alive, vec![says("auth/logout", 404, CANNOT_GET)], "pending"),
        ("404 of every route", Alive, vec![says("", 404, CANNOT_GET)], "pending"),
        ("404 of every route, and over", Ended, vec![says("", 404, CANNOT_GET)], "pending"),
        // The mode shows whether the server is Userfront.
        ("no mode", Ended, vec![says("/mode", 200, "{}")], "pending"),
        ("another mode", Ended, vec![says("/mode", 200, r#"{"mode":"live"}"#)], "pending"),
        ("the mode is HTML", Ended, vec![Gate::fails("/mode", html())], "pending"),
        ("the mode is refused", Ended, vec![says("/mode", 401, UNAUTHORIZED)], "pending"),
        // The refresh token decides.
        ("a refresh is 502", Ended, vec![Gate::fails("auth/refresh", bad_gateway())], "pending"),
        ("a refresh is 404", Ended, vec![says("auth/refresh", 404, CANNOT_GET)], "pending"),
        ("signatures alone", Ended, vec![says("/self", 200, USER)], "over, accepted"),
        ("the user is 502", Ended, vec![Gate::fails("/self", bad_gateway())], "over"),
        // The access token decides if there is no refresh token.
        ("the user is refused", EndedWithoutRefresh, vec![], "over"),
        ("the user is 404", EndedWithoutRefresh, vec![says("/self", 404, CANNOT_GET)], "pending"),
        ("the user is HTML", EndedWithoutRefresh, vec![Gate::fails("/self", html())], "pending"),
        (
            "the user is answered",
            AliveWithoutRefresh,
            vec![says("auth/logout", 401, UNAUTHORIZED)],
            "pending",
        ),
        ("nothing works", EndedWithExpiredAccess, vec![], "impossible"),
        // The client cannot detect this: a gateway drops the authorization header of every call.
        (
            "the header is dropped",
            Alive,
            vec![
                says("auth/logout", 401, UNAUTHORIZED),
                says("auth/refresh", 401, UNAUTHORIZED),
                says("/self", 401, UNAUTHORIZED),
            ],
            "over",
        ),
    ] {
        let (world, process, id) = world(stored).await;
        world.network.gates(gates);
        let outcome = process.log_out(&id).await.unwrap();
        let registry = world.registry();
        let found = match outcome.session {
            SessionOutcome::Revoked => "revoked",
            SessionOutcome::AlreadyInvalid if outcome.accepted_until.is_some() => "over, accepted",
            SessionOutcome::AlreadyInvalid => "over",
            SessionOutcome::Over | SessionOutcome::Expired => unreachable!("no log-out comes to that"),
            SessionOutcome::Pending => "pending",
            SessionOutcome::Lost => "impossible",
        };
        assert_eq!(found, expected, "{what}");
        let is_pending = expected.starts_with("pending");
        assert_eq!(registry.pending.len(), usize::from(is_pending), "{what}");
        assert_eq!(world.entries().len(), usize::from(is_pending), "{what}");
        if what == "the header is dropped" {
            continue;
        }
        world.assert_invariant(what);
        world.quiet_start().await;
        world.assert_settled(what);
    }
}

/// Without the tenant's domain the server does not know a live session.
#[tokio::test(start_paused = true)]
async fn live_session_without_a_domain_stays_pending() {
    let world = World::live();
    let (process, id) = world.logged_in().await;
    world.network.gates([Gate::says("auth/logout", 401, UNAUTHORIZED)]);
    assert!(process.log_out(&id).await.unwrap().session == SessionOutcome::Pending);
    assert_eq!(count_calls(&world, "auth/refresh"), 0);
    assert_eq!(pending_row(&world).reason, Reason::WithoutDomain);
}

/// A refresh token need not name its mode, because the account ID does.
#[tokio::test(start_paused = true)]
async fn token_without_a_mode_takes_the_mode_of_its_account() {
    let world = World::live();
    let (process, id) = world.logged_in().await;
    let (access, refresh) = (EntryName::access(&id), EntryName::refresh(&id));
    let token = world.tokens_in(refresh.as_str()).remove(0);
    world.keyring.remove(SERVICE, access.as_str());
    world.keyring.remove(SERVICE, refresh.as_str());
    world.keyring.add(SERVICE, refresh.as_str(), without_mode(&token));
    assert!(process.log_out(&id).await.unwrap().session == SessionOutcome::Pending);
    assert_eq!((count_calls(&world, "/mode"), count_calls(&world, "auth/refresh")), (0, 0));
    assert_eq!(pending_row(&world).reason, Reason::WithoutDomain);
}

/// The same claims without the mode, with a signature that every server refuses.
fn without_mode(token: &str) -> String {
    let mut claims: serde_json::Map<String, serde_json::Value> =
        jsonwebtoken::dangerous::insecure_decode_claims(token).unwrap();
    claims.remove("mode").unwrap();
    let key = jsonwebtoken::EncodingKey::from_secret(b"nobody's");
    jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &key).unwrap()
}

#[tokio::test(start_paused = true)]
async fn session_is_over_after_one_try_if_the_server_always_answers_204() {
    let (world, process, id) = world(StoredToken::Alive).await;
    world.network.fail_log_outs(bad_gateway());
    process.log_out(&id).await.unwrap();
    assert_eq!(world.registry().pending.len(), 1);
    world.network.heal();
    world.network.gates([Gate::says("auth/logout", 204, "null").acts()]);
    process.accounts.retry_revocation(&pending_row(&world).entry).await.unwrap();
    world.assert_settled("one try");
    let settled = Event::Settled { session: SessionOutcome::AlreadyInvalid };
    assert!(world.disk.activity().iter().any(|line| line.event == settled));
}

#[tokio::test(start_paused = true)]
async fn witness_refresh_runs_once_automatically_and_again_on_request() {
    let (world, process, id) = world(StoredToken::Alive).await;
    world.network.gates([Gate::says("auth/logout", 401, UNAUTHORIZED)]);
    process.log_out(&id).await.unwrap();
    assert_eq!(count_calls(&world, "auth/refresh"), 1);
    assert!(pending_row(&world).refresh_asked, "written down");
    let tokens = world.tokens_in(pending_row(&world).entry.as_str());
    assert_eq!(tokens.len(), 4, "what it brought is kept beside the others");
    for _ in 0..5 {
        world.clock.advance(2 * 60 * 60);
        process.accounts.retry_pending(Occasion::Due).await.unwrap();
        world.start().await;
    }
    assert_eq!(count_calls(&world, "auth/refresh"), 1, "not by itself, not by another process");
    assert_eq!(pending_row(&world).reason, Reason::AskedBefore);
    process.accounts.retry_revocation(&pending_row(&world).entry).await.unwrap();
    assert_eq!(count_calls(&world, "auth/refresh"), 2);
    world.quiet_start().await;
    world.assert_settled("the gate is gone");
}

/// A pending revocation ends when its newest stored refresh token expires.
#[tokio::test(start_paused = true)]
async fn pending_revocation_lasts_as_long_as_the_token_from_a_witness() {
    let (world, process, id) = world(StoredToken::Alive).await;
    let before = world.registry().account(&id).unwrap().session_ends_at;
    world.clock.advance(5_000);
    world.network.gates([Gate::says("auth/logout", 401, UNAUTHORIZED)]);
    process.log_out(&id).await.unwrap();
    assert_eq!(pending_row(&world).session_ends_at.0, before.0 + 5_000);
    assert!(pending_row(&world).over_for_certain_at >= pending_row(&world).session_ends_at);
}

/// Crashes before, between and after the witnesses, in a log-out and in the retry of a pending revocation.
/// Each effect also fails.
#[tokio::test(start_paused = true)]
async fn crash_or_failure_around_a_witness_loses_no_token() {
    let refused = || [Gate::says("auth/logout", 401, UNAUTHORIZED)];
    let unclear = || [Gate::says("auth/logout", 204, "null").acts()];
    let mut points = 0;
    for (stored, gates) in
        [(StoredToken::Alive, refused()), (StoredToken::Alive, unclear()), (StoredToken::Ended, refused())]
    {
        let mut last = u64::MAX;
        for fault in [Fault::Crash, Fault::Fail, Fault::Hang, Fault::HangAndHappen, Fault::Lie] {
            let mut k = 1;
            loop {
                let what = format!("{stored:?}, {gates:?}, {fault:?} at {k}");
                let (mut world, _, id) = world(stored).await;
                world.unsure = true;
                world.network.gates(gates.clone());
                let process = world.process([(k, fault)]);
                let done = process
                    .until_crash(async {
                        let outcome = process.log_out(&id).await;
                        process.accounts.in_peace().await;
                        outcome.is_ok()
                    })
                    .await;
                if fault == Fault::Crash && done.is_some() {
                    last = process.effects.count();
                    break;
                }
                if k > last {
                    break;
                }
                world.assert_invariant(&what);
                // The failure may have looked like a keyring without the token.
                world.tokens_removed |= fault == Fault::Lie;
                let next = world.quiet_start().await;
                if world.registry().account(&id).is_some() {
                    next.log_out(&id).await.unwrap();
                }
                world.quiet_start().await;
                world.assert_settled(&what);
                assert!(world.entries().is_empty(), "{what}: {:?}", world.entries());
                (points, k) = (points + 1, k + 1);
            }
        }
    }
    say!("{points} crashes and failures around the witnesses");
    assert!(points > 150, "{points}");
}

/// A log-out waits 1.5 s from its first call on. It does not wait longer for the witnesses.
#[tokio::test(start_paused = true)]
async fn log_out_waits_at_most_1500_ms_for_witnesses() {
    let (world, process, id) = world(StoredToken::Ended).await;
    world.network.trouble(Trouble::Slow(Duration::from_millis(700)));
    let begin = tokio::time::Instant::now();
    let outcome = process.log_out(&id).await.unwrap();
    assert_eq!(begin.elapsed(), Duration::from_millis(1_500));
    assert!(outcome.session == SessionOutcome::Pending);
    sleep(Duration::from_secs(5)).await;
    world.assert_settled("in the background");
    let told = process.accounts.verified(vec![(id, outcome)]).await;
    assert_eq!(told[0].1.session, SessionOutcome::AlreadyInvalid, "and whoever asks then is told");
}

/// An unreadable token in the keyring proves nothing about the session.
#[tokio::test(start_paused = true)]
async fn unreadable_token_proves_nothing_about_the_session() {
    let (mut world, process, id) = world(StoredToken::Alive).await;
    for name in world.entries() {
        world.keyring.remove(SERVICE, &name);
        world.keyring.add(SERVICE, &name, "garbage");
    }
    world.tokens_removed = true;
    let outcome = process.log_out(&id).await.unwrap();
    assert!(outcome.session == SessionOutcome::Lost, "{outcome:?}");
    assert_eq!(count_calls(&world, "auth/refresh"), 0);
}
