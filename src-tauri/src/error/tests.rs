use std::time::Duration;

use accounts::base::refresh_outcome::RefreshFailure;
use accounts::base::rollback_outcome::Rollback;
use accounts::log_in::error::{Interrupted, LogInError};
use accounts::log_out::error::LogOutError;
use accounts::model::activity::Program;
use accounts::model::claims::Refused;
use accounts::model::custom_data::NotCustomData;
use accounts::model::reason::Reason;
use accounts::model::registry_error::Action;
use accounts::ports::not_stored::NotStored;
use accounts::ports::{FactorError, RunningProgram, UserError};
use accounts::recovery::foreign::ForeignError;
use accounts::{Malformed, Timestamp};
use serde_json::{Value, json, to_value};

use super::*;

fn detail() -> String {
    "as it came".to_owned()
}

fn full() -> RegistryError {
    RegistryError::Io { action: Action::Written, detail: detail() }
}

#[expect(clippy::needless_pass_by_value, reason = "so that each line reads as a row")]
fn assert_is(error: impl Into<IpcError>, code: &str, cause: Value, context: &[&str], detail: Option<&str>) {
    let context: Vec<_> = context.iter().map(|kind| json!({"kind": kind})).collect();
    let expected =
        json!({"code": code, "cause": cause, "context": context, "detail": detail, "retryAfter": null});
    assert_eq!(to_value(error.into()).unwrap(), expected);
}

#[test]
fn server_failures_have_their_code_cause_and_detail() {
    let status = Some("HTTP 503");
    let kind = |kind: &str| json!({"kind": kind});
    let came = Some("as it came");
    assert_is(CallFailure::Unreachable { detail: detail() }, "failed", kind("unreachable"), &[], came);
    assert_is(CallFailure::NoCertificates, "failed", kind("noCertificates"), &[], None);
    assert_is(CallFailure::BrokeOff { detail: detail() }, "failed", kind("brokeOff"), &[], came);
    assert_is(CallFailure::TimedOut, "failed", kind("timedOut"), &[], None);
    let strange = CallFailure::Unintelligible { status: 502, detail: detail() };
    assert_is(strange, "failed", kind("unintelligible"), &[], Some("HTTP 502: as it came"));
    let fault = CallFailure::ServerFault { status: 503, retry_after: None };
    assert_is(fault, "failed", json!({"kind": "serverFault", "status": 503}), &[], status);
    let refused = CallFailure::Refused { status: 402, message: "Pay.".to_owned() };
    assert_is(refused, "failed", json!({"kind": "refused", "message": "Pay."}), &[], Some("HTTP 402"));
    let unknown = ModeError::UnknownTenant { message: detail() };
    assert_is(unknown, "tenantId", kind("unknownTenant"), &[], came);
    assert_is(UserError::NotValid { message: detail() }, "sessionEnded", kind("sessionEnded"), &[], came);
    let wait = IpcError::from(CallFailure::TooManyRequests { retry_after: Some(Duration::from_secs(7)) });
    assert_eq!(to_value(&wait.cause).unwrap(), json!({"kind": "tooManyRequests", "seconds": 7}));
    assert_eq!(wait.retry_after, Some(7));
}

#[test]
fn keyring_and_disk_failures_have_their_code_cause_and_detail() {
    for (error, code, kind, detail) in [
        (StoreError::Locked, "keyringLocked", "keyringLocked", None),
        (StoreError::NotAllowed, "keyringNotAllowed", "keyringNotAllowed", None),
        (StoreError::NoKeyring, "noKeyring", "noKeyring", None),
        (StoreError::Hung, "keyringHung", "keyringHung", None),
        (StoreError::Unavailable(detail()), "keyringUnavailable", "keyringUnavailable", Some("as it came")),
        (StoreError::Refused(detail()), "failed", "keyringRefused", Some("as it came")),
    ] {
        assert_is(error, code, json!({"kind": kind}), &[], detail);
    }
    let still = unlocked(StoreStatus::Locked).unwrap_err();
    assert_is(still, "keyringLocked", json!({"kind": "keyringStillLocked"}), &[], None);
    assert_is(full(), "failed", json!({"kind": "listUnwritable"}), &[], Some("as it came"));
    let unreadable = RegistryError::Io { action: Action::Read, detail: detail() };
    assert_is(unreadable, "failed", json!({"kind": "listUnreadable"}), &[], Some("as it came"));
    let newer = RegistryError::TooNew { format: 9 };
    assert_is(newer, "failed", json!({"kind": "listTooNew", "format": 9}), &[], None);
    assert_is(RegistryError::Busy, "failed", json!({"kind": "listBusy"}), &[], None);
    let file = FileError { file: "activity.jsonl", action: Action::Read, detail: detail() };
    let cause = json!({"kind": "fileUnreadable", "file": "activity.jsonl"});
    assert_is(file, "failed", cause, &[], Some("as it came"));
}

