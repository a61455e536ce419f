//! What one file uses: `use`, paths that begin with `crate`, `super` or `self`, and the methods that it calls
//! on `self`, on a parameter, on a field or on a clone of these, in macros as well.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};

pub(crate) type Module = Vec<String>;
/// A type and a method of it.
pub(crate) type Method = (String, String);
/// A type and a field of it.
pub(crate) type Field = (String, String);

/// The paths of one file, from the root of its crate.
#[derive(Default)]
pub(crate) struct Paths {
    module: Module,
    fields: BTreeMap<Field, String>,
    /// The types of `self`, the parameters and the clones of them.
    types: BTreeMap<String, String>,
    pub(crate) used: BTreeSet<Module>,
    /// The names that the file has by a `use`, with their paths.
    pub(crate) imported: BTreeMap<String, Module>,
    pub(crate) methods: BTreeSet<Method>,
    pub(crate) calls: BTreeSet<Method>,
}

/// The fields of the structs in a file, with the names of their types.
pub(crate) fn fields_of(file: &syn::File) -> Vec<(Field, String)> {
    let structs = file.items.iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(item),
        _ => None,
    });
    let fields = structs.flat_map(|item| item.fields.iter().map(move |field| (&item.ident, field)));
    let named = fields.filter_map(|(item, field)| {
        Some(((item.to_string(), field.ident.as_ref()?.to_string()), name_of(&field.ty)?))
    });
    named.collect()
}

/// The name of a type behind references, `Arc`, `Box` and the state of Tauri.
fn name_of(ty: &syn::Type) -> Option<String> {
    let path = match ty {
        syn::Type::Reference(reference) => return name_of(&reference.elem),
        syn::Type::Path(path) => path.path.segments.last()?,
        _ => return None,
    };
    let syn::PathArguments::AngleBracketed(arguments) = &path.arguments else {
        return Some(path.ident.to_string());
    };
    if !["Arc", "Box", "State"].iter().any(|name| path.ident == name) {
        return Some(path.ident.to_string());
    }
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => name_of(ty),
        _ => None,
    })
}

fn parts(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|part| part.ident.to_string()).collect()
}

impl Paths {
    pub(crate) fn of(module: &Module, file: &syn::File, fields: &BTreeMap<Field, String>) -> Self {
        let mut paths = Self { module: module.clone(), fields: fields.clone(), ..Self::default() };
        paths.visit_file(file);
        paths
    }

    fn whole(&self, path: &[String]) -> Module {
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
        base
    }

    fn add(&mut self, path: &[String]) {
        let path = self.whole(path);
        if path != self.module {
            self.used.insert(path);
        }
    }

    fn import(&mut self, path: &[String], name: &syn::Ident) {
        self.add(path);
        self.imported.insert(name.to_string(), self.whole(path));
    }

    fn add_tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.add_tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) if name.ident == "self" => self.add(before),
            syn::UseTree::Name(name) => self.import(&with(&name.ident), &name.ident),
            syn::UseTree::Rename(rename) => self.import(&with(&rename.ident), &rename.rename),
            syn::UseTree::Glob(_) => self.add(before),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.add_tree(before, tree)),
        }
    }

    fn type_of(&self, expression: &syn::Expr) -> Option<String> {
        match expression {
            syn::Expr::Path(path) => self.types.get(&path.path.get_ident()?.to_string()).cloned(),
            syn::Expr::Reference(reference) => self.type_of(&reference.expr),
            syn::Expr::MethodCall(call) if call.method == "clone" => self.type_of(&call.receiver),
            syn::Expr::Field(field) => {
                let syn::Member::Named(name) = &field.member else { return None };
                self.fields.get(&(self.type_of(&field.base)?, name.to_string())).cloned()
            }
            _ => None,
        }
    }

    fn bind(&mut self, pattern: &syn::Pat, value: &syn::Expr) {
        match (pattern, value) {
            (syn::Pat::Tuple(patterns), syn::Expr::Tuple(values)) => {
                patterns.elems.iter().zip(&values.elems).for_each(|(it, value)| self.bind(it, value));
            }
            (syn::Pat::Ident(name), value) => match self.type_of(value) {
                Some(ty) => drop(self.types.insert(name.ident.to_string(), ty)),
                None => drop(self.types.remove(&name.ident.to_string())),
            },
            _ => {}
        }
    }

    /// Reads the parameters of a function, and then its body.
    fn in_function(&mut self, signature: &syn::Signature, visit: impl FnOnce(&mut Self)) {
        let around = self.types.clone();
        for input in &signature.inputs {
            if let syn::FnArg::Typed(typed) = input
                && let (syn::Pat::Ident(name), Some(ty)) = (&*typed.pat, name_of(&typed.ty))
            {
                self.types.insert(name.ident.to_string(), ty);
            }
        }
        visit(self);
        self.types = around;
    }
}

