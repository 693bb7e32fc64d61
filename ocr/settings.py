"""Where this machine keeps what outlives a job: ledger, embedded broker, crops, model versions."""

import os
from pathlib import Path

from platformdirs import user_data_path

STATE_VARIABLE = "FORMDIGITS_STATE"


def state_folder() -> Path:
    """The state folder, created when missing.

    `$FORMDIGITS_STATE` names it, otherwise it is the platform's user data folder. Only its owner
    may look inside: crops and values of other people's checks lie there.

    Raises:
        OSError: The folder cannot be created.
    """
    named = os.environ.get(STATE_VARIABLE)
    folder = Path(named).expanduser().absolute() if named else user_data_path("formdigits")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
