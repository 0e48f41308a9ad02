"""S3: the properties of buckets."""
