//! Logs in to a tenant, prints the user, refreshes the tokens, and logs out.
//!
//! ```text
//! printf testmodepassword | cargo run -p userfront-client --example log_in_and_out -- demo1234 admin
//! ```
//!
//! Arguments: tenant ID, e-mail or user name, and the tenant's domain if it has one. `USERFRONT_API_URL`
//! names the API (default: Userfront's own). The password is the first line of standard input, which keeps it
//! out of argument lists and shell histories.

use std::error::Error;
use std::process::ExitCode;

use accounts::model::api_base::ApiBase;
use accounts::model::tenant::Tenant;
use accounts::model::token::{Password, SessionToken, Tokens};
use accounts::ports::{FactorAnswer, RevokeAnswer, Userfront};
use userfront_client::{Limits, UserfrontClient};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "no argument of this example is a secret")]
    let mut arguments = std::env::args().skip(1);
    let (Some(id), Some(user)) = (arguments.next(), arguments.next()) else {
        return Err("usage: log_in_and_out TENANT-ID E-MAIL-OR-USER-NAME [DOMAIN] < PASSWORD".into());
    };
    let api = match std::env::var("USERFRONT_API_URL") {
        Ok(url) => url.parse()?,
        Err(_) => ApiBase::userfront(),
    };
    let domain = arguments.next().map(|domain| domain.parse()).transpose()?;
    let tenant = Tenant { id: id.parse()?, api, domain };
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let password = Password::new(line.trim_end_matches(['\r', '\n']));

    let client = UserfrontClient::new("userfront-client-example".parse()?, Limits::default());
    println!("{} is in {} mode", tenant.id, client.mode(&tenant).await?.mode);
    let FactorAnswer::Tokens(answer) = client.log_in_with_password(&tenant, &user, &password).await? else {
        return Err("the tenant asks for a second factor, which this example does not know".into());
    };
    let tokens = answer.tokens;
    // From here on an error must not leave the session alive.
    let shown = show(&client, &tenant, &tokens).await;
    match client.revoke(&tenant, &SessionToken::Access(tokens.access)).await.answer? {
        RevokeAnswer::Revoked { redirect_to } => {
            println!("logged out; a browser would go to {}", redirect_to.as_deref().unwrap_or("/login"));
        }
        RevokeAnswer::Unclear { status } => {
            println!("whether the session is over is not known (HTTP {status})");
        }
        RevokeAnswer::Refused { message, .. } => {
            println!("the server no longer accepts this token: {message}");
        }
    }
    shown
}

async fn show(client: &UserfrontClient, tenant: &Tenant, tokens: &Tokens) -> Result<(), Box<dyn Error>> {
    let user = client.user(tenant, &tokens.access).await?;
    println!("logged in as {}", user.profile.display_name().unwrap_or("somebody without a name"));
    if let Some(refresh) = &tokens.refresh {
        client.refresh(tenant, refresh).await?;
        println!("got new tokens for the same session");
    }
    Ok(())
}
