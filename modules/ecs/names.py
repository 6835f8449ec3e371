"""What the roles of tasks and services are called. No constructs, so that lengths can be checked without any."""


def task_role_name(name: str) -> str:
    """Return the name of the role that the containers of task definition ``name`` run as."""
    return f"{name}-task"


def execution_role_name(name: str) -> str:
    """Return the name of the role that starts the tasks of task definition ``name``."""
    return f"{name}-task-execution"


def infrastructure_role_name(name: str) -> str:
    """Return the name of the role with which ECS works for service or capacity provider ``name``."""
    return f"{name}-infrastructure"


def capacity_provider_name(cluster_name: str, short_name: str) -> str:
    """Return the name of a capacity provider, its group, its launch template."""
    return f"{cluster_name}-{short_name}"


def hook_role_name(name: str) -> str:
    """Return the name of the role with which ECS calls what looks at the deployments of service ``name``."""
    return f"{name}-hooks"


def connect_name(short_name: str) -> str:
    """Return what ECS calls a service in Cloud Map for Service Connect.

    No other service can be called so, nor this one when it was found by DNS: both may be there for a while. It fits,
    since the names of a service's roles are longer.
    """
    return f"{short_name}_connect"
