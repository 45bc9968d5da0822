"""Messages a second through the whole stack: ours, and the same one without any table, loaded in turn."""

import random
from collections.abc import Callable, Iterator

import msgspec

from postroom.faces.cli.bench import mail_load
from postroom.faces.cli.bench.mail_stacks import Size, Stack

_SENDERS = 1000


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """One sample."""

    round: int
    stack: str
    a_second: float
    processor_ms: dict[str, float]
    """A message, by family of servers."""
    put_off: int
    """Messages that Postfix had to try twice."""


def measure(stacks: list[Stack], size: Size, plan: tuple[int, int, int], tell: Callable[[str], None]) -> Iterator[Flow]:
    """`plan`: rounds, messages of a round, connections. Raises mail_load.NotTakenError."""
    rounds, messages, connections = plan
    before = {stack.name: stack.delivered() for stack in stacks}
    recipients = [address for address, _ in size.addresses()]
    for stack in stacks:
        tell(f"Warming up {stack.name}")
        _sample(stack, -1, recipients, connections * 2, connections)
    for number in range(rounds):
        for stack in random.sample(stacks, len(stacks)):
            tell(f"Round {number + 1}: mail through {stack.name}")
            yield _sample(stack, number, recipients, messages, connections)
    for stack in stacks:
        missing = before[stack.name] + connections * 2 + rounds * messages - stack.delivered()
        if missing > 0:
            raise mail_load.NotTakenError(f"{missing} messages of {stack.name} are in no mailbox")


def _sample(stack: Stack, number: int, recipients: list[str], messages: int, connections: int) -> Flow:
    pick = random.Random(number)  # noqa: S311 -- the same for both stacks
    mail = []
    for n in range(messages):
        sender, recipient = f"claire@from{pick.randrange(_SENDERS)}.example", pick.choice(recipients)
        mail.append((sender, recipient, mail_load.message(n, sender, recipient)))
    before = stack.processor_seconds()
    seconds, put_off = mail_load.deliver(stack.layout.ports.smtp, stack.layout.log / "postfix.log", mail, connections)
    spent = {name: (taken - before[name]) * 1000 / messages for name, taken in stack.processor_seconds().items()}
    return Flow(round=number, stack=stack.name, a_second=messages / seconds, processor_ms=spent, put_off=put_off)
