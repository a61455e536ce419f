//! Signals that ask the program to end.

/// Waits for the first of them.
#[cfg(unix)]
pub(crate) async fn end_is_asked_for() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

/// Windows closes the window instead.
#[cfg(not(unix))]
pub(crate) async fn end_is_asked_for() -> std::io::Result<()> {
    std::future::pending().await
}
