//! What is outside of the cluster: hosts and address ranges.

use super::scalar::{dns_subdomain, fail, texts};
use std::net::IpAddr;

fn host(text: &str) -> Result<(), String> {
    if text.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    dns_subdomain(text).map_err(|_| "a host is a DNS name in lower case, or an address".to_owned())
}

/// A CIDR block as NetworkPolicies and Services take it: no bits set behind the prefix.
fn cidr(text: &str) -> Result<(), String> {
    const WHY: &str = "a range is an address and the length of its prefix: `10.0.0.0/8`, `203.0.113.7/32`";
    let (address, length) = text.split_once('/').ok_or(WHY)?;
    let address: IpAddr = address.parse().map_err(|_| WHY)?;
    fail(!length.is_empty() && length.len() <= 3 && length.bytes().all(|c| c.is_ascii_digit()), WHY)?;
    let length: u32 = length.parse().map_err(|_| WHY)?;
    let (bits, width) = match address {
        IpAddr::V4(four) => (u128::from(four.to_bits()) << 96, 32),
        IpAddr::V6(six) => (six.to_bits(), 128),
    };
    fail(length <= width, "the prefix is longer than the address")?;
    fail(bits.checked_shl(length).unwrap_or(0) == 0, "the address has bits behind its prefix: they would be ignored")
}

texts! {
    /// DNS name or address of a host.
    Host: "a host such as `api.example.com`", host, r"^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*|[0-9A-Fa-f.:]*:[0-9A-Fa-f.:]*)$";
    /// Address range.
    Cidr: "a range such as `198.51.100.0/24`", cidr, r"^[0-9A-Fa-f.:]+/[0-9]{1,3}$";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (text, fine) in [
            ("10.0.0.0/8", true),
            ("0.0.0.0/0", true),
            ("203.0.113.7/32", true),
            ("2001:db8::/32", true),
            ("::/0", true),
            ("::1/128", true),
            ("10.0.0.1/8", false),
            ("10.0.0.0/33", false),
            ("10.0.0.0", false),
            ("10.0.0.0/", false),
            ("10.0.0.0/+8", false),
            ("010.0.0.0/8", false),
            ("2001:db8::1/32", false),
        ] {
            assert_eq!(cidr(text).is_ok(), fine, "{text}");
        }
    }

    #[test]
    fn hosts() {
        for (text, fine) in
            [("api.stripe.com", true), ("192.0.2.1", true), ("2001:db8::1", true), ("API.com", false), ("a b", false)]
        {
            assert_eq!(host(text).is_ok(), fine, "{text}");
        }
    }
}
