//! `list`: a table that fits the terminal, the whole of it elsewhere, and what it filters.

use serde_json::json;
use test_rig::RigError;
use unicode_width::UnicodeWidthStr as _;

use crate::machine::{Machine, PROGRAM};
use crate::terminal::on_terminal;

const ESCAPE: &str = "\u{1b}";

/// A machine with an account of a wide name, one of a name with combining marks whose session has ended, and
/// one with a long e-mail address.
fn with_names() -> Result<Machine, RigError> {
    let mut machine = Machine::new()?;
    machine.environment.set("TERM", "xterm");
    for (user, name, email) in [
        ("admin@example.com", "名倉さくら 👩\u{200d}🚀", "admin@example.com"),
        ("member@example.com", "Va\u{308}ino\u{308} Me\u{301}mber", "member@example.com"),
        ("viewer@example.com", "Vera Viewer", "a-viewer-with-a-very-long-address@mail.example.com"),
    ] {
        machine.log_in(user).exits(0);
        machine.change_registry(|registry| {
            let account = registry["accounts"].as_array_mut().unwrap().last_mut().unwrap();
            account["profile"]["name"] = json!(name);
            account["profile"]["email"] = json!(email);
            account["signedOutByServer"] = json!(user.starts_with("member"));
        });
    }
    Ok(machine)
}

/// What `list` shows on a terminal of so many columns.
pub(crate) fn on_columns(machine: &Machine, columns: usize, before: &str) -> Vec<String> {
    let command = format!("stty rows 24 cols {columns}; {before} \"{PROGRAM}\" list");
    let ran = on_terminal(machine, &command).ends().exits(0);
    ran.out.lines().map(str::to_owned).collect()
}

/// Without its colours.
pub(crate) fn plain(line: &str) -> String {
    let mut parts = line.split(ESCAPE);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').unwrap().1)
}

#[test]
fn a_list_fits_the_terminal_and_never_shortens_the_health() -> Result<(), RigError> {
    let machine = with_names()?;
    let whole = machine.run(&["list"]).exits(0).out;
    for (columns, headings) in [
        (200, "  Name E-mail Tenant Mode Health"),
        (80, "  Name E-mail Tenant Mode Health"),
        (50, "  Name E-mail Tenant Mode Health"),
        (45, "  Name E-mail Mode Health"),
        (34, "  Name Mode Health"),
        (24, "  Name Health"),
    ] {
        let lines: Vec<_> = on_columns(&machine, columns, "").iter().map(|line| plain(line)).collect();
        assert_eq!(lines.len(), 4, "{lines:#?}");
        let titles: Vec<_> = lines[0].split_whitespace().collect();
        assert_eq!(titles, headings.split_whitespace().collect::<Vec<_>>(), "{columns}");
        let health = lines[0].find("Health").unwrap();
        for (line, health_words) in lines[1..].iter().zip(["ok", "session ended", "ok"]) {
            assert!(line.width() <= columns, "{columns}: {line}");
            // Columns are one below the other, by their width.
            let before = line.trim_end().strip_suffix(health_words).unwrap();
            assert_eq!(before.width(), health, "{columns}: {line}");
        }
        assert_eq!(lines.concat().contains('…'), columns < 100, "{lines:#?}");
    }
    // Elsewhere than on a terminal it is whole.
    assert!(
        !whole.contains(['…', '\u{1b}']) && whole.contains("very-long-address@mail.example.com"),
        "{whole}"
    );
    assert!(!whole.contains("Health"), "{whole}");
    Ok(())
}

#[test]
fn a_list_is_coloured_on_a_terminal_that_wants_it() -> Result<(), RigError> {
    let machine = with_names()?;
    let coloured = on_columns(&machine, 120, "");
    assert!(coloured[1].contains("\u{1b}[32mok\u{1b}[0m"), "{coloured:#?}");
    assert!(coloured[2].contains("\u{1b}[31msession ended\u{1b}[0m"), "{coloured:#?}");
    for plain in ["NO_COLOR=1", "TERM=dumb", "env -u TERM", "CLICOLOR=0"] {
        let lines = on_columns(&machine, 120, plain);
        assert!(!lines.concat().contains(ESCAPE), "{plain}: {lines:#?}");
        assert!(lines[2].ends_with("session ended"), "{plain}: {lines:#?}");
    }
    // Not in a pipe, whatever the variables say.
    let piped = machine.run_in_shell("CLICOLOR_FORCE=1 exec \"$@\"", &["list"]).exits(0).out;
    assert!(!piped.contains(ESCAPE), "{piped}");
    let json = format!("\"{PROGRAM}\" list --json");
    assert!(!on_terminal(&machine, &json).ends().exits(0).out.contains(ESCAPE));
    Ok(())
}

#[test]
fn a_filter_finds_every_word_in_any_order_without_case_and_accents() -> Result<(), RigError> {
    let machine = with_names()?;
    let whole = machine.run(&["list", "--json"]).exits(0).json();
    let id = |nth: usize| whole["accounts"][nth]["id"].as_str().unwrap().to_owned();
    let [admin, member, viewer] = [id(0), id(1), id(2)];
    for (words, found) in [
        (&["vaino"][..], vec![&member]),
        (&["VÄINÖ"], vec![&member]),
        (&["member", "demo", "VAI"], vec![&member]),
        (&["member demo vai"], vec![&member]),
        (&["ended session"], vec![&member]),
        (&["名倉"], vec![&admin]),
        (&["workspace", "test", "ok"], vec![&admin, &viewer]),
        (&["long-address"], vec![&viewer]),
        (&["test"], vec![&admin, &member, &viewer]),
        (&["live"], vec![]),
        (&["vaino", "sakura"], vec![]),
    ] {
        let ran = machine.run(&[&["list", "--json", "--filter"], words].concat()).exits(0).json();
        let ids: Vec<_> =
            ran["accounts"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!(ids, found, "{words:?}");
    }
    machine.change_registry(|registry| {
        let tenant = registry["accounts"][0]["tenant"]["id"].clone();
        registry["accounts"][0]["profile"]["roles"] = json!([{"tenantId": tenant, "roles": ["Éditeur"]}]);
    });
    let by_role = machine.run(&["list", "--filter", "editeur"]).exits(0).out;
    assert!(by_role.contains("admin@example.com") && by_role.lines().count() == 1, "{by_role}");
    // Not within a word of a role, the mode or the health.
    machine.change_registry(|registry| {
        for moment in ["accessExpiresAt", "accessExpiresHereAt"] {
            registry["accounts"][0][moment] = json!(1_000_000_000);
        }
    });
    for (words, found) in [
        (&["ok"][..], "a-viewer-"),
        (&["access", "tok"], "admin@"),
        (&["expired"], "admin@"),
        (&["session"], "member@"),
    ] {
        let ran = machine.run(&[&["list", "--filter"], words].concat()).exits(0).out;
        assert!(ran.contains(found) && ran.lines().count() == 1, "{words:?}: {ran}");
    }
    for words in ["diteur", "est", "pired"] {
        assert_eq!(
            machine.run(&["list", "--filter", words]).exits(0).out,
            "No account matches.\n",
            "{words}"
        );
    }
    assert_eq!(machine.run(&["list", "--filter", "nobody"]).exits(0).out, "No account matches.\n");
    machine.run(&["list", "--filter", ""]).exits(2);
    Ok(())
}
