/** What a policy of S3 allows: only statements that allow, with actions and resources that may have wildcards; all else is denied. */
import { z } from 'zod';

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
export const Policy = z.object({
  Statement: z.array(z.object({ Effect: z.literal('Allow'), Action: oneOrMore, Resource: oneOrMore })),
});
export type Policy = z.infer<typeof Policy>;

const matches = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\?]/g, '\\$&').replaceAll('*', '.*')}$`, 's').test(text);

/** The action that a request is, and on what; as S3 names them. */
export function actionOf(method: string, url: string): { action: string; resource: string } {
  const { pathname, searchParams } = new URL(url, 'http://s3.test');
  const [bucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const resource = `arn:aws:s3:::${key === '' ? bucket : `${bucket}/${key}`}`;
  const has = (name: string) => searchParams.has(name);
  if (key === '') {
    if (method === 'POST' && has('delete')) return { action: 's3:DeleteObject', resource: `${resource}/` };
    if (method !== 'GET' && method !== 'HEAD') return { action: `s3:${method}Bucket`, resource };
    if (has('location')) return { action: 's3:GetBucketLocation', resource };
    return { action: has('uploads') ? 's3:ListBucketMultipartUploads' : 's3:ListBucket', resource };
  }
  if (method === 'DELETE') return { action: has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject', resource };
  if (method === 'PUT' || method === 'POST') return { action: 's3:PutObject', resource };
  return { action: has('uploadId') ? 's3:ListMultipartUploadParts' : 's3:GetObject', resource };
}

export function allows({ Statement }: Policy, method: string, url: string): boolean {
  const { action, resource } = actionOf(method, url);
  return Statement.some(
    (one) =>
      one.Action.some((pattern) => matches(pattern, action)) &&
      one.Resource.some((pattern) => matches(pattern, resource)),
  );
}
