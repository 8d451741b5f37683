"""
The certificate of the stand-in, made for one run, and how a function comes to trust it.

A function is given a bundle: the public authorities, as botocore ships them, and the run's own.
So to read the bundle takes what it takes in Lambda, and each bot verifies as its libraries do.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

import botocore
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey as Key

    Extensions = tuple[x509.ExtensionType, ...]

HOST: Final = "127.0.0.1"
PUBLIC: Final = Path(botocore.__file__).with_name("cacert.pem")
_VARIABLES: Final = ("SSL_CERT_FILE", "AWS_CA_BUNDLE")
"""Where Python's ssl and botocore are told whom to trust."""
_AUTHORITY: Final = "authority of one run"
_MAY_SIGN: Final = x509.KeyUsage(
    key_cert_sign=True,
    crl_sign=False,
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    encipher_only=False,
    decipher_only=False,
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the stand-in shows, and what makes a function trust it."""

    context: ssl.SSLContext
    """The server's."""
    trust: Mapping[str, str]
    """The environment of a function that trusts the public authorities and that of the run."""


def make(folder: Path) -> Certificate:
    """A certificate for HOST; its files are left in *folder*."""
    authority, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    bundle = folder / "authorities.pem"
    root = _signed(_AUTHORITY, authority, authority, _of_authority(authority))
    bundle.write_bytes(PUBLIC.read_bytes() + root)
    shown = _signed(HOST, key, authority, _of_server(authority))
    context = _context(folder / "server.pem", _private(key) + shown)
    return Certificate(context, dict.fromkeys(_VARIABLES, str(bundle)))


def _of_authority(key: Key) -> Extensions:
    """What RFC 5280 demands of an authority; Python insists on it from 3.13 on."""
    return (
        x509.BasicConstraints(ca=True, path_length=0),
        _MAY_SIGN,
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
    )


def _of_server(authority: Key) -> Extensions:
    return (
        x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()),
    )


def _signed(name: str, key: Key, authority: Key, extensions: Extensions) -> bytes:
    """The certificate of *key*, valid for a day, as PEM."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        issuer_name=_name(_AUTHORITY),
        subject_name=_name(name),
        public_key=key.public_key(),
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(minutes=5),
        not_valid_after=now + timedelta(days=1),
    )
    for extension in extensions:
        critical = isinstance(extension, x509.BasicConstraints | x509.KeyUsage)
        builder = builder.add_extension(extension, critical)
    return builder.sign(authority, SHA256()).public_bytes(Encoding.PEM)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _private(key: Key) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _context(file: Path, pem: bytes) -> ssl.SSLContext:
    file.write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
