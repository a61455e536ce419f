//! No part of a token or a password where it could be read: logs, files, the page, its storage, arguments, output.

use std::path::{Path, PathBuf};

use test_rig::{App, World};

use crate::journey::{Done, PASSWORD, SOON, log_in, log_out, world};

/// What must not be found, in pieces that are long enough not to occur by chance.
struct Canaries(Vec<String>);

impl Canaries {
    /// The password, and each token's payload and signature in pieces of 16 characters. A token's header is no secret.
    fn of(tokens: &[String]) -> Self {
        let parts = tokens.iter().flat_map(|token| token.split('.').skip(1));
        let pieces = parts.flat_map(|part| part.as_bytes().chunks_exact(16));
        let mut all: Vec<String> = pieces.map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
        all.push(PASSWORD.to_owned());
        all.sort();
        all.dedup();
        assert!(all.len() > 50, "{} pieces prove little", all.len());
        Self(all)
    }

    fn found_in(&self, haystack: &str) -> usize {
        self.0.iter().filter(|piece| haystack.contains(piece.as_str())).count()
    }

    fn assert_absent(&self, place: &str, haystack: &str) {
        let found = self.found_in(haystack);
        assert_eq!(found, 0, "{found} pieces of a token or password in {place}");
    }
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

/// Every file of the world: the app's data folder and logs, `WebKit`'s storage and cache, what the app printed.
fn search_files(world: &World, canaries: &Canaries) -> usize {
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

async fn search(world: &World, app: &App, canaries: &Canaries) -> Done {
    canaries.assert_absent("what the app printed", &app.printed()?);
    canaries.assert_absent("the page and its storage", &app.page().await?);
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
    let sent: Vec<_> =
        requests.iter().map(|request| format!("{:?} {}", request.headers, request.body)).collect();
    let sent = sent.join("\n");
    assert!(canaries.found_in(&sent) > 50, "the search finds what is there: the server saw them all");
    search(&world, &app, &canaries).await?;
    // A log-out that the server does not confirm: its tokens move to another entry, and a row says why.
    world.sandbox.set_faults(&serde_json::json!([{"path": "auth/logout", "fault": {"status": 403}}])).await?;
    log_out(&app).await?;
    app.wait_until_visible("pending-row", SOON).await?;
    search(&world, &app, &canaries).await?;
    app.click("show-activity").await?;
    app.wait_until_visible("activity-line", SOON).await?;
    app.click("export-activity").await?;
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
