//! Mails and SMS: kept in the outbox in both modes, and in test mode in the answer, too.
//!
//! Where a link leads (`userfront-api.md`, "Calls", names the parameters only): in test mode to
//! `http://localhost:3000`; in live mode, which is an assumption, to the domain that `x-origin` or `Origin`
//! names, else to `https://{tenantId}.example.com`. A reset link leads to `/reset`, any other to `/login`.
//! Links have a `type`; reset links of a tenant with `resetLinksHaveType: false` have none, as in the
//! official client's tests.

use serde_json::{Value, json};
use url::{Position, Url};
use uuid::Uuid;

use super::{Answer, Call};
use crate::{
    refusal::Refusal,
    state::codes::Code,
    state::links::{Kind, Link},
    state::outbox::Sent,
    tenant::{Mode, Tenant},
};

/// No user has this address. The answer and its status are assumptions.
pub(super) fn nobody_there(what: &str) -> Refusal {
    Refusal::bad_request(format!("There is no user with this {what}"))
}

/// Sends `link` to `email`. The answer's `submittedAt` and `messageId` are as the official client's tests
/// have them for codes.
pub(super) fn send_link(call: &mut Call<'_>, tenant: &Tenant, email: &str, link: Link) -> Answer {
    call.state.outbox.check_pace(&tenant.id, email, call.now())?;
    let kind = if link.kind == Kind::Reset { "reset" } else { "link" };
    let address = address(call, tenant, &link);
    let sent = Sent {
        tenant_id: tenant.id.clone(),
        channel: "email".to_owned(),
        to: email.to_owned(),
        kind: kind.to_owned(),
        link: Some(address.clone()),
        verification_code: None,
    };
    let now = call.now();
    call.state.outbox.put(sent, now);
    call.state.links.put(link, now);
    Ok(receipt(call, json!({ "email": email }), "link", &address))
}

/// Sends `code` to its address.
pub(super) fn send_code(call: &mut Call<'_>, tenant: &Tenant, code: Code) -> Answer {
    call.state.outbox.check_pace(&tenant.id, &code.address, call.now())?;
    let sent = Sent {
        tenant_id: tenant.id.clone(),
        channel: code.channel.to_owned(),
        to: code.address.clone(),
        kind: "code".to_owned(),
        link: None,
        verification_code: Some(code.digits.clone()),
    };
    let field = if code.channel == "sms" { "phoneNumber" } else { "email" };
    let result = json!({ "channel": code.channel, field: code.address });
    let answer = receipt(call, result, "verificationCode", &code.digits);
    let now = call.now();
    call.state.outbox.put(sent, now);
    call.state.codes.put(code, now);
    Ok(answer)
}

/// `{message: "OK", result}`, in test mode with what was sent.
fn receipt(call: &Call<'_>, mut result: Value, name: &str, sent: &str) -> Value {
    result["submittedAt"] = json!(call.settings.clock.iso_date());
    result["messageId"] = json!(Uuid::new_v4().to_string());
    if call.settings.mode == Mode::Test {
        result[name] = json!(sent);
    }
    json!({ "message": "OK", "result": result })
}

fn address(call: &Call<'_>, tenant: &Tenant, link: &Link) -> String {
    let path = if link.kind == Kind::Reset { "reset" } else { "login" };
    let origin = match call.settings.mode {
        Mode::Test => "http://localhost:3000".to_owned(),
        Mode::Live => domain(call)
            .map_or_else(|| format!("https://{}.example.com", tenant.id), |host| format!("https://{host}")),
    };
    let is_typed = link.kind != Kind::Reset || tenant.reset_links_have_type;
    let kind = if is_typed { format!("&type={}", link.kind.name()) } else { String::new() };
    format!("{origin}/{path}?uuid={}&token={}{kind}", link.uuid, link.token)
}

/// Host and port of `x-origin` or `Origin`, where these are a web page's.
fn domain(call: &Call<'_>) -> Option<String> {
    let texts = ["x-origin", "origin"].into_iter().filter_map(|name| call.request.headers.get(name));
    let urls = texts.filter_map(|value| Url::parse(value.to_str().ok()?).ok());
    let mut pages = urls.filter(|url| matches!(url.scheme(), "https" | "http"));
    pages.next().map(|url| url[Position::BeforeHost..Position::AfterPort].to_owned())
}
