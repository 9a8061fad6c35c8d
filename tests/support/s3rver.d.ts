declare module '@20minutes/s3rver' {
  type Middleware = (context: { req: { url?: string } }, next: () => Promise<unknown>) => unknown;
  export default class S3rver {
    constructor(options: Record<string, unknown>);
    middleware: Middleware[];
    run(): Promise<{ port: number }>;
  }
}
