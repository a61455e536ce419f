//! The rig's screen.

use std::{error::Error, process::Command};

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
    let first = one.display().to_owned();
    assert!(answers(&first)?);
    drop(one);
    assert!(!answers(&first)?);
    assert!(!std::path::Path::new(&format!("/tmp/.X{}-lock", &first[1..])).exists());
    assert!(answers(two.display())?);
    Ok(())
}

#[test]
fn no_window_is_no_error() -> Outcome {
    assert!(!Screen::start(320, 200)?.has_window(".+")?);
    Ok(())
}
