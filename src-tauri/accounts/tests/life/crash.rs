//! Crashes after the k-th effect, for every k, and again during the next start. Every effect also fails in
//! every way. Log-outs also crash in every cell of the [`matrix`](crate::matrix), while the server or the
//! keyring is faulty.

use accounts::model::registry::Phase;
use credential_store::effects::Fault;

use crate::matrix::{KEYRINGS, SERVERS, assert_nothing_left, cell};
use crate::world::{SERVICE, World};

/// A first log-in, a second log-in of the same account (with or without a refresh token), or a log-out.
#[derive(Debug, Clone, Copy)]
enum Verb {
    BeginLogIn,
    LogInAgain,
    LogInAgainWithoutRefresh,
    Leave,
    LeaveWithoutTokens,
}

impl Verb {
    /// Some of the tokens are expected to be missing.
    fn is_without_tokens(self) -> bool {
        matches!(self, Self::LeaveWithoutTokens | Self::LogInAgainWithoutRefresh)
    }
}

const VERBS: [Verb; 5] = [
    Verb::BeginLogIn,
    Verb::LogInAgain,
    Verb::LogInAgainWithoutRefresh,
    Verb::Leave,
    Verb::LeaveWithoutTokens,
];

/// Runs the verb with this fault and returns the number of its effects, or `None` after a crash.
async fn run_with_fault(world: &World, verb: Verb, fault: (u64, Fault)) -> Option<u64> {
    match verb {
        Verb::BeginLogIn => {
            let process = world.process([fault]);
            process.until_crash(process.log_in(world)).await.map(|_| process.effects.count())
        }
        Verb::LogInAgain | Verb::LogInAgainWithoutRefresh => {
            world.logged_in().await;
            if matches!(verb, Verb::LogInAgainWithoutRefresh) {
                world.network.withhold_refresh_tokens();
            }
            let process = world.process([fault]);
            process.until_crash(process.log_in(world)).await.map(|_| process.effects.count())
        }
        Verb::Leave | Verb::LeaveWithoutTokens => {
            let (_, id) = world.logged_in().await;
            if matches!(verb, Verb::LeaveWithoutTokens) {
                world.entries().iter().for_each(|name| world.keyring.remove(SERVICE, name));
            }
            let process = world.process([fault]);
            process.until_crash(process.log_out(&id)).await.map(|_| process.effects.count())
        }
    }
}

#[tokio::test(start_paused = true)]
async fn next_start_finishes_log_in_and_log_out_after_any_crash() {
    for verb in VERBS {
        let mut crashes = 0;
        for k in 0.. {
            let world = World { tokens_removed: verb.is_without_tokens(), ..World::new() };
            let what = format!("{verb:?}, crash after effect {k}");
            if run_with_fault(&world, verb, (k, Fault::Crash)).await.is_some() {
                break;
            }
            crashes += 1;
            world.assert_invariant(&what);
            world.quiet_start().await;
            world.assert_settled(&what);
        }
        assert!(crashes >= 4, "{verb:?} has more effects than {crashes}");
        say!("{verb:?}: crashed after each of {crashes} effects");
    }
}

#[tokio::test(start_paused = true)]
async fn start_finishes_log_in_and_log_out_after_two_crashes() {
    let mut pairs = 0;
    for verb in VERBS {
        for k in 0.. {
            let mut cut_off = false;
            for l in 0.. {
                let world = World { tokens_removed: verb.is_without_tokens(), ..World::new() };
                cut_off = run_with_fault(&world, verb, (k, Fault::Crash)).await.is_none();
                if !cut_off {
                    break;
                }
                let what = format!("{verb:?}, crash after effect {k}, then after effect {l} of the start");
                let second = world.process([(l, Fault::Crash)]);
                let restored = second.until_crash(second.accounts.restore()).await;
                world.assert_invariant(&what);
                world.quiet_start().await;
                world.assert_settled(&what);
                if restored.is_some() {
                    break;
                }
                pairs += 1;
            }
            if !cut_off {
                break;
            }
        }
    }
    assert!(pairs > 20, "{pairs}");
    say!("{pairs} pairs of crashes");
}

#[tokio::test(start_paused = true)]
async fn next_start_finishes_log_in_and_log_out_after_any_failed_effect() {
    for verb in VERBS {
        for fault in [Fault::Fail, Fault::Hang, Fault::HangAndHappen] {
            for k in 1.. {
                let world = World { tokens_removed: verb.is_without_tokens(), ..World::new() };
                let what = format!("{verb:?}, effect {k} spoiled by {fault:?}");
                let effects = run_with_fault(&world, verb, (k, fault)).await;
                world.assert_invariant(&what);
                world.quiet_start().await;
                world.assert_settled(&what);
                if effects.is_some_and(|effects| effects < k) {
                    break;
                }
            }
        }
    }
}

/// Servers that differ in what a crash can leave behind. To the code under test, every other server of the
/// matrix is like one of these.
const DIFFERENT: [&str; 6] =
    ["well", "session over already", "unreachable", "acts, then 500", "acts, then hangs", "slow (4 s)"];

#[tokio::test(start_paused = true)]
async fn log_out_in_every_matrix_cell_survives_two_crashes() {
    let (mut crashes, mut pairs) = (0, 0);
    for (server, word) in SERVERS {
        for keyring in KEYRINGS {
            for k in 1.. {
                let mut dies = false;
                // 0: the next start has no fault.
                for l in 0.. {
                    let what = format!(
                        "server {server}, keyring {keyring:?}: crash after effect {k} of the log-out, {l} of \
                         the start"
                    );
                    let (world, id, process) = cell(server, word, keyring, Some((k, Fault::Crash))).await;
                    dies = process.until_crash(process.log_out(&id)).await.is_none();
                    world.assert_invariant(&what);
                    if !dies {
                        break;
                    }
                    crashes += u32::from(l == 0);
                    // All faults are still there during that start.
                    let restored = if l > 0 {
                        let second = world.process([(l, Fault::Crash)]);
                        let restored = second.until_crash(second.accounts.restore()).await.is_some();
                        second.effects.die();
                        world.assert_invariant(&what);
                        pairs += u32::from(!restored);
                        restored
                    } else {
                        !DIFFERENT.contains(&server)
                    };
                    process.effects.die();
                    let registry = world.registry();
                    let lifted = registry.account(&id).is_some_and(|account| account.phase == Phase::Active);
                    world.quiet_start().await;
                    if lifted {
                        // The keyring prevented the log-out, and the tombstone is already lifted.
                        world.assert_settled(&what);
                    } else {
                        assert_nothing_left(&world, &what);
                    }
                    if restored {
                        break;
                    }
                }
                if !dies {
                    break;
                }
            }
        }
    }
    say!("log-out in every cell: {crashes} crashes, {pairs} pairs");
    assert!(crashes > 600 && pairs > 1_000, "{crashes} {pairs}");
}
