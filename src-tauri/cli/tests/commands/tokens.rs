//! Keeping the session: `token`, `refresh`, and a clock that is wrong.

use test_rig::RigError;

use crate::machine::Machine;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_refreshed_first_when_it_is_about_to_expire() -> Result<(), RigError> {
    let machine = Machine::with(&["--access-seconds", "40"])?;
    machine.log_in("admin@example.com").exits(0);
    let first = machine.run(&["token"]).exits(0).out;
    assert_eq!(machine.calls("GET", "auth/refresh").await, 1);
    let in_keyring = machine.keyring.search(crate::machine::SERVICE)?;
    assert!(in_keyring.iter().any(|entry| entry.secret == first.trim()), "it is the one that was stored");
    let lasting = Machine::new()?;
    lasting.log_in("admin@example.com").exits(0);
    let token = lasting.run(&["token"]).exits(0).out;
    assert_eq!(lasting.run(&["token", "--json"]).exits(0).json()["accessToken"], token.trim());
    assert_eq!(lasting.calls("GET", "auth/refresh").await, 0, "it lives for long");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_gives_no_token() -> Result<(), RigError> {
    let machine = Machine::with(&["--access-seconds", "40"])?;
    machine.log_in("admin@example.com").exits(0);
    for session in machine.sandbox.alive().await? {
        machine.sandbox.kill_session(&session.session_id).await?;
    }
    let ran = machine.run(&["token"]).fails(3, "Your session has ended. Log in again.");
    assert_eq!(ran.out, "");
    let refreshed = machine.run(&["refresh", "--json"]).exits(3).json();
    assert_eq!(refreshed["refreshed"], "signedOutByServer");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_help_says_that_token_alone_prints_a_token() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let help = machine.run(&["token", "--help"]).exits(0).out;
    assert!(help.contains("the window's copy are the only places"), "{help}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_is_reported() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let right = machine.log_in("admin@example.com").exits(0);
    assert_eq!(right.err, "");
    machine.sandbox.set_clock_offset(-3 * 3600).await?;
    let wrong = machine.log_in("member@example.com").exits(0);
    assert!(wrong.err.contains("3 hours ahead of Userfront's"), "{}", wrong.err);
    assert_eq!(wrong.json()["account"]["username"], "member", "standard output stays clean");
    let refreshed = machine.run(&["refresh"]).exits(0);
    assert!(refreshed.err.contains("ahead of Userfront's"), "{}", refreshed.err);
    machine.sandbox.set_clock_offset(600).await?;
    machine.log_in("member@example.com").fails(0, "10 minutes behind Userfront's");
    Ok(())
}
