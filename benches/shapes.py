#!/usr/bin/env python3
"""Tables of other shapes than the benchmark's, and hunts over them against hand-written DuckDB SQL.

  shapes.py --data DIR [--scale 1] [--bench ../shared/bench/bench.py] [-- ARGUMENTS OF bench.py]

Makes the tables in DIR if they are not there, then runs `bench.py --queries benches/shapes`, which compares the answers
and prints the ratios of CPU seconds. At scale 1:

  DeviceProcessEvents   Parquet, 1,000,000 rows: Defender's process events
  Firewall              CSV, 1,500,000 rows
  CloudTrail            JSON lines, 300,000 rows of nested objects
  SigninLogs            5,000 small Parquet files in a tree of days and hours, 500,000 rows
"""
import argparse, json, os, random, subprocess, sys

HERE = os.path.dirname(os.path.abspath(__file__))
START = 1719792000  # 2024-07-01


def parquet(path, columns, **options):
    import pyarrow as pa
    import pyarrow.parquet as pq
    os.makedirs(os.path.dirname(path), exist_ok=True)
    pq.write_table(pa.table(columns), path, compression="zstd", **options)


def process_events(data, rows):
    import numpy as np
    import pyarrow as pa
    r = np.random.default_rng(1)
    names = ["powershell.exe", "cmd.exe", "svchost.exe", "chrome.exe", "wscript.exe", "rundll32.exe", "conhost.exe"]
    names += [f"tool{i}.exe" for i in range(400)]
    parents = ["explorer.exe", "winword.exe", "EXCEL.EXE", "outlook.exe", "services.exe", "cmd.exe"]
    parents += [f"agent{i}.exe" for i in range(60)]
    name = r.zipf(1.3, rows) % len(names)
    parent = r.zipf(1.2, rows) % len(parents)
    words = np.array([f"--option{i}=value{i * 37}" for i in range(5000)])
    blob = ["".join(random.Random(i).choices("ABCDEFGHabcdefgh0123456789+/", k=120)) for i in range(500)]
    one, two, odd = r.integers(0, 5000, rows), r.integers(0, 5000, rows), r.integers(0, 100, rows)
    line = []
    for i in range(rows):
        file = names[name[i]]
        if odd[i] == 0:
            line.append(f"{file} -NoProfile -enc {blob[i % 500]}")
        else:
            line.append(f'"C:\\Program Files\\Vendor\\{file}" {words[one[i]]} {words[two[i]]} /id {i}')
    time = np.sort(r.integers(0, 7 * 86400 * 10**6, rows)) + START * 10**6
    device = r.integers(0, 3000, rows)
    pick = lambda values, at: pa.array(np.array(values, dtype=object)[at], pa.string())
    parquet(os.path.join(data, "DeviceProcessEvents.parquet"), {
        "Timestamp": pa.array(time, pa.timestamp("us")),
        "DeviceId": pick([f"{i:040x}" for i in range(3000)], device),
        "DeviceName": pick([f"host{i:04}.corp.example" for i in range(3000)], device),
        "ActionType": pick(["ProcessCreated", "OpenProcess"], (odd > 90).astype(int)),
        "FileName": pick(names, name),
        "FolderPath": pick([f"C:\\Program Files\\Vendor\\{n}" for n in names], name),
        "SHA256": pick([f"{i:064x}" for i in range(2000)], (name * 7 + device) % 2000),
        "ProcessId": pa.array(r.integers(4, 60000, rows), pa.int64()),
        "ProcessCommandLine": pa.array(line, pa.string()),
        "AccountDomain": pick(["corp", "nt authority", "lab"], device % 3),
        "AccountName": pick([f"user{i}" for i in range(1500)], r.integers(0, 1500, rows)),
        "InitiatingProcessFileName": pick(parents, parent),
        "InitiatingProcessId": pa.array(r.integers(4, 60000, rows), pa.int64()),
        "ReportId": pa.array(np.arange(rows), pa.int64()),
    }, row_group_size=125_000)


def firewall(data, rows):
    r = random.Random(2)
    apps = ["web", "dns", "ssh", "rdp", "smb", "mail", "unknown, or new", 'the "other" one']
    with open(os.path.join(data, "Firewall.csv"), "w", encoding="utf-8", newline="\n") as out:
        out.write("EventTime,Source,Destination,SourcePort,DestinationPort,Protocol,Action,BytesSent,BytesReceived,Rule,Application,User\n")
        t = START * 1000
        for i in range(rows):
            t += r.randrange(800)
            s, ms = divmod(t, 1000)
            minute, second = divmod(s - START, 60)
            hour, minute = divmod(minute, 60)
            day, hour = divmod(hour, 24)
            when = f"2024-07-{1 + day % 28:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}"
            src = f"10.{r.randrange(4)}.{r.randrange(40)}.{r.randrange(250)}"
            scan = i % 50 == 0
            if scan:
                src = f"10.9.9.{i % 7}"
            app = r.choice(apps)
            if "," in app or '"' in app:
                app = '"' + app.replace('"', '""') + '"'
            out.write(f"{when},{src},198.51.{r.randrange(100)}.{r.randrange(250)},{r.randrange(1024, 65000)},"
                      f"{r.randrange(1, 3000) if scan else r.choice((80, 443, 53, 22, 3389))},{r.choice(('tcp', 'udp'))},"
                      f"{'deny' if scan or r.random() < 0.1 else 'allow'},{r.randrange(100000)},{r.randrange(1000000)},"
                      f"rule-{r.randrange(90)},{app},{'' if r.random() < 0.5 else 'user' + str(r.randrange(900))}\n")


