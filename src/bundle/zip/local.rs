//! One local entry: header, data and data descriptor fill their place exactly, and the header says what the directory says.

use std::ops::Range;

use super::directory::Central;
use super::record::{DESCRIPTOR, LocalHeader, Numbers};
use super::{Entry, ReadFault, extra, gap};
use crate::bundle::source::Source;
use crate::finding::Code;

/// Flag 3: check sum and sizes follow the data (section 4.3.9).
const HAS_DESCRIPTOR: u16 = 1 << 3;

/// Checks the entry that must fill `place`, the bytes up to the next local header or the directory.
pub(super) fn read(source: &Source, central: &Central, place: Range<u64>) -> Result<Entry, ReadFault> {
    let file = source.name();
    let name = central.shown_name();
    let fault = |code, byte, message: String| ReadFault::finding(code, &file, byte, format!("{name}: {message}"));
    if central.offset > place.start && central.offset < place.end {
        return Err(gap(&file, place.start..central.offset, &format!("the local header of {name}")));
    }
    let data_start = central.offset.saturating_add(LocalHeader::LENGTH);
    if central.offset < place.start || data_start > place.end {
        return Err(fault(Code::ContainerAmbiguous, central.at, format!("its local header at byte {} overlaps with something else", central.offset)));
    }
    let header = LocalHeader::parse(&source.array(central.offset)?)
        .ok_or_else(|| fault(Code::ContainerBroken, central.offset, "expected its local header here, found something else".to_owned()))?;
    let extra_start = data_start.saturating_add(header.name_length.into());
    let start = extra_start.saturating_add(header.extra_length.into());
    let end = start.checked_add(central.packed).filter(|end| *end <= place.end);
    let Some(end) = end else {
        let message = format!("its {} packed bytes overlap with what starts at byte {}", central.packed, place.end);
        return Err(fault(Code::ContainerAmbiguous, central.offset, message));
    };
    let local_name = source.bytes(data_start, header.name_length.into())?;
    let extra = source.bytes(extra_start, header.extra_length.into())?;
    let wide = agrees(&header, &local_name, &extra, central).map_err(|message| fault(Code::ContainerAmbiguous, central.offset, message))?;
    let descriptor = source.bytes(end, usize::try_from(place.end.saturating_sub(end).min(25)).unwrap_or_default())?;
    match (central.flags & HAS_DESCRIPTOR != 0, descriptor.as_slice()) {
        (false, []) => {}
        (false, _) => return Err(gap(&file, end..place.end, "the next local header or the directory")),
        (true, bytes) if describes(bytes, central, wide) => {}
        (true, _) => {
            let message = "expected a data descriptor with the directory's check sum and sizes in front of the next entry, found something else";
            return Err(fault(Code::ContainerAmbiguous, end, message.to_owned()));
        }
    }
    Ok(Entry {
        name: String::from_utf8_lossy(&central.name).into_owned(),
        method: central.method,
        crc: central.crc,
        packed: central.packed,
        size: central.size,
        data: start..end,
    })
}

/// Fails unless the local header says what the directory says; with a data descriptor, zeros stand for "see there". Tells whether it has a zip64 field.
fn agrees(header: &LocalHeader, name: &[u8], extra: &[u8], central: &Central) -> Result<bool, String> {
    let differs = |what: &str, local: String, directory: String| Err(format!("its local header says {what} {local}, the directory {directory}"));
    if name != central.name {
        return differs("name", format!("{:?}", String::from_utf8_lossy(name)), central.shown_name());
    }
    if header.flags != central.flags {
        return differs("flags", format!("{:#06x}", header.flags), format!("{:#06x}", central.flags));
    }
    if u64::from(header.method) != central.method.number() {
        return differs("method", header.method.to_string(), central.method.number().to_string());
    }
    let zip64 = extra::zip64(extra).map_err(|found| format!("its local header has {found}"))?;
    let Some([size, packed]) = extra::resolve([header.size, header.packed], zip64) else {
        return Err("the zip64 field of its local header does not have exactly the values that the header leaves to it".to_owned());
    };
    let local = [u64::from(header.crc), packed, size];
    // Info-ZIP leaves out only what it does not know yet: the check sum, and what the data packs to.
    let later = header.crc == 0 && [0, central.packed].contains(&packed) && [0, central.size].contains(&size);
    if header.flags & HAS_DESCRIPTOR != 0 && later {
        return Ok(zip64.is_some());
    }
    let directory = [u64::from(central.crc), central.packed, central.size];
    for (what, (local, directory)) in ["check sum", "packed size", "size"].into_iter().zip(local.into_iter().zip(directory)) {
        if local != directory {
            return differs(what, local.to_string(), directory.to_string());
        }
    }
    Ok(zip64.is_some())
}

/// Whether all these bytes are a data descriptor with the directory's values, with or without its mark. Its sizes have 8 bytes if the local header
/// has a zip64 field (section 4.3.9.2), or if they need them (some writers then leave the field out).
fn describes(bytes: &[u8], central: &Central, wide: bool) -> bool {
    let rest = if bytes.len().is_multiple_of(8) { bytes.strip_prefix(&DESCRIPTOR) } else { Some(bytes) };
    let wide = wide || central.packed.max(central.size) > u64::from(u32::MAX);
    let Some(rest) = rest.filter(|rest| rest.len() == if wide { 20 } else { 12 }) else { return false };
    let mut numbers = Numbers(rest);
    let size = |numbers: &mut Numbers<'_>| if wide { numbers.u64() } else { numbers.u32().map(u64::from) };
    let (crc, sizes) = (numbers.u32(), (size(&mut numbers), size(&mut numbers)));
    crc == Some(central.crc) && sizes == (Some(central.packed), Some(central.size))
}
