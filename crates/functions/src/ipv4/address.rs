//! IPv4 and IPv6 addresses with a prefix, from text.

use std::net::Ipv6Addr;

/// An IPv4 address and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V4 {
    /// The address as it was written, as a number.
    pub address: u32,
    /// 0 to 32.
    pub prefix: u32,
}

impl V4 {
    /// Reads `a.b.c.d` or `a.b.c.d/prefix`. An octet has no leading zero. White space around it does not matter.
    #[inline]
    pub fn parse(text: &str) -> Option<V4> {
        let bytes = text.trim_ascii().as_bytes();
        let (address, used) = dotted(bytes)?;
        let prefix = match bytes.get(used..)? {
            [] => 32,
            [b'/', digits @ ..] => number(digits, 32)?,
            _ => return None,
        };
        Some(V4 { address, prefix })
    }

    /// The address without the bits that do not count.
    pub fn network(self) -> u32 {
        self.address & mask4(self.prefix)
    }
}

/// The leading `prefix` bits.
pub fn mask4(prefix: u32) -> u32 {
    u32::MAX.checked_shl(32 - prefix.min(32)).unwrap_or(0)
}

/// The leading `prefix` bits.
pub fn mask6(prefix: u32) -> u128 {
    u128::MAX.checked_shl(128 - prefix.min(128)).unwrap_or(0)
}

/// The four octets that the bytes begin with, and how many bytes they take. What follows is not looked at.
#[inline]
pub fn dotted(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut address = 0;
    let mut at = 0;
    for i in 0..4 {
        if i > 0 {
            if bytes.get(at) != Some(&b'.') {
                return None;
            }
            at += 1;
        }
        let (octet, used) = octet(bytes.get(at..)?)?;
        address = address << 8 | octet;
        at += used;
    }
    Some((address, at))
}

/// An octet and how many digits it has; none when it is above 255, has a leading zero or too many digits.
#[inline]
pub fn octet(bytes: &[u8]) -> Option<(u32, usize)> {
    let mut value = 0;
    let mut used = 0;
    while let Some(b) = bytes.get(used).filter(|b| b.is_ascii_digit()) {
        if used == 3 || (used == 1 && value == 0) {
            return None;
        }
        value = value * 10 + u32::from(b - b'0');
        used += 1;
    }
    (used > 0 && value <= 255).then_some((value, used))
}

fn number(digits: &[u8], most: u32) -> Option<u32> {
    if digits.is_empty() || digits.len() > 3 {
        return None;
    }
    let n = digits.iter().try_fold(0, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0'))
    })?;
    (n <= most).then_some(n)
}

/// A prefix argument.
pub fn prefix(n: i64, most: u32) -> Option<u32> {
    u32::try_from(n).ok().filter(|n| *n <= most)
}

/// An IPv6 address, or an IPv4 address as one, and how many of its leading bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct V6 {
    /// The address as it was written, as a number.
    pub address: u128,
    /// 0 to 128.
    pub prefix: u32,
    /// Whether it was written as an IPv4 address.
    pub v4: bool,
}

/// What marks an IPv4 address among the IPv6 addresses.
const MAPPED: u128 = 0xffff << 32;

impl V6 {
    /// Reads an IPv6 or IPv4 address with or without a prefix. The prefix of an address that ends in dotted octets counts
    /// from the first octet. A zone (`%eth0`) is passed over.
    pub fn parse(text: &str) -> Option<V6> {
        let text = text.trim_ascii();
        if let Some(v4) = V4::parse(text) {
            return Some(V6 {
                address: MAPPED | u128::from(v4.address),
                prefix: v4.prefix + 96,
                v4: true,
            });
        }
        let (address, suffix) = match text.split_once('/') {
            Some((a, p)) => (a, Some(p)),
            None => (text, None),
        };
        let address = address.split_once('%').map_or(address, |(a, _)| a);
        let dotted = address.contains('.');
        let value = address.parse::<Ipv6Addr>().ok()?;
        let prefix = match suffix {
            None => 128,
            Some(p) if dotted => number(p.as_bytes(), 32)? + 96,
            Some(p) => number(p.as_bytes(), 128)?,
        };
        Some(V6 {
            address: value.to_bits(),
            prefix,
            v4: false,
        })
    }

    /// The same, where `::1.2.3.4` is the IPv4 address too, as `::ffff:1.2.3.4` is.
    pub fn parse_mapping(text: &str) -> Option<V6> {
        let mut v = V6::parse(text)?;
        if !v.v4 && v.address >> 32 == 0 && text.contains('.') {
            v.address |= MAPPED;
        }
        Some(v)
    }

    /// The address without the bits that do not count.
    pub fn network(self) -> u128 {
        self.address & mask6(self.prefix)
    }
}

/// All eight groups with four digits each.
pub fn write_v6(address: u128, out: &mut String) {
    use std::fmt::Write;
    for (i, group) in Ipv6Addr::from_bits(address).segments().iter().enumerate() {
        let _ = write!(out, "{}{group:04x}", if i > 0 { ":" } else { "" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_addresses() {
        let network = |t: &str| V4::parse(t).map(V4::network);
        assert_eq!(network("192.168.1.1/24"), Some(3_232_235_776));
        assert_eq!(network(" 203.0.113.10"), Some(3_405_803_786));
        assert_eq!(network("203.0.113.10/0"), Some(0));
        for bad in [
            "",
            "1.2.3",
            "1.2.3.4.5",
            "01.02.03.04",
            "1.1.1.256",
            "1.2.3.4/33",
            "1.2.3.4/",
            "1.2.3.4/1x",
            "1.2.3.4//8",
            "1.2.3.4 /8",
            "1.2.3.4/-1",
            "1..2.3",
            "1.2.3.4x",
            "1.2.3.1000",
        ] {
            assert_eq!(V4::parse(bad), None, "{bad}");
        }
    }
}
