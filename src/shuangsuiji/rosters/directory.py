"""人员索引: finding the person that a row of another roster speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import pandas as pd

from shuangsuiji.errors import Listing
from shuangsuiji.rosters.certificates import load
from shuangsuiji.rosters.draft import Draft


@dataclass(frozen=True, slots=True)
class Directory:
    """Names by id and ids by certificate number; `known` is False where no people frame was given."""

    known: bool
    names: Mapping[str, str]
    holders: Mapping[str, str]

    @classmethod
    def of(cls, people: pd.DataFrame | None) -> Self:
        """The directory of a people frame."""
        if people is None:
            return cls(False, {}, {})
        holders = {
            one.number: person
            for person, cell in zip(people["id"], people["certificates"], strict=True)
            for one in load(cell)
        }
        return cls(True, dict(zip(people["id"], people["name"], strict=True)), holders)

    def resolve(self, draft: Draft) -> tuple[list[str], list[str]]:
        """Per row the inspector's id and the certificate number, as far as given or known.

        Refuses rows that name nobody, somebody unknown, two different persons, or a name that is not theirs.
        """
        certificate = draft.heading("certificate")
        keys = [key for key in draft.mapping.inspector_key if key in draft.columns and key != certificate]
        numbers = list(draft.cells("certificate"))
        inspectors = [""] * draft.size
        for row in draft.good():
            given = [(key, draft.columns[key][row]) for key in keys if draft.columns[key][row]]
            if not given and not numbers[row]:
                wanted = Listing([*keys, *[certificate] * bool(certificate)])
                draft.refuse(row, (*keys, certificate)[0], "rosters.person_key_missing", wanted=wanted)
            elif not self.known:
                inspectors[row] = given[0][1] if given else ""
            else:
                inspectors[row] = self._find(draft, row, given, (certificate, numbers[row]))
        return inspectors, numbers

    def colleagues(self, draft: Draft, inspectors: list[str]) -> list[str]:
        """Per row the colleague with whom the inspector may not be in one team, empty where none is given.

        The column has an id or a certificate number. Refuses somebody unknown, and the inspector's own.
        """
        heading = draft.heading("colleague")
        found = list(draft.cells("colleague"))
        for row in draft.good():
            if not found[row] or not self.known:
                continue
            person = self._person(found[row], is_certificate=False)
            if not person:
                draft.refuse(row, heading, "rosters.unknown_inspector", key=found[row])
            elif person == inspectors[row]:
                draft.refuse(row, heading, "rosters.own_colleague")
            found[row] = person
        return found

    def _find(self, draft: Draft, row: int, given: list[tuple[str, str]], number: tuple[str, str]) -> str:
        """The id of the one person whom all given keys name; refuses the row if there is none."""
        found = ""
        for heading, key in (*given, number):
            if not key:
                continue
            person = self._person(key, is_certificate=heading == number[0])
            if not person:
                draft.refuse(row, heading, "rosters.unknown_inspector", key=key)
                return ""
            if found and person != found:
                draft.refuse(row, heading, "rosters.two_inspectors", first=found, second=person)
                return ""
            found = person
        name, written = self.names[found], draft.cells("person_name")[row]
        if written and written != name:
            draft.refuse(row, draft.heading("person_name"), "rosters.name_mismatch", key=found)
            return ""
        return found

    def _person(self, key: str, *, is_certificate: bool) -> str:
        """Ids and certificate numbers are each looked for in their own column first, then in the other's."""
        person = key if key in self.names else ""
        holder = self.holders.get(key, "")
        return (holder or person) if is_certificate else (person or holder)
