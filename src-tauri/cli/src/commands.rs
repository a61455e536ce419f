//! The commands: parse, delegate, report.

use std::io::Read;

use accounts::destination::Redirect;
use accounts::environment::Environment;
use accounts::log_in::{LogInError, NotStored};
use accounts::log_out::LogOutError;
use accounts::pending::{DiscardError, Occasion};
use accounts::ports::{Deletion, StoreError, StoreStatus};
use accounts::refresh::{RefreshFailure, Refreshed};
use accounts::registry::RegistryError;
use accounts::{AccountId, Accounts, EntryName, Password, Tenant, erase};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::arguments::{self, Command};
use crate::choice::{NoChoice, choose};
use crate::exit::Exit;
use crate::report::{self, Report};

/// A longer password is none.
const LONGEST_PASSWORD: u64 = 4_096;

pub(crate) async fn run(
    accounts: &Accounts,
    environment: &Environment,
    command: Command,
    report: Report,
) -> Exit {
    // Who is meant is settled first: should that account be on its way out just now, the answer is what came of that.
    let meant = match &command {
        Command::LogOut(log_out) if !log_out.all && !log_out.erase => {
            Some(chosen(accounts, &log_out.accounts).await)
        }
        _ => None,
    };
    if let Err(error) = accounts.resume().await {
        tracing::error!(%error, "what was cut off is not finished");
    }
    let done = match command {
        Command::List => list(accounts, report).await,
        Command::Status => status(accounts, report).await,
        Command::LogIn(log_in) => self::log_in(accounts, environment, log_in, report).await,
        Command::LogOut(log_out) => self::log_out(accounts, environment, log_out, meant, report).await,
        Command::Switch { account } => switch(accounts, &account, report).await,
        Command::Token { account } => token(accounts, account.as_deref(), report).await,
        Command::Refresh { account } => refresh(accounts, account.as_deref(), report).await,
        Command::Pending(pending) => self::pending(accounts, pending, report).await,
    };
    done.unwrap_or_else(|Failure { exit, message }| report.error(exit, &message))
}

/// Why a command did not do its work.
struct Failure {
    exit: Exit,
    message: String,
}

type Done = Result<Exit, Failure>;

fn failure(exit: Exit, error: &impl ToString) -> Failure {
    Failure { exit, message: error.to_string() }
}

async fn list(accounts: &Accounts, report: Report) -> Done {
    let overview = readable(accounts).await?;
    let all: Vec<Value> =
        report::shown(&overview).map(|account| report::account(account, &overview)).collect();
    let lines: String =
        report::shown(&overview).map(|account| report::account_line(account, &overview) + "\n").collect();
    report.say(&json!({"accounts": all}), if lines.is_empty() { "Nobody is logged in." } else { &lines });
    Ok(Exit::Done)
}

async fn status(accounts: &Accounts, report: Report) -> Done {
    let overview = readable(accounts).await?;
    let registry = &overview.registry;
    let active = accounts::view::shown_account(&overview);
    let unfinished =
        registry.accounts.iter().filter(|it| it.phase != accounts::registry::Phase::Active).count();
    let remnants: Vec<_> = registry.remnants.iter().map(|remnant| remnant.entry.to_string()).collect();
    let mut lines = match active {
        Some(account) => format!(
            "Logged in as {}\n",
            report::account_line(account, &overview).trim_start_matches(['*', ' '])
        ),
        None => "Nobody is logged in.\n".to_owned(),
    };
    let keyring = report::keyring(&overview);
    lines.extend([format!(
        "Keyring: {} ({})\n",
        overview.store_name,
        keyring["status"].as_str().unwrap_or("?")
    )]);
    for (count, what) in [
        (unfinished, "waiting to be finished"),
        (registry.pending.len(), "pending at Userfront"),
        (remnants.len(), "keyring entries that would not go"),
    ] {
        if count > 0 {
            lines.extend([format!("{count} {what}\n")]);
        }
    }
    let value = json!({
        "active": active.map(|account| report::account(account, &overview)),
        "accounts": report::shown(&overview).count(),
        "keyring": keyring,
        "unfinished": unfinished,
        "pending": registry.pending.len(),
        "remnants": remnants,
    });
    report.say(&value, &lines);
    Ok(if active.is_some() { Exit::Done } else { Exit::NotLoggedIn })
}

