"""Every variable with its default, to copy and change."""

from handover.values_example import values_example


def test_each_variable_has_its_default_under_what_it_is_and_must_be() -> None:
    variables = {
        "vcpus": {"default": 8, "description": "at most", "validation": [{"error_message": "vcpus must be 8."}]},
        "tag": {"default": "1.0", "description": "which\nversion"},
        "account": {"description": "where"},
        "url": {"default": "https://a", "description": "whom to call", "sensitive": True},
    }
    head, *lines = values_example(variables).splitlines()
    assert head.startswith("# Copied to terraform.tfvars")
    assert lines == [
        "",
        "# where",
        "# account = (no default)",
        "",
        "# which",
        "# version",
        'tag = "1.0"',
        "",
        "# whom to call",
        "# url = …; not in a file that others read: TF_VAR_url in the environment sets it, too",
        "",
        "# at most",
        "# vcpus must be 8.",
        "vcpus = 8",
    ]
