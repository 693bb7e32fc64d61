"""Settings of the batch service: the environment first, then one TOML file, then the defaults."""

import os
from pathlib import Path

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ocr import ServiceError
from ocr.settings import state_folder

CONFIG_VARIABLE = "FORMDIGITS_CONFIG"


class Settings(BaseSettings):
    """What a deployment sets; each as `FORMDIGITS_<NAME>` or as a key of the TOML file.

    Attributes:
        ledger_url: SQLAlchemy URL; empty for SQLite in the state folder.
        broker_url: Redis or Valkey URL; empty for the embedded broker.
        storage_url: What `storage:` stands for in the name of a folder or an output, such as
            `s3://bucket/scans`, or a path.
        page_seconds: Longest time for one page; a page that takes longer is an error row. Pages
            take a second or less, so a minute tells one that hangs from a busy machine.
        lease_seconds: How long after the last sign of a killed worker its pages are read by others.
        unable_seconds: A job that no worker can read, for want of its model version or a sound
            policy, waits this long; then its pages are error rows.
        settle_seconds: A file that was touched more recently may still be written; a submission
            waits for it.
        child_memory_mb: A worker child above this is replaced after its page.
        metrics_port: Where a worker answers Prometheus; 0 for nowhere. One a worker of a machine.
        metrics_address: The address of that port; this machine only, unless set.
    """

    model_config = SettingsConfigDict(env_prefix="FORMDIGITS_", frozen=True, extra="forbid")

    ledger_url: str = ""
    broker_url: str = ""
    storage_url: str = ""
    page_seconds: PositiveInt = 60
    lease_seconds: PositiveInt = 20
    unable_seconds: PositiveInt = 600
    settle_seconds: NonNegativeFloat = 2.0
    child_memory_mb: PositiveInt = 400
    metrics_port: NonNegativeInt = 0
    metrics_address: str = "127.0.0.1"

    @property
    def ledger(self) -> str:
        """The ledger's URL, the default filled in."""
        return self.ledger_url or f"sqlite:///{state_folder() / 'ledger.sqlite'}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # fixed by pydantic
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over TOML file; no .env files, no secrets folder."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())


def config_file() -> Path:
    """The TOML file, which need not exist: $FORMDIGITS_CONFIG or one in the state folder."""
    named = os.environ.get(CONFIG_VARIABLE)
    return Path(named) if named else state_folder() / "formdigits.toml"


def load_settings() -> Settings:
    """The settings that hold now.

    Raises:
        ServiceError: The TOML file or a variable has a mistake, or the state folder is not to be
            had; names it.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise ServiceError(
            f"setting {name}: {first['msg']}; "
            f"correct it in {config_file()} or FORMDIGITS_{name.upper()}"
        ) from error
    except ValueError as error:  # TOML syntax
        raise ServiceError(f"{config_file()}: {error}; correct the file") from error
    except OSError as error:
        raise ServiceError(
            f"the state folder or {os.environ.get(CONFIG_VARIABLE, 'its settings')} cannot be "
            f"used: {error}; set FORMDIGITS_STATE to a folder of yours"
        ) from error
