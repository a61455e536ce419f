//! The effect of a refresh on the session: `--refresh-session`.

use userfront_sandbox::{RefreshSession, Server};

use crate::{
    assert_refused,
    common::{Tokens, tokens},
    get, server_with,
};

fn refreshing(refresh_session: RefreshSession) -> Server {
    server_with(|options| options.refresh_session = refresh_session)
}

fn refreshed(server: &Server, tokens: &Tokens) -> Tokens {
    Tokens::of(&get(server, "auth/refresh", &tokens.refresh))
}

fn alive(server: &Server) -> Vec<bool> {
    server.sessions().iter().map(|session| session.alive).collect()
}

#[test]
fn a_family_ends_as_a_whole_whichever_of_its_sessions_is_ended() {
    for nth in 0..3 {
        let server = refreshing(RefreshSession::RenameFamily);
        let mut all = vec![tokens(&server, "admin")];
        let other = tokens(&server, "member");
        for _ in 0..2 {
            let next = refreshed(&server, &all[all.len() - 1]);
            all.push(next);
        }
        assert_eq!(alive(&server), [true; 4]);
        assert_eq!(get(&server, "auth/logout", &all[nth].access).status, 200);
        for tokens in &all {
            assert_refused(&get(&server, "self", &tokens.access), 401, "Unauthorized");
            assert_refused(&get(&server, "auth/refresh", &tokens.refresh), 401, "Unauthorized");
        }
        assert_eq!(get(&server, "self", &other.access).status, 200);
    }
}

#[test]
fn a_refresh_token_that_comes_a_second_time_ends_the_session() {
    let server = refreshing(RefreshSession::ReuseEnds);
    let first = tokens(&server, "admin");
    let second = refreshed(&server, &first);
    let third = refreshed(&server, &second);
    assert_eq!(get(&server, "self", &third.access).status, 200);
    assert_refused(&get(&server, "auth/refresh", &first.refresh), 401, "Unauthorized");
    assert_refused(&get(&server, "self", &third.access), 401, "Unauthorized");
    assert_refused(&get(&server, "auth/refresh", &third.refresh), 401, "Unauthorized");
    assert_eq!(alive(&server), [false]);
}

#[test]
fn by_default_a_refresh_token_serves_more_than_once_and_one_log_out_ends_all_its_tokens() {
    let server = refreshing(RefreshSession::Keep);
    let first = tokens(&server, "admin");
    let renewed: Vec<_> = (0..3).map(|_| refreshed(&server, &first)).collect();
    assert_eq!(alive(&server), [true]);
    assert_eq!(get(&server, "auth/logout", &first.access).status, 200);
    for tokens in &renewed {
        assert_refused(&get(&server, "self", &tokens.access), 401, "Unauthorized");
        assert_refused(&get(&server, "auth/refresh", &tokens.refresh), 401, "Unauthorized");
    }
}
