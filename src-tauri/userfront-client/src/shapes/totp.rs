use accounts::model::token::{OneTimeCode, TotpSecret};
use accounts::ports::TotpSetUp;
use serde_json::Value;

use super::sent::LONGEST_CODE;
use super::{Object, is_plain, take_secret};

/// In bytes; the user types the secret.
const LONGEST_SECRET: usize = 256;

/// In bytes, as a `data:` URL.
const LONGEST_PICTURE: usize = 64 * 1024;

/// Userfront gives ten.
const MOST_CODES: usize = 100;

const PNG: &str = "data:image/png;base64,";

/// `{totpSecret, qrCode?, backupCodes?}`; `None` without a secret. A picture of any other form is left out,
/// because the webview gets this text: it must be neither a document nor an address elsewhere.
pub(crate) fn totp_set_up(mut object: Object) -> Option<TotpSetUp> {
    let secret = TotpSecret::new(take_secret(&mut object, "totpSecret", LONGEST_SECRET)?);
    let qr_code = take_secret(&mut object, "qrCode", LONGEST_PICTURE).filter(|text| is_png(text));
    let backup_codes = match object.get_mut("backupCodes").map(Value::take) {
        Some(Value::Array(codes)) => codes.into_iter().filter_map(backup_code).take(MOST_CODES).collect(),
        _ => Vec::new(),
    };
    Some(TotpSetUp { secret, qr_code: qr_code.map(TotpSecret::new), backup_codes })
}

fn backup_code(value: Value) -> Option<OneTimeCode> {
    match value {
        Value::String(text) if is_plain(&text, LONGEST_CODE) => Some(OneTimeCode::new(text)),
        _ => None,
    }
}

/// A PNG in a `data:` URL: base64 in its standard alphabet, padded.
fn is_png(url: &str) -> bool {
    let Some(base64) = url.strip_prefix(PNG) else { return false };
    let digits = base64.trim_end_matches('=');
    let padding = base64.len() - digits.len();
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/';
    !digits.is_empty() && padding <= 2 && base64.len() % 4 == 0 && digits.bytes().all(digit)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::object;
    use super::*;

    #[test]
    fn an_authenticator_app_set_up_is_read_whole() {
        let codes: Vec<_> = (0..10).map(|n| format!("60bb6-9393{n}")).collect();
        let answer = json!({"totpSecret": "JBSWY3DPEHPK3PXP", "qrCode": format!("{PNG}iVBORw0KGgo="),
            "backupCodes": codes});
        let set_up = totp_set_up(object(answer)).unwrap();
        let printed = format!("{set_up:?}");
        assert!(["JBSWY", "iVBOR", "60bb6"].iter().all(|secret| !printed.contains(secret)), "{printed}");
        assert_eq!(set_up.secret.secret(), "JBSWY3DPEHPK3PXP");
        assert_eq!(set_up.qr_code.unwrap().secret(), format!("{PNG}iVBORw0KGgo="));
        let read: Vec<_> = set_up.backup_codes.iter().map(OneTimeCode::secret).collect();
        assert_eq!(read, codes);
    }

    #[test]
    fn a_qr_code_is_an_inline_png_or_none() {
        let qr_code =
            |qr: Value| totp_set_up(object(json!({"totpSecret": "J", "qrCode": qr}))).unwrap().qr_code;
        let largest = format!("{PNG}{}", "A".repeat((LONGEST_PICTURE - PNG.len()) / 4 * 4));
        for good in [format!("{PNG}AAAA"), format!("{PNG}A+/="), format!("{PNG}AA=="), largest.clone()] {
            assert_eq!(qr_code(json!(good)).unwrap().secret(), good);
        }
        for bad in [
            "",
            PNG,
            "data:image/svg+xml;base64,AAAA",
            "data:text/html;base64,AAAA",
            "data:image/png,AAAA",
            "data:image/png;base64;x=y,AAAA",
            "DATA:image/png;base64,AAAA",
            "https://x.example/qr.png",
            "javascript:alert(1)",
            "data:image/png;base64,AAA",
            "data:image/png;base64,A===",
            "data:image/png;base64,====",
            "data:image/png;base64,A=AA",
            "data:image/png;base64,AA-_",
            "data:image/png;base64,AAAA\n",
            "data:image/png;base64,AAAA\"onload=x",
            &format!("{largest}AAAA"),
        ] {
            assert!(qr_code(json!(bad)).is_none(), "{}", &bad[..bad.len().min(60)]);
        }
        for none in [json!(null), json!(7), json!({})] {
            assert!(qr_code(none).is_none());
        }
    }

    #[test]
    fn illegible_backup_codes_are_left_out() {
        let codes =
            json!(["60bb6-9393a", "", 7, null, "x".repeat(64), "x".repeat(65), "two words", "å", "a\nb"]);
        let set_up = totp_set_up(object(json!({"totpSecret": "J", "backupCodes": codes}))).unwrap();
        let read: Vec<_> = set_up.backup_codes.iter().map(OneTimeCode::secret).collect();
        assert_eq!(read, ["60bb6-9393a", &"x".repeat(64)]);
        let many = json!({"totpSecret": "J", "backupCodes": vec!["a"; 5000]});
        assert_eq!(totp_set_up(object(many)).unwrap().backup_codes.len(), MOST_CODES);
        let odd = json!({"totpSecret": "J", "backupCodes": "60bb6-9393a"});
        assert_eq!(totp_set_up(object(odd)).unwrap().backup_codes.len(), 0);
    }

    #[test]
    fn a_set_up_without_a_secret_is_refused() {
        let secrets = [json!(null), json!(7), json!(""), json!("J\u{202e}B"), json!("x".repeat(257))];
        for secret in secrets {
            assert!(totp_set_up(object(json!({ "totpSecret": secret }))).is_none(), "{secret}");
        }
        assert!(totp_set_up(object(json!({"message": "OK"}))).is_none());
    }
}
