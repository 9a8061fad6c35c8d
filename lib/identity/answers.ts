/** Where the browser is to go, and the cookie by which it is known when it comes back. */
export function visitAnswer({ url, cookie }: { url: string; cookie: string }): Response {
  return Response.json({ url }, { headers: { 'set-cookie': cookie, 'cache-control': 'no-store' } });
}

/** Leads a browser on to a page of the panel. */
export function leadOn(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path, 'cache-control': 'no-store' } });
}
