SELECT time_bucket(INTERVAL 1 HOUR, EventTime) AS EventTime, Application,
  CAST(sum(BytesSent) AS BIGINT) AS Sent, CAST(sum(BytesReceived) AS BIGINT) AS Received
FROM read_csv('{DATA}/Firewall.csv') GROUP BY ALL
