//! Waking from sleep: timers stop while the machine sleeps, so due work is checked again.
//!
//! On Linux, logind reports it on the system bus. Elsewhere, and without logind, the window's focus triggers
//! the check ([`window`](crate::system::window)): a user who returns to the machine returns to the window.

/// Calls `woke` after each sleep, as long as the system bus is there.
#[cfg(target_os = "linux")]
pub(crate) async fn watch(woke: impl Fn()) -> zbus::Result<()> {
    use zbus::export::ordered_stream::OrderedStreamExt as _;
    use zbus::message::Type;
    use zbus::{Connection, MatchRule, MessageStream};

    let connection = Connection::system().await?;
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender("org.freedesktop.login1")?
        .path("/org/freedesktop/login1")?
        .interface("org.freedesktop.login1.Manager")?
        .member("PrepareForSleep")?
        .build();
    let mut signals = MessageStream::for_match_rule(rule, &connection, None).await?;
    while let Some(signal) = signals.next().await {
        // `true` before the sleep, `false` after it.
        if !signal?.body().deserialize::<bool>()? {
            woke();
        }
    }
    Ok(())
}
