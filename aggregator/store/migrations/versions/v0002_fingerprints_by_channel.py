"""0002: a fingerprint is a row for each channel of matching, with its scheme.

    fingerprints (item, scheme, signature, features, crosslang)
        -> item, "words", scheme, signature + features
        -> item, "crosslang", its scheme, crosslang without the vector that may stand behind it

No text is read: what a channel reads and compares stays as it was. The vectors of `match.semantic` are
made anew at the next start. Texts whose fingerprint is of a scheme older than that of 0001 keep its name
for both channels, and are renewed at the next start as they would have been.
"""

import struct

from alembic import op
from sqlalchemy import Column, ForeignKey, LargeBinary, Text, bindparam, text

revision = "0002"
down_revision = "0001"

WORDS_SCHEME = "wire2-affine32-1-126x3-64x2"  # the scheme of 0001 …
CROSSLANG_SCHEME = "wire2-neutral1"  # … whose language-neutral features have this one now
BATCH = 500  # items; about 2 MB

# Concatenated bytes are text in SQLite, which a cast makes bytes again
# (https://www.sqlite.org/lang_expr.html); in PostgreSQL they are bytes.
COPY_WORDS = {
    "sqlite": (
        "INSERT INTO fingerprints (item_id, channel, scheme, language, data) "
        "SELECT item_id, 'words', scheme, language, CAST(signature || features AS BLOB) "
        "FROM former_fingerprints"
    ),
    "postgresql": (
        "INSERT INTO fingerprints (item_id, channel, scheme, language, data) "
        "SELECT item_id, 'words', scheme, language, signature || features "
        "FROM former_fingerprints"
    ),
}


def upgrade() -> None:
    """Fill the new table beside the old one, which then goes."""
    op.rename_table("fingerprints", "former_fingerprints")
    if (
        op.get_bind().dialect.name == "postgresql"
    ):  # a table keeps its key's name, which is taken then
        op.execute("ALTER INDEX fingerprints_pkey RENAME TO former_fingerprints_pkey")
    op.create_table(
        "fingerprints",
        Column("item_id", Text, ForeignKey("items.id"), primary_key=True),
        Column("channel", Text, primary_key=True),
        Column("scheme", Text, nullable=False),
        Column("language", Text, nullable=False),
        Column("data", LargeBinary, nullable=False),
    )
    op.execute(COPY_WORDS[op.get_bind().dialect.name])
    _copy_crosslang()
    op.drop_table("former_fingerprints")


def _copy_crosslang() -> None:
    connection, last_id = op.get_bind(), ""
    former = text(
        "SELECT item_id, scheme, language, crosslang FROM former_fingerprints "
        "WHERE item_id > :last_id ORDER BY item_id LIMIT :limit"
    )
    insert = text(
        "INSERT INTO fingerprints (item_id, channel, scheme, language, data) "
        "VALUES (:item_id, 'crosslang', :scheme, :language, :data)"
    ).bindparams(bindparam("data", type_=LargeBinary()))
    while rows := connection.execute(former, {"last_id": last_id, "limit": BATCH}).all():
        last_id = rows[-1].item_id
        connection.execute(
            insert,
            [
                {
                    "item_id": row.item_id,
                    "scheme": CROSSLANG_SCHEME if row.scheme == WORDS_SCHEME else row.scheme,
                    "language": row.language,
                    "data": _without_tail(bytes(row.crosslang)),
                }
                for row in rows
            ],
        )


def _without_tail(features: bytes) -> bytes:
    """The bytes that the header counts: 8 of its own, 6 for a feature, 12 for a name."""
    header = struct.Struct("<BBHHH")  # version, 0, features, names, words
    if len(features) < header.size:
        return features
    _, _, size, names, _ = header.unpack_from(features)
    return features[: header.size + 6 * size + 12 * names]
