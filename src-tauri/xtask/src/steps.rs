//! Named steps with durations.

use std::time::{Duration, Instant};

use crate::{fault::Fault, project::Project, shell::say};

/// One step of a task.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// The name for `--only` and the headings.
    pub(crate) name: &'static str,
    pub(crate) purpose: &'static str,
    pub(crate) perform: fn(&Project) -> Result<(), Fault>,
}

/// Performs `steps`, the first of `count`, in their order. A step's duration is printed when it ends.
pub(crate) fn perform(steps: &[Step], count: usize, project: &Project) -> Result<(), Fault> {
    let begin = Instant::now();
    for (index, step) in steps.iter().enumerate() {
        heading(index + 1, count, (step.name, step.purpose), begin.elapsed());
        let step_begin = Instant::now();
        (step.perform)(project).map_err(|fault| {
            Fault::new(format!(
                "step `{}` failed after {}: {fault}",
                step.name,
                seconds(step_begin.elapsed())
            ))
        })?;
        say(&format!("    {}: {}", step.name, seconds(step_begin.elapsed())));
    }
    Ok(())
}

/// Printed before the step, with the time since the task began.
pub(crate) fn heading(number: usize, of: usize, (name, purpose): (&str, &str), so_far: Duration) {
    say(&format!("\n[{number}/{of}] {name}: {purpose} (after {})", seconds(so_far)));
}

/// `12.3 s`, or `4 min 05 s` from two minutes on.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    if whole >= 120 {
        format!("{} min {:02} s", whole / 60, whole % 60)
    } else {
        format!("{:.1} s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn durations_are_readable() {
        assert_eq!(seconds(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(119)), "119.0 s");
        assert_eq!(seconds(Duration::from_secs(245)), "4 min 05 s");
    }

    #[test]
    fn the_first_failure_ends_the_task_and_names_its_step() {
        let fails = Step { name: "breaks", purpose: "p", perform: |_| Err(Fault::new("do this")) };
        let never = Step { name: "never", purpose: "p", perform: |_| Err(Fault::new("was performed")) };
        let fault =
            perform(&[fails, never], 2, &Project::at(Path::new("/nowhere"))).expect_err("a step fails");
        assert!(fault.to_string().contains("`breaks`") && fault.to_string().contains("do this"), "{fault}");
    }
}
