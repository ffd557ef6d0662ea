"""The founding from the command line, and what two holders do with the root's key afterwards."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from flask import Flask
from sqlalchemy.orm import Session

from app.commands import gongwen
from app.database import db
from app.errors import Conflict, Invalid
from app.organization.demo import COUNTY
from app.seals.certificates import ceremony, founding, publishing, standing
from app.seals.certificates.office import Office
from app.seals.models import Certificate
from tests.seals.authority import openssl
from tests.seals.certification import Certification
from tests.world import World

FIRST, SECOND = "first holder's words", "second holder's words"
PRESENT = ("--holder", "office.head", "--holder", "leader", "--auditor", "auditor")


@pytest.fixture
def command(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands find the office of this test; the folder that goes off line."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("GONGWEN_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SECRET_KEY", "of-tests-" * 8)
    return tmp_path / "offline"


def run(*words: str | Path, typed: tuple[str, ...] = ()) -> Result:
    lines = "".join(f"{line}\n" for line in typed)
    return CliRunner().invoke(gongwen, ["authority", *map(str, words)], input=lines)


def found(offline: Path, present: tuple[str, ...] = PRESENT) -> Result:
    typed = (FIRST, FIRST, SECOND, SECOND)
    return run("found", "--unit", COUNTY, "--offline", offline, *present, typed=typed)


def count(app: Flask) -> int:
    with app.app_context():
        query = sa.select(sa.func.count()).select_from(Certificate)
        return int(db.session.scalar(query) or 0)


def test_the_root_key_lies_off_line_under_two_passphrases(command: Path, app: Flask) -> None:
    said = found(command)
    assert said.exit_code == 0, said.output
    assert "（auditor）" in said.output
    assert {each.name for each in command.iterdir()} == {
        *("root-key.pem", "root.crt", "root.crl", "ceremony.txt"),
    }
    assert oct((command / "root-key.pem").stat().st_mode)[-3:] == "600"
    shown = openssl.ask("x509", "-in", command / "root.crt", "-noout", "-fingerprint", "-sha256")
    digits = shown.stdout.split("=")[1].strip().replace(":", "")
    assert digits in (command / "ceremony.txt").read_text("utf-8").replace(" ", "")
    opened = openssl.ask(
        *("pkey", "-in", command / "root-key.pem", "-passin", f"pass:{FIRST} {SECOND}", "-noout")
    )
    assert opened.returncode == 0
    alone = openssl.ask(
        *("pkey", "-in", command / "root-key.pem", "-passin", f"pass:{FIRST}", "-noout")
    )
    assert alone.returncode != 0
    assert count(app) == 4  # root, issuing, time stamps, status


def test_the_keys_in_use_are_not_the_roots(command: Path, app: Flask, tmp_path: Path) -> None:
    found(command)
    root = x509.load_pem_x509_certificate((command / "root.crt").read_bytes())
    keys = list((tmp_path / "authority" / "keys").glob("*"))
    assert len(keys) == 3
    key = ceremony.unlock(command, ceremony.passphrase(FIRST, SECOND))
    assert key.public_key() == root.public_key()


@pytest.mark.parametrize(
    ("present", "said"),
    [
        (("--holder", "leader", "--holder", "leader", "--auditor", "auditor"), "三个人"),
        (("--holder", "leader", "--auditor", "auditor"), "三个人"),
        (("--holder", "leader", "--holder", "office.head", "--auditor", "drafter"), "审计员"),
    ],
)
def test_it_takes_two_holders_and_an_auditor(
    command: Path, app: Flask, present: tuple[str, ...], said: str
) -> None:
    refused = found(command, present)
    assert said in str(refused.exception)
    assert not command.exists()
    assert count(app) == 0


def test_nothing_is_overwritten_and_nothing_founded_twice(command: Path, app: Flask) -> None:
    command.mkdir()
    (command / "root-key.pem").write_text("of somebody else")
    assert "不是空的" in str(found(command).exception)
    assert (command / "root-key.pem").read_text() == "of somebody else"
    assert found(command.with_name("other")).exit_code == 0
    assert "已经建立" in str(found(command.with_name("third")).exception)
    assert not command.with_name("third").exists()


def test_two_holders_renew_the_list_of_the_root(command: Path, app: Flask) -> None:
    found(command)
    wrong = run("lists", "--offline", command, typed=(SECOND, FIRST))
    assert "口令不对" in str(wrong.exception)
    right = run("lists", "--offline", command, typed=(FIRST, SECOND))
    assert "根证书的撤销清单已更新" in right.output
    assert x509.load_pem_x509_crl((command / "root.crl").read_bytes()).is_signature_valid(
        x509.load_pem_x509_certificate((command / "root.crt").read_bytes()).public_key()
    )
    assert "撤销清单是最新的" in run("lists").output


def test_units_choose_and_outside_roots_are_listed(
    command: Path, app: Flask, tmp_path: Path
) -> None:
    found(command)
    chosen = run("unit", COUNTY, "--kind", "other", "--reason", "水利企业")
    assert "保存 5 年" in chosen.output
    no = tmp_path / "no.crt"
    no.write_bytes(b"no certificate")
    assert "不是证书文件" in str(run("trust", no, "--reason", "名录").exception)
    assert "没有已过保存期限" in run("clear", "--reason", "到期清理").output


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [("short", SECOND, "至少 12"), (FIRST, FIRST, "不能相同"), (f" {FIRST}", SECOND, "空格")],
)
def test_passphrases_of_no_use(first: str, second: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        ceremony.passphrase(first, second)


def test_without_its_medium_the_root_does_nothing(tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="离线介质"):
        ceremony.unlock(tmp_path, ceremony.passphrase(FIRST, SECOND))


def test_a_new_issuing_authority_leaves_old_certificates_good(
    certification: Certification, session: Session, office: Office, world: World
) -> None:
    old = certification.accepted("drafter")
    world.later(days=1)
    row = founding.own_root(session)
    root = founding.Issuer.of(certification.root_key, row.der)
    unit = session.get_one(founding.Unit, row.unit_id)
    founding.certify_issuing(session, office, row, root, unit, world.at)
    session.commit()
    new = certification.accepted("dept.head")
    assert new.issuer_id != old.issuer_id
    world.later(days=1)
    certification.turn()
    for each in (old, new):
        listed = x509.load_der_x509_crl(standing.lists(session, each, world.at)[0])
        assert listed.last_update_utc == world.at.replace(microsecond=0)
        asked = ocsp.OCSPRequestBuilder().add_certificate(
            x509.load_der_x509_certificate(each.der),
            x509.load_der_x509_certificate(standing.chain(session, each)[0]),
            hashes.SHA256(),
        )
        raw = asked.build().public_bytes(serialization.Encoding.DER)
        found = ocsp.load_der_ocsp_response(publishing.answer(session, office, raw, world.at))
        assert found.certificate_status is ocsp.OCSPCertStatus.GOOD


def test_services_get_new_keys_before_their_end(
    certification: Certification, session: Session, office: Office, world: World
) -> None:
    def serving(role: str) -> list[int]:
        query = sa.select(Certificate.id).where(Certificate.role == role).order_by(Certificate.id)
        return list(session.scalars(query))

    assert founding.renew_services(session, office, world.at) == 0
    world.later(days=340)
    assert founding.renew_services(session, office, world.at) == 1
    assert (len(serving("status")), len(serving("timestamp"))) == (2, 1)
    assert founding.renew_services(session, office, world.at) == 0
