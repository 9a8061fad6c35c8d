import { afterEach, describe, expect, it, vi } from 'vitest';
import { address } from '#app/_ui/address.ts';
import { ApiError, call } from '#app/_ui/api.ts';
import { id, operation } from '#tests/support/fixtures.ts';

afterEach(() => vi.unstubAllGlobals());

function answers(body: string, status: number) {
  const fetch = vi.fn(
    async (_address: string, _init: RequestInit) => new Response(status === 204 ? null : body, { status }),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
}
const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => (error instanceof ApiError ? error.problem : expect.unreachable()),
  );

describe('the client of the REST API', () => {
  it('fills addresses and leaves out empty parts of the query', () => {
    expect(address('/containers/{id}/backups', { id: 'a/b' }, { limit: 5, cursor: undefined, q: '' })).toBe(
      '/containers/a%2Fb/backups?limit=5',
    );
  });
  it('sends method, address and body of the contract, from here only', async () => {
    const fetch = answers(JSON.stringify(operation('backup', 'queued')), 202);
    const answer = await call('backups.create', { params: { id: id(1, 1) }, body: { note: 'x' } });
    expect(answer.kind).toBe('backup');
    expect(fetch).toHaveBeenCalledWith(
      `/api/v1/containers/${id(1, 1)}/backups`,
      expect.objectContaining({ method: 'POST', credentials: 'same-origin', body: '{"note":"x"}' }),
    );
  });
  it('takes an empty answer as nothing', async () => {
    answers('', 204);
    expect(await call('session.delete', {})).toBeNull();
  });
  it('hands on the problem with its remedy and reference', async () => {
    const sent = {
      type: 'urn:berth:error:busy',
      title: 'Busy',
      status: 409,
      code: 'busy',
      remedy: 'Wait.',
      reference: 'r1',
    };
    answers(JSON.stringify(sent), 409);
    expect(await problemOf(call('me.get', {}))).toEqual(sent);
  });
  it('makes a problem of an answer that is not ours', async () => {
    answers('<html>bad gateway</html>', 502);
    expect(await problemOf(call('me.get', {}))).toMatchObject({ title: 'The panel answered with 502' });
  });
  it('says that containers go on when the panel cannot be reached', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed to fetch')));
    expect(await problemOf(call('me.get', {}))).toMatchObject({
      remedy: expect.stringContaining('go on without the panel'),
    });
  });
  it('warns against asking twice when the answer took too long', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new DOMException('slow', 'TimeoutError')));
    expect(await problemOf(call('me.get', {}))).toMatchObject({
      code: 'timeout',
      remedy: expect.stringContaining('Activity'),
    });
  });
});