async fn log_in(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogIn,
    report: Report,
) -> Done {
    let tenant = parse_tenant(environment, &arguments)?;
    let password = password_from(std::io::stdin().lock())?;
    let id = accounts.log_in_with_password(&tenant, arguments.user.trim(), &password).await?;
    if let Err(error) = accounts.renew_profile(&id).await {
        tracing::warn!(account = %id, %error, "the profile was not kept");
    }
    let overview = readable(accounts).await?;
    let account = overview.registry.account(&id);
    let name = account.map_or_else(|| id.to_string(), |account| account.name().to_owned());
    let value = json!({"account": account.map(|account| report::account(account, &overview))});
    report.say(&value, &format!("Logged in as {name}."));
    Ok(Exit::Done)
}

fn parse_tenant(environment: &Environment, arguments: &arguments::LogIn) -> Result<Tenant, Failure> {
    let malformed = |malformed: accounts::Malformed| failure(Exit::Usage, &malformed);
    let id = match (&arguments.tenant, &environment.tenant) {
        (Some(id), _) => id.parse().map_err(malformed)?,
        (None, Some(id)) => id.clone(),
        (None, None) => return Err(failure(Exit::Usage, &"Which tenant? Give --tenant ID.")),
    };
    let api = match &arguments.api_url {
        Some(url) => url.parse().map_err(malformed)?,
        None => environment.api.clone(),
    };
    let domain = arguments.domain.as_ref().map(|domain| domain.parse()).transpose().map_err(malformed)?;
    Ok(Tenant { id, api, domain })
}

/// The first line. The buffer is never moved while it is filled, and wiped afterwards.
fn password_from(input: impl Read) -> Result<Password, Failure> {
    let mut bytes =
        Zeroizing::new(Vec::with_capacity(usize::try_from(LONGEST_PASSWORD).unwrap_or_default() + 2));
    let read = input.take(LONGEST_PASSWORD + 1).read_to_end(&mut bytes);
    read.map_err(|error| failure(Exit::Failed, &format!("The password cannot be read: {error}.")))?;
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    match std::str::from_utf8(line) {
        Ok("") => Err(failure(Exit::Usage, &"There is no password on standard input.")),
        Ok(line) if line.len() as u64 > LONGEST_PASSWORD => {
            Err(failure(Exit::Usage, &"The password is too long."))
        }
        Ok(line) => Ok(Password::new(line)),
        Err(_) => Err(failure(Exit::Usage, &"The password is not UTF-8.")),
    }
}

async fn log_out(
    accounts: &Accounts,
    environment: &Environment,
    arguments: arguments::LogOut,
    meant: Option<Result<Vec<AccountId>, Failure>>,
    report: Report,
) -> Done {
    let outcomes = match meant {
        None => accounts.log_out_all().await,
        Some(meant) => {
            let mut outcomes = Vec::new();
            for id in meant? {
                outcomes.push(accounts.log_out(&id, &Redirect::Follow).await);
            }
            outcomes
        }
    };
    let mut exit = Exit::Done;
    let (mut values, mut lines) = (Vec::new(), String::new());
    for outcome in outcomes {
        match outcome {
            Ok(outcome) => {
                exit = exit.and(report::exit_of(&outcome));
                values.push(report::log_out(&outcome));
                lines.push_str(&report::log_out_lines(&outcome));
            }
            Err(error) => {
                let Failure { exit: code, message } = error.into();
                exit = exit.and(code);
                eprintln!("userfront: {message}");
                values.push(json!({"error": message}));
            }
        }
    }
    if values.is_empty() && !arguments.erase {
        return Err(NoChoice::None(String::new()).into());
    }
    let mut value = json!({"loggedOut": values});
    if arguments.erase {
        let erased = erase_all(accounts, environment, exit, arguments.discard_pending).await?;
        value["erased"] = json!(erased);
        lines.extend([format!("Erased: {} files, and every keyring entry.\n", erased.len())]);
        // What was owed is given up, as it was asked for.
        exit = if exit == Exit::Pending { Exit::Done } else { exit };
    }
    report.say(&value, &lines);
    Ok(exit)
}

