/** Sends a CRL to one signer, chunk by chunk, while it is linted. */
import { assert } from '../../src/kernel/assert.js';
import { redeemLintToken } from '../../src/lint/token.js';
import type { CrlLintStream, Signer } from '../../src/ports/signer.js';
import type { Connection } from './connection.js';
import { signatureFromReply } from './replies.js';

const CRL_CHUNK_BYTES_MAX = 64 * 1024;

/** Streams the chunks while they are linted. The end is sent only after the lint has passed. */
export async function signCrl(crl: CrlLintStream, connection: Connection): ReturnType<Signer['crl']> {
  const stream = connection.stream({ issuer: crl.issuer });
  try {
    for await (const chunk of crl.chunks) {
      for (let at = 0; at < chunk.length; at += CRL_CHUNK_BYTES_MAX) {
        await stream.send(chunk.subarray(at, at + CRL_CHUNK_BYTES_MAX));
      }
      // An answer before the end is a failure, such as a refusal or a broken connection: the
      // remaining chunks are not needed.
      if (stream.isAnswered()) return signatureFromReply(await stream.reply);
    }
    const passed = crl.finish();
    if (!passed.ok) return passed;
    assert(passed.value.issuer === crl.issuer, 'the token is for the issuer of the CRL');
    redeemLintToken(passed.value);
    stream.end();
    return signatureFromReply(await stream.reply);
  } finally {
    // `abort` does nothing after an answer.
    stream.abort();
  }
}
