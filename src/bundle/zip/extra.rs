//! Extra fields (section 4.5): a short list of those that cannot change what a member is.

use super::record::Numbers;

/// zip64 sizes; NTFS times; extended time stamp; Unix ids, old, second, and third form.
const ALLOWED: [u16; 6] = [ZIP64, 0x000a, 0x5455, 0x5855, 0x7855, 0x7875];
const ZIP64: u16 = 0x0001;

/// Checks the tags; gives the content of the zip64 field.
pub(super) fn zip64(mut extra: &[u8]) -> Result<Option<&[u8]>, String> {
    let mut seen = Vec::new();
    let mut zip64 = None;
    while !extra.is_empty() {
        let mut numbers = Numbers(extra);
        let field = numbers.u16().zip(numbers.u16()).and_then(|(tag, length)| Some((tag, numbers.0.split_at_checked(length.into())?)));
        let Some((tag, (content, rest))) = field else {
            return Err(format!("{} bytes of extra data that are no field", extra.len()));
        };
        if !ALLOWED.contains(&tag) {
            return Err(match tag {
                0x7075 => "extra field 0x7075, a second name".to_owned(),
                tag => format!("extra field {tag:#06x}, which this format does not allow"),
            });
        }
        if seen.contains(&tag) {
            return Err(format!("extra field {tag:#06x} twice"));
        }
        seen.push(tag);
        if tag == ZIP64 {
            zip64 = Some(content);
        }
        extra = rest;
    }
    Ok(zip64)
}

/// The values that a header leaves to the zip64 field: exactly those that are all ones in it, in their order (section 4.5.3).
pub(super) fn resolve<const N: usize>(short: [u32; N], zip64: Option<&[u8]>) -> Option<[u64; N]> {
    let Some(content) = zip64 else {
        return short.iter().all(|value| *value != u32::MAX).then(|| short.map(u64::from));
    };
    let mut numbers = Numbers(content);
    let mut long = [0; N];
    for (long, short) in long.iter_mut().zip(short) {
        *long = if short == u32::MAX { numbers.u64()? } else { u64::from(short) };
    }
    numbers.0.is_empty().then_some(long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_fields_are_allowed_and_each_once() {
        assert_eq!(zip64(b""), Ok(None));
        assert_eq!(zip64(b"\x55\x54\x01\x00x\x01\x00\x00\x00"), Ok(Some(&b""[..])));
        for bad in [&b"\x75\x70\x00\x00"[..], b"\x01\x99\x00\x00", b"\x55\x54\x02\x00x", b"\x55\x54\x00", b"\x55\x54\x00\x00\x55\x54\x00\x00"] {
            assert!(zip64(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_zip64_field_has_exactly_what_the_header_leaves_to_it() {
        let eight = 7_u64.to_le_bytes();
        assert_eq!(resolve([1, 2], None), Some([1, 2]));
        assert_eq!(resolve([1, u32::MAX], Some(&eight)), Some([1, 7]));
        assert_eq!(resolve([1, u32::MAX], None), None);
        assert_eq!(resolve([1, 2], Some(&eight)), None);
        assert_eq!(resolve([u32::MAX, u32::MAX], Some(&eight)), None);
    }
}
