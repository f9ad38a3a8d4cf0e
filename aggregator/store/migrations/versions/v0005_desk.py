"""0005: why a person decided what they did.

decisions   + reason
"""

from alembic import op
from sqlalchemy import Column, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; older decisions give no reason."""
    op.add_column("decisions", Column("reason", Text, nullable=False, server_default=""))
