"""Fetch who people are: what a rule has to know of them before anything can be decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.rules.people import KnownPeople, LookupFailure, Submitter, submitter_of

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
    profiles = {person: directory.profile(person) for person in (*needed.people, *needed.names)}
    return KnownPeople(
        members={group: directory.members(group) for group in needed.user_groups},
        memberships={person: profiles[person].membership for person in needed.people},
        names={person: profile.name for person, profile in profiles.items() if profile.name},
        submitter=submitter,
    )


def fetch_submitter(version: DescribedVersion, rules: Rules, directory: Directory) -> Submitter:
    """
    Find who registered *version*: by Slack id, by the rules' list, by e-mail if that is on.

    All who are found count, and an address that could not be looked up counts as a failure.
    """
    name = submitter_of(version)
    answers = [directory.with_email(email) for email in rules.emails(name)]
    failures = [each for each in answers if isinstance(each, LookupFailure)]
    by_email = [each for each in answers if each and not isinstance(each, LookupFailure)]
    ids = dict.fromkeys([*rules.slack_ids(name), *by_email])
    return Submitter(name, tuple(ids), failures[0] if failures else None)