/// The accounts of these names; of none: the active one.
async fn chosen(accounts: &Accounts, names: &[String]) -> Result<Vec<AccountId>, Failure> {
    let registry = readable(accounts).await?.registry;
    if names.is_empty() {
        return Ok(vec![choose(&registry, None)?]);
    }
    let chosen: Result<Vec<_>, _> = names.iter().map(|name| choose(&registry, Some(name))).collect();
    Ok(chosen?)
}

/// Only when nothing is lost by it that the user has not said.
async fn erase_all(
    accounts: &Accounts,
    environment: &Environment,
    log_outs: Exit,
    discard_pending: bool,
) -> Result<Vec<String>, Failure> {
    if !matches!(log_outs, Exit::Done | Exit::Pending) {
        return Err(failure(
            log_outs,
            &"Nothing was erased, since not every account is logged out. Run it again.",
        ));
    }
    // A late answer may settle what is owed, and so may one more try.
    accounts.retry_pending(Occasion::Asked).await?;
    accounts.in_peace().await;
    let owed = readable(accounts).await?.registry.pending.len();
    if owed > 0 && !discard_pending {
        let message = format!(
            "Nothing was erased: {owed} sessions are not known to be dead at Userfront, and erasing their tokens would keep \
             them alive until they expire. Run it again when the server answers, or give --discard-pending."
        );
        return Err(failure(Exit::Pending, &message));
    }
    match accounts.erase_entries().await? {
        Deletion::Deleted | Deletion::AlreadyAbsent => {}
        Deletion::StillPresent(entries) => {
            let names: Vec<_> = entries.iter().map(|entry| format!("\n  {entry}")).collect();
            let message = format!("The keyring did not delete:{}", names.concat());
            return Err(failure(Exit::Keyring, &message));
        }
    }
    let removed = erase::erase_files(&environment.home);
    let removed =
        removed.map_err(|error| failure(Exit::Failed, &format!("A file cannot be removed: {error}.")))?;
    Ok(removed.iter().map(|path| path.display().to_string()).collect())
}

async fn switch(accounts: &Accounts, name: &str, report: Report) -> Done {
    let id = choose(&readable(accounts).await?.registry, Some(name))?;
    accounts.switch(&id).await?;
    report.say(&json!({"active": id}), &format!("{id} is the active account now."));
    Ok(Exit::Done)
}

async fn token(accounts: &Accounts, name: Option<&str>, report: Report) -> Done {
    let id = choose(&readable(accounts).await?.registry, name)?;
    let token = accounts.access_token(&id).await?;
    report.say(&json!({"account": id, "accessToken": token.secret()}), token.secret());
    Ok(Exit::Done)
}

async fn refresh(accounts: &Accounts, name: Option<&str>, report: Report) -> Done {
    let id = choose(&readable(accounts).await?.registry, name)?;
    let (exit, result, line) = match accounts.refresh(&id).await? {
        Refreshed::Stored => (Exit::Done, "stored", "New tokens are in the keyring."),
        Refreshed::SignedOutByServer => {
            (Exit::NotLoggedIn, "signedOutByServer", "Userfront has ended the session. Log in again.")
        }
        Refreshed::NoRefreshToken => {
            (Exit::Failed, "noRefreshToken", "There is no refresh token. Log in again.")
        }
        Refreshed::TooLate => (Exit::NotLoggedIn, "tooLate", "The account was logged out meanwhile."),
    };
    report.say(&json!({"account": id, "refreshed": result}), line);
    Ok(exit)
}

