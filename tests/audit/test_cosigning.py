"""Two offices witness each other: what one has cosigned, the other cannot write anew."""

import re
import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import audit
from app.audit.checkpoints import of_row
from app.audit.cosigning import accepting, alarms, checking, directory, notes, queries
from app.audit.cosigning.errors import BadAddress, KeyPinned, NoKey, NoSuchLog, NoSuchWitness
from app.audit.cosigning.models import Cosignature, Witness, WitnessedLog
from app.audit.cosigning.notes import Note, TreeHead
from app.audit.cosigning.transport import Reply
from app.audit.models import AuditCheckpoint
from app.database import db
from app.web.api import witness_log
from app.web.pace import Pace
from tests.audit.offices import ADDRESS, AT, RULE, Office, Pair, opened, unguarded

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(autouse=True)
def _own_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tests ask from one address, at one moment."""
    monkeypatch.setattr(witness_log, "_pace", Pace(60, timedelta(minutes=1)))


@pytest.fixture(params=ENGINES)
def pair(
    request: pytest.FixtureRequest, installation: tuple[Path, str], tmp_path: Path
) -> Iterator[Pair]:
    """The county, whose record is witnessed, and the city, which witnesses."""
    made = []
    for name, seed in (("county.example/gongwen", b"k"), ("city.example/gongwen", b"c")):
        data = tmp_path / seed.decode()
        data.mkdir()
        if request.param == "sqlite":
            file = shutil.copy(installation[0] / "gongwen.sqlite3", data / "gongwen.sqlite3")
            url = f"sqlite:///{file}"
        else:
            url = request.getfixturevalue("postgres_copies")()
        made.append(opened(data, url, name, seed))
    county, city = made
    county.is_witnessed_by(city)
    yield county, city
    for each in made:
        with each.app.app_context():
            db.engine.dispose()


@pytest.fixture
def told() -> Iterator[list[alarms.Alarm]]:
    """What auditors were told. The listeners are those of the application made last."""
    found: list[alarms.Alarm] = []
    before = list(alarms._listeners)
    alarms.tell(lambda _session, alarm, _at: found.append(alarm))
    yield found
    alarms.tell(*before)


def state(office: Office) -> queries.ListedWitness:
    with office.session() as session:
        (found,) = queries.witnesses(session, office.at)
    return found


def cosigned(office: Office) -> list[int]:
    with office.session() as session:
        return list(session.scalars(sa.select(Cosignature.size).order_by(Cosignature.size)))


def kept(office: Office) -> tuple[int, str]:
    """What the witness keeps of the one log."""
    with office.session() as session:
        row = session.scalars(sa.select(WitnessedLog)).one()
        return row.size, row.root


def verified(office: Office) -> audit.Verification:
    with office.session() as session:
        return audit.verify(session)


def submission(office: Office, head: TreeHead, old: int, proof: tuple[bytes, ...] = ()) -> str:
    note = notes.whole(notes.sign(head, office.key))
    return f"old {old}\n{notes.hash_lines(proof)}\n{note}"


def test_every_checkpoint_is_cosigned_and_the_record_says_so(pair: Pair) -> None:
    county, city = pair
    sizes = []
    for _ in range(3):
        county.act(3)
        sizes.append(county.sign())
        assert county.send(city) == 1
        assert county.send(city) == 0  # nothing new: nothing is sent
    assert cosigned(county) == sizes
    assert len(county.asked) == 3
    found = verified(county)
    assert (found.ok, found.cosigned) == (True, 3)
    assert kept(city)[0] == sizes[-1]
    now = state(county)
    assert (now.size, now.behind, now.trouble, now.missing) == (sizes[-1], 0, "", False)
    assert now.cosigned_at == AT


def test_each_witnesses_the_other(pair: Pair) -> None:
    county, city = pair
    city.is_witnessed_by(county)
    for office, other in ((county, city), (city, county)):
        office.act(2)
        office.sign()
        assert office.send(other) == 1
        assert verified(office).cosigned == 1
        assert not office.actions("witness.refused")


def test_a_witness_that_was_away_gets_the_newest_checkpoint(pair: Pair) -> None:
    county, city = pair
    county.act(2)
    county.sign()
    county.lost = 1
    assert county.send(city) == 0
    assert state(county).fault == "unreachable"
    county.act(2)
    newest = county.sign()
    assert county.send(city) == 0  # not before it is time to try again
    county.at += timedelta(minutes=1)
    assert county.send(city) == 1
    assert cosigned(county) == [newest]
    assert state(county).fault == ""


def test_an_answer_that_was_lost_is_asked_for_again(pair: Pair) -> None:
    """The witness has persisted what it cosigned: it names its size, and cosigns once more."""
    county, city = pair
    county.act(2)
    first = county.sign()
    county.send(city)
    county.act(3)
    second = county.sign()
    county.lost = 1
    county.send(city)
    assert kept(city)[0] == second
    assert cosigned(county) != [second]
    county.at += timedelta(minutes=1)
    assert county.send(city) == 1
    assert cosigned(county)[-1] == second
    olds = [body.split("\n")[0] for body in county.asked]
    assert olds == ["old 0", f"old {first}", f"old {first}", f"old {second}"]
    assert not city.actions("witness.refused")


def test_a_restart_forgets_nothing(pair: Pair) -> None:
    county, city = pair
    county.act(2)
    county.sign()
    county.send(city)
    for each, seed in ((county, b"k"), (city, b"c")):
        with each.app.app_context():
            db.engine.dispose()
        url = each.config.database_url
        again = opened(each.config.data, url, each.config.log_name, seed)
        each.app = again.app
    county.act(2)
    county.sign()
    assert county.send(city) == 1
    assert verified(county).cosigned == 2


def test_a_record_written_anew_is_refused_and_its_office_told(
    pair: Pair, told: list[alarms.Alarm]
) -> None:
    """T4 by the owner of database and key: every hash and every checkpoint is right again."""
    county, city = pair
    county.act(4)
    county.sign()
    county.send(city)
    before = kept(city)
    county.rewrite(first=3)
    with county.session() as session:
        unguarded(session)
        session.execute(sa.text("DELETE FROM audit_cosignature"))
    county.act(1)
    county.sign()
    assert verified(county).ok  # nothing in the database shows it
    county.at += timedelta(minutes=1)
    assert county.send(city) == 0
    assert kept(city) == before
    assert len(county.actions("witness.disagreed")) == 1
    assert [each.subject for each in told] == [
        "审计记录告警：见证方 city.example/gongwen/witness 不认可本系统的记录"
    ]
    assert city.actions("witness.refused") == []  # a proof is signed by nobody: no evidence
    assert state(county).disagrees
    county.at += timedelta(hours=2)
    county.send(city)
    assert len(told) == 1  # told once


def test_that_a_witness_disagrees_stands_until_it_cosigns(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, told: list[alarms.Alarm]
) -> None:
    """Whatever it answers afterwards, or does not: its "no" is neither lost nor told again."""
    county, city = pair
    county.act(2)
    county.sign()
    answers = [Reply(status, "") for status in (422, 0, 422, 503, 404, 422)]
    left = iter(answers)
    monkeypatch.setattr(city, "asked_to_cosign", lambda _: next(left))
    for reply in answers:
        county.lost = int(not reply.status)
        assert county.send(city) == 0
        assert (state(county).fault, state(county).fault_at) == ("disagrees", AT)
        county.at += timedelta(hours=2)
    assert len(county.actions("witness.disagreed")) == len(told) == 1
    assert len(county.asked) == 6
    monkeypatch.undo()
    assert county.send(city) == 1
    assert (state(county).fault, state(county).fault_at) == ("", None)


def test_a_good_checkpoint_with_a_bad_proof_says_nothing_of_its_log(
    pair: Pair, told: list[alarms.Alarm]
) -> None:
    """Whoever has a checkpoint of an honest log can send it with any proof."""
    county, city = pair
    county.act(4)
    size = county.sign()
    county.send(city)
    before = kept(city)
    county.act(3)
    later = county.sign()
    with county.session() as session:
        root = session.scalar(
            sa.text("SELECT root FROM audit_checkpoint WHERE size = :n"), {"n": later}
        )
    head = TreeHead(county.config.origin, later, str(root))
    for proof in ((), (b"x" * 32,), (b"y" * 32,) * 4):
        assert city.asked_to_cosign(submission(county, head, size, proof)).status == 422
    assert kept(city) == before
    assert city.actions("witness.refused") == []
    assert told == []
    with city.session() as session:
        assert queries.logs(session)[0].refused_at is None
    assert county.send(city) == 1


def test_a_record_of_the_same_length_with_another_root_is_a_contradiction(
    pair: Pair, told: list[alarms.Alarm]
) -> None:
    county, city = pair
    county.act(4)
    size = county.sign()
    county.send(city)
    other = TreeHead(county.config.origin, size, "00" * 32)
    for old in (size, 0, 1):
        assert city.asked_to_cosign(submission(county, other, old)) == Reply(409, f"{size}\n")
    assert len(told) == 1
    assert "前后不一" in told[0].subject
    (entry,) = city.actions("witness.refused")
    said = entry["detail"]
    assert (entry["outcome"], said["size"], said["offered_size"]) == ("refused", size, size)
    heads = []
    for text in (said["cosigned_note"], said["note"]):
        note = Note.read(text)
        assert note.signed_by(county.log_key)  # both halves of it are signed by the log itself
        heads.append(note.head)
    assert heads == [TreeHead(county.config.origin, *kept(city)), other]
    with city.session() as session:
        assert queries.logs(session)[0].refused_at == AT


def test_each_contradiction_is_told_once(pair: Pair, told: list[alarms.Alarm]) -> None:
    county, city = pair
    county.act(4)
    size = county.sign()
    county.send(city)
    for root in ("09", "08", "09", "08"):
        head = TreeHead(county.config.origin, size, root * 32)
        assert city.asked_to_cosign(submission(county, head, size)).status == 409
    entries = city.actions("witness.refused")
    assert [each["detail"]["offered_root"][:2] for each in entries] == ["09", "08"]
    assert len({each.key for each in told}) == len(told) == 2
    for number in range(30):
        head = TreeHead(county.config.origin, size, f"{number:02}" * 32)
        assert city.asked_to_cosign(submission(county, head, size)).status == 409
    assert len(told) == accepting.MOST_ROOTS  # a log does not fill the record of its witness
    county.act(1)
    size = county.sign()
    assert county.send(city) == 1
    head = TreeHead(county.config.origin, size, "09" * 32)
    assert city.asked_to_cosign(submission(county, head, size)).status == 409
    assert len(told) == accepting.MOST_ROOTS + 1  # of another size


def test_a_shorter_record_is_told_where_it_was_cut(pair: Pair, told: list[alarms.Alarm]) -> None:
    """Also a database that was brought back from an older copy."""
    county, city = pair
    county.act(4)
    county.sign()
    county.send(city)
    with county.session() as session:
        unguarded(session)
        session.execute(sa.text("DELETE FROM audit_cosignature"))
        session.execute(sa.text("DELETE FROM audit_checkpoint"))
        session.execute(sa.text("DELETE FROM audit_entry WHERE seq > 3"))
        last = session.scalar(sa.text("SELECT hash FROM audit_entry WHERE seq = 3"))
        session.execute(sa.text("UPDATE audit_head SET seq = 3, hash = :h"), {"h": last})
        session.execute(sa.text("UPDATE audit_witness SET size = 0"))
    county.sign()
    assert county.send(city) == 0
    assert state(county).disagrees
    assert len(county.actions("witness.disagreed")) == 1
    assert len(told) == 1


def test_what_a_witness_handed_out_shows_a_record_written_anew(pair: Pair) -> None:
    """The auditor brings the note of the witness, where the database has lost every trace."""
    county, city = pair
    county.act(4)
    county.sign()
    county.send(city)
    with city.session() as session:
        note = directory.last_note(session, county.config.origin)
    given = checking.of_text(note, county.config.origin, [city.witness_key])
    required = [city.witness_key]
    with county.session() as session:
        assert audit.verify(session, (), (), given, required).ok
    county.rewrite(first=3)
    county.sign()
    with county.session() as session:
        found = audit.verify(session)
        assert (found.ok, found.first_bad) == (False, 1)
        assert "city.example/gongwen/witness 副署的检查点不符" in (found.reason or "")
        unguarded(session)
        session.execute(sa.text("DELETE FROM audit_cosignature"))
    with county.session() as session:
        assert audit.verify(session).ok
        assert "没有见证方" in (audit.verify(session, cosigners=required).reason or "")
        found = audit.verify(session, (), (), given, required)
    assert (found.ok, found.first_bad) == (False, 1)


def test_a_cosignature_that_was_changed_is_named(pair: Pair) -> None:
    county, city = pair
    county.act(2)
    size = county.sign()
    county.send(city)
    with county.session() as session:
        unguarded(session)
        session.execute(sa.text("UPDATE audit_cosignature SET text = replace(text, '\n', '0\n')"))
    found = verified(county)
    assert (found.ok, found.first_bad) == (False, size)
    assert "副署不成立" in (found.reason or "")


def test_the_database_refuses_to_change_a_cosignature(pair: Pair) -> None:
    county, city = pair
    county.act(2)
    county.sign()
    county.send(city)
    with (
        pytest.raises(sa.exc.DBAPIError, match="append-only"),
        county.session() as session,
    ):
        session.execute(sa.text("DELETE FROM audit_cosignature"))


ANSWERS = [
    (Reply(0, ""), "unreachable"),
    (Reply(500, ""), "unreachable"),
    (Reply(503, ""), "busy"),
    (Reply(429, ""), "busy"),
    (Reply(404, ""), "unknown_log"),
    (Reply(403, ""), "not_signed"),
    (Reply(302, ""), "refused"),
    (Reply(400, ""), "refused"),
    (Reply(409, "no number"), "refused"),
    (Reply(409, "99999999\n"), "disagrees"),
    (Reply(409, "0\n"), "disagrees"),
    (Reply(422, ""), "disagrees"),
    (Reply(200, ""), "bad_answer"),
    (Reply(200, "— city.example/gongwen/witness AAAAAAAAAAAA\n"), "bad_answer"),
]


@pytest.mark.parametrize(("reply", "fault"), ANSWERS, ids=lambda it: str(it))
@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_what_a_witness_may_answer(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, reply: Reply, fault: str
) -> None:
    county, city = pair
    county.act(2)
    county.sign()
    monkeypatch.setattr(city, "asked_to_cosign", lambda _: reply)
    assert county.send(city) == 0
    assert state(county).fault == fault
    assert cosigned(county) == []
    county.at += timedelta(days=2)
    assert state(county).missing
    monkeypatch.undo()
    if fault != "disagrees":
        county.act(1)
        county.sign()
        assert county.send(city) == 1
        assert (state(county).fault, state(county).missing) == ("", False)


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_the_cosignature_of_another_key_is_none(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    county, city = pair
    county.act(2)
    county.sign()

    def forged(body: str) -> Reply:
        text = Note.read(body.partition("\n\n")[2]).text
        line = notes.cosign(text, city.config.witness_name, city.key, AT).line
        return Reply(200, line)

    monkeypatch.setattr(city, "asked_to_cosign", forged)
    assert county.send(city) == 0
    assert state(county).fault == "bad_answer"


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_what_logs_may_send(pair: Pair) -> None:
    """Statuses of tlog-witness; whatever is refused leaves the witness as it was."""
    county, city = pair
    county.act(5)
    size = county.sign()
    county.send(city)
    before = kept(city)
    origin = county.config.origin
    good = county.asked[-1]
    head = TreeHead(origin, size, before[1])
    grown = TreeHead(origin, size + 3, "11" * 32)
    stranger = TreeHead("nobody.example/log", 3, "11" * 32)
    for body, status in (
        (b"\xff\xfe", 400),
        ("", 400),
        ("old 1\n", 400),
        (good.replace("old 0", "old 01"), 400),
        (good.replace("old 0", "old -1"), 400),
        (good.replace("old 0\n", "old 0\nAAAA\n"), 400),
        (good.replace("old 0\n", "old 0\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 63), 400),
        (submission(county, head, size + 1), 400),
        (submission(county, stranger, 0), 404),
        (submission(city, head, size), 403),
        (good.replace("\n— ", "\n— x"), 403),
        (
            re.sub(r"(\n— \S+ .{20})(.)", lambda it: it[1] + ("A" if it[2] != "A" else "B"), good),
            403,
        ),
        (submission(county, head, 0), 409),
        (submission(county, TreeHead(origin, size - 1, "11" * 32), 0), 409),
        (submission(county, head, size, (b"x" * 32,)), 422),
        (submission(county, grown, size), 422),
        (submission(county, grown, size, (b"x" * 32,) * 3), 422),
    ):
        assert city.asked_to_cosign(body).status == status, body
        assert kept(city) == before
    assert city.asked_to_cosign("x" * (70 << 10)).status == 413
    assert city.asked_to_cosign(submission(county, head, size)).status == 200


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
def test_one_address_does_not_keep_the_others_waiting(pair: Pair) -> None:
    _, city = pair
    answers = [city.asked_to_cosign("x").status for _ in range(65)]
    assert set(answers[:60]) == {400}
    assert set(answers[60:]) == {429}


@pytest.mark.postgres
@pytest.mark.parametrize("pair", ["postgresql"], indirect=True)
def test_of_two_requests_at_once_none_takes_the_record_back(pair: Pair) -> None:
    """The race of the specification: the shorter one must not be kept after the longer one."""
    county, city = pair
    bodies = []
    for turn in range(8):
        county.act(turn + 1)
        size = county.sign()
        with county.session() as session:
            root = session.scalar(
                sa.text("SELECT root FROM audit_checkpoint WHERE size = :n"), {"n": size}
            )
        bodies.append(submission(county, TreeHead(county.config.origin, size, str(root)), 0))
    start, answers = threading.Barrier(len(bodies)), []

    def ask(body: str) -> None:
        start.wait()
        answers.append(city.asked_to_cosign(body).status)

    threads = [threading.Thread(target=ask, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200] + [409] * 7


def test_administrators_are_told_what_is_wrong(pair: Pair) -> None:
    county, city = pair
    with county.session() as session:
        with pytest.raises(NoKey):
            directory.add_witness(
                session, RULE, AT, address=ADDRESS, key=str(city.log_key), demo=False
            )
        with pytest.raises(NoKey):
            directory.trust_log(session, RULE, AT, "no key")
        key = str(city.witness_key)
        for address in (
            "http://city.example/w",
            "https://u:p@city.example/",
            "ftp://x",
            "https://",
        ):
            with pytest.raises(BadAddress):
                directory.add_witness(session, RULE, AT, address=address, key=key, demo=True)
        with pytest.raises(NoSuchWitness):
            directory.end_witness(session, RULE, AT, "nobody")
        with pytest.raises(NoSuchLog):
            directory.end_log(session, RULE, AT, "nobody")
        with pytest.raises(NoSuchLog):
            directory.last_note(session, "nobody")
    with city.session() as session:
        other = notes.VerifierKey(county.config.origin, notes.LOG, b"x" * 32)
        with pytest.raises(KeyPinned):
            directory.trust_log(session, RULE, AT, str(other))


def test_who_is_ended_is_asked_and_answered_no_more(pair: Pair) -> None:
    county, city = pair
    county.act(2)
    county.sign()
    county.send(city)
    before = kept(city)
    with city.session() as session:
        directory.end_log(session, RULE, AT, county.config.origin)
    county.act(1)
    county.sign()
    county.send(city)
    assert state(county).fault == "unknown_log"
    with city.session() as session:  # taken up again where it ended
        directory.trust_log(session, RULE, AT, str(county.log_key))
    assert kept(city) == before
    with county.session() as session:
        directory.end_witness(session, RULE, AT, city.config.witness_name)
    county.at += timedelta(hours=2)
    assert county.send(city) == 0
    with county.session() as session:
        assert queries.witnesses(session, AT) == []
        assert session.scalars(sa.select(Witness)).one().ended_at == AT
    assert verified(county).cosigned == 1


def test_a_witness_is_missing_when_a_checkpoint_waits_for_a_day(pair: Pair) -> None:
    """After a quiet weekend nothing has waited: there was nothing to cosign."""
    county, city = pair
    county.act(2)
    county.sign()
    county.send(city)
    county.at += timedelta(days=3)
    assert not state(county).missing
    county.act(1)
    county.sign()
    assert not state(county).missing
    county.at += timedelta(hours=23)
    county.act(1)
    county.sign()  # the newest waits since now, the oldest since yesterday
    assert not state(county).missing
    county.at += timedelta(hours=2)
    assert (state(county).missing, state(county).behind > 0) == (True, True)
    county.send(city)
    assert not state(county).missing


def test_a_case_file_has_the_last_cosignature_of_each_witness_in_use(pair: Pair) -> None:
    county, city = pair
    sizes = []
    for _ in range(3):
        county.act(2)
        sizes.append(county.sign())
        county.send(city)
        county.at += timedelta(hours=1)
    with county.session() as session:
        first, _, last = [of_row(session.get_one(AuditCheckpoint, size)) for size in sizes]
        assert [each["size"] for each in queries.for_case_file(session, last)] == [sizes[2]]
        assert [each["size"] for each in queries.for_case_file(session, first)] == [sizes[0]]
        directory.end_witness(session, RULE, county.at, city.config.witness_name)
        session.flush()
        assert [each["size"] for each in queries.for_case_file(session, last)] == [sizes[2]]
    county.at += timedelta(hours=1)
    county.act(1)
    later = county.sign()
    with county.session() as session:
        seen = of_row(session.get_one(AuditCheckpoint, later))
        assert queries.for_case_file(session, seen) == []
