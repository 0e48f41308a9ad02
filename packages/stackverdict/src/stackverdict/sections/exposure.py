"""What the internet can reach, what has a route to it, and what is explicitly closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from stackverdict.iam.marks import foreign_accounts, is_public
from stackverdict.intrinsics import as_list, text
from stackverdict.tables import dig

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackverdict.iam.statements import Statement
    from stackverdict.model import Assembly, Resource


_ORDER = ("open", "asks", "route", "unknown", "closed")
_ANYWHERE = {"0.0.0.0/0", "::/0"}  # compared with, never bound to
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
_NO_PORT = {"-1", ""}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One resource seen from outside.

    `reach`: "open" (no credentials asked), "asks" (reachable, credentials asked), "route" (a way
    to or from the internet exists), "unknown" (a value decides at deployment), "closed".
    """

    stack: str
    name: str
    logical_id: str
    type: str
    reach: str
    what: str
    line: int
    path: str


def rows_of(assembly: Assembly, statements: Iterable[Statement]) -> list[Row]:
    """Return what is exposed, the worst first, then what is explicitly closed."""
    rows = list(_checked(assembly))
    resources = {resource.key: resource for resource in assembly.resources()}
    for statement in statements:
        subject = resources.get(statement.holder, statement.carrier)
        allowed = ", ".join(statement.actions)
        if is_public(statement):
            rows.append(_row(subject, Reach("open", f"a policy lets anyone do {allowed}")))
        elif foreign_accounts(statement) and statement.effect == "Allow":
            accounts = ", ".join(foreign_accounts(statement))
            rows.append(_row(subject, Reach("asks", f"account {accounts} may do {allowed}")))
    return sorted(rows, key=lambda row: (_ORDER.index(row.reach), row.stack, row.name))


def _checked(assembly: Assembly) -> Iterator[Row]:
    for resource in assembly.resources():
        check = CHECKS.get(resource.type)
        for reach in check(resource.properties) if check else ():
            yield _row(resource, reach)


def _row(resource: Resource, reach: Reach) -> Row:
    return Row(
        stack=resource.stack,
        name=resource.name,
        logical_id=resource.logical_id,
        type=resource.type,
        reach=reach.state,
        what=reach.what,
        line=resource.line,
        path=resource.path,
    )


class Reach(NamedTuple):
    """A state ("open", "asks", "route", "unknown" or "closed") and the words for it."""

    state: str
    what: str


Properties = Mapping[str, Any]
Check = Callable[[Properties], Iterator[Reach]]


def _bucket(properties: Properties) -> Iterator[Reach]:
    block = properties.get("PublicAccessBlockConfiguration")
    acl = text(properties.get("AccessControl"))
    if acl.startswith("Public"):
        yield Reach("open", f"its ACL is {acl}")
    if dig(properties, "WebsiteConfiguration") is not None:
        yield Reach("route", "serves a web site where its policy allows")
    if not isinstance(block, dict):
        yield Reach("closed", "public access is blocked by S3's default, not by the template")
    elif "Fn::If" in block:
        yield Reach("unknown", "a condition decides whether public access is blocked")
    elif missing := [name for name in _BLOCKS if text(block.get(name)) != "true"]:
        yield Reach("route", "does not block: " + ", ".join(missing))
    else:
        yield Reach("closed", "blocks every kind of public access")


def _rule(properties: Properties) -> Iterator[Reach]:
    source = text(properties.get("CidrIp") or properties.get("CidrIpv6"))
    if source not in _ANYWHERE:
        return
    first, last = text(properties.get("FromPort")), text(properties.get("ToPort"))
    if text(properties.get("IpProtocol")) == "-1" or first in _NO_PORT:
        ports = "every port"
    else:
        ports = f"port {first}" if first == last else f"ports {first}-{last}"
    yield Reach("open", f"lets {source} in on {ports}")


def _group(properties: Properties) -> Iterator[Reach]:
    for rule in as_list(properties.get("SecurityGroupIngress")):
        if isinstance(rule, dict):
            yield from _rule(rule)


def _subnet(properties: Properties) -> Iterator[Reach]:
    if text(properties.get("MapPublicIpOnLaunch")) == "true":
        yield Reach("route", "gives what starts in it a public address")


