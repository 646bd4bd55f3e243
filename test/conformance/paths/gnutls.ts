/** Verification by GnuTLS: `certtool --verify` and `--p7-verify`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { judge } from '../../support/service/judges.js';
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

/** Extended key usages (RFC 5280 4.2.1.12). */
const PURPOSES: Readonly<Record<Purpose, string>> = {
  'tls-client': '1.3.6.1.5.5.7.3.2',
  'tls-server': '1.3.6.1.5.5.7.3.1',
  'mail-signature': '1.3.6.1.5.5.7.3.4',
  'mail-encryption': '1.3.6.1.5.5.7.3.4',
};

async function verify({ leaf, issuer, root, purpose }: Path, lists: Lists): Promise<Verdict> {
  const chain = [leaf, issuer.certificate, root.certificate].map((file) => readFileSync(file, 'utf8')).join('');
  const crls = `${leaf}.${lists.name}.crls`;
  writeFileSync(crls, [lists.of(issuer), lists.of(root)].map((file) => readFileSync(file, 'utf8')).join(''));
  const { status, output } = await judge(
    'certtool',
    [
      '--verify',
      '--verify-profile',
      'medium',
      `--verify-purpose=${PURPOSES[purpose]}`,
      '--load-ca-certificate',
      root.certificate,
      '--load-crl',
      crls,
    ],
    chain,
  );
  const said = /Chain verification output: (.*)/.exec(output)?.[1]?.trim() ?? '';
  return status === 0 && said === 'Verified. The certificate is trusted.' ? null : oneLine(said === '' ? output : said);
}

export const GNUTLS: PathJudge = {
  name: 'GnuTLS',
  program: '`certtool --verify --verify-profile medium --verify-purpose ...`, `certtool --p7-verify`',
  saysRevoked: /revoked/,
  version: () => versionOf('certtool', ['--version'], /^certtool (\d+\.\d+)/),
  judgePaths: ({ paths }, lists) => verdictsOf(paths, (path) => verify(path, lists)),
  judgeSignatures: ({ signed }) =>
    verdictsOf(signed, async ({ cms, path: { root } }) => {
      const args = ['--p7-verify', '--inder', '--load-ca-certificate', root.certificate, '--infile', cms];
      const { status, output } = await judge('certtool', args);
      const said = /Signature status: (.*)/.exec(output)?.[1]?.trim();
      return status === 0 && said === 'ok' ? null : (said ?? oneLine(output));
    }),
};
