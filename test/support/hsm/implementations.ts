/** The PKCS#11 implementations of the token tests: how to make, open and damage a token. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  type CeremonyToken,
  type CeremonyTokenLocation,
  createCeremonyToken,
  openCeremonyToken,
} from '../../../hsm/pkcs11/ceremony-token.js';
import { SOFTHSM_MODULE } from './signers.js';

export type TokenLocation = CeremonyTokenLocation & { readonly soPin: string };

export type Implementation = {
  readonly modulePath: string;
  create(location: TokenLocation): Promise<CeremonyToken>;
  open(location: CeremonyTokenLocation): Promise<CeremonyToken>;
  /**
   * Imports an RSA key from a PEM file, with this label as CKA_LABEL and CKA_ID. A signer must
   * refuse it.
   */
  importKey(location: CeremonyTokenLocation, label: string, pem: string): void;
};

export const softhsm: Implementation = {
  modulePath: SOFTHSM_MODULE,
  create: createCeremonyToken,
  open: openCeremonyToken,
  importKey(location, label, pem) {
    const id = Buffer.from(label).toString('hex');
    const args = ['--import', pem, '--token', location.label, '--label', label, '--id', id, '--pin', location.pin];
    const env = { ...process.env, SOFTHSM2_CONF: join(location.directory, 'softhsm2.conf') };
    execFileSync('softhsm2-util', args, { env, stdio: 'pipe' });
  },
};
