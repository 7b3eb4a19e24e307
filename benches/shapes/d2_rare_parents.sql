SELECT FileName, InitiatingProcessFileName, count(*) AS Runs, max(Timestamp) AS Last
FROM DeviceProcessEvents GROUP BY ALL HAVING Runs < 5
