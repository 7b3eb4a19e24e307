SELECT DeviceName, count(*) AS Runs, max(length(regexp_extract(ProcessCommandLine, '-enc\s+([A-Za-z0-9+/=]+)', 1))) AS Longest
FROM DeviceProcessEvents
WHERE regexp_matches(ProcessCommandLine, '(?i)(?:^|[^a-z0-9])(?:enc|encodedcommand)(?:$|[^a-z0-9])')
GROUP BY ALL
