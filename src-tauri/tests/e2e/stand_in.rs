//! Services of a desktop that a test plays itself, on a bus of its world.

use test_rig::{RigError, World};
use zbus::Connection;
use zbus::connection::Builder;
use zbus::object_server::Interface;

pub(crate) const SESSION_BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
pub(crate) const SYSTEM_BUS: &str = "DBUS_SYSTEM_BUS_ADDRESS";

/// Offers `service` under `name` at `path`, on the bus whose address this variable of the world holds.
pub(crate) async fn offer(
    world: &World,
    bus: &str,
    name: &str,
    path: &str,
    service: impl Interface,
) -> Result<Connection, RigError> {
    let address = world.environment().get(bus).unwrap_or_default();
    let offered = Builder::address(address.to_string_lossy().as_ref())
        .and_then(|bus| bus.name(name.to_owned()))
        .and_then(|bus| bus.serve_at(path.to_owned(), service))
        .map_err(of_bus)?;
    offered.build().await.map_err(of_bus)
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
pub(crate) fn of_bus(error: zbus::Error) -> RigError {
    RigError::Unexpected(error.to_string())
}
