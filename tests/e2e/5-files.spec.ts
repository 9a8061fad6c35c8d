/** Files of a container as the interface gives them out. */
import { expect, rest, test, world } from './world.ts';

test('bytes from a container are never shown by the browser itself', async () => {
  const { id } = await rest('tenant').container('web-1');
  await rest('tenant').inside(id, 'echo "<script>alert(1)</script>" > /root/evil.html');
  const { baseUrl, tokens } = world();
  const path = encodeURIComponent(Buffer.from('/root/evil.html').toString('base64'));
  const answer = await fetch(`${baseUrl}/api/v1/containers/${id}/files/content?path=${path}`, {
    headers: { authorization: `Bearer ${tokens.tenant}` },
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('content-type')).toBe('application/octet-stream');
  expect(answer.headers.get('content-security-policy')).toContain('sandbox');
  const staff = await rest('admin').send('GET', `/containers/${id}/files`);
  expect(staff.status).toBe(403);
});
