"""Do several processes on one PostgreSQL make one desk? Nothing twice, nothing lost, all screens told, a clean end."""

import re
import signal
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from typing import Any

import pytest

from sportello.kernel.jobs.worker import THREADS
from tests.browser.desk import a_mail, eventually, memory_of
from tests.processes.parts import Browser, Installation, Part, call, fresh_database, post_all
from tests.processes.provider import Provider

pytestmark = [pytest.mark.only_postgresql, pytest.mark.slow]

ADMINISTRATOR, PASSWORD = "lia@firm.example", "a-long-enough-password"
MAILBOX = "support@firm.example"
PATIENCE = 60  # seconds, for a machine that does a lot beside this


@dataclass
class Firm:
    """Two webs, two workers, one intake, and the provider that carries the firm's mails."""

    installation: Installation
    provider: Provider
    webs: list[Part]
    workers: list[Part]
    intake: Part
    browser: Browser
    token: str = ""

    def set_up(self) -> None:
        """What a new user does in the browser, and one command."""
        first, _second = self.webs
        self.browser.post(
            f"{first.url}/account/setup/",
            code=re.findall(r"Set-up code: (\S+)", first.said)[0],
            firm="Firm",
            team="Support",
            name="Lia",
            address=ADMINISTRATOR,
            password=PASSWORD,
            language="en",
            time_zone="Europe/Rome",
        )
        team = self.installation.one("select id from people_team")
        servers = {"smtp_host": "127.0.0.1", "smtp_port": self.provider.port, "smtp_security": "none"}
        unused = {"imap_port": 993, "imap_security": "tls", "imap_folder": "INBOX"}
        self.browser.post(
            f"{first.url}/desk/settings/mailboxes/new/",
            address=MAILBOX,
            name="Firm",
            team=team,
            is_active="on",
            **servers,
            **unused,
        )
        self.token = self.installation.run("token", "add", "--user", ADMINISTRATOR)

    def opens(self, subject: str) -> int:
        """A ticket made by API, without a mail. Returns its number."""
        status, ticket = call(self.webs[0], self.token, "tickets", {"subject": subject, "text": "It is cold."})
        assert status == 201, ticket
        return int(ticket["number"])

    def tickets_from(self, domain: str) -> list[dict[str, Any]]:
        return self.installation.rows(
            "select t.id, u.address, t.subject from tickets_ticket t join people_user u on u.id = t.requester_id"
            " where u.address like %s order by t.id",
            f"%@{domain}",
        )


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firm]:
    with fresh_database() as database, Provider() as provider:
        installation = Installation(database, tmp_path_factory.mktemp("data"))
        installation.run("migrate", "--verbosity", "0")
        webs = [installation.start_web(), installation.start_web()]
        workers = [installation.start_worker(), installation.start_worker()]
        firm = Firm(installation, provider, webs, workers, installation.start_intake(), Browser())
        try:
            for part in list(installation.parts):
                installation.wait_until_up(part)
            firm.set_up()
            yield firm
            assert_clean_end([part for part in installation.parts if part.process.poll() is None], signal.SIGTERM)
        finally:
            installation.stop_all()


def assert_clean_end(parts: list[Part], number: int) -> None:
    """Told to stop, each ends by itself within 10 s, without a trace of trouble."""
    for part in parts:
        assert part.stop(number) < 10
        assert (part.process.returncode, "Traceback" in part.said) == (0, False), part.said


def mails_from(domain: str, count: int) -> list[Any]:
    return [a_mail(f"guest{n}@{domain}", MAILBOX, f"Cold room {n}", f"Room {n} is cold.") for n in range(count)]


def assert_one_ticket_and_receipt_each(firm: Firm, domain: str, count: int) -> None:
    tickets = firm.tickets_from(domain)
    assert len({row["id"] for row in tickets}) == len(tickets) == count
    assert Counter(row["address"] for row in tickets) == {f"guest{n}@{domain}": 1 for n in range(count)}
    for row in tickets:
        (receipt,) = firm.provider.sent_to(row["address"])
        assert f"[#{row['id']}]" in receipt["Subject"]


def all_settled(firm: Firm, domain: str, count: int) -> None:
    """So many mails have left, and no mail is still to be read or sent."""
    left = "select count(*) from kernel_job where lane in ('mail', 'default', 'send') and state in ('ready', 'running')"
    eventually(lambda: firm.provider.count_to(domain) >= count, within=PATIENCE)
    eventually(lambda: not firm.installation.one(left), within=PATIENCE)


