//! Each code of the registry is shown by a golden case, or says here where else it is tested.

use kql_diag::codes::{self, Code};
use kql_testkit::kqlt;
use kql_testkit::layout::files;
use kql_testkit::run::{Outcome, PLAIN, Setting, run};
use libtest_mimic::{Failed, Trial};
use std::collections::BTreeSet;

/// Codes that no golden file can show.
const ELSEWHERE: &[(Code, &str)] = &[
    (codes::TOO_LONG, "code/too_long"),
    (codes::RECURSION, "code/recursion"),
    (codes::AMBIGUOUS, "no stage gives it yet"),
    (codes::TIMEOUT, "code/timeout"),
    (codes::MEMORY, "code/memory"),
    (codes::OUTPUT, "code/output"),
    (codes::CANCELLED, "needs a signal"),
    (codes::BAD_CONTENT, "crates/cli/tests/content.rs"),
    (codes::CONTENT_COLUMN, "crates/cli/tests/content.rs"),
    (codes::SHORT_PERIOD, "crates/cli/tests/content.rs"),
    (codes::NO_VALUE, "crates/cli/tests/content.rs"),
    (
        codes::INTERNAL,
        "our own faults are not to be had on purpose",
    ),
];

pub fn trials() -> Vec<Trial> {
    vec![
        Trial::test("code/every_code_has_a_case", every_code_has_a_case),
        Trial::test("code/too_long", too_long),
        Trial::test("code/recursion", recursion),
        Trial::test("code/timeout", timeout),
        Trial::test("code/memory", memory),
        Trial::test("code/output", output),
    ]
}

fn every_code_has_a_case() -> Result<(), Failed> {
    let mut seen = BTreeSet::new();
    for path in files(&crate::golden_files::folder(), "kqlt") {
        for case in kqlt::parse(&std::fs::read_to_string(path)?).cases {
            for line in case.expected {
                seen.extend(
                    line.split_whitespace()
                        .filter(|w| w.starts_with("KQL"))
                        .map(str::to_owned),
                );
            }
        }
    }
    let without: Vec<String> = codes::ALL
        .iter()
        .filter(|(c, _)| !ELSEWHERE.iter().any(|(e, _)| e == c))
        .map(|(c, _)| c.to_string())
        .filter(|c| !seen.contains(c))
        .collect();
    if without.is_empty() {
        Ok(())
    } else {
        Err(format!("codes without a golden case: {without:?}").into())
    }
}

fn code_of(outcome: &Outcome) -> Option<Code> {
    match outcome {
        Outcome::Errors(e, _) => e.first().map(|d| d.code),
        Outcome::Tables(_) => None,
    }
}

fn expect(outcome: &Outcome, code: Code) -> Result<(), Failed> {
    match code_of(outcome) {
        Some(c) if c == code => Ok(()),
        other => Err(format!("{other:?} {}", outcome.messages()).into()),
    }
}

fn too_long() -> Result<(), Failed> {
    let text = format!("print '{}'", "x".repeat(64 << 20));
    expect(
        &run(&Setting::default().session(PLAIN), &text),
        codes::TOO_LONG,
    )
}

fn options() -> kql_engine::SessionOptions {
    kql_engine::SessionOptions {
        threads: 1,
        ..kql_engine::SessionOptions::default()
    }
}

/// A let's body cannot see its own name, but stored functions see each other.
fn recursion() -> Result<(), Failed> {
    let function = |name: &str, body: &str| kql_engine::StoredFunction {
        name: name.to_owned(),
        parameters: "(n:long)".to_owned(),
        body: body.to_owned(),
        origin: "test".to_owned(),
        anchors: Vec::new(),
    };
    let functions = vec![
        function("down", "{ up(n - 1) }"),
        function("up", "{ down(n) }"),
    ];
    let session = kql_engine::Session::new(options()).with_functions(functions);
    expect(&run(&session, "print down(3)"), codes::RECURSION)
}

fn timeout() -> Result<(), Failed> {
    let session = kql_engine::Session::new(kql_engine::SessionOptions {
        timeout: Some(std::time::Duration::from_millis(200)),
        ..options()
    });
    let text = "range x from 1 to 100000000000 step 1 | summarize dcount(tostring(x)) by x % 3";
    expect(&run(&session, text), codes::TIMEOUT)
}

fn memory() -> Result<(), Failed> {
    let session = kql_engine::Session::new(kql_engine::SessionOptions {
        memory_limit: Some(1 << 20),
        ..options()
    });
    let text = "range x from 1 to 200000 step 1 | extend s = strcat('abcdefghijklmnopqrstuvwxyz', x) | summarize make_list(s), make_set(s)";
    expect(&run(&session, text), codes::MEMORY)
}

/// A sink that takes nothing.
struct Full;

impl kql_engine::Sink for Full {
    fn begin(
        &mut self,
        _: &kql_engine::ResultInfo,
        _: &arrow::datatypes::SchemaRef,
    ) -> std::io::Result<()> {
        Ok(())
    }

    fn batch(&mut self, _: &arrow::array::RecordBatch) -> std::io::Result<()> {
        Err(std::io::Error::other("full"))
    }

    fn end(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn output() -> Result<(), Failed> {
    let session = kql_engine::Session::new(options());
    let prepared = session.prepare("print 1", "query");
    match session.run(&prepared, &mut Full) {
        Err(d) if d.code == codes::OUTPUT => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}
