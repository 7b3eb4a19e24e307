//! `buildschema`: the least schema that admits all values of a group.

use super::collect::cells;
use super::state::{Reader, State, States, put_len};
use crate::prelude::*;

/// `buildschema`
pub const SPEC: AggregateSpec = AggregateSpec {
    name: "buildschema",
    summary: "The least schema that admits all dynamic values of the group: types by name, several types as an array, properties as a bag, and the elements of arrays under `` `indexer` ``.",
    signatures: &[sig(
        &[arg_of(
            "expr",
            Class::Of(DYNAMIC),
            "The values; nulls are skipped.",
        )],
        DYNAMIC,
    )],
    result_name: ResultName::Prefix("schema"),
    lower: AggregateLower::State(|_| Ok(States::<Root>::boxed(()))),
    examples: &[
        ex(
            "datatable(value:dynamic)[dynamic({\"x\":1, \"y\":3.5}), dynamic({\"x\":\"somevalue\", \"z\":[1, 2, 3]}), dynamic({\"y\":{\"w\":\"zzz\"}, \"t\":[\"aa\", \"bb\"], \"z\":[\"foo\"]})] | summarize buildschema(value)",
            "{\"x\":[\"long\",\"string\"],\"y\":[\"double\",{\"w\":\"string\"}],\"z\":{\"`indexer`\":[\"long\",\"string\"]},\"t\":{\"`indexer`\":\"string\"}}",
        ),
        ex(
            "datatable(value:dynamic)[] | summarize buildschema(value)",
            "null",
        ),
    ],
    differs: "A property that is always null has the schema [], which Kusto's page does not tell.",
};

/// The types of one place in the values.
#[derive(Default)]
struct Node {
    /// In the order of their coming; `CONTAINER` stands for `properties` and `elements`.
    kinds: Vec<u8>,
    properties: Vec<(String, Node)>,
    elements: Option<Box<Node>>,
}

const NAMES: [&str; 8] = [
    "bool", "long", "double", "decimal", "string", "datetime", "timespan", "guid",
];
const CONTAINER: u8 = 8;

impl Node {
    /// Adds a kind and gives the bytes that it took.
    fn note(&mut self, kind: u8) -> usize {
        if self.kinds.contains(&kind) {
            return 0;
        }
        self.kinds.push(kind);
        8
    }

    fn property(&mut self, name: &str) -> (&mut Node, usize) {
        let (i, grown) = match self.properties.iter().position(|(n, _)| n == name) {
            Some(i) => (i, 0),
            None => {
                self.properties.push((name.to_owned(), Node::default()));
                (
                    self.properties.len() - 1,
                    name.len() + size_of::<(String, Node)>(),
                )
            }
        };
        (&mut self.properties[i].1, grown)
    }

    fn add(&mut self, value: DynRef<'_>) -> usize {
        let kind = match value {
            DynRef::Null => return 0,
            DynRef::Bool(_) => 0,
            DynRef::Long(_) => 1,
            DynRef::Real(_) => 2,
            DynRef::Decimal(_) => 3,
            DynRef::String(_) => 4,
            DynRef::DateTime(_) => 5,
            DynRef::TimeSpan(_) => 6,
            DynRef::Guid(_) => 7,
            DynRef::Array(_) | DynRef::Bag(_) => CONTAINER,
        };
        let mut grown = self.note(kind);
        match value {
            DynRef::Array(items) => {
                if self.elements.is_none() {
                    grown += size_of::<Node>();
                }
                let node = self.elements.get_or_insert_default();
                for item in items.iter() {
                    grown += node.add(item);
                }
            }
            DynRef::Bag(bag) => {
                for (name, item) in bag.iter() {
                    let (node, more) = self.property(name);
                    grown += more + node.add(item);
                }
            }
            _ => {}
        }
        grown
    }

    fn merge(&mut self, other: Node) -> usize {
        let mut grown = 0;
        for kind in other.kinds {
            grown += self.note(kind);
        }
        for (name, node) in other.properties {
            let (mine, more) = self.property(&name);
            grown += more + mine.merge(node);
        }
        if let Some(node) = other.elements {
            grown += size_of::<Node>() + self.elements.get_or_insert_default().merge(*node);
        }
        grown
    }

    fn write(&self, w: &mut DynWriter) {
        let one = |kind: u8, w: &mut DynWriter| match NAMES.get(usize::from(kind)) {
            Some(name) => w.string(name),
            None => {
                w.begin_bag();
                for (name, node) in &self.properties {
                    w.key(name);
                    node.write(w);
                }
                if let Some(node) = &self.elements {
                    w.key("`indexer`");
                    node.write(w);
                }
                w.end();
            }
        };
        if let [kind] = self.kinds.as_slice() {
            one(*kind, w);
        } else {
            w.begin_array();
            for kind in &self.kinds {
                one(*kind, w);
            }
            w.end();
        }
    }

    fn save(&self, out: &mut Vec<u8>) {
        put_len(out, self.kinds.len());
        out.extend_from_slice(&self.kinds);
        put_len(out, self.properties.len());
        for (name, node) in &self.properties {
            put_len(out, name.len());
            out.extend_from_slice(name.as_bytes());
            node.save(out);
        }
        out.push(u8::from(self.elements.is_some()));
        if let Some(node) = &self.elements {
            node.save(out);
        }
    }

    fn load(r: &mut Reader<'_>) -> Option<Self> {
        let mut node = Node {
            kinds: r.bytes()?.to_vec(),
            ..Node::default()
        };
        for _ in 0..r.len()? {
            let name = std::str::from_utf8(r.bytes()?).ok()?.to_owned();
            node.properties.push((name, Node::load(r)?));
        }
        if r.u8()? == 1 {
            node.elements = Some(Box::new(Node::load(r)?));
        }
        Some(node)
    }
}

/// A group's schema and about how many bytes it takes.
struct Root {
    node: Node,
    size: usize,
}

impl State for Root {
    type Config = ();
    type Input<'a> = Dyns<'a>;

    fn read<'a>((): &(), args: &Args<'a>) -> Result<Dyns<'a>> {
        args.dynamic(0)
    }

    fn new((): &()) -> Self {
        Root {
            node: Node::default(),
            size: 0,
        }
    }

    fn add(&mut self, (): &(), input: &Dyns<'_>, row: usize) -> Result<()> {
        self.size += self.node.add(input.get(row));
        Ok(())
    }

    fn merge(&mut self, (): &(), other: Self) -> Result<()> {
        self.size += self.node.merge(other.node);
        Ok(())
    }

    fn save(&self, (): &(), out: &mut Vec<u8>) {
        self.node.save(out);
    }

    fn load((): &(), bytes: &[u8]) -> Option<Self> {
        Node::load(&mut Reader(bytes)).map(|node| Root { node, size: 0 })
    }

    fn finish((): &(), groups: Vec<Self>) -> Result<ArrayRef> {
        cells(&groups, |g, w| {
            if !g.node.kinds.is_empty() {
                g.node.write(w);
            }
        })
    }

    fn heap_size(&self) -> usize {
        self.size
    }
}
