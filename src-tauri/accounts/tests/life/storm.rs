//! 100,000 clients with a pending revocation each, and a server that is away for an hour: the load
//! afterwards. The back-off is the real one; the time is not.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use accounts::model::backoff;
use accounts::model::timestamp::Timestamp;

const CLIENTS: usize = 100_000;
const AWAY: i64 = 3_600;

/// Tries a minute, from the server's return on.
fn tries_a_minute(retry_after: impl Fn(i64) -> Option<Duration>) -> Vec<usize> {
    // All of them log out in the second in which the server goes: the worst case.
    let first = |client| Reverse((backoff::after(Timestamp(0), 1, retry_after(0)).next_try.0, client, 1_u32));
    let mut due: BinaryHeap<_> = (0..CLIENTS).map(first).collect();
    let mut minutes = vec![0; 180];
    while let Some(Reverse((at, client, tries))) = due.pop() {
        if at >= AWAY {
            let minute = usize::try_from((at - AWAY) / 60).unwrap();
            assert!(minute < minutes.len(), "a client that comes back {minute} minutes later");
            minutes[minute] += 1;
        } else {
            let next = backoff::after(Timestamp(at), tries + 1, retry_after(at)).next_try;
            due.push(Reverse((next.0, client, tries + 1)));
        }
    }
    minutes
}

fn assert_calm(what: &str, minutes: &[usize]) {
    let busiest = minutes.iter().max().copied().unwrap();
    let first_ten: usize = minutes[..10].iter().sum();
    let last = minutes.iter().rposition(|tries| *tries > 0).unwrap();
    say!(
        "storm, {what}: busiest minute {busiest}, mean of the first ten {}, ratio {:.2}, done after {} min",
        first_ten / 10,
        10.0 * f64::from(u32::try_from(busiest).unwrap()) / f64::from(u32::try_from(first_ten).unwrap()),
        last + 1
    );
    assert_eq!(minutes.iter().sum::<usize>(), CLIENTS, "{what}");
    assert!(busiest * 10 <= 3 * first_ten, "{what}: {minutes:?}");
    assert!(last < 60, "{what}: {minutes:?}");
}

#[test]
fn a_returning_server_is_not_flooded_with_retries() {
    assert_calm("out of reach", &tries_a_minute(|_| None));
    assert_calm("503, Retry-After: 2", &tries_a_minute(|_| Some(Duration::from_secs(2))));
    assert_calm("503, Retry-After: 120", &tries_a_minute(|_| Some(Duration::from_mins(2))));
    assert_calm("503, Retry-After: 900", &tries_a_minute(|_| Some(Duration::from_mins(15))));
    // Every answer names the same moment: the end of the maintenance.
    let until_return = |at: i64| Some(Duration::from_secs((AWAY - at).unsigned_abs()));
    assert_calm("503, Retry-After: the end", &tries_a_minute(until_return));
}
