"""Where a version comes from: who registered and submitted it, when, and from which commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.core.cards import links
from bot.core.rules.people import SUBMITTED_BY, ids_in
from bot.core.text import Code, Link, When, cut, one_line
from bot.core.words import say, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.core.cards.naming import Naming
    from bot.core.registry.version import DescribedVersion
    from bot.core.text import Sentence
    from bot.core.words import Item

_SHORT_COMMIT: Final = 7
_NAME_LIMIT: Final = 200


def origin(version: DescribedVersion, naming: Naming) -> Iterable[Sentence]:
    """Say when and by whom *version* was registered, from which commit, and who submitted it."""
    name = cut(one_line(version.created_by), _NAME_LIMIT)
    by = say("card_registered_by", name=name) if name else ()
    yield say("card_registered", when=When(version.created), by=by, commit=_commit(version))
    if submitter := one_line(version.metadata.get(SUBMITTED_BY, "")):
        yield say("card_submitted", who=_submitter(submitter, naming))


def _commit(version: DescribedVersion) -> Sentence:
    name, address = links.commit(version)
    if not name:
        return ()
    short = name[:_SHORT_COMMIT]
    return say("card_commit", commit=Link(address, short) if address else Code(short))


def _submitter(name: str, naming: Naming) -> Item:
    """Name who submitted a version as the registry has it, or somebody in Slack by their name."""
    ids = ids_in(name)
    if not ids:
        return Code(name)
    people: list[Item] = [naming.by_id(id_) or text("card_submitter_without_name") for id_ in ids]
    return say("list_and", items=people)
