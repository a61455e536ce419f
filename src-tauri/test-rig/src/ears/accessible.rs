//! An element of a window, asked over AT-SPI.

use std::collections::HashMap;

use zbus::{
    blocking::{Connection, Proxy},
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

/// Some of the numbers of AT-SPI's roles.
const ROLES: [(u32, &str); 8] = [
    (2, "alert"),
    (11, "combo box"),
    (43, "push button"),
    (73, "paragraph"),
    (79, "entry"),
    (83, "heading"),
    (85, "section"),
    (101, "notification"),
];

/// An element of the window, as AT-SPI names it.
#[derive(Clone)]
pub(super) struct Accessible<'a> {
    pub(super) bus: &'a Connection,
    pub(super) at: (String, OwnedObjectPath),
}

impl Accessible<'_> {
    fn ask(&self, interface: &str) -> Option<Proxy<'_>> {
        Proxy::new(self.bus, self.at.0.clone(), self.at.1.clone(), interface.to_owned()).ok()
    }

    fn property(&self, name: &str) -> Option<OwnedValue> {
        self.ask("org.freedesktop.DBus.Properties")?.call("Get", &("org.a11y.atspi.Accessible", name)).ok()
    }

    pub(super) fn child(&self, of: &Value<'_>) -> Option<Self> {
        let Value::Structure(both) = of else { return None };
        let [Value::Str(_), Value::ObjectPath(path)] = both.fields() else { return None };
        Some(Self { bus: self.bus, at: (self.at.0.clone(), path.clone().into()) })
    }

    /// One by one: what is in the web process, which is another one, is not among those that are listed at
    /// once.
    fn children(&self) -> Vec<Self> {
        let Some(here) = self.ask("org.a11y.atspi.Accessible") else { return Vec::new() };
        let count = self.property("ChildCount").and_then(|it| i32::try_from(it).ok()).unwrap_or_default();
        let child = |index: i32| here.call("GetChildAtIndex", &(index,)).ok();
        (0..count).filter_map(child).map(|at| Self { bus: self.bus, at }).collect()
    }

    pub(super) fn count(&self, depth: usize) -> usize {
        let children = if depth == 0 { Vec::new() } else { self.children() };
        1 + children.iter().map(|child| child.count(depth - 1)).sum::<usize>()
    }

    /// `alert` or `live`, where a screen reader reads out what changes.
    pub(super) fn place(&self) -> Option<String> {
        let asked = self.ask("org.a11y.atspi.Accessible")?;
        let attributes: HashMap<String, String> = asked.call("GetAttributes", &()).ok()?;
        let live = ["live", "container-live"].iter().find_map(|name| attributes.get(*name));
        match self.role().as_str() {
            "alert" | "notification" => Some("alert".to_owned()),
            _ => live.filter(|live| *live != "off").map(|_| "live".to_owned()),
        }
    }

    /// Of `WebKit` only the number of the role can be had.
    pub(super) fn role(&self) -> String {
        let Some(here) = self.ask("org.a11y.atspi.Accessible") else { return String::new() };
        let name: String = here.call("GetRoleName", &()).unwrap_or_default();
        let number: u32 = if name.is_empty() { here.call("GetRole", &()).unwrap_or_default() } else { 0 };
        ROLES.iter().find(|(known, _)| *known == number).map_or(name, |(_, role)| (*role).to_owned())
    }

    /// Its name, else its text, else those of its children.
    pub(super) fn words(&self, depth: usize) -> String {
        let name = self.property("Name").and_then(|name| String::try_from(name).ok()).unwrap_or_default();
        if !name.is_empty() || depth == 0 {
            return name;
        }
        // A character in it stands for each child.
        let text: String = self
            .ask("org.a11y.atspi.Text")
            .and_then(|it| it.call("GetText", &(0, -1)).ok())
            .unwrap_or_default();
        if !text.is_empty() && !text.contains('\u{fffc}') {
            return text;
        }
        let words: Vec<_> = self.children().iter().map(|child| child.words(depth - 1)).collect();
        words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
