//! `userfront log-out` as a whole process, beside a bare program for the same work (`bin/bare-log-out.rs`).

use test_rig::RigError;

use crate::bare::{BARE_SERVICE, Bare};
use crate::stage::Stage;
use crate::table::Row;
use crate::turns::{Column, ms, take};
use crate::userfront::{log_in, time_of, userfront};

pub(crate) async fn measure(stage: &Stage) -> Result<Vec<Row>, RigError> {
    let worlds = stage.worlds(&[])?;
    let bare = Bare::new(&worlds.ours).await?;
    let program = stage.beside("bare-log-out")?;
    let columns = stage.columns(&[Column::Ours, Column::Floor]);
    let samples = take(stage.turns, &columns, async |column| {
        let world = worlds.of(column);
        let took = if column == Column::Floor {
            let session = bare.log_in("demo1234", "admin").await?;
            let mut command = world.environment().command(&program);
            time_of(command.args([BARE_SERVICE, &session.account]), "")?
        } else {
            log_in(world, "demo1234", "admin")?;
            userfront(world, &["log-out"])?
        };
        world.sandbox.wait_until_none_is_alive(std::time::Duration::from_secs(5)).await?;
        Ok(ms(took))
    });
    let row = Row::new("command-log-out", "`userfront log-out`, whole process", "ms", &samples.await?);
    Ok(vec![row.floor_is("a program of one read, one call and two deletes")])
}
