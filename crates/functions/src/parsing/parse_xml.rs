//! `parse_xml(xml)`.

use crate::prelude::*;

/// `parse_xml`
pub const SPEC: FunctionSpec = FunctionSpec {
    name: "parse_xml",
    summary: "Returns an XML text as a bag: elements by name, attributes as `@name`, text beside them as `#text`, repeated elements as an array. Null for what is no XML.",
    signatures: &[sig(
        &[arg_of("xml_text", Class::StringOrDynamic, "The XML text.")],
        DYNAMIC,
    )],
    result_name: ResultName::FirstArgument,
    nulls: Nulls::Seen,
    volatility: Volatility::Immutable,
    lower: Lower::Kernel(parse_xml),
    examples: &[
        ex("parse_xml('<e/>')", r#"{"e":null}"#),
        ex(
            r#"parse_xml('<e name="value">text</e>')"#,
            r##"{"e":{"@name":"value","#text":"text"}}"##,
        ),
        ex(
            "parse_xml('<e> <a>text</a> <a>text</a> </e>')",
            r#"{"e":{"a":["text","text"]}}"#,
        ),
        ex("parse_xml('<a><b></a>')", "null"),
    ],
    differs: "Texts stay texts (the page shows numbers for some). Entities of a document type are not known: such a text is null.",
};

use crate::text_arguments::text_of;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Longer texts are null, as in Kusto.
const MOST: usize = 1 << 20;
/// Elements may stand this deep in each other.
const MAX_DEPTH: usize = 512;

fn parse_xml(args: &Args<'_>) -> Result<ArrayRef> {
    let texts = args.any(0)?;
    let mut scratch = String::new();
    dyn_result(args.rows, |row, w| {
        let text = text_of(&texts, row, &mut scratch);
        if text.len() <= MOST
            && let Some((name, root)) = read(text)
        {
            w.begin_bag();
            w.key(&name);
            root.write(w);
            w.end();
        }
    })
}

/// An element: attributes, then texts and elements by name, in order of first appearance.
#[derive(Debug, Default)]
struct Element {
    attributes: Vec<(String, String)>,
    children: Vec<(String, Vec<Child>)>,
    /// The text since the last tag.
    text: String,
}

#[derive(Debug)]
enum Child {
    Text(String),
    Element(Element),
}

impl Element {
    fn start(tag: &BytesStart<'_>) -> Option<(String, Element)> {
        let mut element = Element::default();
        for attribute in tag.attributes() {
            let attribute = attribute.ok()?;
            let name = std::str::from_utf8(attribute.key.as_ref()).ok()?;
            let value = std::str::from_utf8(&attribute.value).ok()?;
            let value = quick_xml::escape::unescape(value).ok()?;
            element
                .attributes
                .push((format!("@{name}"), value.into_owned()));
        }
        Some((
            std::str::from_utf8(tag.name().as_ref()).ok()?.to_owned(),
            element,
        ))
    }

    fn add(&mut self, name: &str, child: Child) {
        match self.children.iter_mut().find(|(n, _)| n == name) {
            Some((_, all)) => all.push(child),
            None => self.children.push((name.to_owned(), vec![child])),
        }
    }

    /// Ends a run of text.
    fn finish_text(&mut self) {
        let text = self.text.trim();
        if !text.is_empty() {
            let text = text.to_owned();
            self.add("#text", Child::Text(text));
        }
        self.text.clear();
    }

    fn write(&self, w: &mut DynWriter) {
        if self.attributes.is_empty() {
            match self.children.as_slice() {
                [] => return w.null(),
                [(name, all)] if name == "#text" => {
                    if let [Child::Text(text)] = all.as_slice() {
                        return w.string(text);
                    }
                }
                _ => {}
            }
        }
        w.begin_bag();
        for (name, value) in &self.attributes {
            w.key(name);
            w.string(value);
        }
        for (name, all) in &self.children {
            w.key(name);
            let many = all.len() > 1;
            if many {
                w.begin_array();
            }
            for child in all {
                match child {
                    Child::Text(text) => w.string(text),
                    Child::Element(element) => element.write(w),
                }
            }
            if many {
                w.end();
            }
        }
        w.end();
    }
}

/// The root element, or none for what is no XML.
fn read(text: &str) -> Option<(String, Element)> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<(String, Element)> = Vec::new();
    let mut root = None;
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) => {
                if root.is_some() || open.len() >= MAX_DEPTH {
                    return None;
                }
                if let Some((_, parent)) = open.last_mut() {
                    parent.finish_text();
                }
                open.push(Element::start(&tag)?);
            }
            Event::Empty(tag) => {
                if root.is_some() {
                    return None;
                }
                let (name, element) = Element::start(&tag)?;
                match open.last_mut() {
                    Some((_, parent)) => {
                        parent.finish_text();
                        parent.add(&name, Child::Element(element));
                    }
                    None => root = Some((name, element)),
                }
            }
            Event::End(_) => {
                let (name, mut element) = open.pop()?;
                element.finish_text();
                match open.last_mut() {
                    Some((_, parent)) => parent.add(&name, Child::Element(element)),
                    None => root = Some((name, element)),
                }
            }
            Event::Text(text) => {
                let text = text.decode().ok()?;
                match open.last_mut() {
                    Some((_, parent)) => parent.text.push_str(&text),
                    None if text.trim().is_empty() => {}
                    None => return None,
                }
            }
            Event::GeneralRef(entity) => {
                let (_, parent) = open.last_mut()?;
                match entity.resolve_char_ref().ok()? {
                    Some(c) => parent.text.push(c),
                    None => parent.text.push_str(quick_xml::escape::resolve_xml_entity(
                        &entity.decode().ok()?,
                    )?),
                }
            }
            Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_) => {}
            Event::Eof => break,
        }
    }
    if open.is_empty() { root } else { None }
}
