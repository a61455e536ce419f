//! From Enter in the password form to the painted account, beside the same HTTP calls and keyring writes done
//! bare.

use test_rig::RigError;
use test_rig::journey::{PASSWORD, USER, VIEW, choose_tenant};

use crate::bare::{Bare, FRAME_MS};
use crate::page::{ACCOUNT, LOGIN_SCREEN, painted, painted_after_enter};
use crate::stage::Stage;
use crate::table::Row;
use crate::toolkit::Toolkit;
use crate::turns::{Column, take};

pub(crate) async fn measure(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let worlds = stage.worlds(&[])?;
    // It empties the sandbox.
    let mut toolkit = Toolkit::start(&worlds.ours)?;
    let bare = Bare::new(&worlds.ours).await?;
    let apps = worlds.open_apps().await?;
    let log_out = "document.querySelector('[data-testid=log-out]').click()";
    let columns = stage.columns(&[Column::Ours, Column::Floor, Column::Peer]);
    let samples = take(stage.turns, &columns, async |column| match column {
        Column::Floor => {
            let session = bare.log_in("demo1234", "admin").await?;
            let took = session.took;
            bare.log_out(session).await?;
            Ok(took + FRAME_MS)
        }
        Column::Peer => {
            let took = toolkit.log_in()?;
            toolkit.log_out()?;
            Ok(took)
        }
        Column::Ours | Column::Before => {
            let app = apps.of(column);
            choose_tenant(app).await?;
            app.type_text("email-or-username", USER).await?;
            app.type_text("password", PASSWORD).await?;
            let took = painted_after_enter(app, "password", ACCOUNT).await?;
            app.wait_for_text("profile-name", "Admin", VIEW).await?;
            painted(app, log_out, LOGIN_SCREEN).await?;
            Ok(took)
        }
    });
    let row = Row::new("log-in", "log-in, Enter to painted account", "ms", &samples.await?);
    apps.stop().await?;
    toolkit.end()?;
    Ok(vec![row.floor_is("the call on a warm connection, two writes, a frame")])
}
