"""OpenSSF Model Signing v1.0: `model.sig` authenticates the publisher of an artifact.

A key pair:

    openssl ecparam -name prime256v1 -genkey -noout -out signer-private.pem
    openssl ec -in signer-private.pem -pubout -out signer.pem
"""

from pathlib import Path

from hemline_trainer.artifact.manifest import SIGNATURE
from hemline_trainer.errors import ArtifactRejected, ConfigError


def sign(folder: Path, private_key: Path) -> None:
    """Signs all files of an artifact and writes the signature into its folder.

    Args:
        folder: the artifact.
        private_key: PEM file of an elliptic curve key (P-256, P-384 or P-521) without a password.

    Raises:
        ConfigError: the key cannot be used.
    """
    import model_signing  # noqa: PLC0415 - a second of imports that only signing needs

    try:
        signer = model_signing.signing.Config().use_elliptic_key_signer(private_key=private_key)
    except OSError as error:
        raise ConfigError(f"sign key {private_key}: {error.strerror}") from error
    except (ValueError, TypeError, AttributeError) as error:
        # The library's message may quote the key file.
        raise ConfigError(
            f"sign key {private_key}: no PEM file with an elliptic curve private key (P-256) that has no password"
        ) from error
    hashing = model_signing.hashing.Config().use_file_serialization(hashing_algorithm="sha256")
    hashing.set_ignored_paths(paths=[Path(SIGNATURE)], ignore_git_paths=False)
    signer.set_hashing_config(hashing).sign(folder, folder / SIGNATURE)


def check(folder: Path, public_key: Path) -> None:
    """Rejects an artifact without a valid signature of a key.

    Raises:
        ArtifactRejected: unsigned, signed with another key, or modified since.
        ConfigError: the public key cannot be read.
    """
    import model_signing  # noqa: PLC0415 - see sign

    if not (folder / SIGNATURE).is_file():
        raise ArtifactRejected(f"it is not signed: {SIGNATURE} is missing, and a signature is required")
    try:
        verifier = model_signing.verifying.Config().use_elliptic_key_verifier(public_key=public_key)
    except OSError as error:
        raise ConfigError(f"public key {public_key}: {error.strerror}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"public key {public_key}: no PEM file with an elliptic curve public key") from error
    hashing = model_signing.hashing.Config().use_file_serialization(hashing_algorithm="sha256")
    hashing.set_ignored_paths(paths=[Path(SIGNATURE)], ignore_git_paths=False)
    try:
        verifier.set_hashing_config(hashing).verify(folder, folder / SIGNATURE)
    except Exception as error:
        # InvalidSignature has no text; a bundle of another form fails in as many ways as JSON can.
        reason = str(error) or f"the signature is not that of {public_key}"
        raise ArtifactRejected(f"{SIGNATURE}: {reason.strip()}") from error
