"""
What pyca/cryptography gets from an OCSP responder: `python3 ask.py RESPONDER ISSUER FOREIGN CERTIFICATE...`, a line of JSON for
each certificate and hash, then for a serial number that was never given out, and for an issuer that is not the responder's.
"""
import datetime
import json
import sys
import urllib.request

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.x509 import ocsp

responder, issuer_file, foreign_file, *certificate_files = sys.argv[1:]


def read(file):
    with open(file, "rb") as opened:
        return x509.load_pem_x509_certificate(opened.read())


def ask(builder):
    der = builder.build().public_bytes(serialization.Encoding.DER)
    headers = {"content-type": "application/ocsp-request"}
    with urllib.request.urlopen(urllib.request.Request(responder, der, headers)) as answer:
        return ocsp.load_der_ocsp_response(answer.read())


def check(response):
    """By a certificate that the issuer gave for it (RFC 6960 4.2.2.2), and of now."""
    [delegate] = response.certificates
    delegate.verify_directly_issued_by(issuer)
    usage = delegate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert x509.oid.ExtendedKeyUsageOID.OCSP_SIGNING in usage
    key, algorithm = delegate.public_key(), response.signature_hash_algorithm
    signed = [response.signature, response.tbs_response_bytes]
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(*signed, ec.ECDSA(algorithm))
    else:
        key.verify(*signed, padding.PKCS1v15(), algorithm)
    now = datetime.datetime.now(datetime.timezone.utc)
    assert response.this_update_utc <= now < response.next_update_utc


def report(about, hash, response):
    if response.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
        said = response.response_status.name
    else:
        check(response)
        reason = response.revocation_reason
        said = response.certificate_status.name + (f" {reason.value}" if reason is not None else "")
    print(json.dumps({"about": about, "hash": hash.name, "said": said}))


issuer, foreign = read(issuer_file), read(foreign_file)
for hash in (hashes.SHA1(), hashes.SHA256()):
    for file in certificate_files:
        report(file, hash, ask(ocsp.OCSPRequestBuilder().add_certificate(read(file), issuer, hash)))
    known = ocsp.OCSPRequestBuilder().add_certificate(read(certificate_files[0]), issuer, hash).build()
    hashed = (known.issuer_name_hash, known.issuer_key_hash)
    report("never issued", hash, ask(ocsp.OCSPRequestBuilder().add_certificate_by_hash(*hashed, 0x1234567890, hash)))
    report("foreign", hash, ask(ocsp.OCSPRequestBuilder().add_certificate(foreign, foreign, hash)))
