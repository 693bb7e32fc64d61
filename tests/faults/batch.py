"""One batch: undisturbed for reference, or hurt at seeded moments; and what must be the same."""

import csv
import io
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ocr
from tests.faults.injuries import Injury
from tests.faults.scans import FORM, POISON
from tests.faults.service import Service
from tests.faults.sites import Site
from workers import Client
from workers.settings import Settings

Say = Callable[[str], None]
_ERRORS = {each.code: each for each in (ocr.PageCrashed, ocr.PageTimeout)}


@dataclass(frozen=True, slots=True)
class Blow:
    """An injury and its moment: as soon as so many pages are done."""

    name: str
    injury: Injury
    after: int


def plan(seed: int, injuries: Mapping[str, Injury], pages: int) -> list[Blow]:
    """Every injury once, at random moments of the first nine tenths of the batch."""
    rng = random.Random(seed)
    moments = {name: rng.randrange(pages * 9 // 10) for name in injuries}
    if "submitter" in moments:
        moments[
            "submitter"
        ] = -1  # it chooses a moment of its own, while there is something to kill
    order = sorted(moments, key=lambda name: moments[name])
    return [Blow(name, injuries[name], moments[name]) for name in order]


def expected_rows(scans: Path) -> bytes:
    """What an undisturbed reader gives, one process and no service, with the poison rows named."""
    form = ocr.load_form(FORM)
    rows = []
    for document in ocr.list_documents(scans):
        code = POISON.get(document)
        reading = (
            ocr.error_reading(document, 1, FORM, _ERRORS[code]())
            if code
            else ocr.read_page(scans / document, form, document=document)
        )
        rows += ocr.page_rows(reading)
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(ocr.COLUMNS)
    sheet.writerows([row.get(name, "JOB") for name in ocr.COLUMNS] for row in rows)
    return text.getvalue().encode()


def run_batch(site: Site, scans: Path, blows: list[Blow], seed: int, say: Say) -> bytes:
    """Run a batch, hurt it, wait for its end; gives the export with JOB for the job's id.

    Raises:
        Stuck: The job does not end by itself.
    """
    rng = random.Random(seed)
    scratch = site.state.parent
    service = Service(site, scratch / "logs", scans)
    try:
        service.start()
        for blow in blows:
            service.until(lambda blow=blow: service.job() and service.done() >= blow.after)
            say(f"  {service.done()} pages done: {blow.name}")
            blow.injury(service, rng)
        service.until(service.ended)
        return _exported(service, scratch / "rows.csv")
    finally:
        service.stop()


def _exported(service: Service, path: Path) -> bytes:
    service.export(path)
    job = service.job()
    assert job is not None
    status = job.status()
    assert status.listed
    assert status.done == status.pages == status.documents
    client = Client(Settings(ledger_url=service.site.ledger_url))
    assert len(client.statuses()) == 1
    rows = path.read_bytes().replace(job.id.encode(), b"JOB")
    path.write_bytes(rows)
    return rows
