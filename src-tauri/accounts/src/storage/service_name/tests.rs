use crate::storage::service_name::*;

#[test]
fn only_one_of_several_starting_programs_names_the_service() {
    for _ in 0..20 {
        let folder = tempfile::tempdir().unwrap();
        let named = |nth: usize| Services { name: format!("name-{nth}"), before: vec!["before".to_owned()] };
        let chosen: Vec<_> = std::thread::scope(|scope| {
            let begin = |nth: usize| {
                let folder = folder.path();
                scope.spawn(move || write_down(folder, &named(nth)).unwrap())
            };
            let threads: Vec<_> = (0..8).map(begin).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(chosen.iter().all(|services| *services == chosen[0]), "{chosen:?}");
        assert_eq!(write_down(folder.path(), &named(9)).unwrap(), chosen[0]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing unfinished is left");
    }
}
