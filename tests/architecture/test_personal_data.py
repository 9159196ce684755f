"""Whatever names a person is declared by its feature: an operator can look it up, export and erasure can find it."""

from typing import Any, get_args

from pydantic import BaseModel

from deploy.features import FEATURES
from shared.ids import IdType
from shared.store import Store


def names_a_person(model: type[BaseModel]) -> bool:
    """Whether a field of the model, or of a model within it, holds a person's id."""
    return any(_holds_person(field.annotation, field.metadata) for field in model.model_fields.values())


def _holds_person(annotation: Any, metadata: Any = ()) -> bool:
    if any(isinstance(one, IdType) and one.prefix == "per" for one in metadata):
        return True
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return names_a_person(annotation)
    return any(_holds_person(part, getattr(part, "__metadata__", ())) for part in get_args(annotation))


def stores() -> list[tuple[str, Store[Any], set[str]]]:
    return [
        (service, store, {held.collection for held in feature.personal_data})
        for service, features in FEATURES.items()
        for feature in features
        for store in feature.stores
    ]


def fields_of(store: Store[Any]) -> set[str]:
    """The names of fields in its documents: the model's, and those that only an index needs."""
    indexed = {key for index in store.indexes for key, _ in index.keys}
    return indexed | {field.alias or name for name, field in store.model.model_fields.items()}


def test_a_collection_that_names_a_person_is_declared() -> None:
    undeclared = [
        f"{service}.{store.collection}"
        for service, store, declared in stores()
        if names_a_person(store.model) and store.collection not in declared
    ]
    assert undeclared == []


def test_what_is_declared_is_there() -> None:
    wrong: list[str] = []
    for service, features in FEATURES.items():
        for feature in features:
            known = {store.collection: fields_of(store) for store in feature.stores}
            for held in feature.personal_data:
                if held.collection not in feature.all_indexes():
                    wrong.append(f"{service}.{held.collection}")
                elif held.collection in known:
                    named = {
                        field.partition(".")[0] for field in (*held.fields, *([held.person] if held.person else []))
                    }
                    wrong += [
                        f"{service}.{held.collection}.{name}" for name in named - known[held.collection] - {"_id"}
                    ]
    assert wrong == []
