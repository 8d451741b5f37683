"""Fetch who people are: what a rule has to know of them before anything can be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.rules.people import KnownPeople, LookupFailure, Submitter, ids_in, submitter_of

if TYPE_CHECKING:
    from bot.core.decide.needs import PeopleNeeded
    from bot.core.registry.version import DescribedVersion
    from bot.core.rules.rule import Rules
    from bot.flows.ports import Directory


def fetch_people(
    needed: PeopleNeeded, version: DescribedVersion, rules: Rules, directory: Directory
) -> KnownPeople:
    """Ask *directory* for what is *needed*, each once."""
    submitter = fetch_submitter(version, rules, directory) if needed.submitter else Submitter()
    return KnownPeople(
        members={group: directory.members(group) for group in needed.user_groups},
        memberships={person: directory.membership(person) for person in needed.people},
        submitter=submitter,
    )


def fetch_submitter(version: DescribedVersion, rules: Rules, directory: Directory) -> Submitter:
    """Find who registered *version*: by Slack id, by the rules' list, by e-mail if that is on."""
    name = submitter_of(version)
    if person := rules.slack_id(name):
        return Submitter(name, person)
    match ids_in(name):
        case (only,):
            return Submitter(name, only)
        case (_, _, *_):
            return Submitter(name, failure=LookupFailure.UNCLEAR)
    email = rules.email(name)
    person_or_failure = directory.with_email(email) if email else None
    if isinstance(person_or_failure, LookupFailure):
        return Submitter(name, failure=person_or_failure)
    return Submitter(name, person_or_failure)
