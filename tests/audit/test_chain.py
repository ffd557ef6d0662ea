import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import chain

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_one_spelling_whatever_the_order_of_the_keys(body: dict[str, object]) -> None:
    backwards = dict(reversed(body.items()))
    assert chain.canonical(body) == chain.canonical(backwards)


def test_leaf_hash_is_the_one_of_rfc_6962() -> None:
    assert chain.leaf_hash("甲") == hashlib.sha256(b"\x00" + "甲".encode()).hexdigest()


def test_sm3_gives_the_value_of_the_standard() -> None:
    assert chain.sm3("abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


@pytest.mark.parametrize("body", [{"a": 1.5}, {"a": [1, {"b": 0.1}]}])
def test_a_float_has_no_single_spelling(body: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        chain.canonical(body)
