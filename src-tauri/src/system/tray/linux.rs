//! The tray by D-Bus alone (`StatusNotifierItem`). It is there only while a watcher with a host
//! shows it: GNOME has none without an extension.

use ksni::menu::StandardItem;
use ksni::{Handle, Icon, MenuItem, TrayMethods as _};
use tokio::sync::{mpsc, watch};
use zbus::export::ordered_stream::OrderedStreamExt as _;
use zbus::fdo::{DBusProxy, PropertiesProxy};
use zbus::message::Type;
use zbus::names::InterfaceName;
use zbus::{Connection, MatchRule, MessageStream};

use super::{Menu, Row};

const WATCHER: &str = "org.kde.StatusNotifierWatcher";

struct Item<T> {
    rows: Vec<Row<T>>,
    icon: Icon,
    clicks: mpsc::UnboundedSender<T>,
    opens: T,
}

impl<T: Clone + Send + 'static> ksni::Tray for Item<T> {
    fn id(&self) -> String {
        "userfront-accounts".to_owned()
    }

    fn title(&self) -> String {
        "Userfront Accounts".to_owned()
    }

    fn icon_name(&self) -> String {
        "userfront-accounts".to_owned()
    }

    /// For a desktop that does not have the icon of that name.
    fn icon_pixmap(&self) -> Vec<Icon> {
        vec![self.icon.clone()]
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.click(self.opens.clone());
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.rows.iter().map(row).collect()
    }
}

impl<T: Send + 'static> Item<T> {
    fn click(&self, what: T) {
        if self.clicks.send(what).is_err() {
            tracing::warn!("a click on the tray comes too late");
        }
    }
}

fn row<T: Clone + Send + 'static>(row: &Row<T>) -> MenuItem<Item<T>> {
    let Row::Item(words, does) = row else { return MenuItem::Separator };
    let does = does.clone();
    StandardItem {
        // An underscore would mark a key.
        label: words.replace('_', "__"),
        enabled: does.is_some(),
        activate: Box::new(move |item: &mut Item<T>| {
            if let Some(does) = does.clone() {
                item.click(does);
            }
        }),
        ..StandardItem::default()
    }
    .into()
}

/// Keeps the item for as long as the session bus is there. `is_there` hears whether it is shown.
pub(crate) async fn run<T: Clone + PartialEq + Send + Sync + 'static>(
    icon: (Vec<u8>, u32, u32),
    opens: T,
    mut menu: watch::Receiver<Menu<T>>,
    clicks: mpsc::UnboundedSender<T>,
    is_there: impl Fn(bool),
) -> zbus::Result<()> {
    let bus = Connection::session().await?;
    let mut signals = watch_watcher(&bus).await?;
    let icon = argb(icon);
    let mut shown: Option<Handle<Item<T>>> = None;
    loop {
        let rows = menu.borrow_and_update().clone();
        let can_be_shown = has_host(&bus).await;
        match (rows, shown.take()) {
            (Some(rows), Some(handle)) if can_be_shown && !handle.is_closed() => {
                handle.update(|item| item.rows = rows).await;
                shown = Some(handle);
            }
            (Some(rows), None) if can_be_shown => {
                let item = Item { rows, icon: icon.clone(), clicks: clicks.clone(), opens: opens.clone() };
                match item.spawn().await {
                    Ok(handle) => shown = Some(handle),
                    Err(error) => tracing::info!(%error, "the tray does not take our item"),
                }
            }
            (_, Some(handle)) => handle.shutdown().await,
            (_, None) => {}
        }
        is_there(shown.is_some());
        tokio::select! {
            changed = menu.changed() => if changed.is_err() { return Ok(()) },
            signal = next_signal(&mut signals) => signal?,
        }
    }
}

/// Every signal of the watcher, and of its coming and going.
async fn watch_watcher(bus: &Connection) -> zbus::Result<MessageStream> {
    let names = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender("org.freedesktop.DBus")?
        .member("NameOwnerChanged")?
        .arg(0, WATCHER)?
        .build();
    let own = MatchRule::builder().msg_type(Type::Signal).interface(WATCHER)?.build();
    let proxy = DBusProxy::new(bus).await?;
    for rule in [names, own] {
        proxy.add_match_rule(rule).await?;
    }
    Ok(MessageStream::from(bus))
}

async fn next_signal(signals: &mut MessageStream) -> zbus::Result<()> {
    while let Some(message) = signals.next().await {
        if message?.message_type() == Type::Signal {
            return Ok(());
        }
    }
    Err(zbus::Error::InputOutput(std::sync::Arc::new(std::io::ErrorKind::BrokenPipe.into())))
}

async fn has_host(bus: &Connection) -> bool {
    let ask = async || -> zbus::Result<bool> {
        let properties = PropertiesProxy::new(bus, WATCHER, "/StatusNotifierWatcher").await?;
        let interface = InterfaceName::try_from(WATCHER)?;
        let answer = properties.get(interface, "IsStatusNotifierHostRegistered").await?;
        Ok(bool::try_from(answer)?)
    };
    ask().await.unwrap_or_else(|error| {
        tracing::debug!(%error, "there is no tray");
        false
    })
}

fn argb((mut data, width, height): (Vec<u8>, u32, u32)) -> Icon {
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    let size = |length: u32| i32::try_from(length).unwrap_or_default();
    Icon { width: size(width), height: size(height), data }
}
