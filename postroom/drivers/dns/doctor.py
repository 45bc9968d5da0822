"""The tests of a domain's DNS, one after the other, by what its name servers say."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from postroom.core.dns import dkim_records, mx, names, policies, spf_records
from postroom.core.dns.expectations import DMARC, MTA_STS, OWNERSHIP, TLS_RPT, Expectations
from postroom.core.dns.records import full_name
from postroom.core.dns.report import CheckResult, as_advice, failed, passed
from postroom.drivers.dns import dnssec
from postroom.drivers.dns.answers import Found, first_good
from postroom.drivers.dns.examination import Examination
from postroom.drivers.dns.where import DnsSettings

_ALIASES: Final = 20  # other names of a domain that are looked at
_PARENTS: Final = 4  # names above a domain whose DMARC record may hold for it
_FOREIGN_HOSTS: Final = 3  # of an MX that are looked at
_BESIDES: Final = 4  # look-ups after misplaced records

Judge = Callable[[Found], CheckResult | None]
"""None: what the server said is not enough to tell."""


def examine(expected: Expectations, settings: DnsSettings) -> list[CheckResult]:
    """At most `settings.seconds` and a little; raises nothing for what DNS says or does not say."""
    return list(_Doctor(expected, Examination(expected.domain, settings)).tests())


def ownership(expected: Expectations, settings: DnsSettings) -> CheckResult:
    """That test alone, for a platform that makes the others itself."""
    return _Doctor(expected, Examination(expected.domain, settings)).ownership()


class _Doctor:
    def __init__(self, expected: Expectations, examination: Examination) -> None:
        self.expected = expected
        self.examination = examination

    def tests(self) -> Iterator[CheckResult]:
        if self.examination.settings.authoritative:
            zone = self.examination.zone
            if zone.problem:
                # There is nobody to ask about anything else.
                parameters = {"domain": self.expected.domain, "servers": zone.about or zone.name}
                yield failed("domain_exist", zone.problem, parameters)
                return
            yield passed("domain_exist")
        yield from self._required()
        yield from self._advice()

    def ownership(self) -> CheckResult:
        name = full_name(OWNERSHIP, self.expected.domain)
        return self._judged(
            "ownership", name, "TXT", lambda one: names.ownership(one.values, self.expected), strict=True
        )

    def _required(self) -> Iterator[CheckResult]:
        expected, domain = self.expected, self.expected.domain
        if expected.ownership:
            yield self.ownership()
        yield self._judged("mx", domain, "MX", self._mx)
        yield self._judged("spf", domain, "TXT", lambda one: spf_records.judge(one.values, expected, self._texts))
        if expected.selector:
            name = full_name(expected.dkim_record().target, domain)
            yield self._judged("dkim", name, "TXT", self._dkim)
        for label in expected.cnames:
            yield self._cname(label)

    def _advice(self) -> Iterator[CheckResult]:
        expected = self.expected
        for label in expected.hints:
            yield as_advice(self._cname(label))
        yield self._dmarc()
        yield self._policy("mta_sts", MTA_STS, policies.mta_sts)
        yield self._policy("tls_rpt", TLS_RPT, policies.tls_rpt)
        if expected.aliases:
            yield as_advice(self._aliases())
        if self.examination.settings.authoritative:
            yield as_advice(dnssec.test(self.examination))
            yield as_advice(self._name_servers())

    def _policy(
        self, test: str, target: str, judge: Callable[[Sequence[str], Expectations], CheckResult]
    ) -> CheckResult:
        found = self.examination.ask(full_name(target, self.expected.domain), "TXT")
        return as_advice(self._of_first(test, found, lambda one: judge(one.values, self.expected)))

    def _judged(self, test: str, name: str, type: str, judge: Judge, *, strict: bool = False) -> CheckResult:
        """By the best that any server in charge says; `strict`: by the worst. One that differs is told apart."""
        found = self.examination.ask(name, type, all=True)
        heard = [one for one in found if not one.failure]
        verdicts = [self._of_first(test, [one], judge) for one in _unlike(heard)]
        if not verdicts:
            return self._of_first(test, found, judge)
        verdicts.sort(key=_badness, reverse=strict)
        return msgspec.structs.replace(verdicts[0], answers=tuple(one.said for one in found))

    def _of_first(self, test: str, found: Sequence[Found], judge: Judge) -> CheckResult:
        heard = next((one for one in found if not one.failure), None)
        verdict = judge(heard) if heard else None
        if verdict is None:
            verdict = self._unasked(test, found)
        return msgspec.structs.replace(verdict, answers=tuple(one.said for one in found))

    def _unasked(self, test: str, found: Sequence[Found]) -> CheckResult:
        failures = [one for one in found if one.failure]
        code = failures[0].failure if failures else "dns_timeout"
        servers = ", ".join(one.said.server for one in failures or found)
        return failed(test, code, {"domain": self.expected.domain, "servers": servers})

    def _mx(self, found: Found) -> CheckResult:
        records = mx.parse(found.values)
        behind = found.chain[-1].removesuffix(".") if found.chain else ""
        foreign = [record.host for record in records if record.host and record.host not in self.expected.mx]
        by_cname = frozenset(host for host in foreign[:_FOREIGN_HOSTS] if self._leads_to_us(host))
        return mx.judge(self.expected, mx.Found(records=records, alias_of=behind, ours_by_cname=by_cname))

    def _leads_to_us(self, host: str) -> bool:
        return any(name.removesuffix(".") in self.expected.mx for name in self.examination.resolve(host, "A").chain)

    def _texts(self, name: str) -> Sequence[str] | None:
        found = self.examination.resolve(name, "TXT")
        return None if found.failure else found.values

    def _dkim(self, found: Found) -> CheckResult:
        verdict = dkim_records.judge(found.values, self.expected)
        return self._elsewhere(found.values) if verdict.code == "no_dkim" else verdict

    def _elsewhere(self, texts: Sequence[str]) -> CheckResult:
        for place in dkim_records.places(self.expected)[:_BESIDES]:
            name = full_name(place, self.expected.domain)
            found = first_good(self.examination.ask(name, "TXT"))
            if not found.failure and dkim_records.holds(found.values, self.expected):
                return dkim_records.judge(texts, self.expected, misplaced=name)
        return dkim_records.judge(texts, self.expected)

    def _cname(self, label: str) -> CheckResult:
        found = self.examination.ask(full_name(label, self.expected.domain), "A")
        one = first_good(found)
        verdict = names.cname(label, one.chain, one.values, self.expected)
        # Where it leads is enough, even if nobody can be asked about that name.
        if verdict.ok or not one.failure:
            return msgspec.structs.replace(verdict, answers=tuple(one.said for one in found))
        return self._of_first(f"cname_{label}", found, lambda _: None)

    def _dmarc(self) -> CheckResult:
        """Of a domain without one, that of the nearest name above it holds."""
        found = self.examination.ask(full_name(DMARC, self.expected.domain), "TXT")
        one = first_good(found)
        if not one.failure and not policies.is_dmarc(one.values):
            found = self._above() or found
        return as_advice(self._of_first("dmarc", found, lambda one: policies.dmarc(one.values, self.expected)))

    def _above(self) -> list[Found]:
        labels = self.expected.domain.split(".")
        parents = [".".join(labels[skipped:]) for skipped in range(1, len(labels) - 1)]
        for parent in parents[-_PARENTS:]:
            found = self.examination.resolve(full_name(DMARC, parent), "TXT")
            if policies.is_dmarc(found.values):
                return [found]
        return []

    def _aliases(self) -> CheckResult:
        """Other domains that mean this one need an MX of their own."""
        lost, unknown, found = [], [], []
        for alias in self.expected.aliases[:_ALIASES]:
            said = self.examination.ask(alias, "MX")
            found += said
            one = first_good(said)
            hosts = {record.host for record in mx.parse(one.values)}
            if one.failure:
                unknown.append(alias)
            elif not hosts & set(self.expected.mx):
                lost.append(alias)
        result = self._of_aliases(lost, unknown)
        return msgspec.structs.replace(result, answers=tuple(one.said for one in found))

    def _of_aliases(self, lost: Sequence[str], unknown: Sequence[str]) -> CheckResult:
        domain = self.expected.domain
        if lost:
            record = self.expected.mx_record(0, f"{lost[0]}.")
            return failed("aliases", "alias_without_mx", {"domain": domain, "names": ", ".join(lost)}, record=record)
        if unknown:
            return failed("aliases", "aliases_unasked", {"domain": domain, "names": ", ".join(unknown)})
        return passed("aliases")

    def _name_servers(self) -> CheckResult:
        """Of all the questions before: did the servers answer, and the same?"""
        domain, different = self.expected.domain, self.examination.differing
        if self.examination.failing:
            code = "servers_silent" if self.examination.heard else "dns_timeout"
            servers = ", ".join(self.examination.failing)
            return failed("name_servers", code, {"domain": domain, "servers": servers})
        if not different:
            return passed("name_servers")
        parameters = {"domain": domain, "name": different[0].said.name, "type": different[0].said.type}
        result = failed("name_servers", "servers_differ", parameters)
        return msgspec.structs.replace(result, answers=tuple(one.said for one in different))


def _unlike(found: Sequence[Found]) -> list[Found]:
    """One of each kind of answer."""
    return list({(one.values, one.chain): one for one in reversed(found)}.values())[::-1]


def _badness(result: CheckResult) -> tuple[bool, str, bool]:
    """Fine, advice, unknown, wrong."""
    return not result.ok, "" if result.ok else str(result.severity), result.asked
