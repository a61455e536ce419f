//! The real `userfront` on a real server and a real keyring: each command, auth method and exit code, and
//! no secret anywhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod auth_methods;
mod browser;
mod conversation;
mod erase;
mod evidence;
mod foreign;
mod interrupted;
mod keeping;
mod machine;
mod output;
mod over;
mod pasted;
mod prompts;
mod refreshing;
mod said;
mod second_factors;
mod service_names;
mod sessions;
mod settings;
mod terminal;
mod unwritten;
