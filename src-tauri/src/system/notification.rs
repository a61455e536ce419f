//! Notifications of the desktop.

/// Whether this program notifies on this system.
pub(crate) const IS_POSSIBLE: bool = cfg!(any(target_os = "linux", windows));

/// Shows a notification. `on_click` runs when the user clicks it, where the desktop tells (Linux).
pub(crate) fn show(title: String, text: String, on_click: impl FnOnce() + Send + 'static) {
    tauri::async_runtime::spawn(async move {
        if let Err(error) = platform::show(&title, &text, on_click).await {
            tracing::info!(%error, "a notification is not shown");
        }
    });
}

/// By D-Bus itself: it listens before it shows, so that no click is lost.
#[cfg(target_os = "linux")]
mod platform {
    use std::collections::HashMap;

    use zbus::export::ordered_stream::OrderedStreamExt as _;
    use zbus::message::Type;
    use zbus::zvariant::Value;
    use zbus::{Connection, MatchRule, MessageStream};

    const NAME: &str = "org.freedesktop.Notifications";
    const PATH: &str = "/org/freedesktop/Notifications";
    const ICON: &str = "userfront-accounts";
    /// As long as the desktop likes.
    const LASTS: i32 = -1;

    pub(super) async fn show(title: &str, text: &str, on_click: impl FnOnce()) -> zbus::Result<()> {
        let bus = Connection::session().await?;
        let rule = MatchRule::builder().msg_type(Type::Signal).interface(NAME)?.path(PATH)?.build();
        let mut signals = MessageStream::for_match_rule(rule, &bus, None).await?;
        let hints = HashMap::from([("desktop-entry", Value::from(ICON))]);
        let actions = ["default", "Open"];
        let app = "Userfront Accounts";
        let all = (app, 0_u32, ICON, title, without_markup(text), actions.as_slice(), hints, LASTS);
        let answer = bus.call_method(Some(NAME), PATH, Some(NAME), "Notify", &all).await?;
        let id: u32 = answer.body().deserialize()?;
        // Another daemon counts from the beginning.
        let daemon = answer.header().sender().map(ToOwned::to_owned);
        while let Some(signal) = signals.next().await {
            let signal = signal?;
            let header = signal.header();
            let Some(member) = header.member().filter(|_| header.sender() == daemon.as_ref()) else {
                continue;
            };
            if member == "ActionInvoked" {
                let (of, action): (u32, String) = signal.body().deserialize()?;
                if of == id && action == "default" {
                    on_click();
                    return Ok(());
                }
            } else if member == "NotificationClosed" && signal.body().deserialize::<(u32, u32)>()?.0 == id {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Desktops read the text, and not the title, as markup.
    fn without_markup(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }

    #[cfg(test)]
    mod tests {
        #[test]
        fn a_name_is_never_markup() {
            assert_eq!(super::without_markup("<b>A & B</b>"), "&lt;b&gt;A &amp; B&lt;/b&gt;");
        }
    }
}

#[cfg(windows)]
mod platform {
    use notify_rust::Notification;

    pub(super) async fn show(
        title: &str,
        text: &str,
        _on_click: impl FnOnce(),
    ) -> notify_rust::error::Result<()> {
        Notification::new().appname("Userfront Accounts").summary(title).body(text).show().map(drop)
    }
}

#[cfg(not(any(target_os = "linux", windows)))]
mod platform {
    use std::io;

    #[expect(clippy::unused_async, reason = "the others wait")]
    pub(super) async fn show(_title: &str, _text: &str, _on_click: impl FnOnce()) -> io::Result<()> {
        Err(io::Error::other("this program does not notify on this system"))
    }
}
