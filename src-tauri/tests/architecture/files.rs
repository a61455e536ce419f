//! Which file of a crate uses which, as its paths say: `use` and paths that begin with `crate`, `super` or
//! `self`, and what a method of the domain calls on `self`. A module may use its parts, and a part its
//! module.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::{self, Visit};

type Module = Vec<String>;

/// The files of a crate, by their module, with the modules that each uses.
pub(crate) struct Files {
    uses: BTreeMap<Module, BTreeSet<Module>>,
    /// What a method of `Accounts` calls on `self`, by the modules that define it.
    calls: BTreeMap<Module, BTreeSet<Module>>,
}

impl Files {
    /// Reads the crate whose sources lie in this folder.
    pub(crate) fn read(source: &Path) -> Self {
        let mut parsed = BTreeMap::new();
        read_folder(source, &mut Vec::new(), &mut parsed);
        let modules: BTreeSet<Module> = parsed.keys().cloned().collect();
        let mut found: BTreeMap<Module, Paths> = BTreeMap::new();
        for (module, file) in &parsed {
            let mut paths = Paths { module: module.clone(), ..Paths::default() };
            paths.visit_file(file);
            found.insert(module.clone(), paths);
        }
        let mut defined: BTreeMap<&str, Vec<&Module>> = BTreeMap::new();
        for (module, paths) in &found {
            for method in &paths.methods {
                defined.entry(method).or_default().push(module);
            }
        }
        let calls = |paths: &Paths| {
            let defined = paths.calls.iter().filter_map(|method| defined.get(method.as_str()));
            defined.filter(|modules| modules.len() == 1).map(|modules| modules[0].clone()).collect()
        };
        let uses = |paths: &Paths| paths.used.iter().filter_map(|path| file_of(path, &modules)).collect();
        Self {
            calls: found.iter().map(|(module, paths)| (module.clone(), calls(paths))).collect(),
            uses: found.iter().map(|(module, paths)| (module.clone(), uses(paths))).collect(),
        }
    }

    /// Groups of files that use each other in a circle.
    pub(crate) fn circles(&self) -> Vec<Vec<String>> {
        let reach: BTreeMap<&Module, BTreeSet<&Module>> =
            self.uses.keys().map(|module| (module, self.reach(module))).collect();
        let circle = |module: &Module| -> Vec<String> {
            let around = reach[module].iter().filter(|other| reach[**other].contains(module));
            around.map(|module| module.join("::")).collect()
        };
        let circles: BTreeSet<_> = self.uses.keys().map(circle).filter(|circle| circle.len() > 1).collect();
        circles.into_iter().collect()
    }

    fn reach(&self, from: &Module) -> BTreeSet<&Module> {
        let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(module) = next.pop() {
            for used in self.uses[module].iter().filter(|used| !module.starts_with(used)) {
                if reached.insert(used) {
                    next.push(used);
                }
            }
        }
        reached
    }

    /// Uses and calls of a floor above, `floors` from the lowest up.
    pub(crate) fn upward(&self, floors: &[&str]) -> Vec<String> {
        let floor =
            |module: &Module| floors.iter().position(|floor| module.first().is_some_and(|it| it == floor));
        let mut upward = Vec::new();
        for (module, used) in self.uses.iter().chain(&self.calls) {
            // The root lists what the crate shows to others.
            let Some(own) = floor(module) else {
                assert!(module.is_empty(), "{module:?} is on no floor");
                continue;
            };
            let above = used.iter().filter(|used| floor(used).is_some_and(|other| other > own));
            upward.extend(above.map(|used| format!("{} uses {}", module.join("::"), used.join("::"))));
        }
        upward
    }
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

/// The file in which a path begins: of its longest part that is a module.
fn file_of(path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    (0..=path.len()).rev().map(|length| path[..length].to_vec()).find(|module| modules.contains(module))
}

/// The paths of one file, from the root of its crate.
#[derive(Default)]
struct Paths {
    module: Module,
    used: BTreeSet<Module>,
    methods: BTreeSet<String>,
    calls: BTreeSet<String>,
    in_accounts: bool,
}

impl Paths {
    fn add(&mut self, path: &[String]) {
        let (mut base, mut rest) = (self.module.clone(), path);
        match path.first().map(String::as_str) {
            Some("crate") => (base, rest) = (Vec::new(), &path[1..]),
            Some("self") => rest = &path[1..],
            Some("super") => {
                while rest.first().is_some_and(|part| part == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            // A part of this module, or another crate, which then is no module of this one.
            _ => {}
        }
        base.extend_from_slice(rest);
        if base != self.module {
            self.used.insert(base);
        }
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) if name.ident == "self" => self.add(before),
            syn::UseTree::Name(name) => self.add(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.add(&with(&rename.ident)),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before, tree)),
        }
    }
}

impl Visit<'_> for Paths {
    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        let is_test = |attribute: &syn::Attribute| attribute.path().is_ident("cfg");
        if item.content.is_none() || !item.attrs.iter().any(is_test) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        if ["crate", "super", "self"].contains(&parts[0].as_str()) && parts.len() > 1 {
            self.add(&parts);
        }
        visit::visit_path(self, path);
    }

    fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
        let of_accounts = matches!(&*item.self_ty, syn::Type::Path(of) if of.path.is_ident("Accounts"));
        self.in_accounts = of_accounts && item.trait_.is_none();
        visit::visit_item_impl(self, item);
        self.in_accounts = false;
    }

    fn visit_impl_item_fn(&mut self, method: &syn::ImplItemFn) {
        if self.in_accounts {
            self.methods.insert(method.sig.ident.to_string());
        }
        visit::visit_impl_item_fn(self, method);
    }

    fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
        let on_accounts = matches!(&*call.receiver, syn::Expr::Path(receiver)
            if receiver.path.is_ident("accounts") || receiver.path.is_ident("self"));
        if on_accounts && self.in_accounts {
            self.calls.insert(call.method.to_string());
        }
        visit::visit_expr_method_call(self, call);
    }
}
