"""
Corrections of moto's model registry, so that it behaves as AWS says the real one does.

`correct()` puts the corrected registry into this process, before a moto server starts or inside
`mock_aws`. It knows AWS and moto; it must not know the bot, Slack, or who reads the events.
Of what moto lacks, only DeleteModelPackage is added. STS is corrected too, because the registry
names the session of whoever calls it. Endpoints are corrected in `infra.local.endpoints`.

    what                  moto 5.2.5                     AWS                             in
 1  update                nulls whatever is not sent     changes only what is sent       update
 2  fields                drops life cycle, card, ...    all that Describe returns       package
 3  approval status       none unless sent               a version starts as pending     backend
 4  ARNs and names        lower case, one way to find    as spelled, by ARN or by name   names
 5  created/modified by   a made-up Studio user          the caller                      callers
 6  missing, duplicate    other words; replaced          "does not exist."; refused      names
 7  client token          ignored                        the same call, done once        backend
 8  versions and pages    count + 1; a page can break    highest + 1; a page cannot      listing
 9  limits                one enum                       what the service model states   limits
10  events                none                           one per create and update       events
11  rules                 no functions, disabled fire    functions, disabled silent      rules
12  validation            Completed at once              InProgress, then settled        validation
13  deletion              no such operation              the package is gone             backend
14  source identity       forgotten by STS               kept, and named with the caller callers
15  a card's KMS key      no card, no key                what is denied is not decrypted package

Sources, as the docstrings name them. Model: botocore's service model sagemaker/2017-07-24 (for 14
sts/2011-06-15), by shape. Events page: developer guide, automating-sagemaker-with-eventbridge.
Registry pages: developer guide, model-registry-*. None of it was compared with a live account;
where AWS says nothing, the docstring says what was assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from moto.sagemaker.models import sagemaker_backends
from moto.sts.models import sts_backends

from infra.local.registry import events
from infra.local.registry.backend import Registry
from infra.local.registry.callers import Sessions
from infra.local.registry.rules import deliver_to_functions

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.registry.events import Event

__all__ = ["correct", "deliver_to_functions", "finish_validation"]


def correct(emit: Callable[[Event], None] | None = None) -> None:
    """
    Put the corrected registry into moto, in this process, and let *emit* have its events.

    Without *emit* they go to moto's own default event bus. May be called again, with another
    *emit*: what is registered stays. The first call starts from an empty registry.
    """
    events.send_to(emit)
    if sagemaker_backends.backend is not Registry:
        sagemaker_backends.backend = Registry
        sagemaker_backends.clear()
        sts_backends.backend = Sessions
        sts_backends.clear()


def finish_validation(arn: str, failed_because: str | None = None) -> None:
    """End the validation of the package *arn*: Completed, or Failed for *failed_because*."""
    _, _, _, region, account, _ = arn.split(":", 5)
    registry = cast("Registry", sagemaker_backends[account][region])
    registry.finish_validation(arn, failed_because)
