SELECT eventName, userIdentity.userName AS "User", count(*) AS Calls, count(DISTINCT awsRegion) AS Regions
FROM read_json('{DATA}/CloudTrail.jsonl')
WHERE userIdentity.type = 'IAMUser' AND userIdentity.sessionContext.attributes.mfaAuthenticated = 'false' GROUP BY ALL
