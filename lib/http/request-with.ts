/**
 * The same request with another body or signal. Not `new Request(request, …)`: what Next hands to a handler stands in for the request it
 * was made of, and such a stand-in cannot be copied.
 */
export function requestWith(
  request: Request,
  { body = request.body, signal = request.signal }: { body?: RequestInit['body']; signal?: AbortSignal },
): Request {
  const { url, method, headers } = request;
  const duplex = body instanceof ReadableStream ? { duplex: 'half' } : {};
  return new Request(url, { method, headers, signal, ...(body == null ? {} : { body }), ...duplex } as RequestInit);
}
