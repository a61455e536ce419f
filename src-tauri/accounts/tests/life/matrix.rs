//! The matrix combines every server fault with every keyring fault, in one run and with a restart. Each cell
//! has an expected outcome. Each ends with a check of the invariant and a quiet start that leaves nothing
//! behind.

use std::fmt::Write as _;

use accounts::AccountId;
use accounts::log_out::error::LogOutError;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::registry::Phase;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::{CallFailure, StoreStatus};
use credential_store::effects::Fault;

use crate::fakes::{Gate, Trouble};
use crate::world::{Process, SERVICE, World};

/// The server's fault, and what its answer means then.
pub(crate) const SERVERS: [(&str, Word); 30] = [
    ("well", Word::Revoked),
    ("session over already", Word::Invalid),
    ("unreachable", Word::None),
    ("answer reset in mid-body", Word::None),
    ("hangs", Word::None),
    ("acts, then hangs", Word::None),
    ("slow (1 s)", Word::Revoked),
    ("slow (4 s)", Word::Late),
    ("HTML with 200", Word::None),
    ("acts, then truncated", Word::None),
    ("redirect", Word::None),
    ("100 MB", Word::None),
    ("400", Word::None),
    ("403", Word::None),
    ("429, Retry-After: 30", Word::None),
    ("acts, then 429", Word::None),
    ("500", Word::None),
    ("acts, then 500", Word::None),
    ("503, Retry-After: 30", Word::None),
    ("acts, then 503", Word::None),
    ("401 that is not Userfront's", Word::None),
    ("acts, then 204", Word::Over),
    ("204", Word::None),
    ("{}", Word::None),
    ("error inside a 200", Word::None),
    ("401 in front of the log-out", Word::Refused),
    ("404 in front of the log-out", Word::Refused),
    ("404 in front of every call", Word::Refused),
    ("acts, then 204, and the mode is silent", Word::None),
    ("acts, then 204, and the refresh is silent", Word::None),
];

const CANNOT_GET: &str = r#"{"statusCode":404,"message":"Cannot GET /v0/auth/logout","error":"Not Found"}"#;
const UNAUTHORIZED: &str = r#"{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}"#;

/// The gates in front of the server.
fn gates(server: &str) -> Vec<Gate> {
    let unclear = |status, body| Gate::says("auth/logout", status, body);
    let bad_gateway = || CallFailure::ServerFault { status: 502, retry_after: None };
    match server {
        "acts, then 204" => vec![unclear(204, "null").acts()],
        "204" => vec![unclear(204, "null")],
        "{}" => vec![unclear(200, "{}")],
        "401 in front of the log-out" => vec![unclear(401, UNAUTHORIZED)],
        "404 in front of the log-out" => vec![unclear(404, CANNOT_GET)],
        "404 in front of every call" => vec![Gate::says("", 404, CANNOT_GET)],
        "acts, then 204, and the mode is silent" => {
            vec![unclear(204, "null").acts(), Gate::fails("/mode", bad_gateway())]
        }
        "acts, then 204, and the refresh is silent" => {
            vec![unclear(204, "null").acts(), Gate::fails("auth/refresh", bad_gateway())]
        }
        _ => Vec::new(),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    Revoked,
    /// The server refuses every token, and the session is over.
    Invalid,
    /// The answer is unclear, and the session is over.
    Over,
    /// Revoked, but the answer comes after the log-out has stopped waiting.
    Late,
    /// Every token is refused, but perhaps not by Userfront.
    Refused,
    None,
}

impl Word {
    /// The number of log-out calls: one per token until one is not refused.
    fn calls(self) -> u64 {
        if matches!(self, Self::Invalid | Self::Refused) { 2 } else { 1 }
    }
}

fn trouble(server: &str) -> Option<Trouble> {
    let fails = |after, failure| Some(Trouble::Fails { after, failure });
    let strange = |status, detail: &str| CallFailure::Unintelligible { status, detail: detail.to_owned() };
    let wait = Some(std::time::Duration::from_secs(30));
    match server {
        "unreachable" => fails(false, CallFailure::Unreachable { detail: "refused".into() }),
        "answer reset in mid-body" => fails(true, CallFailure::BrokeOff { detail: "reset".into() }),
        "hangs" => Some(Trouble::Hangs { after: false }),
        "acts, then hangs" => Some(Trouble::Hangs { after: true }),
        "slow (1 s)" => Some(Trouble::Slow(std::time::Duration::from_secs(1))),
        "slow (4 s)" => Some(Trouble::Slow(std::time::Duration::from_secs(4))),
        "HTML with 200" => fails(false, strange(200, "it is not JSON")),
        "acts, then truncated" => fails(true, strange(200, "it is not JSON")),
        "error inside a 200" => fails(false, strange(200, "there is an error inside")),
        "redirect" => fails(false, strange(302, "a redirect")),
        "100 MB" => fails(true, strange(200, "it is too large")),
        "400" => fails(false, CallFailure::Refused { status: 400, message: "Bad request".into() }),
        "403" => fails(false, CallFailure::Refused { status: 403, message: "Forbidden".into() }),
        "429, Retry-After: 30" => fails(false, CallFailure::TooManyRequests { retry_after: wait }),
        "acts, then 429" => fails(true, CallFailure::TooManyRequests { retry_after: wait }),
        "500" => fails(false, CallFailure::ServerFault { status: 500, retry_after: None }),
        "acts, then 500" => fails(true, CallFailure::ServerFault { status: 500, retry_after: None }),
        "503, Retry-After: 30" => fails(false, CallFailure::ServerFault { status: 503, retry_after: wait }),
        "acts, then 503" => fails(true, CallFailure::ServerFault { status: 503, retry_after: wait }),
        "401 that is not Userfront's" => fails(false, strange(401, "not in Userfront's error shape")),
        _ => None,
    }
}

/// The keyring's fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyring {
    Well,
    Locked,
    Hung,
    OutOfReach,
    DeleteFails,
    DeleteLies,
    DeleteHangs,
    DiesAfterReading,
    Doubled,
    Empty,
    OnlyRefresh,
}

