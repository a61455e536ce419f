//! The matrix combines every server fault with every keyring fault, in one run and with a restart. Each cell
//! has an expected outcome. Each ends with a check of the invariant and a quiet start that leaves nothing
//! behind.

mod keyrings;
mod servers;

use std::fmt::Write as _;

use accounts::AccountId;
use accounts::log_out::error::LogOutError;
use accounts::model::log_out_outcome::Deletion;
use accounts::model::registry::Phase;
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::StoreStatus;
use credential_store::effects::Fault;

use crate::matrix::keyrings::{expected, faults};
use crate::matrix::servers::{gates, trouble};
use crate::world::{Process, SERVICE, World};

pub(crate) use crate::matrix::keyrings::{KEYRINGS, Keyring};
pub(crate) use crate::matrix::servers::{SERVERS, Word};

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
                let duplicate = machine.keyring.secrets(SERVICE, name).remove(0);
                machine.keyring.add(SERVICE, name, accounts::AccessToken::from(duplicate).secret());
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
                Deletion::StillPresent(_) => "leftover",
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
