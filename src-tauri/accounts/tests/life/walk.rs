//! Random walks: any sequence of what users, servers, keyrings, clocks and power cuts do, in two programs on one machine.
//! The invariant holds after every step, and a quiet start at the end leaves nothing half done. A walk that fails is shrunk
//! and kept in `proptest-regressions`.

use accounts::ports::{CallFailure, StoreStatus};
use accounts::registry::Phase;
use credential_store::effects::Fault;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};

use crate::twins::Trouble;
use crate::world::{Process, World, tenant};

const HOSTS: [&str; 2] = ["https://api.userfront.com/v0/", "https://eu.example.com/v0/"];
const WALKS: u32 = 1_000;
const FULL_WALKS: u32 = 10_000;

#[derive(Debug, Clone)]
enum Step {
    LogIn {
        program: usize,
        host: usize,
    },
    LogOut {
        program: usize,
        host: usize,
    },
    LogOutLater {
        program: usize,
        host: usize,
    },
    Forget {
        program: usize,
        host: usize,
    },
    Refresh {
        program: usize,
        host: usize,
    },
    /// A log-out while the answer to a refresh, or a log-in, of the other program is on its way.
    Cross {
        host: usize,
        with_log_in: bool,
    },
    Switch {
        program: usize,
        host: usize,
    },
    Retry {
        program: usize,
    },
    Discard {
        program: usize,
    },
    Restart {
        program: usize,
    },
    /// It is started anew, and its k-th effect from then on is spoiled.
    Spoil {
        program: usize,
        k: u64,
        fault: Fault,
    },
    Network(Option<Trouble>),
    Keyring(StoreStatus),
    DiskFull(bool),
    Clock(i64),
    /// The timers go on.
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let program = 0..2_usize;
    let host = 0..HOSTS.len();
    let fault = prop_oneof![
        4 => Just(Fault::Crash),
        1 => Just(Fault::Fail),
        1 => Just(Fault::Lie),
        1 => Just(Fault::Hang),
        1 => Just(Fault::HangAndHappen),
    ];
    let failure = prop_oneof![
        Just(CallFailure::TimedOut),
        Just(CallFailure::Unreachable { detail: "refused".into() }),
        Just(CallFailure::ServerFault { status: 503, retry_after: Some(std::time::Duration::from_secs(9)) }),
        Just(CallFailure::Unintelligible { status: 200, detail: "HTML".into() }),
    ];
    let trouble = prop_oneof![
        (any::<bool>(), failure).prop_map(|(after, failure)| Trouble::Fails { after, failure }),
        any::<bool>().prop_map(|after| Trouble::Hangs { after }),
        Just(Trouble::Slow(std::time::Duration::from_secs(3))),
        Just(Trouble::Lies),
    ];
    let status = prop_oneof![
        Just(StoreStatus::Locked),
        Just(StoreStatus::Hung),
        Just(StoreStatus::Unavailable("gone".into()))
    ];
    prop_oneof![
        6 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::LogIn { program, host }),
        8 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::LogOut { program, host }),
        1 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::LogOutLater { program, host }),
        1 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::Forget { program, host }),
        2 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::Refresh { program, host }),
        2 => (host.clone(), any::<bool>()).prop_map(|(host, with_log_in)| Step::Cross { host, with_log_in }),
        1 => (program.clone(), host).prop_map(|(program, host)| Step::Switch { program, host }),
        2 => program.clone().prop_map(|program| Step::Retry { program }),
        1 => program.clone().prop_map(|program| Step::Discard { program }),
        3 => program.clone().prop_map(|program| Step::Restart { program }),
        3 => (program, 1..9_u64, fault).prop_map(|(program, k, fault)| Step::Spoil { program, k, fault }),
        2 => trouble.prop_map(|trouble| Step::Network(Some(trouble))),
        2 => Just(Step::Network(None)),
        2 => status.prop_map(Step::Keyring),
        3 => Just(Step::Keyring(StoreStatus::Ok)),
        1 => any::<bool>().prop_map(Step::DiskFull),
        1 => (-100_000..100_000_i64).prop_map(Step::Clock),
        2 => (1..40_u64).prop_map(Step::Wait),
    ]
}

/// Whatever comes of it: the invariant is what counts.
fn may_fail<T>(_: T) {}

/// Two programs on one machine.
struct Machine {
    world: World,
    programs: Vec<Process>,
}

impl Machine {
    fn new() -> Self {
        // A session that is called lost may be dead: when server and keyring fail together, nobody can tell.
        let world = World { unsure: true, ..World::new() };
        let programs = (0..2).map(|_| world.process([])).collect();
        Self { world, programs }
    }

