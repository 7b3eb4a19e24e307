//! `arg_max(x, *)` in two passes gives what one pass gives: random rows in several files, in every way of running.

use kql_testkit::run::{Outcome, PLAIN, Setting, Way, other_ways, run};
use kql_testkit::samples::{Versions, write_versions};
use libtest_mimic::{Failed, Trial};
use std::path::PathBuf;

/// The plan in one pass.
const ONE_PASS: Way = Way {
    optimise: false,
    ..PLAIN
};

const QUERIES: &[&str] = &[
    "T | summarize arg_max(at, *) by key",
    "T | summarize arg_min(at, *), count() by key, part",
    "T | where n != 2 | summarize s = sum(n), arg_max(at, *) by key | top 7 by s desc, key asc",
    "T | extend u = strcat(text1, n), day = bin(at, 1m) | summarize arg_max(n, u, *), m = max(at) by day, part",
    "T | summarize arg_max(at, *), c = count() by key | extend d = c * 2 | where d > 100 | sort by d, key asc",
    "T | summarize (a, b1, b2, b3) = arg_max(at, text1, text2, text3), (c, d1, d2, d3) = arg_min(n, text2, text3, text4) by part",
    "T | summarize arg_max(at, *) by key | where text3 contains '1' | summarize arg_max(row, *) by part",
    "T | where at > datetime(2030-01-01) | summarize arg_max(at, *) by key",
    "let L = T | summarize arg_max(at, *) by key; L | join kind=inner (L | where n > 1) on key",
    "T | where key in ((T | summarize arg_max(at, *) by key | where text1 has '1' | project key)) | summarize arg_max(at, text1, text2, text3, text4) by key",
];

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("two_passes", check)]
}

fn check() -> Result<(), Failed> {
    let base = Versions {
        rows: 150,
        files: 3,
        keys: 40,
        times: 60,
        unique: true,
        seed: 1,
    };
    let tables = [
        base,
        Versions {
            unique: false,
            seed: 2,
            ..base
        },
        // More groups than the second pass is made for.
        Versions {
            keys: 5_000,
            rows: 900,
            times: 1_000,
            seed: 3,
            ..base
        },
    ];
    for (i, v) in tables.into_iter().enumerate() {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("two_passes_{i}"));
        write_versions(&folder.join("T"), v)?;
        let setting = Setting {
            data: vec![folder],
            ..Setting::default()
        };
        let prepared = setting.session(PLAIN).prepare(QUERIES[0], "query");
        assert!(
            format!("{:?}", prepared.bound).contains("Either("),
            "{} is not split",
            QUERIES[0]
        );
        for query in QUERIES {
            let sorted = |way: Way| {
                let out = run(&setting.session(way), query);
                assert!(
                    matches!(out, Outcome::Tables(_)),
                    "{query}\n{}",
                    out.messages()
                );
                out.lines(!query.contains(" asc"))
            };
            let want = sorted(ONE_PASS);
            for way in std::iter::once(PLAIN).chain(other_ways()) {
                // Of equal rows in several threads any may be the first; `n` has few values.
                let ties = !v.unique || query.contains("(n, ");
                if ties && way.threads > 1 || way.batch_size == 1 && v.rows > 500 {
                    continue;
                }
                let got = sorted(way);
                assert!(
                    got == want,
                    "{query}\ntable {i}, {way:?}\n{}",
                    got.iter()
                        .zip(&want)
                        .find(|(g, w)| g != w)
                        .map_or_else(String::new, |(g, w)| format!("got  {g}\nwant {w}"))
                );
            }
        }
    }
    Ok(())
}
