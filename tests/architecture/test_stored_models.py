"""Documents that an older version wrote can be read: what a stored model may lack has a default."""

import types
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from deploy.features import FEATURES

STORES = [store for features in FEATURES.values() for feature in features for store in feature.stores]


def models_within(model: type[BaseModel]) -> set[type[BaseModel]]:
    """A model and the models its fields hold."""
    found = {model}
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            if isinstance(part, type) and issubclass(part, BaseModel) and part not in found:
                found |= models_within(part)
    return found


def _parts(annotation: Any) -> set[Any]:
    return {annotation}.union(*(_parts(part) for part in get_args(annotation)))


def may_be_null(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, types.UnionType} and type(None) in get_args(annotation)


def test_a_field_that_may_be_null_may_be_missing() -> None:
    wrong = [
        f"{store.collection}: {model.__name__}.{name}"
        for store in STORES
        for model in models_within(store.model)
        for name, field in model.model_fields.items()
        if may_be_null(field.annotation) and field.is_required()
    ]
    assert wrong == []


def test_a_field_of_a_newer_version_is_ignored() -> None:
    strict = [store.collection for store in STORES if store.model.model_config.get("extra", "ignore") != "ignore"]
    assert strict == []
