//! Why text from outside is not valid.

/// Why text from outside is not valid. Each message says the right form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not `[A-Za-z0-9-]{1,64}`.
    #[error("A tenant ID has 1 to 64 letters, digits or hyphens, like demo1234.")]
    TenantId,
    /// Not `[A-Za-z0-9-]{1,64}`.
    #[error("A user's UUID has 1 to 64 letters, digits or hyphens.")]
    UserUuid,
    /// Empty or too long.
    #[error("A session ID has 1 to 256 characters.")]
    SessionId,
    /// Not an absolute URL.
    #[error("The API URL is not a web address (one looks like https://api.userfront.com/v0/).")]
    ApiUrl,
    /// `http` to a host that is not loopback, or another scheme.
    #[error("The API URL must begin with https:// (plain http:// only for 127.0.0.1 or [::1]).")]
    ApiScheme,
    /// A user name, password, query or fragment in the URL.
    #[error("The API URL must not contain a user name, a password, a ? or a #.")]
    ApiExtras,
    /// Not a host name with an optional port.
    #[error("The domain is a host name such as app.example.com, without https:// and without a path.")]
    Domain,
    /// Not `{tenantId}:{userUuid}@{mode}.{api host}`.
    #[error("This is not an account ID.")]
    AccountId,
    /// Neither `live` nor `test`.
    #[error("The mode is live or test.")]
    Mode,
}
