"""In which order a capacity provider goes."""

from cdktf import TerraformResourceLifecycle


def leave_the_cluster_first() -> TerraformResourceLifecycle:
    """Return the lifecycle of a capacity provider: the cluster's association is changed, then the provider destroyed.

    Otherwise Terraform destroys first what is removed. ECS deletes no provider that a cluster has, and the AWS provider
    waits 20 minutes before it says so. Terraform then treats all that the provider needs in the same way (group, launch
    template, roles, profile, cluster). It never comes to two of one name: of these only another name, or for a policy
    another policy, makes a replacement. Who asks for one by hand (``-replace``) gets an error of AWS.
    """
    return TerraformResourceLifecycle(create_before_destroy=True)
