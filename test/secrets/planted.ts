// SPDX-License-Identifier: GPL-3.0-only

/* Invented secrets, put together here, so that no scanner takes a file for a leak. */

/** 32 letters and digits without order. */
export const letters = 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0xR';
export const long = letters.repeat(5);
export const hex32 = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';

const base64Url = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of these claims; its signature is of no key. */
export const jsonWebToken = (payload: object): string =>
  [base64Url({ alg: 'HS256', typ: 'JWT' }), base64Url(payload), letters].join('.');

/** A value of each kind, and how a line holds it. */
export const planted: Readonly<
  Record<string, readonly [value: string, before: string, after?: string]>
> = {
  'AWS access key': [`AK${'IA'}Q3EGTY5KZ7MWNB2X`, 'key '],
  'AWS secret key': [long.slice(0, 40), 'aws_secret_access_key = '],
  'GitHub token': [`gh${'p_'}${letters}Ab12`, 'token '],
  'GitLab token': [`glp${'at-'}${letters.slice(0, 20)}`, 'token '],
  'Slack token': [`xo${'xb-'}123456789012-${letters}`, 'token '],
  'Slack webhook': [
    `hooks.slack${'.com/'}services/T01ABCDEF2/B01ABCDEF2/${letters.slice(0, 24)}`,
    'https://',
  ],
  'Discord webhook': [
    `discord${'.com/'}api/webhooks/123456789012345678/${long.slice(0, 68)}`,
    'https://',
  ],
  'npm token': [`np${'m_'}${letters}Ab12`, '//registry.test/:_authToken='],
  'OpenAI key': [`s${'k-'}${letters.slice(0, 20)}T3Blbk${'FJ'}${letters.slice(0, 20)}`, 'key '],
  'Anthropic key': [`sk-a${'nt-api03-'}${long.slice(0, 93)}AA`, 'key '],
  'Hugging Face token': [`h${'f_'}aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgH`, 'token '],
  'Stripe key': [`sk_li${'ve_'}${letters.slice(0, 24)}`, 'key '],
  'SendGrid key': [`S${'G.'}${letters.slice(0, 22)}.${long.slice(0, 43)}`, 'key '],
  'Twilio token': [hex32, 'twilio_auth_token = '],
  'Google API key': [`AI${'za'}${long.slice(0, 35)}`, 'key '],
  'Azure key': [`${long.slice(0, 86)}==`, 'Account' + 'Key='],
  'JSON Web Token': [jsonWebToken({ sub: '17', name: 'Ada' }), 'bearer '],
  'password in a URL': ['kX9f-Lm2q', 'postgres://app:', '@db.test:5432/app'],
  password: ['Tr0ub4dor&3', 'password = "', '"'],
  'private key': [
    `-----BEGIN ${'PRIVATE KEY'}-----\n${long.slice(0, 64)}\n-----END ${'PRIVATE KEY'}-----`,
    '',
  ],
};

/** A text that holds it, on its second line. */
export const textWith = (kind: string): string => {
  const [value = '', before = '', after = ''] = planted[kind] ?? [];
  return `plain\n${before}${value}${after}\nplain\n`;
};
