// SPDX-License-Identifier: GPL-3.0-only
import { isInvented, isPlaceholder } from './placeholders.ts';

/** How one kind of secret is written. */
export type SecretFormat = {
  readonly kind: string;
  /** Its first group is the value; without one all of it is. Begins with few characters, so that a scan is fast. */
  readonly pattern: RegExp;
  /** It stands by itself: no letter, digit or `_` before it. */
  readonly alone?: boolean;
  /** Whether a value is one that documents show instead of a secret. */
  readonly isExample?: (value: string) => boolean;
};

const token = (kind: string, pattern: RegExp): SecretFormat => ({ kind, pattern, alone: true });

/** Between a name and its value, in code, YAML, JSON, properties and shell. */
const is = /["'\]]?[ \t]{0,9}(?::|=>|=)[ \t]{0,9}/.source;

/** A name followed by a value, whatever stands before the name. */
const named = (kind: string, name: RegExp, value: RegExp): SecretFormat => ({
  kind,
  pattern: new RegExp(`${name.source}${is}["'\`]?${value.source}`),
});

const password = /(?:[Pp]ass(?:w(?:or)?d|phrase)|PASS(?:W(?:OR)?D|PHRASE)|[Pp]wd|PWD)/.source;

/*
 * Formats with a fixed prefix or name, taken from their issuers' pages and from gitleaks' rules
 * (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml); what only looks random
 * is left alone, because a false find keeps a unit red for ever.
 */
export const formats: readonly SecretFormat[] = [
  {
    kind: 'private key',
    // With the lines of the key, as far as they are there.
    pattern:
      /-----BEGIN (?:(?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY|PGP PRIVATE KEY BLOCK)-----(?:[^-]{0,20000}-----END [A-Z ]{1,40}-----|(?:\s|\\[nr]|[\w+/=]{20,})*)/,
    isExample: () => false,
  },
  token('age secret key', /AGE-SECRET-KEY-1[0-9A-Z]{58}\b/),
  token('AWS access key', /A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}\b/),
  named(
    'AWS secret key',
    /(?:[Ss]ecret|SECRET)[_.-]?(?:(?:[Aa]ccess|ACCESS)[_.-]?)?(?:[Kk]ey|KEY)/,
    /([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/,
  ),
  token('GitHub token', /gh[pousr]_[A-Za-z0-9]{36,255}\b/),
  token('GitHub token', /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/),
  token('GitHub token', /ghs_\d{1,20}_[\w-]{1,1000}\.[\w-]{1,10000}\.[\w-]{1,1000}/),
  token('GitLab token', /glpat-[A-Za-z0-9_-]{20,}/),
  token('Slack token', /xox[abeoprs]-\d{8,}-[A-Za-z0-9-]{16,}/),
  token('Slack token', /xapp-\d-[A-Za-z0-9]{8,}-\d{8,}-[A-Za-z0-9]{16,}/),
  {
    kind: 'Slack webhook',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20,}/,
  },
  {
    kind: 'Discord webhook',
    pattern: /discord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{15,22}\/[\w-]{50,100}/,
  },
  token('npm token', /npm_[A-Za-z0-9]{36}\b/),
  token('PyPI token', /pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}/),
  token(
    'OpenAI key',
    /sk-(?:(?:proj|svcacct|admin)-)?[A-Za-z0-9_-]{20,74}T3BlbkFJ[A-Za-z0-9_-]{20,74}/,
  ),
  token('Anthropic key', /sk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{80,}/),
  token('Hugging Face token', /hf_[A-Za-z]{34}\b/),
  token('Stripe key', /[rs]k_live_[A-Za-z0-9]{24,}/),
  token('SendGrid key', /SG\.[\w-]{16,64}\.[\w-]{32,128}/),
  token('Twilio key', /SK[0-9a-f]{32}\b/),
  named('Twilio token', /(?:[Tt]wilio|TWILIO)[\w.-]{0,40}/, /([0-9a-f]{32})\b/),
  token('Shopify token', /shp(?:pa|ca|at|ss)_[A-Za-z0-9]{32,64}\b/),
  token('Grafana token', /glc_[A-Za-z0-9+/]{32,400}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b/),
  token('Groq key', /gsk_[A-Za-z0-9]{52}\b/),
  token('Linear key', /lin_api_\w{32,128}\b/),
  token('Notion token', /ntn_\d{11}[A-Za-z0-9]{35}\b/),
  token('1Password token', /ops_ey[A-Za-z0-9+/]{100,1280}/),
  token('Vault token', /hv[sr]\.[\w-]{90,120}|hvb\.[\w-]{138,300}/),
  token('Databricks token', /dapi[A-Fa-f0-9]{32}\b/),
  token('Docker token', /dckr_pat_[\w-]{27}/),
  token('Figma token', /figd_[\w-]{40,200}/),
  token('Cloudflare token', /cf(?:k|ut|at)_[A-Za-z0-9]{40}[0-9a-f]{8}\b/),
  token('Tailscale key', /tskey-[a-z]{2,20}-\w{8,40}-\w{16,60}\b/),
  token('Google API key', /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/),
  {
    kind: 'Azure key',
    pattern: /Account_?Key=([A-Za-z0-9+/]{86}==)|SharedAccessKey=([A-Za-z0-9+/]{43}=)/,
  },
  named(
    'Azure key',
    /(?:[Aa]zure|AZURE)[\w.-]{0,40}(?:[Kk]ey|KEY|[Ss]ecret|SECRET|[Tt]oken|TOKEN)/,
    /([\w+/~.-]{32,88}={0,2})/,
  ),
  { kind: 'Azure key', pattern: /\dQ~[\w~.-]{31,34}(?![\w~.-])/ },
  { kind: 'Azure signature', pattern: /[?&]sig=([A-Za-z0-9%/+]{43,70}%3D)/ },
  token('JSON Web Token', /\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,5000}\.[\w-]{20,1000}/),
  {
    kind: 'password in a URL',
    pattern: /:\/\/[^\s:/@"'`<>()|\\]{0,64}:([^\s/@"'`<>()|\\]{6,128})@[\w[]/,
    isExample: isInvented,
  },
  {
    kind: 'password',
    pattern: new RegExp(
      `${password}${is}(?:"([^"\\s]{6,128})"|'([^'\\s]{6,128})'|\`([^\`\\s]{6,128})\`)`,
    ),
    isExample: isInvented,
  },
  {
    kind: 'password',
    // Not in quotes only where the line ends with it: code would go on.
    pattern: new RegExp(`${password}${is}([^\\s"'\`,;(){}[\\]<>|\\\\]{6,128})(?=\\s*$)`, 'm'),
    isExample: (value) => isInvented(value) || isPlaceholder(value) || /[.:]/.test(value),
  },
];
