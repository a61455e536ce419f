use super::*;
use serde_json::json;

fn rules(value: Value) -> Result<Vec<FaultRule>, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}

#[test]
fn every_documented_fault_is_parsed() {
    let forms = [
        (
            json!({"status": 503, "retryAfter": 2}),
            Fault::Status { status: 503, retry_after: Some("2".into()), html: false },
        ),
        (json!({"status": 404, "html": true}), Fault::Status { status: 404, retry_after: None, html: true }),
        (
            json!({"says": 200, "body": {"a": 1}, "date": "Sat, 06 Nov 2094 08:49:37 GMT"}),
            Fault::Says {
                status: 200,
                body: Some(json!({"a": 1})),
                date: Some("Sat, 06 Nov 2094 08:49:37 GMT".into()),
            },
        ),
        (json!({"says": 204}), Fault::Says { status: 204, body: None, date: None }),
        (json!({"delayMs": 700}), Fault::Delay { ms: 700 }),
        (json!("reset"), Fault::Reset),
        (json!("hang"), Fault::Hang),
        (json!("truncate"), Fault::Truncate),
        (json!("garbage"), Fault::Garbage),
        (json!("lie"), Fault::Lie),
        (json!("trickle"), Fault::Trickle),
        (json!("huge"), Fault::Huge),
        (json!({"redirect": "http://b.test/"}), Fault::Redirect { to: "http://b.test/".into() }),
    ];
    for (form, fault) in forms {
        let read = rules(json!([{"path": "self", "fault": form}])).expect("a valid rule");
        assert_eq!(read, [FaultRule::new("self", fault)]);
    }
}

#[test]
fn invalid_fault_rules_name_the_error() {
    let wrong = [
        (json!([{"path": "self"}]), "missing field `fault`"),
        (json!([{"fault": "hang"}]), "missing field `path`"),
        (json!([{"path": "a", "fault": "hangs"}]), "unknown fault \"hangs\""),
        (json!([{"path": "a", "fault": {"status": 99}}]), "200 to 599"),
        (json!([{"path": "a", "fault": {"status": 503, "retryafter": 2}}]), "\"retryafter\""),
        (json!([{"path": "a", "fault": {"status": 503, "retryAfter": -2}}]), "retryAfter"),
        (json!([{"path": "a", "fault": {"delayMs": -1}}]), "delayMs"),
        (json!([{"path": "a", "fault": {"redirect": "a\r\nb"}}]), "redirect"),
        (json!([{"path": "a", "fault": {}}]), "status, says, delayMs or redirect"),
        (json!([{"path": "a", "fault": "hang", "time": 1}]), "unknown field `time`"),
        (json!([{"path": "a", "fault": "hang", "times": 0}]), "nonzero"),
        (json!({"path": "a", "fault": "hang"}), "expected a sequence"),
    ];
    for (form, part) in wrong {
        let message = rules(form.clone()).expect_err("an invalid rule");
        assert!(message.contains(part), "{form}: {message}");
    }
}

#[test]
fn the_first_rule_that_fits_and_is_not_used_up_is_taken() {
    let faults = Faults::default();
    faults.set(
        rules(json!([
            {"method": "post", "path": "self", "fault": "hang"},
            {"path": "/self", "times": 2, "fault": "reset"},
            {"method": "get", "path": "self", "times": 1, "fault": "garbage"},
        ]))
        .expect("valid rules"),
    );
    let take = || faults.take(&Method::GET, "/v0/self").map(|rule| rule.fault);
    assert_eq!(faults.take(&Method::GET, "/v0/self/x"), None);
    assert_eq!(take(), Some(Fault::Reset));
    assert_eq!(take(), Some(Fault::Reset));
    assert_eq!(take(), Some(Fault::Garbage));
    assert_eq!(take(), None);
    assert_eq!(faults.take(&Method::POST, "/v0/self").map(|rule| rule.fault), Some(Fault::Hang));
    faults.set(Vec::new());
    assert_eq!(faults.take(&Method::POST, "/v0/self"), None);
}
