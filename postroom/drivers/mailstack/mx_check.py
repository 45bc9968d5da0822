"""Has control of a domain been proved? Its MX must lead here. The full doctor of a domain's DNS is not a driver's."""

import dns.exception
import dns.resolver

from postroom.drivers.contract import CheckReport, CheckResult

_SECONDS = 5.0


def check(name: str, hostname: str, resolver: tuple[str, int] | None) -> CheckReport:
    """`resolver`: address and port of the one to ask; None: the system's."""
    return CheckReport(domain=name, tests=(_mx(name, hostname, resolver),))


def _mx(name: str, hostname: str, resolver: tuple[str, int] | None) -> CheckResult:
    wanted = hostname.rstrip(".").lower()
    asked = dns.resolver.Resolver(configure=resolver is None)
    if resolver:
        asked.nameservers, asked.port = [resolver[0]], resolver[1]
    try:
        answer = asked.resolve(f"{name}.", "MX", lifetime=_SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return _failed("no_mx", f"{name} has no MX record; it should have: {name}. IN MX 10 {wanted}.")
    except dns.exception.DNSException as error:
        return _failed("dns_error", f"The DNS servers of {name} give no answer: {error}")
    found = sorted(record.exchange.to_text().rstrip(".").lower() for record in answer)
    if found != [wanted]:
        return _failed("wrong_mx", f"{name} has the MX {', '.join(found)}; it should have {wanted} alone")
    return CheckResult(name="mx", ok=True, internal=False)


def _failed(code: str, detail: str) -> CheckResult:
    return CheckResult(name="mx", ok=False, internal=False, code=code, detail=detail)
