use std::io::Read;
fn main() {
    let mut t = String::new();
    let f = std::env::args().nth(1).unwrap_or("-".into());
    if f == "-" { std::io::stdin().read_to_string(&mut t).unwrap(); } else { t = std::fs::read_to_string(&f).unwrap(); }
    let (mut n, mut bad) = (0, 0);
    for line in t.lines() {
        let r: serde_json::Value = serde_json::from_str(line).unwrap();
        let q = r["query"].as_str().unwrap();
        n += 1;
        let p = kql_syntax::parse(q);
        let errs: Vec<_> = p.diagnostics.iter().filter(|d| d.is_error()).collect();
        if !errs.is_empty() { bad += 1; println!("## {} ", r["id"]);
            for d in errs.iter().take(3) { println!("{}", d.show(&[kql_diag::Source::new("q", q)])); } }
    }
    println!("{} of {n} parse", n - bad);
}