def cloud_trail(data, rows):
    r = random.Random(3)
    names = [("ec2.amazonaws.com", n) for n in ("DescribeInstances", "RunInstances", "StopInstances")]
    names += [("s3.amazonaws.com", n) for n in ("GetObject", "PutObject", "ListBuckets", "PutBucketPolicy")]
    names += [("iam.amazonaws.com", n) for n in ("CreateUser", "AttachUserPolicy", "CreateAccessKey", "ListUsers")]
    with open(os.path.join(data, "CloudTrail.jsonl"), "w", encoding="utf-8", newline="\n") as out:
        for i in range(rows):
            source, name = r.choice(names)
            user = f"user{r.randrange(400)}"
            kind = r.choice(("IAMUser", "AssumedRole", "AWSService"))
            s = START + i * 2
            hour, rest = divmod(s - START, 3600)
            day, hour = divmod(hour, 24)
            event = {
                "eventVersion": "1.08",
                "eventTime": f"2024-07-{1 + day % 28:02}T{hour:02}:{rest // 60:02}:{rest % 60:02}Z",
                "eventSource": source,
                "eventName": name,
                "awsRegion": r.choice(("eu-west-1", "us-east-1", "us-west-2")),
                "sourceIPAddress": f"203.0.{r.randrange(30)}.{r.randrange(250)}",
                "userAgent": f"aws-cli/2.{r.randrange(20)} Python/3.11 {user}",
                "userIdentity": {
                    "type": kind, "principalId": f"AIDA{i % 400:016}", "arn": f"arn:aws:iam::123456789012:user/{user}",
                    "accountId": "123456789012", "userName": user,
                    "sessionContext": {"attributes": {"creationDate": "2024-07-01T00:00:00Z",
                                                      "mfaAuthenticated": r.choice(("true", "false"))}},
                },
                "requestParameters": {"bucketName": f"bucket-{r.randrange(80)}", "key": f"data/{i}.bin",
                                      "options": {"depth": r.randrange(10), "tags": ["a", "b", f"t{r.randrange(5)}"]}},
                "responseElements": {"x-amz-request-id": f"{i:016X}", "count": r.randrange(100)},
                "resources": [{"type": r.choice(("AWS::S3::Object", "AWS::EC2::Instance", "AWS::IAM::User")),
                               "ARN": f"arn:aws:s3:::bucket-{r.randrange(80)}/{k}"} for k in range(r.randrange(4))],
                "eventID": f"{i:032x}",
            }
            if r.random() < 0.05:
                event["errorCode"] = r.choice(("AccessDenied", "Client.UnauthorizedOperation"))
            out.write(json.dumps(event) + "\n")


def sign_ins(data, rows):
    import numpy as np
    import pyarrow as pa
    files = 5000
    each = max(1, rows // files)
    for f in range(files):
        r = np.random.default_rng(f)
        hour = f % (24 * 25)
        time = START * 10**6 + hour * 3600 * 10**6 + np.sort(r.integers(0, 3600 * 10**6, each))
        user = r.integers(0, 2000, each)
        pick = lambda values, at: pa.array(np.array(values, dtype=object)[at], pa.string())
        path = f"SigninLogs/day={1 + hour // 24:02}/hour={hour % 24:02}/part-{f:05}.parquet"
        parquet(os.path.join(data, path), {
            "TimeGenerated": pa.array(time, pa.timestamp("us")),
            "UserPrincipalName": pa.array([f"user{u}@corp.example" for u in user], pa.string()),
            "IPAddress": pa.array([f"192.0.{a}.{b}" for a, b in r.integers(0, 200, (each, 2))], pa.string()),
            "ResultType": pick(["0", "50126", "50053", "500121"], np.minimum(r.zipf(2, each) - 1, 3)),
            "AppDisplayName": pick(["Portal", "Mail", "Teams", "VPN"], r.integers(0, 4, each)),
            "Location": pick(["DE", "FR", "US", "NL", "BR"], r.integers(0, 5, each)),
        })


MAKERS = {"DeviceProcessEvents.parquet": (process_events, 1_000_000), "Firewall.csv": (firewall, 1_500_000),
          "CloudTrail.jsonl": (cloud_trail, 300_000), "SigninLogs": (sign_ins, 500_000)}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--scale", type=float, default=1)
    p.add_argument("--bench", default=os.path.join(HERE, "../../shared/bench/bench.py"))
    p.add_argument("--engine", default="target/release/kql run {query} --data {data} --threads {threads} --format json --stats")
    p.add_argument("rest", nargs="*", help="arguments of bench.py, after --")
    a = p.parse_args()
    data = os.path.abspath(a.data)
    os.makedirs(data, exist_ok=True)
    for name, (make, rows) in MAKERS.items():
        if not os.path.exists(os.path.join(data, name)):
            print(f"makes {name}", file=sys.stderr)
            make(data, int(rows * a.scale))
    command = [sys.executable, a.bench, "--data", data, "--queries", os.path.join(HERE, "shapes"), "--engine", a.engine]
    return subprocess.run(command + a.rest, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
