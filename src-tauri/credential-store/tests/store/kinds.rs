//! Runs the same test on each kind of keyring daemon.
//!
//! Every case runs on GNOME Keyring and oo7. With `cargo xtask test --full` it also runs on `KeePassXC` with
//! its defaults and on the stand-in for plain sessions, unless [`CANNOT_HOLD`] says why not. The cases of
//! [`on_each_kind`] run on the first two only: the bus does not start the others, the stand-in has no dialog,
//! and `keepassxc.rs` answers the dialogs of `KeePassXC` itself.

use accounts::ports::CredentialStore as _;
use test_rig::{Inside, KeePassXc, KeyringOptions, Presence, RigError, SecretServiceKind, enter};

use crate::promises::Daemon;
use crate::real::{Outcome, keyring};
use crate::stand_in::StandIn;

pub(crate) struct On {
    pub(crate) kind: SecretServiceKind,
    /// As in [`module_path!`], with the crate.
    pub(crate) test: &'static str,
}

impl On {
    pub(crate) fn enter(&self, options: impl Into<KeyringOptions>) -> Result<Option<Inside>, RigError> {
        enter(without_crate(self.test)?, KeyringOptions { kind: self.kind, ..options.into() })
    }
}

fn without_crate(test: &'static str) -> Result<&'static str, RigError> {
    let not_a_path = || RigError::Unexpected(format!("{test} is not the path of a test"));
    test.split_once("::").map(|(_crate, name)| name).ok_or_else(not_a_path)
}

/// A daemon that is tested only with `--full`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Further {
    KeePassXc,
    Plain,
}

/// It allows an entry to the connection that created it, and asks for every other.
const ASKS: &str = "another connection's entry waits for the user: see keepassxc.rs";

const OUR_PROCESS: &str = "to stop or kill the stand-in is to stop or kill the test";

const CANNOT_HOLD: [(Further, &str, &str); 11] = [
    (Further::KeePassXc, "duplicates_are_one_entry", ASKS),
    (Further::KeePassXc, "the_limit_of_the_writer_is_not_the_readers", ASKS),
    (Further::KeePassXc, "a_part_that_is_there_twice_is_torn", ASKS),
    (Further::KeePassXc, "a_strangers_newer_item_is_not_taken_for_ours", ASKS),
    (Further::KeePassXc, "what_is_replaced_by_others_is_there_all_the_while", ASKS),
    (Further::KeePassXc, "a_replaced_secret_outlives_the_daemon", ASKS),
    (Further::KeePassXc, "what_is_locked_at_the_start_is_not_taken_for_absent", ASKS),
    (Further::KeePassXc, "a_daemon_killed_while_it_stands_still_frees_the_thread", ASKS),
    (Further::Plain, "a_daemon_that_stands_still_is_hung_and_recovers", OUR_PROCESS),
    (Further::Plain, "a_daemon_killed_while_it_stands_still_frees_the_thread", OUR_PROCESS),
    (Further::Plain, "a_replaced_secret_outlives_the_daemon", "the stand-in has no disk"),
];

pub(crate) async fn further(
    on: Further,
    test: &'static str,
    presence: Presence,
    case: impl AsyncFnOnce(&dyn Daemon) -> Outcome,
) -> Outcome {
    if std::env::var_os("USERFRONT_FULL").is_none() {
        eprintln!("only with `cargo xtask test --full`");
        return Ok(());
    }
    let is_it = |(daemon, name, _): &&(Further, &str, &str)| *daemon == on && test.ends_with(name);
    if let Some((_, _, why)) = CANNOT_HOLD.iter().find(is_it) {
        eprintln!("not on {on:?}: {why}");
        return Ok(());
    }
    let screen = (on == Further::KeePassXc).then_some((1000, 700));
    let options = KeyringOptions { presence: Presence::NoDaemon, screen, ..KeyringOptions::default() };
    let Some(inside) = enter(without_crate(test)?, options)? else { return Ok(()) };
    match on {
        Further::KeePassXc => {
            let mut keepass =
                KeePassXc::start(inside.environment(), inside.screen().ok_or("no screen")?).await?;
            if presence == Presence::NoDaemon {
                keepass.end()?;
            }
            case(&crate::keepassxc::Open::new(keepass, &inside)).await
        }
        Further::Plain => {
            let stand_in = StandIn::default();
            if presence != Presence::NoDaemon {
                stand_in.restart_unlocked().await;
                assert_eq!(keyring().status().await, accounts::ports::StoreStatus::Ok);
            }
            case(&stand_in).await
        }
    }
}

/// Turns each test function, which takes an [`On`], into one test on GNOME Keyring and one on oo7.
macro_rules! on_each_kind {
    ($($test:ident)*) => {
        mod gnome_keyring { crate::kinds::on_kind! { GnomeKeyring $($test)* } }
        mod oo7 { crate::kinds::on_kind! { Oo7 $($test)* } }
    };
}

macro_rules! on_kind {
    ($kind:ident $($test:ident)*) => {
        $(
            #[tokio::test]
            async fn $test() -> crate::real::Outcome {
                let test = concat!(module_path!(), "::", stringify!($test));
                super::$test(crate::kinds::On { kind: test_rig::SecretServiceKind::$kind, test }).await
            }
        )*
    };
}

/// Turns each test function, which takes a [`Daemon`], into a test on every daemon.
macro_rules! on_every_daemon {
    ($presence:ident: $($test:ident)*) => {
        mod gnome_keyring { crate::kinds::on_daemon! { GnomeKeyring $presence: $($test)* } }
        mod oo7 { crate::kinds::on_daemon! { Oo7 $presence: $($test)* } }
        mod keepassxc { crate::kinds::on_further! { KeePassXc $presence: $($test)* } }
        mod plain { crate::kinds::on_further! { Plain $presence: $($test)* } }
    };
}

macro_rules! on_daemon {
    ($kind:ident $presence:ident: $($test:ident)*) => {
        $(
            #[tokio::test]
            async fn $test() -> crate::real::Outcome {
                let test = concat!(module_path!(), "::", stringify!($test));
                let on = crate::kinds::On { kind: test_rig::SecretServiceKind::$kind, test };
                match on.enter(test_rig::Presence::$presence)? {
                    Some(inside) => super::$test(&inside).await,
                    None => Ok(()),
                }
            }
        )*
    };
}

macro_rules! on_further {
    ($daemon:ident $presence:ident: $($test:ident)*) => {
        $(
            #[tokio::test]
            async fn $test() -> crate::real::Outcome {
                let test = concat!(module_path!(), "::", stringify!($test));
                let presence = test_rig::Presence::$presence;
                let case = async |daemon: &dyn crate::promises::Daemon| super::$test(daemon).await;
                crate::kinds::further(crate::kinds::Further::$daemon, test, presence, case).await
            }
        )*
    };
}

pub(crate) use {on_daemon, on_each_kind, on_every_daemon, on_further, on_kind};
