//! Each kind of chart as text and as a page: `BLESS=1` rewrites the pictures in `charts/`, the diff is what gets reviewed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::process::Command;

const COUNTRIES: &str = "datatable(Country:string, n:long, m:long)['Norway',12,3,'Sweden',40,5,'Finland',33,8,'Denmark',7,1]";
const HOURS: &str = "range t from datetime(2024-07-01) to datetime(2024-07-02 12:00) step 1h \
    | extend h = toint((t - datetime(2024-07-01)) / 1h) | extend v = (h * h) % 31 + 10, k = iff(h % 2 == 0, 'even', 'odd')";

/// Name, rows, what is drawn.
const KINDS: [(&str, &str, &str); 27] = [
    (
        "timechart",
        HOURS,
        "project t, v | render timechart with (title='Rows an hour')",
    ),
    (
        "timechart_series",
        HOURS,
        "project t, k, v | render timechart with (ytitle='rows')",
    ),
    (
        "linechart",
        HOURS,
        "project h, v | render linechart with (ymin=-20, ymax=60)",
    ),
    (
        "linechart_log",
        "range x from 1 to 6 step 1",
        "extend y = exp10(x) | render linechart with (yaxis=log)",
    ),
    (
        "areachart",
        HOURS,
        "project t, v | render areachart with (legend=hidden, xtitle='when')",
    ),
    (
        "stackedareachart",
        HOURS,
        "project t, v, w = h % 7 | render stackedareachart",
    ),
    (
        "stackedareachart_gaps",
        HOURS,
        "where k == 'odd' or h > 20 | summarize n = sum(v) by bin(t, 2h), k | render areachart with (kind=stacked)",
    ),
    ("columnchart", COUNTRIES, "render columnchart"),
    (
        "columnchart_stacked",
        COUNTRIES,
        "render columnchart with (kind=stacked, title='Two <of> a kind')",
    ),
    (
        "columnchart_below_zero",
        "datatable(k:string, n:long)['a',5,'b',-3,'c',2]",
        "render columnchart",
    ),
    ("barchart", COUNTRIES, "render barchart with (ycolumns=n)"),
    (
        "barchart_stacked100",
        COUNTRIES,
        "render barchart with (kind=stacked100)",
    ),
    (
        "barchart_wide",
        "datatable(k:string, n:long)['日本語の名前',5,'é & <b>',3]",
        "render barchart",
    ),
    (
        "piechart",
        COUNTRIES,
        "render piechart with (title='Shares')",
    ),
    (
        "scatterchart",
        HOURS,
        "project h, v, k | render scatterchart with (series=k)",
    ),
    (
        "anomalychart",
        HOURS,
        "summarize t = make_list(t), v = make_list(v), a = make_list(iff(h == 15, 1, 0)) \
         | render anomalychart with (anomalycolumns=a)",
    ),
    (
        "panels",
        HOURS,
        "project t, v, h | render timechart with (ysplit=panels)",
    ),
    (
        "accumulate",
        HOURS,
        "project t, v | render timechart with (accumulate=true)",
    ),
    (
        "card",
        "print Events = 1234567, Share = 0.25",
        "render card",
    ),
    ("table", COUNTRIES, "render table"),
    ("ladderchart", COUNTRIES, "render ladderchart"),
    ("pivotchart", COUNTRIES, "render pivotchart"),
    ("timepivot", COUNTRIES, "render timepivot"),
    ("treemap", COUNTRIES, "render treemap"),
    ("plotly", COUNTRIES, "render plotly"),
    ("graph", COUNTRIES, "render graph"),
    (
        "ignored",
        COUNTRIES,
        "render columnchart with (xcolumn=Country, colour=red, ymax=many, yaxis=logg)",
    ),
];

fn kql(format: &str, query: &str) -> (String, String, bool) {
    let out = Command::new(env!("CARGO_BIN_EXE_kql"))
        .args(["run", "--format", format, "-q", query])
        .output()
        .unwrap();
    (
        String::from_utf8(out.stdout).unwrap(),
        String::from_utf8(out.stderr).unwrap(),
        out.status.success(),
    )
}

#[test]
fn pictures_are_what_they_were() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let bless = std::env::var_os("BLESS").is_some();
    let mut stale = Vec::new();
    for (name, rows, step) in KINDS {
        let query = format!("{rows} | {step}");
        for (format, end) in [("chart", "txt"), ("html", "html")] {
            let (text, notes, ok) = kql(format, &query);
            assert!(ok, "{name}: {notes}");
            if end == "txt" {
                let wide = text.lines().find(|l| l.chars().count() > 80);
                assert_eq!(wide, None, "{name} is wider than 80 columns");
            } else {
                check_page(name, &text);
            }
            let file = folder.join(format!("{name}.{end}"));
            if bless {
                std::fs::write(&file, &text).unwrap();
            } else if std::fs::read_to_string(&file).unwrap_or_default() != text {
                stale.push(format!("{}:\n{text}", file.display()));
            }
        }
    }
    assert!(stale.is_empty(), "changed:\n{}", stale.join("\n"));
}

