use std::ffi::OsString;

const SCHEME: &str = "userfront-accounts:";

/// The link in a program's arguments. Bytes that are not UTF-8 are replaced, as in a second start's link; no
/// valid link has any.
pub(crate) fn link_among(arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Option<String> {
    arguments
        .into_iter()
        .map(|argument| argument.into().to_string_lossy().into_owned())
        .find(|argument| argument.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME)))
}

#[cfg(test)]
mod tests {
    use accounts::model::link::Link;

    use super::*;

    #[test]
    fn a_link_is_found_among_the_arguments() {
        let found = |arguments: &[&str]| link_among(arguments.iter().map(ToString::to_string));
        assert_eq!(
            found(&["userfront-accounts", "Userfront-Accounts:login?x"]),
            Some("Userfront-Accounts:login?x".into())
        );
        for other in ["https://x", "", "userfront-accounts", "å", "--userfront-accounts:"] {
            assert_eq!(found(&["app", other]), None, "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_no_utf_8_is_found_and_refused() {
        use std::os::unix::ffi::OsStringExt as _;
        let arguments = [&b"\xff"[..], b"userfront-accounts:login?token=\xe5&uuid=u"];
        let link = link_among(arguments.map(|bytes| OsString::from_vec(bytes.to_vec()))).unwrap();
        assert!(Link::parse(&link).is_err());
    }
}
