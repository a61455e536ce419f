//! Single sign-on with a browser that is a script.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::json;
use test_rig::RigError;

use crate::machine::{Machine, PROGRAM, client};
use crate::prompts::READ;
use crate::terminal::on_terminal;

/// A machine whose browser notes the address that it is to open.
struct Browser {
    machine: Machine,
    opened: PathBuf,
}

impl Browser {
    fn new(server: &[&str]) -> Result<Self, RigError> {
        let mut machine = Machine::with(server)?;
        let folder = machine.environment.folder().join("browser");
        let (script, opened) = (folder.join("xdg-open"), folder.join("opened"));
        fs::create_dir(&folder).unwrap();
        let note =
            format!("#!/bin/sh\nprintf %s \"$1\" > '{0}.new' && mv '{0}.new' '{0}'\n", opened.display());
        fs::write(&script, note).unwrap();
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
        let path = machine.environment.get("PATH").unwrap().to_str().unwrap().to_owned();
        machine.environment.set("PATH", format!("{}:{path}", folder.display()));
        Ok(Self { machine, opened })
    }

    /// The address that the browser was opened with: an argument, which does not tell the callback address.
    async fn opened(&self) -> String {
        let begin = Instant::now();
        loop {
            if let Ok(address) = fs::read_to_string(&self.opened) {
                fs::remove_file(&self.opened).unwrap();
                assert!(!address.contains("127.0.0.1%3A"), "{address}");
                return address;
            }
            assert!(begin.elapsed() < Duration::from_secs(30), "no browser was opened");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The provider's page, to which the address that was opened leads, once.
    async fn address(&self) -> String {
        let opened = self.opened().await;
        let address = self.goes_on(&opened).await;
        let again = client().get(&opened).send().await;
        assert!(again.map_or(true, |again| !again.status().is_redirection()), "once");
        address
    }

    /// Says yes at the provider's page, as a user; where that sends the browser.
    async fn consents(&self, address: &str, user: &str) -> String {
        let page = client().get(address).send().await.unwrap();
        assert_eq!(page.status(), 200, "the provider's page");
        self.goes_on(&format!("{}&user={user}", address.replace("/login?", "/login/consent?"))).await
    }

    async fn goes_on(&self, address: &str) -> String {
        let answer = client().get(address).send().await.unwrap();
        assert!(answer.status().is_redirection(), "{}", answer.status());
        answer.headers()["location"].to_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_comes_back_to_this_machine() -> Result<(), RigError> {
    let browser = Browser::new(&[])?;
    for (provider, user) in [("github", "member"), ("okta", "viewer"), ("custom", "admin")] {
        let mut talk = browser.machine.begin_log_in("sso01234", &["--browser", provider]);
        let address = browser.address().await;
        assert!(
            address.contains(&format!("/auth/{provider}/login?origin=http%3A%2F%2F127.0.0.1%3A")),
            "{address}"
        );
        talk.hears(&address);
        talk.hears("Waiting for the browser, 5 minutes at most.");
        let back = browser.consents(&address, user).await;
        let (callback_server, secret) = back.split_once('?').unwrap();
        assert_eq!(
            client().get(format!("{callback_server}x")).send().await.unwrap().status(),
            404,
            "another path"
        );
        let last = client().get(&back).send().await.unwrap();
        let clean = last.headers()["location"].to_str().unwrap().to_owned();
        assert!(last.status().is_redirection() && !clean.contains("token"), "{clean}");
        let origin = callback_server.rsplit_once('/').unwrap().0;
        let clean = if clean.starts_with('/') { format!("{origin}{clean}") } else { clean };
        // A browser may be slow; the program waits for it.
        tokio::time::sleep(Duration::from_millis(if provider == "custom" { 1_500 } else { 0 })).await;
        let page = client().get(clean).send().await.unwrap().text().await.unwrap();
        assert!(page.contains("You can close this window"), "{page}");
        let ran = talk.ends().exits(0);
        assert_eq!(ran.json()["account"]["username"], user);
        for text in [&ran.out, &ran.err, &browser.machine.on_disk()] {
            assert!(!text.contains(secret) && !text.contains("token="), "{text}");
        }
        assert!(client().get(&back).send().await.is_err(), "the port is closed");
    }
    assert_eq!(browser.machine.left().await, (3, 6));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_in_the_browser_logs_nobody_in() -> Result<(), RigError> {
    let browser = Browser::new(&[])?;
    let talk = browser.machine.begin_log_in("sso01234", &["--browser", "google"]);
    let address = browser.address().await;
    let back = browser.goes_on(&address.replace("/login?", "/login/consent?")).await;
    drop(client().get(&back).send().await.unwrap());
    talk.ends().fails(1, "not completed");
    assert_eq!(browser.machine.left().await, (0, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_may_follow() -> Result<(), RigError> {
    let browser = Browser::new(&[])?;
    let change = json!({
        "secondFactors": [{"strategy": "verificationCode", "channel": "email"}], "isMfaRequired": true,
    });
    browser.machine.change_tenant("sso01234", &change).await;
    let mut talk = browser.machine.begin_log_in("sso01234", &["--browser", "azure"]);
    let back = browser.consents(&browser.address().await, "member").await;
    drop(client().get(&back).send().await.unwrap());
    let code = talk.hears_after("the code is ");
    talk.types(&code);
    talk.ends().exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn in_live_mode_the_browser_ends_at_the_tenants_domain() -> Result<(), RigError> {
    let browser = Browser::new(&["--mode", "live"])?;
    let arguments = ["--browser", "github", "--domain", "App.Example.com"];
    let mut talk = browser.machine.begin_log_in("sso01234", &arguments);
    let address = browser.opened().await;
    assert!(address.contains("origin=https%3A%2F%2Fapp.example.com&"), "{address}");
    let back = browser.consents(&address, "member").await;
    assert!(back.starts_with("https://app.example.com/login?"), "{back}");
    talk.hears("Copy the whole address");
    talk.types(&back);
    let ran = talk.ends().exits(0);
    assert_eq!(
        (&ran.json()["account"]["username"], &ran.json()["account"]["mode"]),
        (&json!("member"), &json!("live"))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_browser_the_address_is_there_to_be_copied() -> Result<(), RigError> {
    let mut browser = Browser::new(&[])?;
    let noting = format!("#!/bin/sh\nprintf %s \"$1\" > '{}'\nexit 3\n", browser.opened.display());
    fs::write(browser.opened.with_file_name("xdg-open"), noting).unwrap();
    // No other program that could open it.
    let folder = browser.opened.parent().unwrap().to_owned();
    browser.machine.environment.set("PATH", folder);
    let mut talk = browser.machine.begin_log_in("sso01234", &["--browser", "linkedin"]);
    let address = talk.hears_after("open this address yourself:\n");
    talk.hears("nothing here opens web pages");
    let back = browser.consents(&address, "member").await;
    drop(client().get(&back).send().await.unwrap());
    let ran = talk.ends().exits(0);
    let given = browser.opened().await;
    assert!(!ran.err.contains(&given), "{}", ran.err);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keyring_is_reported_before_the_browser_opens() -> Result<(), RigError> {
    for (server, domain) in [("test", &[][..]), ("live", &["--domain", "app.example.com"])] {
        let browser = Browser::new(&["--mode", server])?;
        browser.machine.keyring.lock()?;
        let arguments = ["log-in", "--tenant", "sso01234", "--browser", "github"];
        browser.machine.run(&[&arguments, domain].concat()).fails(4, "The keyring is locked.");
        assert!(!browser.opened.exists());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_the_tenant_does_not_offer_opens_no_browser() -> Result<(), RigError> {
    let browser = Browser::new(&[])?;
    let machine = &browser.machine;
    machine
        .run(&["log-in", "--tenant", "demo1234", "--browser", "github"])
        .fails(1, "does not offer this way to log in");
    let other = ["log-in", "--tenant", "sso01234", "--browser", "custom", "--provider-id", "other"];
    machine.run(&other).fails(1, "does not offer this way to log in");
    machine.run(&["log-in", "--tenant", "sso01234", "--browser", "myspace"]).exits(2);
    assert!(!browser.opened.exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_a_browser_on_another_computer_can_be_pasted() -> Result<(), RigError> {
    let browser = Browser::new(&[])?;
    let log_in = format!("'{PROGRAM}' log-in --tenant sso01234 --browser github; echo \"it was $?\"");
    let mut talk = on_terminal(&browser.machine, &format!("{log_in}; {READ}"));
    let back = browser.consents(&browser.address().await, "member").await;
    talk.hears("paste it here");
    let (_, secret) = back.split_once('?').unwrap();
    for other in
        [format!("http://127.0.0.1:1/x?{secret}"), back.replace("token=", "tok="), "what?".to_owned()]
    {
        talk.types(&other);
        talk.hears("This is not the address that this log-in ends at.");
    }
    talk.write(&format!("It ends at <{back}>\n")).unwrap();
    talk.hears("Logged in as");
    talk.hears("it was 0");
    talk.types("mine");
    talk.hears("next is <mine>");
    talk.ends().exits(0);
    assert_eq!(browser.machine.left().await, (1, 2));
    assert!(!browser.machine.on_disk().contains(secret));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn input_after_the_callback_answers_the_next_prompt() -> Result<(), RigError> {
    let browser = Browser::new(&[])?;
    let change = json!({
        "secondFactors": [{"strategy": "verificationCode", "channel": "email"}], "isMfaRequired": true,
    });
    browser.machine.change_tenant("sso01234", &change).await;
    let mut talk =
        on_terminal(&browser.machine, &format!("'{PROGRAM}' log-in --tenant sso01234 --browser azure"));
    let back = browser.consents(&browser.address().await, "member").await;
    talk.hears("paste it here");
    drop(client().get(&back).send().await.unwrap());
    let code = talk.hears_after("the code is ");
    talk.hears("Second code");
    talk.types(&code);
    talk.hears("Logged in as");
    talk.ends().exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_variable_comes_before_the_system_browser() -> Result<(), RigError> {
    let mut browser = Browser::new(&[])?;
    let own = browser.opened.with_file_name("own browser");
    fs::copy(browser.opened.with_file_name("xdg-open"), &own).unwrap();
    fs::write(browser.opened.with_file_name("xdg-open"), "#!/bin/sh\nexit 3\n").unwrap();
    browser.machine.environment.set("BROWSER", format!("no-such-browser:{}", own.display()));
    let talk = browser.machine.begin_log_in("sso01234", &["--browser", "google"]);
    let back = browser.consents(&browser.address().await, "member").await;
    drop(client().get(&back).send().await.unwrap());
    talk.ends().exits(0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_starts_and_fails_is_noticed() -> Result<(), RigError> {
    let mut browser = Browser::new(&[])?;
    fs::write(browser.opened.with_file_name("xdg-open"), "#!/bin/sh\n/bin/sleep 1\nexit 3\n").unwrap();
    browser.machine.environment.set("PATH", browser.opened.parent().unwrap());
    let mut talk = browser.machine.begin_log_in("sso01234", &["--browser", "linkedin"]);
    let address = talk.hears_after("open this address yourself:\n");
    talk.hears("No browser could be opened: nothing here opens web pages");
    let back = browser.consents(&address, "member").await;
    drop(client().get(&back).send().await.unwrap());
    talk.ends().exits(0);
    Ok(())
}
