//! Which file of a crate uses which. A module may use its parts, and a part its module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::paths::{Field, Method, Module, Paths, fields_of};

/// The files of a crate, by their module, with the modules that each uses.
pub(crate) struct Files(BTreeMap<Module, BTreeSet<Module>>);

impl Files {
    /// Reads the crate whose sources lie in this folder.
    pub(crate) fn read(source: &Path) -> Self {
        let mut parsed = BTreeMap::new();
        read_folder(source, &mut Vec::new(), &mut parsed);
        Self::of(&parsed)
    }

    pub(crate) fn of(parsed: &BTreeMap<Module, syn::File>) -> Self {
        let fields = parsed.values().flat_map(fields_of).collect::<BTreeMap<Field, String>>();
        let found: BTreeMap<Module, Paths> =
            parsed.iter().map(|(module, file)| (module.clone(), Paths::of(module, file, &fields))).collect();
        let mut defined: BTreeMap<&Method, BTreeSet<&Module>> = BTreeMap::new();
        for (module, paths) in &found {
            for method in &paths.methods {
                defined.entry(method).or_default().insert(module);
            }
        }
        let file_of = |method: &Method| {
            let modules = defined.get(method)?;
            // Types of the same name cannot be told apart.
            (modules.len() == 1).then(|| (*modules.first().unwrap()).clone())
        };
        let edges = |paths: &Paths| {
            let mut edges: BTreeSet<Module> = paths.calls.iter().filter_map(file_of).collect();
            paths.used.iter().for_each(|path| resolve(path, &found, &mut edges));
            edges
        };
        Self(found.iter().map(|(module, paths)| (module.clone(), edges(paths))).collect())
    }

    /// Uses of another file, a part's of its module aside.
    pub(crate) fn edges(&self) -> usize {
        self.0.iter().map(|(module, used)| used.iter().filter(|used| !module.starts_with(used)).count()).sum()
    }

    /// Groups of files that use each other in a circle, as the arrows between them. A circle of a module and
    /// its parts alone is none: within one module each way between them counts, but not both together.
    pub(crate) fn circles(&self) -> BTreeSet<Vec<String>> {
        let anywhere = |_: &[&Module]| true;
        let in_no_module =
            |group: &[&Module]| !group.iter().any(|module| group.iter().all(|part| part.starts_with(module)));
        let downward = self.circles_along(|from, to| !from.starts_with(to), anywhere);
        let upward = self.circles_along(|from, to| !to.starts_with(from), anywhere);
        let both = self.circles_along(|_, _| true, in_no_module);
        [downward, upward, both].concat().into_iter().collect()
    }

    fn circles_along(
        &self,
        counts: fn(&Module, &Module) -> bool,
        is_circle: fn(&[&Module]) -> bool,
    ) -> Vec<Vec<String>> {
        let used = |from: &Module| self.0[from].iter().filter(move |to| counts(from, to)).collect::<Vec<_>>();
        let reach = |from: &Module| {
            let (mut reached, mut next) = (BTreeSet::new(), used(from));
            while let Some(module) = next.pop() {
                if reached.insert(module) {
                    next.extend(used(module));
                }
            }
            reached
        };
        let reach: BTreeMap<&Module, BTreeSet<&Module>> = self.0.keys().map(|it| (it, reach(it))).collect();
        let circle = |module: &Module| -> Vec<String> {
            let is_around = |other: &Module| reach[module].contains(other) && reach[other].contains(module);
            let around: Vec<_> = self.0.keys().filter(|other| is_around(other)).collect();
            if !is_circle(&around) {
                return Vec::new();
            }
            let arrows = around.into_iter().flat_map(|from| used(from).into_iter().map(move |to| (from, to)));
            arrows.filter(|(_, to)| is_around(to)).map(|(from, to)| arrow(from, to)).collect()
        };
        self.0.keys().map(circle).filter(|circle| !circle.is_empty()).collect()
    }

    /// Uses of a floor above, `floors` from the lowest up.
    pub(crate) fn upward(&self, floors: &[&str]) -> Vec<String> {
        let floor =
            |module: &Module| floors.iter().position(|floor| module.first().is_some_and(|it| it == floor));
        let mut upward = Vec::new();
        for (module, used) in &self.0 {
            // The root lists what the crate shows to others.
            let Some(own) = floor(module) else {
                assert!(module.is_empty(), "{module:?} is on no floor");
                continue;
            };
            let above = used.iter().filter(|used| floor(used).is_some_and(|other| other > own));
            upward.extend(above.map(|used| arrow(module, used)));
        }
        upward
    }
}

fn arrow(from: &Module, to: &Module) -> String {
    format!("{} uses {}", from.join("::"), to.join("::"))
}

fn read_folder(folder: &Path, module: &mut Module, parsed: &mut BTreeMap<Module, syn::File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            module.push(name);
            read_folder(&path, module, parsed);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") && name != "tests" {
            let mut own = module.clone();
            if !["mod", "lib", "main"].contains(&name.as_str()) {
                own.push(name);
            }
            parsed.insert(own, syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap());
        }
    }
}

/// Adds the file in which a path begins (of its longest part that is a module), and the file that this one
/// has the name from.
fn resolve(path: &[String], found: &BTreeMap<Module, Paths>, edges: &mut BTreeSet<Module>) {
    let prefixes = (0..=path.len()).rev().map(|length| &path[..length]);
    let Some(module) = prefixes.into_iter().find(|module| found.contains_key(*module)) else { return };
    edges.insert(module.to_vec());
    let Some(name) = path.get(module.len()) else { return };
    if let Some(target) = found[module].imported.get(name).filter(|target| target.as_slice() != path) {
        let rest = &path[module.len() + 1..];
        resolve(&[target, rest].concat(), found, edges);
    }
}
