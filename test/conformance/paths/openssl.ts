/** Verification of paths (`openssl verify`) and of signatures (`openssl cms`) by OpenSSL. */
import { openssl } from '../../support/service/judges.js';
import {
  type Lists,
  oneLine,
  type Path,
  type PathJudge,
  type Purpose,
  type Verdict,
  verdictsOf,
  versionOf,
} from './judge.js';

const PURPOSES: Readonly<Record<Purpose, string>> = {
  'tls-client': 'sslclient',
  'tls-server': 'sslserver',
  'mail-signature': 'smimesign',
  'mail-encryption': 'smimeencrypt',
};

async function verify({ leaf, issuer, root, purpose }: Path, lists: Lists): Promise<Verdict> {
  const { status, output } = await openssl(
    'verify',
    '-x509_strict',
    '-policy_check',
    '-crl_check_all',
    '-purpose',
    PURPOSES[purpose],
    '-CAfile',
    root.certificate,
    '-untrusted',
    issuer.certificate,
    '-CRLfile',
    lists.of(root),
    '-CRLfile',
    lists.of(issuer),
    ...(lists.deltas === undefined ? [] : ['-extended_crl', '-use_deltas']),
    ...(lists.deltas ?? []).flatMap((file) => ['-CRLfile', file]),
    leaf,
  );
  // The output must be exactly this line: a warning counts as a finding.
  return status === 0 && output === `${leaf}: OK\n` ? null : oneLine(output);
}

export const OPENSSL: PathJudge = {
  name: 'OpenSSL',
  program: '`openssl verify -x509_strict -policy_check -crl_check_all -purpose ...`, `openssl cms -verify`',
  saysRevoked: /certificate revoked/,
  version: () => versionOf('openssl', ['version'], /^OpenSSL (\d+\.\d+)/),
  judgePaths: ({ paths }, lists) => verdictsOf(paths, (path) => verify(path, lists)),
  judgeSignatures: ({ signed }) =>
    verdictsOf(signed, async ({ cms, path: { root, issuer } }) => {
      const trust = ['-CAfile', root.certificate, '-certfile', issuer.certificate];
      const args = ['-verify', '-binary', '-inform', 'DER', '-in', cms, ...trust, '-out', '/dev/null'];
      const { status, output } = await openssl('cms', ...args);
      return status === 0 ? null : oneLine(output);
    }),
};