async fn pending(accounts: &Accounts, arguments: arguments::Pending, report: Report) -> Done {
    if let Some(id) = arguments.discard {
        accounts.discard_revocation(&EntryName::listed(id.clone())).await?;
        report.say(
            &json!({"discarded": id}),
            "Discarded. Its session may stay alive at Userfront until it expires.",
        );
        return Ok(Exit::Done);
    }
    if arguments.retry {
        accounts.retry_pending(Occasion::Asked).await?;
    }
    let overview = readable(accounts).await?;
    let rows: Vec<_> = overview.registry.pending.iter().filter(|row| !row.is_dead).collect();
    let lines: String = rows.iter().map(|row| report::pending_line(row)).collect();
    let values: Vec<Value> = rows.iter().map(|row| report::pending(row)).collect();
    report.say(&json!({"pending": values}), if rows.is_empty() { "Nothing is pending." } else { &lines });
    let keyring = matches!(overview.store, StoreStatus::Ok);
    Ok(match (arguments.retry && !rows.is_empty(), keyring) {
        (false, _) => Exit::Done,
        (true, true) => Exit::Pending,
        (true, false) => Exit::Keyring,
    })
}

/// What there is, unless the registry cannot be read.
async fn readable(accounts: &Accounts) -> Result<accounts::Overview, Failure> {
    let overview = accounts.overview().await;
    match &overview.registry_problem {
        Some(error @ (RegistryError::Io { action: "read", .. } | RegistryError::TooNew(_))) => {
            Err(failure(Exit::Failed, error))
        }
        _ => Ok(overview),
    }
}

impl From<NoChoice> for Failure {
    fn from(no: NoChoice) -> Self {
        let exit = match no {
            NoChoice::None(_) => Exit::NotLoggedIn,
            NoChoice::Ambiguous(..) => Exit::Usage,
        };
        failure(exit, &no)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        failure(Exit::Keyring, &error)
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        failure(Exit::Failed, &error)
    }
}

impl From<DiscardError> for Failure {
    fn from(error: DiscardError) -> Self {
        failure(Exit::Failed, &error)
    }
}

impl From<LogInError> for Failure {
    fn from(error: LogInError) -> Self {
        let exit = match &error {
            LogInError::Store(_) | LogInError::NotStored { cause: NotStored::Store(_), .. } => Exit::Keyring,
            _ => Exit::Failed,
        };
        failure(exit, &error)
    }
}

impl From<RefreshFailure> for Failure {
    fn from(error: RefreshFailure) -> Self {
        let exit = match &error {
            RefreshFailure::Store(_) => Exit::Keyring,
            RefreshFailure::NotLoggedIn => Exit::NotLoggedIn,
            _ => Exit::Failed,
        };
        failure(exit, &error)
    }
}

impl From<LogOutError> for Failure {
    fn from(error: LogOutError) -> Self {
        let exit = match &error {
            LogOutError::NotLoggedIn => Exit::NotLoggedIn,
            LogOutError::Store(_) | LogOutError::Waiting(_) => Exit::Keyring,
            _ => Exit::Failed,
        };
        let still = match &error {
            LogOutError::Store(_) | LogOutError::Unwritable { .. } | LogOutError::Registry(_) => {
                " Still logged in."
            }
            _ => "",
        };
        Self { exit, message: format!("{error}{still}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(input: &[u8]) -> Result<String, Exit> {
        password_from(input).map(|password| password.secret().to_owned()).map_err(|failure| failure.exit)
    }

    #[test]
    fn a_password_is_the_first_line() {
        for (input, expected) in [
            (&b"secret"[..], Ok("secret")),
            (b"secret\n", Ok("secret")),
            (b"secret\r\nmore\n", Ok("secret")),
            (b" p\xc3\xa4ss \n", Ok(" päss ")),
            (b"", Err(Exit::Usage)),
            (b"\nsecret", Err(Exit::Usage)),
            (b"\xff\n", Err(Exit::Usage)),
        ] {
            assert_eq!(password(input), expected.map(str::to_owned), "{input:?}");
        }
        assert_eq!(password(&[b'x'; 4_096]).map(|it| it.len()), Ok(4_096));
        assert_eq!(password(&[b'x'; 5_000]), Err(Exit::Usage));
    }
}