fn is_test(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute.parse_args::<syn::Path>().is_ok_and(|it| it.is_ident("test"))
}

impl Visit<'_> for Paths {
    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        if item.content.is_some() && !item.attrs.iter().any(is_test) {
            self.module.push(item.ident.to_string());
            visit::visit_item_mod(self, item);
            self.module.pop();
        }
    }

    fn visit_item_use(&mut self, item: &syn::ItemUse) {
        self.add_tree(&[], &item.tree);
    }

    fn visit_path(&mut self, path: &syn::Path) {
        let mut parts = parts(path);
        if ["crate", "super", "self"].contains(&parts[0].as_str()) && parts.len() > 1 {
            self.add(&parts);
        }
        if let (Some(method), Some(ty)) = (parts.pop(), parts.pop()) {
            let ty = if ty == "Self" { self.types.get("self").cloned().unwrap_or(ty) } else { ty };
            self.calls.insert((ty, method));
        }
        visit::visit_path(self, path);
    }

    fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
        let around = self.types.clone();
        if let Some(ty) = name_of(&item.self_ty) {
            let functions = item.items.iter().filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            });
            if item.trait_.is_none() {
                self.methods.extend(functions.map(|function| (ty.clone(), function)));
            }
            self.types.insert("self".to_owned(), ty);
        }
        visit::visit_item_impl(self, item);
        self.types = around;
    }

    fn visit_impl_item_fn(&mut self, method: &syn::ImplItemFn) {
        self.in_function(&method.sig, |paths| visit::visit_impl_item_fn(paths, method));
    }

    fn visit_item_fn(&mut self, function: &syn::ItemFn) {
        self.in_function(&function.sig, |paths| visit::visit_item_fn(paths, function));
    }

    fn visit_local(&mut self, local: &syn::Local) {
        visit::visit_local(self, local);
        if let Some(init) = &local.init {
            self.bind(&local.pat, &init.expr);
        }
    }

    fn visit_expr_method_call(&mut self, call: &syn::ExprMethodCall) {
        if let Some(ty) = self.type_of(&call.receiver) {
            self.calls.insert((ty, call.method.to_string()));
        }
        visit::visit_expr_method_call(self, call);
    }

    /// The words of a macro, of which only its own crate knows what they mean.
    fn visit_macro(&mut self, item: &syn::Macro) {
        let text = item.tokens.to_string().replace('(', " ( ").replace("::", " :: ");
        let words: Vec<&str> = text.split_whitespace().collect();
        for (place, word) in words.iter().enumerate() {
            let after = &words[place + 1..];
            if let (Some(ty), [".", method, "(", ..]) = (self.types.get(*word), after) {
                self.calls.insert((ty.clone(), (*method).to_owned()));
            }
            if *word == "crate" {
                let parts = after.chunks(2).take_while(|pair| pair[0] == "::").filter_map(|pair| pair.get(1));
                let path: Vec<String> = parts.map(|part| (*part).to_owned()).collect();
                self.add(&[vec!["crate".to_owned()], path].concat());
            }
        }
        visit::visit_macro(self, item);
    }
}
