"""Shipped files are found by name, and by nothing that leads elsewhere."""

import pytest

from exconn.shipped import find, folder, names


def test_a_shipped_dialect() -> None:
    path = find("myexchange", ".dialect.yaml")
    assert path == folder() / "myexchange.dialect.yaml"
    assert path.is_file()
    assert "myexchange" in names(".dialect.yaml")


@pytest.mark.parametrize("name", ["", "..", "../exchanges/myexchange", "samples/x", "MYEXCHANGE", "a\0b"])
def test_what_is_not_shipped(name: str) -> None:
    with pytest.raises(LookupError, match=r"no \.dialect\.yaml file of .* is shipped; there is .*myexchange"):
        find(name, ".dialect.yaml")
