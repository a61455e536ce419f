//! The programs as they are shipped.

use std::process::Command;

/// As a release is built: without dev-dependencies and their features.
#[test]
fn the_programs_are_built_without_the_fakes() {
    for program in ["userfront-accounts", "userfront"] {
        let graph = ["--edges", "normal,build", "--prefix", "none", "--format", "{p} [{f}]"];
        let tree = Command::new(env!("CARGO"))
            .args(["tree", "--offline", "--locked", "--package", program])
            .args(graph)
            .output()
            .unwrap();
        let printed = String::from_utf8(tree.stdout).unwrap();
        assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
        let store: Vec<_> = printed.lines().filter(|line| line.starts_with("credential-store ")).collect();
        assert!(!store.is_empty(), "{program} keeps its tokens by it");
        for line in store {
            assert!(!line.contains("fakes"), "{program}: {line}");
        }
        for tool in ["userfront-sandbox ", "test-rig "] {
            assert!(!printed.lines().any(|line| line.starts_with(tool)), "{program} contains {tool}");
        }
    }
}
