// SPDX-License-Identifier: GPL-3.0-only
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { faultsOfAnswer, faultsOfRequest, routeOf } from './contract.ts';
import { type Fault, isAfter, isAt, misbehave, reply, type Scripted } from './faults.ts';
import { askGraph } from './graph.ts';
import { type Answer, handlers } from './routes.ts';
import { type Actor, newState, type State } from './state.ts';

export type SimulatedGithubOptions = {
  /** `owner/name` */
  readonly repository?: string;
  /** GitHub's side of git: a bare repository. Without one every branch is taken to be there. */
  readonly remote?: string;
  /** How long a slow answer takes before the connection ends. */
  readonly slowMs?: number;
  /** Kills the client, for the faults that ask for it. */
  readonly kill?: () => Promise<void> | void;
};

export type SimulatedGithub = {
  readonly url: string;
  readonly state: State;
  /** Names of the routes asked since the last call of this, oldest first. */
  readonly takeCalls: () => readonly string[];
  /** Replaces what goes wrong; requests are counted anew. */
  readonly script: (faults: readonly Scripted[]) => void;
  readonly close: () => Promise<void>;
};

/** Where artifacts are fetched from. */
const storage = '/storage/artifacts';

/** The token that the tests use, and whose it is. */
export const testToken = 'ghs_simulated';
const tokens: Readonly<Record<string, Actor>> = {
  [testToken]: { login: 'github-actions[bot]', type: 'Bot' },
};

/** Starts a GitHub on loopback that holds every request and answer to GitHub's description. */
export const startSimulatedGithub = async (
  options: SimulatedGithubOptions = {},
): Promise<SimulatedGithub> => {
  const state = newState(options.repository ?? 'octo/vault');
  let faults: readonly Scripted[] = [];
  const counts = new Map<string, number>();
  let taken = state.calls.length;

  const faultOf = (route: string): Fault | undefined => {
    const nth = (counts.get(route) ?? 0) + 1;
    counts.set(route, nth);
    return faults.find((scripted) => isAt(scripted, route, nth))?.fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const text = await bodyOf(request);
    const pathname = url.pathname.replace(/^\/api\/v3(?=\/)/, '');
    if (pathname.startsWith(storage)) {
      // An address of the storage holds its own permission; a token is for GitHub alone.
      if (request.headers.authorization) state.violations.push('a token went to the storage');
      const zip = state.artifacts.find(({ id }) => pathname === `${storage}/${id}`)?.zip;
      response.writeHead(zip ? 200 : 404).end(zip);
      return;
    }
    const route = routeOf(request.method ?? '', pathname);
    const violate = (lines: readonly string[]) =>
      state.violations.push(...lines.map((line) => `${request.method} ${pathname}: ${line}`));
    if (!route && pathname === '/graphql') {
      await answerGraph(request, response, text);
      return;
    }
    // Noted when it comes, not when a slow answer to it ends.
    state.calls.push(route?.name ?? `${request.method} ${pathname}`);
    if (!route) {
      violate(['is not in the extract of the description']);
      reply(response, { status: 404, body: { message: 'Not Found' } });
      return;
    }
    const body = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
    violate(faultsOfRequest(route, url.searchParams, body));
    const token = /^(?:token|bearer) (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const agent = tokens[token];
    const act = (): Answer => {
      if (!agent) return { status: 401, body: { message: 'Bad credentials' } };
      const { owner, repo } = route.path;
      if (`${owner}/${repo}` !== state.repository) {
        return { status: 404, body: { message: 'Not Found' } };
      }
      const { remote } = options;
      const handler = handlers[route.name];
      if (!handler) throw new Error(`${route.name} has no handler`);
      return handler(state, {
        path: route.path,
        query: url.searchParams,
        body: body ?? {},
        agent: agent,
        remote,
        storage: `http://${request.headers.host}${storage}`,
      });
    };
    const fault = faultOf(route.name);
    const answer = fault === undefined || isAfter(fault) ? act() : undefined;
    if (answer) violate(faultsOfAnswer(route, answer.status, answer.body));
    if (fault?.startsWith('kill')) {
      await options.kill?.();
      response.destroy();
    } else if (fault !== undefined) {
      await misbehave(response, fault, answer, options.slowMs ?? 300);
    } else if (answer) {
      reply(response, answer);
    }
  };

  /** The one question that is asked there; its words were held to GitHub's schema when it was written. */
  const answerGraph = async (
    request: IncomingMessage,
    response: ServerResponse,
    text: string,
  ): Promise<void> => {
    const route = `${request.method} /graphql`;
    const fault = faultOf(route);
    state.calls.push(route);
    if (fault !== undefined) {
      await misbehave(response, fault, undefined, options.slowMs ?? 300);
      return;
    }
    reply(response, askGraph(state, JSON.parse(text)));
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      state.violations.push(`the simulated GitHub failed: ${String(error)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    state,
    takeCalls: () => {
      const calls = state.calls.slice(taken);
      taken = state.calls.length;
      return calls;
    },
    script: (next) => {
      faults = next;
      counts.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};
