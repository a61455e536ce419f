//! The encryption of secrets on the bus.
//!
//! `dh-ietf1024-sha256-aes128-cbc-pkcs7` where the daemon knows it, else `plain`. It hides a secret from the
//! records of a bus monitor of the same user; it authenticates neither side.

use aws_lc_rs::cipher::{
    AES_128, DecryptionContext, EncryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey,
    UnboundCipherKey,
};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use aws_lc_rs::iv::FixedLength;
use num_bigint::BigUint;
use serde::{Deserialize, Serialize};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Type, Value};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::Error;

const DH: &str = "dh-ietf1024-sha256-aes128-cbc-pkcs7";
const PLAIN: &str = "plain";

/// The keyring crate's own value: oo7 counts it among the attributes by which an item is replaced.
const CONTENT_TYPE: &str = "application/octet-stream";

/// The second Oakley group (RFC 2409, 6.2); its generator is 2.
const PRIME: &[u8] = b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22\
514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B\
0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF";
const PRIME_BYTES: usize = 128;

/// More than twice the strength of the group.
const EXPONENT_BYTES: usize = 32;

#[derive(Serialize, Deserialize, Type, Zeroize, ZeroizeOnDrop)]
#[zvariant(signature = "(oayays)")]
pub(crate) struct WireSecret(#[zeroize(skip)] OwnedObjectPath, Vec<u8>, Vec<u8>, #[zeroize(skip)] String);

pub(crate) struct Session {
    path: OwnedObjectPath,
    key: Option<Zeroizing<[u8; 16]>>,
}

impl Session {
    pub(crate) fn open(
        mut open_session: impl FnMut(&str, Value<'_>) -> Result<(OwnedValue, OwnedObjectPath), Error>,
    ) -> Result<Self, Error> {
        let exchange = Exchange::begin()?;
        match open_session(DH, Value::from(exchange.public())) {
            Ok((output, path)) => {
                let theirs = Vec::<u8>::try_from(output).map_err(|_| failed())?;
                Ok(Self { path, key: Some(exchange.agree(&theirs)?) })
            }
            // The daemon does not know the algorithm; each has its own error for that.
            Err(Error::Refused(reason)) => {
                tracing::debug!(reason, "the keyring does not take encrypted sessions");
                let (_output, path) = open_session(PLAIN, Value::from(""))?;
                Ok(Self { path, key: None })
            }
            Err(error) => Err(error),
        }
    }

    pub(crate) fn path(&self) -> &OwnedObjectPath {
        &self.path
    }

    pub(crate) fn seal(&self, secret: &[u8]) -> Result<WireSecret, Error> {
        let wire =
            |parameters, value| WireSecret(self.path.clone(), parameters, value, CONTENT_TYPE.to_owned());
        let Some(key) = &self.key else { return Ok(wire(Vec::new(), secret.to_vec())) };
        let mut iv = [0; 16];
        getrandom::fill(&mut iv).map_err(|_| failed())?;
        // Room for the padding: a buffer that grows leaves a copy behind.
        let mut value = Vec::with_capacity(secret.len() + 16);
        value.extend_from_slice(secret);
        let seal = |value: &mut Vec<u8>| {
            let key = PaddedBlockEncryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, &key[..])?)?;
            key.less_safe_encrypt(value, EncryptionContext::Iv128(FixedLength::from(iv)))
        };
        if seal(&mut value).is_err() {
            value.zeroize();
            return Err(failed());
        }
        Ok(wire(iv.to_vec(), value))
    }

    pub(crate) fn open_secret(&self, wire: &WireSecret) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut value = Zeroizing::new(wire.2.clone());
        let Some(key) = &self.key else { return Ok(value) };
        let iv: [u8; 16] = wire.1[..].try_into().map_err(|_| failed())?;
        let open = |value: &mut [u8]| -> Result<usize, Unspecified> {
            let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(&AES_128, &key[..])?)?;
            Ok(key.decrypt(value, DecryptionContext::Iv128(FixedLength::from(iv)))?.len())
        };
        let length = open(&mut value).map_err(|_| failed())?;
        value.truncate(length);
        Ok(value)
    }
}

struct Exchange {
    exponent: BigUint,
    prime: BigUint,
}

impl Exchange {
    fn begin() -> Result<Self, Error> {
        let mut exponent = Zeroizing::new([0; EXPONENT_BYTES]);
        getrandom::fill(&mut exponent[..]).map_err(|_| failed())?;
        let prime = BigUint::parse_bytes(PRIME, 16).ok_or_else(failed)?;
        Ok(Self { exponent: BigUint::from_bytes_be(&exponent[..]), prime })
    }

    fn public(&self) -> Vec<u8> {
        BigUint::from(2_u8).modpow(&self.exponent, &self.prime).to_bytes_be()
    }

    fn agree(&self, theirs: &[u8]) -> Result<Zeroizing<[u8; 16]>, Error> {
        let theirs = BigUint::from_bytes_be(theirs);
        // 0, 1 and -1 would make a known key.
        if theirs <= BigUint::from(1_u8) || theirs >= &self.prime - 1_u8 {
            return Err(failed());
        }
        let common = Zeroizing::new(theirs.modpow(&self.exponent, &self.prime).to_bytes_be());
        let mut padded = Zeroizing::new([0; PRIME_BYTES]);
        padded[PRIME_BYTES - common.len()..].copy_from_slice(&common);
        let mut key = Zeroizing::new([0; 16]);
        let bytes = Salt::none(HKDF_SHA256).extract(&padded[..]);
        bytes.expand(&[], KeyLength).and_then(|okm| okm.fill(&mut key[..])).map_err(|_| failed())?;
        Ok(key)
    }
}

struct KeyLength;

impl KeyType for KeyLength {
    fn len(&self) -> usize {
        16
    }
}

fn failed() -> Error {
    Error::Refused("its encrypted session failed".to_owned())
}