/// A page loads nothing, and every tag that is opened is closed.
fn check_page(name: &str, page: &str) {
    let without_names = page.replace("http://www.w3.org/2000/svg", "");
    for outside in [
        "http:", "https:", "url(", "<script", "src=", "<link", "@import",
    ] {
        assert!(!without_names.contains(outside), "{name} has {outside}");
    }
    let mut open: Vec<&str> = Vec::new();
    for part in page.split('<').skip(1) {
        let tag = part.split('>').next().unwrap();
        let word = tag.split([' ', '/']).next().unwrap();
        if tag.starts_with('!') || matches!(word, "meta") || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            Some(end) => assert_eq!(open.pop(), Some(end), "{name}"),
            None => open.push(word),
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{name}");
    assert!(!page.contains("NaN"), "{name}");
}

/// What a page tells of its frames: pictures and tables, and labels that the edge of a picture cuts.
const LOOK: &str = "<script>
onload = () => {
  for (const f of document.querySelectorAll('iframe')) {
    const d = f.contentDocument, cut = [];
    for (const svg of d.querySelectorAll('svg')) {
      const r = svg.getBoundingClientRect();
      for (const t of svg.querySelectorAll('text')) {
        const b = t.getBoundingClientRect();
        if (b.left < r.left || b.right > r.right || b.top < r.top || b.bottom > r.bottom) cut.push(t.textContent);
      }
    }
    const n = s => d.querySelectorAll(s).length;
    const p = document.createElement('p');
    p.textContent = `${f.title}: ${n('svg')} svg, ${n('table')} table, cut: ${cut.join('|')};`;
    document.body.append(p);
  }
};
</script>";

#[test]
fn a_browser_shows_the_pages_without_a_word() {
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|b| Command::new(b).arg("--version").output().is_ok())
    else {
        eprintln!("skipped: there is no chromium");
        return;
    };
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/charts");
    let dir = tempfile::tempdir().unwrap();
    let mut page = format!("<!DOCTYPE html><html><body>{LOOK}");
    for (name, ..) in KINDS {
        let file = folder.join(format!("{name}.html"));
        page.push_str(&format!(
            "<iframe width=\"1000\" height=\"700\" title=\"{name}\" src=\"file://{}\"></iframe>",
            file.display()
        ));
    }
    let index = dir.path().join("index.html");
    std::fs::write(&index, page + "</body></html>").unwrap();
    let out = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
        .args(["--enable-logging=stderr", "--allow-file-access-from-files"])
        // Whatever a page asked of the network would fail, and be said on the console.
        .arg("--host-resolver-rules=MAP * ~NOTFOUND")
        .arg(format!(
            "--user-data-dir={}",
            dir.path().join("profile").display()
        ))
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("file://{}", index.display()))
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&out.stdout);
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!said.contains("CONSOLE"), "{said}");
    for (name, _, step) in KINDS {
        let drawn = usize::from(!NOT_DRAWN.iter().any(|n| step.ends_with(n)));
        let line = format!("<p>{name}: {drawn} svg, 1 table, cut: ;</p>");
        assert!(
            shown.contains(&line),
            "{name} is not as it should be: {shown}"
        );
    }
}

/// Kinds that are shown as a table.
const NOT_DRAWN: [&str; 7] = [
    "table",
    "ladderchart",
    "pivotchart",
    "timepivot",
    "treemap",
    "plotly",
    "graph",
];

#[test]
fn what_is_not_drawn_is_said() {
    let (text, notes, ok) = kql("chart", &format!("{COUNTRIES} | render treemap"));
    assert!(
        ok && text.starts_with("Country") && notes.contains("treemap is not drawn"),
        "{notes}"
    );
    let (_, notes, ok) = kql(
        "chart",
        &format!("{COUNTRIES} | render barchart with (xcolumn=country)"),
    );
    assert!(ok && notes.contains("`Country` exists"), "{notes}");
    let (text, _, ok) = kql(
        "chart",
        "print a = 1 | render card with (title='t', ymin=3)",
    );
    assert!(ok && text.contains("ymin changes nothing"), "{text}");
    assert!(!text.contains("title changes"), "{text}");
    let (_, notes, ok) = kql("svg", "print 1");
    assert!(!ok && notes.contains("requires `render`"), "{notes}");
    let (text, _, ok) = kql("svg", &format!("{COUNTRIES} | render piechart"));
    assert!(ok && text.starts_with("<svg ") && text.ends_with("</svg>\n"));
}
