//! Exit codes, for scripts.

use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0.
    Done,
    /// 1: any failure without a number of its own.
    Failed,
    /// 2: the arguments, or the environment.
    Usage,
    /// 3: no account is logged in, or not this one.
    NotLoggedIn,
    /// 4: locked, hung, out of reach, or an entry of ours is still there.
    Keyring,
    /// 5: logged out here; the server has not confirmed that the session is over.
    Pending,
}

impl Exit {
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotLoggedIn => 3,
            Self::Keyring => 4,
            Self::Pending => 5,
        }
    }

    /// Of several: 4, then 5, then 1.
    pub(crate) fn and(self, other: Self) -> Self {
        let rank = |exit: Self| match exit {
            Self::Keyring => 5,
            Self::Pending => 4,
            Self::Failed => 3,
            Self::NotLoggedIn => 2,
            Self::Usage => 1,
            Self::Done => 0,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_exits_keyring_precedes_pending_precedes_failed() {
        let all = [Exit::Done, Exit::NotLoggedIn, Exit::Failed, Exit::Pending, Exit::Keyring];
        for (nth, exit) in all.into_iter().enumerate() {
            for other in &all[..=nth] {
                assert_eq!((exit.and(*other), other.and(exit)), (exit, exit));
            }
        }
        assert_eq!([0, 3, 1, 5, 4], all.map(Exit::code));
    }
}
