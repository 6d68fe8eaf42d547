"""What is read of a file before its document: its bytes, however it was named, and its first key."""

import os
from pathlib import Path
from threading import Thread

import pytest

from exconn.document import DocumentError, first_key, read_source
from exconn.document.source import MAX_BYTES


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("exconn: 1\nname: x\n", "exconn"),
        ("\ufeff# a comment\n---\n'cases' : 1", "cases"),
        ("{dialect: 1", "dialect"),
        ("exconn: [1, 2\n]]]] *x", "exconn"),
        ("- exconn: 1", None),
        ("? [exconn]\n: 1", None),
        ("*exconn : 1", None),
        ("exconn", None),
        ("%exconn", None),
        ("", None),
    ],
)
def test_first_key(text: str, key: str | None) -> None:
    assert first_key(text.encode(), "x.yaml") == key


@pytest.mark.parametrize(("data", "code"), [(b"a: \xff", "not-utf8"), (b"a: \x00", "control-character")])
def test_bytes_that_are_no_text(data: bytes, code: str) -> None:
    with pytest.raises(DocumentError, match=code):
        first_key(data, "x.yaml")


def test_a_pipe_without_a_writer_is_an_empty_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    assert read_source(tmp_path / "x.yaml") == b""


def test_a_pipe_with_a_writer_is_read_to_its_end() -> None:
    """As a shell's `<(...)` is."""
    reading, writing = os.pipe()
    writer = Thread(target=lambda: (os.write(writing, b"exconn: 1\n"), os.close(writing)))
    writer.start()
    assert read_source(Path(f"/proc/self/fd/{reading}")) == b"exconn: 1\n"
    writer.join()
    os.close(reading)


def test_an_endless_file_is_read_as_far_as_it_must_be() -> None:
    assert len(read_source(Path("/dev/zero"))) == MAX_BYTES + 1


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        read_source(tmp_path)
