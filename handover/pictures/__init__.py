"""Pictures of a platform and of its pipelines, as SVG and as Mermaid, from the synthesized JSON alone."""
