//! Times from an act to the painted frame with its result, by the page's own clock. The page of the toolkit
//! (`toolkit.mjs`) is asked in the same way.

use test_rig::journey::VIEW;
use test_rig::{App, RigError};

use crate::stage::unexpected;

/// The login form is there for the next user.
pub(crate) const LOGIN_SCREEN: &str = "isShown('login-view') && isShown('password')";
pub(crate) const ACCOUNT: &str = "isShown('account-view')";

/// `MessageChannel`: the frame in which the result is there has been painted.
const FRAMES: &str = "
    const isShown = (id) => document.querySelector(`[data-testid=${id}]`)?.getClientRects().length > 0;
    const painted = (isDone, then) => requestAnimationFrame(() => {
        if (!isDone()) return painted(isDone, then);
        const after = new MessageChannel();
        after.port1.onmessage = () => then(performance.now());
        after.port2.postMessage(null);
    });";

/// From what `act` does in the page, in ms.
pub(crate) async fn painted(app: &App, act: &str, is_done: &str) -> Result<f64, RigError> {
    let script = format!(
        "const done = arguments[arguments.length - 1];
        {FRAMES}
        const begin = performance.now();
        {act};
        painted(() => {is_done}, (end) => done(end - begin))"
    );
    later(app, script).await
}

/// From a key that is pressed in a field, in ms.
pub(crate) async fn painted_after_enter(app: &App, field: &str, is_done: &str) -> Result<f64, RigError> {
    let listen = format!(
        "{FRAMES}
        delete window.took;
        addEventListener('keydown', () => {{
            const begin = performance.now();
            painted(() => {is_done}, (end) => {{ window.took = end - begin; }});
        }}, {{capture: true, once: true}});
        return true"
    );
    app.script(&listen, vec![]).await?;
    app.type_on(field, "\u{e007}").await?;
    let wait = "const done = arguments[arguments.length - 1];
        const look = () => window.took === undefined ? setTimeout(look, 50) : done(window.took);
        look()";
    later(app, wait.to_owned()).await
}

/// The number with which the script calls its last argument.
async fn later(app: &App, script: String) -> Result<f64, RigError> {
    let session = app.session()?;
    let answer = tokio::time::timeout(VIEW, session.execute_async(script, vec![])).await;
    let answer = answer.map_err(|_| RigError::Late { what: "the page".to_owned(), limit: VIEW })?;
    let answer = answer.map_err(|error| unexpected(&format!("the page: {error}")))?;
    answer.json().as_f64().ok_or_else(|| unexpected("the page gave no time"))
}
