SELECT time_bucket(INTERVAL 1 HOUR, TimeGenerated) AS TimeGenerated, AppDisplayName, Location, count(*) AS SignIns
FROM read_parquet('{DATA}/SigninLogs/*/*/*.parquet')
WHERE TimeGenerated BETWEEN TIMESTAMP '2024-07-05' AND TIMESTAMP '2024-07-05 23:59:59' GROUP BY ALL
