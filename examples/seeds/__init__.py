"""The platforms that Terrabatch began with, each as the shortest file that says all of it.

``ec2-batch``: instances, a queue with a scheduling policy, Batch's role. ``inbox``: one SQS queue.
``fargate-spot``: an ECS service beside Batch, with a bucket. ``batch-tour``: what there is of Batch.
``own-instances``: ECS on an Auto Scaling group of somebody else's.
"""

ENVIRONMENTS = ("ec2-batch", "inbox", "fargate-spot", "batch-tour", "own-instances")