def _url(properties: Properties) -> Iterator[Reach]:
    asks = text(properties.get("AuthType"))
    yield (
        Reach("open", "a public URL that asks for no credentials")
        if asks == "NONE"
        else Reach("asks", f"a public URL, authorization {asks}")
    )


def _method(properties: Properties) -> Iterator[Reach]:
    asks = text(properties.get("AuthorizationType")) or "NONE"
    keyed = text(properties.get("ApiKeyRequired")) == "true"
    what = (
        f"{text(properties.get('HttpMethod') or properties.get('RouteKey'))}, authorization {asks}"
    )
    if text(properties.get("HttpMethod")) == "OPTIONS":
        return
    yield Reach("asks" if asks != "NONE" or keyed else "open", what)


def _flag(place: str, *, when_absent: str, state: str, what: str) -> Check:
    def check(properties: Properties) -> Iterator[Reach]:
        value = dig(properties, place)
        flag = when_absent if value is None else text(value).lower()
        if flag in {"true", "enabled"}:
            yield Reach(state, what)
        elif isinstance(value, dict):
            yield Reach("unknown", f"{place} is decided at deployment")
        elif value is not None:
            yield Reach("closed", f"{place} is off")

    return check


def _balancer(properties: Properties) -> Iterator[Reach]:
    if (text(properties.get("Scheme")) or "internet-facing") == "internet-facing":
        yield Reach("open", "a load balancer on the internet; its listeners decide who is served")


def _search(properties: Properties) -> Iterator[Reach]:
    if "VPCOptions" in properties:
        yield Reach("closed", "inside a VPC")
    else:
        yield Reach("asks", "an endpoint on the internet; its access policy decides")


def _eks(properties: Properties) -> Iterator[Reach]:
    access = dig(properties, "ResourcesVpcConfig.EndpointPublicAccess")
    if text(access) == "false":
        yield Reach("closed", "its API has no public endpoint")
        return
    sources = as_list(dig(properties, "ResourcesVpcConfig.PublicAccessCidrs"))
    limited = sources and not _ANYWHERE & {text(source) for source in sources}
    yield Reach("asks", "its API answers " + (text(sources) if limited else "the internet"))


def _instance(properties: Properties) -> Iterator[Reach]:
    for face in as_list(properties.get("NetworkInterfaces")):
        if isinstance(face, dict) and text(face.get("AssociatePublicIpAddress")) == "true":
            yield Reach("route", "has a public address")


def _always(state: str, what: str) -> Check:
    def check(properties: Properties) -> Iterator[Reach]:
        del properties
        yield Reach(state, what)

    return check


_DATABASE = _flag(
    "PubliclyAccessible", when_absent="", state="asks", what="a database with a public address"
)
_NOTEBOOK = _flag(
    "DirectInternetAccess", when_absent="enabled", state="route", what="reaches the internet itself"
)
CHECKS: Mapping[str, Check] = {
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGatewayV2::Route": _method,
    "AWS::AppSync::GraphQLApi": _always("asks", "a public GraphQL endpoint"),
    "AWS::CloudFront::Distribution": _always("open", "served to the internet"),
    "AWS::Cognito::UserPoolDomain": _always("asks", "a public sign-in page"),
    "AWS::DMS::ReplicationInstance": _flag(
        "PubliclyAccessible", when_absent="true", state="route", what="has a public address"
    ),
    "AWS::EC2::EIP": _always("route", "a public address"),
    "AWS::EC2::Instance": _instance,
    "AWS::EC2::InternetGateway": _always("route", "the VPC's way to the internet"),
    "AWS::EC2::NatGateway": _always("route", "outward only"),
    "AWS::EC2::SecurityGroup": _group,
    "AWS::EC2::SecurityGroupIngress": _rule,
    "AWS::EC2::Subnet": _subnet,
    "AWS::ECR::PublicRepository": _always("open", "images anyone may pull"),
    "AWS::EKS::Cluster": _eks,
    "AWS::ElasticLoadBalancing::LoadBalancer": _balancer,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": _balancer,
    "AWS::Lambda::Url": _url,
    "AWS::OpenSearchService::Domain": _search,
    "AWS::RDS::DBInstance": _DATABASE,
    "AWS::Redshift::Cluster": _DATABASE,
    "AWS::RedshiftServerless::Workgroup": _DATABASE,
    "AWS::S3::Bucket": _bucket,
    "AWS::SageMaker::NotebookInstance": _NOTEBOOK,
}
