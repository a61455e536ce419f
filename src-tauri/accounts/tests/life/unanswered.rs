//! Log-ins whose answer was lost as the program ended: the next start shows them one by one until each is
//! read.

use std::time::Duration;

use accounts::Unread;
use accounts::log_in::error::{Interrupted, LogInError};
use accounts::model::activity::{Event, Line, Program};
use accounts::ports::{ActivityStorage, CallFailure};
use tokio::time::sleep;

use crate::fakes::Trouble;
use crate::world::{Process, World};

/// A log-in that the server has made and not answered when the program is told to end. Returns its line.
async fn interrupted(world: &World, program: Program) -> Line {
    world.network.trouble(Trouble::Hangs { after: true });
    let process = world.program(program, []);
    let told_to_end = async {
        sleep(Duration::from_millis(100)).await;
        assert!(process.accounts.interrupt(), "it is to wait");
    };
    let (done, ()) = tokio::join!(process.log_in(world), told_to_end);
    assert_eq!(done, Err(LogInError::Interrupted(Interrupted::Unanswered)));
    assert!(!process.accounts.must_not_end_yet());
    world.network.heal();
    world.disk.activity().last().unwrap().clone()
}

/// A start of the program, and the log-in that it shows.
async fn shown_by(world: &World, program: Program) -> (Process, Option<Line>) {
    let process = world.program(program, []);
    process.accounts.look_for_unanswered().await;
    let shown = process.accounts.overview().await.unanswered;
    (process, shown)
}

#[tokio::test(start_paused = true)]
async fn an_interrupted_log_in_is_shown_by_the_next_start_until_it_is_read() {
    let world = World::new();
    let line = interrupted(&world, Program::App).await;
    assert_eq!(line.event, Event::LogInUnanswered { interrupted: true });
    assert_eq!((line.by, line.tenant()), (Program::App, Some(&world.tenant.id)));
    assert_eq!(world.sessions_alive().len(), 1, "the server has made the session");
    for _ in 0..2 {
        assert_eq!(shown_by(&world, Program::App).await.1, Some(line.clone()), "not read yet");
    }
    let (process, _) = shown_by(&world, Program::App).await;
    process.accounts.dismiss(&Unread::Unanswered(line)).await.unwrap();
    assert_eq!(process.accounts.overview().await.unanswered, None);
    assert_eq!(shown_by(&world, Program::App).await.1, None, "the next start is silent");
}

#[tokio::test(start_paused = true)]
async fn two_lost_log_ins_are_read_one_by_one_and_each_program_shows_its_own() {
    let world = World::new();
    let first = interrupted(&world, Program::App).await;
    world.clock.advance(60);
    let of_cli = interrupted(&world, Program::Cli).await;
    world.clock.advance(60);
    let second = interrupted(&world, Program::App).await;
    let (process, shown) = shown_by(&world, Program::App).await;
    assert_eq!(shown.as_ref(), Some(&first));
    process.accounts.dismiss(&Unread::Unanswered(first)).await.unwrap();
    assert_eq!(process.accounts.overview().await.unanswered.as_ref(), Some(&second));
    let (process, shown) = shown_by(&world, Program::App).await;
    assert_eq!(shown.as_ref(), Some(&second), "the first is read for good");
    process.accounts.dismiss(&Unread::Unanswered(second)).await.unwrap();
    assert_eq!(process.accounts.overview().await.unanswered, None);
    assert_eq!(shown_by(&world, Program::App).await.1, None, "the next start is silent");
    assert_eq!(shown_by(&world, Program::Cli).await.1, Some(of_cli), "the app's user has not read of it");
}

/// Such a log-in fails with a message.
#[tokio::test(start_paused = true)]
async fn a_lost_log_in_that_was_reported_at_once_is_not_shown_again() {
    let world = World::new();
    world.network.fail(true, CallFailure::TimedOut);
    world.process([]).log_in(&world).await.unwrap_err();
    assert_eq!(world.disk.activity().last().unwrap().event, Event::LogInUnanswered { interrupted: false });
    assert_eq!(shown_by(&world, Program::App).await.1, None);
}

/// The answer comes while the program waits a moment longer.
#[tokio::test(start_paused = true)]
async fn an_interrupted_log_in_that_is_answered_in_time_is_rolled_back() {
    let world = World::new();
    world.network.trouble(Trouble::Slow(Duration::from_millis(500)));
    let process = world.process([]);
    let told_to_end = async {
        sleep(Duration::from_millis(100)).await;
        assert!(process.accounts.interrupt(), "it is to wait");
    };
    let (done, ()) = tokio::join!(process.log_in(&world), told_to_end);
    assert!(matches!(done, Err(LogInError::Interrupted(Interrupted::Rollback(_)))), "{done:?}");
    process.accounts.in_peace().await;
    assert!(world.sessions_alive().is_empty());
    assert_eq!(shown_by(&world, Program::App).await.1, None);
}

/// Before there was a mark for each log-in, one mark covered all earlier ones of its program.
#[test]
fn lines_of_older_versions_are_read() {
    let event = |json: &str| serde_json::from_str::<Event>(json).unwrap();
    assert_eq!(event(r#"{"what":"logInUnanswered"}"#), Event::LogInUnanswered { interrupted: true });
    assert_eq!(event(r#"{"what":"unansweredIsRead"}"#), Event::UnansweredIsRead { of: None });
}

#[tokio::test(start_paused = true)]
async fn a_mark_of_an_older_version_covers_every_earlier_log_in_of_its_program() {
    let world = World::new();
    let first = interrupted(&world, Program::App).await;
    interrupted(&world, Program::App).await;
    let of_cli = interrupted(&world, Program::Cli).await;
    let mark = Line { event: Event::UnansweredIsRead { of: None }, ..first };
    world.disk.append(mark).await.unwrap();
    world.clock.advance(1);
    let later = interrupted(&world, Program::App).await;
    assert_eq!(shown_by(&world, Program::App).await.1, Some(later));
    assert_eq!(shown_by(&world, Program::Cli).await.1, Some(of_cli));
}
