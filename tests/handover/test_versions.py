"""What a bundle is made of."""

import json

from handover.versions import versions
from tests.handover.platforms import root_module


def test_providers_have_their_full_address_and_images_come_out_of_documents() -> None:
    terraform = {
        "required_version": ">= 1.10.0",
        "required_providers": {
            "aws": {"source": "aws", "version": "6.25.0"},
            "tfe": {"source": "hashicorp/tfe", "version": "0.70.0"},
            "own": {"source": "registry.example.com/acme/own"},
        },
    }
    jobs = {
        "a": {"container_properties": json.dumps({"image": "embed:1", "environment": [{"name": "image"}]})},
        "b": {"node_properties": json.dumps({"nodeRangeProperties": [{"container": {"image": "train:2"}}]})},
        "c": {"container_properties": '{"image":${local.image}}'},
    }
    module = root_module(
        terraform=terraform, resource={"aws_batch_job_definition": jobs}, module={"m": {"source": "./elsewhere"}}
    )
    assert versions([module, module]) == {
        "images": ["embed:1", "train:2"],
        "modules": ["./elsewhere"],
        "providers": {
            "registry.example.com/acme/own": ["any"],
            "registry.terraform.io/hashicorp/aws": ["6.25.0"],
            "registry.terraform.io/hashicorp/tfe": ["0.70.0"],
        },
        "terraform": [">= 1.10.0"],
    }
