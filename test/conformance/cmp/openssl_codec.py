"""OpenSSL's codec of CMP messages, by its library, because its commands do not write what they read.

The first argument is a file with the hex of one message a line. For each of them prints the hex of
the message that OpenSSL encodes from what it has read, or `refused: ` and its reasons.
"""

import ctypes
import ctypes.util
import sys

crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
crypto.d2i_OSSL_CMP_MSG.restype = ctypes.c_void_p
crypto.ERR_get_error.restype = ctypes.c_ulong


def reasons() -> str:
    """All errors that OpenSSL has noted since the last call."""
    texts = []
    while code := crypto.ERR_get_error():
        text = ctypes.create_string_buffer(256)
        crypto.ERR_error_string_n(ctypes.c_ulong(code), text, ctypes.c_size_t(len(text)))
        texts.append(text.value.decode())
    return ", ".join(texts)


def again(octets: bytes) -> str:
    start = ctypes.create_string_buffer(octets, len(octets))
    at = ctypes.c_void_p(ctypes.addressof(start))
    message = crypto.d2i_OSSL_CMP_MSG(None, ctypes.byref(at), ctypes.c_long(len(octets)))
    if message is None:
        return f"refused: {reasons()}"
    out = ctypes.c_void_p()
    length = crypto.i2d_OSSL_CMP_MSG(ctypes.c_void_p(message), ctypes.byref(out))
    if length < 0:
        return f"not encoded: {reasons()}"
    encoded = ctypes.string_at(out, length).hex()
    crypto.CRYPTO_free(out, b"", 0)
    crypto.OSSL_CMP_MSG_free(ctypes.c_void_p(message))
    return encoded


with open(sys.argv[1], encoding="ascii") as messages:
    for line in messages:
        print(again(bytes.fromhex(line)))
