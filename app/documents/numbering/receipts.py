"""收文编号: one running number per unit and year."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.database import insert_once
from app.documents.models import ReceiptSeries


def receipt(session: Session, unit_id: int, year: int) -> int:
    """The next 收文编号 of the unit in this year (NUM-04, INC-24)."""
    query = (
        sa.select(ReceiptSeries)
        .where(ReceiptSeries.unit_id == unit_id, ReceiptSeries.year == year)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    series = session.scalars(query).first()
    if series is None:
        insert_once(session, ReceiptSeries, {"unit_id": unit_id, "year": year, "last": 0})
        series = session.scalars(query).one()
    series.last += 1
    session.flush()
    return series.last
