"""What pyca/cryptography reads of a list: `python3 pyca.py ISSUER LIST CERTIFICATE...`, a line of JSON for each certificate."""
import datetime
import json
import sys

from cryptography import x509

issuer_file, list_file, *certificate_files = sys.argv[1:]


def read(file, load):
    with open(file, "rb") as opened:
        return load(opened.read())


issuer = read(issuer_file, x509.load_pem_x509_certificate)
crl = read(list_file, x509.load_pem_x509_crl)
now = datetime.datetime.now(datetime.timezone.utc)
assert crl.is_signature_valid(issuer.public_key()), "signature of the list"
assert crl.issuer == issuer.subject, "issuer of the list"
assert crl.last_update_utc <= now < crl.next_update_utc, "validity of the list"
for file in certificate_files:
    certificate = read(file, x509.load_pem_x509_certificate)
    certificate.verify_directly_issued_by(issuer)
    said = None
    entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is not None:
        try:
            said = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason.value
        except x509.ExtensionNotFound:
            said = "unspecified"
    elif certificate.not_valid_after_utc < now:
        said = "expired"
    print(json.dumps({"file": file, "said": said}))
