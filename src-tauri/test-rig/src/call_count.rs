//! Counts the calls that programs make to the keyring daemon, seen by the bus itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use zbus::blocking::{MessageIterator, connection::Builder};
use zbus::message::Type;

use crate::RigError;
use crate::secret_service::NAME;

const BUS: &str = "org.freedesktop.DBus";
const MONITORING: &str = "org.freedesktop.DBus.Monitoring";

/// The calls so far. It counts until the bus ends.
#[derive(Debug)]
pub struct CallCount(Arc<AtomicUsize>);

impl CallCount {
    /// Counts from now on, on the bus at `address`.
    pub fn begin(address: &str) -> Result<Self, RigError> {
        let bus = Builder::address(address)?.build()?;
        let rules = vec![format!("type='method_call',destination='{NAME}'")];
        bus.call_method(
            Some(BUS),
            "/org/freedesktop/DBus",
            Some(MONITORING),
            "BecomeMonitor",
            &(rules, 0_u32),
        )?;
        let count = Self(Arc::default());
        let its = count.0.clone();
        thread::spawn(move || {
            // It fails when the bus ends.
            for message in MessageIterator::from(bus).map_while(Result::ok) {
                if message.message_type() == Type::MethodCall {
                    its.fetch_add(1, Ordering::SeqCst);
                }
            }
        });
        Ok(count)
    }

    /// The calls since the last time this was asked.
    #[must_use]
    pub fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}
