//! NetworkSessions: a port scan and an exfiltration, and what only looks like them.

use super::{TOP_DOMAINS, clock};

/// A row of the table.
pub(super) struct Session {
    /// Second of 2024-07-01.
    pub(super) second: u32,
    pub(super) success: bool,
    pub(super) source: String,
    pub(super) target: String,
    pub(super) port: i32,
    pub(super) host: String,
    pub(super) sent: i64,
    pub(super) received: i64,
}

/// Ports that a scan asks for.
const SCANNED: [i32; 7] = [21, 22, 23, 25, 3306, 3389, 5900];
/// Ports that everybody uses.
const USUAL: [i32; 7] = [443, 53, 389, 80, 8080, 8888, 880];
const HOUR: u32 = 3600;

/// The planted rows and their look-alikes, in order.
pub(super) fn planted() -> Vec<Session> {
    let mut out = Vec::new();
    let mut ports = |start: u32, step: u32, source: &str, target: &str, ports: &[i32], success| {
        for (port, i) in ports.iter().zip(0..) {
            out.push(Session {
                second: start + i * step,
                success,
                source: source.to_owned(),
                target: target.to_owned(),
                port: *port,
                host: String::new(),
                sent: 100,
                received: 200,
            });
        }
    };
    let minute = |m: u32| 10 * HOUR + m * 60;
    // The scan that must be found.
    ports(
        minute(0) + 10,
        1,
        "10.1.1.66",
        "203.0.113.9",
        &SCANNED,
        false,
    );
    // Inside of the network; slow; only usual ports; and all of them answered.
    ports(minute(5) + 10, 1, "10.1.1.70", "10.2.0.9", &SCANNED, false);
    ports(
        minute(10),
        HOUR,
        "10.1.1.71",
        "203.0.113.10",
        &SCANNED,
        false,
    );
    ports(
        minute(15) + 10,
        1,
        "10.1.1.72",
        "203.0.113.11",
        &USUAL,
        false,
    );
    ports(
        minute(20) + 10,
        1,
        "10.1.1.73",
        "203.0.113.12",
        &SCANNED,
        true,
    );
    let mut web = |second, source: &str, target: &str, host: String, sent, received| {
        out.push(Session {
            second,
            success: true,
            source: source.to_owned(),
            target: target.to_owned(),
            port: 443,
            host,
            sent,
            received,
        });
    };
    for (i, domain) in (0..40u32).zip(TOP_DOMAINS.iter().take(4).cycle()) {
        let source = format!("10.1.2.{}", i + 1);
        let host = format!("www.{domain}");
        web(
            11 * HOUR + i * 60,
            &source,
            "198.51.100.7",
            host,
            1000 + i64::from(i),
            5000,
        );
    }
    // Much data, and all of it stays inside.
    for i in 0..10u32 {
        let host = format!("files{i}.corp.local");
        web(
            12 * HOUR + i * 60,
            "10.1.3.3",
            "10.2.0.4",
            host,
            900_000,
            10,
        );
    }
    // The exfiltration that must be found.
    for i in 0..6u32 {
        let host = format!("drop{}.zxqvault.net", i % 2);
        web(
            13 * HOUR + i * 60,
            "10.1.4.4",
            "192.0.2.44",
            host,
            5_000_000,
            10,
        );
    }
    out
}

pub(super) fn csv() -> String {
    let mut out = String::from(
        "TimeGenerated,EventResult,DvcAction,SrcIpAddr,DstIpAddr,DstPortNumber,UrlHostname,SrcBytes,DstBytes\n",
    );
    for s in planted() {
        let (result, action) = outcome(s.success);
        out.push_str(&format!(
            "2024-07-01 {},{result},{action},{},{},{},{},{},{}\n",
            clock(s.second),
            s.source,
            s.target,
            s.port,
            s.host,
            s.sent,
            s.received
        ));
    }
    out
}

pub(super) fn outcome(success: bool) -> (&'static str, &'static str) {
    if success {
        ("Success", "Allow")
    } else {
        ("Failure", "Deny")
    }
}
