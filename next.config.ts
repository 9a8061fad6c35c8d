import type { NextConfig } from 'next';

const config: NextConfig = {
  serverExternalPackages: ['@dbos-inc/dbos-sdk', 'pg', '@node-rs/argon2', 'pino', 'nodemailer'],
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run typecheck` looks at everything, once; a build on a server need not do it again.
  typescript: { ignoreBuildErrors: true },
};

export default config;
