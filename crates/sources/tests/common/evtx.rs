//! Writes small Windows event logs, so that tests have some.

/// Element with attributes and either text or children.
pub struct Node {
    pub name: &'static str,
    pub attributes: Vec<(&'static str, String)>,
    pub text: String,
    pub children: Vec<Node>,
}

pub fn node(name: &'static str, attributes: &[(&'static str, &str)], children: Vec<Node>) -> Node {
    Node {
        name,
        attributes: attributes
            .iter()
            .map(|(k, v)| (*k, (*v).to_owned()))
            .collect(),
        text: String::new(),
        children,
    }
}

pub fn leaf(name: &'static str, text: &str) -> Node {
    Node {
        text: text.to_owned(),
        ..node(name, &[], Vec::new())
    }
}

pub fn data(name: &str, text: &str) -> Node {
    Node {
        text: text.to_owned(),
        ..node("Data", &[("Name", name)], Vec::new())
    }
}

/// An event with its channel, provider, number and data.
pub fn event(channel: &str, provider: &str, id: &str, time: &str, all: Vec<Node>) -> Node {
    let system = node(
        "System",
        &[],
        vec![
            node("Provider", &[("Name", provider)], Vec::new()),
            leaf("EventID", id),
            leaf("Version", "2"),
            leaf("Level", if channel == "Security" { "0" } else { "4" }),
            leaf("Task", "12544"),
            leaf("Opcode", "0"),
            leaf("Keywords", "0x8020000000000000"),
            node("TimeCreated", &[("SystemTime", time)], Vec::new()),
            leaf("EventRecordID", "7"),
            node(
                "Execution",
                &[("ProcessID", "620"), ("ThreadID", "640")],
                Vec::new(),
            ),
            leaf("Channel", channel),
            leaf("Computer", "ws01.contoso.com"),
            node("Security", &[("UserID", "S-1-5-18")], Vec::new()),
        ],
    );
    let xmlns = "http://schemas.microsoft.com/win/2004/08/events/event";
    node(
        "Event",
        &[("xmlns", xmlns)],
        vec![system, node("EventData", &[], all)],
    )
}

struct Chunk {
    bytes: Vec<u8>,
}

impl Chunk {
    fn u16(&mut self, n: u16) {
        self.bytes.extend(n.to_le_bytes());
    }

    fn u32(&mut self, n: u32) {
        self.bytes.extend(n.to_le_bytes());
    }

    fn u64(&mut self, n: u64) {
        self.bytes.extend(n.to_le_bytes());
    }

    fn here(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap()
    }

    fn set(&mut self, at: usize, n: u32) {
        self.bytes[at..at + 4].copy_from_slice(&n.to_le_bytes());
    }

    /// A name, written where it is used.
    fn name(&mut self, name: &str) {
        let at = self.here() + 4;
        self.u32(at);
        self.u32(0);
        let mut hash = 0u32;
        let units: Vec<u16> = name.encode_utf16().collect();
        for u in &units {
            hash = hash.wrapping_mul(65599).wrapping_add(u32::from(*u));
        }
        self.u16((hash & 0xffff) as u16);
        self.u16(u16::try_from(units.len()).unwrap());
        units.iter().for_each(|u| self.u16(*u));
        self.u16(0);
    }

    fn text(&mut self, text: &str) {
        let units: Vec<u16> = text.encode_utf16().collect();
        self.bytes.extend([0x05, 0x01]);
        self.u16(u16::try_from(units.len()).unwrap());
        units.iter().for_each(|u| self.u16(*u));
    }

    fn element(&mut self, n: &Node) {
        self.bytes
            .push(if n.attributes.is_empty() { 0x01 } else { 0x41 });
        let size = self.bytes.len();
        self.u32(0);
        self.name(n.name);
        if !n.attributes.is_empty() {
            let list = self.bytes.len();
            self.u32(0);
            for (i, (k, v)) in n.attributes.iter().enumerate() {
                let more = i + 1 < n.attributes.len();
                self.bytes.push(if more { 0x46 } else { 0x06 });
                self.name(k);
                self.text(v);
            }
            let length = self.here() - u32::try_from(list).unwrap() - 4;
            self.set(list, length);
        }
        if n.text.is_empty() && n.children.is_empty() {
            self.bytes.push(0x03);
        } else {
            self.bytes.push(0x02);
            if !n.text.is_empty() {
                self.text(&n.text);
            }
            n.children.iter().for_each(|c| self.element(c));
            self.bytes.push(0x04);
        }
        let length = self.here() - u32::try_from(size).unwrap() - 4;
        self.set(size, length);
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = !0u32;
    for b in bytes {
        crc ^= u32::from(*b);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (0u32.wrapping_sub(crc & 1)));
        }
    }
    !crc
}

/// A log of one chunk.
pub fn log(events: &[Node]) -> Vec<u8> {
    let count = u64::try_from(events.len()).unwrap();
    let mut c = Chunk {
        bytes: vec![0; 512],
    };
    let mut last = 0;
    for (i, e) in events.iter().enumerate() {
        last = c.bytes.len();
        c.u32(0x0000_2a2a);
        c.u32(0);
        c.u64(u64::try_from(i).unwrap() + 1);
        c.u64(133_000_000_000_000_000);
        c.bytes.extend([0x0f, 1, 1, 0]);
        c.element(e);
        c.bytes.push(0);
        let size = c.here() - u32::try_from(last).unwrap() + 4;
        c.u32(size);
        c.set(last + 4, size);
    }
    let free = c.here();
    let mut head = Chunk { bytes: Vec::new() };
    head.bytes.extend(b"ElfChnk\0");
    for n in [1, count, 1, count] {
        head.u64(n);
    }
    head.u32(128);
    head.u32(u32::try_from(last).unwrap());
    head.u32(free);
    head.u32(crc32(&c.bytes[512..]));
    c.bytes[..head.bytes.len()].copy_from_slice(&head.bytes);
    let mut summed = c.bytes[..120].to_vec();
    summed.extend(&c.bytes[128..512]);
    c.set(124, crc32(&summed));
    c.bytes.resize(65536, 0);
    let mut f = Chunk { bytes: Vec::new() };
    f.bytes.extend(b"ElfFile\0");
    f.u64(0);
    f.u64(0);
    f.u64(count + 1);
    f.u32(128);
    f.u16(1);
    f.u16(3);
    f.u16(4096);
    f.u16(1);
    f.bytes.resize(120, 0);
    f.u32(0);
    let sum = crc32(&f.bytes[..120]);
    f.u32(sum);
    f.bytes.resize(4096, 0);
    f.bytes.extend(c.bytes);
    f.bytes
}
