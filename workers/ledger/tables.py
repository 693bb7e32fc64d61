"""The ledger's tables: one job has documents, a document has pages, a page has readings.

Times are seconds since 1970 (UTC). A page is *queued* (nobody reads it), *leased* (a worker reads
it until `lease_until`), *done* (read) or *error* (could not be read; its one reading says why).
"""

from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
)

metadata = MetaData()

# The export's order is that of the paths' characters, not that of a database's locale.
_PATH = String().with_variant(String(collation="C"), "postgresql")


class PageState(StrEnum):
    """Where a page stands."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    ERROR = "error"


# Alembic's own table, under its own name: which migration the ledger has (`schema`).
schema_revision = Table(
    "alembic_version", metadata, Column("version_num", String(32), primary_key=True)
)

# A status reads this row alone: the transactions that change pages keep its counters.
job = Table(
    "job",
    metadata,
    Column("id", String, primary_key=True),
    Column("folder", String, nullable=False),
    Column("form", String, nullable=False),  # the whole form as JSON, as it was at submission; a
    Column("form_name", String, nullable=False),  # list of several, and their names
    Column("model", String, nullable=False),  # the champion at submission
    Column("created", Float, nullable=False),
    Column("started", Float),  # first lease
    Column("finished", Float),  # last page; empty while pages are open
    Column("listed", Boolean, nullable=False, default=False),  # all of the folder is in the ledger
    Column("listing_until", Float, nullable=False, server_default="0"),  # then another lists it
    Column("cancelled", Boolean, nullable=False, default=False),
    Column("priority", String, nullable=False, server_default="bulk"),
    Column("documents", Integer, nullable=False, default=0),
    Column("pages", Integer, nullable=False, default=0),
    Column("read", Integer, nullable=False, default=0),  # pages in state done
    Column("failed", Integer, nullable=False, default=0),  # pages in state error
    Column("accepted", Integer, nullable=False, default=0),  # fields, as the next three
    Column("review", Integer, nullable=False, default=0),
    Column("blank", Integer, nullable=False, default=0),
    Column("missing", Integer, nullable=False, default=0),
    Column(
        "purged", Boolean, nullable=False, default=False, server_default=false()
    ),  # being removed
    Column("progressed", Float),  # last page that was finished
    # Two marks, from which the rate is told (`pace`); empty until a page is leased.
    Column("pace_since", Float),
    Column("pace_done", Integer, nullable=False, server_default="0"),
    Column("mark_since", Float),
    Column("mark_done", Integer, nullable=False, server_default="0"),
)

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("path", _PATH, nullable=False),  # below the job's folder, with "/"
    Column("pages", Integer),  # empty until page 1 opened the document
    Column("sha256", String),
    Column("bytes", Integer),
    UniqueConstraint("job_id", "path"),
    Index("document_content", "job_id", "sha256"),  # the same content twice is read once
)

page = Table(
    "page",
    metadata,
    Column("document_id", ForeignKey("document.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), nullable=False),
    Column("state", String, nullable=False, default=PageState.QUEUED),
    Column("attempts", Integer, nullable=False, default=0),
    Column("offered", Float, nullable=False, default=0.0),  # last sent to the broker; 0 = never
    Column("worker", String),  # who leased it last
    Column("begun", Float),  # when
    Column("lease_until", Float),
    Column("finished", Float),
    Column("model", String, nullable=False, default=""),
    Column(
        "form", String, nullable=False, server_default=""
    ),  # the one of the job's it was read by
    # What the sweeper offers next, and which leases of a job are open, without a sort or a scan.
    Index("page_offer", "job_id", "state", "offered", "document_id", "number"),
)

reading = Table(
    "reading",
    metadata,
    Column("document_id", Integer, primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),  # field order on the form
    Column("field", String, nullable=False),
    Column("type", String, nullable=False),
    Column("value", String, nullable=False),
    Column("raw", String, nullable=False),
    Column("confidence", Float),
    Column("status", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("x", Integer),
    Column("y", Integer),
    Column("width", Integer),
    Column("height", Integer),
    ForeignKeyConstraint(
        ["document_id", "page"], ["page.document_id", "page.number"], ondelete="CASCADE"
    ),
)

# The workers that run; a row goes with its worker, or when its canaries stay out (`liveness`).
worker = Table(
    "worker",
    metadata,
    Column("id", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("heard", Float, nullable=False),  # its last canary ended; at first, when it came
    Column("patience_s", Float, nullable=False),  # a canary that takes longer will not come back
)

# A job that a worker cannot read, for want of something on its machine; others may.
refusal = Table(
    "refusal",
    metadata,
    Column("worker_id", ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True),
    Column("job_id", ForeignKey("job.id", ondelete="CASCADE"), primary_key=True),
    Column("reason", String, nullable=False),
    Column("tried", Float, nullable=False),  # when it last could not
)

# What a person typed instead; the reading itself stays as the model gave it.
correction = Table(
    "correction",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", Integer, nullable=False),
    Column("page", Integer, nullable=False),
    Column("position", Integer, nullable=False),
    Column("value", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Float, nullable=False),
    ForeignKeyConstraint(
        ["document_id", "page", "position"],
        ["reading.document_id", "reading.page", "reading.position"],
        ondelete="CASCADE",
    ),
    Index("correction_of", "document_id", "page", "position"),
)
