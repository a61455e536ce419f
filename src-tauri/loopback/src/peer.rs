//! Whether the program at the other end of a connection belongs to another user of this machine.
//!
//! The browser's address is one of its arguments, which every user can read. Another user's program that
//! reads it and is faster than the browser is recognised here. Linux names a connection's owner. Other
//! systems do not: there every program is let in, and only the unguessable path protects the server.

use std::fs;
use std::net::SocketAddr;

/// The connections of this machine, for both families: IPv6 sockets can reach 127.0.0.1 too.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// `None` where the system does not tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User(Option<u32>);

impl User {
    pub(crate) fn of_this_program() -> Self {
        #[cfg(target_os = "linux")]
        let user = fs::metadata("/proc/self").ok().map(|it| std::os::unix::fs::MetadataExt::uid(&it));
        #[cfg(not(target_os = "linux"))]
        let user = None;
        Self(user)
    }

    /// Whether the program connected from `theirs` to `ours` is another user's. Reads the system's tables.
    pub(crate) fn is_not_at(self, theirs: SocketAddr, ours: SocketAddr) -> bool {
        let Some(user) = self.0 else { return false };
        let tables = TABLES.iter().filter_map(|table| fs::read_to_string(table).ok());
        owner(tables, theirs, ours).is_some_and(|owner| owner != user)
    }
}

/// The owner of the end at `local`: the eighth word of its row. A row begins with a number and the two ends,
/// `0100007F:1F90` each: the address in the machine's byte order (an IPv6 address ends with the IPv4 one),
/// and the port.
fn owner(mut tables: impl Iterator<Item = String>, local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    let [local, remote] = [end(local)?, end(remote)?];
    let of_row = |row: &str| {
        let words: Vec<_> = row.split_ascii_whitespace().collect();
        let is_it = words.get(1)?.ends_with(&local) && words.get(2)?.ends_with(&remote);
        is_it.then(|| words.get(7)?.parse().ok())?
    };
    tables.find_map(|table| table.lines().find_map(of_row))
}

fn end(address: SocketAddr) -> Option<String> {
    let SocketAddr::V4(address) = address else { return None };
    Some(format!("{:08X}:{:04X}", u32::from_ne_bytes(address.ip().octets()), address.port()))
}

#[cfg(test)]
impl User {
    pub(crate) fn nobody() -> Self {
        Self(Some(u32::MAX))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    const HEAD: &str =
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    fn owner_in(tables: &[&str], local: &str, remote: &str) -> Option<u32> {
        owner(tables.iter().map(ToString::to_string), address(local), address(remote))
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn the_owner_of_a_connection_is_read_from_the_row_of_the_far_end() {
        let row = |number: u8, ends: &str, uid: u32| {
            format!(
                "   {number}: {ends} 01 00000000:00000000 00:00000000 00000000  {uid:4}        0 8137 1 0 \
                 20 4"
            )
        };
        let four = [
            HEAD.to_owned(),
            row(0, "0100007F:A2C1 00000000:0000", 1),
            row(1, "0100007F:A2C1 0100007F:D431", 2),
            row(2, "0100007F:D431 0100007F:A2C1", 1001),
            row(3, "0200007F:D431 0100007F:A2C1", 3),
            "   4: 0100007F:D432 0100007F:A2C1 01".to_owned(),
            "   5: 0100007F:D432".to_owned(),
            String::new(),
        ]
        .join("\n");
        let six =
            row(0, "0000000000000000FFFF00000100007F:D433 0000000000000000FFFF00000100007F:A2C1", 65_534);
        let owner = |local| owner_in(&[&four, &six], local, "127.0.0.1:41665");
        assert_eq!(owner("127.0.0.1:54321"), Some(1001), "not ours, and not who only listens");
        assert_eq!(owner("127.0.0.2:54321"), Some(3));
        assert_eq!(owner("127.0.0.1:54323"), Some(65_534), "a socket of IPv6");
        assert_eq!(owner("127.0.0.1:54322"), None, "rows that are cut off");
        assert_eq!(owner("127.0.0.1:54324"), None);
        assert_eq!(owner_in(&[], "127.0.0.1:54321", "127.0.0.1:41665"), None);
        assert_eq!(owner_in(&["", "\u{0}", "a b c d e f g h"], "127.0.0.1:1", "127.0.0.1:2"), None);
    }

    #[test]
    fn the_owner_of_our_own_connection_is_this_user() {
        let user = User::of_this_program();
        assert!(user.0.is_some());
        for host in ["127.0.0.1", "[::ffff:127.0.0.1]"] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let ours = listener.local_addr().unwrap();
            let _connected = TcpStream::connect(address(&format!("{host}:{}", ours.port()))).unwrap();
            let (_accepted, theirs) = listener.accept().unwrap();
            let tables = TABLES.iter().map(|table| fs::read_to_string(table).unwrap());
            assert_eq!(owner(tables, theirs, ours), user.0, "{host}");
            assert!(!user.is_not_at(theirs, ours), "{host}");
            assert!(User::nobody().is_not_at(theirs, ours), "{host}");
        }
    }
}