    async fn take(&mut self, step: &Step) {
        match step {
            Step::LogIn { program, host } => {
                let at = tenant(HOSTS[*host]);
                self.run(*program, async |process, world| world.log_in_at(process, &at).await).await;
            }
            Step::LogOut { program, host } => {
                self.run_on(*program, *host, async |process, id| {
                    may_fail(process.log_out(&id).await);
                })
                .await;
            }
            Step::LogOutLater { program, host } => {
                self.run_on(*program, *host, async |process, id| {
                    may_fail(process.accounts.log_out_once_unlocked(&id).await);
                })
                .await;
            }
            Step::Forget { program, host } => {
                self.run_on(*program, *host, async |process, id| {
                    may_fail(process.accounts.forget(&id).await);
                })
                .await;
            }
            Step::Refresh { program, host } => {
                self.run_on(*program, *host, async |process, id| {
                    may_fail(process.accounts.refresh(&id).await);
                })
                .await;
            }
            Step::Cross { host, with_log_in } => Box::pin(self.cross(*host, *with_log_in)).await,
            Step::Switch { program, host } => {
                self.run_on(*program, *host, async |process, id| {
                    may_fail(process.accounts.switch(&id).await);
                })
                .await;
            }
            Step::Retry { program } => {
                self.run(*program, async |process, _| {
                    may_fail(process.accounts.restore().await);
                })
                .await;
            }
            Step::Discard { program } => {
                let first = self.world.registry().pending.first().cloned();
                if let Some(row) = first {
                    self.run(*program, async |process, world| {
                        // Also when the process dies in the middle of it: the user has said it.
                        world.give_up(row.session.to_string());
                        may_fail(process.accounts.discard_revocation(&row.entry).await);
                    })
                    .await;
                }
            }
            Step::Restart { program } => self.restart(*program).await,
            Step::Spoil { program, k, fault } => {
                self.world.tokens_removed |= *fault == Fault::Lie;
                self.programs[*program].effects.die();
                self.programs[*program] = self.world.process([(*k, *fault)]);
            }
            Step::Network(Some(trouble)) => self.world.network.trouble(trouble.clone()),
            Step::Network(None) => self.world.network.heal(),
            Step::Keyring(status) => self.world.keyring.set_status(status.clone()),
            Step::DiskFull(full) => {
                // What became of a session, and that its tokens are gone, cannot be written down then.
                self.world.tokens_removed = true;
                self.world.disk.set_full(*full);
            }
            Step::Clock(seconds) => self.world.clock.advance(*seconds),
            Step::Wait(seconds) => tokio::time::sleep(std::time::Duration::from_secs(*seconds)).await,
        }
    }

    /// A program that dies is started again.
    async fn run(&mut self, program: usize, work: impl AsyncFnOnce(&Process, &World)) {
        let process = self.programs[program].clone();
        if process.until_crash(work(&process, &self.world)).await.is_none() {
            self.restart(program).await;
        }
    }

    async fn run_on(
        &mut self,
        program: usize,
        host: usize,
        work: impl AsyncFnOnce(&Process, accounts::AccountId),
    ) {
        if let Some(id) = self.world.account_at(HOSTS[host]) {
            self.run(program, async |process, _| work(process, id).await).await;
        }
    }

    async fn cross(&mut self, host: usize, with_log_in: bool) {
        let Some(id) = self.world.account_at(HOSTS[host]) else { return };
        let (first, second) = (self.programs[0].clone(), self.programs[1].clone());
        let arrived = self.world.network.slow_down_tokens();
        let at = tenant(HOSTS[host]);
        let world = self.world.clone();
        let late = async {
            if with_log_in {
                world.log_in_at(&first, &at).await;
            } else {
                may_fail(first.accounts.refresh(&id).await);
            }
        };
        let log_out = async {
            // The late one has begun.
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            may_fail(second.until_crash(second.log_out(&id)).await);
            arrived.notify_one();
        };
        tokio::join!(first.until_crash(late), log_out);
        self.world.network.forget_slow_tokens();
        for program in 0..2 {
            if self.programs[program].effects.has_crashed() {
                self.restart(program).await;
            }
        }
    }

    async fn restart(&mut self, program: usize) {
        self.programs[program].effects.die();
        let process = self.world.process([]);
        may_fail(process.accounts.restore().await);
        self.programs[program] = process;
    }
}

async fn walk(steps: &[Step]) {
    let mut machine = Machine::new();
    for (nth, step) in steps.iter().enumerate() {
        Box::pin(machine.take(step)).await;
        machine.world.assert_invariant(&format!("after step {nth}, {step:?}"));
    }
    machine.programs.iter().for_each(|process| process.effects.die());
    let world = machine.world;
    // However far the clock was set back: what a server asked to wait for has passed.
    world.clock.advance(24 * 100_000);
    world.quiet_start().await;
    world.quiet_start().await;
    world.assert_settled("at the end");
    for account in world.registry().accounts {
        assert_eq!(account.phase, Phase::Active);
    }
}

#[test]
fn no_walk_leaves_anything_unseen_or_unsaid() {
    let full = std::env::var_os("USERFRONT_FULL").is_some();
    let config = Config {
        cases: if full { FULL_WALKS } else { WALKS },
        max_shrink_iters: 4_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/life/walk.regressions"
        )))),
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let walks = proptest::collection::vec(step(), 1..25);
    let done = runner.run(&walks, |steps| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(walk(&steps));
        Ok(())
    });
    done.unwrap();
    say!("{} walks of up to 24 steps", if full { FULL_WALKS } else { WALKS });
}
