"""Any text may be asked for as an address."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aggregator.links import link_key, normal_link, spellings, usual_forms

ADDRESSES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://www.", "HTTPS://", "//", ""]),
    st.sampled_from(["wire.example", "wire.example:8080", "новини.example", "[::1]", "[", "a..b"]),
    st.text(st.characters(codec=None), max_size=20).map(lambda path: f"/{path}"),
    st.text("?&=#%dDutm_source", max_size=20),
    st.text(max_size=10),
)


@given(ADDRESSES)
def test_what_is_made_of_an_address_compares_as_it_does(address: str) -> None:
    for spelling in spellings(address):
        key = link_key(spelling)
        assert key is None or key.startswith("link:")
        for form in usual_forms(spelling):
            assert normal_link(form) == normal_link(spelling)


@given(ADDRESSES)
def test_a_normal_link_is_its_own_normal_form(address: str) -> None:
    assert normal_link(normal_link(address)) == normal_link(address)
