//! No part of a token, a password, a code or a link where it could be read: logs, files, the page, its
//! storage, arguments, output. (What a person has to read is on the page while it is to be read, and at no
//! other time.)

use std::path::{Path, PathBuf};

use serde_json::Value;
use test_rig::{App, SandboxRequest, World};

use crate::journey::{Done, SOON, log_in, log_out, save_where_it_says, world};

/// The secrets to search for, in pieces long enough not to occur by chance.
pub(crate) struct Canaries {
    pieces: Vec<String>,
    /// Codes of six digits, which occur by chance: only where they stand alone do they count.
    digits: Vec<String>,
}

impl Canaries {
    /// Each token's payload and signature in pieces of 16 characters; a token's header is no secret. Tokens
    /// that are no JWT whole.
    pub(crate) fn of(tokens: &[String]) -> Self {
        let mut pieces = Vec::new();
        for token in tokens {
            match token.split_once('.') {
                Some((_, rest)) => {
                    let parts = rest.split('.').flat_map(|part| part.as_bytes().chunks_exact(16));
                    pieces.extend(parts.map(|piece| String::from_utf8_lossy(piece).into_owned()));
                }
                None => pieces.push(token.clone()),
            }
        }
        Self::new(pieces, Vec::new())
    }

    /// Every secret that the server was sent so far: tokens, passwords, codes, what was in a link.
    pub(crate) fn of_requests(requests: &[SandboxRequest]) -> Self {
        let bearers = requests.iter().filter_map(|request| request.bearer().map(str::to_owned));
        let Self { mut pieces, .. } = Self::of(&bearers.collect::<Vec<_>>());
        let mut digits = Vec::new();
        for request in requests {
            let body: Value = serde_json::from_str(&request.body).unwrap_or_default();
            let names =
                ["token", "password", "existingPassword", "backupCode", "verificationCode", "totpCode"];
            for said in names.iter().filter_map(|name| body[name].as_str()) {
                let is_code = said.len() == 6 && said.bytes().all(|byte| byte.is_ascii_digit());
                if is_code { &mut digits } else { &mut pieces }.push(said.to_owned());
            }
        }
        Self::new(pieces, digits)
    }

    fn new(mut pieces: Vec<String>, mut digits: Vec<String>) -> Self {
        for all in [&mut pieces, &mut digits] {
            all.sort();
            all.dedup();
        }
        assert!(!pieces.is_empty() && pieces.iter().all(|piece| piece.len() > 7), "{} pieces", pieces.len());
        Self { pieces, digits }
    }

    pub(crate) fn and(mut self, other: Self) -> Self {
        self.pieces.extend(other.pieces);
        self.digits.extend(other.digits);
        Self::new(self.pieces, self.digits)
    }

    /// How many of them are found.
    pub(crate) fn found_in(&self, haystack: &str) -> usize {
        let pieces = self.pieces.iter().filter(|piece| haystack.contains(piece.as_str())).count();
        pieces + self.digits.iter().filter(|code| stands_alone(haystack, code)).count()
    }

    fn assert_absent(&self, place: &str, haystack: &str) {
        let found = self.found_in(haystack);
        assert_eq!(found, 0, "{found} pieces of a token, password, code or link in {place}");
    }
}

/// Whether it is found without another digit beside it; the fraction of a second in a log's time is none.
fn stands_alone(haystack: &str, code: &str) -> bool {
    haystack.match_indices(code).any(|(at, _)| {
        let before = haystack[..at].chars().next_back();
        let after = haystack[at + code.len()..].chars().next();
        let is_part = |beside: Option<char>| beside.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.');
        !is_part(before) && !is_part(after)
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files
}

/// Every file of the world: the app's data folder and logs, `WebKit`'s storage and cache, what the app
/// printed.
pub(crate) fn search_files(world: &World, canaries: &Canaries) -> usize {
    let files = files(world.environment().folder());
    for file in &files {
        let content = match std::fs::read(file) {
            Ok(content) => content,
            // Gone since it was listed, as WebKit's temporary files are.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => panic!("{}: {error}", file.display()),
        };
        canaries.assert_absent(&file.display().to_string(), &String::from_utf8_lossy(&content));
    }
    files.len()
}

/// Looks for them everywhere.
pub(crate) async fn search(world: &World, app: &App, canaries: &Canaries) -> Done {
    canaries.assert_absent("what the app printed", &app.printed()?);
    canaries.assert_absent("the page and its storage", &app.page().await?);
    let snapshot = app.snapshot().await?;
    assert!(snapshot.contains("\"revision\""), "the snapshot is one");
    canaries.assert_absent("a snapshot", &snapshot);
    for process in app.processes()? {
        canaries.assert_absent("the arguments of a process", &process.arguments.join(" "));
    }
    let names: Vec<_> =
        files(world.accounts_home()).into_iter().map(|path| path.display().to_string()).collect();
    assert!(names.iter().any(|name| name.ends_with("accounts.json")), "{names:?}");
    assert!(names.iter().any(|name| name.contains("/logs/")), "{names:?}");
    assert!(search_files(world, canaries) > 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_and_no_password_is_found_anywhere() -> Done {
    let world = world()?.start()?;
    let app = world.open_app().await?;
    log_in(&app).await?;
    let entries = world.entries()?;
    let canaries = Canaries::of(&entries.into_iter().map(|entry| entry.secret).collect::<Vec<_>>());
    let requests = world.sandbox.requests().await?;
    let canaries = canaries.and(Canaries::of_requests(&requests));
    assert!(
        canaries.found_in(&all_sent(&requests)) > 50,
        "the search finds what is there: the server saw it"
    );
    search(&world, &app, &canaries).await?;
    // A log-out that the server does not confirm: its tokens move to another entry, and a row says why.
    // It asks to be left alone, so that it is the click that pays.
    let away = serde_json::json!([{"path": "auth/logout", "fault": {"status": 503, "retryAfter": 600}}]);
    world.sandbox.set_faults(&away).await?;
    log_out(&app).await?;
    app.wait_until_visible("pending-row", SOON).await?;
    search(&world, &app, &canaries).await?;
    app.click("show-activity").await?;
    app.wait_until_visible("activity-line", SOON).await?;
    app.click("export-activity").await?;
    save_where_it_says(&world).await?;
    app.wait_for_text("notice", "userfront-accounts-activity", SOON).await?;
    search(&world, &app, &canaries).await?;
    app.click("leave-view").await?;
    world.sandbox.set_faults(&serde_json::json!([])).await?;
    app.wait_until_visible("retry-revocation", SOON).await?;
    app.click("retry-revocation").await?;
    app.wait_until_gone("pending-revocations", SOON).await?;
    search(&world, &app, &canaries).await?;
    app.stop().await?;
    search_files(&world, &canaries);
    Ok(())
}

pub(crate) fn all_sent(requests: &[SandboxRequest]) -> String {
    let sent = requests.iter().map(|request| format!("{:?} {}", request.headers, request.body));
    sent.collect::<Vec<_>>().join("\n")
}
