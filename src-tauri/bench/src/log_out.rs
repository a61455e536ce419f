//! From the click to the painted login form, beside the same HTTP call and the same keyring deletes done
//! bare.

use test_rig::RigError;
use test_rig::journey::log_in;

use crate::bare::Bare;
use crate::page::{LOGIN_SCREEN, painted};
use crate::stage::Stage;
use crate::table::Row;
use crate::toolkit::Toolkit;
use crate::turns::{Column, take};

/// How long the server takes for its answer, in ms.
const LATENCIES: [u64; 3] = [0, 50, 200];

pub(crate) async fn measure(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let worlds = stage.worlds(&[])?;
    // It empties the sandbox.
    let mut toolkit = Toolkit::start(&worlds.ours)?;
    let bare = Bare::new(&worlds.ours).await?;
    let apps = worlds.open_apps().await?;
    let click = "document.querySelector('[data-testid=log-out]').click()";
    let columns = stage.columns(&[Column::Ours, Column::Floor, Column::Peer]);
    let mut rows = Vec::new();
    for latency in LATENCIES {
        worlds.answer_log_outs_after(latency).await?;
        let samples = take(stage.turns, &columns, async |column| match column {
            Column::Floor => {
                let session = bare.log_in("demo1234", "admin").await?;
                bare.log_out(session).await
            }
            Column::Peer => {
                toolkit.log_in()?;
                toolkit.log_out()
            }
            Column::Ours | Column::Before => {
                let app = apps.of(column);
                log_in(app).await?;
                painted(app, click, LOGIN_SCREEN).await
            }
        });
        let what = format!("log-out, click to painted login form, server latency {latency} ms");
        let row = Row::new(format!("log-out-{latency}"), what, "ms", &samples.await?);
        rows.push(row.floor_is("the call on a warm connection, two deletes, a frame"));
    }
    apps.stop().await?;
    toolkit.end()?;
    Ok(rows)
}
