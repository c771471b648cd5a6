// SPDX-License-Identifier: GPL-3.0-only

/** All of them documentation's (RFC 5737, RFC 3849) or local; they exist only in the test's own namespaces. */
export const addresses = {
  box: '198.51.100.2',
  gateway: '198.51.100.1',
  box6: '2001:db8:1::2',
  gateway6: '2001:db8:1::1',
  forge: '203.0.113.10',
  api: '203.0.113.11',
  forge6: '2001:db8:f::10',
  resolver: '192.0.2.53',
  cloud: '192.0.2.66',
  cloud6: '2001:db8:66::66',
  otherResolver: '192.0.2.8',
  metadata: '169.254.169.254',
  lan: '10.1.2.3',
} as const;

export const names = {
  forge: 'github.com',
  api: 'api.github.com',
  cloud: 'evil.example',
} as const;
