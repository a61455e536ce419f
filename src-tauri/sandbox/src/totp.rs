//! Authenticator apps: time-based codes (RFC 6238: SHA-1, six digits, 30 seconds), and backup codes.
//!
//! A set-up is **offered** (`GET auth/totp`) and **in force** once a code of it came back (`POST
//! T/auth/totp`). Assumptions: the code of the step before and after is taken, too; no code is taken twice,
//! nor one from before the last that was taken; an offer stays the same until it is confirmed, and replaces
//! an older set-up with its backup codes only then; backup codes are taken in capitals, too.

use base64::{Engine, engine::general_purpose::STANDARD};
use qrcodegen::{QrCode, QrCodeEcc};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret, Totp};

use crate::random;

/// The secret of every tenant's `admin`, in base 32.
pub const ADMIN_TOTP_SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// The backup codes of every tenant's `admin`, each good for one log-in.
pub const ADMIN_BACKUP_CODES: [&str; 10] = [
    "60bb6-9393a",
    "1b8ef-e3e4b",
    "1488f-7cd2e",
    "aaaaa-00004",
    "aaaaa-00005",
    "aaaaa-00006",
    "aaaaa-00007",
    "aaaaa-00008",
    "aaaaa-00009",
    "aaaaa-00010",
];

/// Pixels for one square of a QR code, and squares for its border, which the standard wants to be four.
const SCALE: usize = 4;
const BORDER: usize = 4;

/// The code that an authenticator app shows for `secret` (base 32) at `unix_seconds`. `None` when it is no
/// secret of at least 128 bits.
#[must_use]
pub fn totp_code(secret: &str, unix_seconds: u64) -> Option<String> {
    // An error says no more than that it is none.
    let secret = Secret::try_from_base32(secret).ok()?;
    let totp = Builder::new().with_secret(secret).build().ok()?;
    Some(totp.generate(unix_seconds).to_string())
}

/// One user's authenticator. No `Debug`: it holds a secret.
#[derive(Clone)]
pub(crate) struct Authenticator {
    secret: Vec<u8>,
    backup_codes: Vec<String>,
    /// The step of the last code that was taken.
    last_step: Option<u64>,
}

impl Authenticator {
    /// A new secret and ten new backup codes.
    pub(crate) fn new() -> Self {
        Self { secret: random::bytes::<20>().to_vec(), backup_codes: random::backup_codes(), last_step: None }
    }

    pub(crate) fn of_admin() -> Self {
        let secret = Secret::try_from_base32(ADMIN_TOTP_SECRET).expect("our own base 32");
        Self {
            secret: secret.as_bytes().to_vec(),
            backup_codes: ADMIN_BACKUP_CODES.map(str::to_owned).to_vec(),
            last_step: None,
        }
    }

    /// Takes a code, once.
    pub(crate) fn take_code(&mut self, code: &str, unix_seconds: u64) -> bool {
        let step = self.totp("", "").check(code, unix_seconds);
        let fresh = step.filter(|step| self.last_step.is_none_or(|last| *step > last));
        self.last_step = fresh.or(self.last_step);
        fresh.is_some()
    }

    /// Takes a backup code, once.
    pub(crate) fn take_backup_code(&mut self, code: &str) -> bool {
        let found = self.backup_codes.iter().position(|known| known.eq_ignore_ascii_case(code));
        if let Some(index) = found {
            self.backup_codes.remove(index);
        }
        found.is_some()
    }

    /// The answer of `GET auth/totp`. The picture shows the `otpauth:` address of `issuer` and `account`.
    pub(crate) fn to_json(&self, issuer: &str, account: &str) -> Value {
        let totp = self.totp(issuer, account);
        let address = totp.to_url().expect("names without a colon, none of them empty");
        json!({
            "totpSecret": totp.secret().to_base32(),
            "qrCode": format!("data:image/png;base64,{}", STANDARD.encode(picture(&address))),
            "backupCodes": self.backup_codes,
        })
    }

