//! Faults that a test plans. `tests/store` tests the promises that the fake shares with a real keyring.

use super::*;
use crate::effects::Fault;

fn name(text: &str) -> EntryName {
    EntryName::listed(text)
}

fn process(items: &Items, plan: impl IntoIterator<Item = (u64, Fault)>) -> MemoryKeyring {
    MemoryKeyring::new("service", items.clone(), Effects::planned(plan))
}

#[tokio::test]
async fn a_spoiled_write_follows_its_planned_fault() {
    for (fault, answer, kept) in [
        (Fault::Fail, Err(StoreError::Refused("planned by a test".into())), false),
        (Fault::Lie, Ok(()), false),
        (Fault::Hang, Err(StoreError::Hung), false),
        (Fault::HangAndHappen, Err(StoreError::Hung), true),
    ] {
        let items = Items::new();
        let keyring = process(&items, [(1, fault)]);
        assert_eq!(keyring.write(&name("a"), &"s".to_owned().into()).await, answer, "{fault:?}");
        assert_eq!(!items.names().is_empty(), kept, "{fault:?}");
        let hung = answer == Err(StoreError::Hung);
        assert_eq!(keyring.status().await == StoreStatus::Hung, hung, "{fault:?}");
    }
}

#[tokio::test]
async fn a_false_or_failed_delete_is_detected() {
    for fault in [Fault::Fail, Fault::Lie] {
        let items = Items::new();
        items.add("service", "a", "1");
        items.add("service", "b", "1");
        let keyring = process(&items, [(1, fault)]);
        let deletion = keyring.delete(&[name("a"), name("b")]).await;
        assert_eq!(deletion, Ok(Deletion::StillPresent(vec![name("a")])), "{fault:?}");
        assert_eq!(items.names(), [("service".to_owned(), "a".to_owned())], "{fault:?}");
    }
}

#[tokio::test]
async fn a_write_before_a_crash_is_there_for_the_next_process() {
    let items = Items::new();
    let first = process(&items, [(1, Fault::Crash)]);
    let secret = "s".to_owned().into();
    let writes = async {
        first.write(&name("a"), &secret).await.unwrap();
        first.write(&name("b"), &secret).await.unwrap();
    };
    tokio::select! { biased; () = writes => panic!("it crashed"), () = first.effects.crashed() => {} }
    let second = process(&items, []);
    assert_eq!(second.entries().await, Ok(vec![name("a")]));
    assert!(second.read(&name("a")).await.unwrap().is_some());
}
