//! Accounts of the same name are told apart, also in a row or line about an account that is in no list.

use accounts::AccountId;
use accounts::log_in::error::LogInError;
use accounts::model::registry::{RecentLogOut, Registry};
use accounts::model::session_outcome::SessionOutcome;
use accounts::ports::CallFailure;
use credential_store::effects::Fault;

use crate::world::{World, tenant};

const DOWN: CallFailure = CallFailure::ServerFault { status: 503, retry_after: None };

/// `admin` is logged in at two hosts: the registry, and both accounts.
async fn at_two_hosts() -> (World, Registry, [AccountId; 2]) {
    let mut world = World::new();
    let (_, one) = world.logged_in().await;
    world.tenant = tenant("https://eu.example.com/v0/");
    let (_, other) = world.logged_in().await;
    let registry = world.registry();
    (world, registry, [one, other])
}

#[tokio::test(start_paused = true)]
async fn the_account_of_a_refused_log_in_is_told_from_a_listed_one_of_its_name() {
    for is_alone in [true, false] {
        let mut world = World::new();
        if !is_alone {
            world.logged_in().await;
        }
        world.tenant = tenant("https://eu.example.com/v0/");
        world.network.fail_log_outs(DOWN);
        // 1 a generation, 2 the server, 3 the account as logging in
        let error = world.process([(3, Fault::Fail)]).log_in(&world).await.unwrap_err();
        assert!(matches!(error, LogInError::NotStored { .. }), "{error:?}");
        let registry = world.registry();
        let name = if is_alone { "Alva Admin" } else { "Alva Admin (eu.example.com)" };
        assert_eq!(registry.pending[0].account_name, name);
        assert_eq!(world.disk.activity().last().unwrap().account_name, name);
    }
}

#[tokio::test(start_paused = true)]
async fn a_namesake_is_known_by_its_name_with_and_without_brackets() {
    let (_, both, [one, _]) = at_two_hosts().await;
    let name = both.account(&one).unwrap().name().to_owned();
    let called = |registry: &Registry| registry.account(&one).unwrap().called();
    assert_eq!(called(&both), format!("{name} (api.userfront.com)"));
    // The other one has logged out, and its e-mail address is not known any more.
    let told = format!("{name} (admin@example.com)");
    let gone = format!("{name} (eu.example.com)");
    for (other, expected) in [
        (name.clone(), &told),
        (gone, &told),
        (format!("{name}by"), &name),
        (format!("{name}by (eu.example.com)"), &name),
        (format!("The {name}"), &name),
    ] {
        let mut registry = both.clone();
        let account = registry.accounts.remove(1);
        let mut recent = recent_log_out().await;
        recent.account = account.id;
        recent.outcome.account_name.clone_from(&other);
        registry.recent_log_outs = vec![recent];
        registry.tell_apart();
        assert_eq!(&called(&registry), expected, "{other}");
    }
}

/// The log-out of a name that has brackets of its own.
#[tokio::test(start_paused = true)]
async fn a_name_with_brackets_of_its_own_is_told_apart_like_any_other() {
    let (_, mut registry, [one, other]) = at_two_hosts().await;
    for id in [&one, &other] {
        registry.account_mut(id).unwrap().profile.name = Some("Mira (Nord)".to_owned());
    }
    let called = |registry: &Registry, id: &AccountId| registry.account(id).unwrap().called();
    registry.tell_apart();
    assert_eq!(called(&registry, &one), "Mira (Nord) (api.userfront.com)");
    registry.account_mut(&other).unwrap().profile.name = Some("Mira".to_owned());
    registry.tell_apart();
    assert_eq!(called(&registry, &one), "Mira (Nord)");
    assert_eq!(called(&registry, &other), "Mira");
}

async fn recent_log_out() -> RecentLogOut {
    let world = World::new();
    let (process, id) = world.logged_in().await;
    assert_eq!(process.log_out(&id).await.unwrap().session, SessionOutcome::Revoked);
    world.registry().recent_log_outs.remove(0)
}
