"""Login codes: one-time links without the letter (specs/dimail.md 3.8, 4.5)."""

from typing import Annotated, Final

import msgspec
from pydantic import BaseModel, Field

from postroom.actions import dimail_mailboxes
from postroom.faces.dimail.places import NO_MAILBOX, place, saying
from postroom.faces.dimail.route import Call, Guard, Route

_LONGEST: Final = 31 * 86_400
_MOST: Final = 100


class CodeWish(BaseModel):
    """What is not said is as for other links of this Postroom."""

    expires_in: Annotated[int, Field(ge=1, le=_LONGEST, description="Seconds.")] | None = None
    maxuse: Annotated[int, Field(ge=1, le=_MOST)] | None = None


class CodeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    code: str
    expires_at: int
    """Seconds since 1970."""
    expires_in: int
    """Seconds left."""
    maxuse: int
    nbuse: int

    def __repr__(self) -> str:
        """Without the code."""
        return f"CodeAnswer({self.email!r})"


def create(call: Call) -> CodeAnswer:
    """Opens `/code/<code>/` of this Postroom, where the holder chooses a password."""
    sent: CodeWish = call.body
    with saying(NO_MAILBOX):
        made = dimail_mailboxes.make_code(
            call.actor, call.origin, place(call), call.params["user"], sent.expires_in, sent.maxuse
        )
    return CodeAnswer(
        email=made.address,
        code=made.code,
        expires_at=made.expires_at // 1000,
        expires_in=made.seconds,
        maxuse=made.uses,
        nbuse=0,
    )


ROUTES = (
    Route(
        "POST", "/domains/{domain}/mailboxes/{user}/code", Guard.BEARER, create, CodeAnswer, CodeWish, 201,
        fails=(403, 404), section="4.5",
    ),
)  # fmt: skip
