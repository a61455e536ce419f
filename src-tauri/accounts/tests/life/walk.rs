//! Random walks: any sequence of what users, servers, keyrings, clocks and power cuts do, in two programs on
//! one machine. The invariant holds after every step, and a quiet start at the end leaves nothing half done.
//! A walk that fails is shrunk and kept in `proptest-regressions`.

mod known;
mod step;

use std::time::Duration;

use accounts::base::refresh_outcome::{Left, RefreshFailure};
use accounts::model::activity::Program;
use accounts::model::registry::Phase;
use accounts::recovery::foreign::At;
use accounts::{Password, Work};
use credential_store::effects::Fault;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestRunner};
use sandbox::RefreshSession;
use tokio::time::timeout;

use crate::world::{PASSWORD, Process, World, tenant};

use step::{Choice, Other, Step, step, way};

const HOSTS: [&str; 2] = ["https://api.userfront.com/v0/", "https://eu.example.com/v0/"];
const WALKS: u32 = 1_000;
const FULL_WALKS: u32 = 10_000;
/// Ten years, longer than anything is due.
const WALK_LIMIT: Duration = Duration::from_hours(24 * 365 * 10);

/// Only the invariant counts, not this result.
fn may_fail<T>(_: T) {}

/// Two programs on one machine.
struct Machine {
    world: World,
    programs: Vec<Process>,
    was_damaged: bool,
    /// Another data folder on the same keyring, where another user logs in.
    other: World,
    other_program: Process,
    /// The other list's tokens may become fewer from now on: the user has chosen it by name.
    was_chosen: bool,
}

impl Machine {
    fn new(way: RefreshSession) -> Self {
        // A session that is called lost may be over: when server and keyring fail together, none can tell.
        let world = World { unsure: true, ..World::refreshing(way) };
        let (world, other) = world.and_another_list();
        let programs = (0..2).map(|_| world.process([])).collect();
        let other_program = other.process([]);
        Self { world, programs, was_damaged: false, other, other_program, was_chosen: false }
    }

    async fn choose(&mut self, program: usize, choice: Choice) {
        let process = self.programs[program].clone();
        // What an earlier step left at work may have crashed it since.
        let Some(overview) = process.until_crash(process.accounts.overview()).await else {
            return self.restart(program).await;
        };
        let Some(first) = overview.foreign.into_iter().find(|it| it.account.is_some()) else { return };
        let (entry, at) = (first.entry, At::default());
        if matches!(choice, Choice::TakeOver | Choice::LogOut) {
            self.was_chosen = true;
            self.other.tokens_removed = true;
            self.world.tokens_removed = true;
        }
        self.run(program, async |process, _| match choice {
            Choice::TakeOver => may_fail(process.accounts.take_over(&entry, &at).await),
            Choice::LogOut => may_fail(process.accounts.log_out_foreign(&entry, &at).await),
            Choice::Leave => may_fail(process.accounts.leave_foreign(&entry).await),
            Choice::UndoLeave => may_fail(process.accounts.undo_leave(&entry).await),
        })
        .await;
    }

    /// Its own disk and network are well.
    async fn other(&mut self, step: Other) {
        if self.was_chosen {
            return;
        }
        let (process, world) = (&self.other_program, &self.other);
        match step {
            Other::LogIn => {
                let password = Password::new(PASSWORD);
                may_fail(
                    process
                        .accounts
                        .log_in_with_password(&world.tenant, "member@example.com", &password)
                        .await,
                );
            }
            Other::LogOut => {
                if let Some(id) = world.account_at(HOSTS[0]) {
                    may_fail(process.log_out(&id).await);
                }
            }
            Other::Start => may_fail(process.accounts.restore().await),
        }
    }

