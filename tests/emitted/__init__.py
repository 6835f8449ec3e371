"""What is emitted, held against what AWS takes: its API's models, CloudFormation's type schemas, and limits of sums."""
