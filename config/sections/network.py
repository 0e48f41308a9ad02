"""The VPC."""

from __future__ import annotations

from pydantic import Field

from config.sections.section import Section


class Network(Section):
    """The VPC: one public subnet, an internet gateway, an S3 gateway endpoint, no NAT."""

    cidr: str = Field(default="10.20.0.0/20", pattern=r"^\d{1,3}(\.\d{1,3}){3}/(1[6-9]|2[0-8])$")
    """Addresses of the VPC, a block of 16 to 28 bits."""
    flow_logs: bool = False
    """Whether its traffic is logged, which costs money per gigabyte."""
