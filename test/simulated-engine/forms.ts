// SPDX-License-Identifier: GPL-3.0-only
import { request } from 'node:http';
import type { Json } from '../../src/data/digest.ts';

export type Question = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** A text is sent as it is. */
  readonly body?: Json;
};

export type Reply = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
};

/** One answer of a server on a Unix socket, read to its end. */
export const putTo = (socketPath: string, { method, path, body }: Question): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const asked = request({ socketPath, method, path, headers }, async (answer) => {
      let text = '';
      try {
        for await (const part of answer.setEncoding('utf8')) text += part;
      } catch (error) {
        reject(error);
      }
      resolve({
        status: answer.statusCode ?? 0,
        headers: answer.headers as Reply['headers'],
        body: text,
      });
    });
    asked.once('error', reject);
    asked.end(body === undefined || typeof body === 'string' ? body : JSON.stringify(body));
  });

/** Members whose values are words of the protocol: they count, and not only their type. */
const words = new Set(['object', 'role', 'finish_reason', 'type', 'code', 'param', 'detail']);

/** Keys and types of a JSON text; of a list the different forms of its members. */
export const formOf = (value: Json, key = ''): Json => {
  if (Array.isArray(value)) return distinct(value.map((member) => formOf(member)));
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([name, member]) => [name, formOf(member, name)]);
    return Object.fromEntries(entries);
  }
  return words.has(key) ? value : value === null ? null : typeof value;
};

const distinct = (values: readonly Json[]): readonly Json[] =>
  [...new Set(values.map((value) => JSON.stringify(value)))].map((text) => JSON.parse(text));

/** The forms of a stream's events, in order, each once where it repeats. */
export const eventForms = (body: string): readonly Json[] => {
  const forms = body
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => {
      if (!event.startsWith('data: ')) return `no event: ${event}`;
      const data = event.slice('data: '.length);
      return data === '[DONE]' ? data : formOf(JSON.parse(data));
    });
  return forms.filter(
    (form, index) => JSON.stringify(form) !== JSON.stringify(forms[index - 1] ?? null),
  );
};

/** Everything of an answer that a client could tell two servers apart by, but for its words. */
export const replyForm = ({ status, headers, body }: Reply): Json => {
  const { 'content-type': type = null, 'transfer-encoding': transfer = null } = headers;
  const form: Json = type?.startsWith('text/event-stream')
    ? eventForms(body)
    : type === 'application/json'
      ? formOf(JSON.parse(body))
      : body.replace(/'.*?'/g, "''");
  return {
    status,
    type,
    transfer,
    length: headers['content-length'] !== undefined,
    allow: headers.allow ?? null,
    body: form,
  };
};

/** By family of a Prometheus text: its type, and of its samples the names, labels and buckets. */
export const metricForms = (text: string): ReadonlyMap<string, Json> => {
  const types = new Map<string, string>();
  const samples = new Map<string, Set<string>>();
  let family = '';
  for (const line of text.split('\n')) {
    const [, name, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (name && type) {
      family = name;
      types.set(name, type);
      samples.set(name, new Set());
    } else if (line !== '' && !line.startsWith('#')) {
      const [, sample = '', labels = ''] = /^([^{ ]+)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
      samples.get(family)?.add(`${sample} ${labels.replace(/model_name="[^"]*"/, 'model_name')}`);
    }
  }
  return new Map(
    [...types].map(([name, type]) => [name, [type, ...[...(samples.get(name) ?? [])].sort()]]),
  );
};
