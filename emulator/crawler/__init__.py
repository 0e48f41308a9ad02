"""The Glue crawler that really reads S3 and writes the Data Catalog."""
