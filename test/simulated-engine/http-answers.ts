// SPDX-License-Identifier: GPL-3.0-only
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../../src/data/digest.ts';
import { badRequest } from './read-request.ts';

const most = 64 * 1024 * 1024;

/** @throws Refusal when it is longer than any request of a night. */
export const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: string[] = [];
  let length = 0;
  for await (const part of request.setEncoding('utf8')) {
    parts.push(part);
    length += part.length;
    if (length > most) throw badRequest('the request is too long');
  }
  return parts.join('');
};

export const send = (answer: ServerResponse, status: number, value: Json): void => {
  const body = JSON.stringify(value);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  answer.writeHead(status, headers).end(body);
};

export const plain = (answer: ServerResponse, body: string, type?: string): void => {
  const headers = {
    'content-length': Buffer.byteLength(body),
    ...(type !== undefined && { 'content-type': type }),
  };
  answer.writeHead(200, headers).end(body);
};
