//! A `StatusNotifierWatcher` on the private bus, and the menu of the app's item in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use test_rig::{RigError, World};
use zbus::Connection;
use zbus::zvariant::{OwnedValue, Value};

use crate::journey::{Done, SOON};
use crate::stand_in::{SESSION_BUS, of_bus, offer};

const NAME: &str = "org.kde.StatusNotifierWatcher";

struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
    has_host: bool,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.items.lock().expect("no panic").push(service);
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        self.has_host
    }
}

pub(crate) struct Tray {
    bus: Connection,
    pub(crate) items: Arc<Mutex<Vec<String>>>,
}

/// The ID and the words of a row of the menu.
pub(crate) type Row = (i32, String);
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Tray {
    pub(crate) async fn start(world: &World, has_host: bool) -> Result<Self, RigError> {
        let items = Arc::default();
        let watcher = Watcher { items: Arc::clone(&items), has_host };
        let bus = offer(world, SESSION_BUS, NAME, "/StatusNotifierWatcher", watcher).await?;
        Ok(Self { bus, items })
    }

    pub(crate) async fn wait_for_item(&self) -> String {
        let begin = Instant::now();
        loop {
            if let Some(item) = self.items.lock().expect("no panic").last() {
                return item.clone();
            }
            assert!(begin.elapsed() < SOON, "the app has an item in the tray");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn menu(&self) -> Result<Vec<Row>, RigError> {
        let item = self.wait_for_item().await;
        let arguments = (0_i32, -1_i32, Vec::<&str>::new());
        let called = self.bus.call_method(
            Some(item),
            "/MenuBar",
            Some("com.canonical.dbusmenu"),
            "GetLayout",
            &arguments,
        );
        let answer = called.await.map_err(of_bus)?;
        let (_, layout): (u32, Layout) = answer.body().deserialize().map_err(of_bus)?;
        let row = |row: OwnedValue| -> Option<Row> {
            let (id, properties, _) = Layout::try_from(row).ok()?;
            let Value::Str(label) = &**properties.get("label")? else { return None };
            Some((id, label.to_string()))
        };
        Ok(layout.2.into_iter().filter_map(row).collect())
    }

    pub(crate) async fn wait_for_row(&self, words: &str) -> Result<i32, RigError> {
        let begin = Instant::now();
        loop {
            let menu = self.menu().await?;
            if let Some((id, _)) = menu.iter().find(|(_, label)| label == words) {
                return Ok(*id);
            }
            assert!(begin.elapsed() < SOON, "{words:?} in {menu:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub(crate) async fn click(&self, words: &str) -> Done {
        let id = self.wait_for_row(words).await?;
        let item = self.wait_for_item().await;
        let event = (id, "clicked", Value::from(0), 0_u32);
        let called =
            self.bus.call_method(Some(item), "/MenuBar", Some("com.canonical.dbusmenu"), "Event", &event);
        called.await.map(drop).map_err(of_bus)
    }
}
