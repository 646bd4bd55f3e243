/**
 * Status while every signer is dead, beside the same with all of them well, in turns. The signers
 * are units of their own here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../../support/ceremony/hierarchy.js';
import { CONNECTIONS, runLoad } from '../issuance.js';
import { OCSP_CONNECTIONS, prepareOcsp, runWrk } from '../ocsp.js';
import { type Signers, startSigners } from '../signers.js';
import { median } from '../statistics.js';
import { atLeast, number } from '../table.js';
import { type Part, withService } from './part.js';

const CERTIFICATES = 200;
/** Two measurements of the same differ by so much on a quiet machine. */
const GOAL = 0.95;

export const measureHsmDown: Part = ({ effort, say }) =>
  withService({ keyType: 'p-256', config: { signers: 'external' } }, async (service) => {
    say('status with the HSM down');
    let signers: Signers | null = await startSigners(service.at);
    try {
      await service.start();
      const issued = await runLoad(service, { name: 'DOWN', seconds: null, prepared: CERTIFICATES + CONNECTIONS });
      const { publication } = service.urls;
      const ocsp = await prepareOcsp(
        publication,
        issued.certificates.map(({ certificate }) => certificate),
      );
      const crl = join(await temporaryFolder('pfcng-crl-'), 'paths.txt');
      writeFileSync(crl, '/CRL/ACI-EL-ORG.crl\n');
      const asked = [
        ...ocsp.map(({ method, file }) => ({ what: `OCSP from the cache, ${method}`, file })),
        { what: 'CRL download', file: crl },
      ].map((one) => ({ ...one, up: [] as number[], down: [] as number[] }));
      // Compiled and cached before anything counts.
      for (const { file } of asked) runWrk(publication, { file }, effort.ocspSeconds);
      for (let run = 0; run < effort.runs; run += 1) {
        signers ??= await startSigners(service.at);
        for (const { file, up } of asked) up.push(runWrk(publication, { file }, effort.ocspSeconds).rate);
        await signers.stop();
        signers = null;
        for (const { file, down } of asked) down.push(runWrk(publication, { file }, effort.ocspSeconds).rate);
      }
      return {
        lines: asked.map(({ what, up, down }) => ({
          what: `${what}, all signers dead, ${OCSP_CONNECTIONS} connections`,
          figure: `${number(median(down))} responses/s`,
          limit: `${number(median(up))} responses/s with all signers ready`,
          ...atLeast(median(down) / median(up), GOAL),
        })),
      };
    } finally {
      await signers?.stop();
    }
  });
