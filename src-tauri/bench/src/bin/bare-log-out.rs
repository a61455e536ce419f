//! The work of `userfront log-out` with nothing around it: reads the access token through the keyring crate,
//! makes the call, deletes both tokens. `USERFRONT_API_URL` names the server, the arguments the entries.

use std::error::Error;

use keyring::Entry;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).filter_map(|argument| argument.into_string().ok());
    let (service, account) = (arguments.next(), arguments.next());
    let (service, account) = service.zip(account).ok_or("which service, and which account?")?;
    let api_base = std::env::var("USERFRONT_API_URL")?;
    let access = Entry::new(&service, &format!("access.{account}"))?;
    let token = access.get_password()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build()?;
        let call = client.get(format!("{api_base}auth/logout")).bearer_auth(token);
        call.send().await?.error_for_status()?.bytes().await
    })?;
    access.delete_credential()?;
    Entry::new(&service, &format!("refresh.{account}"))?.delete_credential()?;
    Ok(())
}
