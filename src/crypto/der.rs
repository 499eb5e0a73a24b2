//! The outer shape of ASN.1 DER (X.690): tag, shortest length, value. Enough to say what kind of thing was pasted, to take an RSA key apart, and
//! to write a key in its one encoding. Deliberately no general ASN.1 parser.

/// One element: its tag, its value, and what stands behind it.
pub struct Element<'b> {
    pub tag: u8,
    pub value: &'b [u8],
    pub rest: &'b [u8],
}

pub const BIT_STRING: u8 = 0x03;
pub const INTEGER: u8 = 0x02;
pub const OBJECT_IDENTIFIER: u8 = 0x06;
pub const SEQUENCE: u8 = 0x30;
/// `[0]`, constructed: the version of a certificate.
pub const CONTEXT_0: u8 = 0xa0;

/// The first element; `None` if it is cut off or its length is not in the shortest form.
pub fn element(bytes: &[u8]) -> Option<Element<'_>> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x84 => long_length(usize::from(long & 0x7f), rest)?,
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    Some(Element { tag: *tag, value, rest })
}

fn long_length(count: usize, bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (digits, rest) = bytes.split_at_checked(count)?;
    let length = digits.iter().try_fold(0_usize, |length, digit| length.checked_mul(256)?.checked_add(usize::from(*digit)))?;
    let shortest = length > 0x7f && digits.first() != Some(&0);
    shortest.then_some((length, rest))
}

/// The value of an element that has this tag and fills `bytes` to the end.
pub fn whole(tag: u8, bytes: &[u8]) -> Option<&[u8]> {
    element(bytes).filter(|element| element.tag == tag && element.rest.is_empty()).map(|element| element.value)
}

/// Whether bytes are two numbers as DER writes an ECDSA signature (RFC 3279 section 2.2.3): positive, shortest, nothing behind them. Other programs take
/// more than that.
pub fn is_ecdsa_signature(bytes: &[u8]) -> bool {
    let number = |element: &Element<'_>| match element.value {
        _ if element.tag != INTEGER => false,
        [] | [0] | [0x80..=0xff, ..] | [0, 0..=0x7f, ..] => false,
        _ => true,
    };
    let numbers = whole(SEQUENCE, bytes).and_then(element).filter(number);
    numbers.and_then(|first| element(first.rest)).is_some_and(|second| number(&second) && second.rest.is_empty())
}

/// An object identifier (X.690 section 8.19) in dotted form; `None` if it is not one of at most 32 bytes.
pub fn dotted(identifier: &[u8]) -> Option<String> {
    let ends = identifier.last().is_some_and(|last| last & 0x80 == 0);
    if !ends || identifier.len() > 32 {
        return None;
    }
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc = 0_u64;
    for byte in identifier {
        arc = arc.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            arcs.push(arc);
            arc = 0;
        }
    }
    let (first, rest) = arcs.split_first()?;
    let root = (*first / 40).min(2);
    let second = first.checked_sub(root.checked_mul(40)?)?;
    let words: Vec<String> = [root, second].iter().chain(rest).map(u64::to_string).collect();
    Some(words.join("."))
}

/// An element of this tag around these parts, its length in the shortest form.
pub fn encode(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let mut der = vec![tag];
    match u8::try_from(length) {
        Ok(short @ 0..=0x7f) => der.push(short),
        _ => {
            der.push(u8::try_from(digits.len()).unwrap_or_default() | 0x80);
            der.extend_from_slice(&digits);
        }
    }
    parts.iter().for_each(|part| der.extend_from_slice(part));
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(dotted(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]).as_deref(), Some("1.2.840.10045.2.1"));
        assert_eq!((dotted(&[0x60, 0x86]), dotted(&[]), dotted(&[1; 33]), dotted(&[0xff; 12])), (None, None, None, None));
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let value = vec![5; length];
            assert_eq!(whole(SEQUENCE, &encode(SEQUENCE, &[&value])), Some(&value[..]), "{length}");
        }
    }

    #[test]
    fn lengths_are_shortest_and_inside() {
        assert_eq!(whole(SEQUENCE, &[0x30, 2, 5, 0]), Some(&[5, 0][..]));
        let mut long = vec![0x30, 0x81, 0x80];
        long.extend([7; 128]);
        assert_eq!(whole(SEQUENCE, &long).map(<[u8]>::len), Some(128));
        for bad in [
            &[][..],
            &[0x30],
            &[0x30, 1],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x81, 1, 5],
            &[0x30, 0x82, 0, 1, 5],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x30, 0x84, 255, 255, 255, 255],
        ] {
            assert!(element(bad).is_none(), "{bad:?}");
        }
        assert_eq!(whole(SEQUENCE, &[0x30, 0, 0]), None);
        assert_eq!(whole(INTEGER, &[0x30, 0]), None);
    }

    #[test]
    fn an_ecdsa_signature_is_two_shortest_positive_numbers() {
        assert!(is_ecdsa_signature(&[0x30, 7, 2, 1, 0x7f, 2, 2, 0, 0x80]));
        for bad in [
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0][..],
            &[0x30, 7, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 0, 2, 1, 1],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 1],
            &[0x30, 3, 2, 1, 1],
            &[0x30, 0],
            &[],
        ] {
            assert!(!is_ecdsa_signature(bad), "{bad:?}");
        }
    }
}
