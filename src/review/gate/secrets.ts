// SPDX-License-Identifier: GPL-3.0-only

/** A secret found in a text; its value is never repeated. */
export type Secret = { readonly kind: string; readonly line: number };

/*
 * Formats with a fixed prefix, taken from their issuers' pages and from gitleaks' rules
 * (https://github.com/gitleaks/gitleaks/blob/master/config/gitleaks.toml); what only looks random
 * is left alone, because a false find keeps a unit red for ever.
 */
const formats: readonly { readonly kind: string; readonly pattern: RegExp }[] = [
  {
    kind: 'private key',
    pattern:
      /-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|ENCRYPTED) )?PRIVATE KEY-----|-----BEGIN PGP PRIVATE KEY BLOCK-----/g,
  },
  { kind: 'age secret key', pattern: /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g },
  { kind: 'AWS access key', pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g },
  {
    kind: 'AWS secret key',
    pattern:
      /\baws_?secret_?(?:access_?)?key["']?\s{0,9}(?::|=>|=)\s{0,9}["']?[\w/+]{40}(?![\w/+])/gi,
  },
  { kind: 'GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { kind: 'GitHub token', pattern: /\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g },
  {
    kind: 'GitHub token',
    pattern: /\bghs_\d{1,20}_[\w-]{1,1000}\.[\w-]{1,10000}\.[\w-]{1,1000}/g,
  },
  { kind: 'GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { kind: 'Slack token', pattern: /\bxox[abeoprs]-\d{8,}-[A-Za-z0-9-]{16,}/g },
  { kind: 'Slack token', pattern: /\bxapp-\d-[A-Z0-9]{8,}-\d{8,}-[a-z0-9]{16,}/gi },
  {
    kind: 'Slack webhook',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{8,}\/B[A-Z0-9]{8,}\/[A-Za-z0-9]{20,}/g,
  },
  { kind: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { kind: 'PyPI token', pattern: /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}/g },
  {
    kind: 'OpenAI key',
    pattern: /\bsk-(?:(?:proj|svcacct|admin)-)?[A-Za-z0-9_-]{20,74}T3BlbkFJ[A-Za-z0-9_-]{20,74}/g,
  },
  { kind: 'Anthropic key', pattern: /\bsk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{80,}/g },
  { kind: 'Hugging Face token', pattern: /\bhf_[A-Za-z]{34}\b/g },
  { kind: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{24,}/g },
  { kind: 'SendGrid key', pattern: /\bSG\.[\w-]{16,64}\.[\w-]{32,128}/g },
  { kind: 'Shopify token', pattern: /\bshp(?:pa|ca|at|ss)_[A-Za-z0-9]{32,64}\b/g },
  {
    kind: 'Grafana token',
    pattern: /\bglc_[A-Za-z0-9+/]{32,400}|\bglsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}\b/g,
  },
  { kind: 'Groq key', pattern: /\bgsk_[A-Za-z0-9]{52}\b/g },
  { kind: 'Linear key', pattern: /\blin_api_\w{32,128}\b/g },
  { kind: 'Notion token', pattern: /\bntn_\d{11}[A-Za-z0-9]{35}\b/g },
  { kind: '1Password token', pattern: /\bops_ey[A-Za-z0-9+/]{100,1280}/g },
  { kind: 'Vault token', pattern: /\bhv[sr]\.[\w-]{90,120}|\bhvb\.[\w-]{138,300}/g },
  { kind: 'Databricks token', pattern: /\bdapi[A-Fa-f0-9]{32}\b/g },
  { kind: 'Docker token', pattern: /\bdckr_pat_[\w-]{27}/g },
  { kind: 'Figma token', pattern: /\bfigd_[\w-]{40,200}/g },
  { kind: 'Cloudflare token', pattern: /\bcf(?:k|ut|at)_[A-Za-z0-9]{40}[0-9a-f]{8}\b/g },
  { kind: 'Tailscale key', pattern: /\btskey-[a-z]{2,20}-\w{8,40}-\w{16,60}\b/g },
  { kind: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
];

/** Every secret in a text, with its line, counted from 1. Placeholders such as `ghp_xxxx...` are none. */
export const findSecrets = (text: string): readonly Secret[] =>
  formats
    .flatMap(({ kind, pattern }) =>
      [...text.matchAll(pattern)]
        .filter(([token]) => kind.includes('private') || !isPlaceholder(token))
        .map(({ index }) => ({ kind, line: lineAt(text, index) })),
    )
    .sort((a, b) => a.line - b.line);

const isPlaceholder = (token: string): boolean =>
  /example/i.test(token) || new Set(token.slice(-16)).size < 6;

const lineAt = (text: string, index: number): number => text.slice(0, index).split('\n').length;
