import { z } from 'zod';
import type { Edited } from '../edited.ts';
import { Id } from '../ids.ts';
import type { Permission } from '../permissions.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
/** What is on its way out: docs/api.md says how long it works on. */
export type Deprecation = {
  /** Of a request's body or query; without one the address itself. */
  field?: string;
  /** Since when, and until when it works at least: days, twelve months apart or more. */
  since: string;
  until: string;
  instead: string;
};

export type Route = {
  method: Method;
  /** Below /api/v1. */
  path: string;
  summary: string;
  /** The verb that is authorised; `public` needs no session, `self` any session. */
  permission: Permission | 'public' | 'self';
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  /** 202 answers carry the operation; 303 lead a browser on to a page. */
  status: 200 | 201 | 202 | 204 | 303;
  response: z.ZodType;
  /** What it shows or changes that people edit: a change takes If-Match of it, and an answer of status 200 is it. See lib/http/edition.ts. */
  thing?: Edited;
  /** Sends a browser elsewhere, with a cookie by which it is known again: said anew each time, an Idempotency-Key means nothing. */
  visits?: true;
  /** Bytes instead of JSON: what is taken, what is given. */
  bytes?: 'body' | 'answer';
  deprecated?: readonly Deprecation[];
};

export const id = z.object({ id: Id });
export const forwardId = z.object({ id: Id, forwardId: Id });
export const nothing = z.null();
