//! The real `userfront` on a real server and a real keyring: each command, auth method and exit code, and
//! no secret anywhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod advice;
mod auth_methods;
mod browser;
mod completions;
mod conversation;
mod ended_sessions;
mod erase;
mod evidence;
mod foreign;
mod interrupted;
mod list;
mod log_out_several;
mod machine;
mod notices;
mod output;
mod pasted;
mod picker;
mod prompts;
mod refreshing;
mod same_name;
mod second_factors;
mod service_names;
mod sessions;
mod settings;
mod terminal;
mod tokens;
mod unwritable_list;
mod watch;
