"""What Athena and Glue share: objects in S3, file formats, Hive types, partition values."""
