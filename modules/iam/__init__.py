"""Identity and Access Management: policy documents and the roles that workloads run as."""
