// SPDX-License-Identifier: GPL-3.0-only
import type { Cleaning } from './with-server.ts';

/** Each name under which a program looks for a proxy in its environment. */
export const proxies = [
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
];

/** Names a proxy on this machine in the environment until the test ends, without exceptions. */
export const setProxies = (t: Cleaning, port: number, names: readonly string[] = proxies): void => {
  const settings = {
    ...Object.fromEntries(names.map((name) => [name, `http://127.0.0.1:${port}`])),
    NODE_USE_ENV_PROXY: '1',
    no_proxy: '',
    NO_PROXY: '',
  };
  const before = { ...process.env };
  Object.assign(process.env, settings);
  t.teardown(() => {
    for (const name of Object.keys(settings)) delete process.env[name];
    Object.assign(process.env, before);
  });
};
