"""Whatever is written and wherever it breaks off, a file holds the last content written whole."""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from aggregator.files import replacing


class BrokenOffError(Exception):
    """The writer fails in the middle."""


@given(
    writings=st.lists(
        st.tuples(st.lists(st.binary(max_size=40), max_size=4), st.booleans()), max_size=6
    ),
    unless_equal=st.booleans(),
)
def test_a_file_holds_the_last_content_that_was_written_whole(
    writings: list[tuple[list[bytes], bool]], *, unless_equal: bool
) -> None:
    with TemporaryDirectory() as directory:
        path, expected = Path(directory) / "file", None
        for pieces, is_whole in writings:
            with contextlib.suppress(BrokenOffError):
                with replacing(path, hint="", unless_equal=unless_equal) as new:
                    new.file.writelines(pieces)
                    if not is_whole:
                        raise BrokenOffError
                is_new = b"".join(pieces) != expected
                assert new.is_done is (is_new or not unless_equal)
                expected = b"".join(pieces)
            assert (path.read_bytes() if path.exists() else None) == expected
            assert len(list(Path(directory).iterdir())) == (expected is not None)
