/** The certificates of ceremonies are registered; those of responders are renewed and found. */
import { present } from '../../../../src/kernel/assert.js';
import { ok } from '../../../../src/kernel/result.js';
import { registerCertificates } from '../../../../src/operations/status/register-certificates.js';
import { newestResponder, renewResponder } from '../../../../src/operations/status/renew-responder.js';
import type { Service } from '../service.js';
import { ORGANISATIONS } from '../stage.js';
import type { Answer, Scenario } from './all.js';
import { FOUNDING } from './founding.js';

async function renew({ stage }: Service, world: Service['world']): Promise<Answer> {
  const authority = present(
    stage.authorities.find(({ issuer }) => issuer.id === ORGANISATIONS),
    ORGANISATIONS,
  );
  const renewed = await renewResponder(world, authority);
  return renewed.ok ? ok([]) : renewed;
}

export const RESPONDERS: readonly Scenario[] = [
  {
    name: 'register the certificates of responders that ceremonies made',
    operation: registerCertificates,
    run: async ({ world, stage }) => {
      const files = stage.authorities.map(({ issuer, responder: { certificate } }) => {
        return { kind: 'responder' as const, issuer, file: `${issuer.id}.ocsp.cer`, certificate };
      });
      const registered = await registerCertificates(world, files);
      return registered.ok ? ok([]) : registered;
    },
  },
  {
    name: 'renew the certificate of a responder',
    operation: renewResponder,
    run: (service) => renew(service, service.world),
  },
  {
    name: 'renew the certificate of a responder, and the signature is wrong',
    operation: renewResponder,
    before: async ({ signer }) => {
      signer.lies = 1;
    },
    run: (service) => renew(service, service.world),
  },
  {
    name: 'look for the newest certificate of a responder',
    operation: newestResponder,
    before: (service) => renew(service, service.bare),
    run: async ({ world, stage }) => {
      const [authority] = stage.authorities;
      const found = await newestResponder(world, present(authority, 'an authority of the stage'));
      return found.ok ? ok([]) : found;
    },
  },
  ...FOUNDING,
];
