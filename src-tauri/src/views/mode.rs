use accounts::Mode;

use crate::dto;

pub(crate) fn mode(mode: Mode) -> dto::Mode {
    match mode {
        Mode::Live => dto::Mode::Live,
        Mode::Test => dto::Mode::Test,
    }
}
