SELECT Source, count(*) AS Hits, count(DISTINCT DestinationPort) AS Ports
FROM read_csv('{DATA}/Firewall.csv') WHERE Action = 'deny' GROUP BY ALL HAVING Ports > 200