    fn totp(&self, issuer: &str, account: &str) -> Totp {
        Builder::new()
            .with_secret(self.secret.clone())
            .with_skew(1)
            .with_issuer(Some(label(issuer)))
            .with_account_name(label(account))
            .build()
            .expect("20 bytes, and names without a colon")
    }
}

/// A name as an `otpauth:` address can carry it, short enough for a QR code in any script.
fn label(name: &str) -> String {
    let label: String = name.chars().filter(|letter| *letter != ':').take(40).collect();
    if label.trim().is_empty() { "Userfront".to_owned() } else { label }
}

fn picture(text: &str) -> Vec<u8> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("labels are short");
    let squares = usize::try_from(code.size()).expect("a QR code has 21 to 177 squares a side");
    let side = (squares + 2 * BORDER) * SCALE;
    let dark = |pixel: usize| {
        let square = |pixels: usize| i32::try_from(pixels / SCALE).map_or(-1, |at| at - 4);
        code.get_module(square(pixel % side), square(pixel / side))
    };
    let pixels: Vec<u8> = (0..side * side).map(|pixel| if dark(pixel) { 0 } else { 255 }).collect();
    let mut file = Vec::new();
    let side = u32::try_from(side).expect("some hundred pixels");
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&pixels)?;
        writer.finish()
    });
    written.expect("memory takes it, and the size is right");
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of eight digits.
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            assert_eq!(totp_code(secret, seconds).as_deref(), Some(code));
        }
        assert_eq!(totp_code("not base 32!", 0), None);
        assert_eq!(totp_code("GEZDG", 0), None);
    }

    #[test]
    fn a_code_serves_once_and_within_a_step() {
        let code = |seconds| totp_code(ADMIN_TOTP_SECRET, seconds).expect("a code");
        let mut admin = Authenticator::of_admin();
        assert!(!admin.take_code(&code(3_000 - 31), 3_000 + 29), "two steps ago");
        assert!(!admin.take_code(&code(3_060), 3_000), "two steps ahead");
        assert!(admin.take_code(&code(3_000 - 1), 3_000));
        assert!(admin.take_code(&code(3_030), 3_000));
        assert!(!admin.take_code(&code(3_030), 3_030), "taken before");
        assert!(!admin.take_code(&code(3_000), 3_030), "older than the last");
        assert!(!admin.take_code("", 3_060) && !admin.take_code("12345", 3_060));
        assert!(admin.take_code(&code(3_060), 3_060));
    }

    #[test]
    fn a_backup_code_serves_once() {
        let mut admin = Authenticator::of_admin();
        assert!(admin.take_backup_code("60BB6-9393a"));
        assert!(!admin.take_backup_code("60bb6-9393a"));
        assert!(!admin.take_backup_code("") && !admin.take_backup_code("60bb6"));
        assert!(ADMIN_BACKUP_CODES[1..].iter().all(|code| admin.take_backup_code(code)));
    }

    #[test]
    fn the_picture_is_a_png_for_names_of_any_kind() {
        let long = "名🌻".repeat(2_000);
        for (issuer, account) in [("Demo", "a@b.c"), ("a:b", ":"), ("", ""), (long.as_str(), long.as_str())] {
            let offer = Authenticator::new().to_json(issuer, account);
            let code = offer["qrCode"].as_str().expect("text");
            let base64 = code.strip_prefix("data:image/png;base64,").expect("a data URL");
            let file = STANDARD.decode(base64).expect("base64");
            let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().expect("a PNG");
            let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
            reader.next_frame(&mut pixels).expect("all of it");
            // The finder pattern: seven dark squares in a row, after a border of four light ones.
            let row = |at: usize| pixels[16 * reader.info().width as usize + at];
            assert!((0..16).all(|at| row(at) == 255) && (16..44).all(|at| row(at) == 0) && row(44) == 255);
        }
    }
}
