//! The steps of a walk.

use accounts::ports::{CallFailure, StoreStatus};
use credential_store::effects::Fault;
use proptest::prelude::*;
use sandbox::RefreshSession;

use super::HOSTS;
use crate::fakes::{DiskTrouble, Gate, LastGood, Trouble};

#[derive(Debug, Clone, Copy)]
pub(super) enum Choice {
    TakeOver,
    LogOut,
    Leave,
    UndoLeave,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Other {
    LogIn,
    LogOut,
    Start,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    LogIn {
        program: usize,
        host: usize,
    },
    /// From now on its log-ins replace what is foreign.
    Replace {
        program: usize,
    },
    /// The user decides about the first foreign account.
    Foreign {
        program: usize,
        choice: Choice,
    },
    /// The other data folder on the same keyring.
    Other(Other),
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
    RefreshByCommand {
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
    /// Gateways in front of some calls.
    Gates(Vec<Gate>),
    Keyring(StoreStatus),
    DiskFull(bool),
    Disk(DiskTrouble),
    /// The registry is damaged, and a program is started anew.
    Damage {
        program: usize,
        copy: LastGood,
    },
    Clock(i64),
    /// The timers go on.
    Wait(u64),
}

/// The effect of a refresh on the session.
pub(super) fn way() -> impl Strategy<Value = RefreshSession> {
    prop_oneof![
        2 => Just(RefreshSession::Keep),
        1 => Just(RefreshSession::Rename),
        1 => Just(RefreshSession::RenameFamily),
        1 => Just(RefreshSession::ReuseEnds),
    ]
}

pub(super) fn step() -> impl Strategy<Value = Step> {
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
    let unauthorized = r#"{"statusCode":401,"message":"Unauthorized","error":"Unauthorized"}"#;
    let gone = r#"{"statusCode":404,"message":"Cannot GET /v0","error":"Not Found"}"#;
    let bad_gateway = || CallFailure::ServerFault { status: 502, retry_after: None };
    let gate = prop_oneof![
        any::<bool>().prop_map(|acts| Gate { acts, ..Gate::says("auth/logout", 204, "null") }),
        Just(Gate::says("auth/logout", 200, r#"{"message":"OK"}"#).acts()),
        Just(Gate::says("auth/logout", 401, unauthorized)),
        Just(Gate::says("auth/logout", 404, gone)),
        Just(Gate::says("", 404, gone)),
        Just(Gate::fails("/mode", bad_gateway())),
        any::<bool>().prop_map(move |acts| Gate { acts, ..Gate::fails("auth/refresh", bad_gateway()) }),
        Just(Gate::fails("/self", bad_gateway())),
        any::<bool>().prop_map(move |acts| Gate { acts, ..Gate::fails("auth/basic", bad_gateway()) }),
    ];
    let gates = proptest::collection::vec(gate, 1..3);
    let copy = prop_oneof![
        1 => Just(LastGood::Nothing),
        2 => (0..8_usize).prop_map(LastGood::Behind),
    ];
    let disk = prop_oneof![
        Just(DiskTrouble { unreadable: true, no_locks: false }),
        Just(DiskTrouble { unreadable: false, no_locks: true }),
    ];
    let status = prop_oneof![
        Just(StoreStatus::Locked),
        Just(StoreStatus::Hung),
        Just(StoreStatus::Unavailable("gone".into()))
    ];
    let choice = prop_oneof![
        Just(Choice::TakeOver),
        Just(Choice::LogOut),
        Just(Choice::Leave),
        Just(Choice::UndoLeave),
    ];
    let other = prop_oneof![2 => Just(Other::LogIn), 1 => Just(Other::LogOut), 1 => Just(Other::Start)];
    prop_oneof![
        1 => program.clone().prop_map(|program| Step::Replace { program }),
        1 => (program.clone(), choice).prop_map(|(program, choice)| Step::Foreign { program, choice }),
        3 => other.prop_map(Step::Other),
        6 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::LogIn { program, host }),
        8 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::LogOut { program, host }),
        1 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::LogOutLater { program, host }),
        1 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::Forget { program, host }),
        4 => (program.clone(), host.clone()).prop_map(|(program, host)| Step::Refresh { program, host }),
        2 => host.clone().prop_map(|host| Step::RefreshByCommand { host }),
        2 => (host.clone(), any::<bool>()).prop_map(|(host, with_log_in)| Step::Cross { host, with_log_in }),
        1 => (program.clone(), host).prop_map(|(program, host)| Step::Switch { program, host }),
        2 => program.clone().prop_map(|program| Step::Retry { program }),
        1 => program.clone().prop_map(|program| Step::Discard { program }),
        3 => program.clone().prop_map(|program| Step::Restart { program }),
        1 => (program.clone(), copy).prop_map(|(program, copy)| Step::Damage { program, copy }),
        3 => (program, 1..9_u64, fault).prop_map(|(program, k, fault)| Step::Spoil { program, k, fault }),
        2 => trouble.prop_map(|trouble| Step::Network(Some(trouble))),
        2 => Just(Step::Network(None)),
        2 => gates.prop_map(Step::Gates),
        2 => status.prop_map(Step::Keyring),
        3 => Just(Step::Keyring(StoreStatus::Ok)),
        1 => any::<bool>().prop_map(Step::DiskFull),
        1 => disk.prop_map(Step::Disk),
        1 => Just(Step::Disk(DiskTrouble::default())),
        1 => (-100_000..100_000_i64).prop_map(Step::Clock),
        2 => (1..40_u64).prop_map(Step::Wait),
    ]
}
