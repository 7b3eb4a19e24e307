SELECT sourceIPAddress, count(*) AS Calls, count(DISTINCT eventName) AS Names
FROM read_json('{DATA}/CloudTrail.jsonl') WHERE errorCode = 'AccessDenied' GROUP BY ALL
