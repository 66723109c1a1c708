"""What every model of the configuration has in common."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Base of all: unknown fields are mistakes and nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")
