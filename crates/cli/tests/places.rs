//! `geo_info_from_ip_address` over a database of places that the test writes itself.
#![allow(clippy::unwrap_used, clippy::panic)]

mod says;

use says::says;
use std::net::Ipv6Addr;

/// A value of the format's data section.
enum Data<'a> {
    Map(Vec<(&'a str, Data<'a>)>),
    List(Vec<Data<'a>>),
    Text(&'a str),
    Double(f64),
    Short(u8),
    Number(u8),
    Long(u8),
}

fn write(data: &Data, out: &mut Vec<u8>) {
    let size = |n: usize| u8::try_from(n).unwrap();
    match data {
        Data::Map(entries) => {
            out.push(7 << 5 | size(entries.len()));
            for (key, value) in entries {
                write(&Data::Text(key), out);
                write(value, out);
            }
        }
        Data::List(items) => {
            out.extend([size(items.len()), 11 - 7]);
            items.iter().for_each(|i| write(i, out));
        }
        Data::Text(text) => {
            out.push(2 << 5 | size(text.len()).min(29));
            if text.len() >= 29 {
                out.push(size(text.len() - 29));
            }
            out.extend(text.bytes());
        }
        Data::Double(x) => {
            out.push(3 << 5 | 8);
            out.extend(x.to_be_bytes());
        }
        Data::Short(n) => out.extend([5 << 5 | 1, *n]),
        Data::Number(n) => out.extend([6 << 5 | 1, *n]),
        Data::Long(n) => out.extend([1, 9 - 7, *n]),
    }
}

/// A database of IPv6 networks; those of IPv4 lie at its beginning, as in the databases that are given away.
fn database(kind: &str, networks: &[(&str, u32, Data)]) -> Vec<u8> {
    const NOTHING: usize = usize::MAX;
    let mut data = Vec::new();
    let mut nodes: Vec<[usize; 2]> = vec![[NOTHING; 2]];
    let mut leaves: Vec<(usize, usize, usize)> = Vec::new();
    for (address, length, place) in networks {
        let bits = u128::from(address.parse::<Ipv6Addr>().unwrap());
        let mut at = 0;
        for depth in 0..*length {
            let side = usize::from(bits >> (127 - depth) & 1 == 1);
            if depth + 1 == *length {
                leaves.push((at, side, data.len()));
            } else if nodes[at][side] == NOTHING {
                nodes[at][side] = nodes.len();
                at = nodes.len();
                nodes.push([NOTHING; 2]);
            } else {
                at = nodes[at][side];
            }
        }
        write(place, &mut data);
    }
    let count = nodes.len();
    nodes
        .iter_mut()
        .flatten()
        .for_each(|n| *n = (*n).min(count));
    for (node, side, offset) in leaves {
        nodes[node][side] = count + 16 + offset;
    }
    let mut out = Vec::new();
    for n in nodes.iter().flatten() {
        out.extend(&u32::try_from(*n).unwrap().to_be_bytes()[1..]);
    }
    out.extend([0; 16]);
    out.extend(data);
    out.extend(b"\xab\xcd\xefMaxMind.com");
    let about = Data::Map(vec![
        ("binary_format_major_version", Data::Short(2)),
        ("binary_format_minor_version", Data::Short(0)),
        ("build_epoch", Data::Long(1)),
        ("database_type", Data::Text(kind)),
        ("description", Data::Map(vec![("en", Data::Text("test"))])),
        ("ip_version", Data::Short(6)),
        ("languages", Data::List(vec![Data::Text("en")])),
        ("node_count", Data::Number(u8::try_from(count).unwrap())),
        ("record_size", Data::Short(24)),
    ]);
    write(&about, &mut out);
    out
}

fn named(name: &str) -> Data<'_> {
    Data::Map(vec![("names", Data::Map(vec![("en", Data::Text(name))]))])
}

#[test]
fn addresses_are_looked_up_in_the_file_of_the_workspace() {
    let dir = tempfile::tempdir().unwrap();
    let d = dir.path();
    let sydney = Data::Map(vec![
        ("city", named("Sydney")),
        ("country", named("Australia")),
        (
            "location",
            Data::Map(vec![
                ("latitude", Data::Double(-33.8715)),
                ("longitude", Data::Double(151.2006)),
            ]),
        ),
        ("subdivisions", Data::List(vec![named("New South Wales")])),
    ]);
    let vague = Data::Map(vec![("country", named("Norway"))]);
    let networks = [("::cb00:7100", 96 + 24, sydney), ("2001:db8::", 32, vague)];
    std::fs::write(d.join("places.mmdb"), database("GeoLite2-City", &networks)).unwrap();
    std::fs::write(d.join("net.mmdb"), database("GeoLite2-ASN", &networks)).unwrap();
    let q = "datatable(ip:string)['203.0.113.7', '2001:db8::1', '192.0.2.1', 'no address']
        | extend g = geo_info_from_ip_address(ip)
        | project ip, tostring(g), g.city, isnull(g)";
    // Without a file there is no place, and no guess.
    says(d, &["run", "-q", q], 1, &["--geoip", "kql.toml"]);
    says(d, &["check", "-q", q], 0, &[]);
    let found = [
        r#"{"ip":"203.0.113.7","g":"{\"country\":\"Australia\",\"state\":\"New South Wales\",\"city\":\"Sydney\",\"latitude\":-33.8715,\"longitude\":151.2006}","g_city":"Sydney","Column1":false}"#,
        r#"{"ip":"2001:db8::1","g":"{\"country\":\"Norway\"}","g_city":null,"Column1":false}"#,
        r#"{"ip":"192.0.2.1","g":"","g_city":null,"Column1":true}"#,
        r#"{"ip":"no address","g":"","g_city":null,"Column1":true}"#,
    ];
    says(d, &["run", "-q", q, "--geoip", "places.mmdb"], 0, &found);
    std::fs::write(d.join("kql.toml"), "geoip = \"places.mmdb\"\n").unwrap();
    says(d, &["run", "-q", q], 0, &found);
    let constant = "print geo_info_from_ip_address('203.0.113.9').state";
    says(d, &["run", "-q", constant], 0, &["New South Wales"]);
    // What is no database of cities is refused.
    says(
        d,
        &["run", "-q", q, "--geoip", "net.mmdb"],
        2,
        &["GeoLite2-ASN"],
    );
    says(
        d,
        &["run", "-q", q, "--geoip", "kql.toml"],
        2,
        &["no MaxMind database"],
    );
}
