"""The entity registry as a new version of gold needs it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from vostochny.annotations.corpus import load_links
from vostochny.annotations.studio_record import studio_folder
from vostochny.schema.errors import InputError
from vostochny.schema.files import read_json
from vostochny.schema.jsonio import Json
from vostochny.schema.model import Entity, Layer, Links
from vostochny.schema.registry_checks import named_entities
from vostochny.schema.values import check_plain


@dataclass(frozen=True, slots=True)
class GoldRegistry:
    """Links with a registry for all of gold, which entries are new in it, and which are gone."""

    links: Links
    added: tuple[str, ...]
    dropped: tuple[str, ...]


def typed_entities(round: Path) -> dict[str, Entity]:
    """The entities that annotators of a round typed in because the registry lacks them, by id.

    Raises :class:`~vostochny.schema.errors.InputError` if the file that keeps them breaks its schema.
    """
    path = studio_folder(round) / "entities.json"
    if not path.is_file():
        return {}
    value: Json = read_json(path)
    if problems := check_plain("entities", value, file=str(path)):
        raise InputError(problems)
    return {id: Entity(id, each["name"], each["type"]) for id, each in value.items()}


def registry_for(
    root: Path,
    gold: Mapping[str, Layer],
    before: Iterable[Layer],
    typed: Mapping[str, Entity],
    complete: bool,
) -> GoldRegistry:
    """The registry with the ``typed`` entities that ``gold`` names.

    If gold is ``complete``, so that every document has its layer, entries that only ``before``, the layers
    that are replaced, named are dropped. What gold names and nobody typed stays a broken reference.
    """
    path = root / "gold" / "links.json"
    links = load_links(root) if path.is_file() else Links("gold")
    used = {name for layer in gold.values() for name in named_entities(layer)}
    used |= {str(item.speaker) for item in links.utterances or ()}
    was = {name for layer in before for name in named_entities(layer)}
    known = {entity.id: entity for entity in links.entities}
    added = {id: typed[id] for id in sorted(used & typed.keys() - known.keys())}
    dropped = sorted((known.keys() & was) - used) if complete else []
    kept = [entity for id, entity in {**known, **added}.items() if id not in dropped]
    entities = tuple(sorted(kept, key=lambda entity: entity.id) if added else kept)
    return GoldRegistry(replace(links, entities=entities), tuple(added), tuple(dropped))
