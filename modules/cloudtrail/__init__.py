"""CloudTrail: who called which of AWS's APIs, and with what."""