def test_many_mails_at_once_are_one_ticket_and_one_receipt_each(firm: Firm) -> None:
    domain, connections = "many.example", 4
    mails = mails_from(domain, 60)
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda part: post_all(firm.intake.port, mails[part::connections]), range(connections)))
    all_settled(firm, domain, 60)
    assert_one_ticket_and_receipt_each(firm, domain, 60)
    helped = firm.installation.rows("select distinct worker from kernel_job where task like '%%read_mail'")
    assert len(helped) == 2, "both workers took part"


def test_a_screen_at_one_web_hears_what_happens_at_the_other(firm: Firm) -> None:
    here, there = firm.webs
    number = firm.opens("Heard everywhere")
    with firm.browser.stream(f"{here.url}/desk/live/?ticket={number}") as lines:
        assert next(lines).startswith("retry:")
        status, _ticket = call(there, firm.token, f"tickets/{number}/waiting", {})
        assert status == 200
        assert any(f'"ticket:{number}"' in line for line in lines)


def test_a_killed_worker_loses_no_job_and_doubles_no_mail(firm: Firm) -> None:
    domain = "killed.example"
    firm.provider.hold()
    post_all(firm.intake.port, mails_from(domain, 12))
    each = THREADS.count("send")
    read = "select count(*) from kernel_job where lane in ('mail', 'default') and state in ('ready', 'running')"
    eventually(lambda: len(firm.tickets_from(domain)) == 12 and not firm.installation.one(read), within=PATIENCE)
    eventually(lambda: firm.provider.waiting == 2 * each)  # each worker stands in the middle of so many mails
    killed = firm.workers.pop(0)
    killed.stop(signal.SIGKILL)
    its_jobs = "worker like %s and state = 'running'"
    name = f"%-{killed.process.pid}-%"
    assert firm.installation.one(f"select count(*) from kernel_job where {its_jobs} and lane = 'send'", name) == each
    firm.provider.go_on()
    # instead of waiting for the minute that a lease is good for
    firm.installation.rows(f"update kernel_job set lease_until = now() where {its_jobs}", name)
    firm.workers.append(firm.installation.wait_until_up(firm.installation.start_worker()))
    all_settled(firm, domain, 12)
    assert_one_ticket_and_receipt_each(firm, domain, 12)
    assert not firm.installation.one("select count(*) from kernel_job where state = 'failed'")


def test_two_webs_changing_one_ticket_at_once_keep_both_changes(firm: Firm) -> None:
    number = firm.opens("Everybody at once")
    together = Barrier(2)

    def say(web: int) -> list[int]:
        statuses = []
        for turn in range(5):
            together.wait(20)
            then = ("waiting", "open")[web]
            body = {"text": f"Answer {turn} of {web}", "then": then}
            statuses.append(call(firm.webs[web], firm.token, f"tickets/{number}/messages", body)[0])
            statuses.append(call(firm.webs[web], firm.token, f"tickets/{number}/{('waiting', 'start')[web]}", {})[0])
        return statuses

    with ThreadPoolExecutor(2) as pool:
        assert [status for said in pool.map(say, range(2)) for status in said] == ([201, 200] * 10)
    _status, thread = call(firm.webs[0], firm.token, f"tickets/{number}/messages?limit=50")
    said = {message["text"] for message in thread["items"] if not message["incoming"]}
    assert said == {f"Answer {turn} of {web}" for turn in range(5) for web in range(2)}
    assert_facts_follow_on_each_other(firm, number)


def assert_facts_follow_on_each_other(firm: Firm, number: int) -> None:
    """Each change of status begins where the one before ended, and the ticket stands where the last one left it."""
    facts = call(firm.webs[1], firm.token, f"tickets/{number}/timeline?limit=200")[1]["items"][::-1]
    after = {"TicketStarted": "open", "TicketSetWaiting": "waiting"}
    moves = [(fact["data"]["previous"], fact["kind"]) for fact in facts if fact["kind"] in after]
    reached = "new"
    for previous, kind in moves:
        assert previous == reached, moves
        reached = after[kind]
    assert sum(fact["kind"] == "MessageAdded" for fact in facts) == 11
    assert call(firm.webs[0], firm.token, f"tickets/{number}")[1]["status"] == reached


def test_no_part_at_rest_takes_more_than_200_mb(firm: Firm) -> None:
    at_rest = [part for part in firm.installation.parts if part.process.poll() is None]
    assert {part.log.name for part in at_rest if memory_of(part.process) > 200 * 1024 * 1024} == set()


def test_every_part_stops_on_ctrl_c(firm: Firm) -> None:
    """The fixture ends the others by SIGTERM, after all their work."""
    web, *others = [firm.installation.start_web(), firm.installation.start_worker(), firm.installation.start_intake()]
    for part in (web, *others):
        firm.installation.wait_until_up(part)
    with firm.browser.stream(f"{web.url}/desk/live/") as lines:
        assert next(lines).startswith("retry:")
        assert_clean_end([web, *others], signal.SIGINT)
