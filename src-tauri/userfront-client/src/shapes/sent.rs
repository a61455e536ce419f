//! The links and codes that test mode returns instead of sending them.

use accounts::model::token::{LinkText, OneTimeCode};
use accounts::ports::Sent;
use serde_json::Value;

use super::{Object, take_secret};

/// In bytes.
const LONGEST_LINK: usize = 4096;

/// In bytes; Userfront's codes have 6.
pub(super) const LONGEST_CODE: usize = 64;

pub(crate) fn sent(object: &mut Object) -> Sent {
    let Some(result) = object.get_mut("result").and_then(Value::as_object_mut) else {
        return Sent::default();
    };
    Sent {
        link: take_secret(result, "link", LONGEST_LINK).map(LinkText::new),
        code: take_secret(result, "verificationCode", LONGEST_CODE).map(OneTimeCode::new),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::object;
    use super::*;

    #[test]
    fn a_link_and_a_code_of_test_mode_are_read_if_well_formed() {
        let link = "http://localhost:3000/login?uuid=5fa8&token=canary&type=login";
        let both = json!({"message": "OK", "result": {"link": link, "verificationCode": "123456"}});
        let read = sent(&mut object(both));
        assert!(!format!("{read:?}").contains("canary") && !format!("{read:?}").contains("123456"));
        assert_eq!(read.link.unwrap().secret(), link);
        assert_eq!(read.code.unwrap().secret(), "123456");

        let longest = format!("https://x.example/{}", "x".repeat(4096 - 18));
        assert!(sent(&mut object(json!({"result": {"link": longest}}))).link.is_some());
        for nothing in [
            json!({"message": "OK"}),
            json!({"message": "OK", "result": {"email": "m@x.example", "channel": "email"}}),
            json!({"result": "123456"}),
            json!({"result": {"link": null, "verificationCode": 123_456}}),
            json!({"result": {"link": "", "verificationCode": ""}}),
            json!({"result": {"link": format!("{longest}x"), "verificationCode": "1".repeat(65)}}),
            json!({"result": {"link": "https://x.example/\r\n", "verificationCode": "12\u{202e}3456"}}),
        ] {
            let read = sent(&mut object(nothing.clone()));
            assert!(read.link.is_none() && read.code.is_none(), "{nothing}");
        }
    }
}