#[test]
fn a_reason_has_the_detail_of_the_keyring_or_the_disk() {
    let server = || CallFailure::TimedOut;
    for (reason, expected) in [
        (Reason::Keyring(StoreError::Unavailable(detail())), Some("as it came")),
        (Reason::Keyring(StoreError::Locked), None),
        (Reason::NotAsked(full()), Some("as it came")),
        (Reason::List(full()), Some("as it came")),
        (Reason::Unwritable { list: full(), server: server() }, Some("as it came")),
        (Reason::Server(server()), None),
    ] {
        assert_eq!(detail_of(&reason).as_deref(), expected, "{reason:?}");
    }
}

#[test]
fn malformed_input_has_its_code_and_cause() {
    for (malformed, code, kind) in [
        (Malformed::TenantId, "tenantId", "tenantIdMalformed"),
        (Malformed::ApiUrl, "apiUrl", "apiUrlMalformed"),
        (Malformed::ApiScheme, "apiUrl", "apiUrlScheme"),
        (Malformed::ApiExtras, "apiUrl", "apiUrlExtras"),
        (Malformed::Domain, "domain", "domainMalformed"),
        (Malformed::AccountId, "failed", "accountIdMalformed"),
    ] {
        assert_is(malformed.clone(), code, json!({"kind": kind}), &[], None);
        let variable = "USERFRONT_API_URL";
        let cause = json!({"kind": "environment", "variable": variable, "why": {"kind": kind}});
        assert_is(EnvironmentError::Malformed { variable, malformed }, code, cause, &[], None);
    }
    for (error, cause) in [
        (LinkError::Empty, json!({"kind": "linkEmpty"})),
        (LinkError::NotALink, json!({"kind": "notALink"})),
        (LinkError::Missing("token"), json!({"kind": "linkLacks", "parameter": "token"})),
        (LinkError::Twice("uuid"), json!({"kind": "linkRepeats", "parameter": "uuid"})),
        (LinkError::Malformed("uuid"), json!({"kind": "linkDamaged", "parameter": "uuid"})),
    ] {
        assert_is(error, "link", cause, &[], None);
    }
    let twice = ErrorCause::from(NotCustomData::RepeatedName { line: 2, column: 8 });
    assert_is(twice, "customData", json!({"kind": "repeatedName", "line": 2, "column": 8}), &[], None);
}

#[test]
fn log_in_errors_have_their_code_cause_and_context() {
    let came = Some("as it came");
    let wrong = |wrong| of_factor(FactorError::Wrong { message: Some(detail()) }, wrong);
    for (what, code, kind) in [
        (Wrong::Credentials, "credentials", "wrongCredentials"),
        (Wrong::Code, "code", "wrongCode"),
        (Wrong::Link, "link", "wrongLink"),
        (Wrong::Email, "email", "wrongEmail"),
        (Wrong::Phone, "phone", "wrongPhone"),
    ] {
        assert_is(wrong(what), code, json!({"kind": kind}), &[], came);
    }
    let refused = |kind: &str| json!({"kind": kind, "message": "as it came"});
    assert_is(wrong(Wrong::NewUser), "failed", refused("signUpRefused"), &[], None);
    assert_is(wrong(Wrong::Reset), "newPassword", refused("resetRefused"), &[], None);
    let without_words = of_factor(FactorError::Wrong { message: None }, Wrong::Code);
    assert_is(without_words, "code", json!({"kind": "wrongCode"}), &[], None);

    let log_in = |error| of_log_in(error, Wrong::Credentials);
    let alive = || Rollback::Alive { reason: CallFailure::TimedOut, until: Some(Timestamp(9)) };
    let lost = LogInError::AnswerLost { failure: CallFailure::TimedOut };
    assert_is(log_in(lost), "failed", json!({"kind": "timedOut"}), &["mayBeAlive"], None);
    let cause = NotStored::Store(StoreError::Locked);
    let not_stored = log_in(LogInError::NotStored { cause, rollback: alive() });
    assert!(not_stored.tells_of_session());
    let (locked, context) = (json!({"kind": "keyringLocked"}), ["notLoggedIn", "sessionAlive"]);
    assert_is(not_stored, "keyringLocked", locked, &context, None);
    let account = "demo1234:u@test.api.userfront.com";
    let foreign = LogInError::Foreign { account: account.parse().unwrap(), rollback: Rollback::Ended };
    let foreign = log_in(foreign);
    assert!(!foreign.tells_of_session());
    let cause = json!({"kind": "foreignSignIn", "account": account});
    assert_is(foreign, "foreignSignIn", cause, &["sessionEnded"], None);
    let strange = log_in(LogInError::Tokens { refused: Refused::Mixed, rollback: Rollback::Pending });
    assert!(strange.tells_of_session() && strange.detail.is_some(), "{strange:?}");
    assert_eq!(strange.cause, ErrorCause::TokensRefused);
    let interrupted = log_in(LogInError::Interrupted(Interrupted::NoSession));
    assert_is(interrupted, "failed", json!({"kind": "logInInterrupted"}), &["notLoggedIn"], None);
}

