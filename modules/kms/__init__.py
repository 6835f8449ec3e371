"""Key Management Service: keys for the data of queues and buckets."""
