//! Sizes of the binaries, and of what the page loads.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use test_rig::RigError;

use crate::stage::{Stage, unexpected};
use crate::start::BLANK;
use crate::table::Row;
use crate::turns::{Column, Samples};

const DIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/dist");
const TOOLKIT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../sandbox/conformance/node_modules/@userfront/toolkit/dist/web-component.umd.js"
);

pub(crate) fn measure(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let (mut app, mut command) = (Samples::default(), Samples::default());
    for column in stage.builds() {
        let programs = stage.programs(column);
        app.add(column, megabytes(&programs.app)?);
        command.add(column, megabytes(&programs.userfront())?);
    }
    app.add(Column::Floor, megabytes(&stage.beside(BLANK)?)?);
    command.add(Column::Floor, megabytes(&stage.beside("bare-log-out")?)?);

    let index = read(&Path::new(DIST).join("index.html"))?;
    let (mut first, mut all) = (Samples::default(), Samples::default());
    let toolkit = zipped(Path::new(TOOLKIT))?;
    let (mut kilobytes_first, mut kilobytes_all) = (0.0, 0.0);
    for file in scripts_and_styles(Path::new(DIST))? {
        let size = zipped(&file)?;
        kilobytes_all += size;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if index.contains(&*name) {
            kilobytes_first += size;
        }
    }
    for (samples, kilobytes) in [(&mut first, kilobytes_first), (&mut all, kilobytes_all)] {
        samples.add(Column::Ours, kilobytes);
        samples.add(Column::Peer, toolkit);
    }
    let peer = "the toolkit's script";
    Ok(vec![
        Row::new("binary", "the app's binary", "MB", &app).floor_is("a blank Tauri app"),
        Row::new("binary-command", "`userfront`, binary", "MB", &command).floor_is("the bare log-out"),
        Row::new("page-first", "JS and CSS of the first view, gzip", "kB", &first).peer_is(peer),
        Row::new("page-all", "JS and CSS of all views, gzip", "kB", &all).peer_is(peer),
    ])
}

fn scripts_and_styles(folder: &Path) -> Result<Vec<PathBuf>, RigError> {
    let failed = |error: std::io::Error| unexpected(&format!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            files.extend(scripts_and_styles(&path)?);
        } else if path.extension().is_some_and(|it| it == "js" || it == "css") {
            files.push(path);
        }
    }
    Ok(files)
}

fn megabytes(file: &Path) -> Result<f64, RigError> {
    let bytes =
        fs::metadata(file).map_err(|error| unexpected(&format!("{}: {error}", file.display())))?.len();
    #[expect(clippy::cast_precision_loss, reason = "no file is that large")]
    Ok(bytes as f64 / 1e6)
}

/// In kB.
fn zipped(file: &Path) -> Result<f64, RigError> {
    let failed = |why: String| unexpected(&format!("gzip {}: {why}", file.display()));
    let mut gzip = Command::new("gzip");
    let output = gzip.args(["-9", "--stdout"]).arg(file).stderr(Stdio::inherit()).output();
    let output = output.map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    #[expect(clippy::cast_precision_loss, reason = "no file is that large")]
    Ok(output.stdout.len() as f64 / 1e3)
}

fn read(file: &Path) -> Result<String, RigError> {
    fs::read_to_string(file).map_err(|error| unexpected(&format!("{}: {error}", file.display())))
}