#[test]
fn log_out_and_refresh_errors_have_their_cause_and_context() {
    let locked = || json!({"kind": "keyringLocked"});
    let came = Some("as it came");
    assert_is(LogOutError::NotLoggedIn, "failed", json!({"kind": "notLoggedIn"}), &[], None);
    let error = LogOutError::Store(StoreError::Locked);
    assert_is(error, "keyringLocked", locked(), &["stillLoggedIn"], None);
    let error = LogOutError::Waiting(StoreError::Locked);
    assert_is(error, "keyringLocked", locked(), &["logOutWaits"], None);
    let error = LogOutError::Registry(RegistryError::Busy);
    assert_is(error, "failed", json!({"kind": "listBusy"}), &["logOutNotDone"], None);
    let error = LogOutError::NotLifted(full());
    assert_is(error, "failed", json!({"kind": "listUnwritable"}), &["nextStartFinishes"], came);
    let error = LogOutError::Unwritable { registry: full(), server: CallFailure::TimedOut };
    let context =
        json!([{"kind": "notConfirmed", "server": {"kind": "timedOut"}}, {"kind": "nothingChanged"}]);
    assert_eq!(to_value(IpcError::from(error)).unwrap()["context"], context);
    let error = ForeignError::Store(StoreError::Locked);
    assert_is(error, "keyringLocked", locked(), &["nothingChanged"], None);
    let host = "api.example".to_owned();
    let unknown = json!({"kind": "apiUnknown", "host": "api.example"});
    assert_is(ForeignError::ApiUnknown { host }, "apiUnknown", unknown, &[], None);

    let account = || "demo1234:u@test.api.userfront.com".parse().unwrap();
    let failed = (1..=7).map(|nth| (account(), nth.to_string(), IpcError::from(StoreError::Locked)));
    let all = of_log_outs(failed.collect()).unwrap_err();
    let context = json!([{"kind": "notLoggedOut", "names": ["1", "2", "3", "4", "5"], "more": 2}]);
    assert_eq!(to_value(all).unwrap()["context"], context);

    let program = RunningProgram { program: Program::Cli, process: 7 };
    let elsewhere = json!({"kind": "refreshedElsewhere", "by": "userfront", "process": 7});
    assert_is(RefreshFailure::Elsewhere(Some(program)), "failed", elsewhere, &[], None);
    assert_is(RefreshFailure::Ended, "sessionEnded", json!({"kind": "sessionExpired"}), &[], None);
}

#[test]
fn each_pending_reason_has_its_cause() {
    for (reason, cause) in [
        (Reason::Server(CallFailure::TimedOut), json!({"kind": "timedOut"})),
        (
            Reason::NotUserfront(CallFailure::TimedOut),
            json!({"kind": "notUserfront", "failure": {"kind": "timedOut"}}),
        ),
        (Reason::NotAsked(RegistryError::Busy), json!({"kind": "notAsked", "why": {"kind": "listBusy"}})),
        (Reason::Keyring(StoreError::Locked), json!({"kind": "keyringLocked"})),
        (Reason::NoAnswerYet, json!({"kind": "noAnswerYet"})),
        (
            Reason::Text("The server said no.".to_owned()),
            json!({"kind": "text", "text": "The server said no."}),
        ),
    ] {
        assert_eq!(to_value(ErrorCause::from(&reason)).unwrap(), cause);
    }
}
