import { expect, it } from 'vitest';
import { dkimRecord, publishes } from '#lib/brands/dkim-record.ts';

const key = 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A';

it.each([
  ['as we say it', [dkimRecord(key)], true],
  ['with a semicolon at its end, and spaces', [` v=DKIM1 ;k=rsa; p= ${key.slice(0, 9)} ${key.slice(9)} ; `], true],
  ['the key alone', [`p=${key}`], true],
  ['among records that are no keys', ['v=spf1 -all', '', 'hello', dkimRecord(key)], true],
  ['for mail, with sha256 among others', [`v=DKIM1; h=sha1:sha256; s=email; p=${key}`], true],
  ['none', [], false],
  ['another', [dkimRecord(`${key}A`)], false],
  ['one in small letters: base64 is not the same then', [dkimRecord(key.toLowerCase())], false],
  ['one that was taken back', ['v=DKIM1; k=rsa; p='], false],
  ['two', [dkimRecord(key), dkimRecord('other')], false],
  ['of another kind', [`v=DKIM1; k=ed25519; p=${key}`], false],
  ['for another hash only', [`v=DKIM1; h=sha1; p=${key}`], false],
  ['for another service only', [`v=DKIM1; s=tlsrpt; p=${key}`], false],
  ['of another version', [`v=DKIM2; p=${key}`], false],
  ['a version that is not first', [`p=${key}; v=DKIM1`], false],
  ['a tag twice', [`v=DKIM1; p=${key}; p=${key}`], false],
])('a record is found or not: %s', (_, records, found) => {
  expect(publishes(records, key)).toBe(found);
});
