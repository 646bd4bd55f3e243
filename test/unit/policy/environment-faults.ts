/** Environments with one fault each: loading must report it in its place. */
import { DEV, type Json, type PolicyFaultCase } from './policy-faults.js';

const PROFESSIONS = 'code-lists/professions.json';
const withCode = (b: Json, code: Json): Json => ({ ...b, codes: [...(b.codes as Json[]), code] });

export const ENVIRONMENT_FAULTS: readonly PolicyFaultCase[] = [
  {
    title: 'names in no Latin letters',
    file: DEV,
    change: (b) => ({ ...b, nameScripts: ['Greek'] }),
    pointer: '/nameScripts',
    says: 'contain',
  },
  {
    title: 'a script that is not in use',
    file: DEV,
    change: (b) => ({ ...b, nameScripts: ['Latin', 'Runic'] }),
    pointer: '/nameScripts/1',
    says: 'one of',
  },
  {
    title: 'a special-use domain that is none',
    file: DEV,
    change: (b) => ({ ...b, specialUseNames: ['sante.fr'] }),
    pointer: '/specialUseNames/0',
    says: 'is not in code-lists',
  },
  {
    title: 'a profession twice',
    file: PROFESSIONS,
    change: (b) => withCode(b, { code: '10', label: 'Docteur' }),
    pointer: '/codes/30/code',
    says: 'duplicate',
  },
  {
    title: 'a profession that no certificate can have',
    file: PROFESSIONS,
    change: (b) => withCode(b, { code: 'A1', label: 'Docteur' }),
    pointer: '/codes/30/code',
    says: 'form',
  },
  {
    title: 'a code that ends on a day that does not exist',
    file: PROFESSIONS,
    change: (b) => withCode(b, { code: '11', label: 'Docteur', ended: '2026-02-30' }),
    pointer: '/codes/30/ended',
    says: 'day',
  },
  {
    title: 'CRLs less often than every day',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), period: 'PT25H' } }),
    pointer: '/crl/period',
    says: 'longer',
  },
  {
    title: 'caches that outlive an answer',
    file: DEV,
    change: (b) => ({ ...b, ocspAnswers: { ...(b.ocspAnswers as Json), life: 'PT4M' } }),
    pointer: '/ocspAnswers/maxAge',
    says: 'beyond its life',
  },
  {
    title: 'a duration of nothing',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), overlap: 'PT0S' } }),
    pointer: '/crl/overlap',
    says: 'above zero',
  },
  {
    title: 'a revocation that waits shorter at most than at least',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), afterRevocationMax: 'PT1S' } }),
    pointer: '/crl/afterRevocationMax',
    says: 'shorter',
  },
  {
    title: 'delta lists less often than full ones',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), period: 'PT30M', jitter: 'PT0S' } }),
    pointer: '/crl/delta/period',
    says: 'longer than the period of full lists',
  },
  {
    title: 'a daily list in a time zone that does not exist',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), daily: { at: '07:00', zone: 'Europe/Lutece' } } }),
    pointer: '/crl/daily/zone',
    says: 'is not a time zone',
  },
  {
    title: 'lists spread over more than half their period',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), jitter: 'PT13H' } }),
    pointer: '/crl/jitter',
    says: 'half the period',
  },
  {
    title: 'partitions of an authority that issues nothing',
    file: DEV,
    change: (b) => ({ ...b, crl: { ...(b.crl as Json), partitions: { 'acr-fo': 4 } } }),
    pointer: '/crl/partitions/acr-fo',
    says: 'no issuing authority',
  },
  {
    title: 'suspension of a profile that does not exist',
    file: DEV,
    change: (b) => ({ ...b, suspensionAlsoFor: ['fort/none'] }),
    pointer: '/suspensionAlsoFor/0',
    says: 'no profile',
  },
  {
    title: 'development under a real name',
    file: DEV,
    change: (b) => ({ ...b, names: { organizationalUnit: 'IGC-SANTE', commonNamePrefix: 'TEST ' } }),
    pointer: '/names/organizationalUnit',
    says: 'TEST',
  },
  {
    title: 'real cards in development',
    file: DEV,
    change: (b) => ({ ...b, cardCategories: { ...(b.cardCategories as Json), card: '00' } }),
    pointer: '/cardCategories/card',
    says: 'real cards',
  },
  {
    title: 'a mark that is not the file',
    file: DEV,
    change: (b) => ({ ...b, mark: 'production' }),
    pointer: '/mark',
    says: 'name of the file',
  },
];
