"""0005: why a person decided what they did.

decisions   + reason, an index by item
"""

from alembic import op
from sqlalchemy import Column, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Bring decisions to what the desk asks of them."""
    _decisions()


def _decisions() -> None:
    """Add the reason, which older decisions do not give; a split names what it split the item from.

    Of an older one that is the item it came by; of an item that came by none, it is not known.
    """
    op.add_column("decisions", Column("reason", Text, nullable=False, server_default=""))
    op.create_index("decisions_item_id_idx", "decisions", ["item_id"])
    op.execute(
        """
        UPDATE decisions SET other_id = (
            SELECT moves.former_b FROM moves
            WHERE moves.decision_id = decisions.id AND moves.item_id = decisions.item_id
        )
        WHERE action = 'split'
        """
    )
