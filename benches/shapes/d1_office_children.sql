SELECT InitiatingProcessFileName, FileName, count(*) AS Runs, count(DISTINCT DeviceName) AS Devices, min(Timestamp) AS First
FROM DeviceProcessEvents
WHERE lower(InitiatingProcessFileName) IN ('winword.exe', 'excel.exe', 'outlook.exe')
  AND lower(FileName) IN ('powershell.exe', 'cmd.exe', 'wscript.exe', 'rundll32.exe')
GROUP BY ALL