pub(crate) const KEYRINGS: [Keyring; 11] = [
    Keyring::Well,
    Keyring::Locked,
    Keyring::Hung,
    Keyring::OutOfReach,
    Keyring::DeleteFails,
    Keyring::DeleteLies,
    Keyring::DeleteHangs,
    Keyring::DiesAfterReading,
    Keyring::Doubled,
    Keyring::Empty,
    Keyring::OnlyRefresh,
];

/// The expected outcome of a log-out in a cell, in short.
fn expected(word: Word, keyring: Keyring) -> &'static str {
    let (dead, invalid, queued) = match keyring {
        Keyring::Locked | Keyring::Hung | Keyring::OutOfReach => return "still logged in",
        // The server is not called, because there is no token.
        Keyring::Empty => return "impossible",
        Keyring::Well | Keyring::Doubled | Keyring::OnlyRefresh => {
            ("revoked, deleted", "already invalid, deleted", "pending, deleted")
        }
        // The first write or delete after the answer fails.
        Keyring::DeleteFails | Keyring::DeleteLies | Keyring::DeleteHangs => {
            ("revoked, remnant", "already invalid, remnant", "pending, remnant")
        }
        // If the revocation cannot be queued, the log-out waits for the answer and does not claim success.
        Keyring::DiesAfterReading if word == Word::Late => return "revoked, remnant",
        Keyring::DiesAfterReading => ("revoked, remnant", "still logged in", "still logged in"),
    };
    match word {
        Word::Revoked => dead,
        Word::Invalid | Word::Over => invalid,
        Word::Late | Word::Refused | Word::None => queued,
    }
}

/// The effects of a log-out: 1 is the tombstone, 2 the call, and 3 the call with a second token, if any.
/// After a confirmed log-out come the registry (dead) and the deletion. Otherwise come the `revoke.` entry,
/// the row and the deletion.
fn faults(word: Word, keyring: Keyring) -> Vec<(u64, Fault)> {
    let asked = 1 + word.calls();
    let is_confirmed = word == Word::Revoked;
    let first_deletion = if is_confirmed { asked + 2 } else { asked + 3 };
    match keyring {
        Keyring::DeleteFails => vec![(first_deletion, Fault::Fail)],
        Keyring::DeleteLies => vec![(first_deletion, Fault::Lie)],
        Keyring::DeleteHangs => vec![(first_deletion, Fault::HangAndHappen)],
        Keyring::DiesAfterReading if !is_confirmed => vec![(asked + 1, Fault::Hang)],
        Keyring::DiesAfterReading => vec![(first_deletion, Fault::Hang)],
        _ => Vec::new(),
    }
}

/// A world in which `admin` is logged in and these faults are set, and the process that is to log out. `more`
/// is one more fault.
pub(crate) async fn cell(
    server: &str,
    word: Word,
    keyring: Keyring,
    more: Option<(u64, Fault)>,
) -> (World, AccountId, Process) {
    let mut machine = World::new();
    let (_, id) = machine.logged_in().await;
    let (access, refresh) = (format!("access.{id}"), format!("refresh.{id}"));
    match keyring {
        Keyring::Locked => machine.keyring.set_status(StoreStatus::Locked),
        Keyring::Hung => machine.keyring.set_status(StoreStatus::Hung),
        Keyring::OutOfReach => machine.keyring.set_status(StoreStatus::Unavailable("no daemon".into())),
        Keyring::Doubled => {
            // A backup was restored, so every item is there twice.
            for name in [&access, &refresh] {
                let twin = machine.keyring.secrets(SERVICE, name).remove(0);
                machine.keyring.add(SERVICE, name, accounts::AccessToken::from(twin).secret());
            }
        }
        Keyring::Empty => {
            machine.tokens_removed = true;
            for name in [&access, &refresh] {
                machine.keyring.remove(SERVICE, name);
            }
        }
        Keyring::OnlyRefresh => machine.keyring.remove(SERVICE, &access),
        _ => {}
    }
    if word == Word::Invalid {
        machine.unsure = keyring == Keyring::Empty;
        let session = machine.registry().account(&id).unwrap().session.clone();
        assert!(machine.server.kill_session(session.as_str()));
    }
    if let Some(trouble) = trouble(server) {
        machine.network.trouble(trouble);
    }
    machine.network.gates(gates(server));
    let process = machine.process(faults(word, keyring).into_iter().chain(more));
    (machine, id, process)
}

