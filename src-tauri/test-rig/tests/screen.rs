//! The rig's screen.

use std::{error::Error, path::Path, process::Command};

use test_rig::Screen;

type Outcome = Result<(), Box<dyn Error>>;

#[test]
fn a_picture_is_a_png_of_the_screens_size() -> Outcome {
    let screen = Screen::start(380, 640)?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("picture.png");
    screen.capture(&path)?;
    let bytes = std::fs::read(&path)?;
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    // The first chunk is the header: width and height, four bytes each.
    assert_eq!(u32::from_be_bytes(bytes[16..20].try_into()?), 380);
    assert_eq!(u32::from_be_bytes(bytes[20..24].try_into()?), 640);
    Ok(())
}

#[test]
fn two_screens_do_not_meet_and_both_end() -> Outcome {
    let (one, two) = (Screen::start(320, 200)?, Screen::start(320, 200)?);
    assert_ne!(one.display(), two.display());
    let answers = |display: &str| -> std::io::Result<bool> {
        let answer = Command::new("xdotool").args(["getdisplaygeometry"]).env("DISPLAY", display).output()?;
        Ok(answer.status.success())
    };
    // The server writes its process ID there. The display itself may be another test's a moment later.
    let lock = format!("/tmp/.X{}-lock", &one.display()[1..]);
    let server = std::fs::read_to_string(&lock)?.trim().to_owned();
    assert!(answers(one.display())?);
    drop(one);
    assert!(!Path::new("/proc").join(&server).exists());
    assert!(
        std::fs::read_to_string(&lock).map_or(true, |next| next.trim() != server),
        "no lock file is left"
    );
    assert!(answers(two.display())?);
    Ok(())
}

#[test]
fn no_window_is_no_error() -> Outcome {
    assert!(!Screen::start(320, 200)?.has_window(".+")?);
    Ok(())
}
