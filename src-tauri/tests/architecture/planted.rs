//! The test of the test: circles and arrows that are planted in a sample are found.

use crate::files::Files;

/// The files of a crate with the floors `low` and `high`; `low` is of these two files.
fn sample(one: &str, other: &str) -> Files {
    let root = "pub use high::view::Health; pub use low::Accounts;";
    let low = "pub struct Accounts; pub(crate) struct Step { accounts: Accounts }";
    let high =
        "pub struct Health; impl Health { pub fn of() {} } impl Accounts { pub fn overview(&self) {} }";
    let files = [("", root), ("low", low), ("low::one", one), ("low::other", other), ("high::view", high)];
    crate_of(&files)
}

fn crate_of(files: &[(&str, &str)]) -> Files {
    let parsed = files.iter().map(|(module, text)| {
        let module = module.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect();
        (module, syn::parse_file(text).unwrap())
    });
    Files::of(&parsed.collect())
}

#[test]
fn a_circle_of_uses_and_calls_is_found() {
    let called = "impl Accounts { fn called(&self) {} }";
    for other in [
        "use crate::low::one::Thing; impl Accounts { fn called(&self) {} }".to_owned(),
        format!("{called} fn f() {{ crate::low::one::f() }}"),
        format!("{called} impl Accounts {{ fn f(&self) {{ self.calls() }} }}"),
        format!("{called} impl Accounts {{ fn f(&self) {{ let all = self.clone(); all.calls() }} }}"),
        format!("{called} impl Accounts {{ fn f(&self) {{ tokio::join!(self.calls(), g()) }} }}"),
        format!("{called} impl Accounts {{ fn f(&self) {{ g(Self::calls) }} }}"),
        format!("{called} impl Step {{ fn f(&self) {{ self.accounts.calls() }} }}"),
        format!("{called} fn f(all: &Accounts) {{ all.calls() }}"),
        format!("{called} #[cfg(unix)] mod unix {{ use super::super::one::Thing; }}"),
    ] {
        let one = "pub struct Thing; impl Accounts { fn calls(&self) { self.called() } }";
        let circle = vec!["low::one uses low::other".to_owned(), "low::other uses low::one".to_owned()];
        assert_eq!(sample(one, &other).circles(), [circle].into(), "{other}");
    }
}

#[test]
fn a_circle_by_way_of_a_part_and_its_module_is_found() {
    let (module, part) = ("use crate::other::f; mod part;", "use super::g;");
    let other = "use crate::module::part::h;";
    let files = crate_of(&[("", ""), ("module", module), ("module::part", part), ("other", other)]);
    let arrows = ["module uses other", "module::part uses module", "other uses module::part"];
    assert_eq!(files.circles(), [arrows.map(str::to_owned).to_vec()].into());
}

#[test]
fn a_circle_that_goes_down_into_one_module_and_up_out_of_another_is_found() {
    let files = crate_of(&[
        ("", ""),
        ("a", "mod p; use crate::a::p::one;"),
        ("a::p", "use crate::b::q::two;"),
        ("b", "mod q; use crate::a::three;"),
        ("b::q", "use super::four;"),
    ]);
    let arrows = ["a uses a::p", "a::p uses b::q", "b uses a", "b::q uses b"];
    assert_eq!(files.circles(), [arrows.map(str::to_owned).to_vec()].into());
}

#[test]
fn an_upward_arrow_is_found() {
    for one in [
        "use crate::high::view::Health;",
        "use crate::Health;",
        "fn f() { crate::Health::of() }",
        "impl Accounts { fn f(&self) { self.overview() } }",
        "#[cfg(unix)] mod unix { use crate::Health; }",
    ] {
        assert_eq!(sample(one, "").upward(&["low", "high"]), ["low::one uses high::view"], "{one}");
    }
}

#[test]
fn tests_and_parts_that_use_their_module_are_left_alone() {
    let one = "use super::Step; #[cfg(test)] mod tests { use crate::Health; }";
    let files = sample(one, "use crate::low::one;");
    assert_eq!((files.circles(), files.upward(&["low", "high"])), ([].into(), vec![]));
}