fn short_outcome(outcome: &Result<accounts::model::log_out_outcome::LogOut, LogOutError>) -> String {
    match outcome {
        Ok(outcome) => {
            let revocation = match outcome.session {
                SessionOutcome::Revoked => "revoked",
                SessionOutcome::AlreadyInvalid => "already invalid",
                SessionOutcome::Over | SessionOutcome::Expired => unreachable!("no log-out comes to that"),
                SessionOutcome::Pending => "pending",
                SessionOutcome::Lost => return "impossible".to_owned(),
            };
            let deletion = match outcome.deletion {
                Deletion::Deleted => "deleted",
                Deletion::AlreadyAbsent => "absent",
                Deletion::StillPresent(_) => "remnant",
            };
            format!("{revocation}, {deletion}")
        }
        Err(LogOutError::Store(_)) => "still logged in".to_owned(),
        Err(error) => format!("{error:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn log_out_has_the_expected_outcome_in_every_matrix_cell() {
    say!("\n| server | {} |", KEYRINGS.map(|keyring| format!("{keyring:?}")).join(" | "));
    say!("|{}", "---|".repeat(KEYRINGS.len() + 1));
    let mut cells = 0;
    for (server, word) in SERVERS {
        let mut line = format!("| {server} |");
        for keyring in KEYRINGS {
            let what = format!("server {server}, keyring {keyring:?}");
            let (world, id, process) = cell(server, word, keyring, None).await;
            let outcome = process.log_out(&id).await;
            let short = short_outcome(&outcome);
            assert_eq!(short, expected(word, keyring), "{what}");
            world.assert_invariant(&what);
            if short == "still logged in" {
                assert_eq!(
                    world.registry().account(&id).unwrap().phase,
                    Phase::Active,
                    "{what}: not claimed"
                );
            } else {
                assert!(world.registry().account(&id).is_none(), "{what}");
            }
            // A late answer counts too.
            tokio::time::sleep(std::time::Duration::from_secs(20)).await;
            world.assert_invariant(&what);
            let again = world.quiet_start().await;
            if short == "still logged in" {
                // The user tries again.
                again.log_out(&id).await.unwrap();
            }
            world.quiet_start().await;
            assert_nothing_left(&world, &what);
            write!(line, " {short} |").unwrap();
            cells += 1;
        }
        say!("{line}");
    }
    say!("{cells} cells, live");
}

#[tokio::test(start_paused = true)]
async fn next_start_finishes_a_killed_log_out_in_every_matrix_cell() {
    let mut cells = 0;
    for (server, word) in SERVERS {
        for keyring in KEYRINGS {
            // The process is killed after the tombstone. All faults are still there at the next start.
            let what = format!("server {server}, keyring {keyring:?}, restarted");
            let (world, id, _) = cell(server, word, keyring, None).await;
            let status = world.keyring.status();
            world.keyring.set_status(StoreStatus::Ok);
            let killed = world.process([(1, Fault::Crash)]);
            assert!(killed.until_crash(killed.log_out(&id)).await.is_none(), "{what}");
            world.keyring.set_status(status);
            // 1 the `revoke.` entry, 2 the row, 3 the deletion.
            let fault = match keyring {
                Keyring::DeleteFails => vec![(3, Fault::Fail)],
                Keyring::DeleteLies => vec![(3, Fault::Lie)],
                Keyring::DeleteHangs => vec![(3, Fault::HangAndHappen)],
                Keyring::DiesAfterReading => vec![(1, Fault::Hang)],
                _ => Vec::new(),
            };
            let next = world.process(fault);
            next.accounts.restore().await.unwrap();
            world.assert_invariant(&what);
            let waits = matches!(
                keyring,
                Keyring::Locked
                    | Keyring::Hung
                    | Keyring::OutOfReach
                    | Keyring::DeleteHangs
                    | Keyring::DiesAfterReading
            );
            let account = world.registry().account(&id).cloned();
            assert_eq!(account.map(|account| account.phase), waits.then_some(Phase::LoggingOut), "{what}");
            world.quiet_start().await;
            assert_nothing_left(&world, &what);
            cells += 1;
        }
    }
    say!("{cells} cells, restarted");
}

pub(crate) fn assert_nothing_left(world: &World, what: &str) {
    world.assert_settled(what);
    assert!(world.entries().is_empty(), "{what}: {:?}", world.entries());
    assert!(world.registry().accounts.is_empty(), "{what}");
    let named = world.registry().lost.len();
    let alive = world.sessions_alive().len();
    assert!(alive == named || world.unsure && alive == 0, "{what}: only what is named as lost lives");
    assert!(named == 0 || world.tokens_removed, "{what}");
}
