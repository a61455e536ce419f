//! Pictures: a failed fetch is tried again, a changed address is shown, a log-out forgets it.

use serde_json::{Value, json};

use crate::Bridge;

impl Bridge {
    fn picture(&self, account: &str) -> Result<Value, Value> {
        self.call("picture", json!({"account": account}))
    }

    fn save_picture(&self, account: &str, address: &str) -> u64 {
        self.call("show_profile", json!({"account": account})).unwrap();
        let user = self.snapshot()["view"]["user"].clone();
        let of = |field: &str| user[field].clone();
        let (name, username, data) = (of("name"), of("username"), of("data"));
        let new = json!({
            "account": account, "name": name, "username": username, "image": address, "data": data
        });
        self.call("save_profile", new).unwrap();
        self.snapshot()["accounts"][0]["pictureVersion"].as_u64().unwrap()
    }
}

#[test]
fn a_picture_follows_its_address_and_a_failed_fetch_is_tried_again() {
    let bridge = Bridge::for_tenant(None);
    let account = bridge.log_in_to("demo1234", "member@example.com");
    let is_picture = |answer: Result<Value, Value>| {
        answer.unwrap().as_str().is_some_and(|url| url.starts_with("data:image/png;base64,"))
    };
    assert!(is_picture(bridge.picture(&account)));
    let before = bridge.snapshot()["accounts"][0]["pictureVersion"].as_u64().unwrap();
    // An address that does not answer may answer later.
    let nowhere = bridge.save_picture(&account, "https://127.0.0.1:9/nobody.png");
    assert_ne!(nowhere, before, "the window learns that it is another one");
    for _ in 0..2 {
        assert!(bridge.picture(&account).is_err(), "it is asked for again");
    }
    assert_ne!(bridge.save_picture(&account, ""), nowhere);
    assert_eq!(bridge.picture(&account), Ok(Value::Null));
    bridge.call("log_out", json!({"account": account, "redirect": true})).unwrap();
    assert_eq!(bridge.picture(&account), Ok(Value::Null));
}
