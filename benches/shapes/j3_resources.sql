SELECT coalesce(r.type, '') AS Kind, requestParameters.bucketName AS Bucket, count(*) AS Calls
FROM (SELECT requestParameters, unnest(resources) AS r FROM read_json('{DATA}/CloudTrail.jsonl') WHERE eventSource = 's3.amazonaws.com')
GROUP BY ALL
