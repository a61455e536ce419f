//! `cargo xtask fuzz`: hostile input for what reads text from outside. Not part of `test`: it takes as long
//! as it is given.
//!
//! The fuzzer is libFuzzer, by way of cargo-fuzz. No sanitizer: the code under test has no `unsafe`, and
//! without one the stable toolchain serves. It begins with the seeds of `src-tauri/fuzz/corpus` and keeps
//! what it learns under `target/fuzz`, so that a second run goes on where the first one ended. Input that
//! breaks something lies in `src-tauri/fuzz/artifacts`.

use std::{env, ffi::OsString, fs, iter, time::Instant};

use crate::{
    fault::Fault,
    install,
    project::Project,
    shell::{Program, say},
    steps::{heading, seconds},
};

/// The fuzz targets, and their longest input in bytes: a little more than the code accepts.
const TARGETS: [(&str, &str, u32); 2] = [
    ("link", "links that are pasted, or come by the system", 4_500),
    ("claims", "the claims of tokens that a server sends", 8_192),
];

/// Fuzzes every target for so long.
pub(crate) fn run(project: &Project, seconds_each: u32) -> Result<(), Fault> {
    if cfg!(windows) {
        return Err(Fault::new("cargo-fuzz does not run on Windows: use Linux or macOS"));
    }
    let begin = Instant::now();
    install::system_packages(project)?;
    install::cargo_fuzz(project)?;
    for (index, (name, purpose, longest)) in TARGETS.into_iter().enumerate() {
        heading(index + 1, TARGETS.len(), (name, purpose), begin.elapsed());
        fuzz(project, name, longest, seconds_each)?;
    }
    say(&format!("\nNothing was broken, in {}.", seconds(begin.elapsed())));
    Ok(())
}

fn fuzz(project: &Project, name: &str, longest: u32, seconds: u32) -> Result<(), Fault> {
    let learned = project.fuzz_target().join("corpus").join(name);
    fs::create_dir_all(&learned).map_err(Fault::file(&learned))?;
    Program::cargo(project)
        .env("PATH", tools_first(project)?)
        .args(["fuzz", "run", "--sanitizer", "none", "--debug-assertions", "--fuzz-dir"])
        .args([project.fuzz(), "--target-dir".into(), project.fuzz_target(), name.into()])
        // The first is written to, the second only read.
        .args([learned, project.fuzz().join("corpus").join(name)])
        .args(["--", "-print_final_stats=1", "-timeout=10"])
        .args([format!("-max_total_time={seconds}"), format!("-max_len={longest}")])
        .run()
        .map_err(|fault| {
            Fault::new(format!(
                "{fault}\nIf an input broke it, the input lies in src-tauri/fuzz/artifacts/{name}. Mend \
                 the code, and keep the input as a seed in src-tauri/fuzz/corpus/{name}."
            ))
        })
}

/// `cargo fuzz` is found by the search path.
fn tools_first(project: &Project) -> Result<OsString, Fault> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(iter::once(project.tools().join("bin")).chain(env::split_paths(&path)))
        .map_err(|error| Fault::new(format!("the folder of the tools cannot stand in the PATH: {error}")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_target_has_its_code_and_its_seeds() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
        let fuzz = Project::at(root).fuzz();
        for (name, _, longest) in TARGETS {
            assert!(fuzz.join("targets").join(name).with_extension("rs").is_file(), "{name}");
            let seeds: Vec<_> = fs::read_dir(fuzz.join("corpus").join(name)).unwrap().collect();
            assert!(seeds.len() >= 10, "{name}");
            for seed in seeds {
                assert!(seed.unwrap().metadata().unwrap().len() <= u64::from(longest), "{name}");
            }
        }
    }

    #[test]
    fn the_tools_are_found_before_anything_else() {
        let path = tools_first(&Project::at(Path::new("/checkout"))).unwrap();
        assert_eq!(env::split_paths(&path).next().unwrap(), Path::new("/checkout/target/tools/bin"));
    }
}
