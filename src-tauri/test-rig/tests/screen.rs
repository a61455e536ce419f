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
fn two_screens_are_separate_and_both_end() -> Outcome {
    let (one, two) = (Screen::start(321, 201)?, Screen::start(322, 202)?);
    assert_ne!(one.display(), two.display());
    assert_eq!((servers("321x201x24")?, servers("322x202x24")?), (1, 1));
    let second = format!("/tmp/.X11-unix/X{}", &two.display()[1..]);
    assert!(Path::new(&second).exists());
    drop(one);
    // By process, not by display: that may be another test's a moment later.
    assert_eq!((servers("321x201x24")?, servers("322x202x24")?), (0, 1));
    Ok(())
}

/// How many servers of that size this process has started and not ended.
fn servers(size: &str) -> Result<usize, Box<dyn Error>> {
    let listed = Command::new("pgrep").args(["-P", &std::process::id().to_string(), "-f", size]).output()?;
    Ok(String::from_utf8(listed.stdout)?.lines().count())
}

#[test]
fn no_window_is_no_error() -> Outcome {
    assert!(!Screen::start(320, 200)?.has_window(".+")?);
    Ok(())
}
