declare module '@20minutes/s3rver' {
  type Context = { req: { url?: string }; method: string; status: number; type: string; body: unknown };
  type Middleware = (context: Context, next: () => Promise<unknown>) => unknown;
  export default class S3rver {
    constructor(options: Record<string, unknown>);
    middleware: Middleware[];
    run(): Promise<{ port: number }>;
  }
}