    async fn take(&mut self, step: &Step) {
        match step {
            Step::LogIn { program, host } => {
                let at = tenant(HOSTS[*host]);
                self.run(*program, async |process, world| world.log_in_at(process, &at).await).await;
            }
            Step::Replace { program } => self.programs[*program].accounts.may_replace_foreign(None),
            Step::Foreign { program, choice } => Box::pin(self.choose(*program, *choice)).await,
            Step::Other(step) => Box::pin(self.other(*step)).await,
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
            Step::RefreshByCommand { host } => Box::pin(self.refresh_by_command(*host)).await,
            Step::Cross { host, with_log_in } => Box::pin(self.cross(*host, *with_log_in)).await,
            Step::Switch { program, host } => {
                self.run_on(*program, *host, async |process, id| {
                    may_fail(process.accounts.switch(&id).await);
                })
                .await;
            }
            Step::Retry { program } => {
                self.run(*program, async |process, _| {
                    may_fail(Box::pin(process.accounts.restore()).await);
                })
                .await;
            }
            Step::Discard { program } => {
                let first = self.world.registry().pending.first().cloned();
                if let Some(row) = first {
                    self.run(*program, async |process, world| {
                        // Also when the process dies in the middle of it: the user has said it.
                        row.sessions().for_each(|session| world.give_up(session.to_string()));
                        may_fail(process.accounts.discard_revocation(&row.entry).await);
                    })
                    .await;
                }
            }
            Step::Restart { program } => self.restart(*program).await,
            Step::Spoil { program, k, fault } => {
                self.world.tokens_removed |= *fault == Fault::Lie;
                self.dies(*program).await;
                self.programs[*program] = self.world.process([(*k, *fault)]);
            }
            Step::Network(Some(trouble)) => self.world.network.trouble(trouble.clone()),
            Step::Network(None) => self.world.network.heal(),
            Step::Gates(gates) => self.world.network.gates(gates.clone()),
            Step::Keyring(status) => self.world.keyring.set_status(status.clone()),
            Step::DiskFull(full) => {
                // The outcome for a session, and that its tokens are gone, cannot be written then.
                self.world.tokens_removed = true;
                self.world.disk.set_full(*full);
            }
            Step::Disk(trouble) => {
                self.world.tokens_removed = true;
                self.world.disk.set_trouble(*trouble);
            }
            Step::Damage { program, copy } => {
                self.world.tokens_removed = true;
                self.was_damaged = true;
                self.world.damage_registry(*copy);
                self.restart(*program).await;
            }
            Step::Clock(seconds) => self.world.clock.advance(*seconds),
            Step::Wait(seconds) => tokio::time::sleep(Duration::from_secs(*seconds)).await,
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

    /// A command that gives up storing its tokens, and ends.
    async fn refresh_by_command(&mut self, host: usize) {
        let Some(id) = self.world.account_at(HOSTS[host]) else { return };
        let command = self.world.program(Program::Cli, []);
        let refreshed = command.accounts.refresh(&id).await;
        command.accounts.in_peace().await;
        if matches!(refreshed, Err(RefreshFailure::GivenUp { left: Left::OtherSession(_), .. })) {
            // It says so.
            self.world.unseen().into_iter().for_each(|session| self.world.give_up(session));
        }
        command.effects.die();
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
            tokio::time::sleep(Duration::from_millis(1)).await;
            may_fail(second.until_crash(second.log_out(&id)).await);
            arrived.notify_one();
        };
        tokio::join!(first.until_crash(late), log_out);
        self.world.network.stop_slowing_tokens();
        for program in 0..2 {
            if self.programs[program].effects.has_crashed() {
                self.restart(program).await;
            }
        }
    }

    /// Some program has received tokens, and could not store them yet; or asks witnesses, who may just have
    /// brought some.
    async fn holds_tokens(&self) -> bool {
        let mut holds = false;
        for process in self.programs.iter().filter(|process| !process.effects.has_crashed()) {
            let at_work = process.accounts.overview().await.in_progress;
            holds |= at_work.iter().any(|work| matches!(work, Work::Refreshing(_)));
            if !self.world.unseen().is_empty() {
                holds |= timeout(Duration::ZERO, process.accounts.in_peace()).await.is_err();
            }
        }
        holds
    }

    /// Tokens that are in memory only are lost with it, which cannot be avoided.
    async fn dies(&self, program: usize) {
        let cannot_store = self.world.disk.is_full() || self.world.disk.is_in_trouble();
        if self.holds_tokens().await || cannot_store {
            self.world.unseen().into_iter().for_each(|session| self.world.give_up(session));
        }
        self.programs[program].effects.die();
    }

    async fn restart(&mut self, program: usize) {
        self.dies(program).await;
        let process = self.world.process([]);
        may_fail(process.accounts.restore().await);
        self.programs[program] = process;
    }
}

async fn walk(way: RefreshSession, steps: &[Step]) {
    let mut machine = Machine::new(way);
    for (nth, step) in steps.iter().enumerate() {
        let before = machine.other.holding();
        Box::pin(machine.take(step)).await;
        if !machine.was_chosen && !matches!(step, Step::Other(_)) {
            assert_eq!(
                machine.other.holding(),
                before,
                "what another list holds, after step {nth}, {step:?}"
            );
        }
        machine.other.assert_invariant(&format!("the other list, after step {nth}, {step:?}"));
        // Until the keyring gives out what it lists, a registry that was mended cannot know of it.
        if (!machine.was_damaged || machine.world.registry().reconciled) && !machine.holds_tokens().await {
            machine.world.assert_invariant(&format!("after step {nth}, {step:?}"));
        }
    }
    for program in 0..2 {
        machine.dies(program).await;
    }
    machine.other_program.effects.die();
    let (world, other) = (machine.world, machine.other);
    // However far the clock was set back, any time that a server asked to wait has passed.
    world.clock.advance(24 * 100_000);
    world.quiet_start().await;
    other.quiet_start().await;
    world.quiet_start().await;
    other.assert_settled("the other list, at the end");
    world.assert_settled("at the end");
    for account in world.registry().accounts {
        assert_eq!(account.phase, Phase::Active);
    }
}

#[test]
fn no_random_walk_loses_or_hides_a_session() {
    let full = std::env::var_os("USERFRONT_FULL").is_some();
    let config = Config {
        cases: if full { FULL_WALKS } else { WALKS },
        max_shrink_iters: 4_000,
        // A gate that throws dice says no to a change that has nothing to do with it; the full form looks for
        // what is new.
        rng_seed: if full { RngSeed::Random } else { RngSeed::Fixed(0x5EED) },
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/life/walk.regressions"
        )))),
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let walks = (way(), proptest::collection::vec(step(), 1..25));
    let done = runner.run(&walks, |(way, steps)| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        // By the paused clock: what waits for nothing that is due would wait for ever.
        let walk = async { timeout(WALK_LIMIT, walk(way, &steps)).await.expect("an end") };
        runtime.unwrap().block_on(walk);
        Ok(())
    });
    done.unwrap();
    say!("{} walks of up to 24 steps", if full { FULL_WALKS } else { WALKS });
}
