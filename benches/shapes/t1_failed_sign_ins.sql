SELECT UserPrincipalName, count(*) AS Failures, count(DISTINCT IPAddress) AS Addresses
FROM read_parquet('{DATA}/SigninLogs/*/*/*.parquet') WHERE ResultType <> '0' GROUP BY ALL HAVING Failures > 100
