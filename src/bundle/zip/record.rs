//! The fixed parts of the records of an archive, little-endian, as they stand there. Each `parse` gives none where the record's mark does not stand.

pub(super) const LOCAL: [u8; 4] = *b"PK\x03\x04";
pub(super) const CENTRAL: [u8; 4] = *b"PK\x01\x02";
pub(super) const END: [u8; 4] = *b"PK\x05\x06";
pub(super) const END_64: [u8; 4] = *b"PK\x06\x06";
pub(super) const LOCATOR_64: [u8; 4] = *b"PK\x06\x07";
pub(super) const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

/// Takes numbers off the front of some bytes.
pub(super) struct Numbers<'a>(pub(super) &'a [u8]);

impl Numbers<'_> {
    pub(super) fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }

    fn mark(&mut self, mark: [u8; 4]) -> Option<()> {
        (self.take()? == mark).then_some(())
    }

    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }
}

/// Section 4.3.7. Version and time are left out: they say nothing about the member's bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct LocalHeader {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u32,
    pub(super) size: u32,
    pub(super) name_length: u16,
    pub(super) extra_length: u16,
}

impl LocalHeader {
    pub(super) const LENGTH: u64 = 30;

    pub(super) fn parse(bytes: &[u8; 30]) -> Option<Self> {
        let mut numbers = Numbers(bytes);
        numbers.mark(LOCAL)?;
        let _version_needed = numbers.u16()?;
        let (flags, method) = (numbers.u16()?, numbers.u16()?);
        let _time_and_date = numbers.u32()?;
        Some(Self {
            flags,
            method,
            crc: numbers.u32()?,
            packed: numbers.u32()?,
            size: numbers.u32()?,
            name_length: numbers.u16()?,
            extra_length: numbers.u16()?,
        })
    }
}

/// Section 4.3.12.
#[derive(Debug, Clone, Copy)]
pub(super) struct CentralHeader {
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) crc: u32,
    pub(super) packed: u32,
    pub(super) size: u32,
    pub(super) name_length: u16,
    pub(super) extra_length: u16,
    pub(super) comment_length: u16,
    pub(super) disk: u16,
    pub(super) attributes: u32,
    pub(super) offset: u32,
}

impl CentralHeader {
    pub(super) const LENGTH: u64 = 46;

    pub(super) fn parse(bytes: &[u8; 46]) -> Option<Self> {
        let mut numbers = Numbers(bytes);
        numbers.mark(CENTRAL)?;
        let _versions = numbers.u32()?;
        let (flags, method) = (numbers.u16()?, numbers.u16()?);
        let _time_and_date = numbers.u32()?;
        let (crc, packed, size) = (numbers.u32()?, numbers.u32()?, numbers.u32()?);
        let (name_length, extra_length, comment_length) = (numbers.u16()?, numbers.u16()?, numbers.u16()?);
        let disk = numbers.u16()?;
        let _internal_attributes = numbers.u16()?;
        let (attributes, offset) = (numbers.u32()?, numbers.u32()?);
        Some(Self { flags, method, crc, packed, size, name_length, extra_length, comment_length, disk, attributes, offset })
    }
}

/// Section 4.3.16.
#[derive(Debug, Clone, Copy)]
pub(super) struct EndRecord {
    pub(super) disk: u16,
    pub(super) directory_disk: u16,
    pub(super) count_here: u16,
    pub(super) count: u16,
    pub(super) directory_size: u32,
    pub(super) directory_offset: u32,
    pub(super) comment_length: u16,
}

impl EndRecord {
    pub(super) const LENGTH: u64 = 22;

    pub(super) fn parse(bytes: &[u8; 22]) -> Option<Self> {
        let mut numbers = Numbers(bytes);
        numbers.mark(END)?;
        Some(Self {
            disk: numbers.u16()?,
            directory_disk: numbers.u16()?,
            count_here: numbers.u16()?,
            count: numbers.u16()?,
            directory_size: numbers.u32()?,
            directory_offset: numbers.u32()?,
            comment_length: numbers.u16()?,
        })
    }
}

/// Section 4.3.15.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locator64 {
    pub(super) end_disk: u32,
    pub(super) end_offset: u64,
    pub(super) disks: u32,
}

impl Locator64 {
    pub(super) const LENGTH: u64 = 20;

    pub(super) fn parse(bytes: &[u8; 20]) -> Option<Self> {
        let mut numbers = Numbers(bytes);
        numbers.mark(LOCATOR_64)?;
        Some(Self { end_disk: numbers.u32()?, end_offset: numbers.u64()?, disks: numbers.u32()? })
    }
}

/// Section 4.3.14.
#[derive(Debug, Clone, Copy)]
pub(super) struct EndRecord64 {
    /// Bytes of the record after this number.
    pub(super) length: u64,
    pub(super) disk: u32,
    pub(super) directory_disk: u32,
    pub(super) count_here: u64,
    pub(super) count: u64,
    pub(super) directory_size: u64,
    pub(super) directory_offset: u64,
}

impl EndRecord64 {
    pub(super) const LENGTH: u64 = 56;

    pub(super) fn parse(bytes: &[u8; 56]) -> Option<Self> {
        let mut numbers = Numbers(bytes);
        numbers.mark(END_64)?;
        let length = numbers.u64()?;
        let _versions = numbers.u32()?;
        Some(Self {
            length,
            disk: numbers.u32()?,
            directory_disk: numbers.u32()?,
            count_here: numbers.u64()?,
            count: numbers.u64()?,
            directory_size: numbers.u64()?,
            directory_offset: numbers.u64()?,
        })
    }
}
