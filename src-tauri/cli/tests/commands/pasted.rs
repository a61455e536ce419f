//! Names, codes, links and password files as people paste them.

use sandbox::ADMIN_BACKUP_CODES;
use test_rig::RigError;

use crate::auth_methods::{CODE_IS, asks_for_link};
use crate::machine::{Machine, PASSWORD};

/// The same digits in another script, of which this is the zero.
fn in_digits_of(zero: char, text: &str) -> String {
    let digit = |c: char| c.to_digit(10).map(|digit| char::from_u32(u32::from(zero) + digit).unwrap());
    text.chars().map(|c| digit(c).unwrap_or(c)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_taken_in_any_digits_and_grouping() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let forms: [fn(&str) -> String; 3] = [
        |code| in_digits_of('\u{ff10}', &format!("{}\u{2013}{}", &code[..3], &code[3..])),
        |code| format!("\u{feff}{}", in_digits_of('\u{660}', code)),
        |code| format!("Your code is {code}, valid for 15 minutes"),
    ];
    for form in forms {
        let arguments = ["--code", "email", "--user", "\u{a0}member@example.com\u{200b}"];
        let mut talk = machine.begin_log_in("demo1234", &arguments);
        let code = talk.hears_after(CODE_IS);
        talk.types(&form(&code));
        talk.ends().exits(0);
    }
    for (nth, zero) in ['\u{966}', '\u{ff10}'].into_iter().enumerate() {
        let mut talk = machine.begin_log_in("demo1234", &["--totp", "--user", "admin@example.com"]);
        talk.types(&in_digits_of(zero, &ADMIN_BACKUP_CODES[nth].replace('-', "\u{2011}")));
        talk.ends().exits(0);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_taken_in_brackets_in_quotes_and_after_words() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let forms: [fn(&str) -> String; 4] = [
        |link| format!("<{link}>"),
        |link| format!("\u{201c}{link}\u{201d}"),
        |link| format!("Log in with this link: {link}"),
        |link| format!("[Log in]({link})."),
    ];
    for form in forms {
        let (mut talk, link) = asks_for_link(&machine, "demo1234");
        talk.types(&form(&link));
        talk.ends().exits(0);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_may_have_blanks_around_it_and_is_not_empty() -> Result<(), RigError> {
    let machine = Machine::new()?;
    let arguments =
        ["log-in", "--tenant", " demo1234\n", "--user", "\u{feff}admin@example.com ", "--password-stdin"];
    // As some editors write a file.
    machine.typing(&arguments, &format!("\u{feff}{PASSWORD}\r\n")).exits(0);
    for name in [" Admin@example.com\n", "\u{200b}admin\u{a0}"] {
        machine.run(&["token", name]).exits(0);
        machine.run(&["refresh", name]).exits(0);
        machine.run(&["switch", name]).exits(0);
    }
    // As of a variable that is not set.
    machine.run(&["log-out", ""]).fails(2, "it is empty");
    machine.run(&["log-out", " admin "]).exits(0);
    Ok(())
}
