use accounts::model::account::Profile;
use accounts::model::claims::roles;
use accounts::model::custom_data::CustomData;
use accounts::ports::User;
use serde_json::Value;

use super::{Object, shown};

/// `None` when neither `userUuid` nor `userId` names the user. Custom data is passed on as written: the user
/// edits it as JSON.
pub(crate) fn user(object: &Object, data: CustomData) -> Option<User> {
    let user_id = object.get("userId").and_then(Value::as_i64);
    if user_id.is_none() && shown(object, "userUuid").is_none() {
        return None;
    }
    let of_tenant = |key: &str| shown(object.get("tenant")?.as_object()?, key);
    let profile = Profile {
        user_id,
        name: shown(object, "name"),
        email: shown(object, "email"),
        username: shown(object, "username"),
        image: shown(object, "image"),
        tenant_name: of_tenant("name"),
        logout_redirect_path: of_tenant("logoutRedirectPath"),
        roles: roles(object),
    };
    Some(User { profile, phone_number: shown(object, "phoneNumber"), data })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::object;
    use super::*;

    #[test]
    fn a_user_is_read_as_far_as_possible() {
        let whole = json!({"userId": 33, "userUuid": "u", "name": "Mira \u{202e}Å", "email": "m@x.example",
            "username": "mira", "image": "https://x.example/m.png", "tenantId": "demo1234",
            "phoneNumber": "+15558675309",
            "tenant": {"tenantId": "demo1234", "name": "Demo", "logoutRedirectPath": "/bye"},
            "authorization": {"demo1234": {"roles": ["admin", "mem\u{0}ber", 7]}}});
        let User { profile, phone_number, data } =
            user(&object(whole), "{\"n\":1.50}".parse().unwrap()).unwrap();
        assert_eq!(profile.user_id, Some(33));
        assert_eq!(profile.display_name(), Some("Mira Å"));
        assert_eq!(profile.email.as_deref(), Some("m@x.example"));
        assert_eq!(profile.username.as_deref(), Some("mira"));
        assert_eq!(profile.image.as_deref(), Some("https://x.example/m.png"));
        assert_eq!(profile.tenant_name.as_deref(), Some("Demo"));
        assert_eq!(profile.logout_redirect_path.as_deref(), Some("/bye"));
        assert_eq!(profile.roles[0].roles, ["admin", "member"]);
        assert_eq!(phone_number.as_deref(), Some("+15558675309"));
        assert_eq!(data.as_str(), "{\"n\":1.50}");

        let odd = json!({"userUuid": "u", "name": 7, "email": null, "tenant": "Demo", "authorization": [],
            "phoneNumber": 15});
        let nothing = User { profile: Profile::default(), phone_number: None, data: CustomData::default() };
        assert_eq!(user(&object(odd), CustomData::default()).unwrap(), nothing);
        for nobody in [json!({}), json!({"message": "OK"}), json!({"userId": "33", "userUuid": 7})] {
            assert!(user(&object(nobody.clone()), CustomData::default()).is_none(), "{nobody}");
        }
    }

    #[test]
    fn text_of_every_script_arrives_whole() {
        let long = "名å🌻".repeat(1365);
        for text in ["Åsa 名倉 Märta 🌻", "👩‍🚀", "שלום עולם", "مرحبا", "नमस्ते", &long[..], "a+å@exämple.test"]
        {
            let answer = json!({"userId": 1, "name": text, "email": text, "username": text});
            let read = user(&object(answer), CustomData::default()).unwrap();
            for field in [&read.profile.name, &read.profile.email, &read.profile.username] {
                assert_eq!(field.as_deref(), Some(text));
            }
        }
    }
}
