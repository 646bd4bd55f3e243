import { guardsOf, type Mutants } from './mutant.js';

const RESPONDERS = 'test/integration/jobs/responders.test.ts';
const renewal = guardsOf('src/operations/status/renew-responder.ts', RESPONDERS);
const registration = guardsOf('src/operations/status/register-certificates.ts', RESPONDERS);

/** Guards of the certificates of OCSP responders. */
export const RESPONDER_CERTIFICATES: Mutants = {
  'ocsp/responder-registered-once': registration('A certificate of a responder is registered once.', {
    find: 'if (known === null) await register(tx, registration);',
    replace: 'if (known?.id !== "") await register(tx, registration);',
    title: 'of a ceremony are registered at a start, once, and can be found and revoked',
  }),
  'ocsp/revoked-responder': renewal('A responder whose certificate was revoked signs nothing more.', {
    find: "const revokedAt = own?.status === 'revoked' ? own.at : null;",
    replace: "const revokedAt = own?.status === 'revoked' && own.at < 0 ? own.at : null;",
    title: 'that were revoked sign nothing more, and get a successor unless the key is compromised',
  }),
  'ocsp/responder-serial-conflict': registration(
    'Another certificate with the serial number of a responder is reported.',
    {
      find: 'return tbs.length > 0 && !equalBytes(tbs, der);',
      replace: 'return tbs.length === 0 && !equalBytes(tbs, der);',
      title: 'of a ceremony that cannot be registered are reported, and the others are registered',
    },
  ),
  'ocsp/lost-responder-key': renewal('A responder is not renewed on a key that is compromised or blocked.', {
    find: 'if (isLost) return',
    replace: 'if (isLost && keys.length === 0) return',
    title: 'are not renewed on a key that an officer has blocked',
  }),
  'ocsp/renewal-pause-bounded': guardsOf('src/jobs/status/responder-renewal.ts', RESPONDERS)(
    'A node whose clock is ahead does not stop the renewal of a responder.',
    {
      find: 'restMs > 0 && restMs <= retry.waitMs',
      replace: 'restMs > 0',
      title: 'are renewed although a service whose clock is years ahead has failed to',
    },
  ),
};
