//! This machine's clock is wrong: only lifetimes count, in this run and in the next one.

use accounts::{AccountId, EntryName, Health};

use crate::world::{Process, World};

const DAY: i64 = 24 * 60 * 60;
const ACCESS: i64 = 7 * DAY;
const SESSION: i64 = 30 * DAY;

fn refreshes(world: &World) -> usize {
    world.server.requests().iter().filter(|request| request.path.ends_with("auth/refresh")).count()
}

async fn health(process: &Process, id: &AccountId) -> Health {
    let overview = process.accounts.overview().await;
    Health::of(overview.registry.account(id).unwrap(), overview.now)
}

#[tokio::test(start_paused = true)]
async fn token_age_is_right_under_a_wrong_clock_in_every_run() {
    for ahead in [-400 * DAY, -40 * DAY, 3_600, 3 * DAY, 400 * DAY] {
        let world = World::with_clock_ahead(ahead);
        let (_, id) = world.logged_in().await;
        let process = world.process([]);
        assert_eq!(process.accounts.overview().await.clock_ahead, Some(ahead), "known to the next run, too");
        assert_eq!(health(&process, &id).await, Health::Ok, "{ahead}");
        world.clock.advance(ACCESS - 120);
        assert_eq!(health(&process, &id).await, Health::Ok, "{ahead}");
        process.accounts.access_token(&id).await.unwrap();
        assert_eq!(refreshes(&world), 0, "{ahead}: still valid");
        world.clock.advance(180);
        assert_eq!(health(&process, &id).await, Health::Expired, "{ahead}");
        let before = world.tokens_in(EntryName::access(&id).as_str())[0].clone();
        let token = process.accounts.access_token(&id).await.unwrap();
        assert!(refreshes(&world) == 1 && token.secret() != before, "{ahead}: not one that has expired");
        // A slow clock has not reached the end that the server named, so the session does not count as ended.
        world.clock.advance(SESSION + 60);
        let ended = if ahead > 0 { Health::Ended } else { Health::Expired };
        assert_eq!(health(&process, &id).await, ended, "{ahead}");
    }
}

#[tokio::test(start_paused = true)]
async fn corrected_clock_is_trusted() {
    for ahead in [-20 * DAY, 3_600, 20 * DAY] {
        let world = World::with_clock_ahead(ahead);
        let (_, id) = world.logged_in().await;
        world.set_clock_ahead(0);
        let process = world.process([]);
        // If the clock is set back, the tokens have their true age. If it is set forward, they seem older.
        if ahead > 0 {
            assert_eq!(process.accounts.overview().await.clock_ahead, None);
            assert_eq!(health(&process, &id).await, Health::Ok, "{ahead}");
        }
        process.accounts.access_token(&id).await.unwrap();
        assert_eq!(refreshes(&world), 1, "{ahead}");
        world.clock.advance(ACCESS + 60);
        let before = world.tokens_in(EntryName::access(&id).as_str())[0].clone();
        assert_ne!(process.accounts.access_token(&id).await.unwrap().secret(), before, "{ahead}");
        assert_eq!(health(&process, &id).await, Health::Ok, "{ahead}");
        assert_eq!(process.accounts.overview().await.clock_ahead, None, "{ahead}");
    }
}
