//! The app's window for tests. Elements are named by `data-testid`.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use thirtyfour::{By, WebDriver, WebElement, error::WebDriverResult};

use crate::{App, RigError};

/// How long one call to the driver may take.
const CALL: Duration = Duration::from_secs(20);

/// How often a wait looks again: small, for the end-to-end test reports times in milliseconds.
pub(crate) const STEP: Duration = Duration::from_millis(10);
/// How long a view may lack an element while it is redrawn.
const DRAWN_ANEW: Duration = Duration::from_secs(5);

/// Of the elements with the test ID, those that a person could see.
const VISIBLE: &str = "return [...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"]`)]
    .filter((element) => element.getClientRects().length > 0)
    .filter((element) => getComputedStyle(element).visibility === 'visible')";

impl App {
    /// The session, for what is not offered here.
    pub fn session(&self) -> Result<&WebDriver, RigError> {
        self.session.as_ref().ok_or_else(|| RigError::Unexpected("the app was stopped".to_owned()))
    }

    /// Every element with the test ID, visible or not.
    pub async fn all_by_testid(&self, testid: &str) -> Result<Vec<WebElement>, RigError> {
        let session = self.session()?;
        limited(testid, session.find_all(By::Css(format!("[data-testid=\"{testid}\"]")))).await
    }

    /// The first element with the test ID.
    pub async fn by_testid(&self, testid: &str) -> Result<WebElement, RigError> {
        let first = self.all_by_testid(testid).await?.into_iter().next();
        first.ok_or_else(|| RigError::Unexpected(format!("the window has no element {testid}")))
    }

    /// Does something with the first element with the test ID. A view may be redrawn between the look and
    /// the deed: then it is done with what is there now, as a person does.
    pub(crate) async fn on<T>(
        &self,
        testid: &str,
        act: impl AsyncFn(&WebElement) -> Result<T, RigError>,
    ) -> Result<T, RigError> {
        for _ in 0..3 {
            match act(&self.once_there(testid).await?).await {
                Err(error) if error.is_stale() => tokio::time::sleep(STEP).await,
                done => return done,
            }
        }
        act(&self.once_there(testid).await?).await
    }

    async fn once_there(&self, testid: &str) -> Result<WebElement, RigError> {
        let begin = Instant::now();
        loop {
            match self.by_testid(testid).await {
                Err(_) if begin.elapsed() < DRAWN_ANEW => tokio::time::sleep(STEP).await,
                found => return found,
            }
        }
    }

    /// Clicks the first element with the test ID as a person would: scrolled into view, with the pointer.
    pub async fn click(&self, testid: &str) -> Result<(), RigError> {
        self.on(testid, async |element| self.click_on(testid, element).await).await
    }

    /// The driver takes for seen what lies in the window, also below the edge of the part that scrolls: so it
    /// is scrolled first.
    pub(crate) async fn click_on(&self, what: &str, element: &WebElement) -> Result<(), RigError> {
        let argument = element.to_json().map_err(RigError::driver(what))?;
        let scroll = "arguments[0].scrollIntoView({block: 'nearest', behavior: 'instant'}); return true";
        self.script(scroll, vec![argument]).await?;
        limited(what, element.click()).await
    }

    /// Replaces what a field holds, key by key.
    pub async fn type_text(&self, testid: &str, text: &str) -> Result<(), RigError> {
        let replace = async |element: &WebElement| {
            limited(testid, element.clear()).await?;
            limited(testid, element.send_keys(text)).await
        };
        self.on(testid, replace).await
    }

    /// The visible text of the first element with the test ID.
    pub async fn text(&self, testid: &str) -> Result<String, RigError> {
        self.on(testid, async |element| limited(testid, element.text()).await).await
    }

    /// An attribute of the first element with the test ID.
    pub async fn attribute(&self, testid: &str, name: &str) -> Result<Option<String>, RigError> {
        self.on(testid, async |element| limited(testid, element.attr(name)).await).await
    }

    /// A field's value.
    pub async fn value(&self, testid: &str) -> Result<String, RigError> {
        self.on(testid, async |element| Ok(limited(testid, element.prop("value")).await?.unwrap_or_default()))
            .await
    }

    /// Whether a person could see an element with the test ID.
    pub async fn is_visible(&self, testid: &str) -> Result<bool, RigError> {
        let count = self.script(&format!("{VISIBLE}.length"), vec![json!(testid)]).await?;
        count
            .as_u64()
            .map(|count| count > 0)
            .ok_or_else(|| RigError::Unexpected(format!("the script gave {count}")))
    }

    /// Whether the keyboard's focus is in an element with the test ID, or is that element.
    pub async fn focus_is_within(&self, testid: &str) -> Result<bool, RigError> {
        let script = "return document.activeElement?.closest(`[data-testid=\"${arguments[0]}\"]`) != null";
        Ok(self.script(script, vec![json!(testid)]).await? == json!(true))
    }

    /// Waits until a person could see an element with the test ID; returns how long that took.
    pub async fn wait_until_visible(&self, testid: &str, limit: Duration) -> Result<Duration, RigError> {
        self.wait_for_visibility(testid, true, limit).await
    }

    /// Waits until no element with the test ID can be seen; returns how long that took.
    pub async fn wait_until_gone(&self, testid: &str, limit: Duration) -> Result<Duration, RigError> {
        self.wait_for_visibility(testid, false, limit).await
    }

    /// Waits until the focus is within an element with the test ID.
    pub async fn wait_until_focused(&self, testid: &str, limit: Duration) -> Result<(), RigError> {
        let begin = Instant::now();
        while !self.focus_is_within(testid).await? {
            if begin.elapsed() >= limit {
                let script = "return document.activeElement?.outerHTML?.slice(0, 200) ?? 'nothing'";
                let focused = self.script(script, vec![]).await?;
                return Err(RigError::Late {
                    what: format!("the focus in {testid} (it is on {focused})"),
                    limit,
                });
            }
            tokio::time::sleep(STEP).await;
        }
        Ok(())
    }

    /// Waits until the text of an element with the test ID contains `part`, and returns the whole text.
    pub async fn wait_for_text(&self, testid: &str, part: &str, limit: Duration) -> Result<String, RigError> {
        let begin = Instant::now();
        // In one call: between finding an element and reading it, the view may have been replaced.
        let script = format!("{VISIBLE}.map((element) => element.innerText)");
        loop {
            let texts = self.script(&script, vec![json!(testid)]).await?;
            let text = texts
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .find(|text| text.contains(part));
            if let Some(text) = text {
                return Ok(text.to_owned());
            }
            if begin.elapsed() >= limit {
                return Err(RigError::Late {
                    what: format!("{part:?} in {testid} (it says {texts})"),
                    limit,
                });
            }
            tokio::time::sleep(STEP).await;
        }
    }

    /// Runs a function body in the page, with `arguments` in scope, and returns its result.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Result<Value, RigError> {
        let session = self.session()?;
        let result = limited("a script", session.execute(body.to_owned(), arguments)).await?;
        Ok(result.json().clone())
    }

    /// The page as it is now, with what its fields hold: for searching it for what must not be there.
    pub async fn page(&self) -> Result<String, RigError> {
        let script = "return document.documentElement.outerHTML + '\\n' +
            [...document.querySelectorAll('input, textarea')].map((field) => field.value).join('\\n') +
            '\\n' +
            JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage}) + document.cookie";
        let page = self.script(script, vec![]).await?;
        page.as_str().map(str::to_owned).ok_or_else(|| RigError::Unexpected("the page is no text".to_owned()))
    }

    /// The snapshot that Rust sends to the page, as JSON text.
    pub async fn snapshot(&self) -> Result<String, RigError> {
        let script = "const [done] = arguments;
            window.__TAURI_INTERNALS__.invoke('plugin:accounts|snapshot')
                .then((snapshot) => done(JSON.stringify(snapshot)), () => done(null))";
        let answer = limited("a snapshot", self.session()?.execute_async(script.to_owned(), vec![])).await?;
        let snapshot = answer.json().as_str().map(str::to_owned);
        snapshot.ok_or_else(|| RigError::Unexpected("the page gets no snapshot".to_owned()))
    }

    async fn wait_for_visibility(
        &self,
        testid: &str,
        wanted: bool,
        limit: Duration,
    ) -> Result<Duration, RigError> {
        let begin = Instant::now();
        while self.is_visible(testid).await? != wanted {
            if begin.elapsed() >= limit {
                let shown = self.script("return document.body.innerText", vec![]).await?;
                let change = if wanted { "to appear" } else { "to go" };
                return Err(RigError::Late {
                    what: format!("{testid} {change} (the window says {shown})"),
                    limit,
                });
            }
            tokio::time::sleep(STEP).await;
        }
        Ok(begin.elapsed())
    }
}

pub(crate) async fn limited<T>(
    what: &str,
    call: impl Future<Output = WebDriverResult<T>>,
) -> Result<T, RigError> {
    match tokio::time::timeout(CALL, call).await {
        Ok(result) => result.map_err(RigError::driver(what)),
        Err(_) => Err(RigError::Late { what: format!("the driver's answer about {what}"), limit: CALL }),
    }
}
