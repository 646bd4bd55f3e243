/**
 * The lint between the CRL encoder and the signer: it passes on what it has read, and makes the
 * token only for a CRL that passed.
 */
import { assert } from '../../kernel/assert.js';
import { type Bytes, fromHex } from '../../kernel/bytes.js';
import { err, ok } from '../../kernel/result.js';
import type { CrlLintStream } from '../../ports/signer.js';
import type { Issuer } from '../../x509/model.js';
import type { Finding } from '../rule.js';
import { makeLintToken } from '../token.js';
import { type CrlLint, createCrlLint } from './stream.js';
import type { CrlLintContext } from './subjects.js';

/**
 * `chunks` can be read once. After a finding no further chunk is passed on, so that the signer gets
 * an incomplete CRL and `finish` fails. The token contains the SHA-256 of the CRL (32 bytes), which
 * the signer must have computed too.
 */
export function lintCrl(
  context: CrlLintContext & { readonly issuer: Issuer },
  chunks: AsyncIterable<Bytes>,
): CrlLintStream {
  const { issuer } = context;
  const lint = createCrlLint(context);
  let state: 'unread' | 'reading' | 'read' | 'finished' = 'unread';

  async function* through(): AsyncGenerator<Bytes, void, undefined> {
    assert(state === 'unread', 'a CRL is read once');
    state = 'reading';
    for await (const chunk of chunks) {
      if (!lint.push(chunk).ok) break;
      yield chunk;
    }
    state = 'read';
  }

  return {
    issuer: issuer.id,
    chunks: { [Symbol.asyncIterator]: through },
    finish: () => {
      assert(state !== 'finished', 'the lint of a CRL is finished once');
      const outcome = lint.end();
      if (!outcome.ok) return err({ kind: 'lint-failed', findings: allFindings(lint, outcome.error) });
      assert(state === 'read', 'the lint of a CRL is finished after its last chunk');
      state = 'finished';
      const digest = fromHex(outcome.value.tbsSha256);
      assert(digest !== null, 'a digest in hex');
      return ok(makeLintToken('crl', issuer.id, digest));
    },
  };
}

/** The finding that ended the lint, and the findings before it. */
function allFindings(lint: Pick<CrlLint, 'findings'>, last: Finding): readonly Finding[] {
  const found = lint.findings();
  return found.length === 0 ? [last] : found;
}
