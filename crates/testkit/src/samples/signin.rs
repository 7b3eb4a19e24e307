//! SigninLogs: a password spray that hits, a user who only mistypes, and a journey that nobody can make.

use super::clock;

const USERS: [&str; 12] = [
    "adele", "ben", "carla", "dev", "emil", "fatima", "gus", "hanna", "ivan", "june", "karl",
    "lena",
];
const HOUR: u32 = 3600;

struct Signin<'a> {
    second: u32,
    user: &'a str,
    address: &'a str,
    result: &'a str,
    app: &'a str,
    agent: &'a str,
    city: &'a str,
    country: &'a str,
}

/// An object a line.
pub(super) fn json_lines() -> String {
    let mut rows = Vec::new();
    let office = |second, user, result| Signin {
        second,
        user,
        address: "198.51.100.20",
        result,
        app: "Office 365",
        agent: "Mozilla/5.0 (Windows NT 10.0)",
        city: "Oslo",
        country: "NO",
    };
    // An ordinary morning.
    for (user, i) in USERS.iter().zip(0..) {
        rows.push(office(7 * HOUR + i * 240, user, "0"));
    }
    // Somebody mistypes and then remembers: one user, not many.
    for i in 0..5 {
        rows.push(office(9 * HOUR + i * 20, "gus", "50126"));
    }
    rows.push(office(9 * HOUR + 120, "gus", "0"));
    // The spray that must be found: one address, every user, and one password that fits.
    let spray = |second, user, result| Signin {
        second,
        user,
        address: "203.0.113.77",
        result,
        app: "Exchange ActiveSync",
        agent: "python-requests/2.31",
        city: "Lagos",
        country: "NG",
    };
    for (user, i) in USERS.iter().zip(0..) {
        rows.push(spray(14 * HOUR + i * 5, user, "50126"));
    }
    rows.push(spray(14 * HOUR + 300, "june", "0"));
    // The journey: Oslo, and forty minutes later Sydney.
    rows.push(office(16 * HOUR, "karl", "0"));
    rows.push(Signin {
        second: 16 * HOUR + 2400,
        user: "karl",
        address: "192.0.2.90",
        result: "0",
        app: "Azure Portal",
        agent: "Mozilla/5.0 (X11; Linux x86_64)",
        city: "Sydney",
        country: "AU",
    });
    rows.iter().map(line).collect()
}

fn line(s: &Signin<'_>) -> String {
    let reason = match s.result {
        "0" => "",
        _ => "Invalid username or password",
    };
    format!(
        "{{\"TimeGenerated\":\"2024-07-01T{}Z\",\"UserPrincipalName\":\"{}@contoso.com\",\"IPAddress\":\"{}\",\
         \"ResultType\":\"{}\",\"ResultDescription\":\"{reason}\",\"AppDisplayName\":\"{}\",\"UserAgent\":\"{}\",\
         \"LocationDetails\":{{\"city\":\"{}\",\"countryOrRegion\":\"{}\"}},\
         \"AuthenticationDetails\":[{{\"method\":\"Password\",\"succeeded\":{}}}]}}\n",
        clock(s.second),
        s.user,
        s.address,
        s.result,
        s.app,
        s.agent,
        s.city,
        s.country,
        s.result == "0"
    )
}
