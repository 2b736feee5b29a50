//! Peer: the job of `authlog analyze` in idiomatic Rust: jsonwebtoken + regex + serde, one thread.
//! Usage: peer FILE KEY-FILE [REGEX]. Prints one JSON line of counts.
use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{decode, Algorithm, DecodingKey, Validation};
use regex::bytes::Regex;
use serde::Deserialize;

#[derive(Deserialize)]
struct Claims {
    user_id: String,
    #[serde(default)]
    email: Option<String>,
    exp: u64,
}

#[derive(Default)]
struct User {
    email: Option<String>,
    tokens: u64,
    latest_expiry: u64,
}

fn verification_key(file: &str) -> (DecodingKey, Algorithm) {
    let mut bytes = fs::read(file).expect("key file");
    if bytes.starts_with(b"-----BEGIN") {
        return (
            DecodingKey::from_rsa_pem(&bytes).expect("RSA key"),
            Algorithm::RS256,
        );
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    (DecodingKey::from_secret(&bytes), Algorithm::HS256)
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let pattern = args.get(3).map_or(r"Token: (\S+)", String::as_str);
    let token_pattern = Regex::new(pattern).expect("pattern");
    let (key, algorithm) = verification_key(&args[2]);
    let mut validation = Validation::new(algorithm);
    validation.leeway = 0;

    let mut reader = BufReader::with_capacity(1 << 18, File::open(&args[1]).expect("log"));
    let mut line = Vec::new();
    let mut users: HashMap<String, User> = HashMap::new();
    let (mut tokens, mut accepted, mut expired, mut bad_signature, mut other) =
        (0u64, 0u64, 0u64, 0u64, 0u64);

    while reader.read_until(b'\n', &mut line).expect("read") > 0 {
        if let Some(found) = token_pattern.captures(&line) {
            tokens += 1;
            match decode::<Claims>(&found[1], &key, &validation) {
                Ok(token) => {
                    accepted += 1;
                    let Claims {
                        user_id,
                        email,
                        exp,
                    } = token.claims;
                    let user = users.entry(user_id).or_default();
                    user.tokens += 1;
                    user.latest_expiry = user.latest_expiry.max(exp);
                    user.email = email;
                }
                Err(error) => match error.kind() {
                    ErrorKind::ExpiredSignature => expired += 1,
                    ErrorKind::InvalidSignature => bad_signature += 1,
                    _ => other += 1,
                },
            }
        }
        line.clear();
    }

    let with_email = users.values().filter(|user| user.email.is_some()).count();
    let latest = users
        .values()
        .map(|user| user.latest_expiry)
        .max()
        .unwrap_or(0);
    let most = users.values().map(|user| user.tokens).max().unwrap_or(0);
    println!(
        "{{\"tokens\":{tokens},\"accepted\":{accepted},\"expired\":{expired},\"bad_signature\":{bad_signature},\"other\":{other},\"users\":{},\"with_email\":{with_email},\"most\":{most},\"latest_expiry\":{latest}}}",
        users.len()
    );
}
