"""What can be started: jobs, tasks, pipelines, functions, queues that get a message; and what starts them."""
