//! Input beyond a click on the only button and typing into the only field: choosing one of
//! many, and the clipboard.

use std::time::Instant;

use serde_json::json;
use thirtyfour::{By, Key};

use crate::journey::VIEW;
use crate::window::{STEP, limited};
use crate::{App, RigError};

impl App {
    /// Clicks the first element that the CSS selector finds, once there is one.
    pub async fn click_css(&self, selector: &str) -> Result<(), RigError> {
        let (session, begin) = (self.session()?, Instant::now());
        loop {
            let found = limited(selector, session.find_all(By::Css(selector))).await?;
            if let Some(element) = found.first() {
                return self.click_on(selector, element).await;
            }
            if begin.elapsed() >= VIEW {
                return Err(RigError::Late { what: selector.to_owned(), limit: VIEW });
            }
            tokio::time::sleep(STEP).await;
        }
    }

    /// Of the elements with the test ID, clicks the one whose data attributes have these values, such as
    /// `("strategy", "link")`.
    pub async fn click_one(&self, testid: &str, data: &[(&str, &str)]) -> Result<(), RigError> {
        self.click_css(&selector(testid, data)).await
    }

    /// Of the elements with the test ID, an attribute of the one whose data attributes have these values.
    pub async fn attribute_of_one(
        &self,
        testid: &str,
        data: &[(&str, &str)],
        name: &str,
    ) -> Result<Option<String>, RigError> {
        let session = self.session()?;
        let element = limited(testid, session.find(By::Css(selector(testid, data)))).await?;
        limited(testid, element.attr(name)).await
    }

    /// Types where the cursor stands in a field, without emptying it first.
    pub async fn type_on(&self, testid: &str, text: &str) -> Result<(), RigError> {
        let element = self.by_testid(testid).await?;
        limited(testid, element.send_keys(text)).await
    }

    /// Copies a text that is shown, by the button beside it.
    pub async fn copy(&self, testid: &str) -> Result<(), RigError> {
        self.click_css(&format!("[data-testid=\"{testid}\"] + button")).await
    }

    /// Pastes what was copied, by keyboard.
    pub async fn paste(&self, testid: &str) -> Result<(), RigError> {
        let element = self.by_testid(testid).await?;
        self.click_on(testid, &element).await?;
        limited(testid, element.send_keys(Key::Control + "v")).await
    }

    /// Presses Escape where the keyboard's focus is.
    pub async fn press_escape(&self) -> Result<(), RigError> {
        let session = self.session()?;
        let focused = limited("the focus", session.active_element()).await?;
        limited("Escape", focused.send_keys(Key::Escape + "")).await
    }

    /// Presses keys where the keyboard's focus is.
    pub async fn press(&self, keys: &str) -> Result<(), RigError> {
        limited(keys, self.session()?.action_chain().send_keys(keys).perform()).await
    }

    /// Presses a key with Ctrl.
    pub async fn press_with_control(&self, key: &str) -> Result<(), RigError> {
        let keys = self.session()?.action_chain().key_down(Key::Control).send_keys(key).key_up(Key::Control);
        limited(key, keys.perform()).await
    }

    /// Clicks with Ctrl on one of the elements with the test ID.
    pub async fn click_with_control(&self, testid: &str, nth: usize) -> Result<(), RigError> {
        let element = self.all_by_testid(testid).await?.remove(nth);
        let session = self.session()?;
        let click =
            session.action_chain().key_down(Key::Control).click_element(&element).key_up(Key::Control);
        limited(testid, click.perform()).await
    }

    /// Puts a text into a field at once, as pasting it does: for what no keyboard types.
    pub async fn fill(&self, testid: &str, text: &str) -> Result<(), RigError> {
        let script = "const [testid, text] = arguments;
            const field = document.querySelector(`[data-testid=\"${testid}\"]`);
            if (!field) return false;
            field.focus(); field.value = text;
            field.dispatchEvent(new InputEvent('input', {bubbles: true, inputType: 'insertFromPaste'}));
            field.dispatchEvent(new Event('change', {bubbles: true}));
            return true";
        if self.script(script, vec![json!(testid), json!(text)]).await? == json!(true) {
            return Ok(());
        }
        Err(RigError::Unexpected(format!("the window has no field {testid}")))
    }
}

fn selector(testid: &str, data: &[(&str, &str)]) -> String {
    let data: Vec<_> = data.iter().map(|(name, value)| format!("[data-{name}=\"{value}\"]")).collect();
    format!("[data-testid=\"{testid}\"]{}", data.concat())
}
