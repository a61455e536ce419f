//! `GET self` and `PUT self`: the user that an access token speaks for.
//!
//! An edit changes what is named and nothing else; tokens show it after the next refresh. Assumptions: `null`
//! empties a field; other fields than the four are ignored; `data` replaces the older data as a whole; the
//! answer is that of `GET self`.

use serde_json::{Map, Value, json};

use super::{Answer, Call};
use crate::{refusal::Refusal, state::users::NewUser};

pub(super) fn show(call: &Call<'_>) -> Answer {
    let (_, uuid) = call.access()?;
    describe(call, &uuid)
}

pub(super) fn edit(call: &mut Call<'_>) -> Answer {
    let (_, uuid) = call.access()?;
    let fields: Map<String, Value> = call.json()?;
    let name = text(&fields, "name")?;
    let image = text(&fields, "image")?;
    let username = text(&fields, "username")?;
    let data = match fields.get("data") {
        Some(data) if !data.is_object() && !data.is_null() => {
            return Err(Refusal::bad_request("data is a JSON object"));
        }
        data => data.cloned(),
    };
    let wanted = NewUser { username: username.and_then(owned), ..NewUser::default() };
    if wanted.username.as_deref() == Some("") {
        return Err(Refusal::bad_request("The user name is empty"));
    }
    let now = call.settings.clock.iso_date();
    let user = call.state.users.get(&uuid).ok_or_else(Refusal::unauthorized)?;
    call.state.users.check_free(&user.tenant_id, &wanted, Some(&uuid))?;
    let user = call.state.users.get_mut(&uuid).ok_or_else(Refusal::unauthorized)?;
    for (field, value) in [(&mut user.name, name), (&mut user.image, image), (&mut user.username, username)] {
        if let Some(value) = value {
            *field = owned(value);
        }
    }
    if let Some(data) = data {
        user.data = data;
    }
    user.updated_at = now;
    describe(call, &uuid)
}

/// A field that is text or `null`; `None` when it is absent.
fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<Option<&'a Value>, Refusal> {
    match fields.get(name) {
        Some(value) if !value.is_string() && !value.is_null() => {
            Err(Refusal::bad_request(format!("{name} is text")))
        }
        value => Ok(value),
    }
}

fn owned(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn describe(call: &Call<'_>, uuid: &str) -> Answer {
    let user = call.state.users.get(uuid).ok_or_else(Refusal::unauthorized)?;
    let tenant = call.tenant(&user.tenant_id)?;
    let mut body = user.profile(call.state.context(call.settings, user));
    body.insert("tenant".to_owned(), tenant.to_json());
    body.insert("authorization".to_owned(), json!(user.authorization));
    Ok(Value::Object(body))
}
